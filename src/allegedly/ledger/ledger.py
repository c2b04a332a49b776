"""A ledger: a folder of documents with all that was extracted from them, and what is derived across them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

from allegedly.ledger import _disk, _log, derive
from allegedly.ledger._disk import LedgerError
from allegedly.ledger.rows import Rows, batch_rows
from allegedly.ledger.schema import LOOSE
from allegedly.ledger.segments import Segments
from allegedly.link import link
from allegedly.records import Annotation, Judgement, OriginRow, Problem, Summary

_INDEXED = ("documents", *LOOSE)
_TRIES = 5

Progress = Callable[[str, int], None]
"""Called with a stage and how many documents it is about to work on."""


class Ledger:
    """The ledger in the folder `path`. Nothing is read or written before a method is called.

    Several processes may add at once, none waits for another, and readers wait for nobody. One object belongs to one
    thread. Errors that a person can do something about are `LedgerError`.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.segments = Segments(self.path)
        self._indexes = {table: _Index(table, self.segments) for table in _INDEXED}
        self._cleaned = False

    # ------------------------------------------------------------ write

    def add(
        self,
        annotations: Iterable[Annotation],
        problems: Iterable[Problem] = (),
        origins: Iterable[OriginRow] = (),
    ) -> int:
        """Commit `annotations` with their documents, `problems`, and `origins` of documents that are known.

        All of it is on the disk when this returns, or none of it is there when it raises. What the ledger holds
        already is not written again. Returns how many documents were new.
        """
        self._prepare()
        rows = self._unknown(batch_rows(annotations, problems, origins))
        if not rows:
            return 0
        self.segments.write(rows)
        for table, index in self._indexes.items():
            index.add(row.id for row in rows.get(table, ()))  # type: ignore[attr-defined]  # every row has an id
        with suppress(LedgerError):  # what was added is safe; merging can wait
            self.segments.compact()
        return len(rows.get("documents", ()))

    def refresh(self, progress: Progress | None = None) -> int:
        """Bring ``ledger.duckdb`` up to date and return how many documents were new to it."""
        self._prepare()
        if progress:
            progress("link", sum(s.rows.get("documents", 0) for s in self.segments.live().values()))
        return derive.derive(self.segments, link)

    def judge(self, judgement: Judgement) -> None:
        """Append `judgement` to the log."""
        self._prepare()
        with _disk.explained(self.path):
            _log.append(self.path / "judgements.jsonl", judgement)

    def log_run(self, summary: Summary) -> None:
        """Append the summary of a run to the log."""
        self._prepare()
        with _disk.explained(self.path):
            _log.append(self.path / "runs.jsonl", summary)

    def _prepare(self) -> None:
        """Make the folder, refuse one that is something else, and remove what dead writers left."""
        if self._cleaned:
            return
        with _disk.explained(self.path):
            if self.path.exists() and not self.exists and (not self.path.is_dir() or any(self.path.iterdir())):
                raise LedgerError(f"{self.path}: is not a ledger and not empty; name another folder")
            for name in ("segments", "writing"):
                (self.path / name).mkdir(parents=True, exist_ok=True)
            _disk.clean(self.path)
        self._cleaned = True

    def _unknown(self, rows: Rows) -> Rows:
        """Drop the rows of documents that are known, and the loose rows that are."""
        known = self.known(row.id for row in rows.get("documents", ()))  # type: ignore[attr-defined]
        left: Rows = {}
        for table, found in rows.items():
            ids = [row.id if table in _INDEXED else row.document for row in found]  # type: ignore[attr-defined]
            there = self._indexes[table].known(ids) if table in _INDEXED else known
            left[table] = [row for row, i in zip(found, ids, strict=True) if i not in there]
        return {table: found for table, found in left.items() if found}

    # ------------------------------------------------------------ read

    @property
    def exists(self) -> bool:
        """Whether there is a ledger in the folder."""
        return (self.path / "segments").is_dir()

    @property
    def current(self) -> bool:
        """Whether ``ledger.duckdb`` holds every document that was added."""
        return derive.is_current(self.path / derive.NAME, self.segments.live())

    def known(self, ids: Iterable[str]) -> set[str]:
        """Return which of the documents with these ids are in the ledger."""
        return self._indexes["documents"].known(list(ids))

    def connect(self) -> duckdb.DuckDBPyConnection:
        """Open the derived database for reading, as the last `refresh` left it; the caller closes it.

        It never waits for a run, and what it shows does not change while it is open.
        """
        if not self.exists:
            raise LedgerError(
                f"{self.path}: there is no ledger here; make one with `allegedly run INPUT --into LEDGER`"
            )
        database = self.path / derive.NAME
        if not database.exists():
            raise LedgerError(
                f"{self.path}: its first run did not finish; run the same command again, on a copy where this "
                "cannot be written"
            )
        with _disk.explained(self.path):
            return derive.open_read_only(database)

    def judgements(self) -> list[Judgement]:
        """Return what analysts decided, oldest first."""
        return _log.read(self.path / "judgements.jsonl", Judgement)

    def runs(self) -> list[Summary]:
        """Return the summaries of all runs, oldest first."""
        return _log.read(self.path / "runs.jsonl", Summary)


class _Index:
    """The ids of one table of the segments: eight bytes each, as every id ends in 64 bits of hex. They never leave."""

    def __init__(self, table: str, segments: Segments) -> None:
        self.table, self.segments = table, segments
        self._seen: set[str] = set()
        self._ids: NDArray[np.uint64] = np.empty(0, np.uint64)

    def add(self, ids: Iterable[str]) -> None:
        self._ids = np.union1d(self._ids, _numbers(ids))

    def known(self, ids: Collection[str]) -> set[str]:
        self._load()
        wanted = _numbers(ids)
        places = np.searchsorted(self._ids, wanted)
        places[places == len(self._ids)] = 0
        hits = self._ids[places] == wanted if len(self._ids) else np.zeros(len(wanted), bool)
        return {i for i, hit in zip(ids, hits, strict=True) if hit}

    def _load(self) -> None:
        """Read the ids of the segments that have come since the last time."""
        for _ in range(_TRIES):
            live = self.segments.live()
            new = [segment for name, segment in live.items() if name not in self._seen]
            try:
                for file in self.segments.files(self.table, new):
                    self._ids = np.union1d(self._ids, _file_ids(self.segments.con, file))
            except duckdb.IOException:  # merged into another segment meanwhile
                continue
            self._seen |= live.keys()
            return
        raise LedgerError(f"{self.segments.ledger}: segments vanish while they are read; try again")


def _numbers(ids: Iterable[str]) -> NDArray[np.uint64]:
    return np.array([int(i[1:], 16) for i in ids], dtype=np.uint64)


def _file_ids(con: duckdb.DuckDBPyConnection, file: str) -> NDArray[np.uint64]:
    found = con.execute("SELECT ('0x' || id[2:])::UBIGINT AS id FROM read_parquet(?)", [file]).fetchnumpy()
    return np.asarray(found["id"], dtype=np.uint64)
