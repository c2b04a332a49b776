"""RSS and Atom: an entry is a document; entities never reach a parser."""

from __future__ import annotations

from pathlib import Path

import pytest

from reading import FIXTURES, split, written


def test_rss() -> None:
    (first, third), (second,) = split(FIXTURES / "feed.rss")
    assert (first.title, first.author) == ("Ministry: no tank damaged", "News Desk")
    assert first.text == "The ministry said no tank was damaged.\nDivers disagree."
    assert (first.source, first.source_kind, first.language) == ("Lenmark Radio & Wire", "outlet", "en")
    assert (first.published_at, first.published_grain) == ("2024-03-06T07:15:00+00:00", "second")
    assert (first.url, first.native_id) == ("https://radio.example/1", "radio-1")
    assert (first.hashtags, first.media) == (("harbour",), ("https://radio.example/1.mp3",))
    assert (third.text, third.published_at, third.origin.position) == ("Survey withheld", "", "entry 3")
    assert second.position == "entry 2" and "without text" in second.line


def test_atom() -> None:
    (entry,), problems = split(FIXTURES / "feed.atom")
    assert problems == []
    assert (entry.title, entry.language, entry.source) == ("Öl & Wasser", "de", "Lenmarker Bote")
    assert entry.text == "Die Behörde dementiert.\nDie Fischer nicht."
    assert entry.published_at == "2024-03-06T10:00:00+00:00"


def _rss(items: str, lead: str = "") -> str:
    return f'{lead}<rss version="2.0"><channel><title>F</title>{items}</channel></rss>'


def test_rss_one_and_nought(tmp_path: Path) -> None:
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>R</title></channel><item><title>T</title>'
        "<description>Words.</description><dc:date>2024-03-05</dc:date><dc:creator>Jo</dc:creator></item></rdf:RDF>"
    )
    (item,), _ = split(written(tmp_path, "a.rdf", rdf))
    assert (item.text, item.published_at, item.published_grain, item.author) == ("Words.", "2024-03-05", "day", "Jo")
    doctype = '<!DOCTYPE rss PUBLIC "-//X//DTD RSS 0.91//EN" "http://nowhere.example/rss-0.91.dtd">'
    (old,), _ = split(written(tmp_path, "b.xml", _rss("<item><title>Old</title></item>", doctype).encode("utf-16")))
    assert old.text == "Old"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
def test_entities_are_refused_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    bomb = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    outside = '<!ENTITY l0 SYSTEM "file:///etc/hostname">'
    for subset in (bomb, outside):
        feed = _rss("<item><title>&l9;&l0;</title></item>", f'<?xml version="1.0"?><!DOCTYPE rss [{subset}]>')
        documents, (problem,) = split(written(tmp_path, "a.xml", feed.encode(encoding)))
        assert documents == []
        assert "entity bomb" in problem.line


def test_a_broken_feed_is_read_leniently(tmp_path: Path) -> None:
    feed = _rss("<item><title>A</title></item><item><title>B & C</title><description>Two")
    documents, (problem,) = split(written(tmp_path, "a.xml", feed))
    assert [d.title for d in documents] == ["A", "B & C"]
    assert "no well-formed XML" in problem.line


def test_a_declared_charset_is_heeded(tmp_path: Path) -> None:
    feed = _rss("<item><title>Да</title></item>", '<?xml version="1.0" encoding="koi8-r"?>')
    assert split(written(tmp_path, "a.xml", feed.encode("koi8-r")))[0][0].text == "Да"


def test_other_xml_is_named_as_such(tmp_path: Path) -> None:
    documents, (problem,) = split(written(tmp_path, "a.xml", '<?xml version="1.0"?><list><p>hello</p></list>'))
    assert documents == []
    assert "XML that is neither a page nor a feed" in problem.line
