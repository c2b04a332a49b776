"""Bring everything derived across documents up to date with the documents that were added."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import duckdb

from allegedly.link.accounts import accounts_of, conflicts_among
from allegedly.link.actors import ActorTables
from allegedly.link.events import (
    BOND,
    EventItem,
    event_follower,
    event_keys,
    event_order,
    event_similarity,
    heads,
    merge_event,
    named,
)
from allegedly.link.grouping import Layer, add_items, prepare
from allegedly.link.narratives import ClaimItem, claim_keys, claim_order, claim_similarity, narrate
from allegedly.link.tellings import told
from allegedly.link.words import numbers, words
from allegedly.records import Account, EventLink, Record, slug

Write = Callable[[str, Sequence[Record]], None]
"""Appends records to a table of the derived database."""

_EVENTS = """
SELECT e.id, e.document, d.source, d.published_at, e.type, e.other_type, e.mode, e.status,
       coalesce(e.when_start, ''), coalesce(e.when_end, ''), e.when_span IS NOT NULL AND o.document IS NULL,
       coalesce(e.where_name, ''), e.where_lat, e.where_lon, e.actors, e.targets,
       len(e.casualties) + len(e.damage) > 0, e.trigger_text, d.text[e.sentence[1] + 1 : e.sentence[2]], e.sentence
FROM document_events e JOIN documents d ON d.id = e.document
LEFT JOIN (SELECT document, when_span, min_by(type, trigger_spans[1]) AS type FROM document_events
           WHERE when_span IS NOT NULL GROUP BY ALL) o
  ON o.document = e.document AND o.when_span = e.when_span AND o.type <> e.type
 AND NOT (o.type IN ('ASSAULT', 'OTHER') AND e.type IN ('ASSAULT', 'OTHER'))
WHERE e.id IN (SELECT unnest(?))
"""
"""Words that tell a day belong to the first event told with them: “accused them on Monday of bombing the port”."""
_NAMES_NEAR = """
SELECT e.id, a.actor, unnest(a.mentions)[1] - e.sentence[1], unnest(a.mentions)[1] - e.sentence[2]
FROM document_events e JOIN document_actors a ON a.document = e.document
WHERE e.id IN (SELECT unnest(?)) AND NOT contains(a.actor, '~') AND a.kind <> 'state'
UNION ALL
SELECT e.id, p.name, p.span[1] - e.sentence[1], p.span[1] - e.sentence[2]
FROM document_events e JOIN places p ON p.document = e.document WHERE e.id IN (SELECT unnest(?))
"""
CONTEXT = 300
"""Characters around a sentence that names nothing, in which names are looked for."""
_CLAIMS = """
SELECT c.id, c.document, d.source, d.language, d.published_at, d.published_grain, d.forwarded_from <> '',
       c.polarity, c.act, c.accused, c.content_text
FROM claims c JOIN documents d ON d.id = c.document WHERE c.id IN (SELECT unnest(?))
"""


class Linker(NamedTuple):
    """The derived database under construction, and how to append to its tables."""

    con: duckdb.DuckDBPyConnection
    write: Write


def link(con: duckdb.DuckDBPyConnection, new_documents: Collection[str], write: Write) -> None:
    """Update actors, events, accounts, conflicts, narratives and echoes for `new_documents` (ids)."""
    prepare(con)
    linker = Linker(con, write)
    moved = ActorTables(con, write, new_documents).update()
    changed = _link_events(linker, new_documents)
    _tell(linker, changed | _events_with(con, moved))
    _link_narratives(linker, new_documents)


def _link_events(linker: Linker, new_documents: Collection[str]) -> set[str]:
    """Group the events of new documents with what is there; return the ids of the events that changed."""
    con = linker.con
    layer = Layer(
        "event",
        "x",
        lambda ids: _event_items(con, ids),
        event_keys,
        event_order,
        event_similarity,
        BOND,
        _is_firm,
        event_follower,
    )
    new = _ids(con, "document_events", new_documents)
    update = add_items(con, layer, new)
    _forget(
        con, "event_links", "document_event", update.items, {"events": "id", "accounts": "event", "conflicts": "event"}
    )
    merged = [(merge_event(group.members), group) for group in update.groups]
    linker.write("events", [event for event, _ in merged])
    linker.write(
        "event_links",
        [EventLink(document_event=m.id, event=event.id) for event, group in merged for m in group.members],
    )
    return {event.id for event, _ in merged}


def _is_firm(item: EventItem) -> bool:
    return item.firm


def _event_items(con: duckdb.DuckDBPyConnection, ids: Collection[str]) -> dict[str, EventItem]:
    rows = con.execute(_EVENTS, [list(ids)]).fetchall() if ids else []
    names = _names_near(con, ids) if ids else {}
    return {r[0]: _event_item(r, names.get(r[0], ())) for r in rows}


def _names_near(con: duckdb.DuckDBPyConnection, ids: Collection[str]) -> dict[str, set[str]]:
    """Return who and what the sentence of each event names, or, where it names nothing, the text around it."""
    inside: dict[str, set[str]] = defaultdict(set)
    around: dict[str, set[str]] = defaultdict(set)
    for event, name, after_start, after_end in con.execute(_NAMES_NEAR, [list(ids)] * 2).fetchall():
        if after_start >= 0 > after_end:
            inside[event].add(slug(name))
        elif after_start >= -CONTEXT and after_end <= CONTEXT:
            around[event].add(slug(name))
    return {**around, **inside}


def _event_item(row: Sequence[Any], names: Collection[str]) -> EventItem:
    *fields, actors, targets, harmed, trigger, sentence, span = row
    about = named(actors), named(targets), heads(targets), frozenset(names)
    return EventItem._make([*fields, *about, harmed, words(trigger), sentence, tuple(span), words(sentence)])


def _link_narratives(linker: Linker, new_documents: Collection[str]) -> None:
    con = linker.con
    layer = Layer("claim", "c", lambda ids: _claim_items(con, ids), claim_keys, claim_order, claim_similarity)
    update = add_items(con, layer, _ids(con, "claims", new_documents))
    _forget(con, "echoes", "claim", update.items, {"narratives": "id"}, group="narrative")
    told = [found for group in update.groups if (found := narrate(group.members, group.similarity))]
    linker.write("narratives", [narrative for narrative, _ in told])
    linker.write("echoes", [echo for _, echoes in told for echo in echoes])


def _claim_items(con: duckdb.DuckDBPyConnection, ids: Collection[str]) -> dict[str, ClaimItem]:
    rows = con.execute(_CLAIMS, [list(ids)]).fetchall() if ids else []
    said = {r[0]: words(r[10]) for r in rows}
    return {r[0]: ClaimItem._make([*r[:9], named(r[9]), r[10], said[r[0]], numbers(said[r[0]])]) for r in rows}


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
    group: str = "event",
) -> None:
    """Delete the groups that `items` were in from `tables` (name -> column with the group's id) and from `links`."""
    rows = con.execute(
        f"SELECT DISTINCT {group} FROM {links} WHERE {item} IN (SELECT unnest(?))", [list(items)]
    ).fetchall()
    gone = [g for (g,) in rows]
    for table, column in {**tables, links: group}.items():
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
