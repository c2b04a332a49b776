"""Score time expressions: value (strict) and day, on news-style expressions and on recognizers-text cases.

    python evals/times.py time_expressions.json            news style: id, dct, ctx, expr, value, optional ref
    python evals/times.py --recognizers recognizers_english.json

Each file is split in two halves by position (even: develop, odd: test) and both are reported.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from allegedly.annotate.parse import parse
from allegedly.annotate.times.find import find_times
from allegedly.annotate.times.timex import interval
from allegedly.records import Origin, Time, make_document


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


def answers(result: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return ``(timex, first day or minute, end, exclusive)`` of each resolution."""
    values = (result.get("Resolution") or {}).get("values", [])
    return [(v.get("timex", ""), v.get("start", v.get("value", "")), v.get("end", "")) for v in values]


def closed(end: str) -> str:
    """Return the last day before an exclusive end."""
    return (date.fromisoformat(end[:10]) - timedelta(1)).isoformat() if end[:4].isdecimal() else end


def agrees(found: Time, result: dict[str, Any]) -> bool:
    """True for the same TIMEX3 value, or the same interval in the other notation.

    There, ends are exclusive, a range of years or months ends where its last one starts, and a clock time has no day.
    """
    return any(
        timex in (found.value, found.value[10:]) or _same(found, start, end) for timex, start, end in answers(result)
    )


def _same(found: Time, start: str, end: str) -> bool:
    first, last = start.replace(" ", "T"), end.replace(" ", "T")
    if first[2:3] == ":":
        clocks = [value.partition("T")[2] for value in (found.start, found.end)]
        return clocks[0][:5] == first[:5] and (not end or clocks[1][:5] == last[:5])
    if not (first[:4].isdecimal() and found.start and first.startswith(found.start[: len(first)])):
        return False
    begins = interval(found.value.rpartition("/")[2])[0]
    return not end or found.end[:10] in (closed(last), last[:10]) or begins[:10] == last[:10]


def recognizers(cases: list[dict[str, Any]], show: bool) -> Iterator[tuple[bool, int, int]]:
    """Yield for each case: all right and nothing more, results right, results."""
    for case in cases:
        published = ((case.get("Context") or {}).get("ReferenceDateTime") or "")[:10]
        found = times_of(case["Input"], published)
        right = 0
        for result in case["Results"]:
            best = at(found, result.get("Start", 0), result.get("End", len(case["Input"])) + 1)[:1]
            right += bool(best) and agrees(best[0], result)
        if show and right < len(case["Results"]):
            wanted = [(r["Text"], answers(r)[:1]) for r in case["Results"]]
            print(f"  {published} {case['Input'][:90]!r}: {[(t.value, t.start, t.end) for t in found]} for {wanted}")
        yield right == len(case["Results"]) == len(found), right, len(case["Results"])


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
            scores = list(recognizers(half, show))
            right, wanted = sum(s[1] for s in scores), sum(s[2] for s in scores)
            print(
                f"{name}: cases {sum(s[0] for s in scores)}/{len(half)}, values {right}/{wanted} = {right / wanted:.3f}"
            )
        else:
            got = list(news(half, show))
            story = [g for g in got if g[2]]
            print(
                f"{name}: value {sum(g[0] for g in got)}/{len(got)}, day {sum(g[1] for g in got)}/{len(got)}, "
                f"story {sum(g[1] for g in story)}/{len(story)}"
            )


if __name__ == "__main__":
    main()
