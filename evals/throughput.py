"""How fast a folder becomes a report: words a second by stage, processor time, and the memory of all processes.

Run as ``python evals/throughput.py PATH [--processes 1 2]``. For each number of processes it runs ``allegedly run`` and
``allegedly report`` in a scratch folder and prints a dated table in Markdown. Words are those between blanks, of the
documents that were new. The stages of a run are those of its own summary; start is what is left of its wall clock:
interpreter, imports, models that load before the first document. Memory is the greatest sum of proportional set sizes
(what is shared counts once) over the process tree, looked at ten times a second; it needs Linux's ``/proc``.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

ALLEGEDLY = [sys.executable, "-c", "from allegedly.cli import main; main()"]
EVERY = 0.1


class Measured(NamedTuple):
    """One command: seconds on the clock and of processors, peak memory in MiB, and what it printed."""

    wall: float
    cpu: float
    peak: float
    out: str


def measured(*arguments: object) -> Measured:
    """Run a command of Allegedly and watch its process tree."""
    begun, before = time.monotonic(), os.times()
    running = subprocess.Popen([*ALLEGEDLY, *map(str, arguments)], stdout=subprocess.PIPE, text=True)
    peaks = [0]
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(running.pid, peaks, done))
    watcher.start()
    out, _ = running.communicate()
    done.set()
    watcher.join()
    after = os.times()
    if running.returncode:
        raise SystemExit(f"allegedly {arguments[0]} ended with {running.returncode}")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Measured(time.monotonic() - begun, cpu, max(peaks) / 1024, out)


def _watch(root: int, peaks: list[int], done: threading.Event) -> None:
    while not done.wait(EVERY):
        peaks.append(sum(map(_proportional, tree(root))))


def tree(root: int) -> Iterator[int]:
    """Yield the process `root` and all that descend from it."""
    yield root
    for children in Path(f"/proc/{root}/task").glob("*/children"):
        with suppress(OSError):
            for child in children.read_text().split():
                yield from tree(int(child))


def _proportional(process: int) -> int:
    """Return the proportional set size in KiB, 0 once the process is gone."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


class Row(NamedTuple):
    """One line of the table."""

    stage: str
    seconds: float
    cpu: str = ""
    peak: str = ""


def rows(ran: Measured, summary: dict[str, Any], report: Measured) -> Iterator[Row]:
    """Yield the stages of one run and of its report."""
    stages: dict[str, float] = summary["seconds"]
    for stage in ("read", "annotate", "write", "link"):
        yield Row(stage, stages[stage])
    yield Row("start", max(0.0, ran.wall - sum(stages.values())))
    yield Row("**run**", ran.wall, f"{ran.cpu:,.1f}", f"{ran.peak:,.0f}")
    yield Row("**report**", report.wall, f"{report.cpu:,.1f}", f"{report.peak:,.0f}")


def table(source: Path, processes: int) -> Iterator[str]:
    """Run, report, and yield the lines of the table."""
    with tempfile.TemporaryDirectory() as scratch:
        ledger, page = Path(scratch, "ledger"), Path(scratch, "report.html")
        ran = measured("run", source, "--into", ledger, "-q", "--json", "-p", processes)
        report = measured("report", ledger, "-o", page, "-q")
        summary = json.loads(ran.out)
        size = page.stat().st_size / 1e6
    words, problems = summary["words"], sum(summary["problems"].values())
    yield f"\n{datetime.now(UTC):%Y-%m-%d}, processes: {processes}, documents: {summary['new']:,}, words: {words:,}, "
    yield f"problems: {problems:,}, report: {size:,.1f} MB, load after (1, 5, 15 min): {_load()}\n"
    yield "| stage | seconds | words/s | CPU seconds | peak MiB |\n|---|---:|---:|---:|---:|"
    for row in rows(ran, summary, report):
        yield f"| {row.stage} | {row.seconds:,.1f} | {words / max(row.seconds, 1e-9):,.0f} | {row.cpu} | {row.peak} |"


def _load() -> str:
    return " ".join(f"{load:.1f}" for load in os.getloadavg())


def main() -> None:
    """Print a table for each number of processes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path)
    parser.add_argument("--processes", type=int, nargs="+", default=[1])
    given = parser.parse_args()
    print(f"{os.cpu_count()} processors, Python {sys.version.split()[0]}, load before {_load()}", flush=True)
    for processes in given.processes:
        for line in table(given.path, processes):
            print(line, flush=True)


if __name__ == "__main__":
    main()
