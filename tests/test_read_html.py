"""Web pages: main text and metadata, dates only where stated, and pages made to hang a parser."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from reading import FIXTURES, split, written

_PROSE = "The ministry said on Tuesday that no such order had been given by anyone in the building. "


def test_page() -> None:
    (page,), problems = split(FIXTURES / "page.html")
    assert problems == []
    assert page.title == "Port chief quits after slick"
    assert (page.source, page.source_kind, page.platform, page.kind) == (
        "The Lenmark Observer",
        "outlet",
        "web",
        "article",
    )
    assert (page.published_at, page.published_grain) == ("2024-03-06T05:45:00+00:00", "second")
    assert (page.author, page.language, page.url) == (
        "Mira Holt",
        "en",
        "https://observer.example/news/port-chief-quits",
    )
    assert "\nThe head of the Lenmark port authority" in "\n" + page.text
    assert not any(noise in page.text for noise in ("Home", "Founded", "tracked"))
    assert page.reader.startswith("html (trafilatura ")
    assert len(page.origin.raw_sha256) == 64


@pytest.mark.parametrize(
    ("head", "body", "published"),
    [
        ("", "<p>Updated 12 May 2021. © 2019</p><img src='/2018/05/06.jpg'>", ""),
        ("", "<time datetime='2024-03-01'>1</time><time datetime='2024-03-02'>2</time>", ""),
        ("", "<time datetime='2024-03-01'>1 March</time>", "2024-03-01"),
        ("<link rel='canonical' href='https://x.example/2024/03/05/a'>", "", "2024-03-05"),
        ("<meta name='DC.date.issued' content='2024-03-05'>", "", "2024-03-05"),
        ("<meta name='date' content='01/02/2024'>", "", ""),
        (
            '<script type="application/ld+json">{"@graph": [{"@type": "WebSite", "datePublished": "1999-01-01"},'
            ' {"@type": "NewsArticle", "datePublished": "2024-03-05T10:00:00+01:00"}]}</script>',
            "",
            "2024-03-05T09:00:00+00:00",
        ),
        ('<script type="application/ld+json">{broken</script>', "", ""),
    ],
)
def test_dates_are_taken_only_where_stated(tmp_path: Path, head: str, body: str, published: str) -> None:
    html = f"<!doctype html><html><head>{head}</head><body><article><p>{_PROSE}</p>{body}</article></body></html>"
    (page,), _ = split(written(tmp_path, "a.html", html))
    assert page.published_at == published


def test_declared_charset(tmp_path: Path) -> None:
    html = (
        f"<html><head><meta charset='windows-1251'></head><body><p>{'Рыбаки сообщили о пятне. ' * 9}</p></body></html>"
    )
    (page,), problems = split(written(tmp_path, "a.html", html.encode("windows-1251")))
    assert page.text.startswith("Рыбаки сообщили") and problems == []


def test_detected_by_content_whatever_the_name(tmp_path: Path) -> None:
    html = f"\ufeff<!-- saved --> <!DOCTYPE html><html><body><p>{_PROSE}</p></body></html>"
    assert split(written(tmp_path, "a.txt", html))[0][0].reader.startswith("html")
    assert split(written(tmp_path, "b.html", "Only words & no < tags."))[0][0].text == "Only words & no < tags."


def test_a_page_without_text_is_told(tmp_path: Path) -> None:
    documents, (problem,) = split(
        written(tmp_path, "a.html", "<html><body><div id=app></div><script>x()</script></body></html>")
    )
    assert documents == []
    assert "without an article's text" in problem.line


_MONSTERS = {
    "deep": "<div>" * 500_000,
    "attributes": "<div " + " ".join(f"a{i}=1" for i in range(100_000)) + ">",
    "quotes": "<a \"'" * 100_000,
    "open quote": '<a "' + "'" * 500_000,
    "less than": "<" * 500_000,
    "comments": "<!--" * 200_000,
    "formatting": "<b><i><u>" * 10_000,
    "tables": "<table><tr><td>" * 30_000,
    "embedded": "<img src='data:image/png;base64," + "QUJD" * 2_000_000 + "'>",
}


@pytest.mark.parametrize("name", _MONSTERS)
def test_monsters_end_soon(tmp_path: Path, name: str) -> None:
    page = written(tmp_path, "a.html", f"<html><body>{_MONSTERS[name]}<p>{_PROSE}</p></body></html>")
    start = time.monotonic()
    documents, problems = split(page)
    assert time.monotonic() - start < 20
    assert len(documents) + len(problems) == 1


def test_fifty_megabytes_end_soon(tmp_path: Path) -> None:
    page = written(tmp_path, "a.html", "<html><body>" + f"<p>{_PROSE}</p>" * 530_000)
    start = time.monotonic()
    documents, (problem,) = split(page)
    assert time.monotonic() - start < 60
    assert documents == [] and "set aside" in problem.line


def test_a_big_page_is_read_as_plain_text(tmp_path: Path) -> None:
    page = written(tmp_path, "a.html", "<html><title>Big &amp; long</title><body>" + f"<p>{_PROSE}</p>" * 60_000)
    (document,), _ = split(page)
    assert (document.reader, document.title) == ("html (plain)", "Big & long")
    assert document.text.count("\n") == 60_000
