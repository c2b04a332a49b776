"""Folders of any mix: sorted, loops and hidden names passed over, nothing raises, every file accounted for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allegedly.read import Stream, formats, read
from allegedly.read._base import Item, ReadOptions
from allegedly.read.detect import READERS
from allegedly.records import Document, Origin, Problem, make_document
from reading import FIXTURES, split, written


def test_sorted_and_named_as_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("b/z.txt", "b/a.txt", "a.txt", "c.txt", ".hidden/x.txt", "b/.x.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        written(tmp_path, name, f"Words of {name}.")
    monkeypatch.chdir(tmp_path)
    found = [item.origin.path for item in read(["c.txt", "./b", ".hidden"]) if isinstance(item, Document)]
    assert found == ["c.txt", "./b/a.txt", "./b/z.txt", ".hidden/x.txt"]


def test_loops_and_dead_links(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    written(tmp_path, "a/a.txt", "Words.")
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    (tmp_path / "dead").symlink_to(tmp_path / "nowhere")
    documents, problems = split(tmp_path)
    assert len(documents) == 1
    assert [p.what for p in problems] == [
        "leads to a folder already read",
        "cannot be opened: no such file or directory",
    ]


def test_what_cannot_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = written(tmp_path, "secret.txt", "Words.")
    os.mkfifo(tmp_path / "pipe")
    opened = Path.open

    def refusing(path: Path, *args: object, **kwargs: object) -> object:
        if path == secret:
            raise PermissionError(13, "Permission denied")
        return opened(path, *args, **kwargs)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refusing)
    problems = [item for item in read([tmp_path, tmp_path / "missing", "nul\0name"]) if isinstance(item, Problem)]
    assert [p.what.partition(":")[0] for p in problems] == ["is no regular file", *["cannot be opened"] * 3]
    assert "permission denied" in problems[1].line


def test_hostile_names(tmp_path: Path) -> None:
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))).write_text("Words.")
    written(tmp_path, "two\nlines\x1b[31m.txt", b"")
    (document,), (problem,) = split(tmp_path)
    assert document.origin.path.endswith("/caf\\xe9.txt")
    assert "two\\nlines\\x1b[31m.txt: is empty" in problem.line


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.txt", b"", "is empty"),
        ("a.txt", b"\0" * 100, "only NUL bytes"),
        ("a.txt", b"\0" * 100_000, "only NUL bytes"),
        ("a.pdf", b"%PDF-1.7\n%\xe2\xe3", "pdftotext"),
        ("a.bin", bytes(range(256)) * 9, "binary data"),
        ("a.css", b"p { color: red }", "styles"),
        ("a.db", b"SQLite format 3\0" + b"\0" * 99, "SQLite"),
    ],
)
def test_what_no_reader_takes_is_named(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    documents, (problem,) = split(written(tmp_path, name, content))
    assert documents == []
    assert said in problem.line


def test_a_file_that_holds_nothing_is_told(tmp_path: Path) -> None:
    for name, content in (
        ("a.zip", b"PK\5\6" + bytes(18)),
        ("a.warc", b"WARC/1.1\r\nContent-Length: 0\r\n\r\n\r\n\r\n"),
    ):
        documents, problems = split(written(tmp_path, name, content))
        assert documents == []
        assert len(problems) == 1


class _Breaking:
    name, summary, endings = "breaking", "", ()

    def sniff(self, stream: Stream) -> float:
        return 1.0 if stream.head == b"break" else 1 / 0

    def read(self, stream: Stream, options: ReadOptions) -> Iterator[Item]:
        yield make_document(origin=Origin(path=stream.path), source="s", text="before")
        raise RuntimeError("a bug")


def test_a_reader_that_breaks_keeps_what_it_gave(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("allegedly.read.detect.READERS", [_Breaking(), *READERS])
    written(tmp_path, "a.txt", "break")
    written(tmp_path, "b.txt", "Words.")
    documents, (problem,) = split(tmp_path)
    assert [d.text for d in documents] == ["before", "Words."]
    assert "RuntimeError: a bug" in problem.line


def test_lone_surrogates_never_reach_a_record() -> None:
    document = make_document(
        origin=Origin(path="p"), source="s\ud800", text="a\ud83d\ude00b\udc00", hashtags=("\udfff",)
    )
    assert (document.text, document.source, document.hashtags) == ("a😀b\ufffd", "s\ufffd", ("\ufffd",))


def test_formats_are_named_once() -> None:
    names = [row.name for row in formats()]
    assert names == sorted(set(names))
    assert {"text", "html", "feed", "warc", "wacz", "zip", "gz", "tar"} <= set(names)


_SEEDS = [path.read_bytes() for path in sorted(FIXTURES.glob("*")) if path.is_file()]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_reading_never_raises(tmp_path: Path, data: st.DataObject) -> None:
    """On random bytes, on fixtures cut, spliced and spoiled: each file gives something, and it can be stored."""
    seed = data.draw(st.one_of(st.binary(max_size=600), st.sampled_from(_SEEDS)))
    at, end = (data.draw(st.integers(0, len(seed))) for _ in range(2))
    raw = seed[:at] + data.draw(st.binary(max_size=20)) + seed[end:]
    documents, problems = split(written(tmp_path, data.draw(st.sampled_from(["a.txt", "a.html", "a", "a.json"])), raw))
    assert documents or problems
    for item in (*documents, *problems):
        str(item).encode()
    assert all(d.text and "\n" not in p.line for d in documents for p in problems)


@pytest.mark.parametrize("mark", ["ledger.duckdb", "export.json"])
def test_our_own_folders_are_not_input(tmp_path: Path, mark: str) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / mark).write_text("{}")
    (tmp_path / "mine" / "claims.csv").write_text("id,text\n1,The gate was shut.\n")
    (tmp_path / "news.txt").write_text("The gate was shut.")
    documents, problems = split(tmp_path)
    assert [d.text for d in documents] == ["The gate was shut."]
    assert [p.what for p in problems] == ["is a ledger or an export of Allegedly"]
