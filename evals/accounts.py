"""Score events, accounts and conflicts across reports on our own packs (evals/gold/accounts, see its README).

    python evals/accounts.py [--split dev|test] [--json] [--errors]
    python evals/accounts.py --folder training/accounts [--errors]
    python evals/accounts.py --second

Each pack becomes a ledger of its own. Prints a dated table: precision, recall and F1 in per cent, or how many of how
many are right. `--errors` lists the misses, never those of the test half. `--folder` scores packs that lie elsewhere;
`--second` scores the second reader of a tenth of the packs against the first, as a program is scored.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from contextlib import closing
from datetime import date
from pathlib import Path

from allegedly import __version__
from allegedly.annotate import annotate
from allegedly.ledger import Ledger
from allegedly.records import Origin, make_document
from annotate import rows, show
from gold.measures import Tally
from gold.pack_measures import Found, found_by_reader, found_in_ledger, measure_pack
from gold.packs import FOLDER, Pack, packs, packs_of

_FALSE = "false conflicts per agreeing pair"


def found_in(pack: Pack) -> Found:
    """Annotate and link the reports of a pack. A report that cannot be annotated ends the run."""
    documents = {
        report.id: make_document(
            origin=Origin(path=f"{pack.id}/{report.id}"), source=report.source, title=report.title, text=report.text,
            published_at=report.published_at.replace("Z", "+00:00"), language="en",
        )
        for report in pack.reports
    }  # fmt: skip
    annotations = list(annotate(documents.values()))
    if broken := [problem.line for annotation in annotations for problem in annotation.problems]:
        raise SystemExit("\n".join(broken))
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(Path(folder) / "ledger")
        ledger.add(annotations)
        ledger.refresh()
        with closing(ledger.connect()) as connection:
            return found_in_ledger(connection, {document.id: report for report, document in documents.items()})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=["dev", "test"], default="dev")
    parser.add_argument("--folder", type=Path, help="packs to score in place of a half of ours")
    parser.add_argument("--second", action="store_true", help="score the second reader against the first")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--errors", action="store_true", help="list the misses; those of the test half never are")
    options = parser.parse_args()
    tally = Tally()
    if options.second:
        name, chosen = "second reader against the first", packs_of(FOLDER / "second")
        first = {pack.id: pack for pack in (*packs("dev"), *packs("test"))}
        for pack in chosen:
            measure_pack(first[pack.id], found_by_reader(pack), tally)
    else:
        name = str(options.folder or options.split)
        chosen = packs_of(options.folder) if options.folder else packs(options.split)
        for pack in chosen:
            measure_pack(pack, found_in(pack), tally)
    false, pairs, _, _ = tally.f1.pop(_FALSE)
    rate = 100 * false / max(pairs, 1)
    table = rows(tally)
    stamp = {"date": date.today().isoformat(), "version": __version__, "split": name, "packs": len(chosen)}
    if options.json:
        print(json.dumps({**stamp, "measures": table, "false conflicts per 100 agreeing pairs": round(rate, 2)}))
        return
    print(f"Packs of reports, {name}, {len(chosen)} packs, {stamp['date']}, allegedly {__version__}\n")
    show(table)
    print(f"| false conflicts per 100 agreeing pairs | | | **{rate:.1f}** | {int(pairs)} |")
    if options.errors and (options.folder or options.split == "dev") and not options.second:
        for measure, case, what in sorted(tally.misses):
            print(f"{measure} [{case}] {what}")


if __name__ == "__main__":
    main()
