"""Clocks: how finely they tell time, and schedules that meet by themselves."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "evals"))

from allegedly.synchrony.analysis import SCHEDULED, analyse
from allegedly.synchrony.clocks import PERIODS, clocks_of, schedule_lift
from allegedly.synchrony.trials import Posts, first_posts, trials_of
from worlds import world

HALF_HOUR = PERIODS.index(1800.0)


def posts(times: list[np.ndarray], shared: int = 0) -> Posts:
    """Return posts of accounts at `times`, of which the first `shared` of each are of the same items."""
    item = np.concatenate([np.r_[np.arange(shared), shared + 1_000 * a + np.arange(len(t) - shared)]
                           for a, t in enumerate(times)])  # fmt: skip
    account = np.repeat(np.arange(len(times)), [len(t) for t in times])
    return first_posts(item, account, np.concatenate(times), len(times))


def anytime(rng: np.random.Generator, count: int = 200) -> np.ndarray:
    return 1.7e9 + rng.uniform(0, 30 * 86_400, count)


def at_phase(rng: np.random.Generator, phase: float, count: int = 200, jitter: float = 30.0) -> np.ndarray:
    return 1_699_999_200.0 + 1800 * rng.integers(0, 1_400, count) + phase + rng.uniform(0, jitter, count)


def lift(times: list[np.ndarray], window: float = 60.0) -> np.ndarray:
    made = posts(times, 20)
    return schedule_lift(trials_of(made), made, clocks_of(made), window)


@pytest.mark.parametrize("grain", [60.0, 300.0, 900.0, 3600.0])
def test_a_coarse_clock_is_recognised(grain: float) -> None:
    rng = np.random.default_rng(1)
    made = clocks_of(posts([np.floor(anytime(rng) / grain) * grain, anytime(rng)]))
    assert made.grain.tolist() == [grain, 1]


def test_whole_seconds_are_an_exact_clock() -> None:
    rng = np.random.default_rng(2)
    made = clocks_of(posts([np.floor(anytime(rng)), np.floor(anytime(rng)) + 0.5]))
    assert made.grain.tolist() == [1, 1]
    assert not made.scheduled.any()


def test_one_post_in_twenty_may_be_off_the_minute_and_one_in_ten_not() -> None:
    whole = np.floor(anytime(np.random.default_rng(3)) / 60) * 60
    off = np.arange(len(whole))
    made = clocks_of(posts([whole + (off % 20 == 0), whole + (off % 10 == 0)]))
    assert made.grain.tolist() == [60, 1]


def test_a_few_posts_say_nothing_of_a_clock() -> None:
    made = clocks_of(posts([60.0 * np.arange(1, 8), 60.0 * np.arange(1, 9)]))
    assert made.grain.tolist() == [1, 60]
    assert not made.scheduled[0].any()


def test_a_schedule_is_recognised_and_its_absence_too() -> None:
    rng = np.random.default_rng(4)
    made = clocks_of(posts([at_phase(rng, 700), *(anytime(rng) for _ in range(60))]))
    assert made.scheduled[0, HALF_HOUR]
    assert not made.scheduled[1:].any()


def test_hours_awake_are_no_schedule() -> None:
    rng = np.random.default_rng(5)
    days = 86_400 * rng.integers(0, 200, 1_000) + 86_400 * rng.beta(8, 4, 1_000)
    assert not clocks_of(posts([1_699_999_200.0 + days])).scheduled.any()


def test_one_phase_lifts_and_opposite_phases_sink() -> None:
    rng = np.random.default_rng(6)
    same, opposite, free = at_phase(rng, 700), at_phase(rng, 1_600), anytime(rng)
    found = lift([at_phase(rng, 700), same, opposite, free])
    assert found[0] > 10  # 60 s in the window of a schedule of 30 s: near fifteen
    assert found[1] < 0.5 and found[3] < 0.5
    assert found[[2, 4, 5]].tolist() == [1, 1, 1]


def test_free_accounts_are_lifted_by_nothing() -> None:
    rng = np.random.default_rng(7)
    assert (lift([anytime(rng) for _ in range(10)]) == 1).all()


def test_the_lift_is_how_many_times_likelier_phases_meet() -> None:
    """Against all 200 x 200 pairs of posts, counted."""
    rng = np.random.default_rng(8)
    one, other = at_phase(rng, 100, jitter=300), at_phase(rng, 250, jitter=300)
    apart = np.abs((one[:, None] - other + 900) % 1800 - 900)
    assert lift([one, other])[0] == pytest.approx((apart <= 60).mean() / (120 / 1800), rel=0.25)


def test_copying_is_no_schedule() -> None:
    """Posts that the pair made within the window leave its lift: copies lie on one phase by themselves."""
    rng = np.random.default_rng(9)
    leader, other = at_phase(rng, 100, jitter=600), at_phase(rng, 1_000, jitter=600)
    plain = lift([leader, other])[0]
    other[:20] = leader[:20] + 10
    assert lift([leader, other])[0] == pytest.approx(plain, abs=0.3)


@pytest.mark.parametrize(("family", "seed"), [("schedule", 1), ("schedule", 2), ("halfhours", 1)])
def test_pairs_on_one_schedule_are_not_in_step_and_never_without_a_name(family: str, seed: int) -> None:
    made = world(family, seed)
    found = analyse(made.item, made.account, made.time, made.accounts)
    both = zip(found.trials.first.tolist(), found.trials.second.tolist(), strict=True)
    scheduled = np.array([pair in made.scheduled for pair in both])
    apart = np.array(found.apart)
    small = found.tested.q <= 0.05
    assert scheduled.sum() > 100
    assert (small & scheduled).sum() <= 0.002 * len(small)
    assert not (small & scheduled & (apart == "")).any()
    assert not found.in_step.any() and not found.rings
    assert (apart[scheduled & (found.lift >= SCHEDULED)] == "schedule").all()
    busy = (
        scheduled
        & (np.bincount(found.posts.account)[found.trials.first] > 40)
        & (np.bincount(found.posts.account)[found.trials.second] > 40)
    )
    assert (found.lift[busy] > 2).mean() > 0.8


def test_few_posts_that_agree_with_what_most_keep_are_presumed_to_keep_it_too() -> None:
    rng = np.random.default_rng(12)
    phases = rng.uniform(0, 1800, 12)
    few = [at_phase(rng, phase, 3) for phase in (200.0, 200.0, 1000.0)]
    most = posts([*(at_phase(rng, phase) for phase in phases), *few], 2)
    assert clocks_of(most).presumed[12:, HALF_HOUR].all()
    assert not clocks_of(most).presumed[:12].any()
    free = posts([*(anytime(rng) for _ in phases), *few])
    assert not clocks_of(free).presumed.any()
    found = schedule_lift(trials_of(most), most, clocks_of(most), 60.0)
    trials = trials_of(most)
    rows = {(int(i), int(j)): at for at, (i, j) in enumerate(zip(trials.first, trials.second, strict=True))}
    assert found[rows[12, 13]] >= SCHEDULED > found[rows[12, 14]]


def test_two_bots_of_one_wire_are_named_apart_and_who_merely_follows_is_not() -> None:
    found = analyse(*bots(follows=False))
    pair = (found.trials.first == 40) & (found.trials.second == 41)
    assert np.array(found.apart)[pair] == ["one feed"]
    assert found.q[pair] == [1.0]
    follower = analyse(*bots(follows=True))
    pair = (follower.trials.first == 40) & (follower.trials.second == 41)
    assert np.array(follower.apart)[pair] == [""]


def bots(follows: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """Forty accounts of half an hour's delay, and two that post each fourth item within a minute."""
    rng = np.random.default_rng(4)
    items = 1200
    born = 1.7e9 + np.sort(rng.uniform(0, 60 * 86_400, items))
    item, account = np.nonzero(rng.random((items, 40)) < 0.08)
    time = born[item] + rng.lognormal(np.log(1800), 1, len(item))
    wire = np.arange(0, items, 4)
    first = born[wire] + rng.uniform(15, 75, len(wire))
    second = first + rng.uniform(1, 30, len(wire)) if follows else born[wire] + rng.uniform(15, 75, len(wire))
    accounts = np.concatenate([account, np.full(len(wire), 40), np.full(len(wire), 41)])
    return np.concatenate([item, wire, wire]), accounts, np.concatenate([time, first, second]), 42
