"""Trials: first posts only, every two of an item, batches as one occasion, and no order of input that matters."""

from __future__ import annotations

import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent.parent / "evals"))

from allegedly.synchrony.analysis import Synchrony, analyse
from allegedly.synchrony.trials import CHAIN, MOST_POSTERS, Trials, first_posts, trials_of
from worlds import world

Rows = list[tuple[int, int, float]]
POSTS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 3000).map(float)), max_size=30)


def trials(rows: Rows, accounts: int = 5, seed: int = 0) -> Trials:
    item, account, time = (np.array(column) for column in zip(*rows, strict=True)) if rows else (np.zeros(0, int),) * 3
    return trials_of(first_posts(item, account, time.astype(float), accounts), seed)


def told(made: Trials) -> list[tuple[int, int, int, float, float]]:
    """(item, first account, second, time, gap) of each trial."""
    rows = zip(made.item, made.first[made.pair], made.second[made.pair], made.time, made.gap, strict=True)
    return [(int(i), int(a), int(b), float(t), float(g)) for i, a, b, t, g in rows]


@given(POSTS)
@settings(max_examples=80, deadline=None)
def test_every_two_first_posts_of_an_item_are_a_trial(rows: Rows) -> None:
    first: dict[tuple[int, int], float] = {}
    for item, account, time in rows:
        first[item, account] = min(time, first.get((item, account), time))
    expected = [
        (i, a, b, min(first[i, a], first[i, b]), abs(first[i, a] - first[i, b]))
        for (i, a), (j, b) in combinations(sorted(first), 2)
        if i == j
    ]
    made = trials(rows)
    assert sorted(told(made)) == sorted(expected)
    assert (made.first < made.second).all()
    assert (np.diff(made.pair) >= 0).all() and (np.diff(made.chain) >= 0).all()
    posters = {item: sum(i == item for i, _ in first) for item, _ in first}
    assert made.posters.tolist() == [posters[item] for item in made.item.tolist()]
    for early, late, item, gap in zip(made.early, made.late, made.item, made.gap, strict=True):
        assert first[int(item), int(late)] - first[int(item), int(early)] == gap


@given(POSTS)
@settings(max_examples=80, deadline=None)
def test_what_follows_within_the_chain_is_one_occasion(rows: Rows) -> None:
    made = trials(rows)
    for pair in range(made.pairs):
        own = made.pair == pair
        same = np.diff(made.chain[own]) == 0
        assert (same == (np.diff(made.time[own]) <= CHAIN)).all()
    if made.pairs > 1:
        borders = np.diff(made.pair) != 0
        assert (np.diff(made.chain)[borders] == 1).all()


def test_a_batch_counts_once_and_a_chain_is_as_long_as_its_links_hold() -> None:
    rows = [(item, account, 800.0 * item + account) for item in range(4) for account in (0, 1)]
    assert trials(rows).chain.tolist() == [0, 0, 0, 0]
    later = [(item, account, time + (900 if item > 1 else 0)) for item, account, time in rows]
    assert trials(later).chain.tolist() == [0, 0, 1, 1]


def test_who_was_first_is_tossed_where_the_clocks_show_no_difference() -> None:
    rows = [(item, account, 5_000.0 * item) for item in range(400) for account in (0, 1)]
    made = trials(rows)
    assert 150 < made.upward.sum() < 250
    assert not (made.upward == trials(rows, seed=1).upward).all()
    assert (made.upward == trials(rows).upward).all()
    assert trials([(i, a, t + a) for i, a, t in rows]).upward.all()


def crowd(posters: int, items: int = 1) -> Rows:
    return [(item, account, 60.0 * account) for item in range(items) for account in range(posters)]


