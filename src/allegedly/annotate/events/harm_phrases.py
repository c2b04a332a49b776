"""Harm to people told by a verb and what completes it: “lost their lives”, “suffered burns”, “escaped unhurt”."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from allegedly.annotate.events.harm import Kind, harm
from allegedly.annotate.tree import Tree

_LIMBS = frozenset(
    {
        "leg",
        "arm",
        "head",
        "neck",
        "face",
        "chest",
        "back",
        "stomach",
        "shoulder",
        "foot",
        "thigh",
        "hand",
        "knee",
        "eye",
    }
)
SIGNS = _LIMBS | {
    *("life", "injury", "burn", "wound", "harm", "hospital", "death", "dead", "victim", "condition", "patient", "loss"),
    *("custody", "cell", "station", "detention", "jail", "round", "prisoner", "hostage", "captive", "large", "run"),
    *("unaccounted", "safe", "alive", "number", "home", "martyrdom", "lose", "survive", "survivor", "flee"),
    *("part", "attend", "join", "gather", "march", "rally", "turn", "bullet", "shrapnel", "splinter", "pellet"),
}
"""Lemmas without which a sentence has no such phrase; words for the unhurt are signs, too."""
_SUFFERED = frozenset({"suffer", "sustain", "receive", "incur", "have"})
_HURTS = frozenset({"injury", "burn", "wound", "fracture", "concussion", "bruise", "cut", "inhalation", "poisoning"})
_TAKEN = frozenset({"take", "rush", "bring", "admit", "send", "carry", "airlift", "transport", "move", "transfer"})
_UPROOTING = frozenset({"drive", "force", "chase", "remove", "expel", "evacuate"})
_COSTING = frozenset({"claim", "cost", "take"})
_TO_DEATH = frozenset(
    {"hack", "beat", "stab", "burn", "crush", "trample", "stone", "torture", "club", "freeze", "starve"}
)
_FLED = frozenset({"home", "house", "village", "town", "city", "area", "district", "region", "fighting", "violence"})
_BODIES = frozenset({"body", "corpse", "remains", "dead"})
_WARDS = frozenset({"hospital", "clinic"})
_LOCKED = frozenset({"custody", "cell", "station", "detention", "jail"})
_STRIKING = frozenset({"hit", "shoot", "strike", "graze", "pierce"})
_MISSILES = frozenset({"bullet", "shrapnel", "splinter", "pellet", "fragment", "stone"})
_FREE = frozenset({"escape", "emerge", "walk", "be", "remain", "get", "come", "survive", "leave"})


class Phrase(NamedTuple):
    """Who was harmed (tokens that head noun phrases) and how; `none` says that they were not."""

    at: int
    victims: list[int]
    kind: Kind
    none: bool


def has_sign(lemma: str, lower: str) -> bool:
    """Whether a word can belong to such a phrase."""
    return lemma in SIGNS or lower in harm().unhurt


def find_phrases(tree: Tree, first: int, stop: int) -> Iterator[Phrase]:
    """Yield the phrases of harm in the tokens `first` to `stop`."""
    for i in range(first, stop):
        if tree.lowers[i] in harm().unhurt and tree.deps[i] not in {"amod", "compound"}:
            if victims := _unhurt(tree, i):
                yield Phrase(i, victims, "injured", True)
        elif tree.lemmas[i] == "loss" and _of_life(tree, i):
            yield Phrase(i, [i], "killed", True)
        elif tree.lowers[i] == "unaccounted":
            yield Phrase(i, subjects(tree, tree.heads[i]) or subjects(tree, i), "missing", False)
        elif tree.pos[i] in {"VERB", "AUX"}:
            yield from _by_verb(tree, i)


def _of_life(tree: Tree, i: int) -> bool:
    """“No loss of life”, “without loss of life”."""
    life = any(tree.lemmas[o] == "life" for o in tree.after(i, "of"))
    return life and (
        any(tree.lowers[k] == "no" for k in tree.kids_as(i, "det")) or tree.lowers[tree.heads[i]] == "without"
    )


def _by_verb(tree: Tree, verb: int) -> Iterator[Phrase]:
    lemma = tree.lemmas[verb]
    objects = [o for k in tree.kids_as(verb, "dobj") for o in tree.conjuncts(k)]
    if lemma in {"lose", "give"} and any(tree.lemmas[o] == "life" for o in objects):
        yield Phrase(verb, subjects(tree, verb), "killed", False)
    elif lemma == "lose" and (fallen := [o for o in objects if tree.lemmas[o] in harm().lost]):
        yield Phrase(verb, fallen, "killed", False)
    elif (lemma == "pay" and "life" in _reached(tree, verb, "with")) or (
        lemma in {"embrace", "achieve", "attain"} and any(tree.lemmas[o] == "martyrdom" for o in objects)
    ):
        yield Phrase(verb, subjects(tree, verb), "killed", False)
    elif lemma == "cost" and len(objects) > 1 and tree.lemmas[objects[-1]] == "life":
        yield Phrase(verb, objects[:-1], "killed", False)
    elif lemma in _TO_DEATH and "death" in _reached(tree, verb, "to"):
        yield Phrase(verb, tree.kids_as(verb, "nsubjpass") or objects or subjects(tree, verb), "killed", False)
    elif lemma == "lose" and (nobody := [o for o in objects if tree.lowers[o] in _NOBODY]):
        yield Phrase(verb, nobody, "killed", True)
    elif lemma == "survive" and (spared := [s for s in subjects(tree, verb) if tree.lowers[s] in _NOBODY]):
        yield Phrase(verb, [w for s in spared for w in tree.after(s, "of")], "killed", False)
    elif lemma == "survive" and (lost := _none_of_whom(tree, verb)):
        yield Phrase(verb, lost, "killed", False)
    elif lemma == "survive":
        yield Phrase(verb, [s for s in subjects(tree, verb) if tree.tags[s] in {"NNS", "CD"}], "survived", False)
    elif lemma in {"find", "pull", "bring", "dig"} and (alive := _alive(tree, verb)):
        yield Phrase(verb, tree.kids_as(verb, "nsubjpass") or objects or alive, "survived", False)
    elif lemma in _STRIKING and (
        _reached(tree, verb, "in", "by", "through") & (_LIMBS | _MISSILES) and tree.tags[verb] == "VBN"
    ):
        yield Phrase(verb, tree.kids_as(verb, "nsubjpass"), "injured", False)
    elif lemma == "be" and any(tree.lemmas[o] == "survivor" for o in tree.kids_as(verb, "attr")):
        yield from _no_survivors(tree, verb)
    elif lemma == "flee" and (not objects or {tree.lemmas[o] for o in objects} & _FLED):
        yield Phrase(verb, [s for s in subjects(tree, verb) if tree.tags[s] == "NNS"], "displaced", False)
    elif lemma == "be" and (ours := _in_the_list(tree, verb)):
        yield ours
    elif lemma in _JOINING and _joins(tree, verb, objects):
        yield Phrase(verb, [s for s in subjects(tree, verb) if tree.tags[s] == "NNS"], "participants", False)
    elif lemma == "number" and (counted := _numbered(tree, verb)):
        yield counted
    elif lemma in _UPROOTING and _reached(tree, verb, "from", "out") & {"home", "house", "village"}:
        yield Phrase(verb, tree.kids_as(verb, "nsubjpass") or tree.kids_as(verb, "dobj"), "displaced", False)
    elif lemma in _COSTING and (lives := [o for o in objects if tree.lemmas[o] == "life"]):
        yield Phrase(verb, [w for o in lives for w in (tree.after(o, "of") or [o])], "killed", False)
    elif _suffers(tree, verb, objects):
        yield Phrase(verb, subjects(tree, verb), "injured", False)
    elif lemma in _TAKEN and _reached(tree, verb, "to") & _WARDS:
        taken = tree.kids_as(verb, "nsubjpass") or tree.kids_as(verb, "dobj")
        yield Phrase(verb, [o for o in taken if tree.lemmas[o] not in _BODIES], "injured", False)
    elif lemma in {"be", "lie", "remain", "treat", "recover"} and _reached(tree, verb, "in", "at") & _WARDS:
        yield Phrase(verb, [s for s in subjects(tree, verb) if not _part_of_them(tree, s)], "injured", False)
    elif lemma in {"be", "remain", "hold", "take", "keep"} and _reached(tree, verb, "in", "into") & _LOCKED:
        held = tree.kids_as(verb, "nsubjpass", "dobj") or (subjects(tree, verb) if lemma in {"be", "remain"} else [])
        yield Phrase(verb, held, "detained", False)
    elif lemma in {"receive", "admit", "treat"} and (patients := [o for o in objects if tree.lemmas[o] == "patient"]):
        yield Phrase(verb, patients, "injured", False)
    elif lemma == "leave" and any(tree.lemmas[o] in {"home", "house"} for o in objects):
        yield Phrase(verb, [s for s in subjects(tree, verb) if tree.tags[s] == "NNS"], "displaced", False)
    elif lemma in {"be", "remain"} and " ".join(tree.lowers[verb + 1 : verb + 4]).startswith(_AT_LARGE):
        yield Phrase(verb, subjects(tree, verb), "escaped", False)
    elif lemma in _FREE and _reached(tree, verb, "without") & {"injury", "harm", "scratch"}:
        yield Phrase(verb, subjects(tree, verb), "injured", True)
    elif lemma in {"be", "remain", "lie"} and _in_bad_condition(tree, verb):
        yield Phrase(verb, [s for s in subjects(tree, verb) if not _part_of_them(tree, s)], "injured", False)
    elif lemma == "take" and any(tree.lowers[k] in _TAKEN_AS for k in tree.kids_as(verb, "oprd", "dobj")):
        yield Phrase(verb, _taken_so(tree, verb), "captured", False)
    elif lemma == "round" and any(tree.lowers[k] == "up" for k in tree.kids_as(verb, "prt")):
        yield Phrase(verb, tree.kids_as(verb, "nsubjpass", "dobj"), "detained", False)


_NOBODY = frozenset({"nobody", "none"})
_LISTS: dict[str, Kind] = {"dead": "killed", "killed": "killed", "injured": "injured", "wounded": "injured"}
_LISTS |= {"missing": "missing", "detained": "detained", "detainee": "detained", "detainees": "detained"}


_JOINING = frozenset({"take", "attend", "join", "gather", "march", "rally", "turn"})
_GATHERED = frozenset({"march", "rally", "protest", "demonstration", "procession", "vigil", "gathering"})


def _none_of_whom(tree: Tree, verb: int) -> list[int]:
    """“52 passengers, none of whom survived”: all of them died."""
    none = tree.heads[tree.heads[verb]]
    relative = any(tree.tags[s] == "WP" for s in tree.kids_as(verb, "nsubj"))
    lost = relative and tree.lowers[none] == "none" and tree.deps[none] == "appos"
    return [tree.heads[none]] if lost else []


_AT_LARGE = ("at large", "on the run")
_TAKEN_AS = frozenset({"prisoner", "hostage", "captive"})


def _taken_so(tree: Tree, verb: int) -> list[int]:
    """Return who was taken prisoner."""
    others = tree.kids_as(verb, "nsubjpass") or tree.kids_as(verb, "dobj")
    return [o for o in others if tree.lowers[o] not in _TAKEN_AS]


def _in_bad_condition(tree: Tree, verb: int) -> bool:
    """“Are in a critical condition”, “remain in intensive care”, “lie in a coma”."""
    for state in tree.after(verb, "in"):
        described = {tree.lowers[k] for k in tree.kids_as(state, "amod")}
        if tree.lemmas[state] == "coma" or (tree.lemmas[state] in {"condition", "care"} and described & _BAD):
            return True
    return False


_BAD = frozenset({"critical", "serious", "grave", "stable", "intensive", "bad", "poor"})


def _joins(tree: Tree, verb: int, objects: list[int]) -> bool:
    """“Took part”, “attended the rally”, “turned out”, “gathered”, “marched”."""
    lemma, things = tree.lemmas[verb], {tree.lemmas[o] for o in objects}
    if lemma == "take":
        return "part" in things
    if lemma == "turn":
        return any(tree.lowers[k] == "out" for k in tree.kids_as(verb, "prt"))
    return bool(things & _GATHERED) if lemma in {"attend", "join"} else not things


def _alive(tree: Tree, verb: int) -> list[int]:
    """Return who was found alive: the subject of “alive”, where the parser gives it one."""
    for i in range(verb + 1, min(verb + 8, len(tree))):
        if tree.lowers[i] == "alive":
            return tree.kids_as(i, "nsubj") or tree.kids_as(verb, "nsubjpass", "dobj")
    return []


def _no_survivors(tree: Tree, verb: int) -> Iterator[Phrase]:
    """“There were no survivors among the 54 people on board”: all of them died."""
    for told in tree.kids_as(verb, "attr"):
        none = any(tree.lowers[k] == "no" for k in tree.kids_as(told, "det"))
        preps = [p for at in (told, verb) for p in tree.kids_as(at, "prep") if tree.lowers[p] in {"among", "of"}]
        if none and (victims := [o for p in preps for o in tree.kids_as(p, "pobj")]):
            yield Phrase(verb, victims, "killed", False)


def _in_the_list(tree: Tree, verb: int) -> Phrase | None:
    """“Four children are among the dead”, “among the dead were four children”."""
    for prep in tree.kids_as(verb, "prep"):
        listed = [tree.lowers[o] for o in tree.kids_as(prep, "pobj") if tree.lowers[prep] == "among"]
        if listed and listed[0] in _LISTS:
            return Phrase(verb, tree.kids_as(verb, "nsubj", "attr"), _LISTS[listed[0]], False)
    return None


def _numbered(tree: Tree, verb: int) -> Phrase | None:
    """“The injured numbered 17.”"""
    told = [tree.lowers[s] for s in subjects(tree, verb)]
    return Phrase(verb, tree.kids_as(verb, "dobj"), _LISTS[told[0]], False) if told and told[0] in _LISTS else None


def _part_of_them(tree: Tree, i: int) -> bool:
    """True for “twelve of them”, who are counted with the rest."""
    return any(tree.pos[o] == "PRON" for p in tree.kids_as(i, "prep") for o in tree.kids_as(p, "pobj"))


def _suffers(tree: Tree, verb: int, objects: list[int]) -> bool:
    """“Suffered burns”, “came to harm”."""
    if tree.lemmas[verb] == "come":
        return "harm" in _reached(tree, verb, "to")
    return tree.lemmas[verb] in _SUFFERED and any(tree.lemmas[o] in _HURTS for o in objects)


def _reached(tree: Tree, verb: int, *prepositions: str) -> set[str]:
    preps = [p for p in tree.kids_as(verb, "prep", "dative", "agent") if tree.lowers[p] in prepositions]
    return {tree.lemmas[o] for p in preps for o in tree.kids_as(p, "pobj")}


def _unhurt(tree: Tree, i: int) -> list[int]:
    """Return who is unhurt: the subject of the verb that says so, or what it is said of."""
    at = i
    while tree.deps[at] == "conj" and tree.heads[at] != at:
        at = tree.heads[at]
    verb = tree.heads[at]
    if tree.lemmas[verb] in _FREE or tree.deps[at] in {"acomp", "oprd", "advcl"}:
        return subjects(tree, verb)
    return subjects(tree, i)


_STRAYED = frozenset({"dobj", "dep", "npadvmod", "conj", "attr"})


def subjects(tree: Tree, verb: int) -> list[int]:
    """Return the subjects of `verb`, or of the verb it is coordinated with or stands under."""
    if verb and tree.tags[verb - 1] in {"NNS", "CD"} and tree.deps[verb - 1] in _STRAYED:
        return [verb - 1]  # the parser may hang “eleven people lost their lives” on a verb before
    for _ in range(3):
        if found := tree.kids_as(verb, "nsubj", "nsubjpass"):
            return found
        if tree.deps[verb] == "relcl":
            return [tree.heads[verb]]
        if tree.deps[verb] not in {"conj", "xcomp"}:
            return []
        verb = tree.heads[verb]
    return []
