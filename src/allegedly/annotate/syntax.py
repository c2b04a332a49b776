"""The parses of a whole document as parallel lists: one index runs over all tokens of all paragraphs."""

from __future__ import annotations

from bisect import bisect_left

from spacy.attrs import (  # type: ignore[import-not-found]
    DEP,
    ENT_TYPE,
    HEAD,
    IDX,
    LEMMA,
    LENGTH,
    LOWER,
    SENT_START,
    TAG,
)
from spacy.strings import StringStore
from spacy.tokens import Doc

from allegedly.annotate.parse import Parsed
from allegedly.records import Span

Range = tuple[int, int]
"""Half-open range of token indices."""

PUNCTUATION = frozenset([",", ".", ";", ":", "-", "--", "–", "—", "?", "!", "…", "...", "(", ")", "[", "]"])
QUOTATION_MARKS = frozenset(['"', "“", "”", "„", "«", "»", "''", "``", "‘", "’", "'", "`"])
SUBJECTS = frozenset(["nsubj", "nsubjpass", "csubj", "csubjpass", "expl"])


class _Strings(dict[int, str]):
    """Memo of a string store: one Python lookup a token instead of a call."""

    def __init__(self, store: StringStore) -> None:
        self._store = store

    def __missing__(self, key: int) -> str:
        text: str = self._store[key]
        self[key] = text
        return text


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
        for paragraph in parsed.paragraphs:
            self._add(paragraph.doc, paragraph.start)
        self.kids: list[list[int]] = [[] for _ in self.head]
        for i, h in enumerate(self.head):
            if h != i:
                self.kids[h].append(i)

    def _add(self, doc: Doc, offset: int) -> None:
        first = len(self.head)
        words = doc.to_array([LOWER, LEMMA, TAG, DEP, ENT_TYPE]).T.tolist()
        strings = _Strings(doc.vocab.strings)
        for column, out in zip(words, (self.lower, self.lemma, self.tag, self.dep, self.ent), strict=True):
            out.extend([strings[key] for key in column])
        heads, starts, begins, lengths = doc.to_array([HEAD, SENT_START, IDX, LENGTH]).astype("int64").T.tolist()
        self.head.extend([first + i + shift for i, shift in enumerate(heads)])
        self.start.extend([offset + begin for begin in begins])
        self.end.extend([offset + begin + length for begin, length in zip(begins, lengths, strict=True)])
        self._add_sentences(first, starts)
        self.paragraphs.append((first, len(self.head)))

    def _add_sentences(self, first: int, starts: list[int]) -> None:
        begins = [first + i for i, flag in enumerate(starts) if flag == 1 or i == 0]
        for a, b in zip(begins, [*begins[1:], first + len(starts)], strict=True):
            self.sentence.extend([len(self.sentences)] * (b - a))
            self.sentences.append((a, b))

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
