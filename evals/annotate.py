"""Score the whole annotate layer on our own gold (evals/gold, see its README).

    python evals/annotate.py [--split dev|test|all] [--json] [--errors]

Prints a dated table: precision, recall and F1 in per cent, or how many of how many are right. `--errors` lists every
miss of the dev half in one line; the test half is never listed.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from datetime import date
from typing import Any

from allegedly import __version__
from allegedly.annotate import annotate
from allegedly.annotate.parse import pipeline
from allegedly.records import Annotation
from gold.load import Case, cases
from gold.match import Matched
from gold.measures import Tally, measure


def annotated(chosen: list[Case]) -> tuple[list[Annotation], dict[str, int]]:
    """Annotate the cases; return also words, words per CPU second and peak memory (loading the model left out of time).

    A text that cannot be annotated ends the run: a score without it would lie.
    """
    pipeline()
    start = time.process_time()
    found = list(annotate(case.document for case in chosen))
    seconds = time.process_time() - start
    if broken := [problem.line for annotation in found for problem in annotation.problems]:
        raise SystemExit("\n".join(broken))
    words = sum(len(case.document.text.split()) for case in chosen)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return found, {"words": words, "words_per_cpu_second": round(words / seconds), "peak_mb": peak}


def scores(chosen: list[Case], found: list[Annotation]) -> Tally:
    tally = Tally()
    for case, annotation in zip(chosen, found, strict=True):
        measure(Matched(case, annotation), tally)
    return tally


def rows(tally: Tally) -> dict[str, dict[str, float]]:
    """Return the measures in order: ``p``, ``r``, ``f1`` in per cent with gold size, or ``share`` with its size."""
    table: dict[str, dict[str, float]] = {}
    for name, (precise, found, recalled, gold) in tally.f1.items():
        p, r = _share(precise, found), _share(recalled, gold)
        table[name] = {"p": p, "r": r, "f1": round(2 * p * r / (p + r), 1) if p + r else 0.0, "gold": round(gold)}
    for name, (right, of) in tally.share.items():
        table[name] = {"share": _share(right, of), "right": right, "of": of}
    order = ("claims", "events", "casualties", "accounts", "conflicts", "times", "places", "actors", "relations")
    return dict(sorted(table.items(), key=lambda row: order.index(row[0].partition(":")[0])))


def _share(part: float, whole: float) -> float:
    return round(100 * part / whole, 1) if whole else 0.0


def show(table: dict[str, dict[str, float]]) -> None:
    """Print the measures as a table in Markdown."""
    print("| measure | P | R | F1 or share | of |\n|---|--:|--:|--:|--:|")
    for name, row in table.items():
        if "f1" in row:
            print(f"| {name} | {row['p']} | {row['r']} | **{row['f1']}** | {row['gold']} |")
        else:
            print(f"| {name} | | | **{row['share']}** | {row['of']} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=("dev", "test", "all"), default="dev")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--errors", action="store_true", help="list the misses (dev only)")
    options = parser.parse_args()
    if options.errors and options.split != "dev":
        parser.error("--errors reads the dev half only")
    chosen = cases(options.split)
    found, cost = annotated(chosen)
    tally = scores(chosen, found)
    head: dict[str, Any] = {"date": date.today().isoformat(), "version": __version__, "split": options.split}
    head |= {"texts": len(chosen), **cost}
    if options.json:
        print(json.dumps(head | {"measures": rows(tally)}, ensure_ascii=False))
        return
    print(", ".join(f"{key} {value}" for key, value in head.items()) + "\n")
    show(rows(tally))
    if options.errors:
        print(*("", *(f"{name} · {case} · {what}" for name, case, what in sorted(tally.misses))), sep="\n")


if __name__ == "__main__":
    main()
