"""Words that tell of events in one paragraph: which, in what sense, and the verb that carries a noun."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from allegedly.annotate.events.harm import harm
from allegedly.annotate.places.gazetteer import demonym_of
from allegedly.annotate.plover import COOPERATIVE, HOSTILE, Entry, Sense, lexicon, meaning, threatened
from allegedly.annotate.tree import Tree

_OBJECTS = ("dobj", "nsubjpass", "attr", "oprd", "acomp", "dative")
_INNER = ("compound", "amod", "nmod")
_AROUND_NOUN = frozenset({"compound", "amod", "nmod", "poss", "nummod"})
_NO_TRIGGER = frozenset({"compound", "nmod", "npadvmod", "amod"})
_CARRYING = frozenset({"dobj", "nsubjpass", "pobj", "nsubj"})
LIGHT = frozenset(
    {
        "carry",
        "launch",
        "stage",
        "conduct",
        "mount",
        "commit",
        "perform",
        "begin",
        "start",
        "continue",
        "resume",
        "make",
    }
    | {
        "undertake",
        "perpetrate",
        "execute",
        "wage",
        "orchestrate",
        "plan",
        "plot",
        "prepare",
        "order",
        "suffer",
        "face",
    }
    | {"occur", "happen", "end", "erupt", "break", "see", "witness", "follow", "survive", "give", "take", "organize"}
    | {
        "organise",
        "join",
        "hold",
        "fall",
        "land",
        "rain",
        "hit",
        "strike",
        "attempt",
        "claim",
        "target",
        "kill",
        "open",
        "announce",
    }
)
_STRIKING_DOWN = frozenset(
    {"shake", "tear", "rip", "rock", "break", "damage", "destroy", "wreck", "gut", "wound", "injure", "rattle", "leave"}
    | {"devastate", "sweep", "engulf", "trap", "flatten", "shatter", "level", "cause", "disrupt", "blow", "cut", "open"}
)
"""What an attack, a blast or a flood does to people and things; its clause is the event's own."""
_SPEECH = frozenset({"say", "announce", "declare", "tell", "claim", "state", "add", "vow", "warn", "promise"})


HARM = "casualties"
"""The `other_type` of a count of people harmed where the document tells of no deed that harmed them."""
INCIDENT = "incident"
"""The `other_type` of a noun that only takes up an event told before ("this incident")."""
_TAKING_UP = frozenset({"incident", "tragedy", "ordeal", "situation", "disaster", "catastrophe", "calamity"})
_POINTING = frozenset({"the", "this", "that"})
_EXPLODING = frozenset({"explode", "blow"})
_BURSTING = frozenset({"bomber", "attacker", "himself", "herself", "themselves", "itself", "ied", "vest"})


_WALKOUT = Sense("PROTEST", "strike")
_GROUND = frozenset({"GPE", "LOC", "FAC"})


class Trigger(NamedTuple):
    """Token `at` tells of an event in the given sense. `verb` is the light verb that carries a noun, or -1."""

    tree: Tree
    at: int
    sense: Sense
    noun: bool
    verb: int


def find_triggers(tree: Tree) -> list[Trigger]:
    """Return the triggers of `tree` in text order."""
    words = lexicon()
    found = {t.at: t for i, lemma in enumerate(tree.lemmas) for t in _at(tree, i, lemma, words.verbs, words.nouns)}
    if found:
        _blame_nature(tree, found)
        _threats(tree, found)
    return [trigger for at, trigger in sorted(found.items()) if not _doubled(trigger, found)]


