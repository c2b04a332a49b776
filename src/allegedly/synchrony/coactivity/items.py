"""From posts to (item, account, time): what of each post another may have in common with it."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal

import numpy as np

from allegedly.errors import AllegedlyError
from allegedly.synchrony.coactivity import normal
from allegedly.synchrony.coactivity.files import Bools, Floats, Ints, Objects
from allegedly.synchrony.coactivity.posts import Posts, Table, objects

By = Literal["text", "near-text", "link", "domain", "hashtag", "forward", "media", "narrative"]
As = Literal["cnt", "coortweet"]

NEEDED: dict[str, tuple[str, ...]] = {
    "text": ("text",),
    "near-text": ("text",),
    "link": ("text", "link"),
    "domain": ("text", "link"),
    "hashtag": ("text", "hashtag"),
    "forward": ("forward",),
    "media": ("media",),
    "narrative": ("narrative",),
}
"""The columns of posts that hold an item: any one of them will do."""


def items(batches: Iterable[Posts], by: str, as_: str | None = None) -> Table:
    """Return who posted which item when. `by` is one of `NEEDED`, but for near-text, which has no items.

    Of posts no more is kept than codes. As the coordination-network-toolkit sees them, a message counts once, and
    reposts only as reposts. Raises AllegedlyError where the posts have no column for it.
    """
    made = _Maker(by, as_)
    for posts in batches:
        made.add(posts)
    return made.table()


class _Maker:
    """Gathers codes of items, accounts and posts from batches."""

    def __init__(self, by: str, as_: str | None) -> None:
        self._by, self._as = by, as_
        self._items: dict[Any, int] = {}
        self._accounts: dict[Any, int] = {}
        self._idents: dict[Any, int] = {}
        none = np.empty(0, np.int64)
        self._parts: list[tuple[Ints, Ints, Floats, Ints, Bools]] = [
            (none, none, np.empty(0, np.float64), none, np.empty(0, np.bool_))
        ]
        self._seen = 0
        self._problems: Counter[str] = Counter()

    def add(self, posts: Posts) -> None:
        post, first = self._posts(posts)
        self._problems.update(posts.problems)
        if self._as == "cnt":
            kept = first & counted(posts, self._by)
            posts, post = posts.rows(kept), post[kept]
        of_post = _items_of(posts, self._by, self._as)
        rows = np.repeat(np.arange(len(posts)), [len(found) for found in of_post])
        names = [name for found in of_post for name in found]
        own = np.zeros(len(rows), bool)
        if "id" in posts.columns:
            own = np.fromiter(map(operator.eq, names, posts.columns["id"][rows]), bool, len(rows))
        account = coded(posts.account, self._accounts)[rows]
        self._parts.append((coded(names, self._items), account, posts.time[rows], post[rows], own))

    def table(self) -> Table:
        item, account, time, post, own = (np.concatenate(column) for column in zip(*self._parts, strict=True))
        rank, accounts = in_order(self._accounts)
        return Table(item, rank[account], time, post, own, objects(self._items), accounts, self._problems)

    def _posts(self, posts: Posts) -> tuple[Ints, Bools]:
        """Return the codes of posts, and which are the first of their id. Ids matter to the peers only."""
        before, self._seen = self._seen, self._seen + len(posts)
        if not self._as or "id" not in posts.columns:
            return np.arange(before, self._seen), np.ones(len(posts), bool)
        known = len(self._idents)
        post = coded((ident or row for row, ident in enumerate(posts.columns["id"], before)), self._idents)
        first = np.zeros(len(posts), bool)
        first[np.unique(post, return_index=True)[1]] = True
        return post, first & (post >= known)


def without_reposts(posts: Posts) -> Posts:
    """Return the first row of each message id, without reposts."""
    first = np.ones(len(posts), bool)
    if "id" in posts.columns:
        first[:] = False
        idents = (ident or row for row, ident in enumerate(posts.columns["id"]))
        first[np.unique(coded(idents, {}), return_index=True)[1]] = True
    return posts.rows(first & counted(posts, "text"))


def counted(posts: Posts, by: str) -> Bools:
    """Mask the posts that the toolkit counts: reposts only where reposts are looked for."""
    if "forward" not in posts.columns or by == "forward":
        return np.ones(len(posts), bool)
    return ~posts.columns["forward"].astype(bool)


def coded(values: Iterable[Any], known: dict[Any, int]) -> Ints:
    """Return codes in order of first sight, which are put down in `known`."""
    return np.fromiter((known.setdefault(value, len(known)) for value in values), dtype=np.int64)


def in_order(known: dict[Any, int]) -> tuple[Ints, Objects]:
    """Return the place of each code in the order of values, and the sorted values."""
    names = objects(known)
    order = np.argsort(names) if len(names) else np.empty(0, np.int64)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return rank, names[order]


def _items_of(posts: Posts, by: str, as_: str | None) -> list[Sequence[str]]:
    if by not in NEEDED or by == "near-text":
        raise AllegedlyError(
            f"posts have no items called {by}; choose one of {', '.join(k for k in NEEDED if k != 'near-text')}"
        )
    here = [role for role in NEEDED[by] if role in posts.columns]
    if not here:
        raise AllegedlyError(
            f"these posts have no {' or '.join(NEEDED[by])}; choose another --by, or name the column so"
        )
    if by == "text":
        return _texts(posts.columns["text"], as_)
    found = [_each(posts.columns[role], _reader(by, role)) for role in here]
    return found[0] if len(found) == 1 else [list(dict.fromkeys((*a, *b))) for a, b in zip(*found, strict=True)]


def _texts(texts: Objects, as_: str | None) -> list[Sequence[str]]:
    """The normal form of each text. The toolkit compares empty texts, too."""
    form = normal.cnt_text if as_ == "cnt" else normal.plain_text
    known = {text: form(text or "") for text in dict.fromkeys(texts)}
    if as_ == "cnt":
        return [(known[text],) for text in texts]
    return [(known[text],) if known[text] else () for text in texts]


def _each(values: Objects, of: Callable[[Any], Sequence[str]]) -> list[Sequence[str]]:
    return [of(value) if value is not None else () for value in values]


def _reader(by: str, role: str) -> Callable[[Any], Sequence[str]]:
    """Return what reads the items of one cell."""
    if by in ("link", "domain"):
        read = normal.links if role == "text" else lambda cell: _unique(map(normal.canonical, _parts(cell)))
        return read if by == "link" else lambda cell: _unique(map(normal.domain, read(cell)))
    if by == "hashtag":
        return (
            normal.hashtags
            if role == "text"
            else lambda cell: _unique(p.lstrip("#＃").casefold() for p in _parts(cell))
        )
    return lambda cell: _unique([cell.strip()] if isinstance(cell, str) and cell[:1] != "[" else _parts(cell))


def _parts(cell: Any) -> list[str]:
    """The entries of a cell: a list, a list written out (``['a', 'b']``), or words parted by white space or bars."""
    if not isinstance(cell, str):
        return [str(value) for value in cell]
    if cell.startswith("[") and cell.endswith("]"):
        return [part.strip(" '\"") for part in cell[1:-1].split(",")]
    return cell.replace("|", " ").split()


def _unique(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))
