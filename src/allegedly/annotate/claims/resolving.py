"""Which actor a speaker is: names, pronouns, "the ministry", and speakers that the cast did not know."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from typing import get_args

from allegedly.annotate.actors.cast import Cast, slug
from allegedly.annotate.actors.kinds import kind_of_noun, kinds
from allegedly.annotate.claims.attributions import Attribution
from allegedly.annotate.claims.cues import lexicon
from allegedly.annotate.claims.direct import Quotations
from allegedly.annotate.claims.speakers import antecedent_of, author_name
from allegedly.annotate.syntax import SUBJECTS, Range, Syntax
from allegedly.records import Actor, ActorKind, Document, Span, Speaker

_SINGULAR = {"he": "m", "his": "m", "him": "m", "himself": "m", "she": "f", "her": "f", "hers": "f", "herself": "f"}
_PLURAL = frozenset(["they", "their", "them", "theirs", "themselves"])
_NEUTER = frozenset(["it", "its", "itself"])
_FIRST = frozenset(["i", "we", "my", "our", "me", "us"])
_RELATIVE = frozenset(["who", "which", "that", "whom"])
_TITLES = {"mr.": "m", "mr": "m", "sir": "m", "mrs.": "f", "mrs": "f", "ms.": "f", "ms": "f"}
_CALLED = frozenset(["call", "name", "know", "dub", "style"])
AGENTS = ("er", "or", "ist", "ian", "man", "woman")
"""How English ends nouns of those who do something; "he" and "she" may take up such a noun that no list has."""
_DEFINITE = frozenset(["the", "this", "that", "these", "those"])
_FAR = 1500
"""Code points. A pronoun does not reach further back than this for a mention that was not a speaker."""
_REMEMBERED = 200
"""Speakers that a pronoun or a description can still mean."""
_LONGEST_NAME = 80
_MISSED = 2
"""Tokens that may be missing inside a phrase."""
_NOMINAL = frozenset(["NN", "NNS", "NNP", "NNPS", "JJ", "POS", "IN", "DT"])
"""Their tags."""
_ALIKE: tuple[frozenset[ActorKind], ...] = (
    frozenset(["outlet", "channel"]),
    frozenset(["organisation", "armed-group", "party", "company"]),
    frozenset(["government", "state", "legislature", "judiciary"]),
    frozenset(["person", "unnamed"]),
)
_WIDE: frozenset[ActorKind] = frozenset(["state", "people"])
_GROUPS: frozenset[ActorKind] = frozenset(get_args(ActorKind)) - {"person"}


class Resolver:
    """Resolves the speakers of one document in text order; `cast` grows by those that it lacked."""

    def __init__(
        self, s: Syntax, cast: Cast, document: Document, drafts: Sequence[Attribution], quotations: Quotations
    ) -> None:
        self.s, self.cast, self.document = s, cast, document
        self._mentions = sorted((span, actor.id) for actor in cast.actors for span in actor.mentions)
        self._quotations = quotations
        self._inside = {i for d in drafts for a, b in d.content for i in range(a, b)}
        self._by_name = {
            s.text[start:end].lower().removeprefix("the "): actor
            for (start, end), actor in self._mentions
            if s.text[start:end].lower() != s.text[start:end]
        }
        self._gender = dict(self._titled())
        self._several = {  # actors without a name that are not one person
            actor.id
            for actor in cast.actors
            if actor.kind == "unnamed" and s.tag[s.at(actor.mentions[0][1] - 1)] in ("NNS", "NNPS")
        }
        self._author = Actor(id="author", name=author_name(document), kind="unnamed", mentions=())
        self.spoken: deque[tuple[int, str]] = deque(maxlen=_REMEMBERED)
        self._new: dict[str, Actor] = {}
        self._found: defaultdict[str, list[Span]] = defaultdict(list)
        self.barred: str | None = None
        """Whom no pronoun means: somebody who speaks of others."""

    def extended(self) -> Cast:
        """Return the cast with every new speaker and every mention that resolution added."""
        grown = [
            Actor(id=key, name=actor.name, kind=actor.kind, mentions=tuple(sorted(set(self._found[key]))))
            for key, actor in self._new.items()
        ]
        return self.cast.add(grown) if grown else self.cast

    def speaker(self, d: Attribution) -> Speaker:
        """Return who says `d`, with the name and id of the actor where it is clear."""
        s = self.s
        d.said_by = [r for r in d.said_by if r[0] < r[1]]
        outside = [r for r in d.said_by if not any(a <= r[0] and r[1] <= b for a, b in d.content)]
        d.said_by = self._whole(outside or d.said_by)  # a name at the edge of what is said is no part of who says it
        spans = tuple(s.span(r) for r in d.said_by)
        if not spans:
            return Speaker()
        head = self._head(d)
        actor = self.actor_of(head, d.said_by[0], d)
        if actor is None:
            named = self._wording(head, d.said_by[0])
            return Speaker(spans=spans, name=s.text[named[0] : named[1]].strip())
        self.spoken.append((s.start[head], actor.id))
        return Speaker(spans=spans, name=self._joint(head, d.said_by[0]) or actor.name, actor=actor.id)

    def _whole(self, pieces: Sequence[Range]) -> list[Range]:
        """Join the pieces of one phrase between which a word was missed: “the foreign” and “spokeswoman …”."""
        joined: list[Range] = []
        for a, b in sorted(pieces):
            gap = range(joined[-1][1], a) if joined else range(0)
            if 1 <= len(gap) <= _MISSED and all(self.s.tag[i] in _NOMINAL for i in gap):
                joined[-1] = joined[-1][0], max(b, joined[-1][1])
            else:
                joined.append((a, b))
        return joined

    def addressed(self, at: int) -> Iterator[Actor]:
        """Yield whom "you" means at code point `at`: who spoke last, other than the one who speaks there."""
        spoken = (actor for position, actor in reversed(self.spoken) if position < at and actor != self.barred)
        last = next(spoken, None)
        if last is not None:
            yield self._known(last)

    def _joint(self, head: int, phrase: Range) -> str:
        """Return the whole phrase where several speak together, else an empty string."""
        s = self.s
        joined = any(s.dep[k] in ("conj", "cc") and phrase[0] <= k < phrase[1] for k in s.kids[head])
        joined = joined or any(s.dep[i] == "cc" and phrase[0] < i < head for i in range(*phrase))
        start, end = s.span(phrase)
        return s.text[start:end] if joined and end - start <= _LONGEST_NAME else ""

    def _inside_quotation(self, token: int) -> bool:
        return self._quotations.inside[token] >= 0

    def _known(self, actor: str) -> Actor:
        if actor == "author":
            return self._author
        return self._new[actor] if actor in self._new else self.cast[actor]

    def _head(self, d: Attribution) -> int:
        s = self.s
        if d.speaker is not None and s.lower[d.speaker] in _RELATIVE and len(d.said_by) > 1:
            return antecedent_of(s, d.speaker)
        a, b = d.said_by[0]
        if d.speaker is not None and a <= d.speaker < b:
            return d.speaker
        return next((i for i in range(a, b) if not a <= s.head[i] < b), b - 1)

    def actor_of(self, head: int, phrase: Range, d: Attribution) -> Actor | None:
        """Return the actor that the noun or pronoun `head`, with its `phrase`, means in `d`."""
        word = self.s.lower[head]
        if word in _FIRST and not self._inside_quotation(head):
            return self._author
        if self.s.tag[head] in ("PRP", "PRP$", "WP"):
            antecedent = self._antecedent(word, self.s.start[head], d)
            return self._known(antecedent) if antecedent else None
        known = self._named(head, phrase)
        if known is not None and "~" not in known:
            return self.cast[known]
        beside = self._named_beside(head, phrase)
        if beside is not None:
            return self.cast[beside]
        taken_up = self._taken_up(head, phrase, known)
        if taken_up is not None:
            return self._known(taken_up)
        spoken_for = self._spoken_for(head, phrase)
        if spoken_for is not None:
            return self.cast[spoken_for]
        if known is not None:
            return self.cast[known]
        return self._maker(head, d) if self.s.lemma[head] in kinds().things else self._introduced(head, phrase)

    def _named_beside(self, head: int, phrase: Range) -> str | None:
        """Return the actor whose name follows the head: "the station Some Name", "its rival, Some Name"."""
        s = self.s
        beside = [head + 1, *(k for k in s.kids[head] if s.dep[k] == "appos")]
        beside += [g for k in s.kids[head] if s.lemma[k] in _CALLED for g in range(k, s.right(k) + 1)]
        kind = kind_of_noun(s.lemma[head], frozenset(s.lower[phrase[0] : head]))
        cut = head + 1 < len(s) and s.head[head + 1] == s.head[head] and s.dep[head + 1] == s.dep[head]
        for k in range(phrase[0], max(phrase[1], head + 2) if cut else phrase[1]):
            named = self.cast.at(s.start[k]) if k in beside or s.lower[k - 1] == "," else None
            fits = named is not None and "~" not in named and self.cast[named].kind not in _WIDE
            if named is not None and fits and (k in beside or self.cast[named].kind == kind):
                return named
        return None

    def _maker(self, head: int, d: Attribution) -> Actor | None:
        """Return who made what speaks: "our study", "the ministry's report", "a survey by the union"."""
        s = self.s
        for k in s.kids[head]:
            owner = s.kid(k, "pobj") if s.lower[k] in ("by", "from") else k if s.dep[k] == "poss" else None
            if owner is None:
                continue
            if s.lower[owner] in _FIRST and not self._inside_quotation(owner):
                return self._author
            named = self._antecedent(s.lower[owner], s.start[owner], d) or self.cast.at(s.start[owner])
            if named is not None:
                return self._known(named)
        return None

    def _named(self, head: int, phrase: Range) -> str | None:
        s = self.s
        for k in s.kids[head]:
            if s.dep[k] in ("appos", "flat") and phrase[0] <= k < phrase[1]:
                named = self.cast.at(s.start[k])
                if named is not None and "~" not in named and self.cast[named].kind == "person":
                    return named
        return self.cast.at(s.start[head])

    # ---- pronouns

    def _antecedent(self, word: str, at: int, d: Attribution) -> str | None:
        if word in _SINGULAR:
            actor = self._somebody_who_spoke(at) or self._latest(at, frozenset(["person"]), _SINGULAR[word])
            actor = actor or self._latest(at, frozenset(["unnamed"]), _SINGULAR[word])
            if actor is not None:
                self._gender.setdefault(actor, _SINGULAR[word])
            return actor
        if word in _PLURAL:
            return self._latest(at, _GROUPS - {"state"}, None)
        if word in _NEUTER:
            return self._latest(at, _GROUPS - {"unnamed", "people"}, None)
        return None

    def _somebody_who_spoke(self, at: int) -> str | None:
        """Return the last speaker where that is one person without a name, and no named one stands between."""
        spoken = next(((p, a) for p, a in reversed(self.spoken) if p < at), None)
        if spoken is None or spoken[1] in (self.barred, *self._several) or self._known(spoken[1]).kind != "unnamed":
            return None
        between = (a for p, a in self._before(at) if p > spoken[0])
        return None if any(self._known(a).kind == "person" for a in between) else spoken[1]

    def _latest(self, at: int, kinds: frozenset[ActorKind], gender: str | None) -> str | None:
        """Return the actor of `kinds` that was last a speaker or a subject before `at`, else last mentioned."""
        spoken = next(((p, a) for p, a in reversed(self.spoken) if p < at and self._fits(a, kinds, gender)), None)
        fallback = None
        for position, actor in self._before(at):
            if spoken is not None and position < spoken[0]:
                break
            if self._fits(actor, kinds, gender):
                if self._is_subject(position):
                    return actor
                fallback = fallback or actor
        return spoken[1] if spoken is not None else fallback

    def _before(self, at: int) -> Iterator[tuple[int, str]]:
        i = bisect_left(self._mentions, ((at, at), ""))
        while i > 0 and self._mentions[i - 1][0][0] > at - _FAR:
            i -= 1
            (_, end), actor = self._mentions[i]
            yield end - 1, actor

    def _fits(self, actor: str, kinds: frozenset[ActorKind], gender: str | None) -> bool:
        if actor == self.barred or self._known(actor).kind not in kinds:
            return False
        if self._known(actor).kind == "unnamed" and (gender is None) != (actor in self._several):
            return False
        return gender is None or self._gender.get(actor, gender) == gender

    def _is_subject(self, position: int) -> bool:
        token = self.s.at(position)
        return token < len(self.s) and token not in self._inside and self.s.dep[token] in SUBJECTS

    def _titled(self) -> Iterator[tuple[str, str]]:
        for (start, end), actor in self._mentions:
            first, last = self.s.at(start), self.s.at(end - 1)
            for i in range(max(0, first - 1), min(last + 1, len(self.s))):
                if self.s.lower[i] in _TITLES:
                    yield actor, _TITLES[self.s.lower[i]]

    # ---- descriptions

    def _spoken_for(self, head: int, phrase: Range) -> str | None:
        """Return the body that an unnamed spokesman speaks for."""
        s = self.s
        if s.lemma[head] not in lexicon().words["spokespeople"]:
            return None
        mentioned = self.cast.mentioned(s.span(phrase))
        return next((a for _, a in mentioned if "~" not in a and self.cast[a].kind not in ("person", "people")), None)

    def _taken_up(self, head: int, phrase: Range, known: str | None) -> str | None:
        """Return the earlier actor of a like kind that a bare definite phrase means: "the publication"."""
        s = self.s
        if phrase[1] - phrase[0] != 2 or s.lower[phrase[0]] not in _DEFINITE or s.tag[head] != "NN":
            return None
        first = min(self.cast[known].mentions)[0] if known is not None else s.start[phrase[0]]
        if s.text[first : first + 4].lower() != "the " and first < s.start[phrase[0]]:
            return None
        kind = self.cast[known].kind if known is not None else kind_of_noun(s.lemma[head])
        alike = next((group for group in _ALIKE if kind in group), frozenset([kind] if kind else []))
        spoken = [a for p, a in reversed(self.spoken) if p < first and self._known(a).kind in alike]
        return next((a for a in spoken if self._known(a).kind == kind), spoken[0] if spoken else None)

    def _wording(self, head: int, phrase: Range) -> Span:
        """Return the span that names a speaker: without article, and cut before what is said about them."""
        s, (a, b) = self.s, phrase
        a += s.lower[a] in ("the", "a", "an") and b - a > 1
        b = next((i for i in range(head + 1, b) if s.lower[i] in (",", "who", "which", "-", "–", "—")), b)
        start, end = s.span((a, b))
        return start, min(end, start + _LONGEST_NAME)

    def _introduced(self, head: int, phrase: Range) -> Actor | None:
        """Add a speaker whom the cast lacks, as an actor without a name."""
        s = self.s
        start, end = self._wording(head, phrase)
        name = s.text[start:end].strip()
        if not any(map(str.isalnum, name)):
            return None
        if name.lower() in self._by_name:
            return self.cast[self._by_name[name.lower()]]
        told = kind_of_noun(s.lemma[head], frozenset(s.lower[phrase[0] : head]))
        key = f"{slug(name)}~{self.document.id}"
        kind = told or ("person" if s.ent[head] == "PERSON" else "unnamed")
        if s.tag[head] == "NNS" or (told is None and not s.lemma[head].endswith(AGENTS)):
            self._several.add(key)
        self._found[key].append((start, end))
        return self._new.setdefault(key, Actor(id=key, name=name, kind=kind, mentions=((start, end),)))
