"""Score attribution: who says what on news articles, and on gold of our own all that such a corpus does not mark.

    python evals/attribution.py [--polnear CHECKOUT] [--split dev] [--gold dev|test|none] [--model FOLDER] [--json]
                                [--errors] [--gate | --pin REASON]

CHECKOUT is one of PolNeAR (``data/<split>/text`` and ``attributions``). Prints one dated table with 95 % bootstrap
intervals over documents, words per CPU second of the whole annotate layer on one thread (loading left out) and peak
memory. ``--gate`` compares with the floors of ``baseline.json`` and exits 1 when a figure fell below one; ``--pin``
writes them anew, and wants a reason where it lowers one. ``--errors`` lists the misses on our gold, dev half only.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import sys
import time
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from allegedly import __version__
from allegedly.annotate import annotate
from allegedly.annotate.claims.tagger.network import network, use_model
from allegedly.annotate.parse import pipeline
from allegedly.records import Annotation, Claim, Document, Origin, make_document
from gold.fields import Fields, attributed
from who_says_what import Attribution, Counts, Page, count, figure, interval, outermost

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "training" / "attribution"))

from markup import Text, read_all  # noqa: E402
from polnear import read_split  # noqa: E402

BASELINE = HERE / "baseline.json"
SURE = 0.9
BINS = 10


class Scored(NamedTuple):
    """A corpus annotated and counted, document by document."""

    name: str
    digest: str
    counts: list[Counts]
    fields: Fields
    sure: list[tuple[float, bool]]
    """Confidence of each attributed claim, and whether it was right."""
    speed: dict[str, int]


def documents(texts: Iterable[Text]) -> Iterable[Document]:
    for text in texts:
        yield make_document(origin=Origin(path=text.id), source=text.id, text=text.text, language="en")


def scored(name: str, texts: Sequence[Text], *, nesting: bool) -> Scored:
    """Annotate `texts` and count. Without `nesting`, claims inside claims are left out on both sides."""
    words = sum(len(text.text.split()) for text in texts)
    start = time.process_time()
    found = list(annotate(documents(texts)))
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    counts: list[Counts] = []
    sure: list[tuple[float, bool]] = []
    fields = Fields()
    for text, annotation in zip(texts, found, strict=True):
        counts.append(_count(text, annotation, sure, nesting))
        if nesting:
            fields.add(text, annotation)
    speed = {"words": words, "words_per_cpu_second": round(words / seconds), "peak_mb": peak}
    return Scored(name, _digest(texts), counts, fields, sure, speed)


def _count(text: Text, annotation: Annotation, sure: list[tuple[float, bool]], nesting: bool) -> Counts:
    page = Page(text.text)
    claims = [claim for claim in annotation.claims if attributed(claim)]
    gold = page.items([Attribution(c.source, c.cue, c.content) for c in text.claims if not c.own])
    found = page.items([attribution_of(claim) for claim in claims])
    if not nesting:
        found = outermost(found)
    right: set[int] = set()
    counts = count(found, gold, right)
    sure += [(claims[item.index].confidence, i in right) for i, item in enumerate(found)]
    return counts


def attribution_of(claim: Claim) -> Attribution:
    return Attribution(claim.speaker.spans, claim.cue, claim.content)


def _digest(texts: Iterable[Text]) -> str:
    found = hashlib.sha256()
    for text in texts:
        found.update(repr((text.id, text.text, [(c.source, c.cue, c.content) for c in text.claims])).encode())
    return found.hexdigest()[:16]


# ---- figures


def figures(of: Scored) -> dict[str, float]:
    """Return every measure by name, in per cent."""
    total: Counts = Counts()
    for counts in of.counts:
        total.update(counts)
    table = {f"wsw.{kind}": figure(total, "wsw", kind)[2] for kind in ("all", "direct", "mixed", "indirect")}
    table["wsw.precision"], table["wsw.recall"], _ = figure(total, "wsw", "all")
    table |= {f"token.{role}": figure(total, "token", role)[2] for role in ("source", "cue", "content")}
    table["edges.content"] = figure(total, "edges", "all")[2]
    above = [right for confidence, right in of.sure if confidence >= SURE]
    table["sure.precision"] = sum(above) / len(above) if above else 0.0
    table["sure.share"] = len(above) / len(of.sure) if of.sure else 0.0
    table["calibration.error"] = calibration_error(of.sure)
    return {name: round(100 * value, 1) for name, value in table.items()} | of.fields.figures()


def reliability(sure: Sequence[tuple[float, bool]]) -> list[tuple[float, float, int]]:
    """Return ten bins of confidence: mean confidence, share that is right, claims (Guo et al. 2017)."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for confidence, right in sure:
        bins[min(BINS - 1, int(confidence * BINS))].append((confidence, right))
    return [
        (sum(c for c, _ in inside) / len(inside), sum(r for _, r in inside) / len(inside), len(inside))
        if inside
        else (0, 0, 0)
        for inside in bins
    ]


