"""Run the sample case into a ledger and compare what comes out with its truth file.

    python evals/sample_case.py [--json] [--missed] [--ledger LEDGER]

``--missed`` lists what was missed, ``--ledger`` scores a ledger that is there instead of making one. The truth file is
described in ``docs/sample-case.md``; it says who *says* what. Its claims are not complete, so claims are scored by
recall alone.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from allegedly import __version__
from allegedly.ledger import Ledger
from allegedly.ledger.run import run
from sample_measures import Measure, load, measure

SAMPLE = Path(__file__).parents[1] / "examples" / "velmara"


def measured(ledger: Ledger) -> list[Measure]:
    with ledger.connect() as con:
        return measure(load(con, SAMPLE / "truth.json", SAMPLE / "documents"))


def fresh() -> list[Measure]:
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(Path(folder) / "ledger")
        run([SAMPLE / "documents"], ledger)
        return measured(ledger)


def as_table(rows: list[Measure], missed: bool) -> str:
    lines = [f"{'':12} {'':44} {'found':>6} {'of':>5}"]
    for row in rows:
        lines.append(f"{row.part:12} {row.what:44} {row.found:6} {'' if row.of is None else row.of:>5}")
        lines += [f"{'':15}- {name}" for name in row.missed if missed]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--missed", action="store_true", help="list what was missed")
    parser.add_argument("--ledger", type=Path, help="score this ledger of the sample")
    options = parser.parse_args()
    rows = measured(Ledger(options.ledger)) if options.ledger else fresh()
    stamp = {"date": datetime.now(UTC).date().isoformat(), "version": __version__}
    if options.json:
        print(json.dumps({**stamp, "measures": [row._asdict() for row in rows]}, ensure_ascii=False))
    else:
        print(f"Sample case, {stamp['date']}, allegedly {__version__}\n{as_table(rows, options.missed)}")


if __name__ == "__main__":
    main()
