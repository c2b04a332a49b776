"""What it costs to add statements to a ledger that holds 10,000, 100,000 or 1,000,000 of them.

    python evals/narratives_scaling.py [--sizes N ...] [--added 1 100 1000]

Each statement is a document of its own, in made-up words: those of its story, a third of them changed; its vector is
drawn near those of its story. Stories have 1 to 40 members, most of them few. The encoder is left out: what it takes
for a statement does not depend on the size (docs/matching.md). Ledgers of up to `BUILT` statements are linked as any;
larger ones are filled at once: how near the last neighbour lies, which is what makes a scan dear or cheap, is drawn
from 1,000 statements that were truly looked up. Each size is a process of its own, one thread; seconds are CPU seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import numpy as np
from threadpoolctl import threadpool_limits

from allegedly import __version__
from allegedly.ledger.schema import LINKED_TABLES, TABLES, create_table, read_rows
from allegedly.link.narratives.sayings import NEAR, NEIGHBOURS, Sayings
from allegedly.link.narratives.sketch import WIDTH
from allegedly.link.narratives.statements import statements
from allegedly.link.narratives.update import link_narratives

BUILT = 100_000
BATCH = 5_000
SOURCES = 500


class Stories:
    """Makes up statements and their vectors, each a function of its number."""

    meaning, digest = True, "made up"

    def __init__(self) -> None:
        self.stories = np.random.default_rng(1).zipf(1.7, 2_000_000).clip(1, 40).cumsum()

    def _story(self, number: int) -> int:
        return int(np.searchsorted(self.stories, number, "right"))

    def sketches(self, texts: Sequence[str], languages: Sequence[str]) -> np.ndarray:
        """Return vectors that lie as those of true statements do: 4 in 100 pairs of strangers above 0.12."""
        return np.stack([self._vector(int(text.rpartition(" #")[2])) for text in texts])

    def _vector(self, number: int) -> np.ndarray:
        story = self._story(number)
        found = _drawn(story + 10**7, 1.0) + _drawn(story % 997 + 10**8, 0.35) + _drawn(number, 0.6)
        return found / np.linalg.norm(found)

    def documents(self, start: int, stop: int) -> dict[str, Any]:
        """Return columns of the documents from `start` to before `stop`."""
        numbers = range(start, stop)
        return {
            "id": np.array([f"d{n:016x}" for n in numbers], object),
            "source": np.array([f"source {n * 7919 % SOURCES}" for n in numbers], object),
            "text": np.array([self._text(n) for n in numbers], object),
            "published_at": np.array([_when(n) for n in numbers], object),
        }

    def _text(self, number: int) -> str:
        own, shared = np.random.default_rng(number), np.random.default_rng(self._story(number))
        words = np.where(own.random(16) < 1 / 3, own.zipf(1.2, 16), shared.zipf(1.2, 16)) % 50_000
        return " ".join(map(_word, words.tolist())) + f" #{number}"


def _word(number: int) -> str:
    """Return a word of two to four syllables."""
    found = ""
    while number or len(found) < 4:
        number, syllable = divmod(number, 70)
        found += "bdfgklmnprstvz"[syllable % 14] + "aeiou"[syllable // 14]
    return found


def _drawn(seed: int, length: float) -> np.ndarray:
    """Return a vector at random in 64 of the dimensions: true ones fill no more of their space than that."""
    found = np.zeros(WIDTH, np.float32)
    found[:64] = np.random.default_rng(seed).standard_normal(64) / 8 * length
    return found @ _turn()


_TURN: list[np.ndarray] = []


def _turn() -> np.ndarray:
    if not _TURN:
        _TURN.append(np.linalg.qr(np.random.default_rng(0).standard_normal((WIDTH, WIDTH)))[0].astype(np.float32))
    return _TURN[0]


def _when(number: int) -> str:
    second = number * 7 % 31_536_000
    return datetime.fromtimestamp(1_900_000_000 + second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class World:
    """A derived database that holds documents alone."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.stories, self.count = folder, Stories(), 0
        self.con = duckdb.connect(str(folder / "world.duckdb"), config={"threads": 1, "memory_limit": "3GB"})
        for table in TABLES.values():
            self.con.execute(create_table(table))

    def tell(self, count: int) -> list[str]:
        """Add documents, return their ids."""
        told = self.stories.documents(self.count, self.count + count)
        self.count += count
        self.con.execute(
            "INSERT INTO documents BY NAME SELECT id, source, text, published_at, 'en' AS language, 'outlet' AS "
            "source_kind, 'second' AS published_grain, 0 AS body_start, '' AS platform, '' AS title, "
            "'' AS forwarded_from FROM told"
        )
        return [str(i) for i in told["id"]]

    def link(self, ids: Sequence[str]) -> None:
        link_narratives(self.con, self.write, self.folder, self.stories, ids, [])  # type: ignore[arg-type]

    def write(self, table: str, rows: Sequence[Any]) -> None:
        if rows:
            path = self.folder / "rows.ndjson"
            lines = [msgspec.json.encode(row) for row in rows]
            path.write_bytes(b"\n".join(lines))
            longest = max(map(len, lines))
            self.con.execute(f"INSERT INTO {table} BY NAME {read_rows(LINKED_TABLES[table], str(path), longest)}")

    def fill(self, count: int) -> None:
        """Put `count` statements in without looking for what is near them."""
        sayings = Sayings(self.con, self.folder, self.stories)  # type: ignore[arg-type]
        self.link(self.tell(1))
        sayings = Sayings(self.con, self.folder, self.stories)  # type: ignore[arg-type]
        sayings._find_neighbours = lambda first: set()  # type: ignore[method-assign]
        while self.count < count:
            told = statements(self.con, self.tell(min(50_000, count - self.count)))
            rows = sayings.add([s.saying for s in told])[0]
            columns = {"id": np.array([s.id for s in told], object),  # noqa: F841
                       "document": np.array([s.document for s in told], object),
                       "spans": np.array([str([list(x) for x in s.spans]) for s in told], object),
                       "saying": np.array(rows, np.uint32)}  # fmt: skip
            self.con.execute(
                "INSERT INTO narrative_statements SELECT id, document, NULL, true, false, CAST(spans AS INTEGER[][]), "
                "saying FROM columns"
            )
        last = self._last_neighbours(sayings)
        chosen = np.random.default_rng(2).choice(last, len(sayings))
        drawn = {"row": np.arange(len(sayings), dtype=np.uint32), "farthest": chosen}  # noqa: F841
        self.con.execute("UPDATE narrative_sayings AS s SET farthest = d.farthest FROM drawn d WHERE d.row = s.row")

    def _last_neighbours(self, sayings: Sayings, sample: int = 1_000) -> np.ndarray:
        rows = np.random.default_rng(3).choice(len(sayings), sample, replace=False)
        found, asked = np.full((sample, 0), -1, np.float32), sayings.vectors(rows)
        for start in range(0, len(sayings), 50_000):
            near = asked @ sayings.vectors(np.arange(start, min(start + 50_000, len(sayings)))).T
            found = np.sort(np.concatenate([found, near], 1), 1)[:, -NEIGHBOURS - 1 :]
        return np.maximum(found[:, 0], NEAR).astype(np.float32)


