"""WARC files (ISO 28500:2017), compressed or not: the pages, texts and feeds in them.

Records are framed here, so that a damaged one costs itself alone; what is in a record is taken apart by warcio.
"""

from __future__ import annotations

import io
import logging
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any, BinaryIO
from urllib.parse import urlsplit

import msgspec

from allegedly.read._base import Item, Limits, Meter, ReadOptions, Stream
from allegedly.read._common import HEAD, problem
from allegedly.read._dates import iso_utc
from allegedly.read.archive import guarded
from allegedly.records import Problem

_MAGIC = b"\x1f\x8b\x08"
_START = re.compile(rb"WARC/1\.[01]\r?\n(?=WARC-|Content-)")
_LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,18})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w:.-]+)", re.IGNORECASE)
_HTTP = re.compile(rb"\AHTTP/[23](?:\.0)?(?= )")
_TEXTS = ("text/html", "application/xhtml+xml", "text/plain", "")
_FEEDS = ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/xml", "text/xml")
_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)\b")
_TYPES = ("response", "resource", "conversion")


class WarcReader:
    name = "warc"
    summary = "web archives (WARC): the pages, texts and feeds in them"
    endings = (".warc", ".warc.gz")

    def sniff(self, stream: Stream) -> float:
        return 0.95 if _unzipped(stream.head).startswith(b"WARC/") else 0.0

    def read(self, stream: Stream, options: ReadOptions) -> Iterator[Item | Stream]:
        left_out: Counter[str] = Counter()
        damage: Counter[str] = Counter()
        with _plain(stream, options.limits, damage) as file:
            for number, found in enumerate(_records(Tape(file), options.limits), 1):
                at = msgspec.structs.replace(stream, position=f"record {number}")
                if isinstance(found, str):
                    yield problem(at, found, "set aside; the next record was looked for")
                elif payload := _payload(found, at, left_out, options.limits):
                    yield payload
        if damage:
            yield problem(stream, f"has {damage.total():,} damaged gzip members", "what lies around them is kept")
        if left_out:
            kinds = ", ".join(f"{count:,} {kind}" for kind, count in left_out.most_common(5))
            yield problem(stream, f"holds {left_out.total():,} records that are no document ({kinds})", "left out")


class Tape:
    """A binary stream that can be wound back by what was just read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._ahead = file, b""

    def read(self, size: int) -> bytes:
        parts, left = [], size
        while left > 0 and (part := self._take(left)):
            parts.append(part)
            left -= len(part)
        return b"".join(parts)

    def line(self) -> bytes:
        """One line, or 64 KiB of one."""
        while b"\n" not in self._ahead[:HEAD] and len(self._ahead) < HEAD and (more := self._file.read(HEAD)):
            self._ahead += more
        end = self._ahead.find(b"\n", 0, HEAD) + 1
        return self._take(end or HEAD)

    def wind_back(self, data: bytes) -> None:
        self._ahead = data + self._ahead

    def _take(self, size: int) -> bytes:
        if not self._ahead:
            self._ahead = self._file.read(max(HEAD, min(size, 2**20)))
        taken, self._ahead = self._ahead[:size], self._ahead[size:]
        return taken


class _Members:
    """Unpacks gzip members one after the other; after a damaged one it goes on with the next that begins."""

    def __init__(self, file: BinaryIO, damage: Counter[str]) -> None:
        self._file, self._damage = file, damage
        self._packed, self._member = b"", zlib.decompressobj(31)

    def read(self, size: int, /) -> bytes:
        while self._packed or self._fill():
            try:
                data = self._member.decompress(self._packed, size)
            except zlib.error:
                self._damage["gzip"] += 1
                self._next(self._packed[1:])
                continue
            self._packed = self._member.unconsumed_tail
            if self._member.eof:
                self._next(self._member.unused_data)
            if data:
                return data
        return b""

    def _fill(self) -> bool:
        self._packed = self._file.read(HEAD)
        return bool(self._packed)

    def _next(self, rest: bytes) -> None:
        """Begin at the next magic in `rest` or behind it."""
        while (at := rest.find(_MAGIC)) < 0 and (more := self._file.read(HEAD)):
            rest = rest[-2:] + more
        self._packed, self._member = rest[at:] if at >= 0 else b"", zlib.decompressobj(31)

    def close(self) -> None:
        self._file.close()


def _unzipped(head: bytes) -> bytes:
    if not head.startswith(_MAGIC):
        return head
    try:
        return zlib.decompressobj(31).decompress(head, 64)
    except zlib.error:
        return b""


def _plain(stream: Stream, limits: Limits, damage: Counter[str]) -> BinaryIO:
    if not stream.head.startswith(_MAGIC):
        return stream.open()
    meter = stream.meter or Meter(stream.size, limits)
    return guarded(lambda: _Members(stream.open(), damage), meter, limits.file)()


def _records(tape: Tape, limits: Limits) -> Iterator[bytes | str]:
    """Yield each record's bytes, or what is wrong with it."""
    while line := tape.line():
        if not line.strip():
            continue
        if not line.startswith(b"WARC/"):
            yield "is no record" if _wind_to_next(tape) else "is no record, nor is anything behind it"
            continue
        header = _header(tape, line)
        length = _LENGTH.search(header)
        yield "states no length" if not length else _record(tape, header, int(length[1]), limits)


