"""What every reader gets and gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO, Protocol

import msgspec

from allegedly.records import Document, Problem

Item = Document | Problem


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds that keep hostile input from exhausting memory. Sizes are in bytes unless named otherwise."""

    file: int = 64 * 2**30
    text: int = 20 * 2**20
    """Longest text of one document, in code points; longer input is set aside."""
    record: int = 64 * 2**20
    """Longest single record (JSON object, CSV row, WARC payload, HTML page)."""
    member: int = 4 * 2**30
    """Most that one archive member may unpack to."""
    ratio: int = 200
    """Most that a member may grow by when unpacked, past the first 10 MiB."""
    members: int = 1_000_000
    depth: int = 3
    """How many archives may sit inside one another."""


class Stream(msgspec.Struct, frozen=True, kw_only=True):
    """One file, or one member of an archive, ready to be read from its first byte, as often as needed."""

    path: str
    """As given, with ``!/member`` for each archive entered."""
    size: int
    head: bytes
    """The first 64 KiB (less if the file is shorter)."""
    open: Callable[[], BinaryIO]
    """A new binary stream from byte 0; the caller closes it."""
    folder: str = ""
    """Name of the sub-folder of the input that holds the file: names the source where nothing else does."""
    modified: str = ""


class ReadOptions(msgspec.Struct, frozen=True, kw_only=True):
    limits: Limits = Limits()
    mapping: str | None = None
    """Name or path of a TOML column mapping to use for tables instead of guessing."""
    source: str | None = None
    """Source name for documents that name none."""


class Reader(Protocol):
    """A format: `sniff` says how sure it is (0 to 1) that `stream` is one of its files; `read` yields what is in it."""

    name: str
    summary: str
    """One line for ``allegedly formats``."""
    endings: tuple[str, ...]

    def sniff(self, stream: Stream) -> float: ...

    def read(self, stream: Stream, options: ReadOptions) -> Iterator[Item]: ...
