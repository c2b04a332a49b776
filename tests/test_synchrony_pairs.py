"""The pair test: copying is found with its follower, innocence is not, and q is over all pairs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import product
from math import prod
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

sys.path.insert(0, str(Path(__file__).parent.parent / "evals"))

from allegedly.synchrony import null as nulls
from allegedly.synchrony import pairs
from allegedly.synchrony.analysis import Synchrony, analyse, audit, sensitivity
from allegedly.synchrony.tails import benjamini_hochberg
from allegedly.synchrony.trials import Trials, first_posts, trials_of
from worlds import World, world


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    with threadpool_limits(limits=1, user_api="blas"):
        yield


def analysed(made: World, **more: object) -> Synchrony:
    return analyse(made.item, made.account, made.time, made.accounts, **more)  # type: ignore[arg-type]


def in_step(found: Synchrony) -> set[tuple[int, int]]:
    """(leader, follower) of the pairs in step, by which direction was seen more often."""
    tested, trials = found.tested, found.trials
    return {
        (int(trials.first[at]), int(trials.second[at]))
        if tested.forward[at] > tested.backward[at]
        else (int(trials.second[at]), int(trials.first[at]))
        for at in np.flatnonzero(found.in_step)
    }


def trials(made: World) -> Trials:
    return trials_of(first_posts(made.item, made.account, made.time, made.accounts))


@pytest.fixture(scope="module")
def copied() -> tuple[World, Synchrony]:
    made = world("now10", 1, 0.3)
    return made, analysed(made)


def test_copying_is_found_and_so_is_who_follows(copied: tuple[World, Synchrony]) -> None:
    made, found = copied
    assert len(in_step(found) & made.pairs) >= 9
    assert len(in_step(found) - made.pairs) <= 1


def test_what_is_found_is_more_than_expected_in_every_figure(copied: tuple[World, Synchrony]) -> None:
    _, found = copied
    tested, hit = found.tested, found.in_step
    assert (found.low[hit] > 1).all()
    assert (found.low <= tested.observed / tested.expected).all() and (
        found.high >= tested.observed / tested.expected
    ).all()
    assert (tested.q >= tested.p).all() and ((tested.p > 0) & (tested.q <= 1)).all()
    close = found.trials.gap <= found.window
    assert (tested.observed <= np.bincount(found.trials.pair, close, found.trials.pairs)).all()
    assert (tested.forward + tested.backward >= tested.observed).all()
    assert (np.maximum(tested.forward, tested.backward) <= tested.observed).all()


def test_what_is_found_shows_at_other_windows_and_in_the_jitter() -> None:
    found = analysed(world("few", 1, 0.3))
    assert found.in_step.sum() == 3
    shown = sensitivity(found)
    assert list(shown) == [15, 30, 60, 120, 300]
    assert shown[60][0] == found.in_step.sum()
    assert shown[60][1] == pytest.approx(found.tested.q, rel=1e-6)
    assert shown[30][0] == 3
    looked = audit(found, found.in_step)
    assert list(looked) == [600, 1800, 3600]
    assert all(len(p) == found.in_step.sum() and (p < 0.01).all() for p in looked.values())


def test_the_correction_asked_for_holds_at_every_window() -> None:
    found = analysed(world("few", 1, 0.3), any_dependence=True)
    assert sensitivity(found)[60][1] == pytest.approx(found.tested.q, rel=1e-6)


@pytest.mark.parametrize(("family", "seed"), [("few", 1), ("few", 2), ("few", 3), ("few", 4), ("now10", 1)])
def test_an_innocent_world_has_no_pair_in_step_and_no_ring(family: str, seed: int) -> None:
    found = analysed(world(family, seed))
    assert not found.in_step.any()
    assert not found.rings


def test_p_is_hardly_ever_small_by_chance() -> None:
    p = np.concatenate([analysed(world("few", seed)).tested.p for seed in range(5, 9)])
    for level in (0.01, 0.05, 0.2):
        assert (p <= level).mean() <= level


def test_q_runs_over_pairs_that_never_met() -> None:
    made = world("few", 1)
    found, more = (
        analyse(made.item, made.account, made.time, accounts) for accounts in (made.accounts, made.accounts + 70)
    )
    assert more.tests == (made.accounts + 70) * (made.accounts + 69) // 2
    assert np.array_equal(found.tested.p, more.tested.p)
    for one in (found, more):
        assert one.tested.q == pytest.approx(benjamini_hochberg(one.tested.p, one.tests))
    least = found.tested.p.argmin()
    assert found.tested.q[least] < 1 or found.tested.p[least] * found.tests >= 1


def test_any_dependence_raises_q_and_leaves_p() -> None:
    made = trials(world("few", 1))
    plain, careful = (pairs.test_pairs(made, 60, 0.0, any_dependence=which) for which in (False, True))
    assert plain.p == pytest.approx(careful.p)
    tests = made.accounts * (made.accounts - 1) // 2
    assert careful.q == pytest.approx(benjamini_hochberg(plain.p, tests, any_dependence=True))


def test_coarse_clocks_have_no_direction() -> None:
    """The coin that says who was first at the same minute must not be in p."""
    made = world("clock60", 1)
    some = made.item < 150
    posts = first_posts(made.item[some], made.account[some], made.time[some], made.accounts)
    tossed = [trials_of(posts, seed) for seed in (0, 1)]
    assert not np.array_equal(tossed[0].upward, tossed[1].upward)
    for coarse, same in ((True, True), (False, False)):
        p = [pairs.test_pairs(one, 60, coarse=np.full(one.pairs, coarse)).p for one in tossed]
        assert np.allclose(*p, rtol=1e-6) == same


def test_minutes_are_recognised_and_copying_on_them_is_found() -> None:
    made = world("clock60", 1, 0.3)
    found = analysed(made)
    assert found.grain == 60
    assert found.coarse.all()
    hits = {(int(found.trials.first[at]), int(found.trials.second[at])) for at in np.flatnonzero(found.in_step)}
    truth = {(min(pair), max(pair)) for pair in made.pairs}
    assert len(hits & truth) >= 8 and len(hits - truth) <= 1


def test_p_is_never_below_what_all_outcomes_give() -> None:
    """Every outcome of a pair's occasions, weighed by the fitted chances: two windows, no direction."""
    rng = np.random.default_rng(4)
    item = np.repeat(np.arange(8), 5)
    account = np.tile(np.arange(5), 8)
    time = item * 1e5 + rng.uniform(0, 400, len(item))
    time[account == 1] = time[account == 0] + 3
    made = trials_of(first_posts(item, account, time, 5))
    tested = pairs.test_pairs(made, 60, alpha=0.0, coarse=np.ones(made.pairs, bool))
    kept = np.ones(len(made.item), bool)
    half = nulls.recalibrated(tested.null.chance, made.gap <= 30, kept)
    assert tested.p.min() < 0.9
    for pair in range(made.pairs):
        own = made.pair == pair
        least = min(
            tail(chance[own].tolist(), int((made.gap[own] <= window).sum()))
            for chance, window in ((tested.null.chance, 60), (half, 30))
        )
        assert tested.p[pair] >= min(1.0, 2 * least) - 1e-12
    assert tested.observed[(made.first == 0) & (made.second == 1)] == 8


