"""Which reader reads a stream, and reading it.

To add a reader: write a class with `name`, `summary`, `endings`, `sniff` and `read` (`allegedly.read._base.Reader`) in
a module of its own that imports heavy libraries only when it reads, add an instance to `READERS`, and add a fixture
and a page under ``docs/formats/``.

`sniff` judges by `stream.head` (the first 64 KiB), and by the name only where content cannot tell. Its scale:

* 0.95: one dialect of a format and nothing else (a Telegram export among JSON files, a saved chat among HTML pages);
* 0.8: the format itself, by its magic bytes or its structure;
* 0.5: likely the format, with the name's help;
* 0.1 to 0.3: the last resort (plain text);
* 0: not this.

The surest reader wins; among equals the first of the list. A container's reader yields streams instead of documents:
they come back here one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from allegedly.read._base import Item, Reader, ReadOptions, Refused, Stream
from allegedly.read._common import explained, problem
from allegedly.read._dates import odd
from allegedly.read._kinds import looks_like
from allegedly.read.archive import GzReader, TarReader, WaczReader, ZipReader
from allegedly.read.feed import FeedReader
from allegedly.read.html import HtmlReader
from allegedly.read.tables import CsvReader, JsonReader, ParquetReader
from allegedly.read.telegram import TelegramHtmlReader, TelegramReader
from allegedly.read.text import TextReader
from allegedly.read.warc import WarcReader
from allegedly.records import Document, Problem

READERS: list[Reader] = [
    TelegramReader(),
    TelegramHtmlReader(),
    ParquetReader(),
    JsonReader(),
    CsvReader(),
    WarcReader(),
    WaczReader(),
    ZipReader(),
    GzReader(),
    TarReader(),
    FeedReader(),
    HtmlReader(),
    TextReader(),
]


def detect(stream: Stream) -> Reader | None:
    """Return the reader that is surest of `stream`, or None when none is sure at all."""
    sureties = [_surety(reader, stream) for reader in READERS]
    best = max(sureties, default=0.0)
    return READERS[sureties.index(best)] if best > 0 else None


def read_stream(stream: Stream, options: ReadOptions) -> Iterator[Item]:
    """Yield what is in `stream`, containers entered. Whatever goes wrong is a `Problem`; what came before it stays."""
    barren = True
    try:
        for found in _reading(stream, options):
            barren = False
            yield from read_stream(found, options) if isinstance(found, Stream) else _checked(found, options)
    except Exception as error:
        yield explained(error, stream)
    else:
        if barren:
            yield problem(stream, "holds no document", "nothing to read in it")


def _reading(stream: Stream, options: ReadOptions) -> Iterator[Item | Stream]:
    if not stream.head:
        raise Refused("is empty")
    if not stream.head.strip(b"\0") and stream.size == len(stream.head):
        raise Refused("holds only NUL bytes")
    if reader := detect(stream):
        return reader.read(stream, options)
    raise Refused(*looks_like(stream))


def _surety(reader: Reader, stream: Stream) -> float:
    """How sure `reader` is; a reader that hostile bytes break is not sure."""
    try:
        return reader.sniff(stream)
    except Exception:
        return 0.0


def _checked(item: Item, options: ReadOptions) -> Iterator[Item]:
    """Keep documents within limits, and say what is odd about their dates."""
    if isinstance(item, Problem):
        yield item
    elif len(item.text) > options.limits.text:
        yield _of(item, f"holds a text longer than {options.limits.text:,} characters", "set aside; split it")
    else:
        yield item
        if doubt := odd(item.published_at, datetime.now(UTC).date()):
            yield _of(item, doubt, "kept as stated; check the source")


def _of(document: Document, what: str, action: str) -> Problem:
    start = document.text[document.body_start :][:200]
    return Problem(
        path=document.origin.path, position=document.origin.position, what=what, action=action, excerpt=start
    )
