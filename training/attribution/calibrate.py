"""Set thresholds and calibration of an exported model on marked texts that it was not trained on.

    python training/attribution/calibrate.py MODEL TEXTS [--polnear SPLIT]

MODEL is the folder that ``export.py`` wrote; TEXTS a folder of marked texts, or with ``--polnear`` a checkout of
PolNeAR of which SPLIT is read. Thresholds are those of the best F0.5 of who says what; confidence is a logistic
regression on what speaks for a claim (Platt 1999), fitted on the claims that then stand.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[2] / "evals"))

from allegedly.annotate.claims import union
from allegedly.annotate.claims.attributions import Attribution as Draft
from allegedly.annotate.claims.attributions import ranges
from allegedly.annotate.claims.direct import Quotations
from allegedly.annotate.claims.rules import found_by_rules, quotations_of
from allegedly.annotate.claims.tagger.decode import Sighting, sightings
from allegedly.annotate.claims.tagger.network import Network
from allegedly.annotate.parse import parse
from allegedly.annotate.syntax import Syntax, syntax_of
from allegedly.records import Origin, make_document
from markup import Text, read_all
from polnear import read_split
from who_says_what import Attribution, Item, Page, count, figure, outermost

SEEN = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85)
BOTH = (0.02, 0.05, 0.1, 0.2, 0.3)
QUOTED = (0.0, 0.02, 0.05, 0.1, 0.2)
"""Bars that are tried. Higher ones cost news more recall than they bring precision (PolNeAR dev)."""
RIDGE = 1.0
DENSER = 2.0
"""How many times denser claims stand in our marked texts than in ordinary news (one in 16 words against one in 33)."""


class Case(NamedTuple):
    """A text with what rules and network found, before any decision."""

    s: Syntax
    quotations: Quotations
    drafts: list[Draft]
    seen: list[Sighting]
    page: Page
    gold: list[Item]


def cases(texts: Iterable[Text], net: Network) -> Iterable[Case]:
    for text in texts:
        document = make_document(origin=Origin(path=text.id), source=text.id, text=text.text, language="en")
        (parsed,) = parse([document])
        s, quotations = syntax_of(parsed), quotations_of(parsed)
        drafts = found_by_rules(s, quotations)
        page = Page(text.text)
        gold = page.items([Attribution(c.source, c.cue, c.content) for c in text.claims if not c.own])
        yield Case(s, quotations, drafts, sightings(s, drafts, quotations, net)[0], page, gold)


def standing(case: Case, net: Network) -> list[Draft]:
    copies = [replace(d, content=list(d.content), said_by=list(d.said_by)) for d in case.drafts]
    return [d for d in union.united(case.s, copies, case.seen, net) if d.content]


def items(case: Case, drafts: Sequence[Draft], nesting: bool) -> list[Item]:
    s, q = case.s, case.quotations
    found = case.page.items(
        [
            Attribution(
                [s.span(r) for r in d.said_by if r[0] < r[1]],
                [s.span(r) for r in ranges(d.cue)],
                [q.span(r) for r in ranges(i for a, b in d.content for i in range(a, b))],
            )
            for d in drafts
        ]
    )
    return found if nesting else outermost(found)


def f_half(found: Sequence[Case], net: Network, nesting: bool) -> float:
    """Return F0.5 of who says what: a row that is wrong costs an analyst more than one that is missing."""
    total: Counter = Counter()
    for case in found:
        total.update(count(items(case, standing(case, net), nesting), case.gold))
    p, r, _ = figure(total, "wsw", "all")
    return 1.25 * p * r / (0.25 * p + r) if p + r else 0.0


def best_thresholds(found: Sequence[Case], net: Network, nesting: bool) -> dict[str, float]:
    """Return the best thresholds: one after the other, twice, then as they stand."""
    best = dict(net.thresholds)
    for _, (name, values) in product(range(2), (("seen", SEEN), ("both", BOTH), ("quoted", QUOTED))):
        scores = []
        for value in values:
            net.thresholds = best | {name: value}
            scores.append((f_half(found, net, nesting), value))
        best[name] = max(scores)[1]
        print(f"{name} {best[name]}: F0.5 {100 * max(scores)[0]:.1f}", flush=True)
    net.thresholds = best
    return best


def evidence_of(found: Sequence[Case], net: Network, nesting: bool) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what speaks for each standing claim, shape ``(claims, evidence)``, and whether it is right."""
    rows, labels = [], []
    seen_rows: list[list[float]] = []
    original = union._calibrated
    union._calibrated = lambda _, evidence: float(seen_rows.append(list(evidence)) or len(seen_rows) - 1)
    try:
        for case in found:
            drafts = standing(case, net)
            right: set[int] = set()
            kept = items(case, drafts, nesting)
            count(kept, case.gold, right)
            for i, item in enumerate(kept):
                rows.append(seen_rows[int(drafts[item.index].confidence)])
                labels.append(float(i in right))
    finally:
        union._calibrated = original
    return np.array(rows), np.array(labels)


def logistic(x: NDArray[np.float64], y: NDArray[np.float64]) -> list[float]:
    """Return the weights of a ridge logistic regression by Newton's method; the first column is the constant."""
    weights = np.zeros(x.shape[1])
    ridge = np.full(x.shape[1], RIDGE)
    ridge[0] = 0
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ weights))
        gradient = x.T @ (p - y) + ridge * weights
        hessian = (x * (p * (1 - p))[:, None]).T @ x + np.diag(ridge + 1e-9)
        weights -= np.linalg.solve(hessian, gradient)
    return [round(float(w), 4) for w in weights]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("texts", type=Path)
    parser.add_argument("--polnear", metavar="SPLIT")
    parser.add_argument("--every", type=int, default=1, help="read only each N-th text")
    options = parser.parse_args()
    net = Network(options.model)
    texts = list(read_split(options.texts, options.polnear)) if options.polnear else read_all(options.texts)
    nesting = not options.polnear
    found = list(cases(texts[:: options.every], net))
    thresholds = best_thresholds(found, net, nesting)
    x, y = evidence_of(found, net, nesting)
    path = options.model / "model.json"
    about = json.loads(path.read_text(encoding="utf-8"))
    weights = logistic(x, y)
    if nesting:
        weights[0] = round(weights[0] - math.log(DENSER), 4)  # the prior odds of ordinary text (Saerens et al. 2002)
    about |= {"thresholds": thresholds, "calibration": weights}
    path.write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    print(f"{len(y)} claims, {100 * y.mean():.1f} % right; weights {about['calibration']}")


if __name__ == "__main__":
    main()
