"""Sets of ids in eight bytes each: every id ends in 64 bits of hex, and the table is known."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import duckdb
import numpy as np
from numpy.typing import NDArray

from allegedly.ledger.disk import LedgerError
from allegedly.ledger.segments import Segments

_TRIES = 5

Numbers = NDArray[np.uint64]


class Ids:
    """A set of ids that only grows."""

    def __init__(self) -> None:
        self._sorted: Numbers = np.empty(0, np.uint64)

    def add(self, ids: Iterable[str]) -> None:
        self.add_numbers(_numbers(ids))

    def add_numbers(self, numbers: Numbers) -> None:
        self._sorted = np.union1d(self._sorted, numbers)

    def among(self, ids: Collection[str]) -> set[str]:
        """Return those of `ids` that are in the set."""
        if not len(self._sorted):
            return set()
        wanted = _numbers(ids)
        places = np.searchsorted(self._sorted, wanted) % len(self._sorted)
        return {i for i, hit in zip(ids, self._sorted[places] == wanted, strict=True) if hit}


class SegmentIds:
    """The ids of one table of the segments, read once a segment."""

    def __init__(self, table: str, segments: Segments) -> None:
        self.table, self.segments = table, segments
        self._ids = Ids()
        self._read: set[str] = set()

    def add(self, ids: Iterable[str]) -> None:
        """Add `ids` that have just been written, to save reading them."""
        self._ids.add(ids)

    def among(self, ids: Collection[str]) -> set[str]:
        """Return those of `ids` that are in the segments now."""
        known = self._ids.among(ids)
        if len(known) < len(set(ids)) and self._load():
            known = self._ids.among(ids)
        return known

    def _load(self) -> bool:
        """Read the segments that have come since the last time; return whether there were any."""
        for _ in range(_TRIES):
            live = self.segments.live()
            new = [segment for name, segment in live.items() if name not in self._read]
            try:
                for file in self.segments.files(self.table, new):
                    self._ids.add_numbers(_file_ids(self.segments.con, file))
            except duckdb.IOException:  # merged into another segment meanwhile
                continue
            self._read |= live.keys()
            return bool(new)
        raise LedgerError(f"{self.segments.ledger}: segments vanish while they are read; try again")


def _numbers(ids: Iterable[str]) -> Numbers:
    return np.array([int(i[1:], 16) for i in ids], dtype=np.uint64)


def _file_ids(con: duckdb.DuckDBPyConnection, file: str) -> Numbers:
    found = con.execute("SELECT ('0x' || id[2:])::UBIGINT AS id FROM read_parquet(?)", [file]).fetchnumpy()
    return np.asarray(found["id"], dtype=np.uint64)
