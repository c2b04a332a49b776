"""The network of CooRTweet 2.1.3 (Righetti and Balluff, R package): `detect_groups`, `generate_coordinated_network`.

Of accounts with at least `min_participation` shares, every two contents of one object by two accounts within the window
are a pair; contents that are the object itself are none. A pair stays if the account of either content has at least
`min_participation` contents in pairs. The weight of an edge is the number of its pairs.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from allegedly.synchrony.coactivity.posts import MIN_PARTICIPATION, Table
from allegedly.synchrony.coactivity.window import PAIRS, Bools, Ints, Tally, Weights, chunks, laid_out, partners


def weigh_contents(table: Table, window: float, least: int = MIN_PARTICIPATION, size: int = PAIRS) -> Weights:
    """Weigh each two accounts (first < second) by their pairs of contents within `window` seconds."""
    shares = np.bincount(table.account, minlength=len(table.accounts))
    table = table.rows(shares[table.account] >= least)
    free = table.rows(~table.own)
    if not len(free):
        return Tally(len(table.accounts)).weights()
    paired = np.zeros(int(table.post.max()) + 1, bool)
    for left, right, of in _pairs(free, window, size):
        paired[of.post[left]] = paired[of.post[right]] = True
    takes_part = np.bincount(table.account[paired[table.post]], minlength=len(table.accounts)) >= least
    stays = np.zeros(len(paired), bool)
    stays[table.post[paired[table.post] & takes_part[table.account]]] = True
    return _summed(free, window, size, stays)


def _summed(free: Table, window: float, size: int, stays: Bools) -> Weights:
    total = Tally(len(free.accounts))
    for left, right, of in _pairs(free, window, size):
        kept = stays[of.post[left]] | stays[of.post[right]]
        one, other = of.account[left[kept]], of.account[right[kept]]
        total.count(np.minimum(one, other), np.maximum(one, other))
    return total.weights()


def _pairs(table: Table, window: float, size: int) -> Iterator[tuple[Ints, Ints, Table]]:
    """Yield all pairs of rows of one object, two contents and two accounts within the window, in chunks."""
    table = table.rows(np.lexsort((table.time, table.item)))
    _, high = partners(table.item, table.time, window)
    rows = np.arange(len(table))
    for start, stop in chunks(high - rows - 1, size):
        left, right = laid_out(rows[start:stop], rows[start:stop] + 1, high[start:stop])
        apart = (table.account[left] != table.account[right]) & (table.post[left] != table.post[right])
        yield left[apart], right[apart], table
