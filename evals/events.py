"""Score events: PLOVER type of one-sentence stories, and triggers of conflict events in whole articles.

    python evals/events.py --plover gold_records.json        openeventdata/PLOVER gold standard records
    python evals/events.py --wikievents dev.jsonl            raspberryice/gen-arg, one document a line

PLOVER: one record, one type. The prediction is the type of the event told highest in the parse, verbs before nouns;
types of older versions of the scheme count as what they became (demand: REQUEST, disapprove and investigate: ACCUSE,
fight: ASSAULT). Macro-F1 is the mean over the types that the gold holds.

WikiEvents: a trigger is found when a predicted trigger span overlaps it. Predicted are the triggers of ASSAULT and
PROTEST and of deaths and explosions that no deed explains. Two readings: `Conflict` alone, where words of outcome
("killed") are left out of the prediction, and `Conflict` with `Life`, where they count.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from allegedly.annotate import annotate_parsed
from allegedly.annotate.events.triggers import OUTCOMES, find_triggers
from allegedly.annotate.parse import Paragraph, Parsed, parse, pipeline
from allegedly.annotate.tree import tree_of
from allegedly.records import Event, Origin, Span, make_document

BECAME = {"DEMAND": "REQUEST", "DISAPPROVE": "ACCUSE", "INVESTIGATE": "ACCUSE", "FIGHT": "ASSAULT"}


def f1(right: int, predicted: int, gold: int) -> float:
    return 2 * right / (predicted + gold) if predicted + gold else 0.0


def main_type(text: str) -> str:
    """Return the PLOVER type of the event told highest in the parse of `text`, or ``none``."""
    tree = tree_of(Paragraph(0, pipeline()(text)))
    triggers = [t for t in find_triggers(tree) if t.sense.type != "OTHER"]
    triggers.sort(key=lambda t: (len(tree.up(t.at)) + t.noun, t.at))
    return triggers[0].sense.type if triggers else "none"


def plover(path: Path) -> Iterable[str]:
    records = json.loads(path.read_text("utf-8"))
    gold = [BECAME.get(record["event"], record["event"]) for record in records]
    found = [main_type(record["text"]) for record in records]
    right = Counter(g for g, p in zip(gold, found, strict=True) if g == p)
    scores = {t: f1(right[t], found.count(t), gold.count(t)) for t in sorted(set(gold))}
    for kind, score in scores.items():
        yield f"| {kind} | {gold.count(kind)} | {score:.2f} |"
    yield f"| **macro-F1, {len(scores)} types** | {len(gold)} | **{sum(scores.values()) / len(scores):.3f}** |"
    yield f"| accuracy | {len(gold)} | {sum(right.values()) / len(gold):.3f} |"


def parsed_text(text: str) -> Parsed:
    (parsed,) = parse([make_document(origin=Origin(path="eval"), source="eval", text=text, language="en")])
    return parsed


def token_spans(document: dict[str, Any]) -> list[Span]:
    """Return where each token stands in the document's text."""
    spans, at = [], 0
    for token in document["tokens"]:
        at = max(document["text"].find(token, at), at)
        spans.append((at, at + len(token)))
        at += len(token)
    return spans


def violent(events: Iterable[Event]) -> set[Span]:
    return {
        s
        for e in events
        if e.type in {"ASSAULT", "PROTEST"} or e.other_type in {"death", "explosion"}
        for s in e.trigger
    }


def overlapping(one: set[Span], other: set[Span]) -> int:
    return sum(1 for a in one if any(a[0] < b[1] and b[0] < a[1] for b in other))


def wikievents(path: Path) -> Iterable[str]:
    tally: dict[str, Counter[str]] = {"Conflict": Counter(), "Conflict + Life": Counter()}
    outcomes = {w[:5] for w in OUTCOMES}
    for line in path.read_text("utf-8").splitlines():
        document = json.loads(line)
        parsed, spans = parsed_text(document["text"]), token_spans(document)
        found = violent(annotate_parsed(parsed).events)
        deeds = {s for s in found if document["text"][s[0] : s[0] + 5].lower() not in outcomes}
        deeds = {s for s in deeds if document["text"][slice(*s)].lower() not in {"died", "dies", "dead", "hurt"}}
        for name, predicted in (("Conflict", deeds), ("Conflict + Life", found)):
            gold = {
                (spans[e["trigger"]["start"]][0], spans[e["trigger"]["end"] - 1][1])
                for e in document["event_mentions"]
                if e["event_type"].split(".")[0] in name
            }
            tally[name] += Counter(
                gold=len(gold),
                predicted=len(predicted),
                hit=overlapping(gold, predicted),
                right=overlapping(predicted, gold),
            )
    for name, counts in tally.items():
        precision, recall = counts["right"] / counts["predicted"], counts["hit"] / counts["gold"]
        f = 2 * precision * recall / (precision + recall)
        yield f"| {name} | {counts['gold']} | {precision:.3f} | {recall:.3f} | {f:.3f} |"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--plover", type=Path)
    arguments.add_argument("--wikievents", type=Path)
    given = arguments.parse_args()
    if given.plover:
        print(
            f"\nPLOVER gold records, {date.today()}\n\n| type | n | F1 |\n|---|---|---|",
            *plover(given.plover),
            sep="\n",
        )
    if given.wikievents:
        head = "| triggers | n | precision | recall | F1 |\n|---|---|---|---|---|"
        print(f"\nWikiEvents, {date.today()}\n\n{head}", *wikievents(given.wikievents), sep="\n")


if __name__ == "__main__":
    main()
