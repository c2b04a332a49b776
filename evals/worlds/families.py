"""The families of worlds, and the way one is made."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from worlds.base import News
from worlds.cascade import Cascade
from worlds.clocks import gathered, missing, rounded
from worlds.customs import feeds, owners, readers, reposters, scheduled, waves
from worlds.planted import plant_pairs, plant_ring
from worlds.records import Draft, RingSpec, Step, World


@dataclass(frozen=True)
class Family:
    """A recipe: a base, customs of innocent accounts, then (after planting) what befalls all posts."""

    about: str
    base: Callable[[np.random.Generator], Draft]
    customs: tuple[Step, ...] = ()
    after: tuple[Step, ...] = ()
    hard: bool = False
    """Innocent pairs are tied at the scale of minutes by more than item and habit: more than the null explains."""


_NOW10, _NOW15, _NOW30 = News(10), News(15), News(30)
_TOPICS = News(10, topic_speed=1.0)
_OPEN10 = Cascade(10)
_MIXED = (gathered(0.5, 1.0), missing(0.1), rounded(60, 0.3))

FAMILIES: dict[str, Family] = {
    "slot67": Family("short reaction, then the account's next own slot; median 67 min", News(10, slots=0.9)),
    "slot60": Family("reaction of 60 min, then the account's next own slot", News(60, slots=3)),
    "now67": Family("posts at once, median reaction 67 min", News(67)),
    "now60": Family("posts at once, median reaction 60 min", News(60)),
    "now30": Family("posts at once, median reaction 30 min", _NOW30),
    "now10": Family("posts at once, median reaction 10 min", _NOW10),
    "now5": Family("posts at once, median reaction 5 min", News(5)),
    "few": Family("28 to 32 accounts only, 10 min", News(10, accounts=(28, 33), posts=(2_000, 2_800))),
    "burst": Family("half of the items break again hours later, 10 min", News(10, again=0.5)),
    "popular": Family("3 % of the items are posted by nearly everybody, 10 min", News(10, popular=0.03)),
    "zones": Family("three regions that share their waking hours, 10 min", News(10, regions=3)),
    "accountspeed": Family("accounts with their own speed, some ten times as fast", News(15, account_speed=1.0)),
    "itemspeed": Family("items with their own speed", News(10, item_speed=1.0)),
    "topicdesk": Family("topics with their own speed, accounts with their own topics", _TOPICS),
    "batch": Family("all accounts dump what gathered while they looked away", _NOW30, after=(gathered(1, 1.5),)),
    "dumps": Family("a third of the accounts post in dumps only", _NOW30, after=(gathered(1 / 3, 99),)),
    "missing": Family("20 % of the posts were never collected, 10 min", _NOW10, after=(missing(0.2),)),
    "clock60": Family("clocks that show minutes, 10 min", _NOW10, after=(rounded(60),)),
    "clock5": Family("clocks that show five minutes, 10 min", _NOW10, after=(rounded(300),)),
    "clockmix": Family("half of the accounts show minutes, half seconds, 10 min", _NOW10, after=(rounded(60, 0.5),)),
    "hubwave": Family("others, anybody, follow within minutes when a hub posts", _NOW15, (waves(),)),
    "audience": Family(
        "each hub has an audience that follows within minutes", _NOW15, (waves(audience=12),), hard=True
    ),
    "feed2": Family("2 feed bots on one wire, among accounts of 10 min", _NOW10, (feeds(2),)),
    "feed3": Family("3 feed bots on one wire", _NOW10, (feeds(3),)),
    "feed5": Family("5 feed bots on one wire", _NOW10, (feeds(5),)),
    "feed10": Family("10 feed bots on one wire", _NOW10, (feeds(10),)),
    "wires": Family(
        "two wires with 4 feed bots each: bots of a wire share its items", _NOW10, (feeds(4, 2),), hard=True
    ),
    "copycats3": Family("10 accounts follow one source each, median 3 min (readers)", _NOW30, (readers(3),)),
    "copycats8": Family("10 accounts follow one source each, median 8 min (readers)", _NOW30, (readers(8),)),
    "schedule": Family("each account posts on its own half-hour phase", _NOW30, (scheduled(30, 1),)),
    "halfhours": Family("a third posts at :00 and :30 sharp", _NOW30, (scheduled(30, 30, 1 / 3),)),
    "reposts": Family("15 accounts repost one source each, declared, within a minute", _NOW30, (reposters(),)),
    "owners": Family("companies whose accounts break its stories within 20 min, not seconds", _NOW30, (owners(),)),
    "mixed": Family(
        "own speeds of accounts and items, second breaks, waves, dumps, losses, coarse clocks",
        News(15, account_speed=0.5, item_speed=0.6, again=0.2, popular=0.01),
        (waves(3),),
        _MIXED,
    ),
    "c_open60": Family("cascade on a public timeline, median 60 min", Cascade(60)),
    "c_open30": Family("cascade on a public timeline, median 30 min", Cascade(30)),
    "c_open10": Family("cascade on a public timeline, median 10 min", _OPEN10),
    "c_open5": Family("cascade on a public timeline, median 5 min", Cascade(5)),
    "c_speed": Family("cascade, accounts with their own speed", Cascade(15, speed=1.0)),
    "c_shocks": Family("cascade, half of the items set off again", Cascade(10, shocks=0.5)),
    "c_batch": Family("cascade, dumps of what gathered", Cascade(30), after=(gathered(1, 1.5),)),
    "c_missing": Family("cascade, 20 % of the posts missing", _OPEN10, after=(missing(0.2),)),
    "c_clock60": Family("cascade, clocks that show minutes", _OPEN10, after=(rounded(60),)),
    "c_feed5": Family("cascade with 5 feed bots on one wire", _OPEN10, (feeds(5),)),
    "c_mixed": Family(
        "cascade, own speeds, shocks, waves, dumps, losses, coarse clocks",
        Cascade(15, 0, 0.5, 0.2),
        (waves(3),),
        _MIXED,
    ),
    "c_graph30": Family("cascade where each follows 15 accounts, 30 min (readers)", Cascade(30, 15), hard=True),
    "c_graph10": Family("cascade where each follows 15 accounts, 10 min (readers)", Cascade(10, 15), hard=True),
}


def world(family: str, seed: int, copying: float = 0.0, ring: RingSpec | None = None) -> World:
    """Return the world of a family and seed, innocent or with copying (share of the leader's items) and a ring.

    The innocent part is the same with and without what is planted. Raises KeyError for an unknown family.
    """
    recipe = FAMILIES[family]
    base, customs, copies, circle, after = (_stream(family, seed, part) for part in range(5))
    draft = recipe.base(base)
    for step in recipe.customs:
        step(draft, customs)
    if ring:
        plant_ring(draft, circle, ring)
    if copying:
        plant_pairs(draft, copies, copying)
    for step in recipe.after:
        step(draft, after)
    return draft.done()


def _stream(family: str, seed: int, part: int) -> np.random.Generator:
    """Return a generator that depends on nothing but these (Python's own hash of a text changes from run to run)."""
    return np.random.default_rng((seed, zlib.crc32(family.encode()), part))
