"""Segments: immutable folders of Parquet tables. What ``LEDGER/segments`` lists is what is committed.

A table is a set of rows with ids made from content, so a row that is there twice is the same row: writers need no lock,
and a compaction that is killed between its new segment and the removal of the old ones has done no harm.
Sizes of segments are tiers, each eight times the one below; eight of a tier become one of the next (the size-tiered
merge of log-structured merge trees, O'Neil et al. 1996), so a row is rewritten at most once a tier.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import duckdb
import msgspec

from allegedly import __version__
from allegedly.ledger.disk import LedgerError, commit, discard, draft, explained, lock
from allegedly.ledger.rows import Rows
from allegedly.ledger.schema import FORMAT, LOOSE, SEGMENT_TABLES, Table, named, quoted, read_rows
from allegedly.records import Record

_OFFLINE = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
_FRUGAL = {"default_block_size": "16384"}
"""Some 170 columns in blocks of the usual 256 KiB make a ledger of a few documents 5 MB."""

LARGE = 256 * 2**20
"""A segment of this weight or more is not merged any more."""
_MERGED_AT_ONCE = 64
_TIER_BITS = 3
_FAN_IN = 2**_TIER_BITS
_LISTINGS = 20
_LINES = "rows.ndjson"
_PARQUET = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 8192"


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """What ``segment.json`` says."""

    name: str
    format: int = FORMAT
    rows: dict[str, int]
    weight: int
    """Bytes of the rows as JSON when they were first written."""
    replaces: tuple[str, ...] = ()
    """Segments whose rows this one holds: readers pass them by."""
    made_by: str = f"allegedly {__version__}"

    @property
    def tier(self) -> int:
        return (self.weight.bit_length() - 1) // _TIER_BITS


def duck(database: str = ":memory:") -> duckdb.DuckDBPyConnection:
    """Return a DuckDB connection that installs and loads nothing from outside."""
    return duckdb.connect(database, config={**_OFFLINE, **_FRUGAL, "temp_directory": tempfile.gettempdir()})


class Segments:
    """The segments of the ledger at `ledger`."""

    def __init__(self, ledger: Path) -> None:
        self.ledger = ledger
        self.folder = ledger / "segments"
        self._read: dict[str, Segment] = {}
        self._con: duckdb.DuckDBPyConnection | None = None

    @property
    def con(self) -> duckdb.DuckDBPyConnection:
        self._con = self._con or duck()
        return self._con

    # ------------------------------------------------------------ read

    def live(self) -> dict[str, Segment]:
        """Return the committed segments by name, without those that another one replaces."""
        found = {name: self._read.get(name) or self._open(name) for name in self._names()}
        self._read = {name: segment for name, segment in found.items() if segment is not None}
        replaced = {name for segment in self._read.values() for name in segment.replaces}
        return {name: segment for name, segment in self._read.items() if name not in replaced}

    def _names(self) -> list[str]:
        """List the folder until nothing changes: one listing may miss what is renamed while it goes on."""
        names: list[str] | None = None
        for _ in range(_LISTINGS):
            before, names = names, self._listing()
            if names == before:
                break
        return names or []

    def _listing(self) -> list[str]:
        try:
            return sorted(path.name for path in self.folder.iterdir())
        except FileNotFoundError:
            return []

    def _open(self, name: str) -> Segment | None:
        path = self.folder / name / "segment.json"
        try:
            segment = msgspec.json.decode(path.read_bytes(), type=Segment)
        except (FileNotFoundError, NotADirectoryError):  # merged into another one meanwhile, or not a segment
            return None
        except msgspec.MsgspecError as error:
            raise LedgerError(f"{path}: is damaged ({error}); bring this segment back from a copy") from error
        if segment.format == FORMAT:
            return segment
        age, action = (
            ("a newer", "upgrade it")
            if segment.format > FORMAT
            else ("an older", "delete its folder, or name another, and run the same command again")
        )
        raise LedgerError(
            f"{self.ledger}: was written by {age} version of Allegedly (format {segment.format}, this one reads "
            f"{FORMAT}); {action}"
        )

    def files(self, table: str, segments: Iterable[Segment]) -> list[str]:
        """Return the Parquet files of `table` in `segments`."""
        return [str(self.folder / s.name / f"{table}.parquet") for s in segments if s.rows.get(table)]

    # ------------------------------------------------------------ write

    def write(self, rows: Rows) -> Segment:
        """Commit `rows` as one segment. Each document must be whole in it, and there once."""
        with explained(self.ledger), draft(self.ledger) as folder:
            weight = sum(self._write_table(folder, SEGMENT_TABLES[name], found) for name, found in rows.items())
            (folder / _LINES).unlink(missing_ok=True)
            return self._commit(folder, {name: len(found) for name, found in rows.items()}, weight)

    def _write_table(self, folder: Path, table: Table, rows: Collection[Record]) -> int:
        path = folder / _LINES
        longest = write_lines(path, rows)
        self.con.execute(f"COPY ({read_rows(table, str(path), longest)}) TO {_target(folder, table.name)}")
        return path.stat().st_size

    def _commit(self, folder: Path, rows: dict[str, int], weight: int, replaces: tuple[str, ...] = ()) -> Segment:
        segment = Segment(name=folder.name, rows=rows, weight=weight, replaces=replaces)
        (folder / "segment.json").write_bytes(msgspec.json.encode(segment))
        self.folder.mkdir(exist_ok=True)
        commit(folder, self.folder / folder.name)
        return segment

    # ------------------------------------------------------------ compaction

    def compact(self) -> None:
        """Merge the tiers that are full, unless somebody else is at it."""
        with explained(self.ledger), lock(self.folder, wait=False) as mine:
            if not mine:
                return
            live = self.live()
            self._discard(set(self._read) - set(live))
            while group := _full_tier(live):
                self._merge(group)
                live = self.live()

    def _merge(self, group: list[Segment]) -> None:
        with draft(self.ledger) as folder:
            pick_documents(self.con, self.files("documents", group))
            rows = {name: self._merge_table(folder, table, group) for name, table in SEGMENT_TABLES.items()}
            rows = {name: count for name, count in rows.items() if count}
            self._commit(folder, rows, sum(s.weight for s in group), tuple(s.name for s in group))
        self._discard(s.name for s in group)

    def _merge_table(self, folder: Path, table: Table, group: list[Segment]) -> int:
        files = self.files(table.name, group)
        if not files:
            return 0
        query = f"COPY ({picked_rows(table, files)}) TO {_target(folder, table.name)}"
        (count,) = self.con.execute(query).fetchone() or (0,)
        return int(count)

    def _discard(self, names: Iterable[str]) -> None:
        for name in names:
            discard(self.folder / name, self.ledger)


def write_lines(path: Path, rows: Iterable[Record]) -> int:
    """Write `rows` as JSON lines and return the bytes of the longest."""
    longest = 0
    with path.open("wb") as file:
        for row in rows:
            line = msgspec.json.encode(row)
            longest = max(longest, len(line))
            file.write(line + b"\n")
    return longest


def pick_documents(con: duckdb.DuckDBPyConnection, files: list[str], known: str = "") -> None:
    """Make the table ``picked``: each document of `files` that the table `known` lacks, with one segment it is in."""
    query = f"SELECT id AS document, min(parse_dirpath(filename)) AS folder FROM {_parquet(files)}" if files else _NONE
    others = f"WHERE id NOT IN (SELECT id FROM {known})" if known and files else ""
    con.execute(f"CREATE OR REPLACE TEMP TABLE picked AS {query} {others} GROUP BY ALL")


def picked_rows(table: Table, files: list[str]) -> str:
    """Return the query for the rows of `files` that belong to the documents picked; loose rows come once each."""
    columns = ", ".join(f"f.{named(name)}" for name in table.columns)
    if table.name in LOOSE:
        return f"SELECT DISTINCT ON (f.id) {columns} FROM {_parquet(files)} f"
    return (
        f"SELECT {columns} FROM {_parquet(files)} f SEMI JOIN picked p "
        f"ON p.document = f.{table.owner} AND p.folder = parse_dirpath(f.filename)"
    )


_NONE = "SELECT '' AS document, '' AS folder WHERE false"


def _parquet(files: list[str]) -> str:
    return f"read_parquet([{', '.join(map(quoted, files))}], union_by_name = true, filename = true)"


def _target(folder: Path, table: str) -> str:
    return f"{quoted(str(folder / f'{table}.parquet'))} ({_PARQUET})"


def _full_tier(segments: Mapping[str, Segment]) -> list[Segment]:
    """Return the segments to merge next: those of the lowest tier that is full."""
    tiers: dict[int, list[Segment]] = defaultdict(list)
    for name in sorted(segments):
        if segments[name].weight < LARGE:
            tiers[segments[name].tier].append(segments[name])
    full = [tier for tier, group in tiers.items() if len(group) >= _FAN_IN]
    return tiers[min(full)][:_MERGED_AT_ONCE] if full else []
