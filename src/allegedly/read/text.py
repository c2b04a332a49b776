"""Plain text, with a dated first line, front matter, header lines or a head of bare lines if it has them.

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
_HEAD_LINE = re.compile(r"[ \t]*(?:#+[ \t]+)?(?P<line>[^\r\n]*?)[ \t]*(?:\r\n|\r|\n|\Z)")
_HEAD_LINES = 4
_SHORT = 120
_BYLINE = re.compile(r"(?:by|von|par|por)\s+(?P<author>[^\W\d_][^,|\d]{1,60}?)", re.IGNORECASE)
_DATE_LABEL = re.compile(
    r"(?:(?:first |last )?(?P<label>published|updated|posted|date|veröffentlicht|aktualisiert|publié|mis à jour|"
    r"publicado|actualizado|опубликовано|обновлено)(?: on| am| le| el)?\s*:?\s+)",
    re.IGNORECASE,
)
_DATELINE = re.compile(
    r"(?:[^\W\d_][\w.’' -]{1,30},[ ]){0,2}"
    r"(?P<date>[^\W\d_]{3,9}\.?[ ]\d{1,2},?[ ]\d{4}|\d{1,2}\.?[ ][^\W\d_]{3,9}\.?[ ]\d{4})"
    r"[ ]?(?:[(/][^()/]{2,30}[)/])?[ ]?(?:[—–]|--|-(?=[ ]))[ ]*\S"
)
"""Place and full day before the first sentence of a story: “KESSAB, May 3, 2021 (Agency) —”."""
_UPDATED = {"updated", "aktualisiert", "mis à jour", "actualizado", "обновлено"}
_OUTLET = re.compile(
    r"\b(?:herald|times|post|news|press|agency|tribune|gazette|observer|guardian|chronicle|daily|journal|telegraph|"
    r"zeitung|nachrichten|tageblatt|agentur|presse|agence|diario|prensa|periódico|agencia|газета|новости|агентство|"
    r"вести|правда|ведомости)\b",
    re.IGNORECASE,
)
_SMALL_WORDS = frozenset(re.findall(r"\w+", "the of and for de des du del la le les el los y et und der die das von и"))
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
    """Read front matter or a dated first line, then header lines, or else a head of bare lines, atop `text`."""
    top, header = text[:_HEADER], Header()
    if fenced := _FENCED.match(top):
        for line in filter(None, map(_LINE.match, fenced["lines"].splitlines())):
            _take(header.fields, line)
        header.body_start = fenced.end() if header.fields else 0
    elif dated := _DATED.match(top):
        _take_dated(header, dated, text)
    _take_lines(header, top)
    if not header.fields:
        _take_head(header, top)
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


def _take_head(header: Header, top: str) -> None:
    """Take title, outlet, byline and date from short lines of their own, where one of them holds only a date."""
    lines = _head_lines(top)
    at = next((i for i, line in enumerate(lines) if _dated(line["line"])), None)
    if at is None:
        _take_dateline(header, lines)
    if at is None or any(not _is_short(line["line"]) for line in lines[:at]):
        return
    dates, end = [_dated(lines[at]["line"])], at + 1
    while end < len(lines) and _DATE_LABEL.match(lines[end]["line"]) and _dated(lines[end]["line"]):
        dates.append(_dated(lines[end]["line"]))
        end += 1
    around = [line["line"] for line in lines[:at]]
    while end < len(lines) and _continues(lines[end], bool(around), top):
        around.append(lines[end]["line"])
        end += 1
    if top[lines[end - 1].end() :].strip():
        first = next((date for date in dates if "updated" not in date), dates[0])
        header.fields.update(first)
        header.fields.pop("updated", None)
        _take_names(header.fields, around)
        header.body_start = lines[end - 1].end()


def _take_dateline(header: Header, lines: list[re.Match[str]]) -> None:
    """Take the day from the dateline of a story, which stays in its body, and the title from the line above."""
    titled = len(lines) > 1 and _is_short(lines[0]["line"]) and not _DATELINE.match(lines[0]["line"])
    story = lines[1] if titled else lines[0] if lines else None
    dateline = _DATELINE.match(story["line"]) if story else None
    if story is None or dateline is None or iso_utc(dateline["date"])[1] != "day":
        return
    header.fields["date"] = dateline["date"]
    if titled:
        header.fields["title"] = lines[0]["line"]
        header.body_start = story.start("line")


def _head_lines(top: str) -> list[re.Match[str]]:
    """Return the first lines that hold more than blanks."""
    found: list[re.Match[str]] = []
    at = 0
    while at < len(top) and len(found) < _HEAD_LINES and (line := _HEAD_LINE.match(top, at)):
        found += [line] if line["line"] else []
        at = line.end()
    return found


def _dated(line: str) -> dict[str, str]:
    """Return the date of a line that holds nothing but a day, with its byline, if any; nothing for other lines."""
    author = re.match(_BYLINE.pattern + r"\s*[,|–—]\s*", line, re.IGNORECASE)
    rest = line[author.end() :] if author else line
    label = _DATE_LABEL.match(rest)
    stated = rest[label.end() :] if label else rest
    if re.match(r"-?\d{8}", stated) or iso_utc(stated)[1] not in ("day", "hour", "minute", "second"):
        return {}
    updated = {"updated": "yes"} if label and label["label"].lower() in _UPDATED else {}
    return {"date": stated, **updated, **({"author": author["author"].strip()} if author else {})}


def _is_short(line: str) -> bool:
    return len(line) <= _SHORT and not line.endswith((".", ",", ";", ":", "…"))


def _continues(line: re.Match[str], titled: bool, top: str) -> bool:
    """Whether a line below the date is of the head: a byline, an outlet, or a title that none stands above."""
    if not _is_short(line["line"]):
        return False
    if _BYLINE.fullmatch(line["line"]) or _is_outlet(line["line"]):
        return True
    below = _HEAD_LINE.match(top, line.end())
    return not titled and bool(below) and (not below["line"] or _is_outlet(below["line"]))  # type: ignore[index]


def _is_outlet(line: str) -> bool:
    """Whether a line is a name with a word of the press in it: a place, a person or a subtitle may stand there too."""
    words = line.split()
    named = all(word[:1].isupper() or word in _SMALL_WORDS for word in words)
    return len(words) <= 6 and named and bool(_OUTLET.search(line))


def _take_names(fields: dict[str, str], lines: list[str]) -> None:
    """The first line is the title, a line with "By" the byline; an outlet is taken where one line alone may be it."""
    bylines = [match for match in map(_BYLINE.fullmatch, lines) if match]
    others = [line for line in lines if not _BYLINE.fullmatch(line)]
    if others:
        fields["title"] = others[0]
    if bylines:
        fields.setdefault("author", bylines[0]["author"])
    outlets = [line for line in others[1:] if _is_outlet(line)]
    if len(outlets) == 1:
        fields["source"] = outlets[0]


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
