"""Damage that one sentence tells of, on a scale from none to complete."""

from __future__ import annotations

from collections.abc import Iterator

from allegedly.annotate.events.harm import harm
from allegedly.annotate.tree import Tree
from allegedly.records import Damage

_THINGS = frozenset(
    {"hope", "dream", "reputation", "economy", "trust", "career", "relation", "relationship", "credibility"}
)


def find_damage(tree: Tree, first: int, stop: int) -> Iterator[tuple[int, Damage]]:
    """Yield ``(token, damage)`` for every word of damage in the tokens `first` to `stop`."""
    words = harm().damage
    for i in range(first, stop):
        if tree.lemmas[i] not in words and tree.lowers[i] not in words:
            continue
        degree = words.get(tree.lemmas[i], words.get(tree.lowers[i], 2))
        if tree.pos[i] == "NOUN" and tree.lemmas[i] == "damage":
            if (found := _noun_damage(tree, i)) is not None:
                yield i, found
            continue
        telling = tree.pos[i] in {"VERB", "ADJ"} and tree.deps[i] not in {"amod", "compound"}
        if telling and (found := _verb_damage(tree, i, degree)) is not None:
            yield i, found


def _verb_damage(tree: Tree, i: int, degree: int) -> Damage | None:
    adverbs = [k for k in tree.kids_as(i, "advmod", "npadvmod") if tree.lowers[k] in harm().degree]
    if adverbs:
        degree = harm().degree[tree.lowers[adverbs[0]]]
    burnt = tree.lemmas[i] == "burn" and not tree.kids_as(i, "dobj", "nsubjpass")
    if burnt and not adverbs and _to_the_ground(tree, i):
        degree = 4
    things = (
        tree.kids_as(i, "nsubjpass")
        or tree.kids_as(i, "dobj")
        or (tree.kids_as(i, "nsubj") if tree.pos[i] == "ADJ" or burnt else [])
    )
    if tree.kids_as(i, "neg") and (adverbs or _quoted(tree, i)):
        return None  # “not slightly damaged” may be more than that or less
    if tree.kids_as(i, "neg") or any(_none_of(tree, t) for t in things):
        degree = 0
    things = things or (tree.kids_as(tree.heads[i], "nsubj") if tree.deps[i] in {"acomp", "oprd", "attr"} else [])
    if tree.deps[i] == "acl" and not things:
        things = [tree.heads[i]]
    if any(tree.lemmas[t] in _THINGS for t in things) or (not things and not degree):
        return None
    what = _thing(tree, things[0]) if things else ""
    return Damage(degree=degree, what=what, span=tree.span(min([i, *adverbs]), i))


def _quoted(tree: Tree, i: int) -> bool:
    """True for “it is not ‘slightly damaged’”: what is denied is somebody's word."""
    first = min([i, *tree.kids_as(i, "advmod", "npadvmod")])
    return first > 0 and tree.words[first - 1] in {'"', "“", "‘", "'", "«", "``"}


def _to_the_ground(tree: Tree, i: int) -> bool:
    """True for what “burned down”, “burned out” or “burned to the ground”."""
    ground = tree.after(i, "to")
    return bool(tree.kids_as(i, "prt")) or any(tree.lemmas[o] == "ground" for o in ground)


def _none_of(tree: Tree, i: int) -> bool:
    return tree.lowers[i] in {"none", "nothing"} or any(tree.lowers[k] == "no" for k in tree.kids_as(i, "det"))


def _thing(tree: Tree, head: int) -> str:
    if tree.lowers[head] == "none":
        head = next((o for p in tree.kids_as(head, "prep") for o in tree.kids_as(p, "pobj")), head)
    apposed = tree.kids_as(head, "appos")
    head = apposed[0] if apposed else head
    first = tree.base(head)
    return tree.text(first + (tree.lowers[first] == "no" and first < head), head)


def _noun_damage(tree: Tree, i: int) -> Damage | None:
    kids = [k for k in tree.kids_as(i, "amod", "det", "compound", "advmod", "neg") if tree.lowers[k] in harm().degree]
    if tree.lemmas[tree.heads[i]] == "be" and tree.deps[i] == "nsubj":
        kids += [k for k in tree.kids_as(tree.heads[i], "acomp") if tree.lowers[k] in harm().degree]
    kids += _said_to_be(tree, i)
    if not kids and not (tree.deps[i] in {"dobj", "nsubjpass"} and tree.lemmas[tree.heads[i]] in _SUFFER):
        return None
    degree = min((harm().degree[tree.lowers[k]] for k in kids), default=2)
    inner = tree.after(i, "to", "of", "on")
    inner += [o for a in tree.kids_as(i, "acl") for p in tree.kids_as(a, "prep") for o in tree.kids_as(p, "pobj")]
    subject = (
        tree.kids_as(tree.heads[i], "nsubj") if tree.deps[i] == "dobj" and tree.lemmas[tree.heads[i]] in _SUFFER else []
    )
    things = inner or subject
    return Damage(degree=degree, what=_thing(tree, things[0]) if things else "", span=tree.span(min([i, *kids]), i))


def _said_to_be(tree: Tree, i: int) -> list[int]:
    """Return the degree of “described the damage as slight”, “put the damage down as minor”."""
    verb = tree.heads[i]
    if tree.deps[i] not in {"dobj", "nsubjpass"} or tree.lemmas[verb] not in _RATING:
        return []
    said = [k for p in tree.kids_as(verb, "prep") if tree.lowers[p] == "as" for k in tree.subtree(p)]
    said += tree.kids_as(verb, "oprd", "acomp", "ccomp")
    return [k for k in said if tree.lowers[k] in harm().degree]


_RATING = frozenset({"describe", "call", "rate", "assess", "classify", "put", "characterize", "characterise", "judge"})
_SUFFER = frozenset({"suffer", "sustain", "receive", "report", "take", "see", "cause", "inflict"})
