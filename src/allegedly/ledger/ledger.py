"""A ledger: a folder of documents with all that was extracted from them, and what is derived across them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import duckdb

from allegedly.ledger import _log, derive, disk
from allegedly.ledger._ids import SegmentIds
from allegedly.ledger.disk import LedgerError
from allegedly.ledger.rows import Rows, batch_rows
from allegedly.ledger.schema import LOOSE
from allegedly.ledger.segments import Segments
from allegedly.link import link
from allegedly.records import Annotation, Judgement, OriginRow, Problem, ProblemRow, Summary

_INDEXED = ("documents", *LOOSE)

Progress = Callable[[str, int, int], None]
"""Called with a stage, and how many documents and words it has come to."""


class Added(NamedTuple):
    """What one `Ledger.add` wrote: how many documents, and how many problems that were met in them."""

    documents: int = 0
    problems: int = 0


class Ledger:
    """The ledger in the folder `path`. Nothing is read or written before a method is called.

    Several processes may add at once, none waits for another, and readers wait for nobody. One object belongs to one
    thread. Errors that a person can do something about are `LedgerError`.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.segments = Segments(self.path)
        self._indexes = {table: SegmentIds(table, self.segments) for table in _INDEXED}
        self._cleaned = False

    # ------------------------------------------------------------ write

    def add(
        self,
        annotations: Iterable[Annotation],
        problems: Iterable[Problem] = (),
        origins: Iterable[OriginRow] = (),
    ) -> Added:
        """Commit `annotations` with their documents, `problems`, and `origins` of documents that are known.

        All of it is on the disk when this returns, or none of it is there when it raises. What the ledger holds
        already is not written again.
        """
        self._prepare()
        rows = self._unknown(batch_rows(annotations, problems, origins))
        if not rows:
            return Added()
        self.segments.write(rows)
        for table, index in self._indexes.items():
            index.add(row.id for row in rows.get(table, ()))  # type: ignore[attr-defined]  # every row has an id
        self._compact()
        met = [row for row in rows.get("problems", ()) if isinstance(row, ProblemRow) and row.document]
        return Added(len(rows.get("documents", ())), len(met))

    def refresh(self, progress: Progress | None = None) -> int:
        """Bring ``ledger.duckdb`` up to date and return how many documents were new to it."""
        self._prepare()
        self._compact()
        if progress:
            progress("link", sum(s.rows.get("documents", 0) for s in self.segments.live().values()), 0)
        return derive.derive(self.segments, link)

    def judge(self, judgement: Judgement) -> None:
        """Append `judgement` to the log."""
        self._prepare()
        with disk.explained(self.path):
            _log.append(self.path / "judgements.jsonl", judgement)

    def log_run(self, summary: Summary) -> None:
        """Append the summary of a run to the log."""
        self._prepare()
        with disk.explained(self.path):
            _log.append(self.path / "runs.jsonl", summary)

    def _prepare(self) -> None:
        """Make the folder, refuse one that is something else, and remove what dead writers left."""
        if self._cleaned:
            return
        with disk.explained(self.path):
            if self.path.exists() and not self.exists and (not self.path.is_dir() or any(self.path.iterdir())):
                raise LedgerError(f"{self.path}: is not a ledger and not empty; name another folder")
            for name in ("segments", "writing"):
                (self.path / name).mkdir(parents=True, exist_ok=True)
            disk.clean(self.path)
        self._cleaned = True

    def _compact(self) -> None:
        with suppress(LedgerError, OSError, duckdb.IOException):  # what was added is safe; merging can wait
            self.segments.compact()

    def _unknown(self, rows: Rows) -> Rows:
        """Drop the rows of documents that are known, and the loose rows that are."""
        known = self.known(row.id for row in rows.get("documents", ()))  # type: ignore[attr-defined]
        left: Rows = {}
        for table, found in rows.items():
            ids = [row.id if table in _INDEXED else row.document for row in found]  # type: ignore[attr-defined]
            there = self._indexes[table].among(ids) if table in _INDEXED else known
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
        return self._indexes["documents"].among(list(ids))

    def connect(self) -> duckdb.DuckDBPyConnection:
        """Open the derived database for reading, as the last `refresh` left it; the caller closes it.

        It never waits for a run, and what it shows does not change while it is open.
        """
        if not self.exists:
            raise LedgerError(f"{self.path}: not a ledger; make one with `allegedly run INPUT --into LEDGER`")
        database = self.path / derive.NAME
        if not database.exists():
            raise LedgerError(
                f"{self.path}: its first run did not finish; run the same command again, on a copy where this "
                "cannot be written"
            )
        with disk.explained(self.path):
            return derive.open_read_only(database)

    def judgements(self) -> list[Judgement]:
        """Return what analysts decided, oldest first."""
        return _log.read(self.path / "judgements.jsonl", Judgement)

    def runs(self) -> list[Summary]:
        """Return the summaries of all runs, oldest first."""
        return _log.read(self.path / "runs.jsonl", Summary)
