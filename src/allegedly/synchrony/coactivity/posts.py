"""Posts in memory, posts on disk, and tables of (item, account, time) in codes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from allegedly.errors import AllegedlyError
from allegedly.synchrony.coactivity import coarse
from allegedly.synchrony.coactivity.columns import known
from allegedly.synchrony.coactivity.files import Bools, Files, Floats, Hashes, Ints, Objects
from allegedly.synchrony.coactivity.times import odd as odd_times
from allegedly.synchrony.coactivity.window import near_another

WELCOME = ("text", "id", "link", "hashtag", "forward", "media", "narrative")
"""What a table of posts may hold beside account and time."""
_BATCH = 50_000
MIN_PARTICIPATION = 2
"""CooRTweet's default: accounts with fewer shares are left out."""


@dataclass(frozen=True, slots=True)
class Table:
    """Who posted what when. `item` and `account` are codes, places in `items` and `accounts`; `time` in seconds.

    `accounts` are sorted. `post` tells which rows are one post, by code: a post may hold several items.
    """

    item: Ints
    account: Ints
    time: Floats
    post: Ints
    own: Bools
    """Rows whose item is the very post, as a repost's object is the post that it repeats."""
    items: Objects
    accounts: Objects
    problems: Counter[str] = field(default_factory=Counter)
    declared: Bools | None = None
    """Rows that say of themselves that they repeat another's post; None where nothing says."""

    def __len__(self) -> int:
        return len(self.item)

    def rows(self, which: Any) -> Table:
        """Return some of the rows, by mask or number; codes stay."""
        return Table(
            self.item[which],
            self.account[which],
            self.time[which],
            self.post[which],
            self.own[which],
            self.items,
            self.accounts,
            self.problems,
            None if self.declared is None else self.declared[which],
        )


@dataclass(frozen=True, slots=True)
class Posts:
    """Posts in memory: one account, time (seconds since 1970, any zero) and what else is known, a row each.

    `columns` may hold text, id, link, hashtag, forward, media and narrative, as text or None; link, hashtag, media and
    narrative may hold lists.
    """

    account: Objects
    time: Floats
    columns: dict[str, Objects]
    problems: Counter[str] = field(default_factory=Counter)

    def __len__(self) -> int:
        return len(self.account)

    def rows(self, which: Any) -> Posts:
        """Return some of the posts, by mask or number."""
        columns = {role: column[which] for role, column in self.columns.items()}
        return Posts(self.account[which], self.time[which], columns, self.problems)

    @staticmethod
    def of(account: Iterable[Any], time: Any, **columns: Iterable[Any]) -> Posts:
        """Return posts from columns of equal length; rows without an account or a time are left out and counted."""
        names, seconds = objects(account), np.asarray(time, dtype=np.float64)
        if unknown := set(columns) - set(WELCOME):
            raise AllegedlyError(
                f"no column of posts is called {', '.join(sorted(unknown))}; take {', '.join(WELCOME)}"
            )
        problems: Counter[str] = Counter()
        named, timed = names.astype(bool), np.isfinite(seconds)
        _count(problems, named, timed)
        kept = np.flatnonzero(named & timed)
        return Posts(names[kept], seconds[kept], {k: objects(v)[kept] for k, v in columns.items()}, problems)


class _Rows(NamedTuple):
    """What the sieve keeps of each row."""

    key: Hashes
    account: Hashes
    seconds: Floats
    ident: Hashes | None


