"""Actors that a text describes instead of naming: "a gunman", "Turkish police", "officials of the ministry"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from allegedly.annotate.kinds import kind_of_noun, kinds
from allegedly.annotate.tree import Tree
from allegedly.records import ActorKind

_NO_ACTOR = frozenset({"compound", "amod", "nmod", "npadvmod", "attr", "dep"})
_VAGUE = frozenset(
    {"people", "public", "community", "youth", "child", "baby", "man", "woman", "group", "movement", "school", "church"}
)
_OWNING = frozenset({"belong", "link", "run", "own", "affiliate", "control", "connect", "tie", "operate", "manage"})
_DEFINITE = frozenset({"the", "this", "that", "these", "those"})


class Description(NamedTuple):
    """A common-noun phrase that names an actor; token indices, `first` to `head` being the base phrase."""

    head: int
    first: int
    lemma: str
    kind: ActorKind
    definite: bool
    modifiers: tuple[int, ...]
    apposed: tuple[int, ...]
    """Heads of the phrases in apposition: the actor's name may stand there."""
    owners: tuple[int, ...]
    """Tokens that say whose it is: genitive, ``of``, ``belonging to``."""


def find_described(tree: Tree, named: list[bool]) -> Iterator[Description]:
    """Yield the descriptions in `tree`; `named[i]` says that token `i` is already part of a name."""
    nouns = kinds().nouns
    for i, lemma in enumerate(tree.lemmas):
        if lemma in nouns and not named[i] and tree.pos[i] in {"NOUN", "PROPN"} and tree.deps[i] not in _NO_ACTOR:
            found = _described(tree, i, lemma)
            if found:
                yield found


def _described(tree: Tree, head: int, lemma: str) -> Description | None:
    first = tree.base(head)
    modifiers = tuple(i for i in range(first, head) if tree.pos[i] not in {"DET", "PUNCT", "PART", "PRON"})
    kind = kind_of_noun(
        lemma, frozenset(tree.lemmas[i] for i in modifiers) | frozenset(tree.lowers[i] for i in modifiers)
    )
    if kind is None or (lemma in _VAGUE and not modifiers):
        return None
    apposed = tuple(tree.kids_as(head, "appos"))
    if tree.deps[head] == "appos":
        apposed += (tree.heads[head],)
    return Description(head, first, lemma, kind, _definite(tree, first), modifiers, apposed, _owners(tree, head))


def _definite(tree: Tree, first: int) -> bool:
    return tree.lowers[first] in _DEFINITE


def _owners(tree: Tree, head: int) -> tuple[int, ...]:
    found = tree.kids_as(head, "poss")
    for kid in tree.kids[head]:
        if tree.deps[kid] == "prep" and tree.lowers[kid] in {"of", "for", "from", "at"}:
            found += tree.kids_as(kid, "pobj")
        elif tree.deps[kid] in {"acl", "relcl"} and tree.lemmas[kid] in _OWNING:
            found += [o for p in tree.kids_as(kid, "prep", "agent") for o in tree.kids_as(p, "pobj")]
    return tuple(found)


def phrase(tree: Tree, description: Description) -> str:
    """Return the base phrase without its article or genitive, as it stands."""
    owners = {t for o in description.owners if o < description.head for t in tree.subtree(o)}
    words = [
        tree.words[i]
        for i in range(description.first, description.head + 1)
        if i not in owners and tree.pos[i] not in {"DET", "PUNCT", "PRON"}
    ]
    return " ".join(words)
