"""Tables of posts on disk, read by DuckDB: CSV, TSV and Parquet, one or several, as one relation of known columns.

Nothing is loaded whole: each question is a scan that keeps a few numbers a row.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from allegedly.errors import AllegedlyError
from allegedly.synchrony.coactivity import times
from allegedly.synchrony.coactivity.columns import Roles, choose

if TYPE_CHECKING:
    import duckdb

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Hashes = npt.NDArray[np.uint64]
Objects = npt.NDArray[np.object_]

_HEAD = 2**16
_REJECTS = 100_000
"""Broken rows of a file that are counted."""
_DELIMITERS = ",\t;|"
_PARQUET = b"PAR1"


class Files:
    """Some files as one relation. Roles (account, time, text, …) are its columns, as text, and `row` counts from 1."""

    def __init__(
        self,
        paths: Iterable[str | Path],
        needed: Iterable[str],
        welcome: Iterable[str] = (),
        given: Mapping[str, str] | None = None,
        threads: int = 1,
        memory: str = "2GB",
    ) -> None:
        self.paths = [Path(p) for p in paths]
        self.problems: Counter[str] = Counter()
        needed, welcome = list(needed), [role for role in welcome if role not in needed]
        self.roles = [*needed, *welcome]
        self._threads, self._memory = threads, memory
        self._sources = [self._source(path, needed, welcome, given or {}) for path in self.paths]
        self.has = {role for _, found in self._sources for role in found}

    @cached_property
    def connection(self) -> duckdb.DuckDBPyConnection:
        import duckdb

        settings: dict[str, str | bool | int | float | list[str]] = {
            "threads": self._threads,
            "memory_limit": self._memory,
            "autoinstall_known_extensions": False,
            "preserve_insertion_order": True,
            "temp_directory": tempfile.gettempdir(),
        }
        connection = duckdb.connect(config=settings)
        connection.execute("SET TimeZone = 'UTC'")
        return connection

    def columns(
        self, select: str, rows: Ints | None = None, over: Callable[[str], str] = lambda relation: relation
    ) -> dict[str, Any]:
        """Return the columns of ``SELECT select`` over all rows, or over some by number, in the order of rows.

        `over` may put more columns on the relation.
        """
        if rows is None:
            return self._asked(f"SELECT {select} FROM {over(self._relation)}")
        where = "row IN (SELECT unnest(?::BIGINT[]))"
        found = self._asked(f"SELECT row, {select} FROM {over(self._numbered)} WHERE {where}", [rows.tolist()])
        order = np.argsort(found["row"])
        return {name: column[order] for name, column in found.items()}

    def count_broken(self) -> None:
        """Note how many rows of CSV files could not be told apart into columns, or are no UTF-8, by the first scan."""
        if any(scan.startswith("read_csv") for scan, _ in self._sources):
            first = "scan_id IN (SELECT min(scan_id) FROM reject_errors)"
            lines = f"SELECT DISTINCT file_id, line FROM reject_errors WHERE {first}"
            rows = self._asked(f"SELECT count(*) AS broken FROM ({lines})")
            self.count("broken rows were left out", int(rows["broken"][0]))

    def rows(self, select: str, size: int) -> Iterator[list[tuple[Any, ...]]]:
        """Yield all rows of ``SELECT select``, `size` at a time."""
        import duckdb

        try:
            cursor = self.connection.execute(f"SELECT {select} FROM {self._relation}")
            while found := cursor.fetchmany(size):
                yield found
        except duckdb.Error as error:
            raise self._unreadable(error) from error

    def grouped(self, role: str) -> dict[str, Any]:
        """Return the distinct values of a column (`name`), and the hash of each (`hash`)."""
        named = f"WHERE coalesce(\"{role}\", '') <> ''"
        return self._asked(f'SELECT DISTINCT "{role}" AS name, hash("{role}") AS hash FROM {self._relation} {named}')

    def _asked(self, query: str, values: Sequence[Any] = ()) -> dict[str, Any]:
        import duckdb

        try:
            return dict(self.connection.execute(query, values).fetchnumpy())
        except duckdb.Error as error:
            raise self._unreadable(error) from error

    def times(self) -> str:
        """Return the expression of a row's time in seconds since 1970, null where it cannot be read."""
        return times.seconds('"time"')

    def read_odd_times(self, seconds: Floats) -> Floats:
        """Fill in the times that SQL could not read but the readers' own rules can; count the rest as problems."""
        rows = np.flatnonzero(np.isnan(seconds)) + 1
        if rows.size:
            stated = self.columns('"time" AS stated', rows)["stated"]
            seconds[rows - 1] = times.odd(stated)
            self.count("rows with a time that cannot be read were left out", int(np.isnan(seconds).sum()))
        return seconds

    def count_nameless(self, number: int) -> None:
        """Note how many rows have no account, and how many could not be read at all."""
        self.count_broken()
        self.count("rows without an account were left out", number)

    def count(self, what: str, number: int) -> None:
        """Note a problem that concerns so many rows."""
        if number:
            self.problems[what] = number

    @cached_property
    def _relation(self) -> str:
        selects = (f"SELECT {self._select(of)} FROM {scan}{_whole_rows(scan, of)}" for scan, of in self._sources)
        return f"({' UNION ALL '.join(selects)})"

    @cached_property
    def _numbered(self) -> str:
        return f"(SELECT *, row_number() OVER () AS row FROM {self._relation})"

    def _select(self, of: Roles) -> str:
        return ", ".join(
            f'{_quoted(of[role])}::VARCHAR AS "{role}"' if role in of else f'NULL::VARCHAR AS "{role}"'
            for role in self.roles
            if role in self.has
        )

    def _source(
        self, path: Path, needed: Sequence[str], welcome: Sequence[str], given: Mapping[str, str]
    ) -> tuple[str, Roles]:
        with path.open("rb") as file:
            head = file.read(_HEAD)
        if head.startswith(_PARQUET):
            scan = f"read_parquet({_text(path)})"
            names = self._names(scan, path)
        else:
            names, delimiter = _header(head, path)
            scan = _csv_scan(path, names, delimiter)
        return scan, choose(names, needed, welcome, given, str(path))

    def _names(self, scan: str, path: Path) -> list[str]:
        import duckdb

        try:
            return [str(row[0]) for row in self.connection.execute(f"DESCRIBE FROM {scan}").fetchall()]
        except duckdb.Error as error:
            raise AllegedlyError(f"{path}: is no Parquet file that can be read ({_first(error)})") from error

    def _unreadable(self, error: Exception) -> AllegedlyError:
        listed = ", ".join(map(str, self.paths))
        return AllegedlyError(f"{listed}: cannot be read as a table ({_first(error)}); mend the file and try again")


