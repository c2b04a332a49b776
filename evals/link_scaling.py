"""How the cost of linking grows: annotated documents, repeated with changed words and days, at 100, 1,000 and 10,000.

    python evals/link_scaling.py [INPUT...] [--sizes 100 1000 10000] [--added 10] [--one-story]

INPUT (the sample case where none is given) is annotated once; the repetitions take their annotations with the ids that
changed texts get, so that annotate is not paid 10,000 times. Each size is a fresh ledger in a process of its own, whose
peak memory is shown. Then `--added` documents more are linked into it. An exponent is the slope between two sizes on
log scales: 1 is in proportion, n log n between 1,000 and 10,000 is 1.12. CPU time counts all threads.

As a rule each repetition tells another story: other days, other names. With ``--one-story`` all of them tell the same
one, the hardest case: every event, claim and conflict gathers more and more tellings.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from allegedly import __version__
from allegedly.annotate import annotate
from allegedly.ledger import Ledger, derive
from allegedly.link import link
from allegedly.read import read
from allegedly.records import Annotation, Document, make_document

SAMPLE = Path(__file__).parents[1] / "examples" / "velmara" / "documents"
BATCH = 500
CHANGED = 0.05
"""Share of the words that a repetition changes."""


def repeated(originals: Sequence[Annotation], start: int, stop: int, one_story: bool) -> Iterator[Annotation]:
    """Yield copies number `start` to `stop`: the originals over and over, reworded, each time another story or not."""
    for number in range(start, stop):
        turn = 0 if one_story else number // len(originals)
        yield varied(originals[number % len(originals)], number, turn)


def varied(original: Annotation, seed: int, turn: int) -> Annotation:
    """Return a copy with changed words of the same length, so that spans hold, and all days shifted by `turn` weeks.

    The letters of its names turn with `turn`, so that every repetition has actors and places of its own.
    """
    document, shift = original.document, timedelta(weeks=turn)
    text = _reworded(document.text, random.Random(seed), turn)
    fields = {
        name: value
        for name, value in msgspec.structs.asdict(document).items()
        if name not in ("id", "origin", "source", "text", "text_sha256", "published_at", "native_id")
    }
    published = _shifted(document.published_at, shift)
    fields |= {"published_at": published, "native_id": str(seed)}
    copy = make_document(origin=document.origin, source=document.source, text=text, **fields)
    events = [
        msgspec.structs.replace(
            event,
            when=event.when
            and msgspec.structs.replace(
                event.when, start=_shifted(event.when.start, shift), end=_shifted(event.when.end, shift)
            ),
        )
        for event in original.events
    ]
    return _renamed(msgspec.structs.replace(original, document=copy, events=tuple(events)), document.id, copy.id, turn)


def _renamed(annotation: Annotation, old: str, new: str, turn: int) -> Annotation:
    """Give unnamed actors the new document's id, and named ones a name of this repetition."""
    raw = msgspec.json.encode(annotation).replace(f"~{old}".encode(), f"~{new}".encode())
    names = {a.id: f"{a.id}-{turn}" for a in annotation.actors if "~" not in a.id and turn}
    for before, after in names.items():
        raw = raw.replace(f'"{before}"'.encode(), f'"{after}"'.encode())
    return msgspec.json.decode(raw, type=Annotation)


def _reworded(text: str, chance: random.Random, turn: int) -> str:
    words = text.split(" ")
    for at, word in enumerate(words):
        if word.isalpha() and word.islower() and (chance.random() < CHANGED or (len(word) > 6 and turn)):
            words[at] = _turned(word, turn + (chance.random() < CHANGED))
    return " ".join(words)


def _turned(word: str, by: int) -> str:
    return "".join(chr((ord(c) - 97 + by) % 26 + 97) if "a" <= c <= "z" else c for c in word)


def _shifted(stamp: str, by: timedelta) -> str:
    try:
        return (
            (datetime.fromisoformat(stamp) + by).isoformat()
            if "T" in stamp
            else (date.fromisoformat(stamp) + by).isoformat()
        )
    except ValueError:
        return stamp


def batches(found: Iterable[Annotation]) -> Iterator[list[Annotation]]:
    batch: list[Annotation] = []
    for annotation in found:
        batch.append(annotation)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


# ---------------------------------------------------------------- one size, in its own process


