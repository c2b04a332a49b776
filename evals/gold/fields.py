"""What a claim says beyond its spans, scored on gold: act, polarity, hedge, accused, channel, nesting, speaker."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from allegedly.records import Annotation, Claim
from gold.match import WORD
from who_says_what import Attribution, Page, aligned, shared

if TYPE_CHECKING:
    from markup import Marked, Text

_SMALL = frozenset("the a an of and in for to on at by 's ’s mr mrs ms dr its their his her".split())


class Fields:
    """Counts over texts. A field is judged on claims whose content agrees by half; F1 where a claim may have none."""

    def __init__(self) -> None:
        self._share: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        self._f1: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        """Hits, found, gold."""
        self.misses: list[str] = []

    def add(self, text: Text, annotation: Annotation) -> None:
        for own in (False, True):
            self._claims(text, annotation, own)

    def figures(self) -> dict[str, float]:
        """Return each measure in per cent."""
        table = {}
        for name, (hits, found, gold) in sorted(self._f1.items()):
            table[name] = round(200 * hits / (found + gold), 1) if found + gold else 0.0
        return table | {name: round(100 * right / of, 1) for name, (right, of) in sorted(self._share.items()) if of}

    def _claims(self, text: Text, annotation: Annotation, own: bool) -> None:
        page = Page(text.text)
        marked = [claim for claim in text.claims if claim.own == own]
        told = [claim for claim in annotation.claims if attributed(claim) != own]
        gold = page.items([Attribution(c.source, c.cue, c.content) for c in marked])
        found = page.items([Attribution(c.speaker.spans, c.cue, c.content) for c in told])
        matched = {
            gold[j].index: found[i].index
            for i, j in aligned(found, gold).items()
            if shared(found[i].content, gold[j].content) >= 0.5
        }
        if own:
            self._own(text, marked, told, matched)
            self._blame("accused, own voice", text, annotation, marked, told, matched)
            return
        partner = {text.claims.index(marked[g]): annotation.claims.index(told[f]) for g, f in matched.items()}
        for g, f in matched.items():
            self._judge(text, marked[g], told[f])
        self._nesting(text, annotation, partner)
        self._blame("accused", text, annotation, marked, told, matched)

    def _own(self, text: Text, marked: Sequence[Marked], told: Sequence[Claim], matched: dict[int, int]) -> None:
        self._count("own voice", len(matched), len(told), len(marked))
        for g, claim in enumerate(marked):
            if g in matched:
                found = told[matched[g]].act
                self._right("own voice: act", found in claim.acts, text, claim, found)
            else:
                self._miss("own voice", text, claim, "")

    def _judge(self, text: Text, gold: Marked, found: Claim) -> None:
        self._right("act", found.act in gold.acts, text, gold, found.act)
        self._right("polarity", (found.polarity == "negated") == gold.negated, text, gold, found.polarity)
        if gold.source and gold.speaker:
            self._right("speaker resolved", same_name(found.speaker.name, gold.speaker), text, gold, found.speaker.name)
        hedges = words(text.text[s:e] for s, e in gold.hedge)
        told = words([found.hedge or ""])
        self._count("hedge", int(bool(hedges & told)), int(bool(told)), int(bool(hedges)))
        channels = words(text.text[s:e] for s, e in gold.channel)
        told = words([found.channel or ""])
        self._count("channel", int(bool(channels & told)), int(bool(told)), int(bool(channels)))

    def _nesting(self, text: Text, annotation: Annotation, partner: dict[int, int]) -> None:
        """Count the links from a claim to the one that holds it."""
        place = {claim.number: i for i, claim in enumerate(text.claims)}
        wanted = {(i, place[c.parent]) for i, c in enumerate(text.claims) if not c.own and c.parent is not None}
        wanted = {(i, j) for i, j in wanted if not text.claims[j].own}
        found = {
            (i, c.parent)
            for i, c in enumerate(annotation.claims)
            if attributed(c) and c.parent is not None and attributed(annotation.claims[c.parent])
        }
        hits = sum((partner.get(i), partner.get(j)) in found for i, j in wanted)
        self._count("nesting", hits, len(found), len(wanted))

    def _blame(
        self,
        name: str,
        text: Text,
        annotation: Annotation,
        marked: Sequence[Marked],
        told: Sequence[Claim],
        matched: dict[int, int],
    ) -> None:
        """Count whom claims accuse, all claims of gold and all found ones included."""
        names = {actor.id: [actor.name, *(text.text[s:e] for s, e in actor.mentions)] for actor in annotation.actors}
        hits = 0
        for g, claim in enumerate(marked):
            accused = list(dict.fromkeys(claim.blamed))
            blamed = [names.get(a, [a]) for a in told[matched[g]].accused] if g in matched else []
            free = list(blamed)
            for who in accused:
                hit = next((n for n in free if any(same_name(m, who) for m in n)), None)
                if hit is None:
                    self._miss(name, text, claim, f"{who} not in {[n[0] for n in blamed]}")
                else:
                    free.remove(hit)
                    hits += 1
            for n in free:
                self._miss(name, text, claim, f"{n[0]} is not accused")
        found = sum(len(claim.accused) for claim in told)
        self._count(name, hits, found, sum(len(set(claim.blamed)) for claim in marked))

    def _count(self, name: str, hits: int, found: int, gold: int) -> None:
        for i, n in enumerate((hits, found, gold)):
            self._f1[name][i] += n

    def _right(self, name: str, right: bool, text: Text, gold: Marked, found: object) -> None:
        self._share[name][0] += right
        self._share[name][1] += 1
        if not right:
            wanted = gold.speaker if name.startswith("speaker") else "/".join(gold.acts) + " neg" * gold.negated
            self._miss(name, text, gold, f"{found} for {wanted}")

    def _miss(self, name: str, text: Text, gold: Marked, what: str) -> None:
        pieces = (gold.source, gold.cue, gold.content)
        said = " | ".join(" … ".join(text.text[s:e] for s, e in piece) for piece in pieces)
        self.misses.append(f"{name} · {text.id} · {what} · {said[:220]}")


def attributed(claim: Claim) -> bool:
    """True for a claim with a cue or a speaker in the text, the author's "we reject" and "I think" included."""
    return bool(claim.cue) or claim.mode != "own-voice"


def words(pieces: Iterable[str]) -> frozenset[str]:
    """Return the words of `pieces` in lower case, without small ones."""
    found = (match.group().lower() for piece in pieces for match in WORD.finditer(piece))
    return frozenset(word.removesuffix("'s").removesuffix("’s") for word in found) - _SMALL


def same_name(one: str, other: str) -> bool:
    """True where one name's words hold the other's, or most words are shared."""
    a, b = words([one]), words([other])
    if not a or not b:
        return one.strip().lower() == other.strip().lower()
    return a <= b or b <= a or len(a & b) / len(a | b) >= 0.5
