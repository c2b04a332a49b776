"""Actors that a text describes instead of naming: "a gunman", "Turkish police", "officials of the ministry"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from allegedly.annotate.actors.kinds import kind_of_noun, kinds
from allegedly.annotate.places.gazetteer import demonym_of
from allegedly.annotate.plover import lexicon
from allegedly.annotate.tree import Tree
from allegedly.records import ActorKind

_NO_ACTOR = frozenset({"compound", "amod", "nmod", "npadvmod", "attr", "dep"})
_VAGUE = frozenset(
    {"people", "public", "community", "youth", "child", "baby", "man", "woman", "group", "movement", "school", "church"}
)
_OWNING = frozenset({"belong", "link", "run", "own", "affiliate", "control", "connect", "tie", "operate", "manage"})
_LIGHT = frozenset({"DET", "PUNCT", "PRON", "ADV", "PART"})
_HEDGES = frozenset(
    {"as", "many", "more", "than", "least", "at", "up", "to", "some", "other", "several", "such", "former"}
)
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
        word = lemma if lemma in nouns else tree.lowers[i]
        if word in nouns and not named[i] and tree.pos[i] in {"NOUN", "PROPN"} and _stands_alone(tree, i):
            found = _described(tree, i, word, named)
            if found:
                yield found


def _stands_alone(tree: Tree, i: int) -> bool:
    """True for the head of a phrase, and for the target inside one ("the embassy attack")."""
    target = tree.deps[i] == "compound" and tree.lemmas[tree.heads[i]] in lexicon().nouns
    return target or tree.deps[i] not in _NO_ACTOR or bool(tree.kids_as(i, "cc"))


def _described(tree: Tree, head: int, lemma: str, named: list[bool]) -> Description | None:
    first = tree.base(head)
    if tree.deps[head] == "compound" and first == head and head and demonym_of(tree.words[head - 1]):
        first = head - 1
    if first == head and _shares_head(tree, head, named):
        first = head - 1
    modifiers = tuple(i for i in range(first, head) if tree.pos[i] not in {"DET", "PUNCT", "PART", "PRON"})
    kind = kind_of_noun(
        lemma, frozenset(tree.lemmas[i] for i in modifiers) | frozenset(tree.lowers[i] for i in modifiers)
    )
    if kind is None or (not modifiers and (lemma in _VAGUE or (kind == "organisation" and _possessed(tree, first)))):
        return None
    apposed = (*tree.kids_as(head, "appos"), *_name_after(tree, head, named))
    if tree.deps[head] == "appos":
        apposed += (tree.heads[head],)
    if kind == "unnamed":
        apposed += tuple(a for o in _owners(tree, head) for a in tree.kids_as(o, "appos"))
    return Description(head, first, lemma, kind, _definite(tree, first), modifiers, apposed, _owners(tree, head))


def _shares_head(tree: Tree, head: int, named: list[bool]) -> bool:
    """True for "officials" in "Some media and ABC officials", where the parser hangs the name on the other phrase."""
    before = head - 1
    return before >= 0 and named[before] and tree.deps[before] == "conj" and tree.heads[tree.heads[before]] == head


def _name_after(tree: Tree, head: int, named: list[bool]) -> tuple[int, ...]:
    """Return where a name follows at once: "the journal Some Name", "its proxy the Some Front"."""
    after = head + 2 if head + 1 < len(tree) and tree.lowers[head + 1] == "the" else head + 1
    return (after,) if after < len(tree) and named[after] else ()


def _possessed(tree: Tree, first: int) -> bool:
    return tree.tags[first] == "PRP$"


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
    """Return the base phrase without its article, genitive or adverbs, as it stands."""
    first = max((tree.edges(o)[1] + 1 for o in description.owners if o < description.head), default=description.first)
    while first < description.head and (
        tree.pos[first] in _LIGHT or tree.deps[first] == "case" or tree.lowers[first] in _HEDGES
    ):
        first += 1
    return tree.text(first, description.head)
