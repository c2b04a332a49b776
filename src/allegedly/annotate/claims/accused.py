"""Whom a claim accuses: from the words that the network or the grammar points at to actors of the cast."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from allegedly.annotate.actors.kinds import kind_of_noun
from allegedly.annotate.claims.acts import accused_object, content_negated, culprits_of, root_of
from allegedly.annotate.claims.attributions import Attribution, ranges
from allegedly.annotate.claims.cues import lexicon
from allegedly.annotate.claims.resolving import AGENTS, Resolver
from allegedly.annotate.claims.speakers import is_expletive
from allegedly.annotate.syntax import Range
from allegedly.records import Act, Actor, ActorKind

_PEOPLE = frozenset(["PERSON", "ORG", "NORP"])
_BEFORE_NOUNS = frozenset(["det", "amod", "compound", "nummod", "poss", "case", "quantmod", "predet"])
_OWNING = frozenset(["compound", "poss", "amod", "nmod"])
_OF = frozenset(["of", "from", "in", "with"])
_FIRST = frozenset(["i", "we", "me", "us", "my", "our"])
_SECOND = frozenset(["you", "your", "yours", "yourself"])
_PRONOUNS = frozenset(["PRP", "PRP$", "WP"])
_PERSONS: frozenset[ActorKind] = frozenset(["person", "unnamed", "people"])
_BLAMING: frozenset[Act] = frozenset(["accuses", "asserts", "reports", "insinuates"])
"""Acts whose content may accuse somebody. A demand, a label or a forecast of harm blames nobody (training corpus: under
4 in 100 of their claims do)."""


class Blame:
    """Finds the accused of the claims of one document, with the resolver that knows who spoke before."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self.s = resolver.s

    def accused(self, d: Attribution, act: Act, speaker: str | None) -> list[str]:
        """Return whom `d` blames: as the network sees it, else by the grammar, else the subject of what is said."""
        if act not in _BLAMING:
            return []
        self.resolver.barred = speaker
        found = self._seen(d, act) or self._by_grammar(d, act)
        self.resolver.barred = None
        return [actor for actor in dict.fromkeys(found) if actor != speaker]

    def _seen(self, d: Attribution, act: Act) -> list[str]:
        """The network sees the next claim of a sentence, too: whom that one accuses, a mere statement does not."""
        pieces = ranges(d.seen.accused) if d.seen is not None else []
        told = [*d.cue, *(i for a, b in d.content for i in (a, b - 1))]
        inside = (p for p in pieces if act == "accuses" or min(told, default=0) <= p[0] <= max(told, default=0))
        return [actor for piece in inside for actor in self._whom(piece, d)]

    def _by_grammar(self, d: Attribution, act: Act) -> list[str]:
        blamed = accused_object(self.s, d) if act in ("accuses", "insinuates") else None
        if blamed is not None:
            return self._whom(blamed, d)
        found = culprits_of(self.s, d, self.resolver.cast)
        return found or (self._implied(d) if act == "accuses" else [])

    def _implied(self, d: Attribution) -> list[str]:
        """Return the subject of what is said, or whose deed or thing is spoken of."""
        s = self.s
        for piece in d.content:
            root = root_of(s, piece)
            noun = s.kid(root, "nsubj", "nsubjpass", "poss")
            noun = root if noun is None and s.tag[root].startswith("NN") else noun
            if noun is not None and piece[0] <= noun < piece[1] and not content_negated(s, piece):
                return self._whom((s.left(noun), noun + 1), d)
        return []

    # ---- one accused

    def _whom(self, piece: Range, d: Attribution) -> list[str]:
        """Return the actors that `piece` means: its head's and what is coordinated with it.

        Somebody who is only described is added to the cast; a thing is nobody, but whose it is may be meant.
        """
        s, (a, b) = self.s, piece
        head = self._head(piece)
        if self._speaker_again(head, d):
            return []
        if s.lower[head] == "other" and s.lower[head - 1] == "each":
            return self._others(d)
        heads = [head, *(k for k in s.kids[head] if s.dep[k] == "conj" and a <= k < b)]
        named = self._named_last(head, piece)
        found = [named] if named is not None else [actor.id for i in heads for actor in self._meant(i, d)]
        return found or [actor for _, actor in self.resolver.cast.mentioned(s.span(piece))]

    def _speaker_again(self, head: int, d: Attribution) -> bool:
        """True for “the firm said that it suspected …”: the subject of what is said is the speaker."""
        s = self.s
        said = s.lower[head] == "it" and s.dep[head] == "nsubj" and s.dep[s.head[head]] in ("ccomp", "acl")
        return said and d.speaker is not None and s.head[s.head[head]] in d.cue

    def _named_last(self, head: int, piece: Range) -> str | None:
        """Return the name that a description ends with, however parsed: "the clerk, the Dane Ib Lund"."""
        s, last = self.s, piece[1] - 1
        actor = self.resolver.cast.at(s.start[last])
        beside = s.lower[head + 1 : last].count(",") and not any(s.dep[i] == "cc" for i in range(head, last))
        return actor if actor is not None and "~" not in actor and beside and s.tag[last] == "NNP" else None

    def _head(self, piece: Range) -> int:
        """Return the noun that governs `piece`, also where the network saw just some words of its phrase."""
        s, (a, b) = self.s, piece
        head = next((i for i in range(a, b) if not a <= s.head[i] < b or s.head[i] == i), a)
        while s.dep[head] in _BEFORE_NOUNS and s.head[head] >= b:
            head = s.head[head]
        if s.dep[head] == "appos" and s.tag[s.head[head]].startswith("NN"):
            head = s.head[head]
        preposition = s.head[head] if s.dep[head] == "pobj" else head
        noun = s.head[preposition]
        inside = s.dep[preposition] == "prep" and s.lower[preposition] in _OF and s.tag[noun] in ("NN", "NNS")
        return noun if inside and a > noun and self._somebody(noun) else head

    def _meant(self, head: int, d: Attribution) -> Iterator[Actor]:
        s, resolver = self.s, self.resolver
        if s.lower[head] in _SECOND:
            yield from resolver.addressed(s.start[head])
        elif (surname := self._surname(head)) is not None:
            yield surname
        elif s.lower[head] not in _FIRST and self._somebody(head) and not is_expletive(s, head):
            actor = self._described(head) or resolver.actor_of(head, self._phrase(head), d)
            if actor is not None:
                yield actor
        elif s.tag[head] not in _PRONOUNS:
            owner = next((k for k in s.kids[head] if s.dep[k] in _OWNING and self._somebody(k)), None)
            if owner is not None:
                yield from self._meant(owner, d)

    def _surname(self, head: int) -> Actor | None:
        """Return the person whose last name `head` is where nothing else knows it for a name."""
        s, cast = self.s, self.resolver.cast
        word = s.text[s.start[head] : s.end[head]]
        if not word[:1].isupper() or cast.at(s.start[head]) is not None:
            return None
        return next((a for a in cast.actors if a.kind == "person" and a.name.split()[-1:] == [word]), None)

    def _phrase(self, head: int) -> Range:
        a, b = self.s.subtree(head)
        return a, b - (self.s.tag[b - 1] == "POS" and b - 1 > head)

    def _described(self, head: int) -> Actor | None:
        """Return a person without a name that the cast has: "the president" is nobody who only spoke before."""
        cast = self.resolver.cast
        actor = cast.at(self.s.start[head])
        apposed = any(self.s.dep[k] == "appos" for k in self.s.kids[head])
        return cast[actor] if actor is not None and not apposed and cast[actor].kind in _PERSONS else None

    def _others(self, d: Attribution) -> list[str]:
        """Return who stands beside the speaker: "the army and the militia blamed each other"."""
        s, cast = self.s, self.resolver.cast
        if d.speaker is None:
            return []
        first = d.speaker
        while s.dep[first] == "conj" and not s.is_verb(s.head[first]):
            first = s.head[first]
        beside = [first, *(k for k in s.kids[first] if s.dep[k] == "conj")]
        return [actor for k in beside if (actor := cast.at(s.start[k])) is not None]

    def _somebody(self, head: int) -> bool:
        s = self.s
        if s.tag[head] in _PRONOUNS or s.ent[head] in _PEOPLE or self.resolver.cast.at(s.start[head]) is not None:
            return True
        lemma = s.lemma[head]
        known = kind_of_noun(lemma) is not None or lemma in lexicon().words["blamable"]
        agent = lemma.endswith(AGENTS) and s.kid(head, "poss") is None  # "the firm's tanker" does nothing by itself
        return s.tag[head].startswith("NN") and (known or agent)


def blamed(
    resolver: Resolver, drafts: Sequence[Attribution], acts: Sequence[Act], said: Sequence[str | None]
) -> list[list[str]]:
    """Return whom each of `drafts` accuses, given its act and the actor who speaks."""
    blame = Blame(resolver)
    return [blame.accused(d, act, speaker) for d, act, speaker in zip(drafts, acts, said, strict=True)]
