"""One folder of everything that breaks readers, through the real command line: nothing stops it, nothing is lost.

Each hostile file has a line that says what is wrong, and its place in the ledger's table of problems; each document
beside and inside them is in the ledger; tables and report hold nothing that a spreadsheet or a browser would run.
"""

from __future__ import annotations

import base64
import csv
import gzip
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

MEMORY = 600_000
"""KiB that a run may hold at most; libraries and models take some 200,000 of it before the first document."""

SAID = "The harbour police said on Monday that quay {} had been mined by smugglers."
RUSSIAN = "Портовая полиция заявила в понедельник, что причал заминирован контрабандистами, и закрыла его."
ARABIC = "قالت شرطة الميناء يوم الاثنين إن الرصيف لغم من قبل مهربين وأغلقته أمام السفن حتى إشعار آخر."
COMBINING = (
    "The mayor said z\u0337\u0322\u0347a\u0335l\u0338g\u0334o came. \u202eevil\u202c \u2066نص\u2069 e"
    + "\u0301\u0323" * 99
)
EMOJI = "The ministry said 👩\u200d👩\u200d👧\u200d👦 🏴\U000e0067\U000e0062\U000e007f that all is well."
SCRIPT = "<script>alert(1)</script></script><img src=x onerror=alert(2)> [go](javascript:alert(3)) <!-- ]]>"
FORMULA = "=cmd|' /C calc'!A0 said the ministry"


BOMB = "unpacks to more than|longer than 67,108,864 bytes"
SURROGATES = b'{"text": "The mayor said \\ud83d\\ude00 and \\ud800 there.", "author": "a"}\n'
MARKUP = (SCRIPT, FORMULA, "@SUM(1+1)*cmd", "+1 said the mayor", "\t=2+2")


class Case(NamedTuple):
    """A file, what is said of it (a pattern; empty where nothing is wrong), and the texts that must come out of it."""

    name: str
    content: bytes
    said: str = ""
    texts: tuple[str, ...] = ()


