"""Compare what is found in one article with a hand-made gold sample of it: ``python evals/case.py ARTICLE GOLD.json``.

The sample is part of what a careful reader finds; what is found beyond it is not counted as wrong.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from allegedly import Document, annotate_documents, read_documents
from allegedly.records import Annotation, Span

Row = tuple[str, str, bool, str]
"""Layer, what the gold has, whether it was found, what was found instead."""


def main() -> None:
    """Print each gold row with what was found of it, and a table by layer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("article", type=Path)
    parser.add_argument("gold", type=Path)
    options = parser.parse_args()
    (document,) = (item for item in read_documents([options.article]) if isinstance(item, Document))
    (annotation,) = annotate_documents([document])
    gold = json.loads(options.gold.read_text("utf-8"))
    rows = list(compare(annotation, gold))
    for layer, wanted, found, instead in rows:
        print(
            f"{'found ' if found else 'MISSED'} {layer:<22} {wanted}"
            + (f"  <- {instead}" if instead and not found else "")
        )
    print(f"\n{date.today()}: found of the gold sample")
    for layer in dict.fromkeys(row[0] for row in rows):
        hits = [row[2] for row in rows if row[0] == layer]
        print(f"| {layer} | {sum(hits)} of {len(hits)} |")


def compare(a: Annotation, gold: dict[str, Any]) -> Iterator[Row]:
    """Yield a row for each thing that the gold sample holds."""
    names = {actor["id"]: actor for actor in gold["actors"]}
    for claim in gold["claims"]:
        yield from _claim_rows(a, claim, names)
    for event in gold["events"]:
        yield from _event_rows(a, event)
    yield from _relation_rows(a, gold, names)
    for time in gold["timex"]:
        hits = [t.value for t in a.times if _overlap([t.span], [_span(time["span"])])]
        yield "time value", f"{time['span']['text']} = {time['value']}", time["value"] in hits, str(hits)
    for case in gold["metonymy"]:
        hits = [p.metonym for p in a.places if _overlap([p.span], [_span(case["span"])])]
        yield "metonymy", case["span"]["text"], (case["reading"] != "place") in hits, str(hits)


def _claim_rows(a: Annotation, claim: dict[str, Any], names: dict[str, Any]) -> Iterator[Row]:
    text = a.document.text
    wanted = [_span(claim["content"])]
    best = max(a.claims, key=lambda c: _iou(c.content, wanted), default=None)
    label = f"{claim['id']} {claim['content']['text'][:60]}"
    if best is None or _iou(best.content, wanted) < 0.5:
        yield "claim content", label, False, (best and text[slice(*best.content[0])][:60]) or ""
        return
    yield "claim content", label, True, ""
    speaker = [_span(claim["source_span"])] if claim["source_span"] else []
    same = bool(_overlap(best.speaker.spans, speaker)) if speaker else best.speaker.actor == "author"
    yield "claim speaker", label, same, best.speaker.name
    if claim["cue"]:
        yield "claim cue", label, bool(_overlap(best.cue, [_span(claim["cue"])])), ""
    act = {"no-comment": "declines"}.get(claim["kind"], claim["kind"])
    yield "claim act", f"{label}: {act}", best.act == act, best.act
    yield "claim mode", f"{label}: {claim['quoted']}", best.mode.replace("-", " ") == claim["quoted"], best.mode
    if claim["accused"]:
        spans = [s for x in best.accused for actor in a.actors if actor.id == x for s in actor.mentions]
        gold = [_span(m) for x in claim["accused"] for m in names.get(x, {}).get("mentions", ())]
        yield "claim accused", f"{label}: {', '.join(claim['accused'])}", bool(_overlap(spans, gold)), str(best.accused)


def _event_rows(a: Annotation, event: dict[str, Any]) -> Iterator[Row]:
    trigger = _span(event["trigger"])
    found = next((e for e in a.events if _overlap(e.trigger, [trigger])), None)
    label = f"{event['id']} {event['headline'][:60]}"
    yield "event trigger", label, found is not None, ""
    if found is None:
        return
    yield "event type", f"{label}: {event['plover']}", found.type == event["plover"], found.type
    day = event["date"]["start"]
    yield (
        "event day",
        f"{label}: {day}",
        bool(found.when) and found.when.start[:10] == day,
        str(found.when and found.when.start),
    )
    retold = [t for t in event.get("triggers", ())[1:] if _overlap(found.trigger, [_span(t)])]
    others = event.get("triggers", ())[1:]
    for telling in others:
        yield "event retelling", f"{event['id']} {telling['text']}", telling in retold, ""
    for harm in event.get("casualties", ()):
        hits = [(c.min, c.max) for e in a.events for c in e.casualties if _overlap([c.span], [_span(harm["span"])])]
        yield "casualties", f"{event['id']} {harm['span']['text']}", (harm["n"], harm["n"]) in hits, str(hits)
    if "damage" in event:
        hits = [d.degree for e in a.events for d in e.damage if _overlap([d.span], [_span(event["damage"]["span"])])]
        yield "damage", f"{event['id']} {event['damage']['span']['text']}", 4 in hits, str(hits)


def _relation_rows(a: Annotation, gold: dict[str, Any], names: dict[str, Any]) -> Iterator[Row]:
    for tie in gold["relations"]:
        wanted = [_span(tie["evidence"]), *(_span(s) for s in tie.get("also", ()))]
        near = [r for r in a.relations if _overlap([r.evidence], wanted)]
        right = [r for r in near if r.type == tie["type"] and r.sign == tie["sign"]]
        label = f"{tie['id']} {tie['subject']} {tie['type']} {tie['object']}"
        yield "relation", label, bool(right), str([(r.subject, r.type, r.object) for r in near])


def _span(entry: dict[str, Any]) -> Span:
    return entry["start"], entry["end"]


def _overlap(a: Iterable[Span], b: Iterable[Span]) -> int:
    b = list(b)
    return sum(max(0, min(x[1], y[1]) - max(x[0], y[0])) for x in a for y in b)


def _iou(a: Iterable[Span], b: Iterable[Span]) -> float:
    first = {i for s, e in a for i in range(s, e)}
    second = {i for s, e in b for i in range(s, e)}
    return len(first & second) / len(first | second) if first | second else 0.0


if __name__ == "__main__":
    main()
