"""Tails and corrections against enumeration, plain sums and printed tables."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allegedly.synchrony.tails import benjamini_hochberg, garwood, log_factorials, poisson_tail, tail_tables

CHANCES = st.lists(st.floats(0, 1), max_size=9)


def enumerated(chances: list[float], least: int) -> float:
    """P(at least `least` hits), over all 2^n outcomes."""
    whole = 0.0
    for outcome in product((0, 1), repeat=len(chances)):
        if sum(outcome) >= least:
            whole += math.prod(p if hit else 1 - p for p, hit in zip(chances, outcome, strict=True))
    return whole


def summed_poisson(hits: int, mean: float) -> float:
    """P(Poisson(mean) >= hits), the smaller side summed exactly."""

    def mass(k: int) -> float:
        return math.exp(k * math.log(mean) - mean - math.lgamma(k + 1))

    if hits <= mean:
        return 1 - math.fsum(mass(k) for k in range(hits))
    return math.fsum(mass(k) for k in range(hits, hits + 2000))


def naive_bh(p: list[float], tests: int, factor: float = 1.0) -> list[float]:
    """For each: the least rate at which the step-up rule rejects it, the tests that `p` lacks at p = 1."""
    whole = sorted(p + [1.0] * (tests - len(p)))
    return [
        min(1.0, min(tests * factor * value / rank for rank, value in enumerate(whole, 1) if value >= one)) for one in p
    ]


@given(st.lists(CHANCES.filter(len), min_size=1, max_size=4), st.data())
@settings(max_examples=60, deadline=None)
def test_tails_equal_the_sum_over_all_outcomes(groups: list[list[float]], data: st.DataObject) -> None:
    depth = [data.draw(st.integers(0, len(group) + 2)) for group in groups]
    rows = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    table = tail_tables(rows, np.array([p for group in groups for p in group]), np.array(depth))
    assert table.shape == (len(groups), max(depth) + 1)
    for row, group, deep in zip(table, groups, depth, strict=True):
        assert row[: deep + 1] == pytest.approx([enumerated(group, k) for k in range(deep + 1)], abs=1e-12)
        assert not row[deep + 1 :].any()


def test_a_tail_keeps_its_digits_where_it_is_tiny() -> None:
    chances = [1e-5, 3e-5, 2e-4, 1e-6]
    table = tail_tables(np.zeros(4, np.int64), np.array(chances), np.array([4]))
    assert table[0, 4] == pytest.approx(math.prod(chances), rel=1e-12)
    assert table[0, 3] == pytest.approx(enumerated(chances, 3), rel=1e-12)


def test_a_group_without_trials_has_no_hits() -> None:
    table = tail_tables(np.array([0, 0, 2]), np.array([0.5, 0.5, 0.1]), np.array([1, 1, 1]))
    assert table.tolist() == [[1, 0.75], [1, 0], [1, pytest.approx(0.1)]]


@pytest.mark.parametrize(("groups", "width"), [(0, 1), (3, 1)])
def test_no_trials_at_all_make_an_empty_table(groups: int, width: int) -> None:
    none = np.zeros(0, np.int64)
    table = tail_tables(none, none.astype(float), np.zeros(groups, np.int64))
    assert table.shape == (groups, width)
    assert (table == 1).all()


@given(st.lists(st.tuples(st.integers(0, 80), st.floats(-6, 2.3)), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_poisson_tails_equal_their_sums(cases: list[tuple[int, float]]) -> None:
    hits, means = np.array([k for k, _ in cases]), np.array([10.0**e for _, e in cases])
    expected = [summed_poisson(k, mean) for k, mean in zip(hits.tolist(), means.tolist(), strict=True)]
    assert poisson_tail(hits, means) == pytest.approx(expected, rel=1e-7, abs=1e-300)


def test_a_poisson_tail_of_no_hits_is_one() -> None:
    assert poisson_tail(np.zeros(4, np.int64), np.array([0.0, 1e-12, 1.0, 1e4])) == pytest.approx(np.ones(4))


@pytest.mark.parametrize(("hits", "mean"), [(1, 1e-9), (3, 1e-9), (5, 1e-40), (60, 1e-3)])
def test_tiny_means_keep_their_digits(hits: int, mean: float) -> None:
    first = math.exp(hits * math.log(mean) - mean - math.lgamma(hits + 1)) if hits * math.log10(mean) > -300 else 0.0
    assert poisson_tail(np.array([hits]), np.array([mean]))[0] == pytest.approx(first, rel=1e-4)


@pytest.mark.parametrize(
    ("hits", "mean"),
    [
        (10, 1e5),
        (1_000, 1e3),
        (1_100, 1e3),
        (900, 1e3),
        (790, 800.0),
    ],
)
def test_huge_means(hits: int, mean: float) -> None:
    assert poisson_tail(np.array([hits]), np.array([mean]))[0] == pytest.approx(summed_poisson(hits, mean), rel=1e-6)


def test_a_poisson_tail_at_its_own_huge_mean_is_about_half() -> None:
    assert poisson_tail(np.array([100_000]), np.array([1e5]))[0] == pytest.approx(0.5, abs=0.01)


def test_no_tails_of_nothing() -> None:
    none = np.zeros(0, np.int64)
    assert len(poisson_tail(none, none.astype(float))) == 0
    assert len(benjamini_hochberg(none.astype(float), 10)) == 0


def test_log_factorials() -> None:
    assert log_factorials(20) == pytest.approx([math.lgamma(k + 1) for k in range(21)])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=15), st.integers(0, 40))
@settings(max_examples=100, deadline=None)
def test_q_is_that_of_the_step_up_rule(p: list[float], more: int) -> None:
    assert benjamini_hochberg(np.array(p), len(p) + more) == pytest.approx(naive_bh(p, len(p) + more))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=10), st.integers(0, 20))
@settings(max_examples=40, deadline=None)
def test_under_any_dependence_q_is_larger_by_the_harmonic_number(p: list[float], more: int) -> None:
    tests = len(p) + more
    harmonic = sum(1 / k for k in range(1, tests + 1))
    assert benjamini_hochberg(np.array(p), tests, any_dependence=True) == pytest.approx(naive_bh(p, tests, harmonic))


def test_q_of_a_known_family() -> None:
    p = np.array([0.01, 0.04, 0.03, 0.005])
    assert benjamini_hochberg(p, 4) == pytest.approx([0.02, 0.04, 0.04, 0.02])
    assert benjamini_hochberg(p, 400) == pytest.approx([1, 1, 1, 1])


@pytest.mark.parametrize(
    ("observed", "low", "high"),
    [(0, 0, 3.689), (1, 0.0253, 5.572), (2, 0.2422, 7.225), (10, 4.795, 18.39), (100, 81.36, 121.63)],
)
def test_intervals_are_those_of_the_printed_tables(observed: int, low: float, high: float) -> None:
    bounds = garwood(np.array([observed]), np.array([1.0]))
    assert [float(bound[0]) for bound in bounds] == pytest.approx([low, high], rel=1e-3, abs=1e-9)


def test_the_interval_of_a_thousand_is_about_that_of_the_normal_law() -> None:
    low, high = garwood(np.array([1_000]), np.array([1.0]))
    assert (low[0], high[0]) == pytest.approx((938.97, 1063.95), rel=1e-3)


def test_intervals_are_of_observed_over_expected_row_by_row() -> None:
    low, high = garwood(np.array([10, 0, 10]), np.array([2.0, 0.5, 5.0]))
    assert low == pytest.approx([2.3977, 0, 0.9591], rel=1e-3)
    assert high == pytest.approx([9.195, 7.378, 3.678], rel=1e-3)
    wide = garwood(np.array([10]), np.array([1.0]), level=0.99)
    assert (wide[0][0], wide[1][0]) == pytest.approx((3.717, 21.40), rel=1e-3)
