"""Who is blamed: the doers of harm that a stretch of text tells of or takes for granted."""

from __future__ import annotations

from collections.abc import Iterator

from allegedly.annotate.actors.cast import Cast
from allegedly.annotate.claims.cues import lexicon
from allegedly.annotate.claims.speakers import speaker_of
from allegedly.annotate.plover import Sense, meaning
from allegedly.annotate.plover import lexicon as deeds
from allegedly.annotate.syntax import Range, Syntax
from allegedly.records import ActorKind

_RELATIVES = frozenset(["who", "which", "that"])
_OWN = frozenset(["i", "we", "my", "our"])
_UNREAL = frozenset(["could", "might", "may", "would", "can", "should"])
_GOVERNED = frozenset(["pcomp", "amod", "compound", "csubj"])
"""Participles whose doer the grammar does not tell: "blamed the army for shelling the port"."""
_COERCIVE = frozenset(["arrest", "deport", "cyber", "censor"])
_LAWFUL: frozenset[ActorKind] = frozenset(["police", "judiciary"])
"""Who arrests by office: telling of it blames nobody."""
_NAMED = frozenset(["NORP", "GPE", "ORG", "PERSON"])


def culprits_in(s: Syntax, tokens: Range, cast: Cast) -> list[str]:
    """Return the actors that `tokens` tell to have done harm, or to be responsible for it."""
    found = (actor for i in range(*tokens) for actor in _culprits(s, i, tokens, cast))
    return list(dict.fromkeys(found))


def presumed_in(s: Syntax, tokens: Range, cast: Cast) -> list[str]:
    """Return the actors whose harm `tokens` take for granted: "the attack by the rebels", "Spain's invasion"."""
    found = (actor for i in range(*tokens) for actor in _actors(s, _owner(s, i), tokens, cast))
    return list(dict.fromkeys(found))


# ---- what is told


def _culprits(s: Syntax, i: int, tokens: Range, cast: Cast) -> list[str]:
    words = lexicon().words
    if s.tag[i].startswith("VB"):
        sense = _harm(s, i)
        named = _actors(s, _doer(s, i), tokens, cast) if sense is not None else []
        return [a for a in named if sense is None or sense.type == "ASSAULT" or cast[a].kind not in _LAWFUL]
    if s.lower[i] in words["culpable"] or s.lemma[i] in words["culprits"]:
        copular = s.dep[i] in ("acomp", "attr", "prep") and s.kid(s.head[i], "neg") is None
        return _actors(s, s.kid(s.head[i], "nsubj") if copular else None, tokens, cast)
    if s.lemma[i] in words["complicity"]:
        return _actors(s, _possessor(s, i, "of", "by"), tokens, cast)
    if s.lemma[i] in words["handiwork"] and s.dep[i] == "attr" and s.kid(s.head[i], "neg") is None:
        return _actors(s, _possessor(s, i, "of"), tokens, cast)
    if s.lemma[i] in words["orders"] and s.lemma[s.head[i]] in words["obeying"] and s.dep[i] == "dobj":
        return _actors(s, _after(s, (i, s.head[i]), "from"), tokens, cast)
    return []


def _harm(s: Syntax, verb: int) -> Sense | None:
    """Return what harm `verb` tells of, or None where it tells of none, denies it or only imagines it."""
    kids = s.kids[verb]
    unreal = any(s.lower[k] in _UNREAL for k in kids) and not any(s.lower[k] == "have" for k in kids)
    if unreal or any(s.dep[k] == "neg" or s.lower[k] == "if" for k in kids):
        return None
    words, lemma = lexicon().words, s.lemma[verb]
    about = frozenset(_around(s, verb))
    staged = lemma in words["staging"] and about & words["provocations"]
    if staged or about & words["wrongful"] or (lemma in words["wielding"] and about & words["poisons"]):
        return Sense("ASSAULT")
    if lemma in words["mutual"] or (lemma in words["defending"] and about & words["projectiles"]):
        return None
    if lemma in words["harm"]:
        return Sense("ASSAULT")
    sense = meaning(deeds().verbs.get(lemma, ()), about, s.kid(verb, "dobj", "nsubjpass") is not None)
    harmful = sense is not None and (sense.type == "ASSAULT" or (sense.type == "COERCE" and sense.mode in _COERCIVE))
    return sense if harmful else None


