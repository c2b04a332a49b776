"""The simulated worlds: the same every time, of the size they promise, and with their truth in the data."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

EVALS = Path(__file__).parent.parent / "evals"
sys.path.insert(0, str(EVALS))

from worlds import FAMILIES, RingSpec, World, world  # noqa: E402

RING = RingSpec(size=10, share=0.1)
EVERY = pytest.mark.parametrize("family", FAMILIES)


def times(made: World) -> np.ndarray:
    """Return the times as (items, accounts), NaN where there is no post."""
    grid = np.full((made.item.max() + 1, made.accounts), np.nan)
    grid[made.item, made.account] = made.time
    return grid


def same(one: World, other: World) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in ("item", "account", "time"))


@EVERY
def test_a_world_is_of_its_size_and_sorted(family: str) -> None:
    made = world(family, 1)
    posts = len(made.time)
    assert (1_400 if family == "few" else 3_500) <= posts <= 14_000
    assert len(np.unique(made.item * made.accounts + made.account)) == posts
    assert len(np.unique(made.account)) < made.accounts
    assert (np.diff(made.time) >= 0).all()
    days = (made.time - 1_709_251_200) / 86_400
    assert 0 <= days.min() < 1 and 29 < days.max() < 34
    assert not made.pairs and not made.rings
    assert (made.declared is not None) == (family == "reposts")


@EVERY
def test_a_world_is_the_same_every_time(family: str) -> None:
    first, second = world(family, 3, 0.1, RING), world(family, 3, 0.1, RING)
    assert same(first, second)
    assert (first.pairs, first.rings, first.readers) == (second.pairs, second.rings, second.readers)
    assert not same(first, world(family, 4, 0.1, RING))


def test_a_world_is_the_same_in_another_process() -> None:
    code = "from worlds import world; print(repr(world('now10', 7, 0.1).time.sum()))"
    out = subprocess.run([sys.executable, "-c", code], cwd=EVALS, capture_output=True, text=True, check=True).stdout
    assert out.strip() == repr(world("now10", 7, 0.1).time.sum())


@pytest.mark.parametrize("family", ["now10", "c_open10", "clock60", "missing", "batch"])
def test_planting_leaves_all_other_accounts_as_they_were(family: str) -> None:
    plain, planted = times(world(family, 5)), world(family, 5, 0.1, RING)
    touched = {follower for _, follower in planted.pairs}.union(*planted.rings)
    others = np.setdiff1d(np.arange(planted.accounts), list(touched))
    assert np.array_equal(plain[:, others], times(planted)[: len(plain), others], equal_nan=True)


@pytest.mark.parametrize("copying", [0.1, 0.3])
@pytest.mark.parametrize("family", ["slot67", "now5", "schedule", "reposts", "feed10", "c_open30", "c_graph10"])
def test_a_follower_takes_up_the_share_asked_for_within_30_s(family: str, copying: float) -> None:
    made = world(family, 2, copying)
    grid = times(made)
    assert len(made.pairs) == 10 and len({account for pair in made.pairs for account in pair}) == 20
    for leader, follower in made.pairs:
        gap = grid[:, follower] - grid[:, leader]
        led = np.isfinite(grid[:, leader]).sum()
        assert led >= 10
        assert round(copying * led) <= ((gap >= 5) & (gap <= 30)).sum() <= 0.2 * led + max(1, round(copying * led))
        assert not made.readers & {(leader, follower), (follower, leader)}
        assert (min(leader, follower), max(leader, follower)) not in made.scheduled


@pytest.mark.parametrize(("size", "share"), [(3, 0.1), (5, 0.03), (10, 0.03), (20, 0.1)])
@pytest.mark.parametrize("family", ["now60", "c_open60"])
def test_a_ring_turns_out_at_its_share_of_the_items(family: str, size: int, share: float) -> None:
    made = world(family, 6, ring=RingSpec(size, share))
    (ring,) = made.rings
    grid = times(made)[:, sorted(ring)]
    near = np.abs(grid[:, :, None] - grid[:, None, :]) <= 45
    most = near.sum(2).max(1)  # the largest gathering of each item
    acted = round(share * len(np.unique(made.item)))
    gatherings = np.sort(most)[::-1][:acted]
    assert len(ring) == size
    assert gatherings.min() >= 2
    assert gatherings.mean() == pytest.approx(max(0.6 * size, 2.1), rel=0.2)


def test_coarse_clocks_show_only_what_they_can_planted_or_not() -> None:
    assert not (world("clock60", 1, 0.1, RING).time % 60).any()
    assert not (world("clock5", 1, 0.1, RING).time % 300).any()
    mixed = world("clockmix", 1, 0.1, RING)
    coarse = [not (mixed.time[mixed.account == account] % 60).any() for account in np.unique(mixed.account)]
    assert 0.3 < np.mean(coarse) < 0.7


def test_feed_bots_post_the_wire_and_nothing_else() -> None:
    made = world("feed5", 1)
    (bots,) = made.feeds
    grid = times(made)[:, sorted(bots)]
    wire = grid[np.isfinite(grid).any(1)]
    assert len(bots) == 5 and np.isfinite(wire).mean() == pytest.approx(0.95, abs=0.02)
    assert (np.nanmax(wire, 1) - np.nanmin(wire, 1) <= 75).all()


def test_wires_have_bots_of_their_own() -> None:
    first, second = world("wires", 1).feeds
    assert len(first) == len(second) == 4 and not first & second


@pytest.mark.parametrize(("family", "low", "high"), [("copycats3", 2, 4.5), ("copycats8", 5, 12), ("reposts", 0.5, 1)])
def test_readers_follow_their_source(family: str, low: float, high: float) -> None:
    made, lags = world(family, 1), []
    grid = times(made)
    flags = np.zeros(grid.shape, bool)
    if made.declared is not None:
        flags[made.item, made.account] = made.declared
    for source, reader in made.readers:
        gap = (grid[:, reader] - grid[:, source]) / 60
        ours = flags[:, reader] if made.declared is not None else (gap > 0) & (gap < 30)
        assert ours.sum() >= 0.1 * np.isfinite(grid[:, source]).sum()
        lags += gap[ours].tolist()
    assert low < np.median(lags) < high


@pytest.mark.parametrize("family", ["schedule", "halfhours"])
def test_a_shared_schedule_is_named(family: str) -> None:
    made = world(family, 1)
    phase = (made.time % 1800)[np.argsort(made.account, kind="stable")]
    account = np.sort(made.account)
    ends = {int(a): (phase[account == a].min(), phase[account == a].max()) for a in np.unique(account)}
    kept = {a: low for a, (low, high) in ends.items() if high - low <= 15 and (account == a).sum() > 20}
    close = {(a, b) for a in kept for b in kept if a < b and abs(kept[a] // 60 - kept[b] // 60) in (0, 1, 29)}
    assert len(close) > 50 and close <= made.scheduled
    assert all(a < b for a, b in made.scheduled)


def test_owners_break_their_stories_in_minutes() -> None:
    made = world("owners", 1)
    grid = times(made)
    assert len(made.owners) == 4
    for company in made.owners:
        own = grid[:, sorted(company)]
        rows = own[np.isfinite(own).sum(1) >= 2]
        gaps = np.nanmax(rows, 1) - np.nanmin(rows, 1)
        assert 3 <= len(company) <= 6 and (gaps <= 19 * 60).sum() >= 15


def test_dumps_come_at_once() -> None:
    def bunched(made: World) -> float:
        order = np.lexsort((made.time, made.account))
        return float((np.diff(made.time[order]) < 90)[np.diff(made.account[order]) == 0].mean())

    assert bunched(world("dumps", 1)) > 2 * bunched(world("now30", 1))


def test_a_world_as_a_table_with_its_truth(tmp_path: Path) -> None:
    out = tmp_path / "world.csv"
    command = [
        sys.executable,
        str(EVALS / "worlds"),
        "reposts",
        "4",
        "--copying",
        "0.1",
        "--ring",
        "10",
        "-o",
        str(out),
    ]
    subprocess.run(command, check=True)
    made = world("reposts", 4, 0.1, RingSpec(10, 0.03))
    with out.open(newline="") as file:
        rows = list(csv.DictReader(file))
    truth = json.loads(out.with_suffix(".json").read_text())
    assert list(rows[0]) == ["item", "account", "time", "declared"]
    assert [int(row["account"]) for row in rows] == made.account.tolist()
    assert [float(row["time"]) for row in rows] == pytest.approx(made.time, abs=1e-3)
    assert {tuple(pair) for pair in truth["pairs"]} == made.pairs
    assert truth["rings"] == [sorted(made.rings[0])]
