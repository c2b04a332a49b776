"""What is tested: posts from tables, from any reader's files or from a ledger, as (item, account, time)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from allegedly.errors import AllegedlyError
from allegedly.synchrony.coactivity import FilePosts, Posts, Table, read_posts, read_table
from allegedly.synchrony.coactivity.items import NEEDED, coded, in_order, items
from allegedly.synchrony.results import Names
from allegedly.synchrony.trials import Bools, Floats, Ints

if TYPE_CHECKING:
    from allegedly.records import Document

TABLES = (".csv", ".tsv", ".parquet", ".csv.gz", ".tsv.gz", ".csv.zst")
"""Endings of files that are read as bare tables of posts."""
NEAR_WINDOW = 86_400.0
"""Seconds within which near-same texts are one item."""
_FINE = ("second", "minute")


@dataclass(frozen=True, slots=True)
class Shares:
    """Who posted which item when, with names; declared reposts are left out and counted."""

    item: Ints
    account: Ints
    time: Floats
    names: Names
    declared: int = 0
    """Declared reposts, which leave the test."""
    documents: Sequence[str] = ()
    """Ids of documents, row by row, where the posts come from a ledger."""
    problems: Counter[str] = field(default_factory=Counter)


def is_table(path: Path) -> bool:
    """Whether the file's name says that it is a table."""
    return path.name.lower().endswith(TABLES)


def shares_of_files(paths: Sequence[Path], by: str, threshold: float) -> Shares:
    """Read tables. `by` is one of `NEEDED` or the item column of a bare table."""
    if by not in NEEDED:
        return _of_table(read_table(paths, by))
    posts = read_posts(paths)
    return _near(posts.load(["text", "forward"]), threshold) if by == "near-text" else _of_posts(posts, by)


def shares_of_documents(documents: Iterable[Document], by: str, threshold: float) -> Shares:
    """Take any reader's documents; those with a clock coarser than a minute or without a zone are left out."""
    posts = posts_of(documents)
    if by == "item":
        raise AllegedlyError("these are posts, not a table with items; say what they share: --by text, link, hashtag …")
    return _near(posts, threshold) if by == "near-text" else _of_posts(posts, by)


def posts_of(documents: Iterable[Document]) -> Posts:
    """Documents as posts in memory."""
    problems: Counter[str] = Counter()
    rows: list[tuple[str, float, str, Any, Any, Any, Any, str]] = []
    for document in documents:
        seconds = _seconds(document.published_at, document.published_grain)
        if seconds is None:
            problems["documents without a time of day and its zone were left out"] += 1
            continue
        rows.append(
            (document.source, seconds, f"{document.title}\n{document.text}" if document.title else document.text,
             document.links, document.hashtags, document.media, document.forwarded_from or None, document.id)
        )  # fmt: skip
    columns = list(zip(*rows, strict=True)) or [()] * 8
    account, time, text, link, hashtag, media, forward, ident = columns
    posts = Posts.of(account, time, text=text, link=link, hashtag=hashtag, media=media, forward=forward, id=ident)
    posts.problems.update(problems)
    return posts


def shares_of_ledger(connection: Any) -> Shares:
    """Take a ledger's narratives for items and its sources for accounts; `connection` is open on the ledger."""
    rows = connection.execute(
        "SELECT e.narrative, n.gist, e.source, e.published_at, d.published_grain, e.kind, e.document "
        "FROM echoes e JOIN narratives n ON n.id = e.narrative JOIN documents d ON d.id = e.document "
        "ORDER BY e.narrative, e.document, e.id"
    ).fetchall()
    timed = [(row, _seconds(row[3], row[4])) for row in rows]
    fine = [(row, seconds) for row, seconds in timed if seconds is not None]
    kept = [(row, seconds) for row, seconds in fine if row[5] != "forward"]
    problems = Counter({"statements without a time of day and its zone were left out": len(rows) - len(fine)})
    gists = {row[0]: row[1] for row, _ in kept}
    known: dict[Any, int] = {}
    account = coded((row[2] for row, _ in kept), known)
    rank, accounts = in_order(known)
    places = {narrative: place for place, narrative in enumerate(gists)}
    item = np.array([places[row[0]] for row, _ in kept], np.int64)
    time = np.array([seconds for _, seconds in kept], float)
    names = Names(list(gists.values()), accounts.tolist())
    documents = [row[6] for row, _ in kept]
    return Shares(
        item, rank[account] if len(account) else account, time, names, len(fine) - len(kept), documents, +problems
    )


def _seconds(published_at: str, grain: str) -> float | None:
    if grain not in _FINE:
        return None
    try:
        stamp = datetime.fromisoformat(published_at)
    except ValueError:
        return None
    return None if stamp.tzinfo is None else stamp.timestamp()


def _of_table(table: Table) -> Shares:
    declared = np.zeros(len(table), bool) if table.declared is None else table.declared
    return _shares(table.rows(~declared), int(declared.sum()))


def _of_posts(posts: Posts | FilePosts, by: str) -> Shares:
    """Leave out declared reposts, but where reposts are what is looked at."""
    declared = 0

    def own() -> Iterable[Posts]:
        nonlocal declared
        wanted = dict.fromkeys((*NEEDED[by], "forward"))
        for batch in [posts] if isinstance(posts, Posts) else posts.batches(list(wanted)):
            repeats = _repeats(batch) if by != "forward" else np.zeros(len(batch), bool)
            declared += int(repeats.sum())
            yield batch.rows(~repeats)

    table = items(own(), by)
    table.problems.update({k: v for k, v in posts.problems.items() if k not in table.problems})
    return _shares(table, declared)


def _near(posts: Posts, threshold: float) -> Shares:
    from allegedly.synchrony.coactivity.near import near_items

    if "text" not in posts.columns:
        raise AllegedlyError("these posts have no text; choose another --by, or name the column so")
    repeats = _repeats(posts)
    own = posts.rows(~repeats)
    item = near_items(own, NEAR_WINDOW, threshold)
    _, first, item = np.unique(item, return_index=True, return_inverse=True)
    known: dict[Any, int] = {}
    account = coded(own.account, known)
    rank, accounts = in_order(known)
    texts = [str(own.columns["text"][at] or "") for at in first]
    names = Names(texts, accounts.tolist())
    return Shares(
        item, rank[account] if len(account) else account, own.time, names, int(repeats.sum()), (), own.problems
    )


def _repeats(posts: Posts) -> Bools:
    if "forward" not in posts.columns:
        return np.zeros(len(posts), bool)
    return np.array([bool(value) for value in posts.columns["forward"]], bool)


def _shares(table: Table, declared: int) -> Shares:
    names = Names([str(item) for item in table.items], [str(account) for account in table.accounts])
    return Shares(table.item, table.account, table.time, names, declared, (), table.problems)
