"""The fitted null: who is left out of what predicts him, and a regression at its optimum."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from threadpoolctl import threadpool_limits

sys.path.insert(0, str(Path(__file__).parent.parent / "evals"))

from allegedly.synchrony.null import bunching, direction, fit, recalibrated, ridge_logistic
from allegedly.synchrony.trials import Trials, first_posts, trials_of
from worlds import world


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    with threadpool_limits(limits=1, user_api="blas"):
        yield


def trials(posts: int, accounts: int, items: int, seed: int, span: float = 600.0) -> Trials:
    """Return trials of posts at random times."""
    rng = np.random.default_rng(seed)
    item = rng.integers(items, size=posts)
    return trials_of(
        first_posts(item, rng.integers(accounts, size=posts), item * 1e5 + rng.uniform(0, span, posts), accounts)
    )


def left_out(made: Trials, close: np.ndarray, row: int, ring: tuple[int, ...] = ()) -> tuple[float, float]:
    """How many other trials of the item are close, and how many there are; of no ring member where both are in it."""
    hits = tries = 0.0
    both = made.early[row] in ring and made.late[row] in ring
    for other in np.flatnonzero(made.item == made.item[row]):
        if other == row or (both and {made.early[other], made.late[other]} & set(ring)):
            continue
        hits, tries = hits + close[other], tries + 1
    return hits, tries


@given(st.integers(0, 10_000), st.sampled_from([(), (0, 1, 2), (1, 3)]))
@settings(max_examples=25, deadline=None)
def test_bunching_leaves_the_own_pair_and_the_own_ring_out(seed: int, ring: tuple[int, ...]) -> None:
    made = trials(40, 6, 6, seed)
    close = made.gap <= 120
    if not 0 < close.mean() < 1:
        return
    found = bunching(made, close, [ring] if ring else [])
    for row in range(len(found)):
        hits, tries = left_out(made, close, row, ring)
        share = (hits + 5 * close.mean()) / (tries + 5)
        assert found[row] == pytest.approx(np.log(share / (1 - share)), abs=1e-6)


def test_whether_two_posts_are_close_does_not_predict_itself() -> None:
    made = trials(60, 8, 6, 3)
    close = made.gap <= 120
    before = bunching(made, close)
    for row in range(0, len(close), 7):
        other = close.copy()
        other[row] = ~other[row]
        mean = (np.mean(other) - np.mean(close)) * 5  # the mean that all are drawn to moves a little
        assert bunching(made, other)[row] == pytest.approx(before[row], abs=abs(mean) * 2)


def test_a_ring_of_all_posters_has_nothing_but_the_mean() -> None:
    made = trials(60, 8, 6, 3)
    close = made.gap <= 120
    found = bunching(made, close, [tuple(range(8))])
    assert found == pytest.approx(np.log(close.mean() / (1 - close.mean())), abs=1e-6)


@given(st.integers(0, 10_000), st.booleans(), st.floats(0.1, 10))
@settings(max_examples=25, deadline=None)
def test_the_regression_is_where_its_gradient_is_zero(seed: int, constant: bool, ridge: float) -> None:
    rng = np.random.default_rng(seed)
    columns = rng.normal(size=(200, 4)) * [1, 10, 0.1, 3] + [0, 5, 0, -2]
    if constant:
        columns[:, 0] = 1
    hit = (rng.random(200) < 1 / (1 + np.exp(1 - columns[:, 1] / 10 - columns[:, 3]))).astype(float)
    weights = ridge_logistic(columns, hit, ridge, constant=constant)
    spread = np.where(columns.std(axis=0) < 1e-9, 1, columns.std(axis=0))
    penalty = np.full(4, ridge)
    penalty[0] = 0 if constant else ridge
    p = 1 / (1 + np.exp(-columns @ weights))
    assert (columns / spread).T @ (hit - p) - penalty * weights * spread == pytest.approx(np.zeros(4), abs=0.01)


def test_the_regression_of_a_constant_is_the_share() -> None:
    weights = ridge_logistic(np.ones((50, 1)), np.r_[np.ones(10), np.zeros(40)])
    assert weights[0] == pytest.approx(np.log(10 / 40), abs=1e-4)


def test_the_regression_ends_where_two_columns_are_one_and_where_one_explains_all() -> None:
    x = np.linspace(-1, 1, 80)
    for columns in (np.c_[np.ones(80), x, x], np.c_[np.ones(80), 1e6 * x], np.c_[np.ones(80), np.zeros(80)]):
        weights = ridge_logistic(columns, (x > 0).astype(float))
        assert np.isfinite(weights).all()
    twins = ridge_logistic(np.c_[np.ones(80), x, x], (x > 0).astype(float))
    assert twins[1] == pytest.approx(twins[2]) and twins[1] > 0


def earliness(made: Trials, early: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Difference and sum of the accounts' earliness, per trial."""
    one, other = early[made.first], early[made.second]
    return (one - other)[made.pair], (one + other)[made.pair]


