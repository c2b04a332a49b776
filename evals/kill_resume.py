"""Kill a run at random moments, let it finish, and compare its export byte for byte with an undisturbed run.

Run as ``python evals/kill_resume.py [INPUT] [--kills 30]``. Each round starts ``allegedly run`` with the real
annotator and sends SIGKILL to all its processes after a random part of the time that an undisturbed run takes. After
some kills the same command is let to finish, the ledger is compared, and the next one begun, until all kills are spent.
Batches are small here, so that kills meet a ledger with something in it. After each kill the ledger is opened as a
reader would. Exits with 1 where anything differs.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from allegedly.export import export
from allegedly.ledger import Ledger, LedgerError
from allegedly.sample import sample_documents

BATCH = 10
"""Documents a batch; a run's own are larger than the sample case."""
ALLEGEDLY = f"from allegedly.cli import main; from allegedly.ledger import run; run.BATCH_DOCUMENTS = {BATCH}; main()"


def started(source: Path, ledger: Path, processes: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", ALLEGEDLY, "run", str(source), "--into", str(ledger), "-q", "-p", str(processes)]
    return subprocess.Popen(command, start_new_session=True)


def finished(source: Path, ledger: Path, processes: int) -> float:
    """Run to the end and return the seconds it took."""
    begun = time.monotonic()
    if code := started(source, ledger, processes).wait():
        raise SystemExit(f"a run that nobody disturbed ended with {code}")
    return time.monotonic() - begun


def killed(source: Path, ledger: Path, processes: int, after: float) -> bool:
    """Run for `after` seconds, kill, and return whether it was still running."""
    running = started(source, ledger, processes)
    try:
        running.wait(after)
        return False
    except subprocess.TimeoutExpired:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        return True


def state(ledger: Path) -> str:
    """Return what a reader sees right after a kill: every state but an error that nobody expects is fine."""
    found = Ledger(ledger)
    held = sum(segment.rows.get("documents", 0) for segment in found.segments.live().values())
    try:
        found.connect().close()
        return "linked" if found.current else "older state shown"
    except LedgerError:
        return "some documents, not linked yet" if held else "nothing yet"


def exported(ledger: Path, folder: Path) -> dict[str, bytes]:
    export(Ledger(ledger), folder, "jsonl")
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def differing(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def main() -> int:
    """Kill, finish, compare; print a dated line of what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("input", nargs="?", type=Path, default=sample_documents())
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--each", type=int, default=6, help="kills for one ledger before it may finish")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-p", "--processes", type=int, default=1)
    given = parser.parse_args()
    chance, seen, wrong, ledgers = random.Random(given.seed), Counter[str](), 0, 0
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch, "plain")
        whole = finished(given.input, plain, given.processes)
        expected = exported(plain, Path(scratch, "expected"))
        kills = 0
        while kills < given.kills:
            ledger, ledgers = Path(scratch, f"ledger-{ledgers}"), ledgers + 1
            for _ in range(min(given.each, given.kills - kills)):
                while not killed(given.input, ledger, given.processes, chance.uniform(0, whole)):
                    shutil.rmtree(ledger)
                kills += 1
                seen[state(ledger)] += 1
            finished(given.input, ledger, given.processes)
            if differs := differing(expected, exported(ledger, Path(scratch, f"export-{ledgers}"))):
                wrong += 1
                print(f"seed {given.seed}, ledger {ledgers}: differs in {', '.join(differs)}")
    states = ", ".join(f"{state}: {count}" for state, count in seen.most_common())
    print(
        f"{datetime.now(UTC):%Y-%m-%d}: {given.kills} kills over {ledgers} ledgers, {given.processes} process(es), "
        f"batches of {BATCH} documents, seed {given.seed}, undisturbed {whole:.1f} s; after the kill: {states}; "
        f"{ledgers - wrong} of {ledgers} exports equal to the undisturbed one, byte for byte"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