def calibration_error(sure: Sequence[tuple[float, bool]]) -> float:
    """Return the expected calibration error: how far confidence and share of right claims lie apart, on average."""
    return sum(n * abs(told - right) for told, right, n in reliability(sure)) / len(sure) if sure else 0.0


def intervals(of: Scored) -> dict[str, tuple[float, float]]:
    """Return the 95 % intervals of the headline figures, in per cent."""
    measures = {f"wsw.{kind}": ("wsw", kind) for kind in ("all", "direct", "indirect")} | {
        "edges.content": ("edges", "all")
    }
    return {
        name: tuple(round(100 * x, 1) for x in interval(of.counts, lambda total, at=at: figure(total, *at)[2]))
        for name, at in measures.items()
    }


# ---- the gate


def gate(table: dict[str, dict[str, Any]]) -> list[str]:
    """Return what fell below its floor, a line each."""
    floors = json.loads(BASELINE.read_text(encoding="utf-8"))
    lines = []
    for corpus, row in table.items():
        pinned = floors.get(corpus)
        if pinned is None:
            continue
        if pinned["digest"] != row["digest"]:
            lines.append(
                f"{corpus}: the data is not that of the floors (digest {row['digest']}, pinned {pinned['digest']})"
            )
            continue
        lines += [
            f"{corpus} {name}: {row['figures'].get(name, 'nothing')} is below {floor}"
            for name, floor in pinned["floors"].items()
            if row["figures"].get(name, 0.0) < floor
        ]
    return lines


def pin(table: dict[str, dict[str, Any]], reason: str) -> None:
    """Write the figures as floors; lowering one takes a reason."""
    floors = json.loads(BASELINE.read_text(encoding="utf-8")) if BASELINE.exists() else {}
    for corpus, row in table.items():
        before = floors.get(corpus, {}).get("floors", {})
        new = {name: value for name, value in row["figures"].items() if name != "calibration.error"}
        lowered = [name for name, value in new.items() if value < before.get(name, 0.0)]
        if lowered and not reason:
            raise SystemExit(f"{corpus}: {', '.join(lowered)} would fall; say why: --pin REASON")
        floors[corpus] = {"digest": row["digest"], "date": row["date"], "reason": reason, "floors": new}
    BASELINE.write_text(json.dumps(floors, indent=1) + "\n", encoding="utf-8")


# ---- telling


def _print(table: dict[str, dict[str, Any]]) -> None:
    names = list(dict.fromkeys(name for row in table.values() for name in row["figures"]))
    print(f"{date.today().isoformat()}, version {__version__}\n")
    print(f"| | {' | '.join(table)} |\n|---|{'--:|' * len(table)}")
    for name in names:
        cells = []
        for row in table.values():
            value, bounds = row["figures"].get(name), row["ci95"].get(name)
            cells.append("" if value is None else f"{value}" + (f" ({bounds[0]} to {bounds[1]})" if bounds else ""))
        print(f"| {name} | {' | '.join(cells)} |")
    for name in ("words", "words_per_cpu_second", "peak_mb"):
        print(f"| {name} | {' | '.join(str(row[name]) for row in table.values())} |")
    for corpus, row in table.items():
        print(f"\n{corpus}: confidence | right | claims")
        print(*(f"{told:.2f} | {right:.2f} | {n}" for told, right, n in row["reliability"] if n), sep="\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--polnear", type=Path)
    parser.add_argument("--split", default="dev")
    parser.add_argument("--gold", choices=("dev", "test", "none"), default="dev")
    parser.add_argument("--model", type=Path, help="use the model in this folder instead of the shipped one")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--gate", action="store_true")
    parser.add_argument("--pin", nargs="?", const="", metavar="REASON")
    options = parser.parse_args()
    if options.errors and options.gold != "dev":
        parser.error("--errors reads the dev half only")
    if options.model:
        use_model(options.model)
    pipeline()
    network()
    corpora = []
    if options.polnear:
        texts = list(read_split(options.polnear, options.split))
        corpora.append(scored(f"PolNeAR {options.split}", texts, nesting=False))
    if options.gold != "none":
        corpora.append(
            scored(f"own gold {options.gold}", read_all(HERE / "gold" / "attribution" / options.gold), nesting=True)
        )
    table = {
        of.name: {
            "date": date.today().isoformat(),
            "digest": of.digest,
            "figures": figures(of),
            "ci95": intervals(of),
            "reliability": reliability(of.sure),
            **of.speed,
        }
        for of in corpora
    }
    print(json.dumps(table)) if options.json else _print(table)
    if options.errors:
        print(*("", *(line for of in corpora for line in of.fields.misses)), sep="\n")
    if options.pin is not None:
        pin(table, options.pin)
    if options.gate and (fallen := gate(table)):
        raise SystemExit("\n".join(fallen))


if __name__ == "__main__":
    main()
