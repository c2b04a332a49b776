"""The measures of attribution, on examples small enough to count by hand, and the gate over them."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "evals"), str(ROOT / "training" / "attribution")]

import attribution  # noqa: E402
from gold.fields import same_name  # noqa: E402
from markup import read_all  # noqa: E402
from who_says_what import Attribution, Page, count, figure, outermost  # noqa: E402

TEXT = "“We won,” said Ann Lee. “All of it.” Bob denied that he lost. It rained."


def spans(*pieces: str) -> list[tuple[int, int]]:
    return [(TEXT.index(piece), TEXT.index(piece) + len(piece)) for piece in pieces]


ANN = Attribution(spans("Ann Lee"), spans("said"), spans("“We won,”", "“All of it.”"))
BOB = Attribution(spans("Bob"), spans("denied"), spans("that he lost"))


def score(found: list[Attribution], measure: str = "wsw", kind: str = "all") -> tuple[float, float, float]:
    page = Page(TEXT)
    return figure(count(page.items(found), page.items([ANN, BOB])), measure, kind)


def test_gold_against_itself_is_right_in_any_order() -> None:
    assert score([BOB, ANN]) == (1, 1, 1)
    assert score([BOB, ANN], kind="direct") == score([BOB, ANN], kind="indirect") == (1, 1, 1)


def test_nothing_found_is_nothing() -> None:
    assert score([]) == (0, 0, 0)


def test_half_of_the_content_is_enough_and_its_edges_are_not_right() -> None:
    part = ANN._replace(content=spans("“All of it.”"))
    assert score([part, BOB]) == (1, 1, 1)
    assert score([part, BOB], "edges")[2] == 0.5


def test_another_speaker_is_wrong_and_a_part_of_the_name_is_right() -> None:
    assert score([ANN._replace(source=BOB.source), BOB])[0] == 0.5
    assert score([ANN._replace(source=spans("Lee")), BOB]) == (1, 1, 1)


def test_a_spurious_one_costs_precision_alone() -> None:
    precision, recall, _ = score([ANN, BOB, Attribution([], spans("rained"), spans("It"))])
    assert (round(precision, 3), recall) == (0.667, 1)


def test_what_stands_inside_another_s_content_can_be_left_out() -> None:
    inner = Attribution(spans("he"), spans("lost"), spans("that"))
    assert len(outermost(Page(TEXT).items([ANN, BOB, inner]))) == 2


def test_calibration_error_by_hand() -> None:
    sure = [(0.95, True), (0.95, False), (0.15, False), (0.15, False)]
    assert attribution.calibration_error(sure) == pytest.approx((2 * 0.45 + 2 * 0.15) / 4)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("the Foreign Ministry", "Foreign Ministry", True),
        ("Anna Berg", "Berg", True),
        ("Anna Berg", "Anna Holm", False),
        ("Spain", "Portugal", False),
        ("the", "the", True),
    ],
)
def test_names(one: str, other: str, same: bool) -> None:
    assert same_name(one, other) is same


# ---- the gate


def row(**figures: float) -> dict[str, Any]:
    return {"gold": {"digest": "d", "date": "2031-05-01", "figures": figures}}


@pytest.fixture
def floors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "baseline.json"
    monkeypatch.setattr(attribution, "BASELINE", path)
    return path


def test_a_fallen_figure_is_named(floors: Path) -> None:
    attribution.pin(row(wsw=70.0), "")
    assert attribution.gate(row(wsw=70.0)) == []
    assert attribution.gate(row(wsw=69.9)) == ["gold wsw: 69.9 is below 70.0"]
    assert "wsw" in attribution.gate(row())[0]


def test_lowering_a_floor_takes_a_reason(floors: Path) -> None:
    attribution.pin(row(wsw=70.0), "")
    with pytest.raises(SystemExit, match="say why"):
        attribution.pin(row(wsw=60.0), "")
    attribution.pin(row(wsw=60.0), "another corpus")
    assert json.loads(floors.read_text(encoding="utf-8"))["gold"]["reason"] == "another corpus"


def test_other_data_has_no_floors(floors: Path) -> None:
    attribution.pin(row(wsw=70.0), "")
    other = row(wsw=90.0)
    other["gold"]["digest"] = "e"
    assert "not that of the floors" in attribution.gate(other)[0]


def test_the_pinned_floors_are_of_the_gold_that_is_here() -> None:
    pinned = json.loads((ROOT / "evals" / "baseline.json").read_text(encoding="utf-8"))
    for half in ("dev", "test"):
        texts = read_all(ROOT / "evals" / "gold" / "attribution" / half)
        assert pinned[f"own gold {half}"]["digest"] == attribution._digest(texts)


def test_counts_add_up() -> None:
    page = Page(TEXT)
    once = count(page.items([ANN]), page.items([ANN, BOB]))
    assert figure(Counter(once) + Counter(once), "wsw", "all") == figure(once, "wsw", "all")
