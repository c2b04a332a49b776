"""Nouns that say too little by themselves and take their sense from what their document tells elsewhere.

"The strike" is a walkout where dockers walk out, and a blow where missiles fly: one sense a document.
"""

from __future__ import annotations

from collections.abc import Sequence

from allegedly.annotate.events.triggers import INCIDENT, Trigger, carrier, is_built
from allegedly.annotate.plover import Sense, lexicon
from allegedly.annotate.tree import Tree

_KIN = (
    frozenset({"strike", "walkout", "walk-out", "walk", "stoppage", "action"}),
    frozenset({"fire", "blaze", "inferno", "ignite", "burn", "explosion", "blast", "flame"}),
    frozenset({"vote", "ballot", "poll", "election", "referendum", "runoff", "voting", "plebiscite", "rerun", "count"}),
    frozenset({"collapse", "cave-in", "cave", "fall", "disaster"}),
    frozenset({"breach", "break", "burst", "failure", "fail", "rupture", "collapse", "give"}),
    frozenset({"barrage", "salvo", "volley", "bombardment", "launch", "fire", "strike", "shelling"}),
    frozenset({"rescue", "search", "operation", "dig"}),
    frozenset({"raid", "attack", "assault", "offensive", "operation", "strike"}),
    frozenset({"sanction", "measure", "freeze", "embargo", "restriction", "punishment", "impose"}),
    frozenset({"leak", "spill", "spillage", "release", "discharge"}),
    frozenset({"blockade", "occupation", "picket", "block", "occupy"}),
    frozenset({"talk", "talks", "meeting", "negotiation", "dialogue", "hold"}),
    frozenset({"complaint", "petition", "suit", "lawsuit", "case", "file", "lodge"}),
    frozenset({"ruling", "verdict", "sentence", "judgment", "convict"}),
    frozenset({"intrusion", "breach", "hack", "attack", "cyberattack"}),
)
"""Words that name the same happening; the noun that is taken up must be one of them, and so must what it takes up."""
_PLAIN = frozenset({"measure", "action", "case", "operation", "fall", "break", "count"})
"""Nouns that mean an event only where a definite word stands before them and nothing is added after "of"."""
_NEVER_TAKEN = frozenset({"compound", "nmod", "npadvmod", "amod"})
_POINTING = frozenset({"the", "this", "that", "these", "those"})


def resume(trees: Sequence[Tree], found: Sequence[Sequence[Trigger]]) -> list[list[Trigger]]:
    """Return the triggers of each tree with those added that take up a sense told elsewhere in the document."""
    senses: dict[str, list[tuple[int, int, Sense]]] = {}
    for number, triggers in enumerate(found):
        for trigger in triggers:
            if trigger.sense.other_type != INCIDENT:
                told = number, trigger.at, trigger.sense
                senses.setdefault(trigger.tree.lemmas[trigger.at], []).append(told)
    return [
        sorted([*triggers, *_added(tree, number, triggers, senses)], key=lambda t: t.at) if senses else list(triggers)
        for number, (tree, triggers) in enumerate(zip(trees, found, strict=True))
    ]


def _added(
    tree: Tree, number: int, triggers: Sequence[Trigger], senses: dict[str, list[tuple[int, int, Sense]]]
) -> list[Trigger]:
    taken = {t.at for t in triggers}
    verbs = {t.at for t in triggers if not t.noun}
    added = []
    for i, lemma in enumerate(tree.lemmas):
        if lemma not in _NOUNS or i in taken or tree.pos[i] != "NOUN" or tree.deps[i] in _NEVER_TAKEN:
            continue
        if not _definite(tree, i) or _otherwise(tree, i) or (tree.heads[i] in verbs and tree.deps[i] == "dobj"):
            continue
        told = [t for kin in _KIN if lemma in kin for word in kin for t in senses.get(word, ())]
        if told:
            before = [t for t in told if t[:2] < (number, i)]
            sense = max(before)[2] if before else min(told)[2]
            added.append(Trigger(tree, i, sense, True, carrier(tree, i)))
    return added


def _definite(tree: Tree, i: int) -> bool:
    pointed = any(tree.lowers[k] in _POINTING for k in tree.kids_as(i, "det"))
    if tree.lemmas[i] in _PLAIN:
        return pointed and not any(tree.lowers[k] == "of" for k in tree.kids_as(i, "prep"))
    return pointed or bool(tree.kids_as(i, "poss"))


def _otherwise(tree: Tree, i: int) -> bool:
    """True where a word beside the noun says that it means something else ("the market share")."""
    beside = {tree.lemmas[k] for k in tree.kids[i]}
    return is_built(tree, i) or any(
        not entry.never.isdisjoint(beside) for entry in lexicon().nouns.get(tree.lemmas[i], ())
    )


_NOUNS = frozenset().union(*_KIN)
