"""What happens to posts, planted ones too, before anybody sees them: gathered, lost, rounded."""

from __future__ import annotations

import numpy as np

from worlds.records import NEVER, Draft, Step
from worlds.rhythm import HOUR


def gathered(accounts: float, longest: float) -> Step:
    """A share of the accounts looks away now and then, and posts all that gathered within a minute and a half after.

    Every 3 to 5 hours, for half of `longest` to `longest` hours.
    """

    def step(draft: Draft, rng: np.random.Generator) -> None:
        size = draft.time.shape[1]
        every, shift = rng.uniform(3, 5, size) * HOUR, rng.uniform(0, 5, size) * HOUR
        late = rng.uniform(0, 0.5, (size, 400))
        away = rng.uniform(longest / 2, longest, (size, 400)) * HOUR
        joins = rng.random(size) < accounts
        extra = rng.uniform(0, 90, draft.time.shape)  # for all cells, so that planting changes nothing else
        item, account = np.nonzero(np.isfinite(draft.time) & joins)
        time = draft.time[item, account]
        cell = ((time + shift[account]) // every[account]).astype(int)
        ends = [(c + late[account, c]) * every[account] - shift[account] for c in (cell, cell + 1)]
        back, cell = np.where(time <= ends[0], ends[0], ends[1]), np.where(time <= ends[0], cell, cell + 1)
        missed = back - time <= away[account, cell]
        draft.time[item, account] = np.where(missed, back + extra[item, account], time)

    return step


def missing(share: float) -> Step:
    """A share of the posts was never collected."""

    def step(draft: Draft, rng: np.random.Generator) -> None:
        draft.time[rng.random(draft.time.shape) < share] = NEVER

    return step


def rounded(seconds: float, accounts: float = 1.0) -> Step:
    """Clocks that show so many seconds only (rounded down), for a share of the accounts."""

    def step(draft: Draft, rng: np.random.Generator) -> None:
        coarse = rng.random(draft.time.shape[1]) < accounts
        draft.time[:, coarse] = np.floor(draft.time[:, coarse] / seconds) * seconds

    return step