def test_only_an_item_with_more_than_the_most_posters_is_sampled() -> None:
    assert trials(crowd(MOST_POSTERS), MOST_POSTERS).sampled == 0
    made = trials([*crowd(MOST_POSTERS + 1), (1, 0, 0.0), (1, 1, 9.0)], MOST_POSTERS + 1)
    assert made.sampled == 1
    assert (made.item == 0).sum() == MOST_POSTERS * (MOST_POSTERS - 1) // 2
    assert (made.item == 1).sum() == 1
    assert set(made.posters[made.item == 0].tolist()) == {MOST_POSTERS}


def test_a_sample_is_the_same_every_time_and_another_for_another_seed() -> None:
    rows = crowd(MOST_POSTERS + 60)
    made = trials(rows, MOST_POSTERS + 60)
    assert told(made) == told(trials(rows[::-1], MOST_POSTERS + 60))
    assert told(made) != told(trials(rows, MOST_POSTERS + 60, seed=1))


def test_a_sample_prefers_no_time() -> None:
    count, items = MOST_POSTERS + 50, 40
    posts = first_posts(*(np.array(column) for column in zip(*crowd(count, items), strict=True)), count)
    made = trials_of(posts)
    kept = np.zeros((items, count))
    kept[made.item, made.early] = kept[made.item, made.late] = 1
    assert (kept.sum(axis=1) == MOST_POSTERS).all()
    share = MOST_POSTERS / count
    for part in np.array_split(kept, 5, axis=1):  # early to late, each five standard deviations wide
        assert part.mean() == pytest.approx(share, abs=5 * np.sqrt(share * (1 - share) / part.size))
    assert kept.mean(axis=0).min() > 0 and kept.mean(axis=0).max() <= 1


def flagged(found: Synchrony, label: np.ndarray) -> dict[tuple[int, int], tuple[int, float, float]]:
    """Pairs in step by their old names."""
    trials, name = found.trials, np.argsort(label)
    return {
        (min(a, b), max(a, b)): (int(found.tested.observed[at]), float(found.tested.p[at]), float(found.tested.q[at]))
        for at in np.flatnonzero(found.in_step)
        for a, b in [(int(name[trials.first[at]]), int(name[trials.second[at]]))]
    }


@pytest.fixture(scope="module")
def made() -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    copied = world("few", 1, 0.3)
    return copied.item, copied.account, copied.time, copied.accounts


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_rows_does_not_matter(made: tuple[np.ndarray, np.ndarray, np.ndarray, int], seed: int) -> None:
    item, account, time, accounts = made
    order = np.random.default_rng(seed).permutation(len(item))
    found, again = (
        analyse(item, account, time, accounts),
        analyse(item[order], account[order], time[order], accounts),
    )
    assert found.in_step.sum() >= 3
    for name in ("observed", "expected", "forward", "backward", "p", "q"):
        assert np.array_equal(getattr(found.tested, name), getattr(again.tested, name))
    assert found.rings == again.rings


@pytest.mark.parametrize("seed", [1, 2])
def test_the_names_of_accounts_and_items_do_not_matter(
    made: tuple[np.ndarray, np.ndarray, np.ndarray, int], seed: int
) -> None:
    item, account, time, accounts = made
    rng = np.random.default_rng(seed)
    label, title = rng.permutation(accounts), rng.permutation(item.max() + 1)
    found = flagged(analyse(item, account, time, accounts), np.arange(accounts))
    again = flagged(analyse(title[item], label[account], time, accounts), label)
    assert found.keys() == again.keys() and len(found) >= 3
    for pair, (observed, p, q) in found.items():
        assert again[pair][0] == observed
        assert again[pair][1:] == pytest.approx((p, q), rel=1e-6)


def test_a_later_post_of_the_same_item_changes_nothing(made: tuple[np.ndarray, np.ndarray, np.ndarray, int]) -> None:
    item, account, time, accounts = made
    found = analyse(item, account, time, accounts)
    twice = analyse(np.r_[item, item], np.r_[account, account], np.r_[time, time + 7], accounts)
    assert np.array_equal(found.tested.p, twice.tested.p)
