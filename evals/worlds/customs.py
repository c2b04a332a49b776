"""What innocent accounts do besides reacting by themselves: waves, reading one source, feeds, schedules, company desks.

Each function returns a step that changes a draft. Where a custom ties two accounts, the draft says so.
"""

from __future__ import annotations

import numpy as np

from worlds.records import NEVER, Draft, Step, members, paired
from worlds.rhythm import MINUTE


def waves(hubs: int = 5, audience: int = 0) -> Step:
    """When a large account posts, some who have not posted yet follow within minutes (median 4).

    Anybody may follow, or only the hub's own `audience` of so many accounts: then source and follower are tied, and
    so are two followers, which only the hub explains.
    """

    def step(draft: Draft, rng: np.random.Generator) -> None:
        alive = np.flatnonzero(draft.posts)
        for hub in np.argsort(-draft.posts, kind="stable")[:hubs]:
            crowd = np.setdiff1d(alive, hub)
            if audience:
                crowd = rng.choice(crowd, audience, replace=False)
                draft.readers |= paired(np.full(audience, hub), crowd)
            _wave(draft, rng, hub, crowd, *((0.5, 0.12) if audience else (0.25, 0.02)))

    return step


def _wave(draft: Draft, rng: np.random.Generator, hub: int, crowd: np.ndarray, later: float, others: float) -> None:
    """Pull a share `later` of the later posts of the crowd to the hub's, and add a share `others` of new ones."""
    items = np.flatnonzero(np.isfinite(draft.time[:, hub]))
    own = draft.time[np.ix_(items, crowd)]
    willing = rng.random(own.shape) < np.where(np.isfinite(own), later, others)
    row, column = np.nonzero(willing & (own > draft.time[items, hub][:, None]))
    item, account = items[row], crowd[column]
    time = draft.time[item, hub] + _minutes(rng, 4, len(item))
    heard = draft.rhythm.awake(account, time)
    draft.time[item[heard], account[heard]] = np.minimum(draft.time[item, account], time)[heard]


def readers(median: float, count: int = 10) -> Step:
    """Some accounts follow one other account on 20 to 50 % of its items, after a delay with this median, in minutes."""

    def step(draft: Draft, rng: np.random.Generator) -> None:
        for source, reader in _couples(draft, rng, count):
            item = _share_of(draft, rng, source, rng.uniform(0.2, 0.5))
            time = draft.time[item, source] + _minutes(rng, median, len(item))
            heard = draft.rhythm.awake(np.full(len(item), reader), time)
            draft.time[item[heard], reader] = np.minimum(draft.time[item, reader], time)[heard]
            draft.readers.add((source, reader))
            draft.taken.add(reader)

    return step


def reposters(count: int = 15) -> Step:
    """Some accounts repost 20 to 50 % of what one source posts, declared as such, by machine (median 40 s)."""

    def step(draft: Draft, rng: np.random.Generator) -> None:
        draft.declared = np.zeros(draft.time.shape, bool)
        for source, reader in _couples(draft, rng, count):
            item = _share_of(draft, rng, source, rng.uniform(0.2, 0.5))
            time = draft.time[item, source] + _minutes(rng, 40 / 60, len(item))
            sooner = time < draft.time[item, reader]
            draft.time[item[sooner], reader] = time[sooner]
            draft.declared[item[sooner], reader] = True
            draft.readers.add((source, reader))
            draft.taken.add(reader)

    return step


def feeds(bots: int, wires: int = 1) -> Step:
    """Bots post nothing but every item of a wire, 15 to 90 s after it (5 % lost). The wire is no account.

    With more wires than one, bots of one wire share what no other account has.
    """

    def step(draft: Draft, rng: np.random.Generator) -> None:
        wire_of = rng.integers(-2, wires, len(draft.born))  # two parts of the items are on no wire
        for wire in range(wires):
            item = np.flatnonzero(wire_of == wire)
            group = draft.some(rng, bots)
            out = draft.born[item, None] + rng.exponential(5 * MINUTE, (len(item), 1))
            time = out + rng.uniform(15, 90, (len(item), len(group)))
            draft.time[:, group] = NEVER
            draft.time[np.ix_(item, group)] = np.where(rng.random(time.shape) < 0.95, time, NEVER)
            draft.feeds.append(members(group))
            draft.taken.update(group.tolist())

    return step


def scheduled(period: float, grid: float, share: float = 1.0) -> Step:
    """Accounts post at their own phase of a clock only (up to 15 s late): a `share` of the accounts.

    `period` and `grid` are minutes: phases are multiples of `grid` below `period`. Pairs whose phases let them come
    within a minute are named as scheduled, whether they chose the same phase or it fell so.
    """

    def step(draft: Draft, rng: np.random.Generator) -> None:
        group = np.flatnonzero(rng.random(draft.time.shape[1]) < share)
        every = period * MINUTE
        phase = rng.integers(round(period / grid), size=len(group)) * grid * MINUTE
        waits = draft.time[:, group]
        slot = phase + np.ceil((waits - phase) / every) * every
        draft.time[:, group] = slot + rng.uniform(0, 15, waits.shape)
        apart = np.abs(phase[:, None] - phase)
        close = np.minimum(apart, every - apart) <= 75
        a, b = np.nonzero(np.triu(close, 1))
        draft.scheduled |= paired(group[a], group[b])

    return step


def owners(companies: int = 4, stories: int = 25) -> Step:
    """Companies with 3 to 6 accounts, which post the company's own stories from one desk within 20 minutes.

    Each at a moment of its own between 1 and 20 minutes after the desk has it; outsiders take the story up less.
    Nothing here happens at the scale of seconds.
    """

    def step(draft: Draft, rng: np.random.Generator) -> None:
        items = rng.permutation(len(draft.born))[: companies * stories].reshape(companies, -1)
        for own in items:
            group = draft.some(rng, int(rng.integers(3, 7)))
            out = rng.random((len(own), draft.time.shape[1])) < 0.7
            draft.time[own] = np.where(out, NEVER, draft.time[own])
            time = draft.born[own, None] + rng.uniform(1 * MINUTE, 20 * MINUTE, (len(own), len(group)))
            draft.time[np.ix_(own, group)] = np.where(rng.random(time.shape) < 0.85, time, NEVER)
            draft.owners.append(members(group))
            draft.taken.update(group.tolist())

    return step


def _minutes(rng: np.random.Generator, median: float, size: int) -> np.ndarray:
    """Draw delays in seconds, log-normal, with a median given in minutes."""
    return median * MINUTE * rng.lognormal(0, 0.6, size)


def _couples(draft: Draft, rng: np.random.Generator, count: int) -> list[tuple[int, int]]:
    """Draw (source, reader): a reader has one source, and is nobody's source."""
    drawn = draft.some(rng, 2 * count, least=20).tolist()
    return list(zip(drawn[::2], drawn[1::2], strict=False))


def _share_of(draft: Draft, rng: np.random.Generator, account: int, share: float) -> np.ndarray:
    """Draw a share of the items of an account, exactly so many."""
    items = np.flatnonzero(np.isfinite(draft.time[:, account]))
    return rng.choice(items, round(share * len(items)), replace=False)