def _around(s: Syntax, verb: int) -> Iterator[str]:
    """Yield the words that say what is done: objects with their modifiers, particles, prepositional objects."""
    for k in s.kids[verb]:
        if s.dep[k] in ("dobj", "nsubjpass", "prt", "pobj", "oprd"):
            yield from (s.lemma[k], s.lower[k])
            yield from (s.lower[g] for g in s.kids[k] if s.dep[g] in ("amod", "compound", "nmod"))
        elif s.dep[k] == "prep":
            yield from (s.lemma[g] for g in s.kids[k] if s.dep[g] == "pobj")


def _doer(s: Syntax, verb: int) -> int | None:
    """Return who does what `verb` tells: the agent of a passive, else the subject, its antecedent where it is "who"."""
    agent = s.kid(verb, "agent")
    if agent is not None:
        return s.kid(agent, "pobj")
    if s.kid(verb, "auxpass", "nsubjpass") is not None or s.dep[verb] in _GOVERNED:
        return None
    if s.tag[verb] == "VBN" and s.kid(verb, "aux") is None and s.dep[verb] != "conj":
        return None
    if s.dep[verb] == "acl":
        return s.head[verb] if s.tag[verb] == "VBG" else None
    doer = speaker_of(s, verb)
    if doer is not None and s.lower[doer] in _RELATIVES and s.dep[s.head[doer]] == "relcl":
        return s.head[s.head[doer]]
    return doer


# ---- what is taken for granted


def _owner(s: Syntax, noun: int) -> int | None:
    """Return whose deed a noun of harm is: "Spain's raid", "the Spanish raid", "the killing of ten men by Spain"."""
    words = lexicon().words
    struck = s.lemma[noun] in words["strikes"]
    if not s.tag[noun].startswith("NN") or s.dep[noun] == "compound" or not (struck or _harmful_noun(s, noun)):
        return None
    if s.lemma[s.head[s.head[noun]]] in words["feared"] or s.lemma[s.head[noun]] in words["feared"]:
        return None
    by = _after(s, (noun,), "by")
    if by is not None or not struck:
        return by
    adjectives = (k for k in s.kids[noun] if k < noun and s.dep[k] in ("amod", "compound") and s.ent[k] in _NAMED)
    owner = s.kid(noun, "poss")
    return owner if owner is not None else next(adjectives, None)


def _harmful_noun(s: Syntax, noun: int) -> bool:
    around = frozenset(s.lower[k] for k in s.kids[noun])
    sense = meaning(deeds().nouns.get(s.lemma[noun], ()), around)
    return sense is not None and sense.type == "ASSAULT"


def _possessor(s: Syntax, noun: int, *prepositions: str) -> int | None:
    after = _after(s, (noun,), *prepositions)
    return s.kid(noun, "poss") if after is None else after


def _after(s: Syntax, governors: tuple[int, ...], *prepositions: str) -> int | None:
    """Return the object of the first of `prepositions` that hangs on one of `governors`."""
    for governor in governors:
        for k in s.kids[governor]:
            if s.dep[k] in ("prep", "agent") and s.lower[k] in prepositions and (pobj := s.kid(k, "pobj")) is not None:
                return pobj
    return None


# ---- actors


def _actors(s: Syntax, noun: int | None, tokens: Range, cast: Cast) -> list[str]:
    """Return the actors that `noun` and what is coordinated with it name; none where it is the speaker's own."""
    if noun is None or not tokens[0] <= noun < tokens[1]:
        return []
    found = []
    for head in (noun, *(k for k in s.kids[noun] if s.dep[k] == "conj")):
        if _OWN.isdisjoint(s.lower[i] for i in range(s.left(head), head + 1)):
            found += named_in(s, (s.left(head), head + 1), cast)
    return found


def named_in(s: Syntax, tokens: Range, cast: Cast) -> list[str]:
    """Return the actor whose mention covers the last of `tokens`, else every actor mentioned in them."""
    if tokens[0] >= tokens[1]:
        return []
    covering = cast.at(s.start[tokens[1] - 1])
    if covering is not None:
        return [covering]
    return list(dict.fromkeys(actor for _, actor in cast.mentioned(s.span(tokens))))