def _header(tape: Tape, line: bytes) -> bytes:
    lines = [line]
    while len(lines) < 1000 and (line := tape.line()).strip():
        lines.append(line)
    return b"".join([*lines, b"\r\n"])


def _record(tape: Tape, header: bytes, length: int, limits: Limits) -> bytes | str:
    if length > limits.record:
        return _skipped(tape, length, limits)
    block = tape.read(length)
    behind = tape.line() if len(block) == length else b"cut off"
    if not behind.strip():
        return header + block + b"\r\n\r\n"
    inner = _START.search(block)
    tape.wind_back((block[inner.start() :] if inner else b"") + (behind if len(block) == length else b""))
    return "is cut off" if len(block) < length or inner else "is longer or shorter than it states"


def _skipped(tape: Tape, length: int, limits: Limits) -> str:
    left = length
    while left > 0 and (part := tape.read(min(left, 2**20))):
        left -= len(part)
    return "is cut off" if left > 0 else f"is longer than {limits.record:,} bytes"


def _wind_to_next(tape: Tape) -> bool:
    while line := tape.line():
        if line.startswith(b"WARC/1."):
            tape.wind_back(line)
            return True
    return False


def _payload(raw: bytes, at: Stream, left_out: Counter[str], limits: Limits) -> Stream | Problem | None:
    """The document's bytes in a record as a stream; None, counted in `left_out`, for what is none."""
    try:
        record = _loader().parse_record_stream(io.BytesIO(_as_http_1(raw)))
        if record.rec_type not in _TYPES:
            return None
        declared = _content_type(record)
        data = record.content_stream().read(limits.record + 1)
    except (
        Exception
    ) as error:  # warcio raises whatever a hostile header makes it trip over; the record costs itself alone
        return problem(at, f"cannot be taken apart ({type(error).__name__}: {str(error)[:100]})")
    if len(data) > limits.record:
        return problem(at, f"unpacks to more than {limits.record:,} bytes")
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    if reason := _no_document(record, declared, data, url):
        left_out[reason] += 1
        return None
    return _stream(at, data, declared, url.strip("<>"), record.rec_headers.get_header("WARC-Date") or "")


@cache
def _loader() -> Any:
    from warcio.recordloader import ArcWarcRecordLoader

    logging.getLogger("warcio").setLevel(logging.CRITICAL)
    return ArcWarcRecordLoader()


def _as_http_1(raw: bytes) -> bytes:
    """warcio knows no other version of HTTP, though crawlers write ``HTTP/2 200``."""
    header, gap, block = raw.partition(b"\r\n\r\n")
    return header + gap + _HTTP.sub(b"HTTP/1.1", block, count=1)


def _content_type(record: Any) -> str:
    headers = record.http_headers or (record.rec_headers if record.rec_type != "response" else None)
    return str(headers.get_header("Content-Type") or "") if headers else ""


def _no_document(record: Any, declared: str, data: bytes, url: str) -> str:
    """Why a record holds no document, as a word to count by; empty when it holds one."""
    kind = declared.partition(";")[0].strip().lower()
    status = record.http_headers.get_statuscode() if record.http_headers else "200"
    if not str(status).startswith("2"):
        return f"with HTTP status {str(status)[:3]}"
    if not data.strip():
        return "empty"
    if kind in _FEEDS:
        return "" if _FEED.search(data[:4096]) else kind
    return "robots.txt" if _path(url) == "/robots.txt" else "" if kind in _TEXTS else kind[:60]


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _stream(at: Stream, data: bytes, declared: str, url: str, date: str) -> Stream:
    charset = _CHARSET.search(declared)
    return msgspec.structs.replace(
        at,
        size=len(data),
        head=data[:HEAD],
        open=lambda: io.BytesIO(data),
        url=url,
        charset=charset[1] if charset else "",
        retrieved=iso_utc(date)[0],
    )