def _header(head: bytes, path: Path) -> tuple[list[str], str]:
    """Return the names in the first line, and what parts them."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise AllegedlyError(f"{path}: is written in UTF-16; save it as UTF-8")
    text = head.decode("utf-8-sig", "replace")
    line = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=line.count)
    names = next(csv.reader(io.StringIO(text), delimiter=delimiter), [])
    if not names:
        raise AllegedlyError(f"{path}: is empty; give a table with a header")
    return _distinct(names), delimiter


def _distinct(names: Sequence[str]) -> list[str]:
    """Of columns of the same name the first keeps it."""
    seen: Counter[str] = Counter()
    distinct: list[str] = []
    for name in names:
        form = name.casefold()
        distinct.append(f"{name}\x1f{seen[form]}" if seen[form] else name or f"\x1f{len(distinct)}")
        seen[form] += 1
    return distinct


def _csv_scan(path: Path, names: Sequence[str], delimiter: str) -> str:
    """All is stated, so that nothing is guessed from the first rows; short rows are filled, broken ones left out."""
    listed = ", ".join(f"{_text(name)}: 'VARCHAR'" for name in names)
    return (
        f"read_csv({_text(path)}, header=true, auto_detect=false, delim={_text(delimiter)}, quote='\"', escape='\"', "
        f"columns={{{listed}}}, store_rejects=true, rejects_limit={_REJECTS}, null_padding=false, "
        f"max_line_size=16000000)"
    )


def _whole_rows(scan: str, of: Roles) -> str:
    """A broken row of a CSV is left out only by scans that look at what is broken; so that rows keep their numbers, all
    scans look at all columns: the condition always holds.
    """
    if not scan.startswith("read_csv"):
        return ""
    return " WHERE " + " AND ".join(f"coalesce(strlen({_quoted(name)}), 0) >= 0" for name in of.values())


def _text(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _first(error: Exception) -> str:
    return str(error).splitlines()[0][:200]
