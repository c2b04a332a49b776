"""What every reader gets and gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO, Protocol

import msgspec

from allegedly.records import Document, Problem

Item = Document | Problem


class Refused(ValueError):
    """Input that a limit keeps out. `str()` is the `what` of its `Problem`, `action` says what to do."""

    def __init__(self, what: str, action: str = "set aside") -> None:
        super().__init__(what)
        self.action = action


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


class Meter:
    """What one file on disk may unpack to in all, nested archives included, by bytes counted while reading."""

    def __init__(self, packed: int, limits: Limits) -> None:
        self.allowed = max(10 * 2**20, packed * limits.ratio)
        self.spent = 0

    def charge(self, size: int) -> None:
        """Count `size` unpacked bytes. Raises `Refused` past what is allowed."""
        self.spent += size
        if self.exhausted:
            raise Refused(
                f"unpacks to more than {self.allowed:,} bytes in all, as a zip bomb does",
                "the rest is set aside; unpack it yourself if you trust it",
            )

    @property
    def exhausted(self) -> bool:
        return self.spent > self.allowed


class Stream(msgspec.Struct, frozen=True, kw_only=True):
    """One file, or one member of an archive, ready to be read from its first byte, as often as needed."""

    path: str
    """As given, with ``!/member`` for each archive entered."""
    size: int
    """In bytes; -1 where only reading to the end would tell."""
    head: bytes
    """The first 64 KiB (less if the file is shorter)."""
    open: Callable[[], BinaryIO]
    """A new binary stream from byte 0; the caller closes it."""
    folder: str = ""
    """Name of the sub-folder of the input that holds the file: names the source where nothing else does."""
    modified: str = ""
    position: str = ""
    """Where inside `path` the stream stands, e.g. ``record 3`` of a WARC: readers put it before their own position."""
    depth: int = 0
    """How many archives were entered to get here."""
    meter: Meter | None = None
    """Counts what the outermost archive unpacks to; None outside archives."""
    url: str = ""
    """Address the bytes were fetched from, where the container says."""
    charset: str = ""
    """Encoding that the container declares, e.g. in an HTTP header."""
    retrieved: str = ""
    """When the bytes were fetched, where the container says. Never a publication date."""


class ReadOptions(msgspec.Struct, frozen=True, kw_only=True):
    limits: Limits = Limits()
    mapping: str | None = None
    """Name or path of a TOML column mapping to use for tables instead of guessing."""
    source: str | None = None
    """Source name for documents that name none."""


class Reader(Protocol):
    """A format: `sniff` says how sure it is (0 to 1) that `stream` is one of its files; `read` yields what is in it."""

    @property
    def name(self) -> str: ...

    @property
    def summary(self) -> str:
        """One line for ``allegedly formats``."""
        ...

    @property
    def endings(self) -> tuple[str, ...]: ...

    def sniff(self, stream: Stream) -> float: ...

    def read(self, stream: Stream, options: ReadOptions) -> Iterator[Item | Stream]:
        """Yield what is in `stream`; a container yields streams, which are detected and read in their turn.

        A stream that is yielded must stay readable until the next one is asked for.
        """
        ...
