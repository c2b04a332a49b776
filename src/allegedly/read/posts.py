"""One record of a table to one document, as its mapping says."""

from __future__ import annotations

import ast
import html
import json
import math
import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from allegedly.read import mapping as mappings
from allegedly.read._dates import UNKNOWN, Stated, iso_utc
from allegedly.read.mapping import Mapping, Paths, Record
from allegedly.records import Document, Origin, SourceKind, make_document

BLANK = frozenset(("", "nan", "none", "null", "n/a", "<na>", "nat"))
"""How cells without a value are written, in lower case."""
_LANGUAGE = re.compile(r"([a-z]{2})(?:[-_][a-z0-9]{2,8})*", re.IGNORECASE)
_OLD_CODES = {"iw": "he", "in": "id", "ji": "yi"}  # ISO 639:1988 codes that platforms still send
_NO_LANGUAGE = {"qm", "zx", "un"}
_HASHTAG = re.compile(r"(?<![\w&/#])#(\w*[^\W\d_]\w*)")
_LINK = re.compile(r"https?://[^\s<>\"'“”«»]+")
_BETWEEN_LINKS = re.compile(r"[\s,;|]+(?=https?://)")
_BETWEEN_WORDS = re.compile(r"\s*[,;|\n]\s*")


def text_of(record: Record, mapping: Mapping) -> str:
    """The text as it stands, blanks included; empty when there is none."""
    text = first(mappings.rooted(mapping, record), mapping.columns.text)[0]
    return html.unescape(text) if mapping.unescape else text


def document(record: Record, mapping: Mapping, origin: Origin, reader: str, fallback: str) -> Document:
    """Build the document of a record. `fallback`: source of records that name none."""
    post, text = mappings.rooted(mapping, record), text_of(record, mapping)
    fields = _fields(post, mapping)
    source, kind = _source(post, mapping, fields)
    fields["url"] = fields["url"] or _filled(mapping, "url", fields | {"source": source})
    published_at, grain = published(post, mapping)
    return make_document(
        origin=origin,
        source=source or fallback,
        source_kind=kind,
        text=text,
        platform=fields.pop("platform") or mapping.constants.platform or platform_of(fields["url"]),
        kind=mapping.constants.kind,
        published_at=published_at,
        published_grain=grain,
        language=language_code(fields.pop("language") or mapping.constants.language),
        hashtags=_hashtags(post, mapping, text),
        links=tuple(_unique(many(post, mapping.columns.links)) or _links(text)),
        media=tuple(_unique(many(post, mapping.columns.media))),
        forward_inferred=bool(fields["forwarded_from"]) and mapping.forward_inferred,
        reader=reader,
        **fields,
    )


def published(post: Record, mapping: Mapping) -> Stated:
    """When a post was published, in UTC where its zone is known; unknown when none is stated that can be read."""
    raw = _raw(post, mapping.columns.time)
    stated = _by_format(raw, mapping.time.formats) or iso_utc(_number(raw))
    clock, _ = first(post, mapping.columns.clock)
    if stated[1] == "day" and clock:
        joined = iso_utc(f"{stated[0]} {clock}")
        stated = joined if joined != UNKNOWN else stated
    zone, _ = first(post, mapping.columns.zone)
    return _zoned(stated, zone or mapping.time.zone)


def stated_time(record: Record, mapping: Mapping) -> str:
    """The time as it stands in the record, read or not; empty when none is stated."""
    return plain(_raw(mappings.rooted(mapping, record), mapping.columns.time))


def first(post: Record, paths: Paths) -> tuple[str, str]:
    """The first value of `paths` that is not blank, and the path that gave it."""
    for path in paths:
        for value in mappings.values(post, path):
            if (text := plain(value)).strip().lower() not in BLANK:
                return text, path
    return "", ""


def many(post: Record, paths: Paths) -> list[str]:
    """All values of `paths`; a cell that holds several (JSON list, or parted by commas and the like) is parted."""
    return [part for path in paths for value in mappings.values(post, path) for part in _parts(plain(value))]


