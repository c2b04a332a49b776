"""Quotations: where quotation marks open and close, paragraph by paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from allegedly.records import Span

_MARK = re.compile(r"[“”„«»‟\"]|''|``|(?<![^\s(\[—–-])['‘](?=\w)|(?<=[\w.,!?…])['’](?![\w'])")
_CLOSERS: dict[str, tuple[str, ...]] = {
    "“": ("”", '"'),
    "”": ("”",),
    "„": ("“", "”"),
    "‟": ("”",),
    "«": ("»",),
    "»": ("«",),
    '"': ('"', "”"),
    "''": ("''",),
    "``": ("''",),
    "‘": ("’", "'"),
    "'": ("'", "’"),
}
_SINGLE = ("'", "‘", "’")
_TURNED = ("”", "»")
_LONGEST_SINGLE = 400
"""Code points. An apostrophe that closes nothing for longer than this was no quotation mark."""


class Quote(NamedTuple):
    """One stretch in quotation marks, the marks included. `closed` is False where it runs to the paragraph's end."""

    start: int
    end: int
    paragraph: int
    closed: bool


def find_quotes(text: str, paragraphs: Sequence[Span]) -> list[Quote]:
    """Return the outermost quotations of `text` in order. Marks of all usual styles; nested ones are not split off."""
    quotes: list[Quote] = []
    for index, (start, end) in enumerate(paragraphs):
        quotes.extend(_in_paragraph(text, start, end, index))
    return quotes


def _in_paragraph(text: str, start: int, end: int, index: int) -> Iterator[Quote]:
    opened = -1
    closers: tuple[str, ...] = ()
    marks = list(_MARK.finditer(text, start, end))
    for n, match in enumerate(marks):
        mark = match.group()
        if opened < 0:
            if _opens(text, match, start, end) and _closable(mark, match, marks[n + 1 :]):
                opened, closers = match.start(), _CLOSERS[mark]
        elif mark in closers and _closes(text, match, end):
            yield Quote(opened, match.end(), index, True)
            opened = -1
    if opened >= 0:
        yield Quote(opened, end, index, False)


def _opens(text: str, match: re.Match[str], start: int, end: int) -> bool:
    mark, at = match.group(), match.start()
    if mark == "’":
        return False
    before = text[at - 1] if at > start else " "
    after = text[match.end()] if match.end() < end else " "
    if mark == '"':
        return not before.isdigit() and not (before.isalpha() and after.isalpha())
    return mark not in (*_TURNED, "''") or (not after.isspace() and not before.isalnum())


def _closes(text: str, match: re.Match[str], end: int) -> bool:
    after = text[match.end()] if match.end() < end else " "
    return match.group() not in _SINGLE or not after.isalnum()


def _closable(mark: str, match: re.Match[str], later: Sequence[re.Match[str]]) -> bool:
    if mark not in (*_SINGLE, *_TURNED):
        return True
    limit = match.start() + (_LONGEST_SINGLE if mark in _SINGLE else 10_000)
    return any(m.group() in _CLOSERS[mark] and m.start() < limit for m in later)
