"""Ties that nouns tell: "X, an ally of Y", "Y's proxy X", "X's support for Y", "the pact between X and Y"."""

from __future__ import annotations

from collections.abc import Iterator

from allegedly.annotate.actors.find import Cast
from allegedly.annotate.actors.names import INSTITUTIONS
from allegedly.annotate.events.roles import subjects
from allegedly.annotate.relations.lexicon import Frame, frames, kinds
from allegedly.annotate.relations.scene import Scene, Tie, denied, reached
from allegedly.annotate.relations.verbs import EXAMPLES, described
from allegedly.annotate.tree import Tree
from allegedly.records import RelationType, Span

_COPULAR = frozenset(
    {"be", "become", "remain", "constitute", "pose", "represent", "consider", "present", "call", "name"}
)


def noun_ties(scene: Scene, i: int) -> Iterator[Tie]:
    """Yield the ties that the noun at `i` tells."""
    lemma = scene.tree.lemmas[i]
    if lemma in kinds("roles") and scene.tree.pos[i] == "NOUN":
        yield from _role(scene, i, kinds("roles")[lemma])
    for frame in frames("nouns").get(lemma, ()):
        yield from _deed(scene, i, frame)
    yield from _owned(scene, i)


def _role(scene: Scene, i: int, kind: RelationType) -> Iterator[Tie]:
    """ "its ally X", "X, an ally of Y", "X is a threat to Y", "the Norland proxy X"."""
    tree = scene.tree
    bearers = _bearers(scene, i)
    others = _others(scene, i, kind)
    if kind == "threat-to" and not bearers:
        bearers = scene.all_of(tree.kids_as(i, "amod", "poss"))
    evidence = _evidence(tree, i, bearers, scene)
    for subject in bearers:
        for other in others:
            first, second = (other, subject) if kind == "ally" and tree.kids_as(i, "poss") else (subject, other)
            yield Tie(kind, first, second, evidence, denied(tree, i, tree.heads[i]), tree.deps[i] == "attr")


def _bearers(scene: Scene, i: int) -> list[str]:
    tree = scene.tree
    heads = tree.kids_as(i, "appos")
    after = i + 2 if i + 1 < len(tree) and tree.lowers[i + 1] in {"the", ","} else i + 1
    if after < len(tree) and tree.pos[after] == "PROPN" and tree.deps[after] != "pobj":
        heads.append(after)
    if tree.deps[i] == "appos":
        heads.append(tree.heads[i])
    if tree.deps[i] in {"attr", "dobj", "oprd"} and tree.lemmas[tree.heads[i]] in _COPULAR:
        called = tree.deps[i] == "oprd"
        heads += tree.kids_as(tree.heads[i], "dobj", "nsubjpass") if called else subjects(tree, tree.heads[i])
    heads += tree.after(i, *EXAMPLES)
    if tree.deps[i] == "pobj" and tree.lowers[tree.heads[i]] == "as":
        heads += described(tree, i)
    if (one := _one_of(tree, i)) is not None:
        return _bearers(scene, one)
    return scene.all_of(heads) or ([own] if (own := scene.who(i)) and "~" in own else [])


def _one_of(tree: Tree, i: int) -> int | None:
    """Return the “one” of “one of its closest allies”."""
    link = tree.heads[i]
    one = tree.heads[link]
    return one if tree.deps[i] == "pobj" and tree.lowers[link] == "of" and tree.lowers[one] == "one" else None


def _others(scene: Scene, i: int, kind: RelationType) -> list[str]:
    tree = scene.tree
    heads = tree.kids_as(i, "poss")
    if kind != "threat-to":
        heads += tree.kids_as(i, "amod", "compound", "nmod")
    heads += tree.after(i, "of", "to", "for")
    own = scene.who(i)
    return [actor for actor in scene.all_of(heads) if actor != own]


def _evidence(tree: Tree, i: int, bearers: list[str], scene: Scene) -> Span:
    """The phrase of the tie: the noun with its possessor and with the name beside it."""
    first, last = tree.base(i), i
    for kid in tree.kids[i]:
        if tree.deps[kid] == "poss":
            first = min(first, tree.edges(kid)[0])
        elif tree.deps[kid] in {"appos", "prep"}:
            last = max(last, *(tree.conjuncts(kid)), *(o for o in tree.kids_as(kid, "pobj")))
    if last == i and i + 1 < len(tree) and scene.who(min(i + 2, len(tree) - 1)) in bearers:
        last = min(i + 2, len(tree) - 1)
    return tree.span(first, last)


def _deed(scene: Scene, i: int, frame: Frame) -> Iterator[Tie]:
    """ "X's support for Y", "the support of X for Y", "Iranian aid to Y", "the feud between X and Y"."""
    tree = scene.tree
    others = reached(tree, i, frame.steps)
    between = tree.after(i, "between")
    if between:
        joined = scene.all_of(between)
        pairs = [(joined[0], joined[1])] if len(joined) == 2 else []
        last = max(k for o in between for k in tree.conjuncts(o))
    else:
        told = [*tree.kids_as(i, "poss", "amod", "compound"), *tree.after(i, "of", "from", "by")]
        doers = [d for d in told if d not in others]
        pairs = [(a, b) for a in scene.all_of(doers) for b in scene.all_of(others)]
        last = max([i, *others])
    for first, second in pairs:
        yield Tie(frame.type, first, second, tree.span(tree.base(i), last), denied(tree, i), False)


def _owned(scene: Scene, i: int) -> Iterator[Tie]:
    """ "the ABC's Some Force" is part of the ABC."""
    tree = scene.tree
    for owner in tree.kids_as(i, "poss"):
        whole, part = scene.who(owner), scene.who(i)
        if whole and part and owner not in scene.pronouns and _can_belong(scene.cast, part, whole):
            first = min(tree.base(i), tree.base(owner))
            yield Tie("part-of", part, whole, tree.span(first, max(i, owner)))


def _can_belong(cast: Cast, part: str, whole: str) -> bool:
    return cast[part].kind in INSTITUTIONS and cast[whole].kind in INSTITUTIONS and cast[part].part_of == whole