def _at(
    tree: Tree, i: int, lemma: str, verbs: dict[str, tuple[Entry, ...]], nouns: dict[str, tuple[Entry, ...]]
) -> Iterator[Trigger]:
    pos = tree.pos[i]
    if pos == "VERB":
        if lemma not in verbs or tree.deps[i] in _NO_TRIGGER:
            return
        if sense := _verb_sense(tree, i, verbs[lemma]) or _by_frame(tree, i, lemma):
            yield Trigger(tree, i, _explosion(tree, i, lemma) or _in_future(tree, i, sense), False, -1)
        return
    if lemma == "exercise" and pos == "PROPN" and i + 1 < len(tree) and tree.pos[i + 1] == "PROPN":
        yield Trigger(tree, i, Sense("MOBILIZE", "exercise"), True, -1)
        return
    if lemma in _TAKING_UP and _pointed(tree, i):
        yield Trigger(tree, i, Sense("OTHER", "", INCIDENT), True, -1)
        return
    if is_built(tree, i):
        return
    sayable = (pos == "NOUN" or (pos == "PROPN" and lemma != "march")) and tree.deps[i] not in _NO_TRIGGER
    entries = (nouns.get(lemma) or nouns.get(tree.lowers[i])) if sayable else None
    if entries and (found := meaning(entries, _near_noun(tree, i))):
        blow = found == _WALKOUT and _falls_on(tree, i)
        yield Trigger(tree, i, Sense("ASSAULT") if blow else found, True, carrier(tree, i))


def _by_frame(tree: Tree, i: int, lemma: str) -> Sense | None:
    """“Fired into the air”, “those held since Sunday”: the words around say less than how they are tied to the verb."""
    passive = bool(tree.kids_as(i, "auxpass")) or (tree.deps[i] == "acl" and tree.tags[i] == "VBN")
    if lemma == "fire" and not passive and not tree.kids_as(i, "dobj"):
        aims = [p for p in tree.kids_as(i, "prep") if tree.lowers[p] in _AIMING]
        if any(tree.ents[o] not in {"DATE", "TIME"} for p in aims for o in tree.kids_as(p, "pobj")):
            return Sense("ASSAULT", "firearms")
    if lemma == "hold" and passive:
        held = tree.kids_as(i, "nsubjpass") or ([tree.heads[i]] if tree.deps[i] == "acl" else [])
        if any(tree.lemmas[h] in _DETAINED or tree.lowers[h] in _DETAINED for h in held):
            return Sense("COERCE", "arrest")
    return None


def is_built(tree: Tree, i: int) -> bool:
    """True for a barrage across a river: it bears a name ("the Selby barrage"), or is blown up, broken or repaired."""
    if tree.lemmas[i] != "barrage":
        return False
    if any(tree.pos[k] == "PROPN" and not demonym_of(tree.words[k]) for k in tree.kids_as(i, "compound")):
        return True
    verb = tree.heads[i]
    return tree.deps[i] in {"dobj", "nsubjpass"} and (
        tree.lemmas[verb] in harm().damage
        or tree.lemmas[verb] in {"blow", "break", "breach", "repair", "build", "rebuild"}
    )


_AIMING = frozenset({"into", "at", "on", "upon", "toward", "towards"})
_DETAINED = frozenset(
    {"those", "he", "she", "they", "who", "people", "man", "woman", "suspect", "detainee", "prisoner", "activist"}
    | {"journalist", "protester", "demonstrator", "student", "worker", "fighter", "soldier", "officer", "leader"}
)


def _pointed(tree: Tree, i: int) -> bool:
    """True for "this incident" and "Thursday's disaster", which take up what was told."""
    kids = [k for k in tree.kids[i] if tree.deps[k] not in {"punct", "prep", "relcl"}]
    return len(kids) == 1 and (tree.lowers[kids[0]] in _POINTING or tree.ents[kids[0]] in {"DATE", "TIME"})


def _explosion(tree: Tree, i: int, lemma: str) -> Sense | None:
    """What blows up by itself and is no bomb only exploded: nobody is said to have done it."""
    if lemma not in _EXPLODING or tree.kids_as(i, "dobj", "nsubjpass", "auxpass", "agent"):
        return None
    subjects = tree.kids_as(i, "nsubj")
    armed = any(tree.lemmas[s] in harm().weapons or tree.lemmas[s] in _BURSTING for s in subjects)
    return Sense("OTHER", "", "explosion") if subjects and not armed else None


