"""How well attributions are found: the measures of `attribution.py`, over documents.

*Words* are maximal runs of letters and digits. *Who says what* (wsw): found and gold attributions are aligned one to
one, best first; a pair counts when its contents share half their words (intersection over union) and its sources share
a word, or neither has one. *Edges*: content equal in words to that of any attribution of the other side. *Tokens*:
words that bear a role, per role. An attribution is *direct* when nine tenths of its content stand in double quotation
marks, *indirect* when nothing does. Measures after Pareti (2015) and Newell et al. (2018).
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from gold.match import Index, Words

Span = tuple[int, int]
Counts = Counter[tuple[str, ...]]
"""By measure, kind or role, side ("p" or "r"), and "right" or "of"."""

ROLES = ("source", "cue", "content")


class Attribution(NamedTuple):
    """Spans of each role."""

    source: Sequence[Span]
    cue: Sequence[Span]
    content: Sequence[Span]


class Item(NamedTuple):
    """An attribution as sets of words. `index` is its place among those given."""

    index: int
    source: Words
    cue: Words
    content: Words
    kind: str


class Page:
    """A text cut into words, with those in quotation marks."""

    def __init__(self, text: str) -> None:
        self._index = Index(text)
        self._quoted = self.words(list(_quotations(text)))

    def words(self, spans: Sequence[Span]) -> Words:
        return self._index.words(spans)

    def items(self, attributions: Sequence[Attribution]) -> list[Item]:
        return [self._item(i, a) for i, a in enumerate(attributions) if any(a)]

    def _item(self, index: int, a: Attribution) -> Item:
        content = self.words(a.content)
        quoted = len(content & self._quoted)
        kind = (
            "none" if not content else "direct" if quoted >= 0.9 * len(content) else "mixed" if quoted else "indirect"
        )
        return Item(index, self.words(a.source), self.words(a.cue), content, kind)


def _quotations(text: str) -> Iterator[Span]:
    """Yield what stands in double quotation marks, paragraph by paragraph; an open mark runs to the paragraph's end."""
    at = 0
    for line in text.split("\n"):
        opened = -1
        for i, sign in enumerate(line):
            if opened < 0 and sign in '“"':
                opened = i
            elif opened >= 0 and sign in '”"':
                yield at + opened, at + i + 1
                opened = -1
        if opened >= 0:
            yield at + opened, at + len(line)
        at += len(line) + 1


def shared(a: Words, b: Words) -> float:
    """Return intersection over union, 1 where both are empty."""
    return len(a & b) / len(a | b) if a | b else 1.0


def aligned(found: Sequence[Item], gold: Sequence[Item]) -> dict[int, int]:
    """Return which of `gold` each of `found` stands for, by place: one to one, greedily, best first."""
    scored = [
        (-_alike(f, g), i, j)
        for i, f in enumerate(found)
        for j, g in enumerate(gold)
        if f.content & g.content or f.cue & g.cue
    ]
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, j in sorted(scored):
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return pairs


def _alike(f: Item, g: Item) -> float:
    return 2 * shared(f.content, g.content) + shared(f.cue, g.cue) + 0.5 * shared(f.source, g.source)


def says_what(f: Item, g: Item) -> bool:
    """True where content agrees by half and the source in a word."""
    return shared(f.content, g.content) >= 0.5 and (bool(f.source & g.source) or not (f.source or g.source))


def outermost(items: Sequence[Item]) -> list[Item]:
    """Return `items` without those that stand whole in another's content: PolNeAR marks no nesting."""
    return [a for a in items if not any(a.content | a.cue < b.content for b in items if b is not a)]


def count(found: Sequence[Item], gold: Sequence[Item], right: set[int] | None = None) -> Counts:
    """Return the sums that `figure` reads, for one document: add up those of several. Fills `right` with the hits."""
    pairs = aligned(found, gold)
    right = set() if right is None else right
    right |= {i for i, j in pairs.items() if says_what(found[i], gold[j])}
    counts: Counts = Counter()
    for side, mine, theirs, hits in (
        ("p", found, gold, right),
        ("r", gold, found, {pairs[i] for i in right}),
    ):
        contents = {item.content for item in theirs}
        for i, item in enumerate(mine):
            for kind in {"all", item.kind}:
                counts["wsw", kind, side, "of"] += 1
                counts["wsw", kind, side, "right"] += i in hits
                if item.content:
                    counts["edges", kind, side, "of"] += 1
                    counts["edges", kind, side, "right"] += item.content in contents
    for role in ROLES:
        ours, others = (frozenset().union(*(getattr(x, role) for x in items)) for items in (found, gold))
        for side, of in (("p", ours), ("r", others)):
            counts["token", role, side, "of"] += len(of)
            counts["token", role, side, "right"] += len(ours & others)
    return counts


def figure(counts: Counts, measure: str, kind: str) -> tuple[float, float, float]:
    """Return precision, recall and F1, 0 to 1."""
    p, r = (
        counts[measure, kind, side, "right"] / of if (of := counts[measure, kind, side, "of"]) else 0.0
        for side in ("p", "r")
    )
    return p, r, 2 * p * r / (p + r) if p + r else 0.0


def interval(
    documents: Sequence[Counts], value: Callable[[Counts], float], rounds: int = 500, seed: int = 0
) -> tuple[float, float]:
    """Return the 95 % interval of `value` when the documents are drawn anew `rounds` times, with replacement."""
    rng = random.Random(seed)
    drawn = []
    for _ in range(rounds):
        total: Counts = Counter()
        for counts in rng.choices(documents, k=len(documents)):
            total.update(counts)
        drawn.append(value(total))
    drawn.sort()
    return drawn[int(0.025 * rounds)], drawn[int(0.975 * rounds) - 1]
