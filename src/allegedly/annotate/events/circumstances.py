"""What a sentence tells around an event: its motive, the evidence for it, where it was launched, who owns it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from allegedly.annotate.actors.cast import Cast
from allegedly.annotate.events.harm import harm
from allegedly.annotate.tree import Tree
from allegedly.records import Circumstance, CircumstanceFacet

_GROUND = frozenset({"GPE", "LOC", "FAC", "NORP"})
_LONGEST = 14
"""Tokens of a motive that are kept."""


@cache
def _words() -> dict[str, dict[str, frozenset[str]]]:
    data: dict[str, dict[str, Any]] = tomllib.loads(
        (files("allegedly.annotate.events") / "circumstances.toml").read_text("utf-8")
    )
    return {facet: {name: frozenset(words.split()) for name, words in lists.items()} for facet, lists in data.items()}


def find_circumstances(
    tree: Tree, first: int, stop: int, cast: Cast, pronouns: dict[int, str]
) -> Iterator[tuple[int, Circumstance]]:
    """Yield ``(token, circumstance)`` for the tokens `first` to `stop`. `pronouns` gives the actor behind a pronoun."""
    for i in range(first, stop):
        yield from _evidence(tree, i)
        yield from _motive(tree, i)
        yield from _launch(tree, i)
        yield from _owned(tree, i, cast, pronouns)
        yield from _caused(tree, i, cast, pronouns)


def _told(
    tree: Tree, facet: CircumstanceFacet, value: str, negated: bool, first: int, last: int
) -> tuple[int, Circumstance]:
    return first, Circumstance(facet=facet, value=value, negated=negated, span=tree.span(first, last))


def _negated(tree: Tree, i: int) -> bool:
    return bool(tree.kids_as(i, "neg")) or any(tree.lowers[k] in {"no", "never", "not"} for k in tree.kids[i])


# ------------------------------------------------------------ evidence


def _evidence(tree: Tree, i: int) -> Iterator[tuple[int, Circumstance]]:
    words, lemma = _words()["evidence"], tree.lemmas[i]
    if lemma in words["traces"] and any(tree.lowers[k] == "no" for k in tree.kids_as(i, "det")):
        yield _told(tree, "evidence", "none", False, min([i, *tree.kids_as(i, "det")]), i)
    elif lemma in words["kept"] and tree.deps[i] == "dobj" and tree.lemmas[tree.heads[i]] in words["keeping"]:
        none = _negated(tree, tree.heads[i]) or any(tree.lowers[k] == "no" for k in tree.kids_as(i, "det"))
        yield _told(tree, "evidence", "none" if none else "exists", False, tree.base(i), i)
    elif lemma in words["kept"] and tree.deps[i] == "attr" and tree.kids_as(tree.heads[i], "expl"):
        none = any(tree.lowers[k] == "no" for k in tree.kids_as(i, "det"))
        yield _told(tree, "evidence", "none" if none else "exists", False, tree.base(i), i)
    if lemma in words["nouns"] and tree.pos[i] == "NOUN" and tree.deps[i] not in {"compound", "amod", "nmod"}:
        governors = [i, *tree.up(i)[:2]]
        none = any(_negated(tree, g) or tree.lemmas[g] in words["missing"] for g in governors)
        none = none or any(tree.lowers[k] in words["missing"] for k in tree.kids[i])
        first = min([i, *tree.kids_as(i, "det", "amod", "neg")])
        yield _told(tree, "evidence", "none" if none else "exists", False, first, i)
    elif lemma in words["showing"] and tree.pos[i] == "VERB":
        for subject in tree.kids_as(i, "nsubj"):
            if tree.lemmas[subject] in words["shown_by"] or tree.lowers[subject] in words["shown_by"]:
                value = "none" if _negated(tree, i) else "exists"
                yield _told(tree, "evidence", value, False, min(subject, i), max(subject, i))


# ------------------------------------------------------------ motive


def _motive(tree: Tree, i: int) -> Iterator[tuple[int, Circumstance]]:
    words = _words()["motive"]
    if tree.lemmas[i] in words["phrases"] and tree.deps[i] == "pobj" and tree.lowers[tree.heads[i]] == "in":
        yield _reason(tree, tree.heads[i], tree.subtree(i))
    elif tree.lemmas[i] in words["verbs"] and tree.pos[i] == "VERB" and tree.kids_as(i, "dobj"):
        yield _reason(tree, i, tree.subtree(i))
    elif tree.lowers[i] == "because" and tree.deps[i] in {"mark", "prep", "pcomp"}:
        inside = tree.subtree(tree.heads[i]) if tree.deps[i] == "mark" else tree.subtree(i)
        yield _reason(tree, i, [k for k in inside if k >= i])
    elif tree.lemmas[i] in words["nouns"]:
        yield from _named_motive(tree, i)
    elif tree.lemmas[i] in words["stated"] or tree.lowers[i] in words["stated"]:
        yield from _stated_reason(tree, i)
    elif tree.lemmas[i] in words["meant"] and tree.kids_as(i, "auxpass", "nsubjpass") and tree.kids_as(i, "xcomp"):
        yield _reason(tree, i, tree.subtree(tree.kids_as(i, "xcomp")[0]))
    elif tree.lowers[i] == "order" and i and tree.lowers[i - 1] == "in" and i + 1 < len(tree):
        if tree.lowers[i + 1] == "to":
            yield _reason(tree, i - 1, tree.subtree(i))
    elif tree.lowers[i] == "over" and tree.deps[i] == "prep" and tree.lemmas[tree.heads[i]] in words["over"]:
        objects = tree.kids_as(i, "pobj")
        if objects and tree.pos[objects[0]] == "NOUN" and not tree.ents[objects[0]]:
            yield _reason(tree, i, tree.subtree(i))


def _reason(tree: Tree, first: int, inside: list[int]) -> tuple[int, Circumstance]:
    last = min(max(inside), first + _LONGEST)
    while last > first and tree.pos[last] == "PUNCT":
        last -= 1
    negated = first > 0 and tree.lowers[first - 1] in {"not", "never"}
    return _told(tree, "motive", tree.text(first, last), negated, first, last)


def _named_motive(tree: Tree, i: int) -> Iterator[tuple[int, Circumstance]]:
    """“The motive was robbery”, “no political motive”, “ruled out terrorism as a motive”."""
    verb = tree.heads[i]
    stated = (
        tree.kids_as(verb, "attr", "ccomp", "acomp") if tree.deps[i] == "nsubj" and tree.lemmas[verb] == "be" else []
    )
    described = [k for k in tree.kids_as(i, "amod", "compound") if tree.lowers[k] not in {"possible", "clear", "exact"}]
    if stated and tree.pos[stated[0]] in {"NOUN", "PROPN"}:
        first, last = tree.edges(stated[0])
        yield _told(tree, "motive", tree.text(first, last), _negated(tree, verb), min(i, first), last)
    elif described:
        against = any(tree.lemmas[g] in _words()["motive"]["excluding"] for g in tree.up(i)[:3])
        yield _told(tree, "motive", tree.words[described[0]], against or _negated(tree, i), described[0], i)


def _stated_reason(tree: Tree, i: int) -> Iterator[tuple[int, Circumstance]]:
    """“The reason was a complaint of theft”."""
    verb = tree.heads[i]
    if tree.deps[i] == "nsubj" and tree.lemmas[verb] == "be":
        for stated in tree.kids_as(verb, "attr")[:1]:
            if tree.pos[stated] in {"NOUN", "PROPN"}:
                first, last = tree.edges(stated)
                last = min(last, first + _LONGEST)
                yield _told(tree, "motive", tree.text(first, last), _negated(tree, verb), min(i, first), last)


# ------------------------------------------------------------ where it was launched


def _launch(tree: Tree, i: int) -> Iterator[tuple[int, Circumstance]]:
    """“Rockets were fired from Syrian territory”, “the drone did not come from our country”."""
    words = _words()["launch origin"]
    if tree.pos[i] != "VERB" or tree.lemmas[i] not in words["verbs"]:
        return
    things = tree.kids_as(i, "nsubj", "nsubjpass", "dobj")
    if tree.deps[i] == "acl":
        things.append(tree.heads[i])
    shot = tree.lemmas[i] in {"launch", "fire"} and any(tree.lowers[t] in {"they", "it"} for t in things)
    if not shot and not any({tree.lemmas[t], tree.lowers[t].removesuffix("s")} & words["weapons"] for t in things):
        return
    for prep in tree.kids_as(i, "prep"):
        for place in tree.kids_as(prep, "pobj") if tree.lowers[prep] in {"from", "inside"} else ():
            if tree.pos[place] == "PROPN" or tree.ents[place] in _GROUND or tree.lemmas[place] in words["ground"]:
                first, last = tree.edges(place)
                name = [k for k in range(first, last + 1) if tree.ents[k] in _GROUND or tree.pos[k] == "PROPN"]
                value = tree.text(name[0], name[-1]) if name else tree.text(tree.base(place), place)
                denied = _negated(tree, i) != (_negated(tree, prep) or tree.lowers[prep - 1] == "not")
                yield _told(tree, "launch origin", value, denied, min(i, *things, prep), last)


# ------------------------------------------------------------ who owns it


def _owned(tree: Tree, i: int, cast: Cast, pronouns: dict[int, str]) -> Iterator[tuple[int, Circumstance]]:
    """“The group claimed responsibility”, “it denied any part in the blast”."""
    words = _words()["responsibility"]
    owning, denying = tree.lemmas[i] in words["owning"], tree.lemmas[i] in words["denying"]
    if (
        tree.pos[i] != "VERB"
        or not (owning or denying)
        or tree.lemmas[tree.heads[i]] in words["denying"] - {tree.lemmas[i]}
    ):
        return
    for thing in tree.kids_as(i, "dobj"):
        if tree.lemmas[thing] not in words["nouns"] or (owning and tree.lemmas[thing] != "responsibility"):
            continue
        for subject in tree.kids_as(i, "nsubj") or _sharing(tree, i):
            actor = cast.at(tree.offsets[subject]) or pronouns.get(subject)
            if actor:
                yield _told(tree, "responsibility", actor, denying or _negated(tree, i), i, thing)


def _sharing(tree: Tree, verb: int) -> list[int]:
    return tree.kids_as(tree.heads[verb], "nsubj") if tree.deps[verb] in {"conj", "xcomp"} else []


# ------------------------------------------------------------ what caused it


def _caused(tree: Tree, i: int, cast: Cast, pronouns: dict[int, str]) -> Iterator[tuple[int, Circumstance]]:
    """“The fire was caused by lightning”, “it was the work of Red Star”, “the port was behind it”."""
    words = _words()["responsibility"]
    for cause, denied in _causes(tree, i, words):
        actor = cast.at(tree.offsets[cause]) or pronouns.get(cause)
        if actor is None and (tree.pos[cause] not in {"NOUN", "PROPN"} or tree.lemmas[cause] in harm().weapons):
            continue  # a bomb did it for somebody
        first, last = tree.base(cause), cause
        while first < cause and tree.pos[first] in {"DET", "PRON"}:
            first += 1
        value = actor or tree.text(first, last).lower()
        yield _told(tree, "responsibility", value, denied, min(first, i), max(last, i))


def _causes(tree: Tree, i: int, words: dict[str, frozenset[str]]) -> Iterator[tuple[int, bool]]:
    lemma = tree.lemmas[i]
    if tree.pos[i] == "VERB" and lemma in words["causing"]:
        agents = [
            o for a in tree.kids_as(i, "agent", "prep") if tree.lowers[a] == "by" for o in tree.kids_as(a, "pobj")
        ]
        passive = bool(tree.kids_as(i, "auxpass", "nsubjpass")) or tree.deps[i] == "acl"
        happened = [o for o in tree.kids_as(i, "dobj") if tree.lemmas[o] in _HAPPENINGS]
        for cause in agents if passive else (tree.kids_as(i, "nsubj") if happened else []):
            yield cause, _negated(tree, i)
    elif lemma in words["of_somebody"] and tree.deps[i] == "attr" and tree.lemmas[tree.heads[i]] == "be":
        owners = tree.kids_as(i, "poss")
        owners += [o for p in tree.kids_as(i, "prep") if tree.lowers[p] == "of" for o in tree.kids_as(p, "pobj")]
        for owner in owners[:1]:
            yield owner, _negated(tree, tree.heads[i])
    elif tree.lowers[i] in {"us", "we", "ours"} and tree.deps[i] in {"attr", "acomp"} and _of_happening(tree, i):
        yield i, _negated(tree, tree.heads[i])
    elif tree.lowers[i] == "behind" and tree.deps[i] == "prep" and tree.lemmas[tree.heads[i]] == "be":
        if any(tree.lemmas[o] in _HAPPENINGS or tree.lowers[o] in {"it", "this"} for o in tree.kids_as(i, "pobj")):
            for subject in tree.kids_as(tree.heads[i], "nsubj"):
                yield subject, _negated(tree, tree.heads[i])
    elif lemma == "blame" and tree.pos[i] == "VERB" and tree.deps[i] == "xcomp" and tree.lemmas[tree.heads[i]] == "be":
        for subject in tree.kids_as(tree.heads[i], "nsubj"):
            yield subject, _negated(tree, tree.heads[i])
    elif lemma in words["bearing"] and any(tree.lemmas[o] == "responsibility" for o in tree.kids_as(i, "dobj")):
        none = any(_negated(tree, o) for o in tree.kids_as(i, "dobj"))
        for subject in tree.kids_as(i, "nsubj"):
            yield subject, none or _negated(tree, i)


def _of_happening(tree: Tree, i: int) -> bool:
    """True for what “it was us” and “the blackout is ours” own."""
    return any(
        tree.lowers[k] in {"it", "this", "that"} or tree.lemmas[k] in _HAPPENINGS
        for k in tree.kids_as(tree.heads[i], "nsubj")
    )


_HAPPENINGS = frozenset(
    {
        "accident",
        "attack",
        "blast",
        "explosion",
        "fire",
        "blaze",
        "collapse",
        "crash",
        "derailment",
        "disaster",
        "flood",
    }
    | {"killing", "raid", "outage", "blackout", "shelling", "strike", "bombing", "incident", "leak", "spill", "tragedy"}
    | {"death", "breach", "failure", "sinking", "stampede", "riot", "unrest", "assassination", "massacre", "murder"}
    | {"kidnapping", "abduction", "hack", "intrusion", "landslide", "outbreak", "epidemic", "famine", "shooting"}
)
"""What has a cause, or somebody behind it."""
