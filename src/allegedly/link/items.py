"""Loads the events that link compares, with all that tells them apart, by id."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

import duckdb

from allegedly.link.events import EventItem, heads, named
from allegedly.link.proper import name_key, proper_names
from allegedly.link.words import words

_EVENTS = """
SELECT e.id, e.document, d.source, d.published_at, e.type, e.other_type, e.mode, e.status,
       coalesce(e.when_start, ''), coalesce(e.when_end, ''), e.when_span IS NOT NULL AND o.document IS NULL,
       coalesce(e.where_name, ''), e.where_lat, e.where_lon, e.actors, e.targets,
       len(e.casualties) + len(e.damage) > 0, e.trigger_text, d.text[e.sentence[1] + 1 : e.sentence[2]], e.sentence,
       e.where_span IS NOT NULL
FROM document_events e JOIN documents d ON d.id = e.document
LEFT JOIN (SELECT document, when_span, min_by(type, trigger_spans[1]) AS type FROM document_events
           WHERE when_span IS NOT NULL GROUP BY ALL) o
  ON o.document = e.document AND o.when_span = e.when_span AND o.type <> e.type
 AND NOT (o.type IN ('ASSAULT', 'OTHER') AND e.type IN ('ASSAULT', 'OTHER'))
WHERE e.id IN (SELECT unnest(?))
"""
"""Words that tell a day belong to the first event told with them: “accused them on Monday of bombing the port”."""
_ENDING = re.compile(r"(?<=\w{3})(?:ings?|ed|es|s)\b")
CONTEXT = 300
"""Characters; names so near to a trigger, or up to twice as far, may tell what its event is about."""
_NAMES_NEAR = f"""
WITH spots AS (
  SELECT id, document, sentence, unnest(trigger_spans)[1] AS spot FROM document_events WHERE id IN (SELECT unnest(?))
), near AS (
  SELECT id, document, sentence, spot // {CONTEXT} + unnest([-1, 0, 1]) AS block FROM spots
), names AS (
  SELECT document, actor AS name, unnest(mentions)[1] AS spot FROM document_actors
  WHERE document IN (SELECT document FROM spots) AND NOT contains(actor, '~') AND kind <> 'state'
  UNION ALL SELECT document, name, span[1] FROM places WHERE document IN (SELECT document FROM spots)
)
SELECT DISTINCT id, name, names.spot >= sentence[1] AND names.spot < sentence[2]
FROM near JOIN names ON names.document = near.document AND names.spot // {CONTEXT} = near.block
"""
MOST_SPOKEN_OF = 6
"""How many names stand for what a document is about."""
_STORIES = f"""
WITH wanted AS (SELECT DISTINCT document FROM document_events WHERE id IN (SELECT unnest(?))),
names AS (
  SELECT document, actor AS name, len(mentions) AS times FROM document_actors
  WHERE document IN (SELECT document FROM wanted) AND NOT contains(actor, '~') AND kind <> 'state'
  UNION ALL SELECT document, name, 1 FROM places WHERE document IN (SELECT document FROM wanted)
)
SELECT document, name FROM (SELECT document, name, sum(times) AS times FROM names GROUP BY ALL)
QUALIFY row_number() OVER (PARTITION BY document ORDER BY times DESC, name) <= {MOST_SPOKEN_OF}
"""
OPENING = 2_000
"""Characters at the beginning of a document in which it names what it is about."""
_OPENINGS = f"""
SELECT id, text[:{OPENING}] FROM documents
WHERE id IN (SELECT document FROM document_events WHERE id IN (SELECT unnest(?)))
"""


def event_items(con: duckdb.DuckDBPyConnection, ids: Collection[str]) -> dict[str, EventItem]:
    """Return the document events with these ids."""
    rows = con.execute(_EVENTS, [list(ids)]).fetchall() if ids else []
    inside, around = _names_near(con, ids) if ids else ({}, {})
    stories = _stories(con, ids) if ids else {}
    return {
        r[0]: _event_item(
            r, frozenset(inside.get(r[0], ())), frozenset(around.get(r[0], ())), frozenset(stories.get(r[1], ()))
        )
        for r in rows
    }


def _stories(con: duckdb.DuckDBPyConnection, ids: Collection[str]) -> dict[str, set[str]]:
    """Return the names that the documents of the events speak of most."""
    found: dict[str, set[str]] = defaultdict(set)
    for document, name in con.execute(_STORIES, [list(ids)]).fetchall():
        found[document].add(name_key(name))
    for document, opening in con.execute(_OPENINGS, [list(ids)]).fetchall():
        found[document].update(name for name, _ in proper_names(opening).most_common(MOST_SPOKEN_OF))
    return found


def _names_near(con: duckdb.DuckDBPyConnection, ids: Collection[str]) -> tuple[dict[str, set[str]], ...]:
    """Return who and what the sentence of each event names, and the text around its triggers."""
    inside: dict[str, set[str]] = defaultdict(set)
    around: dict[str, set[str]] = defaultdict(set)
    for event, name, within in con.execute(_NAMES_NEAR, [list(ids)]).fetchall():
        (inside if within else around)[event].add(name_key(name))
    return inside, around


def _event_item(row: Sequence[Any], inside: frozenset[str], around: frozenset[str], story: frozenset[str]) -> EventItem:
    *fields, actors, targets, harmed, trigger, sentence, span, placed = row
    inside |= _unknown(sentence, inside)
    about = named(actors), named(targets), heads(targets), inside or around, around
    told = [*fields, *about, harmed, _stems(trigger), sentence, tuple(span), words(sentence), story, placed]
    return EventItem._make(told)


def _stems(trigger: str) -> frozenset[str]:
    """Return the words of a trigger without their endings: “killing” and “killed” are one word."""
    return frozenset(stem for word in trigger.split() for stem in words(_ENDING.sub("", word)) or words(word))


def _unknown(sentence: str, known: frozenset[str]) -> frozenset[str]:
    """Return the names in `sentence` that share no word with those known."""
    taken = {word for name in known for word in name.split("-")}
    return frozenset(name for name in proper_names(sentence) if taken.isdisjoint(name.split("-")))