def test_direction_is_antisymmetric_and_follows_earliness() -> None:
    made = trials(3_000, 30, 200, 5)
    early = np.linspace(-0.9, 0.9, 30)
    close = made.gap <= 120
    ahead = direction(made, close, *earliness(made, early))
    label = np.arange(30)[::-1]  # renamed, the second account of each pair is the first
    order = np.lexsort((made.item, made.late, made.early))
    turned = Trials(
        made.item, label[made.early], label[made.late], made.time, made.gap, made.posters, made.pair,
        label[made.second], label[made.first], made.chain, 30, 0,
    )  # fmt: skip
    other = direction(turned, close, *earliness(turned, early[label]))
    assert ahead[order] + other[order] == pytest.approx(1, abs=1e-9)
    assert (direction(made, np.zeros(len(close), bool), *earliness(made, early)) == 0.5).all()
    assert direction(made, close, *earliness(made, np.zeros(30))) == pytest.approx(0.5)


def test_who_is_habitually_first_is_ahead_also_of_close_posts() -> None:
    rng = np.random.default_rng(1)
    speed = np.linspace(20, 120, 10)  # seconds of delay: ten accounts, one always faster than the next
    delay = rng.exponential(speed, (400, 10))
    item, account = np.nonzero(np.isfinite(delay))
    made = trials_of(first_posts(item, account, item * 1e5 + delay[item, account], 10))
    ahead = direction(made, made.gap <= 60, *earliness(made, np.linspace(0.9, -0.9, 10)))
    first_last = (made.first[made.pair] == 0) & (made.second[made.pair] == 9)
    share = made.upward[first_last & (made.gap <= 60)].mean()
    assert share > 0.6
    assert ahead[first_last].mean() == pytest.approx(share, abs=0.08)


@pytest.fixture(scope="module")
def few() -> Trials:
    made = world("few", 1)
    return trials_of(first_posts(made.item, made.account, made.time, made.accounts))


def test_what_was_fitted_adds_up_and_is_a_chance(few: Trials) -> None:
    none = np.zeros(few.pairs, bool)
    made = fit(few, 60, none, np.ones(few.pairs))
    assert ((made.chance > 0) & (made.chance < 1)).all()
    assert made.chance.sum() == pytest.approx((few.gap <= 60).sum(), rel=0.05)
    assert (np.abs(made.early) <= 1).all() and (made.factor > 0).all() and (made.unsure > 0).all()
    assert "bunched within 60 s" in made.coefficients and "schedules" not in made.coefficients


def test_pairs_that_are_out_do_not_teach(few: Trials) -> None:
    """Whatever the gaps of one pair are, as long as they stay in place, nothing of it is in anybody's regression."""
    out = np.zeros(few.pairs, bool)
    out[np.bincount(few.pair).argmax()] = True
    lift = np.ones(few.pairs)
    close = few.gap <= 60
    chance = fit(few, 60, out, lift).chance
    kept = ~out[few.pair]
    assert chance[kept].sum() == pytest.approx(close[kept].sum(), rel=0.05)
    assert not np.array_equal(chance, fit(few, 60, ~out & False, lift).chance)


def test_a_world_without_a_coincidence_has_tiny_chances(few: Trials) -> None:
    apart = Trials(
        few.item, few.early, few.late, few.time, few.gap + 100, few.posters, few.pair, few.first, few.second,
        few.chain, few.accounts, few.sampled,
    )  # fmt: skip
    chance = fit(apart, 60, np.zeros(few.pairs, bool), np.ones(few.pairs)).chance
    assert np.isfinite(chance).all() and chance.max() < 1e-3


def test_a_stricter_close_is_as_frequent_as_it_was_seen(few: Trials) -> None:
    chance = fit(few, 60, np.zeros(few.pairs, bool), np.ones(few.pairs)).chance
    strict = few.gap <= 20
    again = recalibrated(chance, strict, np.ones(len(strict), bool))
    assert again.sum() == pytest.approx(strict.sum(), rel=0.01)
    assert (np.diff(again[np.argsort(chance)]) >= 0).all()
