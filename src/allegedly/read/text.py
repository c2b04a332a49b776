"""Plain text, with a dated first line, front matter or header lines if it has them.

The header stays part of `Document.text`, so that offsets are those of the file; `body_start` says where it ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

import msgspec

from allegedly.read._base import Item, ReadOptions, Stream
from allegedly.read._common import load, origin, problem, sha256, source_of
from allegedly.read._dates import iso_utc
from allegedly.read._kinds import is_code, is_data, is_known_binary
from allegedly.read.decode import decode, peek
from allegedly.records import DocumentKind, SourceKind, make_document

_NAMES = {
    "title": "title headline subject",
    "date": "date published published_at publication_date",
    "source": "source outlet publisher publication site sitename channel",
    "author": "author by byline",
    "url": "url link",
    "language": "language lang",
    "kind": "kind",
    "source_kind": "source_kind",
    "platform": "platform",
}
_FIELD = {name: field for field, names in _NAMES.items() for name in names.split()}
_KINDS: dict[str, tuple[DocumentKind, SourceKind]] = {
    "article": ("article", "outlet"),
    "page": ("page", "outlet"),
    "post": ("post", "account"),
    "message": ("message", "channel"),
}
_SOURCE_KINDS: dict[str, SourceKind] = {"outlet": "outlet", "channel": "channel", "account": "account"}
_DATED = re.compile(
    r"[ \t]*date:?[ \t]+(?P<date>\d{4}(?:-\d\d){1,2}(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?)"
    r"(?![^\s,.:;–—-])[ \t]*(?P<title>[^\r\n]*)(?:\r\n|\r|\n|\Z)",
    re.IGNORECASE,
)
_FENCED = re.compile(r"\s*---[ \t]*\r?\n(?P<lines>(?:[^\n]*\n){1,100}?)(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)")
_LINE = re.compile(r"[ \t]*(?P<name>[A-Za-z][A-Za-z _-]{0,30}?)[ \t]*:[ \t]*(?P<value>[^\r\n]*)(?:\r\n|\r|\n|\Z)")
_BLANKS = re.compile(r"(?:[ \t]*(?:\r\n|\r|\n))*")
_TITLE = 300
_HEADER = 32768


class Header(msgspec.Struct):
    """What the top of a text says about it, and the code point where its body begins."""

    body_start: int = 0
    fields: dict[str, str] = {}


class TextReader:
    name = "text"
    summary = "plain text in any encoding, with an optional dated first line, front matter or header lines"
    endings = (".txt", ".text", ".md")

    def sniff(self, stream: Stream) -> float:
        start = peek(stream.head)
        if not start or is_code(stream.path) or is_data(stream, start) or is_known_binary(stream.head):
            return 0.0
        return 0.3 if PurePosixPath(stream.path).suffix.lower() in self.endings else 0.1

    def read(self, stream: Stream, options: ReadOptions) -> Iterator[Item]:
        raw = load(stream, options.limits.record)
        decoded = decode(raw, stream.charset)
        if decoded.fault:
            yield problem(stream, decoded.fault, "bad bytes replaced by U+FFFD, the text kept; check its encoding")
        header = find_header(decoded.text)
        stated = header.fields.get("date", "")
        published_at, grain = iso_utc(stated)
        if stated and not published_at:
            yield problem(stream, f"the date {stated[:60]!r} is not understood", "read without a date; use ISO 8601")
        yield make_document(
            origin=origin(stream, sha256(raw)),
            source=header.fields.get("source") or source_of(stream, options),
            text=decoded.text,
            body_start=header.body_start,
            published_at=published_at,
            published_grain=grain,
            reader="text" if decoded.encoding == "utf-8" else f"text ({decoded.encoding})",
            **_described(header.fields, stream),
        )


def find_header(text: str) -> Header:
    """Read front matter or a dated first line, then header lines, from the top of `text`."""
    top, header = text[:_HEADER], Header()
    if fenced := _FENCED.match(top):
        for line in filter(None, map(_LINE.match, fenced["lines"].splitlines())):
            _take(header.fields, line)
        header.body_start = fenced.end() if header.fields else 0
    elif dated := _DATED.match(top):
        _take_dated(header, dated, text)
    _take_lines(header, top)
    if header.fields and header.body_start:
        header.body_start = _BLANKS.match(text, header.body_start).end()  # type: ignore[union-attr] # it matches nothing too
    return header


def _take_dated(header: Header, dated: re.Match[str], text: str) -> None:
    """A long line, or one with nothing below it, is the text itself and not its title."""
    header.fields["date"] = dated["date"]
    title = dated["title"].strip(" \t-–—:|")
    if len(title) > _TITLE or not text[dated.end() :].strip():
        header.body_start = dated.start("title")
        return
    header.body_start = dated.end()
    if title:
        header.fields["title"] = title


def _take_lines(header: Header, top: str) -> None:
    blanks = _BLANKS.match(top, header.body_start)
    at = blanks.end() if blanks else header.body_start
    while (line := _LINE.match(top, at)) and _take(header.fields, line):
        header.body_start = at = line.end()


def _take(fields: dict[str, str], line: re.Match[str]) -> bool:
    """Keep the first value of a known name; say whether the name is known."""
    field = _FIELD.get(re.sub(r"[ -]", "_", line["name"].lower()))
    value = line["value"].strip().strip("\"'").strip()
    if field and value:
        fields.setdefault(field, value)
    return bool(field)


def _described(fields: dict[str, str], stream: Stream) -> dict[str, str]:
    kind, source_kind = _KINDS.get(fields.get("kind", "").lower(), ("article", "outlet"))
    named = source_kind if "source" in fields else "unknown"
    language = re.match(r"[a-z]{2}(?![a-z])", fields.get("language", "").lower())
    return {
        "kind": kind,
        "source_kind": _SOURCE_KINDS.get(fields.get("source_kind", "").lower(), named),
        "title": fields.get("title", ""),
        "author": fields.get("author", ""),
        "url": fields.get("url", stream.url),
        "platform": fields.get("platform", ""),
        "language": language[0] if language else "",
    }