def _falls_on(tree: Tree, i: int) -> bool:
    """True for "a strike on the ship", unless somebody is "on strike" there."""
    struck = [o for p in tree.kids_as(i, "prep") if tree.lowers[p] == "on" for o in tree.kids_as(p, "pobj")]
    if tree.lemmas[tree.heads[i]] in {"on", "go"} or any(tree.tags[k] == "NN" for k in tree.kids_as(i, "compound")):
        return False
    return any(tree.lemmas[o] in harm().struck or tree.ents[o] in _GROUND for o in struck)


def _verb_sense(tree: Tree, i: int, entries: tuple[Entry, ...]) -> Sense | None:
    around = {tree.lemmas[s] for s in _shared_subjects(tree, i)}
    has_object = tree.deps[i] in {"acl", "relcl"} and tree.tags[i] in {"VBN", "VBD"}
    if has_object:
        around.add(tree.lemmas[tree.heads[i]])
    for kid in tree.kids[i]:
        dep = tree.deps[kid]
        if dep in {"aux", "auxpass", "punct"}:
            continue
        around.update((tree.lemmas[kid], tree.lowers[kid]))
        if dep in _OBJECTS:
            has_object = True
            _add_phrase(tree, kid, around)
        elif dep in {"prep", "agent", "xcomp", "ccomp", "prt", "advmod"}:
            for inner in tree.kids_as(kid, "pobj", "dobj", "pcomp", "prep", "nsubj", "acomp"):
                _add_phrase(tree, inner, around)
    return meaning(entries, frozenset(around), has_object)


def _shared_subjects(tree: Tree, i: int) -> list[int]:
    """Return the subjects of the verb that `i` is joined to: “the vessel took in water and sank”."""
    joined = tree.deps[i] == "conj" and not tree.kids_as(i, "nsubj", "nsubjpass")
    return tree.kids_as(tree.heads[i], "nsubj", "nsubjpass") if joined else []


def _add_phrase(tree: Tree, i: int, around: set[str]) -> None:
    for j in tree.conjuncts(i):
        around.update((tree.lemmas[j], tree.lowers[j]))
        for kid in tree.kids[j]:
            if tree.deps[kid] in _INNER:
                around.add(tree.lemmas[kid])
            elif tree.deps[kid] == "prep":
                around.update(tree.lemmas[k] for k in tree.kids_as(kid, "pobj"))


def _near_noun(tree: Tree, i: int) -> frozenset[str]:
    near = {tree.lemmas[tree.heads[i]]} if tree.deps[i] in _CARRYING | {"conj"} else set()
    if tree.deps[i] == "pobj":
        near.add(tree.lemmas[tree.heads[tree.heads[i]]])
    for kid in tree.kids[i]:
        if tree.deps[kid] == "det":
            near.add(tree.lowers[kid])
        elif tree.deps[kid] in _AROUND_NOUN:
            near.update((tree.lemmas[kid], tree.lowers[kid]))
            near.update(tree.lemmas[k] for k in tree.kids[kid])
        elif tree.deps[kid] == "prep":
            near.add(tree.lowers[kid])
            for inner in tree.kids_as(kid, "pobj"):
                _add_phrase(tree, inner, near)
    return frozenset(near)


def carrier(tree: Tree, i: int) -> int:
    """Return the light verb that carries the event noun `i` ("carried out an attack"), or -1."""
    head = tree.heads[i]
    if tree.deps[i] in {"dobj", "nsubjpass", "nsubj"} and tree.lemmas[head] in LIGHT and tree.pos[head] == "VERB":
        return head
    if tree.deps[i] == "attr" or (tree.deps[i] == "nsubj" and tree.lemmas[head] in _STRIKING_DOWN):
        return head
    return -1


