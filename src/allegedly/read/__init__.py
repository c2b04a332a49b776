"""Readers: one a format, found from content. Files in, documents and problems out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from allegedly.read._base import Limits, Reader, ReadOptions, Stream
from allegedly.read.detect import READERS, read_stream
from allegedly.read.walk import walk
from allegedly.records import Document, Problem

__all__ = ["Format", "Limits", "ReadOptions", "Reader", "Stream", "formats", "read"]


class Format(msgspec.Struct, frozen=True):
    """A row of ``allegedly formats``."""

    name: str
    summary: str
    endings: tuple[str, ...]


def read(inputs: Iterable[str | Path], options: ReadOptions | None = None) -> Iterator[Document | Problem]:
    """Yield every document in `inputs`, which are files and folders of any mix, and a `Problem` for all set aside.

    Streams: one file, archive member or record at a time. Never raises on bad input.
    """
    options = options or ReadOptions()
    for found in walk(inputs, options.limits):
        if isinstance(found, Problem):
            yield found
        else:
            yield from read_stream(found, options)


def formats() -> tuple[Format, ...]:
    """The formats that can be read, in alphabetical order."""
    return tuple(sorted((Format(r.name, r.summary, r.endings) for r in READERS), key=lambda row: row.name))
