"""Archives: members read where they lie, bombs stopped by bytes counted, every bad member told."""

from __future__ import annotations

import gzip
import io
import os
import struct
import tarfile
import zipfile
from pathlib import Path

import pytest

from allegedly.read import Limits
from reading import FIXTURES, split, written


def _zip(members: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_mixed_and_nested() -> None:
    documents, problems = split(FIXTURES / "mixed.zip")
    assert problems == []
    base = FIXTURES / "mixed.zip"
    assert [(d.origin.path, d.source) for d in documents] == [
        (f"{base}!/Post/dated.txt", "Post"),
        (f"{base}!/inner.zip!/Bote/dated.txt", "Bote"),
        (f"{base}!/page.html", "The Lenmark Observer"),
    ]


def test_gz() -> None:
    (document,), _ = split(FIXTURES / "dated.txt.gz")
    assert document.origin.path.endswith("dated.txt.gz!/dated.txt")
    assert document.id == split(FIXTURES / "dated.txt")[0][0].id


def test_tar_gz(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name in ("Post/a.txt", "../../b.txt"):
            info = tarfile.TarInfo(name)
            info.size = 6
            archive.addfile(info, io.BytesIO(b"Words."))
        link = tarfile.TarInfo("link.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
        archive.addfile(link)
    documents, (problem,) = split(written(tmp_path, "a.tgz", buffer.getvalue()))
    assert [d.source for d in documents] == ["Post", "unknown"]
    assert "outside its archive" in problem.line


def test_one_folder_around_all_is_no_source(tmp_path: Path) -> None:
    documents, _ = split(written(tmp_path, "a.zip", _zip({"news/Post/a.txt": "One.", "news/Bote/b.txt": "Two."})))
    assert {d.source for d in documents} == {"Post", "Bote"}


def test_depth(tmp_path: Path) -> None:
    inner = _zip({"a.txt": "Words."})
    for _ in range(3):
        inner = _zip({"in.zip": inner, "b.txt": "Other words."})
    documents, (problem,) = split(written(tmp_path, "a.zip", inner))
    assert len(documents) == 3
    assert "sits inside 3 archives" in problem.line


def test_a_bomb_costs_itself_alone(tmp_path: Path) -> None:
    bomb = _zip({"bomb.txt": b"A" * (80 * 2**20), "good.txt": "Words."})
    (document,), (problem,) = split(written(tmp_path, "a.zip", bomb))
    assert document.text == "Words."
    assert "bomb.txt: unpacks to more than" in problem.line


def test_many_small_bombs_are_counted_together(tmp_path: Path) -> None:
    inner = _zip({f"{i}.txt": b"a " * 2**22 for i in range(20)})
    documents, problems = split(written(tmp_path, "a.zip", _zip({"in.zip": inner})))
    assert len(documents) <= 2
    assert any("in all" in p.line for p in problems)
    assert sum(len(d.text) for d in documents) <= 10 * 2**20


def test_gz_bomb(tmp_path: Path) -> None:
    bomb = gzip.compress(b"a " * (50 * 2**20))
    documents, (problem,) = split(written(tmp_path, "a.gz", bomb), limits=Limits(record=2**30, text=2**30))
    assert documents == []
    assert "zip bomb" in problem.line


def test_overlapping_members(tmp_path: Path) -> None:
    archive = _zip({"a.txt": "Words."})
    directory, end = archive.index(b"PK\1\2"), archive.index(b"PK\5\6")
    entry, tail = archive[directory:end], bytearray(archive[end:])
    struct.pack_into("<HHII", tail, 8, 2, 2, 2 * len(entry), directory)
    twice = archive[:directory] + entry + entry.replace(b"a.txt", b"b.txt") + bytes(tail)
    documents, (problem,) = split(written(tmp_path, "a.zip", twice))
    assert documents == []
    assert "overlap" in problem.line


def _spoiled(archive: bytes) -> bytes:
    at = archive.index(b"Words")
    return archive[:at] + b"w" + archive[at + 1 :]


def _encrypted(archive: bytes) -> bytes:
    marked = bytearray(archive)
    marked[6] |= 1
    marked[archive.index(b"PK\1\2") + 8] |= 1
    return bytes(marked)


@pytest.mark.parametrize(("harm", "said"), [(_spoiled, "Bad CRC"), (_encrypted, "is encrypted")])
def test_bad_members_leave_the_others(tmp_path: Path, harm: object, said: str) -> None:
    archive = _zip({"a.txt": "Words.", "b.txt": "Other."}, zipfile.ZIP_STORED)
    (document,), (problem,) = split(written(tmp_path, "a.zip", harm(archive)))  # type: ignore[operator]
    assert document.text == "Other."
    assert problem.path.endswith("!/a.txt") and said in problem.line


@pytest.mark.parametrize("cut", [-5, 40])
def test_cut_off(tmp_path: Path, cut: int) -> None:
    for name, content in (
        ("a.zip", _zip({"a.txt": "Words."})),
        ("a.gz", gzip.compress(os.urandom(999).hex().encode())),
    ):
        documents, (problem,) = split(written(tmp_path, name, content[:cut]))
        assert documents == []
        assert "cut off or damaged" in problem.line


def test_names_do_no_harm(tmp_path: Path) -> None:
    names = ("../../up.txt", "/abs.txt", "new\nline.txt", "__MACOSX/x.txt", ".hidden.txt")
    documents, problems = split(written(tmp_path, "a.zip", _zip({name: f"Words of {name!r}." for name in names})))
    assert len(documents) == 3
    assert len(problems) == 2 and all("\n" not in p.line for p in problems)
    assert [p.name for p in tmp_path.iterdir()] == ["a.zip"]


def test_office_documents_are_not_opened(tmp_path: Path) -> None:
    office = _zip({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"})
    documents, (problem,) = split(written(tmp_path, "a.docx", office))
    assert documents == []
    assert "Office document" in problem.line


def test_pictures_are_named(tmp_path: Path) -> None:
    _, (problem,) = split(written(tmp_path, "a.zip", _zip({"a.jpg": b"\xff\xd8\xff\xe0"})))
    assert "JPEG" in problem.line
