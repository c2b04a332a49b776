"""Score time expressions: value (strict) and day, on news-style expressions and on recognizers-text cases.

    python evals/times.py time_expressions.json            news style: id, dct, ctx, expr, value, optional ref
    python evals/times.py --recognizers recognizers_english.json

Each file is split in two halves by position (even: develop, odd: test) and both are reported. What counts as the same
value as recognizers-text's is in ``recognizers.py``: TIMEX3 values or intervals, and three named differences of habit,
each of which is counted by itself.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from allegedly.annotate.parse import parse
from allegedly.annotate.times.find import find_times
from allegedly.annotate.times.timex import interval
from allegedly.records import Origin, Time, make_document
from recognizers import way


def times_of(text: str, published: str) -> tuple[Time, ...]:
    document = make_document(
        origin=Origin(path="eval"), source="eval", text=text, published_at=published, language="en"
    )
    (parsed,) = parse([document])
    return find_times(parsed)


def at(found: tuple[Time, ...], start: int, end: int) -> list[Time]:
    """Return the times that overlap ``[start, end)``, the longest overlap first."""
    overlap = [(min(t.span[1], end) - max(t.span[0], start), t) for t in found]
    return [t for size, t in sorted(overlap, key=lambda pair: -pair[0]) if size > 0]


def day(value: str) -> str:
    return interval(value)[0][:10] or value


def news(rows: list[dict[str, Any]], show: bool) -> Iterator[tuple[bool, bool, bool]]:
    """Yield for each row: value right, day right, counted from the story."""
    for row in rows:
        start = row["ctx"].rindex(row["expr"])
        best = at(times_of(row["ctx"], row["dct"]), start, start + len(row["expr"]))[:1]
        value = best[0].value if best else ""
        right, same_day = value == row["value"], day(value) == day(row["value"])
        if show and not (right and same_day):
            print(f"  {row['id']} {row['expr']!r}: {value or 'nothing'} for {row['value']}")
        yield right, same_day, "ref" in row


def recognizers(cases: list[dict[str, Any]], show: bool) -> Iterator[tuple[bool, list[str]]]:
    """Yield for each case: all right and nothing more, and the way in which each result agrees ("" where not)."""
    for case in cases:
        found = times_of(case["Input"], (case.get("Context") or {}).get("ReferenceDateTime") or "")
        best = [at(found, r.get("Start", 0), r.get("End", len(case["Input"])) + 1)[:1] for r in case["Results"]]
        ways = [way(best[0], r) if best else "" for best, r in zip(best, case["Results"], strict=True)]
        if show and not all(ways):
            _show(case, found)
        yield all(ways) and len(ways) == len(found), ways


def _show(case: dict[str, Any], found: tuple[Time, ...]) -> None:
    wanted = [(r["Text"], *((r.get("Resolution") or {}).get("values") or [""])[:1]) for r in case["Results"]]
    reference = (case.get("Context") or {}).get("ReferenceDateTime")
    print(f"  {reference} {case['Input'][:90]!r}: {[(t.value, t.start, t.end) for t in found]} for {wanted}")


def _tell(name: str, scores: list[tuple[bool, list[str]]]) -> None:
    ways = Counter(way for _, all_ways in scores for way in all_ways)
    wanted, right = ways.total(), ways.total() - ways[""]
    print(
        f"{name}: cases {sum(s[0] for s in scores)}/{len(scores)}, values {right}/{wanted} = {right / wanted:.3f} "
        f"({', '.join(f'{way} {number}' for way, number in ways.most_common() if way)})"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--recognizers", action="store_true")
    parser.add_argument("--errors", action="store_true", help="show what the develop half gets wrong")
    options = parser.parse_args()
    rows = json.loads(options.file.read_text(encoding="utf-8-sig"))
    for name, half in (("develop", rows[::2]), ("test", rows[1::2])):
        show = options.errors and name == "develop"
        if options.recognizers:
            _tell(name, list(recognizers(half, show)))
        else:
            got = list(news(half, show))
            story = [g for g in got if g[2]]
            print(
                f"{name}: value {sum(g[0] for g in got)}/{len(got)}, day {sum(g[1] for g in got)}/{len(got)}, "
                f"story {sum(g[1] for g in story)}/{len(story)}"
            )


if __name__ == "__main__":
    main()
