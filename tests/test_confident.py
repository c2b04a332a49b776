"""Leaving out claims that are less sure than asked for."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from allegedly.annotate.confident import confident
from allegedly.cli import main
from allegedly.records import Annotation, Claim, Speaker
from claiming import document

TEXT = "The channel reported that the corps claims the depot was empty."


def chain(*confidences: float) -> Annotation:
    """Return claims each inside the one before."""
    claims = tuple(
        Claim(speaker=Speaker(), content=((i, 20),), mode="indirect", parent=i - 1 if i else None, confidence=c)
        for i, c in enumerate(confidences)
    )
    return Annotation(document=document(TEXT), claims=claims)


def test_nothing_is_left_out_unless_asked() -> None:
    whole = chain(0.1, 0.9)
    assert confident(whole, 0.0) is whole


def test_the_bound_itself_is_kept() -> None:
    assert len(confident(chain(0.5, 0.49), 0.5).claims) == 1


def test_a_claim_whose_outer_one_goes_is_held_by_the_next() -> None:
    kept = confident(chain(0.9, 0.2, 0.8, 0.7), 0.5).claims
    assert [claim.parent for claim in kept] == [None, 0, 1]
    assert confident(chain(0.2, 0.8), 0.5).claims[0].parent is None


@pytest.mark.parametrize("bound", ["0.999", "1"])
def test_annotate_leaves_out(tmp_path: Path, bound: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    every, few = (
        json.loads(CliRunner().invoke(main, ["annotate", "-q", str(path), "--min-confidence", least]).stdout)["claims"]
        for least in ("0", bound)
    )
    assert len(few) < len(every)
    assert all(claim["confidence"] >= float(bound) for claim in few)


def test_a_run_keeps_the_sure_ones_only(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    made = CliRunner().invoke(
        main, ["run", "-q", str(tmp_path / "a.txt"), "--into", str(tmp_path / "l"), "--min-confidence", "1"]
    )
    assert made.exit_code == 0, made.output
    CliRunner().invoke(main, ["export", "-q", str(tmp_path / "l"), "--as", "jsonl", "-o", str(tmp_path / "out")])
    assert (tmp_path / "out" / "claims.jsonl").read_text(encoding="utf-8") == ""


def test_an_annotation_without_claims_passes() -> None:
    bare = Annotation(document=document("Nothing."))
    assert confident(bare, 0.9) == msgspec.structs.replace(bare, claims=())
