"""Plain text: offsets are those of the file, and the top says what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from allegedly.records import Document
from reading import FIXTURES, split, written


def _one(path: Path) -> Document:
    (document,), problems = split(path)
    assert problems == []
    return document


def test_dated_first_line() -> None:
    document = _one(FIXTURES / "dated.txt")
    raw = (FIXTURES / "dated.txt").read_bytes()
    assert document.text == raw.decode()
    assert document.text.endswith("said.  \n")
    assert document.title == "Harbour office denies oil leak"
    assert (document.published_at, document.published_grain) == ("2024-03-05", "day")
    assert document.text[document.body_start :].startswith("The harbour office of Lenmark")
    assert (document.source, document.source_kind) == ("unknown", "unknown")


def test_front_matter() -> None:
    document = _one(FIXTURES / "front-matter.md")
    assert document.title == "Two accounts of one night"
    assert (document.source, document.source_kind, document.author) == ("The Lenmark Observer", "outlet", "Staff")
    assert (document.published_at, document.published_grain) == ("2024-03-05T06:30:00+00:00", "second")
    assert (document.language, document.url) == ("en", "https://observer.example/two-accounts")
    assert document.text[document.body_start :] == "Fishermen told of a slick two miles long.\n"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_header_lines_with_any_newline(tmp_path: Path, newline: str) -> None:
    text = newline.join(["Source: Kanal Ost", "Kind: message", "Date: 5 March 2024", "", "Body: it begins.", ""])
    document = _one(written(tmp_path, "a.txt", text))
    assert document.text == text
    assert (document.source, document.source_kind, document.kind) == ("Kanal Ost", "channel", "message")
    assert document.published_at == "2024-03-05"
    assert document.text[document.body_start :] == f"Body: it begins.{newline}"


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("No header here: only words.\n", "No header here: only words.\n"),
        ("---\nno end of the fence\n", "---\nno end of the fence\n"),
        ("date palms grow here\nindeed\n", "date palms grow here\nindeed\n"),
        ("date 2024-03-05 All in one line.", "All in one line."),
        ("date 2024-03-05 " + "word " * 100 + "\nmore", "word " * 100 + "\nmore"),
        ("date 2024-03-05T10:00Z\nSource: X\n\nBody", "Body"),
    ],
)
def test_where_the_body_begins(tmp_path: Path, text: str, body: str) -> None:
    document = _one(written(tmp_path, "a.txt", text))
    assert document.text[document.body_start :] == body


_HEADS = [
    ("Tanker burns off Kelvar\nThe Kelvar Herald\n7 March 2024", "2024-03-07", "The Kelvar Herald", ""),
    ("Tanker burns off Kelvar\n7 March 2024\nThe Kelvar Herald", "2024-03-07", "The Kelvar Herald", ""),
    ("7 March 2024\nTanker burns off Kelvar\nThe Kelvar Herald", "2024-03-07", "The Kelvar Herald", ""),
    (
        "# Tanker burns off Kelvar\n\nPublished: Thursday, 7 March 2024 18:40 UTC\nUpdated: 8 March 2024",
        "2024-03-07T18:40:00+00:00", "unknown", "",
    ),
    ("Tanker burns off Kelvar\nBy Ada Bell, 7 March 2024", "2024-03-07", "unknown", "Ada Bell"),
    ("Tanker burns off Kelvar\nBy Ada Bell\n7 de marzo de 2024", "2024-03-07", "unknown", "Ada Bell"),
    ("Tanker burns off Kelvar\nThree crew are missing\n7. März 2024", "2024-03-07", "unknown", ""),
    ("Tanker burns off Kelvar\nPort Kelvar\n2024-03-07", "2024-03-07", "unknown", ""),
]  # fmt: skip


@pytest.mark.parametrize(("head", "date", "source", "author"), _HEADS)
def test_a_head_of_bare_lines(tmp_path: Path, head: str, date: str, source: str, author: str) -> None:
    text = f"{head}\n\nThe navy said it saw smoke.\nIt was black.\n"
    document = _one(written(tmp_path, "a.txt", text))
    assert document.text == text
    assert (document.title, document.published_at) == ("Tanker burns off Kelvar", date)
    assert (document.source, document.author) == (source, author)
    assert document.text[document.body_start :] == "The navy said it saw smoke.\nIt was black.\n"


@pytest.mark.parametrize(
    "text",
    [
        "Tanker burns off Kelvar\nThe Kelvar Herald\n\nThe navy said it saw smoke.\n",
        "The navy said it saw smoke.\n7 March 2024\n\nIt was black.\n",
        "Tanker burns\n7 March 2024",
        "Log\nMarch 2024\n\nWords.\n",
        "Number\n1675145700\n\nWords.\n",
        "Tanker burns\n01/02/2024\n\nWords.\n",
        "One\nTwo\nThree\nFour\n7 March 2024\n\nWords.\n",
        "Tanker burns\nOn 7 March 2024 it burnt\n\nWords.\n",
    ],
)
def test_without_a_line_that_is_a_date_nothing_is_taken(tmp_path: Path, text: str) -> None:
    document = _one(written(tmp_path, "a.txt", text))
    assert (document.body_start, document.title, document.published_at) == (0, "", "")


def test_source_by_option_then_folder(tmp_path: Path) -> None:
    (tmp_path / "Post" / "2024").mkdir(parents=True)
    written(tmp_path / "Post" / "2024", "a.txt", "Words.")
    assert split(tmp_path)[0][0].source == "Post"
    assert split(tmp_path, source="Mine")[0][0].source == "Mine"


def test_a_date_that_is_none_is_told(tmp_path: Path) -> None:
    (document,), (problem,) = split(written(tmp_path, "a.txt", "Date: 01/02/2024\n\nWords."))
    assert document.published_at == ""
    assert "'01/02/2024' is not understood" in problem.line


def test_odd_dates_are_kept_and_told(tmp_path: Path) -> None:
    for stated in ("2931-01-01", "1601-01-01"):
        (document,), (problem,) = split(written(tmp_path, "a.txt", f"date {stated} Title\n\nWords."))
        assert document.published_at == stated
        assert stated in problem.what


def test_broken_bytes_keep_the_document(tmp_path: Path) -> None:
    (document,), (problem,) = split(written(tmp_path, "a.txt", b"caf\xc3\xa9 \xff broken"))
    assert document.text == "café \ufffd broken"
    assert "first bad byte at 6" in problem.line


def test_encoding_stands_in_the_reader(tmp_path: Path) -> None:
    text = "Рыбаки сообщили о пятне на воде."
    assert _one(written(tmp_path, "a.txt", text.encode("windows-1251"))).reader == "text (windows-1251)"
    assert _one(written(tmp_path, "a.txt", text)).reader == "text"


def test_same_text_twice_is_one_document_in_two_places(tmp_path: Path) -> None:
    written(tmp_path, "a.txt", "The same words.")
    written(tmp_path, "b.txt", "The same words.")
    one, other = split(tmp_path)[0]
    assert one.id == other.id
    assert one.origin != other.origin


def test_a_text_beyond_the_limit_is_set_aside(tmp_path: Path) -> None:
    documents, (problem,) = split(written(tmp_path, "a.txt", "word " * (5 * 2**20)))
    assert documents == []
    assert "20,971,520 characters" in problem.line