def packed(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def zip_bomb(size: int) -> bytes:
    return packed({"good.txt": SAID.format("Z").encode(), "zeros.txt": b"boom " * (size // 5)})


def nested_zips(depth: int) -> bytes:
    inner = {"deep.txt": b"The mayor said that this lies too deep."}
    for _ in range(depth):
        inner = {"inner.zip": packed(inner)}
    return inner["inner.zip"]


def entity_bomb() -> bytes:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    return (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e0 "boom">{levels}]>'
        "<rss version='2.0'><channel><title>t</title><item><title>&e11;</title></item></channel></rss>"
    ).encode()


def posts_on_one_line(size: int, mark: str) -> bytes:
    """A list of posts of 100 kB each, nearly all of it in a field that nobody asked for."""
    pad = "x" * 100_000
    return json.dumps(
        [{"text": f"Post {n}. {SAID.format(f'{mark}{n}')}", "author": "a", "pad": pad} for n in range(size // 100_000)]
    ).encode()


def page(size: int) -> bytes:
    paragraphs = f"<p>{SAID.format('H')} {'Nobody was hurt there. ' * 5}</p>" * 3
    junk = f"<div class='ad' data-seen='{'x' * 20_000}'>ad</div>\n"
    return (
        f"<html><head><title>Quay H</title></head><body><article>{paragraphs}</article>{junk * (size // len(junk))}"
    ).encode()


def columns(count: int) -> bytes:
    names = ["text", *(f"c{n}" for n in range(count - 1))]
    rows = ([SAID.format(f"C{row}"), *("=1+1" for _ in range(count - 1))] for row in range(3))
    return "\n".join(",".join(row) for row in (names, *rows)).encode()


def posts(*texts: str) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows([["id", "author", "text"], *([n, FORMULA[:9], text] for n, text in enumerate(texts))])
    return file.getvalue().encode()


def cases(size: int) -> list[Case]:
    """Every file of the folder; the big ones have about `size` bytes."""
    return [
        *(Case(f"good-{n}.txt", SAID.format(n).encode(), "", (SAID.format(n),)) for n in range(1, 4)),
        Case("empty.txt", b"", "is empty"),
        Case("nul.txt", bytes(300_000), "holds only NUL bytes"),
        Case("one-line.json", posts_on_one_line(size, "J"), "", (SAID.format("J0"), SAID.format("J199"))),
        Case("no-list.json", json.dumps({"a": "x" * size}).encode(), "no column holds|" + BOMB),
        Case("broken-off.json", posts_on_one_line(500_000, "K")[:-50_100], "breaks off", (SAID.format("K3"),)),
        Case("utf16.txt", SAID.format("U").encode("utf-16"), "", (SAID.format("U"),)),
        Case("utf16.csv", posts(SAID.format("V")).decode().encode("utf-16"), "", (SAID.format("V"),)),
        Case("windows-1256.txt", ARABIC.encode("windows-1256"), "", (ARABIC,)),
        Case("windows-1251.txt", RUSSIAN.encode("windows-1251"), "", (RUSSIAN,)),
        Case("broken-utf8.txt", SAID.format("B").encode() + b" caf\xff\xfe \xc3\xa9", "U\\+FFFD", (SAID.format("B"),)),
        Case("bomb.zip", zip_bomb(2 * size + 2**24), BOMB, (SAID.format("Z"),)),
        Case("bomb.txt.gz", gzip.compress(b"boom " * (2 * size)), BOMB),
        Case("nested.zip", nested_zips(6), "sits inside 3 archives"),
        Case("cut.zip", packed({"a.txt": SAID.format("A").encode() * 50})[:-40], "cut off or damaged"),
        Case("entities.rss", entity_bomb(), "declares XML entities"),
        Case("big.html", page(size // 4), "", (SAID.format("H"),)),
        Case("future.txt", b"date 2999-01-01 Later\n\n" + SAID.format("F").encode(), "future", (SAID.format("F"),)),
        Case("long-ago.txt", b"date 1601-01-01 Before\n\n" + SAID.format("L").encode(), "1601", (SAID.format("L"),)),
        Case("right-to-left.txt", COMBINING.encode(), "", (COMBINING,)),
        Case("emoji.txt", EMOJI.encode(), "", (EMOJI,)),
        Case("surrogates.jsonl", SURROGATES, "surrogates", ("The mayor said 😀 and \ufffd there.",)),
        Case("good-1 again.txt", SAID.format(1).encode()),
        Case("good-1 once more.txt", SAID.format(1).encode()),
        Case("-rf --no\nline\x1b[31m'\"%$(x).txt", SAID.format("N").encode(), "", (SAID.format("N"),)),
        Case("deep.json", b"[" * 100_000 + b"]" * 100_000, "nested|column|records"),
        Case("/".join(["d"] * 60) + "/deep.txt", SAID.format("D").encode(), "", (SAID.format("D"),)),
        Case("wide.csv", columns(10_000), "", tuple(SAID.format(f"C{n}") for n in range(3))),
        Case("posts.csv", posts(*MARKUP), "", MARKUP[:4]),
        Case("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "."),
    ]  # fmt: skip


class Told(NamedTuple):
    """What one command came to. `peak` is the most memory it held, in KiB."""

    code: int
    out: str
    err: str
    peak: int


def allegedly(folder: Path, *arguments: object) -> Told:
    """Run the command line in `folder`, in a process of its own."""
    code = (
        "import atexit, pathlib, re\n"
        "from allegedly.cli import main\n"
        "peak = lambda: re.search('VmHWM:[^0-9]*([0-9]+)', pathlib.Path('/proc/self/status').read_text())[1]\n"
        "atexit.register(lambda: pathlib.Path('.peak').write_text(peak()))\n"
        "main()"
    )  # not ru_maxrss, which a process takes over from the one that started it
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)], cwd=folder, capture_output=True, text=True, check=False
    )
    return Told(done.returncode, done.stdout, done.stderr, int((folder / ".peak").read_text()))


class Scene(NamedTuple):
    """A folder that holds `in`, `ledger`, the tables as `jsonl` and `csv`, and `report.html`."""

    folder: Path
    cases: list[Case]
    run: Told

    def rows(self, table: str) -> list[dict[str, str]]:
        lines = (self.folder / "jsonl" / f"{table}.jsonl").read_text("utf-8").splitlines()
        return [json.loads(line) for line in lines]


def build(folder: Path, made: list[Case]) -> None:
    """Write the cases, and what is no plain file: loops, dead links, pipes, a name that is no UTF-8."""
    for case in made:
        (folder / case.name).parent.mkdir(parents=True, exist_ok=True)
        (folder / case.name).write_bytes(case.content)
    (folder / "d" / "loop").symlink_to(folder, target_is_directory=True)
    (folder / "dead.txt").symlink_to(folder / "nowhere")
    os.mkfifo(folder / "pipe.txt")
    (folder / os.fsdecode(b"caf\xe9.txt")).write_text(SAID.format("E"))


def play(folder: Path, size: int) -> Scene:
    made = cases(size)
    build(folder / "in", made)
    told = allegedly(folder, "run", "in", "--into", "ledger")
    for form in ("jsonl", "csv"):
        assert allegedly(folder, "export", "ledger", "--as", form, "-o", form).code == 0
    assert allegedly(folder, "report", "ledger").code == 0
    return Scene(folder, made, told)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return play(tmp_path_factory.mktemp("hostile"), 20_000_000)


def escaped(name: str) -> str:
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)


# ---------------------------------------------------------------- the run


def test_the_run_ends_well_and_stays_small(scene: Scene) -> None:
    assert scene.run.code == 0, scene.run.err
    assert "Traceback" not in scene.run.err + scene.run.out
    assert "\x1b" not in scene.run.err + scene.run.out
    assert scene.run.peak < MEMORY


def test_each_hostile_file_has_its_line_and_its_row(scene: Scene) -> None:
    rows = scene.rows("problems")
    for case in scene.cases:
        found = [row for row in rows if re.match(re.escape(f"in/{case.name}") + r"(!/|\Z)", row["path"])]
        assert bool(found) == bool(case.said), (case.name, found)
        if case.said:
            assert any(re.search(case.said, f"{row['what']}; {row['action']}") for row in found), found
            assert f"in/{escaped(case.name)}" in scene.run.err
    said = {row["path"].removeprefix("in/"): row["what"] for row in rows}
    assert said["dead.txt"].startswith("cannot be opened")
    assert said["pipe.txt"] == "is no regular file"
    assert said["d/loop"] == "leads to a folder already read"


def test_the_summary_counts_all_of_them(scene: Scene) -> None:
    problems = [row for row in scene.rows("problems") if row["action"] != "nothing to do"]
    assert f"\n{len(problems)} problems, kept" in scene.run.out
    counts = [int(count) for count in re.findall(r"^ +(\d+)  ", scene.run.out, re.MULTILINE)]
    assert sum(counts) >= len(problems)


def test_every_good_document_is_there_unharmed(scene: Scene) -> None:
    texts = [row["text"] for row in scene.rows("documents")]
    wanted = [text for case in scene.cases for text in case.texts] + [SAID.format("E")]
    assert [text for text in wanted if not any(text in found for found in texts)] == []
    assert "2 repeated" in scene.run.out
    assert sum(text == SAID.format(1) for text in texts) == 1
    first = next(row["id"] for row in scene.rows("documents") if row["text"] == SAID.format(1))
    assert sum(row["document"] == first for row in scene.rows("origins")) == 3


def test_claims_of_the_good_documents_are_found(scene: Scene) -> None:
    contents = {row["content_text"].rstrip(".") for row in scene.rows("claims")}
    for name in ("1", "2", "3", "U", "V", "Z", "N", "D", "J0"):
        assert f"that quay {name} had been mined by smugglers" in contents


# ---------------------------------------------------------------- what others open


def test_no_cell_is_a_formula(scene: Scene) -> None:
    csv.field_size_limit(2**30)
    cells = 0
    for path in (scene.folder / "csv").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file):
                numbers = [re.fullmatch(r"-?\d+(\.\d+)?(e[+-]?\d+)?", cell) for cell in row]
                assert [c for c, n in zip(row, numbers, strict=True) if not n and re.match(r"[=+\-@\t\r\n]", c)] == []
                cells += len(row)
    assert cells > 1000
    documents = (scene.folder / "csv" / "documents.csv").read_text("utf-8")
    assert f"'{FORMULA}" in documents


def test_the_report_holds_no_post_s_markup(scene: Scene) -> None:
    html = (scene.folder / "report.html").read_text("utf-8")
    assert html.rstrip().endswith("</html>")
    for raw in ("alert(1)", "onerror=alert", "javascript:alert", "<!-- ]]>"):
        assert raw not in html
    blocks = re.findall(r"<script[^>]*>(.*?)</script>", html, re.DOTALL)
    assert html.lower().count("</script") == len(blocks)
    held = [gzip.decompress(base64.b64decode(b)) for b in blocks if re.fullmatch(r"\s*[A-Za-z0-9+/=]+\s*", b)]
    assert any(SCRIPT.encode() in text for text in held)


def test_again_adds_nothing(scene: Scene) -> None:
    again = allegedly(scene.folder, "run", "in", "--into", "ledger", "--json", "-q")
    told = json.loads(again.out)
    assert (again.code, told["new"], told["duplicates"]) == (0, 0, 0)
    assert told["holds"]["documents"] == len(scene.rows("documents"))


@pytest.mark.slow
def test_ten_times_as_big(tmp_path: Path) -> None:
    scene = play(tmp_path, 200_000_000)
    test_the_run_ends_well_and_stays_small(scene)
    test_each_hostile_file_has_its_line_and_its_row(scene)
    test_every_good_document_is_there_unharmed(scene)


# ---------------------------------------------------------------- disks


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MiB."""
    place = tmp_path / "small"
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", place], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("only root can mount a small disk")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def texts(folder: Path) -> None:
    (folder / "in").mkdir()
    for n in range(60):
        (folder / "in" / f"{n}.txt").write_text(f"Number {n}. {SAID.format(n)}")


def test_a_full_disk_and_one_that_cannot_be_written(small_disk: Path, tmp_path: Path) -> None:
    texts(tmp_path)
    ledger, filling = small_disk / "ledger", small_disk / "filling"
    filling.write_bytes(bytes(8_000_000))
    told = allegedly(tmp_path, "run", "in", "--into", ledger)
    assert told.code == 1
    assert re.search(r"allegedly: \S+: no space left on the disk; .* run the same command again$", told.err.strip())
    assert "Traceback" not in told.err
    filling.unlink()
    assert allegedly(tmp_path, "run", "in", "--into", ledger).code == 0
    assert allegedly(tmp_path, "run", "in", "--into", "plain").code == 0
    assert exported(tmp_path, ledger, "x") == exported(tmp_path, Path("plain"), "y")

    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    (tmp_path / "in" / "new.txt").write_text(SAID.format("new"))
    told = allegedly(tmp_path, "run", "in", "--into", ledger)
    assert told.code == 1
    assert "cannot be written here" in told.err
    assert "copy it to where you may write" in told.err
    assert "Traceback" not in told.err
    assert allegedly(tmp_path, "report", ledger, "-o", tmp_path / "r.html").code == 0
    assert exported(tmp_path, ledger, "z") == exported(tmp_path, Path("plain"), "y")
    told = allegedly(tmp_path, "report", ledger, "-o", small_disk / "r.html")
    assert told.code == 1
    assert "could not be written (Read-only file system); name another place with -o" in told.err


def exported(folder: Path, ledger: Path, name: str) -> dict[str, bytes]:
    assert allegedly(folder, "export", ledger, "--as", "jsonl", "-o", name).code == 0
    return {path.name: path.read_bytes() for path in (folder / name).iterdir()}
