"""The measures of coreference, on examples worked by hand."""

from __future__ import annotations

import sys
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "evals"))

from coreference import text_of
from coreference_measures import best_alignment, counted, interval, scores


def test_gold_against_itself_is_right_under_any_labels() -> None:
    found = scores(counted("aabbc", [5, 5, 7, 7, 1]))
    assert found.conll == 1
    assert all(triple == (1, 1, 1) for triple in found.measures.values())


def test_luo_s_example() -> None:
    """Gold 1-5, 6-7, 8-9,A-C; found 1-5, 6-9,A-C: Luo 2005, table 1, system (a)."""
    gold, found = "111112233333", "111112222222"
    measures = scores(counted(gold, found)).measures
    assert measures["MUC"] == pytest.approx((9 / 10, 1, 18 / 19))
    precision = (5 + 2 * 2 / 7 + 5 * 5 / 7) / 12
    assert measures["B-cubed"] == pytest.approx((precision, 1, 2 * precision / (1 + precision)))
    total = 1 + 2 * 5 / (5 + 7)
    assert measures["CEAF-e"] == pytest.approx((total / 2, total / 3, 2 * total / 5))


def test_all_alone_by_hand() -> None:
    """Gold aab, found x y z: no link; each mention whole in its own; one gold pair meets one of its halves."""
    measures = scores(counted("aab", "xyz")).measures
    assert measures["MUC"] == (0, 0, 0)
    assert measures["B-cubed"] == pytest.approx((1, (0.5 + 0.5 + 1) / 3, 0.8))
    total = 2 / 3 + 1
    assert measures["CEAF-e"] == pytest.approx((total / 3, total / 2, 2 * total / 5))


def test_crossed_clusters_by_hand() -> None:
    """Gold ab cd, found a bc d: MUC finds no link of either, B-cubed half of each, CEAF the two best overlaps."""
    measures = scores(counted("1122", "1223")).measures
    assert measures["MUC"] == (0, 0, 0)
    assert measures["B-cubed"] == pytest.approx(((1 + 0.5 + 0.5 + 1) / 4, 0.5, 0.6))
    total = 2 / 3 + 2 / 3
    assert measures["CEAF-e"] == pytest.approx((total / 3, total / 2, 2 * total / 5))


def test_topics_are_added_before_they_are_divided() -> None:
    one, other = counted("aa", "aa"), counted("bb", "cd")
    assert scores(one + other).measures["MUC"] == pytest.approx((1, 0.5, 2 / 3))
    assert interval([one, one]) == (1, 1)


@pytest.mark.parametrize("shape", [(1, 1), (3, 5), (5, 3), (5, 5)])
def test_the_best_alignment_is_that_of_all_alignments(shape: tuple[int, int]) -> None:
    stream = np.random.default_rng(sum(shape))
    for _ in range(20):
        gains = stream.random(shape) * (stream.random(shape) < 0.6)
        wide = gains if shape[0] <= shape[1] else gains.T
        tried = permutations(range(wide.shape[1]), wide.shape[0])
        best = max(sum(wide[row, column] for row, column in enumerate(columns)) for columns in tried)
        assert best_alignment(gains) == pytest.approx(best)


def test_tokens_are_put_together_as_text() -> None:
    text, spans = text_of(["``", "It", "is", "n't", "over", ",", "''", "he", "said", "."])
    assert text == "“It isn't over,” he said."
    assert [text[a:b] for a, b in spans][:4] == ["“", "It", "is", "n't"]
