"""Redealt worlds keep what they must, rings are found among them, and the jitter is what its bins say."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

sys.path.insert(0, str(Path(__file__).parent.parent / "evals"))

from allegedly.synchrony.analysis import Synchrony, analyse
from allegedly.synchrony.habits import Habits
from allegedly.synchrony.jitter import jittered
from allegedly.synchrony.rings import close_rows, find_rings
from allegedly.synchrony.trials import Posts, first_posts, trials_of
from worlds import RingSpec, World, world

DAY = 86_400.0


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    with threadpool_limits(limits=1, user_api="blas"):
        yield


def posts_of(made: World) -> Posts:
    return first_posts(made.item, made.account, made.time, made.accounts)


def analysed(made: World) -> Synchrony:
    return analyse(made.item, made.account, made.time, made.accounts)


def grid(delay: np.ndarray) -> Posts:
    """Return posts of all accounts (columns) at delays of all items (rows), a day apart."""
    item, account = np.indices(delay.shape)
    return first_posts(item.ravel(), account.ravel(), (item * DAY + delay).ravel(), delay.shape[1])


# ---------------------------------------------------------------- redealing


def test_a_deal_keeps_each_item_its_accounts_and_its_times() -> None:
    posts = posts_of(world("few", 1))
    habits = Habits(posts, np.arange(len(posts.item)))
    time = habits.time.copy()
    dealt = habits.redeal(habits.account, np.random.default_rng(1))
    assert np.array_equal(habits.time, time) and np.array_equal(habits.account, posts.account)
    assert (dealt != posts.account).mean() > 0.2
    assert np.array_equal(
        dealt[np.lexsort((dealt, posts.item))], posts.account[np.lexsort((posts.account, posts.item))]
    )


def test_a_deal_is_the_same_by_its_seed() -> None:
    posts = posts_of(world("few", 1))
    habits = Habits(posts, np.arange(len(posts.item)))
    one, other, third = (habits.redeal(posts.account, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(one, other) and not np.array_equal(one, third)


def test_only_the_rows_asked_for_are_dealt() -> None:
    posts = posts_of(world("few", 1))
    rows = np.flatnonzero(np.isin(posts.item, [3, 5, 8, 13]))
    habits = Habits(posts, rows)
    assert np.array_equal(
        np.sort(habits.redeal(habits.account, np.random.default_rng(1))), np.sort(posts.account[rows])
    )


def test_who_is_early_by_habit_stays_early() -> None:
    rng = np.random.default_rng(1)
    delay = rng.uniform(300, 7_000, (200, 8))
    delay[:, 0], delay[:, 1] = rng.uniform(5, 50, 200), 0  # both within a minute of the item's first post
    posts = grid(delay)
    dealt = Habits(posts, np.arange(len(posts.item))).redeal(posts.account, np.random.default_rng(2))
    early = posts.time - posts.item * DAY <= 60
    for account in (0, 1):
        assert (dealt[early] == account).sum() >= 0.9 * 200
    late = np.bincount(dealt[~early & (dealt != posts.account)], minlength=8)
    assert (late[2:] > 50).all()  # all others change places


def test_accounts_with_one_habit_change_places_evenly() -> None:
    delay = np.tile([7.0, 17.0, 27.0], (300, 1))
    order = np.random.default_rng(3).permuted(np.tile(np.arange(3), (300, 1)), axis=1)
    posts = first_posts(np.repeat(np.arange(300), 3), order.ravel(), (np.arange(300)[:, None] * DAY + delay).ravel(), 3)
    habits, rng = Habits(posts, np.arange(900)), np.random.default_rng(4)
    held = np.zeros((3, 3))
    for _ in range(20):
        dealt = habits.redeal(posts.account, rng).reshape(300, 3)
        held += [np.bincount(dealt[:, slot], minlength=3) for slot in range(3)]
    start = np.array([np.bincount(order[:, slot], minlength=3) for slot in range(3)]) / 300
    assert held / held.sum(axis=1, keepdims=True) == pytest.approx(start, abs=0.06)


def test_a_deal_is_as_frequent_as_the_product_of_habits() -> None:
    """Two accounts and two slots: the odds of a deal are those of the four habits, with two posts' worth of prior."""
    first = np.arange(100) % 4 == 0  # account 1 is first at one in four items
    account = np.where(first[:, None], [1, 0], [0, 1])
    begin = np.arange(100) * DAY + 60.0 * np.random.default_rng(6).integers(0, 55, 100)  # on no schedule
    time = begin[:, None] + [7.0, 207.0]
    posts = first_posts(np.repeat(np.arange(100), 2), account.ravel(), time.ravel(), 2)
    whole = 101 / (200 + 16)
    early, late = (75 + 2 * whole) / 102, (25 + 2 * whole) / 102
    odds = (early / late) ** 2
    habits, rng = Habits(posts, np.arange(200)), np.random.default_rng(5)
    share = np.mean([(habits.redeal(posts.account, rng)[::2] == 0).mean() for _ in range(60)])
    assert share == pytest.approx(odds / (1 + odds), abs=0.02)


