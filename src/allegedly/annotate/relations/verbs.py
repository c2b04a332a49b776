"""Ties that verbs, adjectives and set phrases tell: "X backs Y", "X is hostile to Y", "in the pay of Y"."""

from __future__ import annotations

from collections.abc import Iterator

from allegedly.annotate.actors.kinds import kind_of_noun
from allegedly.annotate.events.roles import subjects
from allegedly.annotate.relations.lexicon import Frame, frames, kinds
from allegedly.annotate.relations.scene import Scene, Tie, denied, follows, nobody, reached
from allegedly.annotate.tree import Tree
from allegedly.records import RelationType

EXAMPLES = frozenset({"like", "including", "as"})


def verb_ties(scene: Scene, i: int) -> Iterator[Tie]:
    """Yield the ties that the word at `i` tells, a verb, participle, adjective or preposition."""
    tree = scene.tree
    pos, lemma = tree.pos[i], tree.lemmas[i]
    if tree.lowers[i] in kinds("participles") and tree.deps[i] == "amod":
        yield from _hyphenated(scene, i, kinds("participles")[tree.lowers[i]])
    elif pos == "VERB":
        for frame in frames("verbs").get(lemma, ()):
            yield from _framed(scene, i, frame)
    if pos in {"VERB", "ADJ"}:
        for frame in frames("adjectives").get(tree.lowers[i], ()):
            yield from _adjective(scene, i, frame)
    elif pos in {"ADP", "ADV"}:
        for frame in frames("phrases").get(tree.lowers[i], ()):
            yield from _phrase(scene, i, frame)


def _framed(scene: Scene, i: int, frame: Frame) -> Iterator[Tie]:
    tree = scene.tree
    passive = bool(tree.kids_as(i, "auxpass", "nsubjpass")) or (
        tree.deps[i] in {"acl", "advcl"} and tree.tags[i] == "VBN"
    )
    doers, others = subjects(tree, i), reached(tree, i, frame.steps)
    if passive and not frame.steps:
        agents = [a for a in tree.kids_as(i, "agent", "prep") if tree.lowers[a] == "by"]
        doers, others = [o for a in agents for o in tree.kids_as(a, "pobj")], doers
    if not others and frame.type in _MUTUAL and len(both := scene.all_of(doers)) == 2 and _each_other(tree, i, frame):
        yield Tie(frame.type, both[0], both[1], tree.span(min(i, *doers), i), denied(tree, i), True)
    passive = passive and not frame.steps  # “is allied with”
    if not doers or not others or not follows(tree, i, frame.after):
        return
    told = tree.span(i, max([i, *doers]) if passive else max([i, *others]))
    no = denied(tree, i, *_between(tree, i, frame)) or nobody(tree, doers)
    for first in scene.all_of(doers) if passive else scene.borne(doers):
        for second in scene.borne(others) if passive else scene.all_of(others):
            yield _tie(frame, first, second)._replace(evidence=told, negated=no, asserted=True)


_MUTUAL = frozenset({"ally", "cooperates", "hostile"})


def _each_other(tree: Tree, i: int, frame: Frame) -> bool:
    """True for “X and Y signed a pact”, “X and Y agreed to cooperate”: the pattern without its last preposition."""
    return (
        bool(frame.steps)
        and follows(tree, i, frame.steps[:-1])
        and not tree.kids_as(i, "dobj" if len(frame.steps) < 2 else "xcomp")
    )


def _between(tree: Tree, i: int, frame: Frame) -> list[int]:
    """Return the object of a pattern that has one of its own: "has no pact with Y" is negated there."""
    return [k for k in tree.kids_as(i, "dobj") if frame.steps and tree.lemmas[k] in frame.steps[0]]


def _tie(frame: Frame, first: str, second: str) -> Tie:
    subject, other = (second, first) if frame.flipped else (first, second)
    return Tie(frame.type, subject, other, (0, 0))


def _adjective(scene: Scene, i: int, frame: Frame) -> Iterator[Tie]:
    """ "X is hostile to Y", "X, hostile to Y", "they regard X as hostile to Y"."""
    tree = scene.tree
    objects = reached(tree, i, frame.steps)
    if not objects:
        return
    evidence = tree.span(i, max(objects))
    for subject in scene.borne(described(tree, i)):
        for other in scene.all_of(objects):
            yield Tie(frame.type, subject, other, evidence, denied(tree, i, tree.heads[i]), tree.deps[i] == "acomp")


def _phrase(scene: Scene, i: int, frame: Frame) -> Iterator[Tie]:
    """ "X is at odds with Y", "a paper in the pay of Y"."""
    tree = scene.tree
    head = tree.heads[i]
    if tree.deps[i] not in {"prep", "advmod", "acomp"} or (frame.flipped and tree.lemmas[head] != "be"):
        return
    objects = reached(tree, i, frame.steps)
    bearers = subjects(tree, head) if tree.pos[head] in {"VERB", "AUX"} else [head]
    if not objects or not bearers:
        return
    evidence = tree.span(i, max([i, *objects]))
    for subject in scene.borne(bearers):
        for other in scene.all_of(objects):
            no, says = denied(tree, i, head), tree.pos[head] in {"VERB", "AUX"}
            yield _tie(frame, subject, other)._replace(evidence=evidence, negated=no, asserted=says)


def described(tree: Tree, i: int) -> list[int]:
    """Return what the adjective, or the noun after "as", at `i` is said of."""
    head = tree.heads[i]
    if tree.lowers[head] == "as":
        verb = tree.heads[head]
        relative = tree.deps[verb] == "relcl"
        return [tree.heads[verb] if relative and tree.tags[w] == "WDT" else w for w in tree.kids_as(verb, "dobj")]
    return subjects(tree, head) if tree.deps[i] == "acomp" else [head]


def _hyphenated(scene: Scene, i: int, kind: RelationType) -> Iterator[Tie]:
    """ "X-backed Y": an armed group that a state backs is told of as its proxy."""
    tree = scene.tree
    head = tree.heads[i]
    backers = scene.all_of([k for k in tree.kids[i] if k < i and tree.pos[k] in {"PROPN", "ADJ", "NOUN"}])
    heads = tree.kids_as(head, "appos")
    heads += tree.after(head, *EXAMPLES)
    last = max([head, *heads])
    for backer in backers:
        for backed in scene.all_of(heads) or scene.all_of([head]):
            evidence = tree.span(tree.base(head), last)
            armed = "armed-group" in {scene.cast[backed].kind, kind_of_noun(tree.lemmas[head])}
            if kind == "supports" and armed:
                yield Tie("proxy-of", backed, backer, evidence)
            elif kind == "supports":
                yield Tie(kind, backer, backed, evidence)
            else:
                yield Tie(kind, backed, backer, evidence)
