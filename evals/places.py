"""Score places: accuracy within 161 km of all gold names, with gold spans and end to end, and detection F1.

    python evals/places.py GeoVirus.xml TR-News.xml

Articles are split in two halves by position (even: develop, odd: test) and both are reported. Annotated demonyms
("Turkish") count for the resolution of gold spans; they are no places for detection.
"""

from __future__ import annotations

import argparse
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from allegedly.annotate.parse import Parsed, parse
from allegedly.annotate.places.find import find_places, resolve_spans
from allegedly.annotate.places.gazetteer import Entry, country_named, demonym_of, lookup
from allegedly.annotate.places.toponyms import kilometres, prior
from allegedly.records import Origin, make_document

NEAR = 161.0


class Gold(NamedTuple):
    span: tuple[int, int]
    lat: float
    lon: float


def articles(path: Path) -> Iterator[tuple[str, list[Gold]]]:
    for article in ElementTree.parse(path).getroot():
        text = article.findtext("text") or ""
        marks = [m for m in article.iter() if m.tag in ("location", "toponym") and m.findtext(".//lat")]
        yield text, [_gold(mark, text) for mark in marks]


def _gold(mark: ElementTree.Element, text: str) -> Gold:
    name = mark.findtext("name") or mark.findtext("phrase") or ""
    given = int(mark.findtext("start") or 0)
    near = [at for at in range(max(0, given - 3), given + 4) if text.startswith(name, at)]
    start = min(near, key=lambda at: abs(at - given), default=given)
    return Gold((start, start + len(name)), float(mark.findtext(".//lat") or 0), float(mark.findtext(".//lon") or 0))


def parsed_of(text: str) -> Parsed:
    document = make_document(origin=Origin(path="eval"), source="eval", text=text, language="en")
    (parsed,) = parse([document])
    return parsed


def hit(lat: float | None, lon: float | None, gold: Gold) -> bool:
    if lat is None or lon is None:
        return False
    at = Entry(0, "", "", lat, lon, "", "", 0, 0, False)
    return kilometres(at, gold) <= NEAR


def is_demonym(text: str) -> bool:
    return demonym_of(text) is not None and country_named(text) is None


def score(text: str, golds: list[Gold], errors: Counter[str]) -> Counter[str]:
    parsed, tally = parsed_of(text), Counter({"gold": len(golds)})
    for gold, entry in zip(golds, resolve_spans(parsed, [g.span for g in golds]), strict=True):
        right = entry is not None and hit(entry.lat, entry.lon, gold)
        tally["resolved"] += right
        name = text[slice(*gold.span)]
        likely = max(lookup(name), key=prior, default=None)
        tally["prior"] += likely is not None and hit(likely.lat, likely.lon, gold)
        if not right:
            errors[f"{name} -> {entry and (entry.name, entry.kind, entry.country, entry.admin1)}"] += 1
    found = find_places(parsed)
    at = {place.span: place for place in found}
    named = [gold for gold in golds if not is_demonym(text[slice(*gold.span)])]
    tally.update({"named": len(named), "found": len(found), "detected": sum(gold.span in at for gold in named)})
    for gold in named:
        place = at.get(gold.span)
        tally["end_to_end"] += place is not None and hit(place.lat, place.lon, gold)
    return tally


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--errors", type=int, default=0, help="show so many wrong names of the develop half")
    options = parser.parse_args()
    for path in options.files:
        rows = list(articles(path))
        for name, half in (("develop", rows[::2]), ("test", rows[1::2])):
            errors: Counter[str] = Counter()
            total = sum((score(text, golds, errors) for text, golds in half), Counter())
            precision, recall = total["detected"] / total["found"], total["detected"] / total["named"]
            print(
                f"{path.stem} {name}: within {NEAR:.0f} km {total['resolved'] / total['gold']:.3f} of {total['gold']} "
                f"gold spans (most likely alone {total['prior'] / total['gold']:.3f}), end to end "
                f"{total['end_to_end'] / total['named']:.3f}; detection P {precision:.3f} R {recall:.3f} "
                f"F1 {2 * precision * recall / (precision + recall):.3f}"
            )
            for line, count in errors.most_common(options.errors if name == "develop" else 0):
                print(f"  {count:3} {line}")


if __name__ == "__main__":
    main()
