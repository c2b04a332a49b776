"""Which found item is which gold item: words shared, best first, one to one."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import NamedTuple

from allegedly.records import Annotation, Claim, Span, slug
from gold.load import ActorGold, Case, ClaimGold

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
Words = frozenset[int]
_COMPLEMENTISERS = frozenset({"that", "whether"})
_PRONOUNS = frozenset({"i", "he", "she", "it", "they", "him", "her", "them", "which", "who"})
_ENOUGH = 0.5
_SAME_MENTION = 0.3


class Index:
    """The words of a text, to compare spans by the words they touch: quotation marks and stops do not count."""

    def __init__(self, text: str) -> None:
        spans = [match.span() for match in WORD.finditer(text)]
        self._text = text
        self._spans = spans
        self._starts, self._ends = [s for s, _ in spans], [e for _, e in spans]

    def words(self, spans: Sequence[Span]) -> Words:
        return frozenset(i for s, e in spans for i in range(bisect_right(self._ends, s), bisect_left(self._starts, e)))

    def said(self, spans: Sequence[Span]) -> Words:
        """Return the words without a leading “that”: whether it belongs to the content is a convention."""
        found = self.words(spans)
        first = min(found, default=-1)
        leads = first >= 0 and self._text[slice(*self._spans[first])].lower() in _COMPLEMENTISERS
        return found - {first} if leads else found


def iou(a: Words, b: Words) -> float:
    return len(a & b) / len(a | b) if a or b else 0.0


def pairs(golds: int, founds: int, weight: Callable[[int, int], float]) -> dict[int, int]:
    """Pair gold items with found ones, one to one, greatest weight first; pairs without weight are left out."""
    scored = [(weight(g, f), g, f) for g in range(golds) for f in range(founds)]
    chosen: dict[int, int] = {}
    taken: set[int] = set()
    for value, g, f in sorted(scored, key=lambda row: (-row[0], row[1], row[2])):
        if value > 0 and g not in chosen and f not in taken:
            chosen[g] = f
            taken.add(f)
    return chosen


class Said(NamedTuple):
    """A claim as word sets."""

    speaker: Words
    cue: Words
    content: Words
    author: bool


class Matched:
    """A case beside what was found in it."""

    def __init__(self, case: Case, found: Annotation) -> None:
        self.case, self.found = case, found
        self.index = Index(case.document.text)
        self.mentions = _gold_mentions(case, self.index)
        self.names = self._names()
        self.gold_said = [self._gold_said(claim) for claim in case.sheet.claims]
        self.found_said = [self._found_said(claim) for claim in found.claims]
        self.aligned = pairs(len(self.gold_said), len(self.found_said), self._likeness)
        self.agreed = {g: f for g, f in self.aligned.items() if self._who_says_what(g, f)}

    def words(self, *spans: Span) -> Words:
        return self.index.words(spans)

    def name(self, actor: str | None) -> str:
        """Return the gold name of a found actor, its own id where gold has none, or nothing."""
        return self.names.get(actor or "", actor or "")

    def _names(self) -> dict[str, str]:
        """Map each found actor to the gold actor whose mentions it shares most, or whose name it bears."""
        known = {slug(plain(n)): a.name for a in self.case.sheet.actors for n in (a.name, *a.names)}
        named = {"author": "author"}
        for actor in self.found.actors:
            shared: Counter[str] = Counter()
            for span in actor.mentions:
                words = self.words(span)
                for gold, at in self.mentions:
                    if (same := iou(words, at)) >= _SAME_MENTION:
                        shared[gold] += round(100 * same)
            best = shared.most_common(1)
            name = best[0][0] if best else known.get(slug(plain(actor.name)))
            if name:
                named[actor.id] = name
        return named

    def _gold_said(self, claim: ClaimGold) -> Said:
        spans = self.case.spans
        return Said(
            self.index.words(spans(claim.speaker)),
            self.index.words(spans(claim.cue)),
            self.index.said(spans(claim.content)),
            "author" in claim.actor,
        )

    def _found_said(self, claim: Claim) -> Said:
        index = self.index
        return Said(
            index.words(claim.speaker.spans),
            index.words(claim.cue),
            index.said(claim.content),
            claim.speaker.actor == "author" or claim.mode == "own-voice",
        )

    def _likeness(self, g: int, f: int) -> float:
        gold, found = self.gold_said[g], self.found_said[f]
        content, cue = iou(gold.content, found.content), iou(gold.cue, found.cue)
        same_kind = gold.author == found.author
        return 2 * content + cue + 0.5 * iou(gold.speaker, found.speaker) + same_kind if content or cue else 0.0

    def _who_says_what(self, g: int, f: int) -> bool:
        gold, found = self.gold_said[g], self.found_said[f]
        if gold.content and iou(gold.content, found.content) < _ENOUGH:
            return False
        if gold.speaker:
            return bool(gold.speaker & found.speaker)
        if found.author or gold.author:
            accepted = self.case.sheet.claims[g].actor
            return (found.author and gold.author) or self.name(self.found.claims[f].speaker.actor) in accepted
        return not found.speaker


def _gold_mentions(case: Case, index: Index) -> list[tuple[str, Words]]:
    """Return the listed mentions, and each speaker that is none of them."""
    listed = [(a.name, index.words([case.span(ref)])) for a in case.sheet.actors for ref in a.mentions]
    covered = frozenset[int]().union(*(words for _, words in listed))
    known = {actor.name for actor in case.sheet.actors}
    spoken: dict[Words, str] = {}
    for claim in case.sheet.claims:
        words = index.words(case.spans(claim.speaker))
        if words and not words & covered and claim.actor and claim.actor[0] in known:
            spoken[words] = claim.actor[0]
    return listed + [(name, words) for words, name in spoken.items()]


def clusters(matched: Matched) -> list[tuple[str, str | None]]:
    """Return for each gold mention its actor and the found actor that has it, if any."""
    found = [(actor.id, matched.words(span)) for actor in matched.found.actors for span in actor.mentions]
    gold = matched.mentions

    def weight(g: int, f: int) -> float:
        same = iou(gold[g][1], found[f][1])
        return same if same >= _SAME_MENTION else 0.0

    chosen = pairs(len(gold), len(found), weight)
    return [(name, found[chosen[i]][0] if i in chosen else None) for i, (name, _) in enumerate(gold)]


def b_cubed(rows: list[tuple[str, str | None]]) -> tuple[float, float, int, int]:
    """Return summed precision (over mentions that were found), summed recall (over all), and how many of each.

    B-cubed (Bagga & Baldwin 1998). What is found beyond the listed mentions is not counted.
    """
    by_gold: dict[str, list[str | None]] = defaultdict(list)
    by_found: dict[str, list[str]] = defaultdict(list)
    for gold, found in rows:
        by_gold[gold].append(found)
        if found is not None:
            by_found[found].append(gold)
    hits = [(gold, found) for gold, found in rows if found is not None]
    precision = sum(by_found[f].count(g) / len(by_found[f]) for g, f in hits)
    recall = sum(by_gold[g].count(f) / len(by_gold[g]) for g, f in hits)
    return precision, recall, len(hits), len(rows)


def plain(name: str) -> str:
    """Return `name` without accents, case or a leading article."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return re.sub(r"^(?:the|an?|its|her|his|my|our)\s+", "", bare).strip()


def bears_name(found: str, actor: ActorGold) -> bool:
    """True where `found` is a name of `actor`, titles aside; who is unnamed may be called more or less fully."""
    said, accepted = plain(found), {plain(name) for name in (actor.name, *actor.names)}
    accepted |= {rest for name in accepted if " " in (rest := re.split(r"['’]s?\s", name, maxsplit=1)[-1])}
    if not said or said in _PRONOUNS:
        return False
    if {"unnamed", "people"} & set(actor.kind):
        accepted |= {plain(ref if isinstance(ref, str) else ref[0]) for ref in actor.mentions}
        return any(f"{name} ".startswith(f"{said} ") or f"{said} ".startswith(f"{name} ") for name in accepted)
    return any(said == name or said.endswith(f" {name}") for name in accepted)