def tail(chances: list[float], least: int) -> float:
    whole = 0.0
    for outcome in product((0, 1), repeat=len(chances)):
        if sum(outcome) >= least:
            whole += prod(p if hit else 1 - p for p, hit in zip(chances, outcome, strict=True))
    return whole


def test_a_batch_of_copies_is_one_occasion() -> None:
    rng = np.random.default_rng(2)
    item, account = np.repeat(np.arange(60), 6), np.tile(np.arange(6), 60)
    time = item * 1e5 + rng.uniform(0, 7_200, len(item))
    dumped = (item < 20) & (account < 2)
    time[dumped] = 1e8 + 20.0 * item[dumped] + account[dumped]
    found = analyse(item, account, time, 6)
    both = (found.trials.first == 0) & (found.trials.second == 1)
    assert found.tested.observed[both] <= 3
    assert not found.in_step.any()


@pytest.mark.parametrize("rows", [0, 1, 2, 3])
def test_hardly_any_posts_find_nothing_and_do_no_harm(rows: int) -> None:
    found = analyse(np.zeros(rows, int), np.arange(rows), np.arange(rows) * 5.0, max(rows, 1))
    assert len(found.tested.p) == rows * (rows - 1) // 2
    assert not found.in_step.any() and not found.rings
    assert sensitivity(found)[60][0] == 0
    assert np.isfinite(found.tested.expected).all()


def test_posts_that_share_no_item_make_no_pair() -> None:
    found = analyse(np.arange(20), np.arange(20) % 4, np.arange(20) * 3.0, 4)
    assert found.trials.pairs == 0 and found.tests == 6
