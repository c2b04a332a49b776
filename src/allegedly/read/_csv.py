"""Rows of delimited text: the delimiter found, quoted newlines kept, and a stray quote that costs one line.

RFC 4180 with what is met in the wild: any of five delimiters, ``sep=;`` lines, rows that are short, unclosed quotes.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice
from typing import TextIO

import msgspec

_DELIMITERS = ",;\t|^"
_SEP = re.compile(r"sep=(.)\r?\n?\Z", re.IGNORECASE)
_NAME = 80
_ROW = 4  # how many times as long as a cell a row may be


class Row(msgspec.Struct, frozen=True, kw_only=True):
    line: int
    """Line of the file on which the row begins, from 1."""
    cells: list[str]
    fault: str = ""
    """Why the row cannot be used; `cells` then holds its text."""


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    delimiter: str
    preface: int
    """Lines before the header: a ``sep=`` line."""
    header: list[str]
    rows: int
    """How many rows stood behind the header in the sample."""
    even: bool
    """Whether the first rows have as many cells as the header; a header alone counts as even."""


def shape_of(start: str) -> Shape | None:
    """Judge the start of a file: its delimiter and column names; None for what is no table."""
    first, _, rest = start.partition("\n")
    if found := _SEP.match(first):
        shapes = [_shape(rest, found[1], preface=1)]
    else:
        shapes = [_shape(start, delimiter, preface=0) for delimiter in _DELIMITERS]
    likely = [shape for shape in shapes if shape and _is_header(shape.header)]
    return max(likely, key=lambda shape: (shape.even, len(shape.header)), default=None)


def rows(file: TextIO, shape: Shape, longest: int) -> Iterator[Row]:
    """Yield the rows of `file`, the header first. `longest`: line and cell, in code points.

    A row with a quote that is never closed, or that swallowed lines and does not fit its header, is told as faulty and
    gives back the lines after its first. Blank cells that are missing or too many are no fault.
    """
    csv.field_size_limit(longest)  # of the whole process, and the same for every file
    lines = _Lines(file, longest)
    for _ in range(shape.preface):
        next(lines, None)
    reader = csv.reader(lines, delimiter=shape.delimiter)
    width = 0
    while (row := _next(reader, lines, width)) is not None:
        width = width or len(row.cells)
        if row.cells:
            yield row


def _next(reader: Iterator[list[str]], lines: _Lines, width: int) -> Row | None:
    lines.begin()
    try:
        cells = next(reader)
    except StopIteration:
        return None
    except csv.Error as error:
        return lines.refuse(str(error))
    if fault := _fault(lines, cells, width):
        return lines.refuse(fault)
    return Row(line=lines.start, cells=cells)


def _fault(lines: _Lines, cells: list[str], width: int) -> str:
    if lines.ended_inside:
        return "has a quote that is never closed"
    if lines.cut:
        return "has a line that is too long"
    if width and any(cell.strip() for cell in cells[width:]):
        return f"has {len(cells)} cells where the header has {width}"
    return ""


class _Lines:
    """Lines for `csv.reader` that remember those of the current row and can take them back."""

    def __init__(self, file: TextIO, longest: int) -> None:
        self._file, self._longest = file, longest
        self._row: list[str] = []
        self._again: list[str] = []
        self._number = self._size = 0
        self.start, self.cut, self.ended = 1, False, False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else self._read()
        if not line:
            self.ended = True
            raise StopIteration
        self._number += 1
        self._row.append(line)
        self._size += len(line)
        if self._size > self._longest * _ROW:
            raise csv.Error("is too long")
        return line

    def begin(self) -> None:
        """A new row begins at the next line."""
        self._row, self._size, self.start, self.cut, self.ended = [], 0, self._number + 1, False, False

    @property
    def ended_inside(self) -> bool:
        """Whether the file ended before the row did."""
        return self.ended and bool(self._row)

    def refuse(self, fault: str) -> Row:
        """Give the first line of the row up and take back the others; of a row that is too long, give up all."""
        taken, self._row = self._row, []
        if self._size <= self._longest * _ROW:
            self._again.extend(reversed(taken[1:]))
            self._number = self.start
        return Row(line=self.start, cells=taken[:1], fault=fault)

    def _read(self) -> str:
        line = self._file.readline(self._longest)
        if len(line) < self._longest or line.endswith("\n"):
            return line
        self.cut = True
        while (rest := self._file.readline(self._longest)) and not rest.endswith(("\n", "\r")):
            pass
        return line + "\n"


def _shape(start: str, delimiter: str, preface: int) -> Shape | None:
    try:
        table = [row for row in islice(csv.reader(io.StringIO(start, newline=""), delimiter=delimiter), 30) if row]
    except csv.Error:
        return None
    if not table or len(table[0]) < 2:
        return None
    counts = [len(row) for row in table[1:-1] or table[1:]]  # the last may be cut off by the end of the sample
    return Shape(
        delimiter=delimiter,
        preface=preface,
        rows=len(counts),
        header=[name.strip() for name in table[0]],
        even=sum(count == len(table[0]) for count in counts) * 5 >= len(counts) * 4,
    )


def _is_header(names: list[str]) -> bool:
    """Whether cells look like column names: short, distinct, no sentence, no bare number."""
    named = [name for name in names if name]
    return (
        len(named) * 2 > len(names)
        and len(set(named)) == len(named)
        and all(len(name) <= _NAME and "\n" not in name and name[-1:] not in ".!?" for name in named)
        and not any(re.fullmatch(r"[\d.,:/ -]+", name) for name in named)
    )
