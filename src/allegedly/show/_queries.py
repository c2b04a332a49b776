"""The queries behind the payload, with what each column refers to. Every query has a total order."""

_EXCERPT = "substring(d.text, {0}[1] + 1, {0}[2] - {0}[1])"

DOCUMENTS = """
SELECT d.id, source, source_kind, platform, kind, title, author, published_at, published_grain, language, url,
       length(text) AS length,
       CASE WHEN title = '' THEN trim(substring(text, body_start + 1, 80), E' \\n\\r\\t') ELSE '' END AS opening,
       forwarded_from, forward_inferred, reader,
       coalesce(o.origins, []) AS origins
FROM documents d
LEFT JOIN (SELECT document, list([path, position] ORDER BY path, position) AS origins FROM origins GROUP BY document) o
  ON o.document = d.id
ORDER BY published_at = '', published_at, source, d.id
"""

TEXTS = "SELECT id, text FROM documents ORDER BY published_at = '', published_at, source, id"
TEXT = "SELECT text FROM documents WHERE id = ?"

ACTORS = "SELECT id, name, kind, names, documents, mentions FROM actors ORDER BY mentions DESC, id"

_LINKED = """
linked AS (
  SELECT da.document, da.actor AS local, any_value(al.actor ORDER BY al.actor) AS actor
  FROM document_actors da JOIN actor_links al ON al.document_actor = da.id GROUP BY ALL
)"""

CLAIMS = f"""
WITH {_LINKED},
accused AS (
  SELECT c.id, list(coalesce(l.actor, c.local) ORDER BY c.local) AS actors
  FROM (SELECT id, document, unnest(accused) AS local FROM claims) c
  LEFT JOIN linked l ON l.document = c.document AND l.local = c.local GROUP BY c.id
),
about AS (
  SELECT c.id, list(el.event ORDER BY el.event) AS events
  FROM (SELECT id, unnest(about) AS document_event FROM claims) c
  JOIN event_links el ON el.document_event = c.document_event GROUP BY c.id
)
SELECT c.id, c.document, coalesce(l.actor, c.speaker_actor) AS speaker, c.speaker_name, c.cue_text,
       flatten(c.speaker_spans) AS speaker_spans, flatten(c.cue_spans) AS cue_spans, flatten(c.content_spans) AS spans,
       c.content_text AS text, c.mode, c.act, c.polarity, c.hedge, c.channel, c.parent,
       coalesce(a.actors, []) AS accused, coalesce(e.events, []) AS about,
       round(c.confidence, 2) AS confidence
FROM claims c
JOIN documents d ON d.id = c.document
LEFT JOIN linked l ON l.document = c.document AND l.local = c.speaker_actor
LEFT JOIN accused a ON a.id = c.id
LEFT JOIN about e ON e.id = c.id
ORDER BY d.published_at = '', d.published_at, d.source, d.id, c.content_spans, c.id
"""

EVENTS = """
WITH titles AS (
  SELECT el.event, flatten(list(flatten(de.trigger_spans) ORDER BY de.id)) AS triggers,
         any_value(de.other_type ORDER BY de.id) FILTER (de.type = e.type) AS other_type
  FROM events e
  JOIN event_links el ON el.event = e.id
  JOIN document_events de ON de.id = el.document_event AND de.document = e.title_document AND de.sentence = e.title_span
  GROUP BY el.event
)
SELECT id, type, coalesce(t.other_type, '') AS other_type, mode, status, title, title_document AS document,
       title_span AS spans, coalesce(t.triggers, []) AS triggers, "start", "end", place, lat, lon, members, documents
FROM events e
LEFT JOIN titles t ON t.event = e.id
ORDER BY "start" = '', "start", id
"""

MENTIONS = """
SELECT el.event, de.document, de.sentence AS spans, coalesce(flatten(de.trigger_spans), []) AS triggers
FROM event_links el
JOIN document_events de ON de.id = el.document_event
JOIN documents d ON d.id = de.document
ORDER BY el.event, d.published_at = '', d.published_at, d.source, d.id, de.id
"""

