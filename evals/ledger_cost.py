"""What a ledger costs: batches, single adds, known documents, refresh without link, export.

Run as ``python evals/ledger_cost.py [DOCUMENTS] [SINGLES]``; needs only the package and ``tests/factories.py``.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from allegedly.export import export
from allegedly.ledger import Ledger, derive
from factories import annotation, document

BATCH = 500


def nothing(con: object, new: object, write: object, folder: object) -> None:
    """Stand in for link, which has its own benchmark."""


def timed(what: str, work: Callable[[], Any], per: int = 0) -> None:
    begun = time.perf_counter()
    work()
    spent = time.perf_counter() - begun
    each = f"   {spent / per * 1000:8.2f} ms each" if per else ""
    print(f"{what:<42} {spent:8.2f} s{each}")


def size(path: Path) -> float:
    return sum(found.stat().st_size for found in path.rglob("*") if found.is_file()) / 2**20


def main(documents: int, singles: int) -> None:
    made = [annotation(n) for n in range(documents + singles)]
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(Path(folder) / "ledger")
        batches = [made[n : n + BATCH] for n in range(0, documents, BATCH)]
        timed(f"add {documents:,} documents, {BATCH} at a time", lambda: [ledger.add(b) for b in batches], documents)
        timed("refresh, from nothing", lambda: derive.derive(ledger.segments, nothing))
        timed(f"add {singles:,} documents one by one", lambda: [ledger.add([a]) for a in made[documents:]], singles)
        timed("refresh with these", lambda: derive.derive(ledger.segments, nothing))
        ledger.add([annotation(documents + singles)])
        timed("refresh with one document more", lambda: derive.derive(ledger.segments, nothing))
        fresh = Ledger(ledger.path)
        timed("known, the first time", lambda: fresh.known([document(1).id]))
        ids = [a.document.id for a in made]
        timed("known, one by one", lambda: [fresh.known([i]) for i in ids], len(ids))
        for form in ("csv", "parquet", "jsonl"):
            timed(f"export as {form}", lambda form=form: export(ledger, Path(folder) / form, form))
        live = ledger.segments.live()
        print(f"{len(live)} segments of {size(ledger.path / 'segments'):.1f} MiB, ", end="")
        print(f"ledger.duckdb of {size(ledger.path) - size(ledger.path / 'segments'):.1f} MiB")


if __name__ == "__main__":
    main(*(int(a) for a in [*sys.argv[1:], "10000", "100"][:2]))