def _doubled(trigger: Trigger, found: dict[int, Trigger]) -> bool:
    """True where another trigger tells the same better: the noun of "launch an attack", the verb of "hold talks"."""
    if trigger.noun:
        head = trigger.tree.heads[trigger.at]
        above = trigger.tree.lemmas[head] == "on" or (trigger.tree.lemmas[head] in {"in", "into"} and _held(trigger))
        verb = found.get(trigger.tree.heads[head]) if above else found.get(head)
        return (
            verb is not None
            and not verb.noun
            and verb.tree.lemmas[verb.at] not in LIGHT
            and (verb.sense.type == trigger.sense.type or trigger.sense.type == "AGREE")
            and trigger.tree.deps[trigger.at] in {"dobj", "nsubjpass", "pobj"}
        )
    tree, at = trigger.tree, trigger.at
    if tree.deps[at] == "acl" and tree.tags[at] == "VBN" and (told := _noun_told(tree, at, found)):
        return told.sense.type == trigger.sense.type
    if tree.lemmas[at] not in LIGHT:
        return False
    return any(
        k in found and found[k].noun and found[k].sense.type == trigger.sense.type
        for k in trigger.tree.kids_as(trigger.at, "dobj", "nsubjpass", "nsubj")
    )


def _held(trigger: Trigger) -> bool:
    return trigger.tree.lemmas[trigger.at] in {"custody", "detention", "confinement"}


def _blame_nature(tree: Tree, found: dict[int, Trigger]) -> None:
    """Harm in a sentence that tells of an accident or a disaster, and of no other deed, is that event's doing."""
    sentences: dict[tuple[int, int], list[Trigger]] = {}
    for trigger in found.values():
        sentences.setdefault(tree.sentence[trigger.at], []).append(trigger)
    for triggers in sentences.values():
        causes = [t for t in triggers if t.sense.other_type in _BLIND]
        harm = [t for t in triggers if tree.lemmas[t.at] in OUTCOMES or (tree.lemmas[t.at] in _STRIKING and not t.noun)]
        if causes and not any(t.sense.type == "ASSAULT" for t in triggers if t not in harm):
            for trigger in harm:
                found[trigger.at] = trigger._replace(sense=causes[0].sense)


def _threats(tree: Tree, found: dict[int, Trigger]) -> None:
    """Give a threat the mode of what is threatened."""
    for at, trigger in list(found.items()):
        if trigger.sense == Sense("THREATEN"):
            deeds = [found[k].sense for k in tree.kids_as(at, "xcomp", "dobj", "ccomp") if k in found]
            if deeds and deeds[0].type in HOSTILE:
                found[at] = trigger._replace(sense=threatened(deeds[0]))


_BLIND = frozenset({"accident", "natural disaster", "disease"})
_STRIKING = frozenset({"hit", "strike"})
OUTCOMES = frozenset(
    {"kill", "wound", "injure", "die", "destroy", "damage", "murder", "slay", "maim", "hurt", "displace"}
    | {"death", "killing", "injury"}
)
"""Words that tell what a deed did to people and things rather than the deed."""


def _noun_told(tree: Tree, at: int, found: dict[int, Trigger]) -> Trigger | None:
    """Return the event noun that a participle qualifies: "a barrage of rockets launched by"."""
    noun = tree.heads[at]
    above = tree.heads[tree.heads[noun]] if tree.deps[noun] == "pobj" else noun
    return found.get(noun) or found.get(above)


def _in_future(tree: Tree, i: int, sense: Sense) -> Sense:
    """A cooperative deed that is announced is an agreement, a hostile one that its doer announces a threat (PLOVER)."""
    modal = {tree.lowers[k] for k in tree.kids_as(i, "aux")}
    if modal & {"will", "'ll", "’ll"} and sense.type in COOPERATIVE:
        return Sense("AGREE")
    if modal & {"will", "would", "'ll", "’ll"} and sense.type in HOSTILE and _announced_by_doer(tree, i):
        return threatened(sense)
    return sense


def _announced_by_doer(tree: Tree, i: int) -> bool:
    subjects = tree.kids_as(i, "nsubj")
    return (
        tree.deps[i] == "ccomp"
        and tree.lemmas[tree.heads[i]] in _SPEECH
        and any(tree.lowers[s] in {"it", "they", "he", "she", "we", "i"} for s in subjects)
    )
