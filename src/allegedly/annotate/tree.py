"""The parse of one paragraph as plain lists: rules visit every token, and a list is cheaper to read than a Token."""

from __future__ import annotations

from allegedly.annotate.parse import Paragraph
from allegedly.records import Span

PRE_HEAD = frozenset(
    {"det", "amod", "compound", "nummod", "poss", "nmod", "predet", "case", "advmod", "npadvmod", "quantmod", "punct"}
)
"""Dependents that stand before the head inside a base noun phrase."""


class Tree:
    """Words, lemmas, tags and dependencies of a paragraph, by token index. `kids[i]` are the children of `i`."""

    __slots__ = (
        "deps",
        "heads",
        "kids",
        "lemmas",
        "lowers",
        "offsets",
        "pos",
        "sentence",
        "source",
        "start",
        "tags",
        "words",
    )

    def __init__(self, paragraph: Paragraph) -> None:
        doc, self.start = paragraph.doc, paragraph.start
        self.source = doc.text
        self.words = [t.text for t in doc]
        self.lowers = [w.lower() for w in self.words]
        self.lemmas = [t.lemma_.lower() for t in doc]
        self.tags = [t.tag_ for t in doc]
        self.pos = [t.pos_ for t in doc]
        self.deps = [t.dep_ for t in doc]
        self.heads = [t.head.i for t in doc]
        self.offsets = [self.start + t.idx for t in doc]
        self.sentence: list[tuple[int, int]] = []
        self.kids: list[list[int]] = [[] for _ in self.words]
        for i, head in enumerate(self.heads):
            if head != i:
                self.kids[head].append(i)
        for sentence in doc.sents:
            self.sentence += [(sentence.start, sentence.end)] * (sentence.end - sentence.start)

    def __len__(self) -> int:
        return len(self.words)

    def span(self, first: int, last: int) -> Span:
        """Return the span in the document's text of the tokens `first` to `last`, both included."""
        return self.offsets[first], self.offsets[last] + len(self.words[last])

    def text(self, first: int, last: int) -> str:
        """Return the text from token `first` to token `last`, both included, as it stands."""
        start, end = self.span(first, last)
        return self.source[start - self.start : end - self.start]

    def kids_as(self, i: int, *deps: str) -> list[int]:
        """Return the children of `i` that hang on it by one of `deps`."""
        return [k for k in self.kids[i] if self.deps[k] in deps]

    def subtree(self, i: int) -> list[int]:
        """Return every token under `i`, itself included, in no particular order."""
        found = [i]
        for token in found:
            found += self.kids[token]
        return found

    def edges(self, i: int) -> tuple[int, int]:
        """Return the first and the last token under `i`."""
        tokens = self.subtree(i)
        return min(tokens), max(tokens)

    def conjuncts(self, i: int) -> list[int]:
        """Return `i` and all that is coordinated after it."""
        found = [i]
        for token in found:
            found += self.kids_as(token, "conj")
        return found

    def base(self, i: int) -> int:
        """Return the first token of the base noun phrase that `i` heads: what precedes the head in one block."""
        first = i
        while first and self.heads[first - 1] in range(first, i + 1) and self.deps[first - 1] in PRE_HEAD:
            first -= 1
        while first < i and self.deps[first] in {"punct", "case"}:
            first += 1
        return first

    def up(self, i: int) -> list[int]:
        """Return the ancestors of `i`, nearest first."""
        found = []
        while self.heads[i] != i:
            i = self.heads[i]
            found.append(i)
        return found


def tree_of(paragraph: Paragraph) -> Tree:
    """Return the tree of `paragraph`, built once and kept with its parse."""
    kept = paragraph.doc.user_data.get("allegedly.tree")
    if kept is None:
        kept = paragraph.doc.user_data["allegedly.tree"] = Tree(paragraph)
    tree: Tree = kept
    return tree