class FilePosts:
    """Posts on disk. They are looked through when a network is asked for; `problems` is filled then."""

    def __init__(self, files: Files) -> None:
        self.files = files

    @property
    def problems(self) -> Counter[str]:
        return self.files.problems

    def batches(self, roles: Sequence[str]) -> Iterator[Posts]:
        """Yield all posts, some tens of thousands at a time, with the columns that these roles have."""
        here = [role for role in roles if role in self.files.has]
        listed = "".join(f', "{role}"' for role in here)
        seconds = self.files.times()
        stated = f'CASE WHEN {seconds} IS NULL THEN "time" END'
        found: Counter[str] = Counter()
        for rows in self.files.rows(f"account, {seconds}, {stated}{listed}", _BATCH):
            account, time, odd, *rest = (objects(column) for column in zip(*rows, strict=True))
            posts = Posts.of(account, _timed(time, odd), **dict(zip(here, rest, strict=True)))
            found.update(posts.problems)
            yield posts
        self.problems.clear()
        self.problems.update(found)
        self.files.count_broken()

    def load(self, roles: Sequence[str]) -> Posts:
        """Return all posts with the columns that these roles have."""
        here = [role for role in roles if role in self.files.has]
        found = self.files.columns(f"account, {self.files.times()} AS seconds" + "".join(f', "{r}"' for r in here))
        seconds = self.files.read_odd_times(filled(found["seconds"], np.nan).astype(np.float64))
        names = filled(found["account"], None)
        posts = Posts.of(names, seconds, **{role: filled(found[role], None) for role in here})
        self.problems.update({k: v for k, v in posts.problems.items() if k not in self.problems})
        self.files.count_broken()
        return posts

    def alike(self, window: float, as_: str | None) -> Posts:
        """Return the posts that may have their text in common with another account's within `window` seconds.

        Two scans: one for a key, an account and a time a row, as numbers; one for the texts of the rows that matter.
        """
        rows = self._sieved(as_)
        kept = np.flatnonzero(self._eligible(rows, as_))
        kept = kept[near_another(rows.key[kept], rows.account[kept], rows.seconds[kept], window)]
        if as_ == "coortweet":
            kept = _with_company(rows, kept, np.flatnonzero(self._eligible(rows, as_)))
        return self._fetched(kept, rows.seconds[kept])

    def _sieved(self, as_: str | None) -> _Rows:
        files = self.files
        ident = f", {_hashed('id')} AS ident" if "id" in files.has and as_ else ""
        found = files.columns(
            f"{_hashed('account')} AS account, coalesce({files.times()}, 'nan'::DOUBLE) AS seconds, key{ident}",
            over=lambda relation: coarse.with_key(relation, as_),
        )
        seconds = files.read_odd_times(found["seconds"])
        files.count_nameless(int((found["account"] == 0).sum()))
        return _Rows(found["key"], found["account"], seconds, found.get("ident"))

    def _eligible(self, rows: _Rows, as_: str | None) -> Bools:
        """A mask of the rows that the definition counts at all. The toolkit compares empty texts, too."""
        here: Bools = np.isfinite(rows.seconds) & (rows.account != 0)
        if as_ != "cnt":
            here &= rows.key != 0
        if as_ == "cnt" and rows.ident is not None:
            here &= first_of_each(rows.ident)
        if as_ == "coortweet":
            here &= at_least(rows.account, here, MIN_PARTICIPATION)
        return here

    def _fetched(self, rows: Ints, seconds: Floats) -> Posts:
        roles = [role for role in ("text", "id", "forward") if role in self.files.has]
        found = self.files.columns(", ".join(["account", *roles]), rows + 1)
        columns: dict[str, Objects] = {role: filled(found[role], None) for role in roles}
        return Posts(filled(found["account"], None), seconds, columns, self.problems)


def read_posts(
    paths: Iterable[str | Path],
    columns: Mapping[str, str] | None = None,
    *,
    needed: Sequence[str] = (),
    threads: int = 1,
    memory: str = "2GB",
) -> FilePosts:
    """Return the posts in CSV, TSV or Parquet files, with their columns found by the usual names, or as `columns` says.

    `needed` names the roles that must be there beside account and time. Raises AllegedlyError where one is not found.
    """
    welcome = [role for role in WELCOME if role not in needed]
    return FilePosts(Files(paths, ("account", "time", *needed), welcome, columns, threads, memory))


def read_table(
    paths: Iterable[str | Path],
    by: str = "item",
    columns: Mapping[str, str] | None = None,
    *,
    threads: int = 1,
    memory: str = "2GB",
) -> Table:
    """Return a bare table of item, account and time, in codes. `by` is the role, or the very name, of the item column.

    Rows without an item, an account or a time that can be read are left out and counted in `problems`.
    """
    role = by if by in known() else "item"
    given = {"item": by, **(columns or {})} if role != by else columns
    telling = [name for name in ("forward", "declared") if name != role]
    files = Files(paths, dict.fromkeys((role, "account", "time")), ("id", *telling), given, threads, memory)
    ident = f", {_hashed('id')} AS ident" if "id" in files.has else ""
    found = files.columns(
        f"{_hashed(role)} AS item, {_hashed('account')} AS account, "
        f"coalesce({files.times()}, 'nan'::DOUBLE) AS seconds{ident}, "
        f"{_declared([name for name in telling if name in files.has])} AS declared"
    )
    seconds = files.read_odd_times(found["seconds"])
    item, account = found["item"], found["account"]
    files.count_nameless(int((account == 0).sum()))
    files.count("rows without an item were left out", int((item == 0).sum()))
    kept = np.flatnonzero((item != 0) & (account != 0) & np.isfinite(seconds))
    item_code, items = _named(files, role, item[kept])
    account_code, accounts = _named(files, "account", account[kept])
    own, post = np.zeros(len(kept), bool), np.arange(len(kept))
    if ident:
        own, post = (found["ident"] == item)[kept], _post_codes(found["ident"][kept])
    declared = found["declared"][kept].astype(bool)
    return Table(item_code, account_code, seconds[kept], post, own, items, accounts, files.problems, declared)


