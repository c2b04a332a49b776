"""All that was ever said in a ledger, each saying once, with what is nearest to it.

Texts and lists of neighbours are in tables of the derived database, vectors in a file beside it that only grows and is
mapped, not loaded. Vectors are whole numbers, so that the product of two is exact, and the same in whatever company it
is worked out. What is listed is a function of the set of sayings, never of the order in which they came.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO, NamedTuple
from uuid import uuid4

import duckdb
import numpy as np
from numpy.typing import NDArray

from allegedly.link.narratives.compare import Traits, chances, traits
from allegedly.link.narratives.sketch import WIDTH, Sketcher

Rows = NDArray[np.int64]
Floats = NDArray[np.float32]

NEIGHBOURS = 16
"""The nearest that are kept of each saying."""
NEAR = 0.12
"""Cosine below which nothing is near. The same claim in two languages seldom lies below it (one pair of twenty)."""
SCALE, _MOST = 400.0, 127
"""Of vectors of length 1 to whole numbers of a byte; what is larger is cut."""
_BLOCK, _CHUNK = 16_384, 256
"""Sayings that are compared at once: so many that are there, with so many new ones."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS narrative_sayings (row UINTEGER, key UBIGINT, language VARCHAR, text VARCHAR,
  component UINTEGER, piece UBIGINT, length FLOAT, farthest FLOAT);