ACCOUNTS = f"""
SELECT a.id, a.event, a.facet, a.speaker, a.speaker_name, starts_with(a.speaker, 'author:') AS own, a.value,
       regexp_replace(a.value, '^not ', '') AS value_actor, a.min, a.max, a.document, a.span AS spans,
       a.claim, a.published_at, {_EXCERPT.format("a.span")} AS text
FROM accounts a
LEFT JOIN documents d ON d.id = a.document
ORDER BY a.event, a.facet, a.published_at = '', a.published_at, a.id
"""

CONFLICTS = """
SELECT event, facet, kind, account_1 AS first, account_2 AS second FROM conflicts ORDER BY event, facet, id
"""

NARRATIVES = """
SELECT id, gist, gist_echo, first_echo, first_seen, first_certain, denies, opposed, claims, wordings, documents,
       languages, half_life_seconds AS half_life,
       list_transform("path", lambda s: [s.language, s.source_kind, s.certain::VARCHAR]) AS path
FROM narratives ORDER BY sources DESC, claims DESC, id
"""

ECHOES = """
SELECT id, narrative, claim, document, flatten(spans) AS spans, text, published_at, kind, copy_of, lag_seconds AS lag
FROM echoes ORDER BY narrative, published_at = '', published_at, document, id
"""

CHANGES = """
SELECT change, other AS narrative, count(*) AS count FROM narrative_changes
WHERE other IN (SELECT id FROM narratives) GROUP BY ALL ORDER BY other, change
"""

RELATIONS = f"""
WITH {_LINKED}
SELECT coalesce(s.actor, r.subject) AS subject, r.type, coalesce(o.actor, r.object) AS object, r.sign,
       coalesce(h.actor, r.holder) AS holder, r.holder = 'author' AS own, r.document, r.evidence AS spans,
       {_EXCERPT.format("r.evidence")} AS text
FROM relations r
JOIN documents d ON d.id = r.document
LEFT JOIN linked s ON s.document = r.document AND s.local = r.subject
LEFT JOIN linked o ON o.document = r.document AND o.local = r.object
LEFT JOIN linked h ON h.document = r.document AND h.local = r.holder
ORDER BY d.published_at = '', d.published_at, d.source, d.id, r.evidence, r.id
"""

PROBLEMS = """
SELECT path, position, stage, what, action, excerpt FROM problems ORDER BY path, position, stage, what LIMIT ?
"""

PROBLEM_COUNTS = """
SELECT stage, what, action, count(*) AS count FROM problems GROUP BY ALL ORDER BY count DESC, stage, what, action
"""

TOPICS = """
SELECT name FROM actors
WHERE kind NOT IN ('unnamed', 'people', 'outlet', 'channel') AND NOT contains(id, '~')
ORDER BY documents DESC, mentions DESC, id LIMIT 3
"""

TABLES = {
    "documents": DOCUMENTS,
    "actors": ACTORS,
    "claims": CLAIMS,
    "events": EVENTS,
    "mentions": MENTIONS,
    "accounts": ACCOUNTS,
    "conflicts": CONFLICTS,
    "narratives": NARRATIVES,
    "echoes": ECHOES,
    "changes": CHANGES,
    "relations": RELATIONS,
    "problem_counts": PROBLEM_COUNTS,
}
"""Tables of the payload that are read whole."""

REFERENCES = {
    "claims": {
        "document": "documents",
        "speaker": "actors",
        "parent": "claims",
        "accused": "actors",
        "about": "events",
    },
    "events": {"document": "documents"},
    "mentions": {"event": "events", "document": "documents"},
    "accounts": {
        "event": "events",
        "speaker": "actors",
        "value_actor": "actors",
        "document": "documents",
        "claim": "claims",
    },
    "conflicts": {"event": "events", "first": "accounts", "second": "accounts"},
    "narratives": {"gist_echo": "echoes", "first_echo": "echoes", "opposed": "narratives"},
    "echoes": {"narrative": "narratives", "claim": "claims", "document": "documents", "copy_of": "echoes"},
    "changes": {"narrative": "narratives"},
    "relations": {"subject": "actors", "object": "actors", "holder": "actors", "document": "documents"},
}
"""Columns that hold the id of another table's row."""

DROPPED = (("claims", "id"), ("accounts", "id"), ("echoes", "id"))
"""Ids that nothing outside the ledger refers to: the client goes by row number."""
