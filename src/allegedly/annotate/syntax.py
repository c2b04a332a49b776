"""The trees of a whole document end to end: one index runs over all tokens of all paragraphs."""

from __future__ import annotations

from bisect import bisect_left

from allegedly.annotate.parse import Parsed
from allegedly.annotate.tree import Tree, tree_of
from allegedly.records import Span

Range = tuple[int, int]
"""Half-open range of token indices."""

PUNCTUATION = frozenset([",", ".", ";", ":", "-", "--", "–", "—", "?", "!", "…", "...", "(", ")", "[", "]"])
QUOTATION_MARKS = frozenset(['"', "“", "”", "„", "«", "»", "''", "``", "‘", "’", "'", "`"])
SUBJECTS = frozenset(["nsubj", "nsubjpass", "csubj", "csubjpass", "expl"])


class Syntax:
    """Tokens of a document. `head` and `kids` are indices into the same lists; `start` and `end` are code points."""

    def __init__(self, parsed: Parsed) -> None:
        self.text = parsed.document.text
        self.lower: list[str] = []
        self.lemma: list[str] = []
        self.tag: list[str] = []
        self.dep: list[str] = []
        self.ent: list[str] = []
        self.head: list[int] = []
        self.start: list[int] = []
        self.end: list[int] = []
        self.sentence: list[int] = []
        self.sentences: list[Range] = []
        self.paragraphs: list[Range] = []
        self.kids: list[list[int]] = []
        for paragraph in parsed.paragraphs:
            self._add(tree_of(paragraph))

    def _add(self, tree: Tree) -> None:
        first, last = len(self.head), len(self.head) + len(tree)
        self.lower += tree.lowers
        self.lemma += tree.lemmas
        self.tag += tree.tags
        self.dep += tree.deps
        self.ent += tree.ents
        self.head += [first + head for head in tree.heads]
        self.kids += [[first + kid for kid in kids] for kids in tree.kids]
        self.start += tree.offsets
        self.end += [offset + len(word) for offset, word in zip(tree.offsets, tree.words, strict=True)]
        for a, b in tree.sentences:
            self.sentence += [len(self.sentences)] * (b - a)
            self.sentences.append((first + a, first + b))
        self.paragraphs.append((first, last))

    def __len__(self) -> int:
        return len(self.head)

    def left(self, i: int) -> int:
        """Return the first token of the subtree of `i`."""
        kids = self.kids
        while kids[i] and kids[i][0] < i:
            i = kids[i][0]
        return i

    def right(self, i: int) -> int:
        """Return the last token of the subtree of `i`."""
        kids = self.kids
        while kids[i] and kids[i][-1] > i:
            i = kids[i][-1]
        return i

    def subtree(self, i: int) -> Range:
        return self.left(i), self.right(i) + 1

    def kid(self, i: int, *deps: str) -> int | None:
        """Return the first child of `i` with one of `deps`."""
        return next((k for k in self.kids[i] if self.dep[k] in deps), None)

    def is_verb(self, i: int) -> bool:
        return self.tag[i].startswith("VB") or self.tag[i] == "MD"

    def trim(self, tokens: Range) -> Range:
        """Return `tokens` without punctuation (quotation marks stay) at either end; may be empty."""
        a, b = tokens
        while a < b and self.lower[a] in PUNCTUATION:
            a += 1
        while a < b and self.lower[b - 1] in PUNCTUATION:
            b -= 1
        return a, b

    def span(self, tokens: Range) -> Span:
        return self.start[tokens[0]], self.end[tokens[1] - 1]

    def at(self, position: int) -> int:
        """Return the first token that ends after code point `position`."""
        return bisect_left(self.end, position + 1)


def syntax_of(parsed: Parsed) -> Syntax:
    """Return the syntax of `parsed`, built once and kept with the parse of its first paragraph."""
    if not parsed.paragraphs:
        return Syntax(parsed)
    kept = parsed.paragraphs[0].doc.user_data
    if "allegedly.syntax" not in kept:
        kept["allegedly.syntax"] = Syntax(parsed)
    syntax: Syntax = kept["allegedly.syntax"]
    return syntax