CREATE TABLE IF NOT EXISTS narrative_near (row UINTEGER, other UINTEGER, cosine FLOAT, chance FLOAT);
CREATE TABLE IF NOT EXISTS narrative_vectors (file VARCHAR);
"""
_FILE, _FILES = "sayings-{}.vectors", "sayings-*.vectors"


class Saying(NamedTuple):
    """What is said, in which language (ISO 639-1, or empty)."""

    text: str
    language: str

    @property
    def key(self) -> int:
        said = f"{self.language}\0{self.text}".encode("utf-8", "replace")
        return int.from_bytes(blake2b(said, digest_size=8).digest())


class _Near(NamedTuple):
    """Directed pairs: `other` is among the nearest of `row`."""

    row: Rows
    other: Rows
    cosine: Floats
    chance: Floats
    """That the two say the same or one denies the other; below 0 where it was not worked out yet."""


class _Columns(NamedTuple):
    """What a scan wants to know of every row."""

    keys: NDArray[np.uint64]
    """They break ties."""
    lengths: Floats
    farthest: Floats
    """Cosine of the last neighbour of each."""


class Sayings:
    """The sayings of a derived database.

    Args:
        con: the database.
        folder: where vectors lie.
        sketcher: makes them.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, folder: Path, sketcher: Sketcher) -> None:
        con.execute(_SCHEMA)
        self._con, self._sketcher = con, sketcher
        self._path = folder / _vector_file(con, folder)
        (self._count,) = con.execute("SELECT count(*) FROM narrative_sayings").fetchone() or (0,)
        if self._count and not (self._path.exists() and self._path.stat().st_size >= self._count * WIDTH):
            self._make_anew()

    def __len__(self) -> int:
        return int(self._count)

    # ------------------------------------------------------------ add

    def add(self, said: Sequence[Saying]) -> tuple[list[int], set[int]]:
        """Add sayings that are not there; return the row of each, and the rows whose neighbours changed or are new."""
        known = self._rows_of({s.key for s in said})
        new = sorted({s.key: s for s in said if s.key not in known}.items())
        first = self._count
        known.update((key, first + n) for n, (key, _) in enumerate(new))
        if new:
            self._insert([s for _, s in new], [key for key, _ in new])
        changed = self._find_neighbours(first) if new else set()
        return [known[s.key] for s in said], changed | set(range(first, self._count))

    def _rows_of(self, keys: Iterable[int]) -> dict[int, int]:
        wanted = np.array(sorted(keys), np.uint64)  # noqa: F841  read by DuckDB by name
        return dict(
            self._con.execute(
                "SELECT key, row FROM narrative_sayings WHERE key IN (SELECT column0 FROM wanted)"
            ).fetchall()
        )

    def _insert(self, new: Sequence[Saying], keys: Sequence[int]) -> None:
        with self._path.open("r+b" if self._count else "w+b") as file:
            file.seek(self._count * WIDTH)  # over what a run that was killed had begun to add
            lengths = self._write(file, new)
        rows = np.arange(self._count, self._count + len(new))
        columns = {  # noqa: F841
            "row": rows.astype(np.uint32),
            "key": np.array(keys, np.uint64),
            "language": np.array([s.language for s in new], object),
            "text": np.array([s.text for s in new], object),
            "length": lengths,
        }
        self._con.execute(
            "INSERT INTO narrative_sayings SELECT row, key, language, text, row, 0, length, ? FROM columns", [NEAR]
        )
        self._count += len(new)

    def _write(self, file: BinaryIO, said: Sequence[Saying]) -> Floats:
        """Write the vectors of sayings and return their lengths."""
        lengths = [np.zeros(0, np.float32)]
        for start in range(0, len(said), _CHUNK):
            some = said[start : start + _CHUNK]
            made = self._sketcher.sketches([s.text for s in some], [s.language for s in some])
            whole = np.clip(np.rint(made * SCALE), -_MOST, _MOST)
            file.write(whole.astype(np.int8).tobytes())
            lengths.append(np.sqrt((whole**2).sum(1)).astype(np.float32))
        return np.concatenate(lengths)

    def _make_anew(self) -> None:
        """Make the vectors of all sayings again: somebody lost the file."""
        rows = self._con.execute("SELECT text, language FROM narrative_sayings ORDER BY row").fetchall()
        with self._path.open("wb") as file:
            self._write(file, [Saying(*row) for row in rows])

    def _mapped(self) -> NDArray[np.int8]:
        return np.memmap(self._path, np.int8, "r", shape=(self._count, WIDTH))

    def vectors(self, rows: Rows) -> Floats:
        """Return the vectors of some rows, length 1 but for rounding, shape ``(rows, 384)``."""
        found = self._mapped()[rows].astype(np.float32)
        lengths = np.sqrt((found**2).sum(1, keepdims=True))
        unit: Floats = (found / np.maximum(lengths, 1)).astype(np.float32, copy=False)
        return unit

    # ------------------------------------------------------------ neighbours

    def _find_neighbours(self, first: int) -> set[int]:
        """List the neighbours of the rows from `first` on, put these into the lists of others, return whose changed."""
        columns = self._columns()
        near: list[_Near] = []
        for start in range(first, self._count, _CHUNK):
            near += self._scan(np.arange(start, min(start + _CHUNK, self._count)), first, columns)
        found = _joined(*near)
        old = found.row < first
        kept = _nearest(_joined(self._listed(np.unique(found.row[old])), found), columns.keys)
        self._store(kept, first)
        return set(np.unique(found.row[old]).tolist())

    def _columns(self) -> _Columns:
        table = self._con.execute("SELECT row, key, length, farthest FROM narrative_sayings").fetchnumpy()
        place = table["row"]
        found = _Columns(
            np.zeros(self._count, np.uint64), np.zeros(self._count, np.float32), np.zeros(self._count, np.float32)
        )
        found.keys[place], found.lengths[place] = table["key"], table["length"]
        found.farthest[place] = table["farthest"]
        return found

    def _scan(self, new: Rows, first: int, columns: _Columns) -> Iterator[_Near]:
        """Yield the nearest of new rows, and the old rows to whose nearest they belong."""
        mapped, lengths, farthest = self._mapped(), columns.lengths, columns.farthest
        asked, own = mapped[new].astype(np.float32), lengths[new]
        best, least = _near(), np.full(len(new), NEAR, np.float32)
        for start in range(0, self._count, _BLOCK):
            stop = min(start + _BLOCK, self._count)
            product: Floats = asked @ mapped[start:stop].astype(np.float32).T  # exact: of whole numbers below 2**24
            inside = (new >= start) & (new < stop)
            product[inside, new[inside] - start] = -np.inf
            if start < first:
                old = min(first, stop)
                bound = farthest[start:old] * lengths[start:old] * own.min()
                one, other, cosine = _above(product[:, : old - start], bound, own, lengths[start:old])
                kept = cosine >= farthest[start + other]
                yield _near(other[kept] + start, new[one[kept]], cosine[kept])
            bound = (least * own * lengths[start:stop].min())[:, None]
            one, other, cosine = _above(product, bound, own, lengths[start:stop])
            kept = cosine >= least[one]
            found = _near(new[one[kept]], other[kept] + start, cosine[kept])
            best = _nearest(_joined(best, found), columns.keys)
            least = _last(best, len(new), int(new[0]))
        yield best

    def _listed(self, rows: Rows) -> _Near:
        wanted = rows.astype(np.uint32)  # noqa: F841
        table = self._con.execute(
            "SELECT row, other, cosine, chance FROM narrative_near WHERE row IN (SELECT column0 FROM wanted)"
        ).fetchnumpy()
        return _Near(table["row"].astype(np.int64), table["other"].astype(np.int64), table["cosine"], table["chance"])

    def _store(self, near: _Near, first: int) -> None:
        """Replace the lists of the rows of `near`, with how likely each pair belongs together."""
        rows = np.unique(near.row)
        far = _last(_Near(np.searchsorted(rows, near.row), *near[1:]), len(rows))
        changed = {"row": rows.astype(np.uint32), "farthest": far}  # noqa: F841
        lists = {  # noqa: F841
            "row": near.row.astype(np.uint32),
            "other": near.other.astype(np.uint32),
            "cosine": near.cosine,
            "chance": self._chances(near),
        }
        self._con.execute("DELETE FROM narrative_near WHERE row IN (SELECT row FROM changed)")
        self._con.execute("INSERT INTO narrative_near SELECT row, other, cosine, chance FROM lists")
        self._con.execute("UPDATE narrative_sayings AS s SET farthest = c.farthest FROM changed c WHERE c.row = s.row")

    def _chances(self, near: _Near) -> Floats:
        """Return how likely each pair says the same, or one denies the other."""
        new = near.chance < 0
        if not new.any():
            return near.chance
        rows, place = np.unique(np.concatenate([near.row[new], near.other[new]]), return_inverse=True)
        a, b = np.split(place, 2)
        pairs, back = np.unique(np.stack([np.minimum(a, b), np.maximum(a, b)]), axis=1, return_inverse=True)
        found = chances(self.traits(rows), pairs[0], pairs[1], self._sketcher.meaning)
        either = near.chance.copy()
        either[new] = (found.same + found.opposed)[back]
        return either

    def traits(self, rows: Rows, denied: Sequence[bool] = ()) -> Traits:
        """Return what is compared of some rows.

        Args:
            rows: in any order.
            denied: of which it is known that they are denials; of none where it is left out.
        """
        wanted = {"place": np.arange(len(rows)), "row": rows.astype(np.uint32)}  # noqa: F841
        read = self._con.execute(
            "SELECT s.text, s.language FROM wanted w JOIN narrative_sayings s ON s.row = w.row ORDER BY w.place"
        ).fetchall()
        return traits(
            [text for text, _ in read],
            [language for _, language in read],
            self.vectors(rows),
            self._sketcher.meaning,
            denied or [False] * len(rows),
        )

    # ------------------------------------------------------------ components

    def component_of(self, rows: Iterable[int]) -> set[int]:
        """Return the components that rows are in."""
        wanted = np.array(sorted(rows), np.uint32)  # noqa: F841
        found = self._con.execute(
            "SELECT DISTINCT component FROM narrative_sayings WHERE row IN (SELECT column0 FROM wanted)"
        ).fetchall()
        return {c for (c,) in found}

    def likely_neighbours(self, rows: Iterable[int], least: float) -> set[int]:
        """Return rows that belong with some of `rows` by one list or the other, by the chance `least`."""
        wanted = np.array(sorted(rows), np.uint32)  # noqa: F841
        found = self._con.execute(
            "SELECT other FROM narrative_near WHERE row IN (SELECT column0 FROM wanted) AND chance >= $1 "
            "UNION SELECT row FROM narrative_near WHERE other IN (SELECT column0 FROM wanted) AND chance >= $1",
            [least],
        ).fetchall()
        return {r for (r,) in found}

    def members(self, components: Iterable[int]) -> dict[int, tuple[int, int]]:
        """Return the rows of components, each with its key and the number of its piece, 0 where it has none yet."""
        wanted = np.array(sorted(components), np.uint32)  # noqa: F841
        found = self._con.execute(
            "SELECT row, key, piece FROM narrative_sayings WHERE component IN (SELECT column0 FROM wanted)"
        ).fetchall()
        return {row: (key, piece) for row, key, piece in found}

    def pairs(self, rows: Iterable[int], least: float) -> list[tuple[float, int, int]]:
        """Return the listed pairs of `rows` that are as likely as `least`, with their chances."""
        wanted = np.array(sorted(rows), np.uint32)  # noqa: F841
        return self._con.execute(
            "SELECT max(chance), least(row, other) AS a, greatest(row, other) AS b FROM narrative_near "
            "WHERE chance >= ? AND row IN (SELECT column0 FROM wanted) AND other IN (SELECT column0 FROM wanted) "
            "GROUP BY a, b",
            [least],
        ).fetchall()

    def put(self, places: Mapping[int, tuple[int, int]]) -> None:
        """Store the component and the piece of each row."""
        moved = {  # noqa: F841
            "row": np.fromiter(places, np.uint32, len(places)),
            "component": np.array([component for component, _ in places.values()], np.uint32),
            "piece": np.array([piece for _, piece in places.values()], np.uint64),
        }
        self._con.execute(
            "UPDATE narrative_sayings AS s SET component = m.component, piece = m.piece FROM moved m "
            "WHERE m.row = s.row AND (m.component <> s.component OR m.piece <> s.piece)"
        )


