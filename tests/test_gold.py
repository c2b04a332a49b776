"""Our own gold: its shape, and that every string stands in its text. What is in the test half is not looked at."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

EVALS = Path(__file__).parent.parent / "evals"
sys.path.insert(0, str(EVALS))

from allegedly.annotate import annotate  # noqa: E402
from allegedly.records import Annotation  # noqa: E402
from gold import load, match, measures  # noqa: E402


def test_sixteen_texts_in_two_halves_by_position() -> None:
    every = load.cases()
    assert [case.half for case in every] == ["dev", "test"] * 8
    assert [case.name for case in load.cases("dev")] == [case.name for case in every[::2]]
    assert [case.name[:2] for case in every] == [f"{i:02}" for i in range(1, 17)]


@pytest.mark.parametrize("case", load.cases(), ids=lambda case: case.name)
def test_a_text_is_short_dated_and_rich(case: load.Case) -> None:
    assert 150 <= len(case.document.text.split()) <= 350
    assert case.document.published_at
    sheet = case.sheet
    assert min(len(sheet.claims), len(sheet.actors)) >= 10
    assert min(len(sheet.times), len(sheet.places), len(sheet.events)) >= 4
    modes = {mode for claim in sheet.claims for mode in claim.mode}
    assert modes >= {"indirect", "own-voice"} and modes & {"direct", "mixed"}


def test_sources_and_texts_are_unlike() -> None:
    every = load.cases()
    assert len({case.document.source for case in every}) == len({case.document.text for case in every}) == 16


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A gold folder with one text, whose gold a test may spoil."""
    name = load.cases("dev")[0].name
    for suffix in (".json", ".txt"):
        shutil.copy(load.FOLDER / f"{name}{suffix}", tmp_path / f"one{suffix}")
    monkeypatch.setattr(load, "FOLDER", tmp_path)
    return tmp_path


def _spoil(folder: Path, key: str, **changes: Any) -> None:
    path = folder / "one.json"
    sheet = json.loads(path.read_text(encoding="utf-8"))
    sheet[key][0] |= changes
    path.write_text(json.dumps(sheet), encoding="utf-8")


@pytest.mark.parametrize(
    ("key", "changes", "says"),
    [
        ("claims", {"cue": ["whistled"]}, "whistled"),
        ("claims", {"cue": ["said"]}, "times in the text"),
        ("claims", {"cue": [["said", 99]]}, "times in the text"),
        ("claims", {"act": ["sings"]}, "sings"),
        ("claims", {"actor": ["Nobody Known"]}, "Nobody Known"),
        ("claims", {"parent": 999}, "out of range"),
        ("claims", {"colour": "red"}, "colour"),
        ("events", {"type": ["PICNIC"]}, "PICNIC"),
        ("times", {"text": "Octember"}, "Octember"),
    ],
)
def test_gold_that_does_not_fit_fails_loudly(folder: Path, key: str, changes: dict[str, Any], says: str) -> None:
    _spoil(folder, key, **changes)
    with pytest.raises(load.GoldError, match=says):
        load.cases()


def _scored(case: load.Case, found: Annotation) -> measures.Tally:
    tally = measures.Tally()
    measures.measure(match.Matched(case, found), tally)
    return tally


def test_nothing_found_scores_nothing() -> None:
    case = load.cases("dev")[0]
    tally = _scored(case, Annotation(document=case.document))
    precise, found, recalled, gold = tally.f1["claims: who says what, all"]
    assert (precise, found, recalled) == (0, 0, 0)
    assert gold > 10
    assert not tally.share
    assert {"claim missed", "event missed", "time", "place missed"} <= {name for name, _, _ in tally.misses}


def test_more_of_the_same_costs_precision() -> None:
    case = load.cases("dev")[0]
    (found,) = annotate([case.document])
    once, twice = (_scored(case, annotation) for annotation in (found, _doubled(found)))
    for name in ("claims: who says what, all", "events: trigger", "times: value, strict", "places: detection"):
        assert twice.f1[name][0] == once.f1[name][0] > 0
        assert twice.f1[name][1] > once.f1[name][1]
        assert twice.f1[name][2:] == once.f1[name][2:]


def _doubled(found: Annotation) -> Annotation:
    return Annotation(
        document=found.document,
        claims=found.claims * 2,
        events=found.events * 2,
        times=found.times * 2,
        places=found.places * 2,
        actors=found.actors,
    )


def test_words_are_compared_without_marks_and_a_leading_that() -> None:
    text = "He said that “it's over”."
    index = match.Index(text)
    start = text.index("that")
    assert index.said([(start, len(text))]) == index.said([(text.index("it's"), len(text) - 2)])
    assert len(index.words([(0, len(text))])) == 5


def test_b_cubed_of_one_actor_split_in_two() -> None:
    rows: list[tuple[str, str | None]] = [("a", "1"), ("a", "1"), ("a", "2"), ("b", None)]
    precision, recall, found, gold = match.b_cubed(rows)
    assert (precision, found, gold) == (3, 3, 4)
    assert recall == pytest.approx(2 / 3 + 2 / 3 + 1 / 3)