def plain(value: Any) -> str:
    """A scalar as text: whole floats without the point, nothing for null, NaN, booleans and objects."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else "" if math.isnan(value) else str(value)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def language_code(stated: str) -> str:
    """ISO 639-1 code of a language tag (BCP 47); nothing for names, longer codes and ``und``."""
    match = _LANGUAGE.fullmatch(stated.strip())
    code = match[1].lower() if match else ""
    return "" if code in _NO_LANGUAGE else _OLD_CODES.get(code, code)


def platform_of(url: str) -> str:
    """Name of the platform that an address belongs to; empty when it is none that is known."""
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
    parts = host.split(".")
    return next((name for i in range(len(parts)) if (name := _platforms().get(".".join(parts[i:])))), "")


@cache
def _platforms() -> dict[str, str]:
    lines = (files("allegedly.read") / "mappings" / "platforms.tsv").read_text("utf-8").splitlines()
    return dict(line.split("\t") for line in lines if line and not line.startswith("#"))


def _fields(post: Record, mapping: Mapping) -> dict[str, str]:
    """The fields that are plain text, by their names in `Document`."""
    names = ("title", "author", "platform", "url", "native_id", "language", "forwarded_from", "reply_to")
    fields = {name: first(post, getattr(mapping.columns, name))[0] or _cut(post, mapping, name) for name in names}
    fields["forwarded_from"] = fields["forwarded_from"].strip().removeprefix("@")
    return fields


def _source(post: Record, mapping: Mapping, fields: dict[str, str]) -> tuple[str, SourceKind]:
    name, path = first(post, mapping.columns.source)
    name = (name or _cut(post, mapping, "source") or mapping.constants.source).strip().removeprefix("@")
    stated = first(post, mapping.columns.source_kind)[0].strip().lower()
    kinds: dict[str, SourceKind] = {"outlet": "outlet", "channel": "channel", "account": "account"}
    if not name:
        return name, kinds.get(stated, "unknown")
    return name, kinds.get(stated) or mapping.source_kinds.get(path) or mapping.constants.source_kind


def _cut(post: Record, mapping: Mapping, field: str) -> str:
    """What the mapping's pattern for `field` finds in its column."""
    if not (pattern := mapping.patterns.get(field)):
        return ""
    match = re.search(pattern.find, first(post, (pattern.column,))[0][:1000])
    return (match[1] or "") if match and match.re.groups else ""


def _filled(mapping: Mapping, field: str, known: dict[str, str]) -> str:
    """What the mapping's template for `field` gives; nothing when a part of it is missing."""
    template = mapping.templates.get(field, "")
    known = known | {"tail": known["native_id"].rpartition("/")[2]}
    wanted = re.findall(r"{(\w+)}", template)
    if not wanted or not all(known.get(name) for name in wanted):
        return ""
    return re.sub(r"{(\w+)}", lambda found: known[found[1]], template)


def _hashtags(post: Record, mapping: Mapping, text: str) -> tuple[str, ...]:
    stated = [tag.removeprefix("#") for tag in many(post, mapping.columns.hashtags)]
    return tuple(_unique(stated or _HASHTAG.findall(text)))


def _links(text: str) -> list[str]:
    return _unique([link.rstrip(".,;:!?)]}…") for link in _LINK.findall(text)])


def _unique(items: list[str]) -> list[str]:
    return list(dict.fromkeys(item for item in items if item))


def _parts(cell: str) -> Iterator[str]:
    cell = cell.strip()
    if cell.lower() in BLANK:
        return
    if cell.startswith("[") and cell.endswith("]") and (listed := _listed(cell)) is not None:
        yield from (text for item in listed if (text := plain(item).strip()))
    else:
        yield from (_BETWEEN_LINKS if "://" in cell else _BETWEEN_WORDS).split(cell)


def _listed(cell: str) -> list[Any] | None:
    """A list written as JSON, or as Python writes it, in a cell."""
    for read in (json.loads, ast.literal_eval):
        try:
            value = read(cell) if len(cell) < 100_000 else None
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        if isinstance(value, list):
            return value
    return None


def _raw(post: Record, paths: Paths) -> Any:
    """The first value that is not blank, as it is."""
    for path in paths:
        for value in mappings.values(post, path):
            if plain(value).strip().lower() not in BLANK:
                return value
    return None


def _number(raw: Any) -> Any:
    """A year given as a number is no count of seconds."""
    return str(raw) if isinstance(raw, int) and 1600 <= raw <= 2100 else raw


def _by_format(raw: Any, formats: tuple[str, ...]) -> Stated | None:
    """Read a time in one of `formats`, with the grain that the format can state."""
    for form in formats:
        try:
            moment = datetime.strptime(plain(raw).strip(), form)
        except ValueError:
            continue
        iso, grain = iso_utc(moment)
        if "%H" not in form and "%I" not in form:
            return iso[:10], "day"
        return iso, grain if "%S" in form else "minute" if "%M" in form else "hour"
    return None


def _zoned(stated: Stated, zone: str) -> Stated:
    """Bring a time without a zone to UTC, if its `zone` is known."""
    iso, grain = stated
    if not zone or grain not in ("second", "minute", "hour") or len(iso) != 19:
        return stated
    by_offset, _ = iso_utc(f"{iso} {zone}")
    if len(by_offset) > 19:
        return by_offset, grain
    try:
        return iso_utc(datetime.fromisoformat(iso).replace(tzinfo=ZoneInfo(zone)))[0], grain
    except (ValueError, OSError, KeyError):  # an unknown zone, or no time zone data on this machine
        return stated