def test_posts_further_apart_than_the_reach_never_change_places() -> None:
    rng = np.random.default_rng(6)
    delay = np.c_[rng.uniform(0, 3_000, (150, 4)), rng.uniform(30_000, 33_000, (150, 4))]
    posts = grid(delay)
    dealt = Habits(posts, np.arange(len(posts.item))).redeal(posts.account, np.random.default_rng(7))
    soon = posts.time - posts.item * DAY < 10_000
    assert set(dealt[soon].tolist()) == {0, 1, 2, 3} and set(dealt[~soon].tolist()) == {4, 5, 6, 7}
    assert (dealt != posts.account).mean() > 0.3


# ---------------------------------------------------------------- rings


def test_close_rows_are_every_two_posts_of_an_item_within_the_window() -> None:
    rng = np.random.default_rng(8)
    posts = first_posts(rng.integers(6, size=80), rng.integers(20, size=80), rng.uniform(0, 600, 80).round(), 20)
    left, right = close_rows(posts, 60)
    expected = {
        (a, b)
        for a in range(len(posts.item))
        for b in range(a + 1, len(posts.item))
        if posts.item[a] == posts.item[b] and abs(posts.time[a] - posts.time[b]) <= 60
    }
    assert set(zip(left.tolist(), right.tolist(), strict=True)) == expected and len(left) == len(expected)


@pytest.mark.parametrize(("family", "seed"), [("few", 1), ("few", 2), ("now30", 1)])
def test_a_ring_is_found_with_its_members(family: str, seed: int) -> None:
    made = world(family, seed, ring=RingSpec(8, 0.1))
    found = analysed(made)
    (ring,) = [one for one in found.rings if set(one.members) & made.rings[0]]
    assert len(set(ring.members) & made.rings[0]) >= 7 and len(set(ring.members) - made.rings[0]) <= 1
    assert ring.p <= 0.01 and ring.observed > 1.2 * ring.expected and ring.items >= 20
    assert not ring.one_feed
    of_ring = found.ring_of > 0
    assert of_ring.sum() <= len(ring.members) * (len(ring.members) - 1) // 2
    assert (found.in_step & of_ring).sum() >= 20


def test_a_ring_is_named_also_where_all_of_its_pairs_are_in_step() -> None:
    made = world("now10", 1, ring=RingSpec(8, 0.1))
    assert find_rings(posts_of(made), 60)
    assert any(set(ring.members) & made.rings[0] for ring in analysed(made).rings)


def test_a_ring_is_the_same_by_its_seed() -> None:
    posts = posts_of(world("few", 1, ring=RingSpec(8, 0.1)))
    found = find_rings(posts, 60, seed=3)
    assert found == find_rings(posts, 60, seed=3)
    assert [ring.members for ring in found] == [ring.members for ring in find_rings(posts, 60, seed=4)]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_copying_pairs_alone_make_no_ring(seed: int) -> None:
    found = analysed(world("few", seed, 0.3))
    assert found.in_step.sum() >= 2
    assert not found.rings


@pytest.mark.parametrize("seed", range(5, 9))
def test_an_innocent_world_has_no_ring(seed: int) -> None:
    assert not find_rings(posts_of(world("few", seed)), 60)


def test_bots_of_one_wire_are_one_feed_and_named_apart() -> None:
    made = world("feed5", 1)
    found = analysed(made)
    (ring,) = found.rings
    assert set(ring.members) == made.feeds[0]
    assert ring.one_feed and ring.share > 0.8 and ring.p <= 0.01
    assert found.apart.count("one feed") == 10
    assert not found.in_step.any() and not found.ring_of.any()


@pytest.mark.parametrize("accounts", [0, 1, 2, 3])
def test_fewer_than_four_accounts_are_no_ring(accounts: int) -> None:
    assert find_rings(grid(np.zeros((30, accounts)) + np.arange(accounts)), 60) == []


# ---------------------------------------------------------------- the jitter


def test_the_jitter_is_what_moving_posts_within_their_bins_gives() -> None:
    """Five items of one pair, both in one bin at three, in neighbouring bins at one, further apart at one."""
    window, width, rng = 60.0, 600.0, np.random.default_rng(9)
    start = 600_000.0 * np.arange(1, 6)
    first, second = start + 100, start + np.array([110.0, 120, 30, 590, 2_000])
    second[3], first[3] = start[3] + 605, start[3] + 595
    posts = first_posts(np.tile(np.arange(5), 2), np.repeat([0, 1], 5), np.r_[first, second], 2)
    trials = trials_of(posts)
    hits = ((second - first >= 0) & (second - first <= window)).sum()
    assert hits == 3
    draws = 400_000
    one, other = (np.floor(time / width) * width + rng.uniform(0, width, (draws, 5)) for time in (first, second))
    turned = rng.random((draws, 5)) < 0.5  # who comes in the earlier bin is no habit of anybody's
    gap = np.where(turned, one - other, other - one)
    seen = (((gap >= 0) & (gap <= window)).sum(axis=1) >= hits).mean()
    p = jittered(trials, window, width, np.ones(1, bool))
    assert p[0] == pytest.approx(2 * seen, rel=0.12)


def test_the_jitter_of_a_pair_is_the_same_whoever_else_is_chosen() -> None:
    trials = trials_of(posts_of(world("few", 1, 0.3)))
    every = jittered(trials, 60, 1800, np.ones(trials.pairs, bool))
    some = np.arange(trials.pairs) % 3 == 0
    assert np.array_equal(every[some], jittered(trials, 60, 1800, some))
    assert ((every > 0) & (every <= 1)).all() and every.min() < 1e-6
    assert len(jittered(trials, 60, 1800, np.zeros(trials.pairs, bool))) == 0
