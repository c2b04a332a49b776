"""When accounts are awake: time zones, sleep, and mornings that are never quite the same."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

DAY, HOUR, MINUTE = 86_400.0, 3_600.0, 60.0
_SPAN = 36
"""Days with a morning: the month, with a margin on either side."""
_MARGIN = 2


@dataclass(frozen=True)
class Rhythm:
    """Mornings and waking hours of every account, in seconds."""

    mornings: np.ndarray
    """Float (accounts, days), seconds since START at which the account wakes up."""
    hours: np.ndarray
    """Float (accounts,), how long it stays up, in seconds; a whole day for newsrooms that never sleep."""

    def next_awake(self, account: np.ndarray, time: np.ndarray) -> np.ndarray:
        """Return `time` (seconds since START) where the account is awake then, else its next morning."""
        wake = self.mornings[:, _MARGIN]  # a day is counted from four hours before the habitual morning
        day = np.floor((time - wake[account] + 4 * HOUR) / DAY).astype(int) + _MARGIN
        day = np.clip(day, 0, _SPAN - 2)
        today, tomorrow = self.mornings[account, day], self.mornings[account, day + 1]
        late = time > today + self.hours[account]
        moved = np.where(late, tomorrow, np.maximum(time, today))
        return np.where(self.hours[account] >= DAY, time, moved)

    def awake(self, account: np.ndarray, time: np.ndarray) -> np.ndarray:
        """Return where the account is awake at `time`."""
        return self.next_awake(account, time) == time


def rhythms(rng: np.random.Generator, accounts: int, regions: int = 0) -> Rhythm:
    """Draw the rhythms: most accounts in one part of the world, a third anywhere; or in `regions` with shared hours."""
    if regions:
        home = 5 * HOUR + DAY / regions * rng.integers(regions, size=accounts)
        wake, unrest = home + rng.normal(0, 15 * MINUTE, accounts), 10 * MINUTE
    else:
        near, far = rng.normal(5 * HOUR, 1.5 * HOUR, accounts), rng.uniform(0, DAY, accounts)
        wake, unrest = np.where(rng.random(accounts) < 0.65, near, far), 30 * MINUTE
    days = np.arange(_SPAN) - _MARGIN
    jitter = np.clip(rng.normal(0, unrest, (accounts, _SPAN)), -3 * unrest, 3 * unrest)
    hours = rng.uniform(14, 18, accounts) * HOUR
    hours[rng.random(accounts) < 0.1] = DAY
    return Rhythm(wake[:, None] + days * DAY + jitter, hours)
