"""RSS and Atom, one document an entry, by feedparser. Entities are refused before any parser sees them."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from typing import Any

from allegedly.read._base import Item, ReadOptions, Refused, Stream
from allegedly.read._common import host, load, origin, problem, sha256, source_of
from allegedly.read._dates import Stated, iso_utc
from allegedly.read._markup import plain, root
from allegedly.read.decode import decode, peek
from allegedly.records import Origin, Problem, make_document, well_formed

_LEAD = re.compile(r"(?:<!doctype[^<>\[]*+(?:\[[^\]]*+\]\s*+)?>\s*+)?<(?:rss|feed|(?:\w+:)?rdf)\b", re.IGNORECASE)
_FEED = re.compile(
    r"<rss\b|http://www\.w3\.org/2005/Atom|http://purl\.org/(?:atom|rss)|netscape\.com/rdf", re.IGNORECASE
)
_CHARSET = re.compile(rb"<\?xml[^<>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)")
_ADDRESS = re.compile(r"\S{1,200}@\S+")
_DECLARATION = re.compile(r"\A\s*<\?xml[^<>]*>")
_ENTITY = re.compile(r"<!(?:ENTITY|ELEMENT|ATTLIST|NOTATION)\b|<!DOCTYPE[^<>]*\[", re.IGNORECASE)


class FeedReader:
    name = "feed"
    summary = "RSS 0.9x, 1.0, 2.0 and Atom feeds, one document an entry"
    endings = (".xml", ".rss", ".atom", ".rdf")

    def sniff(self, stream: Stream) -> float:
        start = root(peek(stream.head))
        return 0.9 if _LEAD.match(start) and _FEED.search(start) else 0.0

    def read(self, stream: Stream, options: ReadOptions) -> Iterator[Item]:
        raw = load(stream, options.limits.record)
        match = _CHARSET.search(raw[:1024])
        decoded = decode(raw, match[1].decode("ascii") if match else stream.charset)
        if decoded.fault:
            yield problem(stream, decoded.fault, "bad bytes replaced by U+FFFD, the feed kept; check its encoding")
        parsed = _parsed(well_formed(decoded.text), stream.url)
        if parsed.bozo and parsed.entries:
            yield problem(
                stream, f"is no well-formed XML: {parsed.bozo_exception}", "read leniently; check the entries"
            )
        if not parsed.entries:
            raise Refused("is a feed without entries" if not parsed.bozo else "is a broken feed without entries")
        digest = sha256(raw)
        for number, entry in enumerate(parsed.entries, 1):
            yield _item(entry, parsed.feed, stream, origin(stream, digest, f"entry {number}"), options)


def _parsed(text: str, url: str) -> Any:
    import feedparser

    if _ENTITY.search(text):
        raise Refused("declares XML entities, as an entity bomb does", "set aside; remove its DOCTYPE and try again")
    body = '<?xml version="1.0" encoding="utf-8"?>' + _DECLARATION.sub("", text)
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    # A stream, since feedparser would open a string as an address or a file.
    return feedparser.parse(io.BytesIO(body.encode("utf-8")), response_headers=headers, sanitize_html=False)


def _item(entry: Any, feed: Any, stream: Stream, where: Origin, options: ReadOptions) -> Item:
    title, body = plain(_text(entry.get("title"))), _body(entry)
    if not (title or body):
        return Problem(path=where.path, position=where.position, what="is an entry without text", action="set aside")
    published_at, grain = _published(entry)
    site = _source(entry, feed)
    return make_document(
        origin=where,
        source=site or source_of(stream, options),
        source_kind="outlet" if site else "unknown",
        platform="web",
        title=title,
        author=_author(_text(entry.get("author"))),
        published_at=published_at,
        published_grain=grain,
        language=_language(entry, feed),
        url=_text(entry.get("link")),
        native_id=_text(entry.get("id")),
        text=body or title,
        hashtags=tuple(_text(tag.get("term")) for tag in entry.get("tags", ()) if tag.get("term")),
        media=tuple(_text(file.get("href")) for file in entry.get("enclosures", ()) if file.get("href")),
        reader=f"feed (feedparser {_version()})",
    )


def _version() -> str:
    import feedparser

    return str(feedparser.__version__)


def _text(value: Any) -> str:
    return str(value or "").strip()


def _author(stated: str) -> str:
    """A name without the address that RSS wants beside it; feedparser's own split trips over long domains."""
    return _ADDRESS.sub("", stated).strip(" ()<>") or stated


def _body(entry: Any) -> str:
    """The fullest text an entry carries: its content, or else its summary."""
    parts = [*entry.get("content", ()), entry.get("summary_detail") or {}]
    return max((_as_text(part) for part in parts), key=len, default="")


def _as_text(part: Any) -> str:
    value = _text(part.get("value"))
    return value if part.get("type") == "text/plain" and "<" not in value else plain(value)


def _published(entry: Any) -> Stated:
    """When an entry was published, else when it was last changed; past feedparser's own swap of the two."""
    for name in ("published", "created", "updated"):
        if (stated := iso_utc(_text(dict.get(entry, name))))[0]:
            return stated
    return "", "unknown"


def _source(entry: Any, feed: Any) -> str:
    """The feed an aggregated entry was taken from, else this feed, else the host it comes from."""
    named = plain(_text(entry.get("source", {}).get("title"))) or plain(_text(feed.get("title")))
    return html.unescape(named) or host(_text(feed.get("link")))


def _language(entry: Any, feed: Any) -> str:
    stated = _text((entry.get("summary_detail") or {}).get("language") or feed.get("language")).lower()
    match = re.match(r"[a-z]{2}(?![a-z])", stated)
    return match[0] if match else ""
