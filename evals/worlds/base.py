"""First make of world: news breaks, and everybody who takes it up reacts by themselves after a delay of their own.

The delay is log-normal. It ends at once where the account is awake (`slots` = 0), or at the next of the account's own
posting slots, a Poisson process by its rate and rhythm. Given the item and the two accounts, the delays of two accounts
are independent.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from worlds.records import DAYS, NEVER, Draft
from worlds.rhythm import DAY, HOUR, MINUTE, Rhythm, rhythms

_OLD = 48 * HOUR
"""News older than this is not posted any more."""
_TOPICS = 8


@dataclass(frozen=True)
class News:
    """How a world of reactions is made."""

    median: float = 30.0
    """Median reaction while awake, in minutes."""
    slots: float = 0.0
    """Own posting slots an hour awake (median over accounts); 0 for posting at once."""
    account_speed: float = 0.0
    """Sigma of the log-normal factor on all delays of an account; where set, one in twelve is ten times as fast."""
    item_speed: float = 0.0
    """Sigma of the log-normal factor on all delays of an item."""
    topic_speed: float = 0.0
    """Sigma of the same for a topic; where set, every account keeps to a few topics."""
    again: float = 0.0
    """Share of the items that break again, twice, hours later."""
    popular: float = 0.0
    """Share of the items that nearly everybody posts."""
    regions: int = 0
    """Regions with shared waking hours; 0 for none."""
    accounts: tuple[int, int] = (90, 101)
    items: tuple[int, int] = (950, 1051)
    posts: tuple[float, float] = (5_500.0, 8_500.0)
    """Range of the posts expected, before popular items."""

    def __call__(self, rng: np.random.Generator) -> Draft:
        accounts, items = int(rng.integers(*self.accounts)), int(rng.integers(*self.items))
        rhythm, born = rhythms(rng, accounts, self.regions), news_times(rng, items)
        topic = rng.integers(_TOPICS, size=items)
        chance = self._chance(rng, topic, accounts)
        item, account = np.nonzero(rng.random((items, accounts)) < chance)
        draft = Draft(np.full((items, accounts), NEVER), born, rhythm)
        draft.time[item, account] = self._times(rng, draft, topic, item, account)
        return draft

    def _chance(self, rng: np.random.Generator, topic: np.ndarray, accounts: int) -> np.ndarray:
        """Return the probability (items, accounts) that an account takes an item up."""
        interest = rng.gamma(0.4, size=(_TOPICS, accounts)) if self.topic_speed else np.ones((_TOPICS, accounts))
        odds = rng.lognormal(0, 0.9, (len(topic), 1)) * activity(rng, accounts) * interest[topic]
        chance = scaled(odds, rng.uniform(*self.posts))
        loved = rng.random(len(topic)) < self.popular
        chance[loved] = np.where(chance[loved] > 0, 0.9, 0)
        return chance

    def _times(
        self, rng: np.random.Generator, draft: Draft, topic: np.ndarray, item: np.ndarray, account: np.ndarray
    ) -> np.ndarray:
        """Return the times (seconds since START) of the posts of `item` by `account`."""
        born, rhythm = draft.born, draft.rhythm
        news = born[item] + self._echo(rng, len(born), item)
        delay = self.median * MINUTE * rng.lognormal(0, 1, len(item))
        delay *= self._account_factor(rng, len(rhythm.hours))[account]
        delay *= rng.lognormal(0, self.item_speed, len(born))[item]
        delay *= rng.lognormal(0, self.topic_speed, _TOPICS)[topic[item]]
        time = news + delay
        time = self._at_slot(rng, account, time, rhythm) if self.slots else at_once(rng, account, time, rhythm)
        return np.where(time - news <= _OLD, time, NEVER)

    def _account_factor(self, rng: np.random.Generator, accounts: int) -> np.ndarray:
        factor = rng.lognormal(0, self.account_speed, accounts)
        return factor * np.where((rng.random(accounts) < 1 / 12) & (self.account_speed > 0), 0.1, 1)

    def _echo(self, rng: np.random.Generator, items: int, item: np.ndarray) -> np.ndarray:
        """Return how long (seconds) after its first break an item broke for each post: 0 for most."""
        breaks = np.c_[np.zeros(items), rng.uniform(2 * HOUR, 30 * HOUR, (items, 2))]
        breaks[rng.random(items) >= self.again] = 0
        return breaks[item, rng.choice(3, len(item), p=(0.5, 0.3, 0.2))]

    def _at_slot(self, rng: np.random.Generator, account: np.ndarray, time: np.ndarray, rhythm: Rhythm) -> np.ndarray:
        """Return the account's first own slot after `time`; what waited for one slot goes out within a few minutes."""
        rate = self.slots / HOUR * rng.lognormal(0, 0.4, len(rhythm.hours))
        end = (DAYS + 4) * DAY
        slot_account = np.repeat(np.arange(len(rate)), rng.poisson(rate * end))
        slot = rng.uniform(0, end, len(slot_account))
        kept = rhythm.awake(slot_account, slot)
        key = np.sort(slot_account[kept] * (2 * end) + slot[kept])  # one sorted line of all accounts, far apart
        found = np.append(key, NEVER)[np.searchsorted(key, account * (2 * end) + time)] - account * (2 * end)
        return np.where(found < end, found, NEVER) + rng.uniform(0, 3 * MINUTE, len(time))


def at_once(rng: np.random.Generator, account: np.ndarray, time: np.ndarray, rhythm: Rhythm) -> np.ndarray:
    """Return `time` where the account is awake; half of a night's news is caught up with over the morning."""
    ready = rhythm.next_awake(account, time)
    morning = np.where(rng.random(len(time)) < 0.5, ready + rng.exponential(50 * MINUTE, len(time)), NEVER)
    return np.where(ready == time, time, morning)


def news_times(rng: np.random.Generator, items: int) -> np.ndarray:
    """Draw when items break (seconds since START): three times as many by day as by night, UTC."""
    weight = 1 + 0.5 * np.sin((np.arange(24) - 7) / 24 * 2 * np.pi)
    hour = rng.choice(24, items, p=weight / weight.sum()) + rng.random(items)
    return np.sort(rng.integers(DAYS, size=items) * DAY + hour * HOUR)


def activity(rng: np.random.Generator, accounts: int) -> np.ndarray:
    """Draw how much accounts post, heavy-tailed; two to four of them never do."""
    level = rng.lognormal(0, 1.0, accounts)
    level[rng.choice(accounts, rng.integers(2, 5), replace=False)] = 0
    return level


def scaled(odds: np.ndarray, posts: float) -> np.ndarray:
    """Turn odds into probabilities that sum to `posts`."""
    factor = posts / odds.sum()
    for _ in range(12):
        factor *= posts / (factor * odds / (1 + factor * odds)).sum()
    return factor * odds / (1 + factor * odds)
