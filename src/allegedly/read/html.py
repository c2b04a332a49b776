"""HTML pages: main text and metadata by trafilatura, the date only from what the page itself states.

Pages with more tags than a tree handles in sane time are read as plain text instead, without a guess at the main part.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

from allegedly.read._base import Item, ReadOptions, Refused, Stream
from allegedly.read._common import host, load, origin, problem, sha256, source_of
from allegedly.read._dates import UNKNOWN, Stated, iso_utc
from allegedly.read._markup import depth, plain, root, slim
from allegedly.read.decode import decode, peek
from allegedly.records import make_document, well_formed

_LEAD = re.compile(r"<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_TAGGED = re.compile(
    r"<(?:head|body|title|meta|link|script|style|div|span|p|a|b|article|section|main|table|center|font|img|h[1-6])\b",
    re.IGNORECASE,
)
_CHARSET = re.compile(rb"<(?:meta|\?xml)[^<>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w:.-]+)", re.IGNORECASE)
_TAGS = 60_000
_LENGTH = 4 * 2**20
_DEPTH = 250  # libxml2 drops what lies deeper
_FIRST_DATE = "article:published_time"
_DATES = re.compile(
    r"date_?published|og:(?:article:)?published_time|pub-?date|publish[-_]?date|parsely-pub-date|sailthru\.date"
    r"|citation_(?:publication|online)_date|article\.published|originalpublicationdate|rnews:datepublished"
    r"|dcterms\.(?:issued|created|date)|dc\.date(?:\.issued)?|date"
)
_ARTICLE = re.compile(r"article|posting|report|review", re.IGNORECASE)
_URL_DATE = re.compile(r"/((?:19|20)\d\d)[/-](\d\d)[/-](\d\d)(?:[/-]|$)")


class _Page(msgspec.Struct):
    """What a page says of itself."""

    text: str
    extractor: str
    title: str = ""
    author: str = ""
    sitename: str = ""
    url: str = ""
    language: str = ""
    published: Stated = UNKNOWN
    is_article: bool = False


class HtmlReader:
    name = "html"
    summary = "saved web pages: main text, title, author, site and date"
    endings = (".html", ".htm", ".xhtml")

    def sniff(self, stream: Stream) -> float:
        start = root(peek(stream.head))
        if _LEAD.match(start):
            return 0.8
        named = stream.path.lower().endswith(self.endings)
        return 0.5 if _TAGGED.match(start) or (named and "<" in start) else 0.0

    def read(self, stream: Stream, options: ReadOptions) -> Iterator[Item]:
        raw = load(stream, options.limits.record)
        decoded = decode(raw, stream.charset or _declared(raw))
        if decoded.fault:
            yield problem(stream, decoded.fault, "bad bytes replaced by U+FFFD, the page kept; check its encoding")
        page = _page(well_formed(decoded.text), stream.url)
        if not page.text:
            raise Refused("is a page without an article's text", "set aside; it may need a browser to show it")
        url = page.url or stream.url
        site = page.sitename or host(url)
        yield make_document(
            origin=origin(stream, sha256(raw)),
            source=site or source_of(stream, options),
            source_kind="outlet" if site else "unknown",
            platform="web",
            kind="article" if page.is_article or page.published[0] else "page",
            title=page.title,
            author=page.author,
            published_at=page.published[0],
            published_grain=page.published[1],
            language=page.language,
            url=url,
            text=page.text,
            reader=f"html ({page.extractor})",
        )


def _declared(raw: bytes) -> str:
    match = _CHARSET.search(raw[:8192])
    return match[1].decode("ascii", "replace") if match else ""


def _page(source: str, url: str) -> _Page:
    slimmed = _without_declaration(slim(source))
    if slimmed.count("<") > _TAGS or len(slimmed) > _LENGTH:
        return _plain_page(slimmed)
    return _extracted(slimmed, url)


def _without_declaration(page: str) -> str:
    """lxml takes no text that still declares an encoding of its bytes, nor NULs."""
    return re.sub(r"\A\s*<\?xml[^<>]*>", "", page).replace("\0", "\ufffd")


def _plain_page(page: str) -> _Page:
    title = re.search(r"<title[^<>]*>([^<]{1,500})", page[:200_000], re.IGNORECASE)
    return _Page(text=plain(page), extractor="plain", title=plain(title[1]) if title else "")


def _extracted(page: str, url: str) -> _Page:
    trafilatura = _trafilatura()
    tree = trafilatura.load_html(page)
    if tree is None:
        return _plain_page(page)
    published_in = {"extensive_search": False}  # its guess is not used: it takes dates from anywhere in the text
    about = trafilatura.metadata.extract_metadata(tree, default_url=url or None, date_config=published_in)
    body = trafilatura.bare_extraction(tree, url=url or None, include_comments=False)
    if body is None and depth(page) > _DEPTH:
        return _plain_page(page)
    return _Page(
        text=(body.text or "").strip() if body else "",
        extractor=f"trafilatura {trafilatura.__version__}",
        title=about.title or "",
        author=about.author or "",
        sitename=about.sitename or "",
        url=about.url or "",
        language=_language(tree),
        published=_published(tree, about.url or url),
        is_article=bool(_ARTICLE.search(about.pagetype or "")),
    )


@cache
def _trafilatura() -> Any:
    """The library, loaded when the first page comes, and silent: its warnings are our problems."""
    import trafilatura.metadata

    for name in ("trafilatura", "htmldate", "courlan"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return trafilatura


def _language(tree: Any) -> str:
    declared = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    match = re.match(r"[a-z]{2}(?![a-z])", declared.lower())
    return match[0] if match else ""


def _published(tree: Any, url: str) -> Stated:
    """The first date of publication that the page states: in JSON-LD, metadata, markup or its address."""
    for value in _stated_dates(tree, url):
        if (stated := iso_utc(value)) != UNKNOWN:
            return stated
    return UNKNOWN


def _stated_dates(tree: Any, url: str) -> Iterator[str]:
    metas = {(m.get("property") or m.get("name") or "").lower(): m.get("content") or "" for m in tree.iter("meta")}
    yield metas.get(_FIRST_DATE, "")
    yield from _json_ld_dates(tree)
    yield from (e.get("content") or e.get("datetime") or "" for e in tree.xpath('//*[@itemprop="datePublished"]'))
    yield from (content for name, content in metas.items() if _DATES.fullmatch(name))
    yield from tree.xpath("//time[@pubdate]/@datetime")
    times = set(tree.xpath("//time/@datetime"))
    if len(times) == 1:
        yield times.pop()
    if match := _URL_DATE.search(url):
        yield "-".join(match.groups())


def _json_ld_dates(tree: Any) -> Iterator[str]:
    for script in tree.xpath('//script[contains(@type, "ld+json")]/text()'):
        try:
            data = json.loads(script)
        except (ValueError, RecursionError):
            continue
        things = data if isinstance(data, list) else data.get("@graph", [data]) if isinstance(data, dict) else []
        for thing in things if isinstance(things, list) else []:
            if isinstance(thing, dict) and _ARTICLE.search(str(thing.get("@type"))):
                yield str(thing.get("datePublished", ""))
