"""Co-activity networks: which accounts post the same within W seconds of each other, and how often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from allegedly.errors import AllegedlyError
from allegedly.synchrony.coactivity.coortweet import weigh_contents
from allegedly.synchrony.coactivity.files import Ints, Objects
from allegedly.synchrony.coactivity.items import NEEDED, items
from allegedly.synchrony.coactivity.posts import FilePosts, Posts, Table
from allegedly.synchrony.coactivity.window import Weights, weigh, weigh_posts

LEAST = {None: 1, "cnt": 2, "coortweet": 1}
"""The least weight of an edge by default; 2 is that of the toolkit's command."""
_PEERS: dict[str | None, tuple[str, ...]] = {"cnt": ("id", "forward"), "coortweet": ("id",)}
"""What the peers' definitions look at beside the item."""


@dataclass(frozen=True, slots=True)
class Edges:
    """Edges of a network, sorted by account. Undirected ones stand once, with account_1 < account_2.

    As the coordination-network-toolkit sees it edges are directed and stand both ways: the weight counts the posts of
    account_1 that have one of account_2 near.
    """

    account_1: Objects
    account_2: Objects
    weight: Ints
    problems: Counter[str] = field(default_factory=Counter)

    def __len__(self) -> int:
        return len(self.weight)


def network(
    posts: Posts | FilePosts | Table,
    by: str = "text",
    window: float = 60.0,
    as_: str | None = None,
    threshold: float = 0.9,
    min_weight: int | None = None,
) -> Edges:
    """Return the edges between accounts that post the same item within `window` seconds of each other.

    Weight, by default: the number of distinct items on which the two did so. `as_` takes a peer's definition to the
    letter: ``cnt`` is the coordination-network-toolkit 1.5.2 (without loops), ``coortweet`` CooRTweet 2.1.3 (with its
    `min_participation` of 2). `by` is ignored for a `Table`, which has its items. `threshold` (Jaccard index of words)
    counts for near-text. Raises AllegedlyError where the posts do not have what is asked for.
    """
    _check(posts, by, window, as_, threshold)
    if by == "near-text" and not isinstance(posts, Table):
        from allegedly.synchrony.coactivity.near import near_weights

        found, accounts = near_weights(_with_text(posts, as_), window, threshold, as_)
    else:
        of = posts if isinstance(posts, Table) else items(_batches(posts, by, window, as_), by, as_)
        found, accounts = _weighed(of, window, as_), of.accounts
    kept = found.weight >= (LEAST[as_] if min_weight is None else min_weight)
    return Edges(accounts[found.first[kept]], accounts[found.second[kept]], found.weight[kept], posts.problems)


def _weighed(table: Table, window: float, as_: str | None) -> Weights:
    number = len(table.accounts)
    if as_ == "cnt":
        return weigh_posts(table.item, table.account, table.time, table.post, window, number)
    if as_ == "coortweet":
        return weigh_contents(table, window)
    return weigh(table.item, table.account, table.time, window, number)


def _batches(posts: Posts | FilePosts, by: str, window: float, as_: str | None) -> Iterable[Posts]:
    if isinstance(posts, Posts):
        return [posts]
    if by == "text" and "text" in posts.files.has:
        return [posts.alike(window, as_)]
    return posts.batches([*NEEDED[by], *_PEERS.get(as_, ())])


def _with_text(posts: Posts | FilePosts, as_: str | None) -> Posts:
    loaded = posts if isinstance(posts, Posts) else posts.load(["text", *_PEERS.get(as_, ())])
    if "text" not in loaded.columns:
        raise AllegedlyError("these posts have no text; choose another --by, or name the column so")
    return loaded


def _check(posts: object, by: str, window: float, as_: str | None, threshold: float) -> None:
    if as_ not in LEAST:
        raise AllegedlyError(f"no definition of a network is called {as_}; choose cnt or coortweet")
    if by not in NEEDED and not isinstance(posts, Table):
        raise AllegedlyError(f"posts have no items called {by}; choose one of {', '.join(NEEDED)}")
    if not (window >= 0 and np.isfinite(window)):
        raise AllegedlyError(f"a window of {window} seconds is none; give a number of seconds from 0 on")
    if not 0 < threshold <= 1:
        raise AllegedlyError(f"a threshold of {threshold} is none; give a share of common words above 0, up to 1")
    if by == "near-text" and as_ == "coortweet":
        raise AllegedlyError("CooRTweet 2 has no near-same text; leave out --as, or take --by text")
