"""The parse of one paragraph as plain lists: rules visit every token, and a list is cheaper to read than a Token."""

from __future__ import annotations

from itertools import pairwise

from spacy.attrs import (  # type: ignore[import-not-found]
    DEP,
    ENT_TYPE,
    HEAD,
    IDX,
    LEMMA,
    LOWER,
    ORTH,
    POS,
    SENT_START,
    TAG,
)
from spacy.strings import StringStore

from allegedly.annotate.parse import Paragraph
from allegedly.records import Span

PRE_HEAD = frozenset(
    {"det", "amod", "compound", "nummod", "poss", "nmod", "predet", "case", "advmod", "npadvmod", "quantmod", "punct"}
)
"""Dependents that stand before the head inside a base noun phrase."""


class _Strings(dict[int, str]):
    """Memo of a string store: one Python lookup a token instead of a call."""

    def __init__(self, store: StringStore) -> None:
        self._store = store

    def __missing__(self, key: int) -> str:
        text: str = self._store[key]
        self[key] = text
        return text


class Tree:
    """Words, lemmas, tags and dependencies of a paragraph, by token index. `kids[i]` are the children of `i`."""

    __slots__ = (
        "deps",
        "ents",
        "heads",
        "kids",
        "lemmas",
        "lowers",
        "offsets",
        "pos",
        "sentence",
        "sentences",
        "source",
        "start",
        "tags",
        "words",
    )

    def __init__(self, paragraph: Paragraph) -> None:
        doc, self.start = paragraph.doc, paragraph.start
        self.source: str = doc.text
        strings = _Strings(doc.vocab.strings)
        keys: list[list[int]] = doc.to_array([ORTH, LOWER, LEMMA, TAG, POS, DEP, ENT_TYPE]).T.tolist()
        columns = [[strings[key] for key in column] for column in keys]
        self.words, self.lowers, lemmas, self.tags, self.pos, self.deps, self.ents = columns
        self.lemmas: list[str] = [lemma.lower() for lemma in lemmas]
        shifts, begins, starts = doc.to_array([HEAD, IDX, SENT_START]).astype("int64").T.tolist()
        self.heads: list[int] = [i + shift for i, shift in enumerate(shifts)]
        self.offsets: list[int] = [self.start + begin for begin in begins]
        self.kids: list[list[int]] = [[] for _ in self.heads]
        for i, head in enumerate(self.heads):
            if head != i:
                self.kids[head].append(i)
        firsts = [i for i, flag in enumerate(starts) if flag == 1 or i == 0]
        self.sentences = list(pairwise([*firsts, len(starts)]))
        self.sentence = [tokens for tokens in self.sentences for _ in range(*tokens)]

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

    def after(self, i: int, *prepositions: str) -> list[int]:
        """Return the nouns after one of these prepositions under `i`: the miners of “the bodies of five miners”."""
        links = (p for p in self.kids_as(i, "prep") if self.lowers[p] in prepositions)
        return [noun for link in links for noun in self.kids_as(link, "pobj")]

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