def _near(row: Rows | None = None, other: Rows | None = None, cosine: Floats | None = None) -> _Near:
    """Return pairs of which the chance is not known, or none."""
    if row is None or other is None or cosine is None:
        row, other, cosine = np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float32)
    return _Near(row, other, cosine, np.full(len(row), -1, np.float32))


def _joined(*parts: _Near) -> _Near:
    return _Near(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _above(product: Floats, bound: Floats, one: Floats, other: Floats) -> tuple[Rows, Rows, Floats]:
    """Return row, column and cosine where products reach a bound, from the lengths of both sides."""
    low = np.float32(1 - 1e-5)  # the cosine is told exactly for what is left
    place = np.flatnonzero(product >= bound * low)
    row, column = np.divmod(place, product.shape[1])
    return row, column, product[row, column] / np.maximum(one[row] * other[column], 1)


def _nearest(near: _Near, keys: NDArray[np.uint64]) -> _Near:
    """Return the `NEIGHBOURS` nearest of each row, ties in order of key."""
    order = np.lexsort((keys[near.other], -near.cosine, near.row))
    rows = near.row[order]
    starts = np.flatnonzero(np.r_[True, rows[1:] != rows[:-1]]) if len(rows) else np.zeros(0, np.int64)
    rank = np.arange(len(rows)) - np.repeat(starts, np.diff(np.r_[starts, len(rows)]))
    kept = order[rank < NEIGHBOURS]
    return _Near(near.row[kept], near.other[kept], near.cosine[kept], near.chance[kept])


def _last(near: _Near, n: int, first: int = 0) -> Floats:
    """Return the cosine from which one more would be among the nearest, of `n` rows from `first` on."""
    place = near.row - first
    full, last = np.bincount(place, minlength=n) >= NEIGHBOURS, np.full(n, 2.0, np.float32)
    np.minimum.at(last, place, near.cosine)
    return np.where(full, last, np.float32(NEAR)).astype(np.float32)


def _vector_file(con: duckdb.DuckDBPyConnection, folder: Path) -> str:
    """Return the name of the file that belongs to this database, and remove those that belonged to others before it."""
    named = con.execute("SELECT file FROM narrative_vectors").fetchone()
    if named is None:
        name = _FILE.format(uuid4().hex)
        con.execute("INSERT INTO narrative_vectors VALUES (?)", [name])
        return name
    for path in folder.glob(_FILES):
        if path.name != named[0]:
            path.unlink(missing_ok=True)
    return str(named[0])
