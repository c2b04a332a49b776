"""One file a table, rows sorted by id: the same set of documents gives the same bytes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import duckdb
import msgspec

from allegedly.ledger import Ledger, LedgerError
from allegedly.ledger.disk import draft_beside, explained, swap, sync
from allegedly.ledger.schema import TABLES, Table, named, quoted

Form = Literal["csv", "parquet", "jsonl"]

_MARK = "export.json"
_FORMULA = r"^'*[=+\-@＝＋－＠\t\r\n]"
"""Cells that a spreadsheet would run, or that already look like one that was made harmless."""
_OPTIONS = {
    "csv": "FORMAT csv, HEADER",
    "parquet": "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 8192",
    "jsonl": "FORMAT json",
}


class Export(msgspec.Struct, frozen=True, kw_only=True):
    """What ``export.json`` says: how many rows each table has."""

    form: Form
    rows: dict[str, int]


def export(ledger: Ledger, folder: str | Path, form: Form) -> Export:
    """Write every table of `ledger`, as its last refresh left it, to ``folder/<table>.<form>``.

    The folder appears whole or not at all; an earlier export in it is replaced, anything else in it is refused with
    a `LedgerError`. In CSV a cell that begins with ``=``, ``+``, ``-``, ``@`` (narrow or wide), a tab or a
    line break, after any number of ``'``, gets a ``'`` in front, so that no spreadsheet runs it; lists and structs are
    JSON.
    """
    place = Path(folder)
    _refuse_others(place)
    with ledger.connect() as con, explained(place), draft_beside(place) as made:
        con.execute("SET threads = 1")
        rows = {name: _write(con, table, made / f"{name}.{form}", form) for name, table in TABLES.items()}
        done = Export(form=form, rows=rows)
        (made / _MARK).write_bytes(msgspec.json.format(msgspec.json.encode(done)) + b"\n")
        swap(made, place)
    return done


def _refuse_others(place: Path) -> None:
    ours = {_MARK, *(f"{name}.{form}" for name in TABLES for form in _OPTIONS)}
    if place.exists() and (not place.is_dir() or {path.name for path in place.iterdir()} - ours):
        raise LedgerError(f"{place}: holds something other than an export; name another folder")


def _write(con: duckdb.DuckDBPyConnection, table: Table, path: Path, form: Form) -> int:
    cell: Callable[[str, str], str] = _csv_cell if form == "csv" else lambda name, kind: name
    columns = ", ".join(f"{cell(named(name), kind)} AS {named(name)}" for name, kind in table.columns.items())
    query = f"SELECT {columns} FROM {table.name} ORDER BY {', '.join(table.key)}"
    (rows,) = con.execute(f"COPY ({query}) TO {quoted(str(path))} ({_OPTIONS[form]})").fetchone() or (0,)
    sync(path)
    return int(rows)


def _csv_cell(name: str, kind: str) -> str:
    if kind == "VARCHAR":
        return f"CASE WHEN regexp_matches({name}, {quoted(_FORMULA)}) THEN chr(39) || {name} ELSE {name} END"
    return f"to_json({name})::VARCHAR" if kind.endswith(("]", ")")) else name
