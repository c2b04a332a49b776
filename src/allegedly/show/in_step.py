"""What the view "In step" shows: of a ledger, and of posts in a page and a file of their own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from allegedly.show.page import report_page
from allegedly.show.payload import FORMAT, Connection

if TYPE_CHECKING:
    from allegedly.synchrony.analysis import Synchrony
    from allegedly.synchrony.inputs import Shares

LEDGER_WINDOW = 300.0
"""Seconds. How close two sources of a ledger count as: their clocks mostly show minutes."""
_FEW_MEETINGS = 100
"""With fewer posts of one item side by side there are no habits to learn, and no pair could stand out."""
_FEW_SHARED = 3
"""Where no two accounts share as many items, no pair could stand out."""
_ITEM = 300
"""Characters of an item that are kept."""

View = dict[str, Any]


def of_ledger(connection: Connection) -> View | None:
    """Test the narratives of an open ledger at `LEDGER_WINDOW`; None where no two sources share a timed one."""
    from allegedly.synchrony.analysis import analyse
    from allegedly.synchrony.inputs import shares_of_ledger

    shares = shares_of_ledger(connection)
    if not _shared(shares):
        return None
    found = analyse(shares.item, shares.account, shares.time, len(shares.names.accounts), LEDGER_WINDOW)
    return view_of(found, shares, by="narrative")


def view_of(found: Synchrony, shares: Shares, *, by: str) -> View:
    """Return what is shown, as JSON can hold it: `results.view` with the items' names, notes, and whether it is much.

    `by` says what the posts share.
    """
    import numpy as np

    from allegedly.synchrony.results import view

    made = view(found, shares.names, _documents(found, shares))
    made["items_shown"] = _name_items(made, shares)
    made["by"], made["declared"], made["notes"] = by, shares.declared, dict(shares.problems)
    trials = found.trials
    most = int(np.bincount(trials.pair, minlength=1).max())
    made["few"] = len(trials.gap) < _FEW_MEETINGS or most < _FEW_SHARED
    made["all_accounts"] = found.posts.accounts
    return made


def write_page(view: View, folder: Path, *, title: str, made_at: str = "") -> None:
    """Write ``synchrony.json`` and ``synchrony.html``, which holds the client and asks nothing of any network."""
    data = {"format": FORMAT, "title": title, "made_at": made_at, "synchrony": view}
    (folder / "synchrony.json").write_bytes(msgspec.json.format(msgspec.json.encode(view), indent=1))
    with (folder / "synchrony.html").open("w", encoding="utf-8", newline="\n") as file:
        for piece in report_page(title, msgspec.json.encode(data), ()):
            file.write(piece)


def _shared(shares: Shares) -> bool:
    """Whether any item has posts by two accounts."""
    posters: dict[int, int] = {}
    return any(
        posters.setdefault(int(item), int(account)) != int(account)
        for item, account in zip(shares.item, shares.account, strict=True)
    )


def _documents(found: Synchrony, shares: Shares) -> list[str]:
    """The document of each row of `found.posts`: of several by one account on one item, the first."""
    if not len(shares.documents):
        return []
    import numpy as np

    first: dict[tuple[int, int], str] = {}
    for row in np.lexsort((shares.time, shares.account, shares.item)):
        first.setdefault((int(shares.item[row]), int(shares.account[row])), shares.documents[row])
    return [first[int(i), int(a)] for i, a in zip(found.posts.item, found.posts.account, strict=True)]


def _name_items(made: View, shares: Shares) -> list[str]:
    """Let the posts of `made` refer to the items that are returned, by place."""
    place: dict[int, int] = {}
    for pair in made["pairs"]:
        for post in pair["posts"]:
            post["item"] = place.setdefault(post["item"], len(place))
    return [shares.names.items[item][:_ITEM] for item in place]
