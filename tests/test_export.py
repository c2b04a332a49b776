"""Exports: whole, sorted, the same bytes each time, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import duckdb
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allegedly.export import export
from allegedly.ledger import Ledger, LedgerError
from allegedly.ledger.schema import TABLES
from allegedly.records import Annotation, make_document
from factories import annotation, document


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    made = Ledger(tmp_path_factory.mktemp("ledger") / "l")
    made.add(annotation(n) for n in range(30))
    made.refresh()
    return made


@pytest.mark.parametrize("form", ["csv", "parquet", "jsonl"])
def test_the_same_ledger_gives_the_same_bytes(ledger: Ledger, tmp_path: Path, form: str) -> None:
    other = Ledger(tmp_path / "other")
    for n in reversed(range(30)):
        other.add([annotation(n)])
    other.refresh()
    first = export(ledger, tmp_path / "a", form)  # type: ignore[arg-type]
    assert export(other, tmp_path / "b", form) == first  # type: ignore[arg-type]
    names = {f"{name}.{form}" for name in TABLES} | {"export.json"}
    assert {path.name for path in (tmp_path / "a").iterdir()} == names
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name


def test_rows_are_whole_and_sorted(ledger: Ledger, tmp_path: Path) -> None:
    counted = export(ledger, tmp_path / "a", "jsonl").rows
    for name, table in TABLES.items():
        rows = [json.loads(line) for line in (tmp_path / "a" / f"{name}.jsonl").read_text().splitlines()]
        keys = [[row[column] for column in table.key] for row in rows]
        assert keys == sorted(keys)
        assert len(rows) == counted[name]
        assert all(list(row) == list(table.columns) for row in rows)
    assert counted["documents"] == 30


def test_csv_holds_what_parquet_holds(ledger: Ledger, tmp_path: Path) -> None:
    export(ledger, tmp_path / "csv", "csv")
    export(ledger, tmp_path / "parquet", "parquet")
    with (tmp_path / "csv" / "claims.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    with duckdb.connect() as con:
        found = con.execute(f"SELECT * FROM '{tmp_path}/parquet/claims.parquet'")
        names = [column[0] for column in found.description]
        others = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    assert [row["id"] for row in rows] == [row["id"] for row in others]
    assert [json.loads(row["content_spans"]) for row in rows] == [row["content_spans"] for row in others]
    assert [row["content_text"] for row in rows] == [row["content_text"] for row in others]


DANGEROUS = re.compile(r"[=+\-@＝＋－＠\t\r\n]")
cells = st.text(st.sampled_from("=+-@'\"\t\r\n,;x 1＝\x00é😀"), max_size=8)


@settings(max_examples=10, deadline=None)
@given(titles=st.lists(cells, min_size=1, max_size=20))
def test_no_cell_is_a_formula_and_each_can_be_had_back(titles, tmp_path_factory) -> None:  # type: ignore[no-untyped-def]
    tmp_path = tmp_path_factory.mktemp("cells")
    origin = document(1).origin
    found = [make_document(origin=origin, source="s", text=f"t{n}", title=t) for n, t in enumerate(titles)]
    ledger = Ledger(tmp_path / "l")
    ledger.add(Annotation(document=one) for one in found)
    ledger.refresh()
    export(ledger, tmp_path / "x", "csv")
    with (tmp_path / "x" / "documents.csv").open(newline="", encoding="utf-8") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert not any(DANGEROUS.match(cell) for row in rows.values() for cell in row.values())
    for one in found:
        cell = rows[one.id]["title"]
        back = cell[1:] if re.match(r"'+[=+\-@＝＋－＠\t\r\n]", cell) else cell
        assert back == one.title


def test_numbers_stay_numbers(ledger: Ledger, tmp_path: Path) -> None:
    export(ledger, tmp_path / "x", "csv")
    with (tmp_path / "x" / "relations.csv").open(newline="") as file:
        assert {row["sign"] for row in csv.DictReader(file)} == {"-1"}


def test_an_export_replaces_an_export_and_nothing_else(ledger: Ledger, tmp_path: Path) -> None:
    export(ledger, tmp_path / "x", "csv")
    export(ledger, tmp_path / "x", "jsonl")
    assert not list((tmp_path / "x").glob("*.csv"))
    (tmp_path / "x" / "notes.txt").write_text("mine")
    with pytest.raises(LedgerError, match="other than an export"):
        export(ledger, tmp_path / "x", "csv")
    assert (tmp_path / "x" / "notes.txt").read_text() == "mine"
    with pytest.raises(LedgerError, match="other than an export"):
        export(ledger, ledger.path, "csv")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x"]


def test_an_export_that_fails_leaves_the_last_one(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(ledger, tmp_path / "x", "csv")
    before = {path.name: path.read_bytes() for path in (tmp_path / "x").iterdir()}

    def fail(value: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(msgspec.json, "encode", fail)
    with pytest.raises(LedgerError, match="no space left"):
        export(ledger, tmp_path / "x", "csv")
    assert {path.name: path.read_bytes() for path in (tmp_path / "x").iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["x"]