def measured(size: int, added: Sequence[int]) -> dict[str, Any]:
    """Return CPU milliseconds for each added statement in batches of `added`, at `size`, and peak memory."""
    with tempfile.TemporaryDirectory() as place, threadpool_limits(1):
        world, begun = World(Path(place)), time.process_time()
        if size > BUILT:
            world.fill(size)
        while world.count < size:
            world.link(world.tell(min(BATCH, size - world.count)))
        row: dict[str, Any] = {"size": size, "built": size <= BUILT, "fill": time.process_time() - begun}
        world.link(world.tell(1))
        row["added"] = {}
        for count in added:
            ids, begun = world.tell(count), time.process_time()
            world.link(ids)
            row["added"][count] = (time.process_time() - begun) / count * 1000
        row["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        row["files_mb"] = sum(p.stat().st_size for p in Path(place).iterdir()) // 2**20
        (row["narratives"],) = world.con.execute("SELECT count(*) FROM narratives").fetchone() or (0,)
    return row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--added", type=int, nargs="+", default=[1, 100, 1000])
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(measured(asked.one, asked.added)))
        return
    print(f"Narratives, {datetime.now(UTC).date().isoformat()}, allegedly {__version__}\n")
    heads = [f"ms each, +{n:,}" for n in asked.added]
    print(
        f"| statements | {' | '.join(heads)} | peak MB | files MB | CPU s to build |\n|--:|{'--:|' * (len(heads) + 3)}"
    )
    for size in asked.sizes:
        command = [sys.executable, __file__, "--one", str(size), "--added", *map(str, asked.added)]
        done = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ})
        row = json.loads(done.stdout)
        cells = [f"{row['added'][str(n)]:,.1f}" for n in asked.added]
        built = f"{row['fill']:,.0f}" if row["built"] else "filled at once"
        print(f"| {size:,} | {' | '.join(cells)} | {row['peak_mb']:,} | {row['files_mb']:,} | {built} |", flush=True)


if __name__ == "__main__":
    main()