class Clock:
    """CPU and wall seconds of link alone and of the whole refresh."""

    def __init__(self) -> None:
        self.link = self.link_wall = 0.0

    def __call__(self, con: Any, new: Any, write: Any, folder: Path) -> None:
        cpu, wall = time.process_time(), time.perf_counter()
        link(con, new, write, folder)
        self.link, self.link_wall = time.process_time() - cpu, time.perf_counter() - wall


def refreshed(ledger: Ledger) -> dict[str, float]:
    clock, cpu, wall = Clock(), time.process_time(), time.perf_counter()
    derive.derive(ledger.segments, clock)
    whole = {"derive_cpu": time.process_time() - cpu, "derive_wall": time.perf_counter() - wall}
    return {"link_cpu": clock.link, "link_wall": clock.link_wall, **whole}


def measured(annotations: Path, size: int, added: int, one_story: bool) -> dict[str, Any]:
    """Fill a ledger with `size` documents and link them, then `added` more; return seconds, counts and peak memory."""
    originals = [msgspec.json.decode(line, type=Annotation) for line in annotations.read_bytes().splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(Path(folder) / "ledger")
        for batch in batches(repeated(originals, 0, size, one_story)):
            ledger.add(batch)
        before = peak()
        row: dict[str, Any] = {
            "documents": size,
            "first": refreshed(ledger),
            "peak_mb": peak(),
            "peak_before_mb": before,
        }
        ledger.add(repeated(originals, size, size + added, one_story))
        row["added"] = refreshed(ledger)
        with ledger.connect() as con:
            tables = ("documents", "document_events", "claims", "events", "accounts", "conflicts", "narratives")
            row["rows"] = {t: (con.execute(f"SELECT count(*) FROM {t}").fetchone() or (0,))[0] for t in tables}
    return row


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


# ---------------------------------------------------------------- the table


def exponent(small: dict[str, Any], large: dict[str, Any], what: str, of: str) -> str:
    ratio = large[what][of] / max(small[what][of], 1e-9)
    return f"{math.log(max(ratio, 1e-9)) / math.log(large['documents'] / small['documents']):.2f}"


def table(rows: Sequence[dict[str, Any]], added: int) -> str:
    lines = [
        f"{'documents':>9} {'events':>8} {'claims':>8} {'link CPU s':>10} {'wall s':>7} {'exponent':>8} "
        f"{'peak MB':>8}   {f'+{added}: link CPU s':>16} {'exponent':>8} {'derive CPU s':>12} {'exponent':>8}"
    ]
    for at, row in enumerate(rows):
        before = rows[at - 1] if at else None
        slopes = [
            exponent(before, row, *of) if before else ""
            for of in (("first", "link_cpu"), ("added", "link_cpu"), ("added", "derive_cpu"))
        ]
        lines.append(
            f"{row['documents']:>9,} {row['rows']['document_events']:>8,} {row['rows']['claims']:>8,} "
            f"{row['first']['link_cpu']:>10.2f} {row['first']['link_wall']:>7.2f} {slopes[0]:>8} "
            f"{row['peak_mb']:>8,}   "
            f"{row['added']['link_cpu']:>16.2f} {slopes[1]:>8} {row['added']['derive_cpu']:>12.2f} {slopes[2]:>8}"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs", nargs="*", type=Path, default=[SAMPLE])
    parser.add_argument("--sizes", nargs="+", type=int, default=[100, 1_000, 10_000])
    parser.add_argument("--added", type=int, default=10)
    parser.add_argument("--one-story", action="store_true", help="all repetitions tell the same events")
    parser.add_argument("--annotations", type=Path, help="annotations as JSON lines, made before")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measured(options.annotations, options.one, options.added, options.one_story)))
        return
    with tempfile.TemporaryDirectory() as folder:
        made = options.annotations or Path(folder) / "annotations.jsonl"
        if not options.annotations:
            documents = (d for d in read(options.inputs) if isinstance(d, Document))
            made.write_bytes(b"".join(msgspec.json.encode(a) + b"\n" for a in annotate(documents)))
        rows = [_in_process(made, size, options.added, options.one_story) for size in options.sizes]
    print(f"Link, {datetime.now(UTC).date().isoformat()}, allegedly {__version__}\n{table(rows, options.added)}")


def _in_process(annotations: Path, size: int, added: int, one_story: bool) -> dict[str, Any]:
    command = [sys.executable, __file__, "--one", str(size), "--added", str(added), "--annotations", str(annotations)]
    command += ["--one-story"] if one_story else []
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


if __name__ == "__main__":
    main()
