"""What docs/ledger.md promises, each promise with a test that fails when it is broken."""

from __future__ import annotations

import errno
import os
import random
import re
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import duckdb
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allegedly.export import export
from allegedly.ledger import Ledger, LedgerError, LedgerFull, LedgerReadOnly, disk, segments
from allegedly.ledger.run import ingest
from allegedly.ledger.schema import SEGMENT_TABLES
from factories import annotation, document, fake_annotate
from ledger_driver import add_one_by_one, ingest_pile, pile, start

KILLS = 30


def exported(ledger: Path | Ledger, folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file of an export."""
    found = ledger if isinstance(ledger, Ledger) else Ledger(ledger)
    export(found, folder, "jsonl")
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def unnamed(files: dict[str, bytes]) -> dict[str, list[bytes]]:
    """Return the lines of an export without the names of narratives and how they came about, which are history.

    Each narrative is called after the least of its echoes instead.
    """
    echoes = [msgspec.json.decode(line) for line in files["echoes.jsonl"].splitlines()]
    names: dict[bytes, bytes] = {}
    for echo in sorted(echoes, key=lambda echo: str(echo["id"])):
        names.setdefault(echo["narrative"].encode(), f"of {echo['id']}".encode())
    told = {}
    for name, data in files.items():
        if name not in ("narrative_changes.jsonl", "export.json"):
            told[name] = sorted(
                re.sub(rb"\bn[0-9a-f]{16}\b", lambda m: names[m[0]], line) for line in data.splitlines()
            )
    return told


@pytest.fixture
def no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait for the disk where nothing depends on it: that is most of the time of many small adds."""
    monkeypatch.setattr(disk.os, "fsync", lambda handle: None)


def documents(path: Path) -> int:
    """Count the documents that the segments hold, as an outsider would."""
    return int(count(f"SELECT count(DISTINCT id) FROM '{path}/segments/*/documents.parquet'"))


def count(query: str) -> int:
    with duckdb.connect() as con:
        (found,) = con.execute(query).fetchone() or (0,)
        return int(found)


# ---------------------------------------------------------------- killed


def test_killed_at_any_moment_and_run_again_gives_the_same_rows(tmp_path: Path) -> None:
    chance, hurt, whole = random.Random(7), tmp_path / "hurt", tmp_path / "whole"
    kills, last, seed = 0, 20, 0
    while kills < KILLS:
        seed += 1
        process = start(ingest_pile, hurt, last, seed)
        process.join(chance.uniform(0.01, 0.9))
        if process.exitcode is None:
            process.kill()
            kills += 1
        else:
            assert process.exitcode == 0
            last += 20
        process.join()
    ingest_pile(hurt, last, seed=1000)
    ingest_pile(whole, last, seed=2000, batch=1000)
    assert unnamed(exported(hurt, tmp_path / "a")) == unnamed(exported(whole, tmp_path / "b"))
    assert documents(hurt) == last
    assert list((hurt / "writing").iterdir()) == []


class Dead(BaseException):
    """Ends a run at one of its steps, as a kill would."""


STEPS = ("mkdir", "rename", "replace", "rmtree", "fsync", "unlink")


@contextmanager
def dying_at(step: int) -> Iterator[list[int]]:
    """Raise `Dead` at the step number `step` on the disk, and at every later one: a dead process cleans nothing up."""
    taken = [0]

    def mortal(real):  # type: ignore[no-untyped-def]
        def act(*args, **kwargs):  # type: ignore[no-untyped-def]
            taken[0] += 1
            if taken[0] >= step:
                raise Dead
            return real(*args, **kwargs)

        return act

    with pytest.MonkeyPatch.context() as patch:
        for owner, name in ((Path, "mkdir"), (Path, "rename"), (Path, "replace"), (Path, "unlink")):
            patch.setattr(owner, name, mortal(getattr(owner, name)))
        patch.setattr(disk.shutil, "rmtree", mortal(disk.shutil.rmtree))
        patch.setattr(disk.os, "fsync", mortal(os.fsync))
        yield taken


def test_every_step_on_the_disk_may_be_the_last(tmp_path: Path) -> None:
    """Eight adds fill a tier, so the last of them merges; then the database is derived."""
    numbers = range(segments._FAN_IN)

    def work(path: Path) -> None:
        ledger = Ledger(path)
        for n in numbers:
            ledger.add([annotation(n)])
        ledger.refresh()

    with dying_at(10**9) as taken:
        work(tmp_path / "whole")
    whole = exported(tmp_path / "whole", tmp_path / "export")
    for step in range(1, taken[0] + 1, 11):
        path = tmp_path / f"{step}"
        with dying_at(step), pytest.raises(Dead):
            work(path)
        work(path)
        assert exported(path, tmp_path / "export") == whole, step
        live = Ledger(path).segments.live()
        assert len(live) < segments._FAN_IN
        assert {found.name for found in (path / "segments").iterdir()} == set(live)


# ---------------------------------------------------------------- readers


def test_readers_never_wait_and_never_see_half(tmp_path: Path) -> None:
    ingest_pile(tmp_path / "l", 20, seed=1)
    ledger, waits, seen, wrong = Ledger(tmp_path / "l"), [], [], []
    process = start(ingest_pile, tmp_path / "l", 100, 2, 5)
    held = ledger.connect()
    before = held.execute("SELECT count(*) FROM claims").fetchone()
    while process.is_alive():
        begun = time.monotonic()
        with ledger.connect() as con:
            n, m = con.execute("SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM claims)").fetchone()
        waits.append(time.monotonic() - begun)
        seen.append(n)
        if m != 2 * n:
            wrong.append((n, m))
    process.join()
    assert (process.exitcode, wrong) == (0, [])
    assert set(seen) <= {20, 100}
    assert sorted(waits)[len(waits) // 2] < 0.5
    assert held.execute("SELECT count(*) FROM claims").fetchone() == before
    with ledger.connect() as con:
        assert con.execute("SELECT count(*) FROM documents").fetchone() == (100,)


def test_segments_can_be_read_by_anybody_while_they_are_merged(tmp_path: Path, no_wait: None) -> None:
    """A glob sees each committed document, or says that a file has gone; it never misses any silently."""
    ledger, stop, lowest = Ledger(tmp_path / "l"), threading.Event(), [0]
    for n in range(6):
        ledger.add([annotation(n)])
    wrong: list[tuple[int, int]] = []

    def watch() -> None:
        while not stop.is_set():
            floor = lowest[0]
            try:
                found = documents(tmp_path / "l")
            except duckdb.IOException:
                continue
            if found < floor:
                wrong.append((found, floor))

    watcher = threading.Thread(target=watch)
    watcher.start()
    for n in range(6, 60):
        ledger.add([annotation(n)])
        lowest[0] = n + 1
    stop.set()
    watcher.join()
    assert wrong == []


# ---------------------------------------------------------------- order, batches


@settings(max_examples=8, deadline=None)
@given(order=st.permutations(range(12)), cuts=st.sets(st.integers(1, 14), max_size=5), often=st.booleans())
def test_any_order_and_any_batches_give_the_same_rows(order, cuts, often, tmp_path_factory) -> None:  # type: ignore[no-untyped-def]
    tmp_path = tmp_path_factory.mktemp("order")
    places = [(n, f"a/{n}") for n in order] + [(n, f"b/{n}") for n in order[:3]]
    edges = [0, *sorted(cuts), len(places)]
    ledger = Ledger(tmp_path / "cut")
    for begin, end in pairwise(edges):
        ledger.add(annotation(n, path=path) for n, path in places[begin:end])
        if often:
            ledger.refresh()
    ledger.refresh()
    plain = Ledger(tmp_path / "plain")
    plain.add(annotation(n, path=path) for n, path in sorted(places, reverse=True))
    plain.refresh()
    assert unnamed(exported(ledger, tmp_path / "x")) == unnamed(exported(plain, tmp_path / "y"))


def test_a_document_found_in_two_places_is_annotated_once_and_keeps_both(tmp_path: Path) -> None:
    ledger, annotated = Ledger(tmp_path / "l"), []

    def annotate(found):  # type: ignore[no-untyped-def]
        for one in found:
            annotated.append(one.id)
            yield from fake_annotate([one])

    found = [document(1, path="a"), document(1, path="b"), document(2, path="a", position="line 2")]
    first = ingest(found, ledger, annotate=annotate)
    second = ingest([document(1, path="c"), *found], Ledger(tmp_path / "l"), annotate=annotate)
    assert sorted(annotated) == sorted({one.id for one in found})
    assert (first.documents, first.new, first.known, first.duplicates) == (3, 2, 0, 1)
    assert (second.documents, second.new, second.known) == (4, 0, 4)
    with ledger.connect() as con:
        rows = con.execute("SELECT path, position FROM origins ORDER BY ALL").fetchall()
    assert rows == [("a", ""), ("a", "line 2"), ("b", ""), ("c", "")]


def test_running_again_writes_nothing(tmp_path: Path) -> None:
    ingest_pile(tmp_path / "l", 20, seed=1)
    before = sorted(path.name for path in (tmp_path / "l" / "segments").iterdir())
    ingest_pile(tmp_path / "l", 20, seed=2)
    assert sorted(path.name for path in (tmp_path / "l" / "segments").iterdir()) == before


# ---------------------------------------------------------------- cost


def test_adding_one_by_one_costs_in_proportion(tmp_path: Path, no_wait: None) -> None:
    """Each row is rewritten at most once a tier, and what is there stays few segments."""
    ledger, adds = Ledger(tmp_path / "l"), 120
    written, most = [0], 0
    real = ledger.segments._commit

    def counted(folder, rows, weight, replaces=()):  # type: ignore[no-untyped-def]
        written[0] += sum(rows.values())
        return real(folder, rows, weight, replaces)

    ledger.segments._commit = counted  # type: ignore[method-assign]
    for n in range(adds):
        ledger.add([annotation(n)])
        most = max(most, len(ledger.segments.live()))
    live = ledger.segments.live().values()
    held = sum(sum(s.rows.values()) for s in live)
    tiers = {s.tier for s in live}
    assert sum(s.rows["documents"] for s in live) == adds
    assert written[0] <= held * (max(tiers) - 3 + 1)  # one document weighs about 8^4 bytes, which is tier 3 or 4
    assert most <= (segments._FAN_IN - 1) * 4
    assert len(list((tmp_path / "l" / "segments").iterdir())) == len(live)


def test_refresh_reads_only_what_is_new(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "l")
    ledger.add(annotation(n) for n in range(300))
    assert ledger.refresh() == 300
    for n in range(300, 300 + segments._FAN_IN):
        ledger.add([annotation(n)])
        assert not ledger.current
        assert ledger.refresh() == 1
        assert ledger.current
    assert ledger.refresh() == 0


# ---------------------------------------------------------------- writers


def test_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    overlapping = [range(0, 25), range(15, 40), range(30, 55), range(0, 10)]
    writers = [start(add_one_by_one, tmp_path / "l", numbers) for numbers in overlapping]
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0, 0, 0]
    ledger, plain = Ledger(tmp_path / "l"), Ledger(tmp_path / "plain")
    ledger.refresh()
    plain.add(annotation(n) for n in range(55))
    plain.refresh()
    assert exported(ledger, tmp_path / "x") == exported(plain, tmp_path / "y")


def test_runs_at_once_leave_a_database_that_holds_all(tmp_path: Path) -> None:
    runs = [start(ingest_pile, tmp_path / "l", last, seed) for seed, last in enumerate((10, 25, 40))]
    for one in runs:
        one.join()
    assert [one.exitcode for one in runs] == [0, 0, 0]
    assert Ledger(tmp_path / "l").current
    ingest_pile(tmp_path / "plain", 40, seed=9)
    assert unnamed(exported(tmp_path / "l", tmp_path / "x")) == unnamed(exported(tmp_path / "plain", tmp_path / "y"))


def test_drafts_of_the_living_are_left_alone(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "l")
    ledger.add([annotation(1)])
    left = tmp_path / "l" / "writing" / "left-behind"
    left.mkdir()
    with disk.draft(tmp_path / "l") as alive:
        Ledger(tmp_path / "l").add([annotation(2)])
        assert alive.exists()
        assert not left.exists()


# ---------------------------------------------------------------- outsiders


def test_duckdb_opens_the_tables_without_us(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "l")
    for n in range(10):
        ledger.add([annotation(n)])
    with duckdb.connect() as con:
        for table in SEGMENT_TABLES.values():
            found = con.execute(f"SELECT * FROM '{tmp_path}/l/segments/*/{table.name}.parquet'")
            assert [column[0] for column in found.description] == list(table.columns)
        bad = con.execute(
            f"""SELECT c.id FROM '{tmp_path}/l/segments/*/claims.parquet' c
                JOIN '{tmp_path}/l/segments/*/documents.parquet' d ON d.id = c.document
                WHERE substring(d.text, c.content_spans[1][1] + 1, c.content_spans[1][2] - c.content_spans[1][1])
                <> c.content_text OR c.content_text = ''"""
        ).fetchall()
    assert bad == []


# ---------------------------------------------------------------- a full disk, a ledger that cannot be written


def test_a_full_disk_leaves_the_ledger_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = Ledger(tmp_path / "l")
    ledger.add(annotation(n) for n in range(5))
    ledger.refresh()
    before = exported(ledger, tmp_path / "x")

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(disk.os, "fsync", full)
        with pytest.raises(LedgerFull, match="make room"):
            ledger.add([annotation(9)])
    assert ledger.known([annotation(9).document.id]) == set()
    assert list((tmp_path / "l" / "writing").iterdir()) == []
    ledger.refresh()
    assert exported(ledger, tmp_path / "x") == before


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 4 MiB."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", place], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("only root can mount a small disk")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def test_a_disk_that_fills_up(small_disk: Path, tmp_path: Path) -> None:
    ledger = Ledger(small_disk / "l")
    with pytest.raises(LedgerFull, match="no space left"):
        for n in range(0, 20_000, 50):
            ledger.add(annotation(i) for i in range(n, n + 50))
            ledger.refresh()
    held = documents(small_disk / "l")
    assert held >= 50
    with ledger.connect() as con:
        assert con.execute("SELECT count(*) FROM documents").fetchone() in ((held,), (held - 50,))
    subprocess.run(["mount", "-o", "remount,size=64m", small_disk], check=True)
    ingest_pile(small_disk / "l", held + 20, seed=1)
    ingest_pile(tmp_path / "whole", held + 20, seed=2)
    assert unnamed(exported(small_disk / "l", tmp_path / "x")) == unnamed(exported(tmp_path / "whole", tmp_path / "y"))


def test_a_ledger_that_cannot_be_written_can_be_read(small_disk: Path, tmp_path: Path) -> None:
    ingest_pile(small_disk / "l", 10, seed=1)
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    ledger = Ledger(small_disk / "l")
    assert ledger.current
    assert len(exported(ledger, tmp_path / "x")["documents.jsonl"].splitlines()) == 10
    with pytest.raises(LedgerReadOnly, match="reading works"):
        ledger.add([annotation(99)])
    with pytest.raises(LedgerReadOnly):
        ingest(pile(range(12), 1), ledger, annotate=fake_annotate)


def test_a_folder_that_is_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(LedgerError, match="not a ledger"):
        Ledger(tmp_path).add([annotation(1)])
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
    with pytest.raises(LedgerError, match="not a ledger"):
        Ledger(tmp_path / "none").connect()
