"""WARC and WACZ: documents out of records, the rest counted, damage costing only what it touches."""

from __future__ import annotations

import gzip
import importlib.util
from pathlib import Path
from typing import Any

import pytest

from allegedly.read import Limits
from reading import FIXTURES, split, written


def _maker() -> Any:
    spec = importlib.util.spec_from_file_location("make_archives", FIXTURES / "make_archives.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MAKER = _maker()
CRAWL: list[bytes] = MAKER.records()


@pytest.mark.parametrize("name", ["crawl.warc", "crawl.warc.gz", "crawl.wacz"])
def test_crawl(name: str) -> None:
    documents, problems = split(FIXTURES / name)
    assert [(d.origin.position, d.source, d.published_at) for d in documents] == [
        ("record 2", "The Lenmark Observer", "2024-03-06T05:45:00+00:00"),
        ("record 3", "wire.example", ""),
        ("record 5", "vest.example", ""),
        ("record 6 entry 1", "Lenmark Radio & Wire", "2024-03-06T07:15:00+00:00"),
        ("record 6 entry 3", "Lenmark Radio & Wire", ""),
    ]
    assert {d.origin.retrieved_at for d in documents} == {"2024-03-07T12:00:00+00:00"}
    assert documents[1].url == "https://www.wire.example/a"
    assert documents[2].text == "Рыбаки сообщили о пятне длиной две мили."
    assert problems[-1].what == "holds 2 records that are no document (1 with HTTP status 404, 1 image/png)"


def test_a_record_and_a_file_give_the_same_page() -> None:
    page = split(FIXTURES / "page.html")[0][0]
    record = split(FIXTURES / "crawl.warc")[0][0]
    assert page.id == record.id
    assert page.origin.raw_sha256 == record.origin.raw_sha256


def test_gzipped_as_a_whole(tmp_path: Path) -> None:
    documents, _ = split(written(tmp_path, "a.warc.gz", gzip.compress(b"".join(CRAWL))))
    assert len(documents) == 5


def _positions(path: Path) -> tuple[list[str], list[str]]:
    documents, problems = split(path)
    return [d.origin.position for d in documents], [p.line.partition(": ")[2] for p in problems]


def test_a_record_cut_in_the_middle_costs_itself(tmp_path: Path) -> None:
    cut = [*CRAWL[:1], CRAWL[1][:-400], *CRAWL[2:]]
    found, told = _positions(written(tmp_path, "a.warc", b"".join(cut)))
    assert found == ["record 3", "record 5", "record 6 entry 1", "record 6 entry 3"]
    assert told[0].startswith("record 2: is cut off")


@pytest.mark.parametrize("packed", [False, True])
def test_the_end_cut_off(tmp_path: Path, packed: bool) -> None:
    whole = b"".join(gzip.compress(one) if packed else one for one in CRAWL[:3])
    found, told = _positions(written(tmp_path, "a.warc", whole[:-60]))
    assert found == ["record 2"]
    assert "record 3: is cut off" in told[0]


def test_a_damaged_gzip_member_costs_itself(tmp_path: Path) -> None:
    members = [gzip.compress(one) for one in CRAWL]
    members[1] = members[1][:200] + bytes(60) + members[1][260:]
    documents, problems = split(written(tmp_path, "a.warc.gz", b"".join(members)))
    assert [d.source for d in documents][:2] == ["wire.example", "vest.example"]
    assert any("damaged gzip" in p.line for p in problems)


def test_garbage_between_records(tmp_path: Path) -> None:
    junk = b"junk\r\n" * 50 + b"WARC/1.0\r\nno length\r\n\r\n"
    found, told = _positions(written(tmp_path, "a.warc", CRAWL[0] + junk + CRAWL[1]))
    assert len(found) == 1
    assert [line.partition(";")[0] for line in told] == ["record 2: is no record", "record 3: states no length"]


def test_a_payload_may_quote_a_warc(tmp_path: Path) -> None:
    text = b"How a record begins:\r\nWARC/1.0\r\nWARC-Type: response\r\n\r\nand so on."
    record = MAKER.record("resource", "https://x.example/a.txt", "text/plain", text)
    (document,), problems = split(written(tmp_path, "a.warc", record + CRAWL[0]))
    assert document.text.encode() == text and problems == []


def test_http_2(tmp_path: Path) -> None:
    documents, problems = split(written(tmp_path, "a.warc", CRAWL[1].replace(b"HTTP/1.1 200", b"HTTP/2   200")))
    assert len(documents) == 1 and problems == []


def test_a_record_that_cannot_be_taken_apart(tmp_path: Path) -> None:
    bad = CRAWL[1].replace(b"WARC-Type: response", b"WARC-Nope: response").replace(b"HTTP/1.1 200", b"no head at")
    found, _ = _positions(written(tmp_path, "a.warc", bad + CRAWL[1]))
    assert found == ["record 2"]


def test_a_record_beyond_the_limit(tmp_path: Path) -> None:
    bomb = MAKER.response(
        "https://x.example/", "text/html", gzip.compress(b"a" * 2**24), extra="Content-Encoding: gzip\r\n"
    )
    long = MAKER.record("resource", "https://x.example/", "text/plain", b"a" * 2**21)
    documents, problems = split(written(tmp_path, "a.warc", bomb + long + CRAWL[1]), limits=Limits(record=2**20))
    assert len(documents) == 1
    assert [p.position for p in problems] == ["record 1", "record 2"]


def test_fixtures_are_current() -> None:
    text = {name: content for name, content in MAKER.files().items() if name.endswith(".warc")}
    assert all((FIXTURES / name).read_bytes() == content for name, content in text.items())
