"""What the test found, as tables: pairs, rings, the posts behind them, and the network; as CSV, Parquet and GEXF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from allegedly.synchrony.analysis import Synchrony, audit, sensitivity
from allegedly.synchrony.trials import Bools, Floats, Ints

Columns = dict[str, list[Any]]
"""Columns of equal length by name."""
_SHOWN_PAIRS = 400
_SHOWN_POSTS = 60


@dataclass(frozen=True, slots=True)
class Names:
    """What codes stand for: `items` and `accounts`, in their order."""

    items: Sequence[str]
    accounts: Sequence[str]


def pair_rows(found: Synchrony, names: Names) -> Columns:
    """All pairs that share an item, the least likely by chance first."""
    tested, trials = found.tested, found.trials
    order = np.lexsort((-tested.observed, tested.p))
    first, second = trials.first[order], trials.second[order]
    apart, ring, in_step = found.apart, found.ring_of, found.in_step
    return {
        "account_1": [names.accounts[code] for code in first],
        "account_2": [names.accounts[code] for code in second],
        "observed": tested.observed[order].tolist(),
        "expected": _rounded(tested.expected[order]),
        "ratio": _rounded((tested.observed / np.maximum(tested.expected, 1e-12))[order]),
        "ratio_low": _rounded(found.low[order]),
        "ratio_high": _rounded(found.high[order]),
        "account_2_follows": tested.forward[order].tolist(),
        "account_1_follows": tested.backward[order].tolist(),
        "p": _rounded(tested.p[order]),
        "q": _rounded(found.q[order]),
        "in_step": in_step[order].tolist(),
        "apart": [apart[at] for at in order],
        "ring": ring[order].tolist(),
        "shared_items": np.bincount(trials.pair, minlength=trials.pairs)[order].tolist(),
    }


def ring_rows(found: Synchrony, names: Names) -> Columns:
    """One row for each member of each ring, and of each feed under several names."""
    rows: Columns = {
        key: [] for key in ("ring", "kind", "account", "items", "observed", "expected", "strength", "p", "share")
    }
    for number, ring in enumerate(found.rings, 1):
        for member in ring.members:
            row = (
                number, "one feed" if ring.one_feed else "ring", names.accounts[member], ring.items,
                round(ring.observed, 4), round(ring.expected, 4), round(ring.strength, 2), ring.p, round(ring.share, 4),
            )  # fmt: skip
            for key, value in zip(rows, row, strict=True):
                rows[key].append(value)
    return rows


def coincidence_rows(found: Synchrony, names: Names) -> Columns:
    """The posts behind every pair in step, side by side: one row for each two posts within the window."""
    trials = found.trials
    rows = np.flatnonzero(found.in_step[trials.pair] & (trials.gap <= found.window))
    return {
        "account_1": [names.accounts[code] for code in trials.early[rows]],
        "account_2": [names.accounts[code] for code in trials.late[rows]],
        "item": [names.items[code] for code in trials.item[rows]],
        "time_1": [iso(second) for second in trials.time[rows]],
        "time_2": [iso(second) for second in trials.time[rows] + trials.gap[rows]],
        "gap_seconds": _rounded(trials.gap[rows]),
    }


def network_rows(found: Synchrony, names: Names) -> Columns:
    """The pairs in step as edges; `weight` is how often they were close."""
    pairs = pair_rows(found, names)
    kept = [at for at, edge in enumerate(pairs["in_step"]) if edge]
    wanted = ("account_1", "account_2", "observed", "expected", "ratio", "p", "q", "ring")
    edges = {key: [pairs[key][at] for at in kept] for key in wanted}
    return {"weight" if key == "observed" else key: column for key, column in edges.items()}


def view(found: Synchrony, names: Names, documents: Sequence[str] = ()) -> dict[str, Any]:
    """All that the report and the app show, as JSON can hold it; times in seconds since 1970 UTC.

    `documents`, if given, are ids of the documents of `found.posts`, row by row.
    """
    tested, trials = found.tested, found.trials
    shown = np.lexsort((-tested.observed, tested.p))[:_SHOWN_PAIRS]
    shown = shown[tested.observed[shown] > 0]
    accounts = np.unique(np.concatenate([trials.first[shown], trials.second[shown], _members(found)]))
    place = {int(code): at for at, code in enumerate(accounts)}
    windows = sensitivity(found)
    pairs = _shown_pairs(found, names, shown, place, {seconds: q for seconds, (_, q) in windows.items()})
    _add_documents(found, pairs, shown, documents)
    return {
        "window": found.window, "grain": found.grain, "alpha": found.alpha, "tests": found.tests,
        "posts": len(found.posts.item), "items": len(np.unique(trials.item)), "met": trials.pairs,
        "sampled_items": trials.sampled,
        "in_step": int(found.in_step.sum()),
        "apart": int(((tested.q <= found.alpha) & ~found.in_step).sum()),
        "accounts": _shown_accounts(found, names, accounts),
        "pairs": pairs,
        "rings": [
            {
                "members": [place[code] for code in ring.members], "one_feed": ring.one_feed, "items": ring.items,
                "observed": ring.observed, "expected": ring.expected, "strength": ring.strength,
                "p": ring.p, "share": ring.share,
            }
            for ring in found.rings
        ],
        "windows": {f"{seconds:g}": count for seconds, (count, _) in windows.items()},
        "terms": {name: round(value, 4) for name, value in found.tested.null.coefficients.items()},
    }  # fmt: skip


def _members(found: Synchrony) -> Ints:
    return np.array([member for ring in found.rings for member in ring.members], np.int64)


def _shown_accounts(found: Synchrony, names: Names, accounts: Ints) -> list[dict[str, Any]]:
    count = np.bincount(found.posts.account, minlength=found.posts.accounts)
    null, clocks = found.tested.null, found.clocks
    return [
        {
            "name": names.accounts[code], "posts": int(count[code]), "early": round(float(null.early[code]), 3),
            "factor": round(float(null.factor[code]), 3), "grain": float(clocks.grain[code]),
            "scheduled": bool(clocks.scheduled[code].any()),
        }
        for code in accounts
    ]  # fmt: skip


def _shown_pairs(
    found: Synchrony, names: Names, shown: Ints, place: dict[int, int], at_windows: dict[float, Floats]
) -> list[dict[str, Any]]:
    tested, trials, apart, ring = found.tested, found.trials, found.apart, found.ring_of
    chosen = np.zeros(trials.pairs, bool)
    chosen[shown] = True
    jitter = {f"{width:g}": _spread(chosen, p) for width, p in audit(found, chosen).items()}
    windows = {f"{seconds:g}": q for seconds, q in at_windows.items()}
    return [
        {
            "a": place[int(trials.first[at])], "b": place[int(trials.second[at])], "observed": int(tested.observed[at]),
            "expected": _short(tested.expected[at]), "low": _short(found.low[at]), "high": _short(found.high[at]),
            "forward": int(tested.forward[at]), "backward": int(tested.backward[at]), "p": _short(tested.p[at]),
            "q": _short(tested.q[at]), "apart": apart[at], "ring": int(ring[at]),
            "windows": {width: _short(q[at]) for width, q in windows.items()},
            "jitter": {width: _short(p[at]) for width, p in jitter.items()},
            "posts": [], "more": 0,
        }
        for at in shown
    ]  # fmt: skip


def _add_documents(found: Synchrony, pairs: list[dict[str, Any]], shown: Ints, documents: Sequence[str]) -> None:
    """Give each pair its coincidences: item, time and account of the earlier post, gap, and documents where known."""
    trials, posts = found.trials, found.posts
    row = (
        {(int(i), int(a)): at for at, (i, a) in enumerate(zip(posts.item, posts.account, strict=True))}
        if documents
        else {}
    )
    number = {int(pair): at for at, pair in enumerate(shown)}
    for at in np.flatnonzero((trials.gap <= found.window) & np.isin(trials.pair, shown)):
        pair = pairs[number[int(trials.pair[at])]]
        if len(pair["posts"]) == _SHOWN_POSTS:
            pair["more"] += 1
            continue
        item, early, late = int(trials.item[at]), int(trials.early[at]), int(trials.late[at])
        one: dict[str, Any] = {
            "item": item,
            "time": float(trials.time[at]),
            "gap": float(trials.gap[at]),
            "first": int(trials.first[trials.pair[at]] == early),
        }
        if documents:
            one["documents"] = [documents[row[item, early]], documents[row[item, late]]]
        pair["posts"].append(one)


def _spread(chosen: Bools, values: Floats) -> Floats:
    whole = np.ones(len(chosen))
    whole[chosen] = values
    return whole


def _short(value: float) -> float:
    return float(f"{float(value):.4g}")


def _rounded(values: Floats) -> list[float]:
    return [float(f"{value:.6g}") for value in values]


def iso(seconds: float) -> str:
    """ISO 8601 in UTC; fractions of seconds only where there are some."""
    whole = datetime.fromtimestamp(float(seconds), UTC)
    return whole.isoformat(timespec="milliseconds" if whole.microsecond else "seconds").replace("+00:00", "Z")