def _declared(roles: Sequence[str]) -> str:
    """Whether a row names whom it repeats, or says yes where it is asked whether it repeats anybody."""
    no = "'', '0', 'false', 'f', 'no', 'none', 'null', 'nan'"
    tests = [f"lower(trim(coalesce(CAST(\"{role}\" AS VARCHAR), ''))) NOT IN ({no})" for role in roles]
    return " OR ".join(tests) or "false"


def _hashed(role: str) -> str:
    return f"CASE WHEN coalesce(\"{role}\", '') = '' THEN 0::UBIGINT ELSE hash(\"{role}\") END"


def _named(files: Files, role: str, hashes: Hashes) -> tuple[Ints, Objects]:
    """Return codes in the order of names, and the names. Names are looked up by their hash of 64 bits."""
    found = files.grouped(role)
    if len(np.unique(found["hash"])) < len(found["hash"]):
        raise AllegedlyError(f"two names in the column of {role} have the same hash; change one of them by a character")
    distinct, codes = np.unique(hashes, return_inverse=True)
    place = np.argsort(found["hash"])
    names = found["name"][place][np.searchsorted(found["hash"][place], distinct)]
    order = np.argsort(names)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return rank[codes], names[order]


def _post_codes(ident: Hashes) -> Ints:
    """Return codes of posts by the hashes of their ids; a row without an id (0) is a post of its own."""
    post: Ints = np.unique(ident, return_inverse=True)[1]
    nameless = np.flatnonzero(ident == 0)
    post[nameless] = len(ident) + np.arange(len(nameless))
    return post


def objects(values: Iterable[Any]) -> Objects:
    """Return values as an array of objects, lists kept as lists."""
    return np.fromiter(values, dtype=object)


def filled(column: Any, empty: Any) -> Any:
    """Return a column without mask."""
    if isinstance(column, np.ma.MaskedArray):
        return column.filled(empty) if column.dtype != object else np.where(column.mask, empty, column.data)
    return column


def _with_company(rows: _Rows, kept: Ints, eligible: Ints) -> Ints:
    """Add what CooRTweet counts beside pairs: the other rows of their contents, and a second row of each account."""
    more = [kept]
    if rows.ident is not None:
        more.append(eligible[np.isin(rows.ident[eligible], rows.ident[kept])])
    theirs = eligible[np.isin(rows.account[eligible], rows.account[kept])]
    first = np.unique(rows.account[theirs], return_index=True)[1]
    rest = np.delete(theirs, first)
    second = np.unique(rows.account[rest], return_index=True)[1]
    return np.unique(np.concatenate((*more, theirs[first], rest[second])))


def first_of_each(ident: Hashes) -> Bools:
    """Return a mask of the first row of each id; rows without an id (0) all stay."""
    order = np.sort(ident)
    if not (order[1:] == order[:-1]).any():
        return np.ones(len(ident), bool)
    mask = np.zeros(len(ident), bool)
    mask[np.unique(ident, return_index=True)[1]] = True
    mask |= ident == 0
    return mask


def at_least(codes: Any, here: Any, least: int) -> Any:
    """Return a mask of the rows whose code is there at least so often among the rows that are `here`."""
    distinct, counts = np.unique(codes[here], return_counts=True)
    return np.isin(codes, distinct[counts >= least])


def _timed(time: Objects, stated: Objects) -> Floats:
    """Times in seconds; what SQL left null is read by the rules of the readers, where they can."""
    seconds = np.array([np.nan if value is None else value for value in time], dtype=np.float64)
    rows = np.flatnonzero(stated.astype(bool))
    if len(rows):
        seconds[rows] = odd_times(stated[rows])
    return seconds


def _count(problems: Counter[str], named: Any, timed: Any) -> None:
    for what, number in (
        ("rows without an account were left out", int((~named).sum())),
        ("rows with a time that cannot be read were left out", int((~timed).sum())),
    ):
        if number:
            problems[what] = number
