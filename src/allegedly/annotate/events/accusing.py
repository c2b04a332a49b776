"""Deeds that one lays at another's door: "accused the rebels of shelling the port"."""

from __future__ import annotations

from allegedly.annotate.tree import Tree

_ACCUSING = frozenset(
    {"accuse", "blame", "suspect", "charge", "fault", "indict", "denounce", "condemn", "criticise", "criticize"}
)
_LINKS = frozenset({"of", "for", "with", "over"})


def accusation(tree: Tree, verb: int) -> int | None:
    """Return the accusing verb above the gerund `verb`, or None where nobody is accused of the deed."""
    while tree.deps[verb] == "conj" and tree.tags[tree.heads[verb]] == "VBG":
        verb = tree.heads[verb]
    prep = tree.heads[verb]
    if tree.deps[verb] != "pcomp" or tree.lowers[prep] not in _LINKS:
        return None
    return next((i for i in [tree.heads[prep], *tree.up(tree.heads[prep])[:2]] if _accuses(tree, i, prep)), None)


def accused(tree: Tree, verb: int) -> list[int]:
    """Return whom the accusing verb `verb` blames: its object, or its subject in the passive."""
    if tree.kids_as(verb, "auxpass", "nsubjpass"):
        return tree.kids_as(verb, "nsubjpass")
    found = tree.kids_as(verb, "dobj")
    relative = tree.deps[verb] == "relcl" and (not found or tree.tags[found[0]] in {"WP", "WDT"})
    bearer = relative or (tree.deps[verb] == "acl" and tree.tags[verb] == "VBN")
    return [tree.heads[verb]] if bearer else found


def _accuses(tree: Tree, i: int, prep: int) -> bool:
    """The preposition hangs on the verb, or by a slip of the parser on its object."""
    near = tree.heads[prep] == i or tree.heads[prep] in tree.kids_as(i, "dobj", "nsubjpass")
    return tree.lemmas[i] in _ACCUSING and tree.pos[i] == "VERB" and near
