"""Bring everything derived across documents up to date with the documents that were added."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb

from allegedly.link.accounts import accounts_of
from allegedly.link.actors import ActorTables
from allegedly.link.conflicts import conflicts_among
from allegedly.link.events import (
    BOND,
    EventItem,
    event_follower,
    event_keys,
    event_order,
    event_similarity,
    merge_event,
)
from allegedly.link.grouping import Layer, add_items, prepare
from allegedly.link.items import event_items
from allegedly.link.narratives import Sketcher, link_narratives
from allegedly.link.tellings import told
from allegedly.records import Account, EventLink, Record
from allegedly.vectors import load

Write = Callable[[str, Sequence[Record]], None]
"""Appends records to a table of the derived database."""


class Linker(NamedTuple):
    """The derived database under construction, and how to append to its tables."""

    con: duckdb.DuckDBPyConnection
    write: Write


def link(
    con: duckdb.DuckDBPyConnection,
    new_documents: Collection[str],
    write: Write,
    folder: Path,
    sketcher: Sketcher | None = None,
) -> None:
    """Update actors, events, accounts, conflicts, narratives and echoes.

    Args:
        con: the derived database, which holds the new documents already.
        new_documents: their ids.
        write: appends records to a table.
        folder: where the vectors and names of narratives are kept.
        sketcher: makes vectors; with the installed encoder where it is left out.
    """
    prepare(con)
    linker = Linker(con, write)
    moved = ActorTables(con, write, new_documents).update()
    events, moved_events = _link_events(linker, new_documents)
    _tell(linker, events | _events_with(con, moved))
    link_narratives(con, write, folder, sketcher or Sketcher(load()), new_documents, moved_events)


def _link_events(linker: Linker, new_documents: Collection[str]) -> tuple[set[str], list[str]]:
    """Group the events of new documents with what is there.

    Return the ids of the linked events that changed, and those of the document events that moved to another one.
    """
    con = linker.con
    layer = Layer(
        "event",
        "x",
        lambda ids: event_items(con, ids),
        event_keys,
        event_order,
        event_similarity,
        BOND,
        _is_firm,
        event_follower,
    )
    update = add_items(con, layer, _ids(con, "document_events", new_documents))
    before = dict(
        con.execute(
            "SELECT document_event, event FROM event_links WHERE document_event IN (SELECT unnest(?))",
            [list(update.items)],
        ).fetchall()
    )
    _forget(
        con, "event_links", "document_event", update.items, {"events": "id", "accounts": "event", "conflicts": "event"}
    )
    merged = [(merge_event(group.members), group) for group in update.groups]
    links = [EventLink(document_event=m.id, event=event.id) for event, group in merged for m in group.members]
    linker.write("events", [event for event, _ in merged])
    linker.write("event_links", links)
    moved = [k.document_event for k in links if before.get(k.document_event, k.event) != k.event]
    return {event.id for event, _ in merged}, moved


def _is_firm(item: EventItem) -> bool:
    return item.firm


def _ids(con: duckdb.DuckDBPyConnection, table: str, documents: Collection[str]) -> list[str]:
    rows = con.execute(
        f"SELECT id FROM {table} WHERE document IN (SELECT unnest(?)) ORDER BY id", [list(documents)]
    ).fetchall()
    return [i for (i,) in rows]


def _forget(
    con: duckdb.DuckDBPyConnection,
    links: str,
    item: str,
    items: Iterable[str],
    tables: Mapping[str, str],
) -> None:
    """Delete the groups that `items` were in from `tables` (name -> column with the group's id) and from `links`."""
    rows = con.execute(
        f"SELECT DISTINCT event FROM {links} WHERE {item} IN (SELECT unnest(?))", [list(items)]
    ).fetchall()
    gone = [g for (g,) in rows]
    for table, column in {**tables, links: "event"}.items():
        con.execute(f"DELETE FROM {table} WHERE {column} IN (SELECT unnest(?))", [gone])


def _events_with(con: duckdb.DuckDBPyConnection, actors: Collection[str]) -> set[str]:
    """Return the linked events of the documents that hold actors with these slugs."""
    rows = con.execute(
        "SELECT DISTINCT l.event FROM document_actors a JOIN document_events e ON e.document = a.document "
        "JOIN event_links l ON l.document_event = e.id WHERE a.actor IN (SELECT unnest(?))",
        [list(actors)],
    ).fetchall()
    return {event for (event,) in rows}


def _tell(linker: Linker, events: Collection[str]) -> None:
    """Write the accounts and conflicts of `events` anew."""
    con, ids = linker.con, sorted(events)
    for table in ("accounts", "conflicts"):
        con.execute(f"DELETE FROM {table} WHERE event IN (SELECT unnest(?))", [ids])
    found = told(con, ids)
    by_event: dict[str, dict[str, Account]] = defaultdict(dict)
    for telling in found.tellings:
        for account in accounts_of(telling):
            by_event[account.event][account.id] = account
    accounts = [list(by_event[event].values()) for event in sorted(by_event)]
    linker.write("accounts", [a for group in accounts for a in group])
    linker.write("conflicts", [c for group in accounts for c in conflicts_among(group, found.part_of)])
