"""Small ledgers for the tests of `show`, written row by row so that they do not depend on the other rooms."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import duckdb

from allegedly.ledger.derive import NAME
from allegedly.ledger.schema import TABLES, create_table
from allegedly.records import Document, Origin, content_id, make_document


class ShowLedger:
    """What `show` needs of a ledger: its folder and `connect`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def connect(self) -> duckdb.DuckDBPyConnection:
        return duckdb.connect(str(self.path / NAME), read_only=True)


class Desk:
    """Collects rows by quoting texts: a receipt is found by searching for the words."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.texts: dict[str, Document] = {}

    def document(self, text: str, source: str, at: str = "", **fields: Any) -> str:
        grain = {0: "unknown", 10: "day"}.get(len(at), "minute")
        origin = Origin(path=fields.pop("path", f"posts/{source}.jsonl"), position=fields.pop("position", "line 1"))
        made = make_document(
            origin=origin,
            source=source,
            text=text,
            published_at=at,
            published_grain=grain,
            **{"language": "en"} | fields,
        )
        if made.id not in self.texts:
            row = {name: getattr(made, name) for name in made.__struct_fields__ if name != "origin"}
            self.rows["documents"].append(row | {name: list(row[name]) for name in ("links", "hashtags", "media")})
        self.texts[made.id] = made
        self.rows["origins"].append({"document": made.id, "path": origin.path, "position": origin.position})
        return made.id

    def span(self, document: str, quote: str) -> list[int]:
        start = self.texts[document].text.index(quote)
        return [start, start + len(quote)]

    def actor(self, name: str, kind: str = "organisation") -> str:
        slug = name.lower().replace(" ", "-")
        if not any(row["id"] == slug for row in self.rows["actors"]):
            self.rows["actors"].append(
                {"id": slug, "name": name, "kind": kind, "names": [name], "documents": 0, "mentions": 0}
            )
        return slug

    def mention(self, document: str, actor: str) -> str:
        key = content_id("m", document, actor)
        if not any(row["id"] == key for row in self.rows["document_actors"]):
            self.rows["document_actors"].append({"id": key, "document": document, "actor": actor, "name": actor})
            self.rows["actor_links"].append({"document_actor": key, "actor": actor})
        for row in self.rows["actors"]:
            if row["id"] == actor:
                row["mentions"] += 1
        return actor

    def claim(self, document: str, speaker: str, cue: str, content: str, **fields: Any) -> str:
        own = speaker == "author"
        for actor in [*fields.get("accused", ()), *([] if own else [self.actor(speaker)])]:
            self.mention(document, actor)
        span = self.span(document, content)
        row = {
            "id": content_id("c", document, span, speaker),
            "document": document,
            "speaker_name": "" if own else speaker,
            "speaker_actor": "author" if own else self.actor(speaker),
            "speaker_spans": [] if own else [self.span(document, speaker)],
            "cue_spans": [self.span(document, cue)] if cue else [],
            "cue_text": cue,
            "content_spans": [span],
            "content_text": content,
            "mode": "own-voice" if own else "indirect",
            "act": "asserts",
            "polarity": "affirmed",
            "accused": [],
            "about": [],
            "confidence": 0.8,
        }
        self.rows["claims"].append(row | fields)
        return str(row["id"])

    def event(self, title: str, document: str, start: str, *, triggers: tuple[str, ...] = (), **fields: Any) -> str:
        key, other_type = content_id("e", document, title), fields.pop("other_type", "")
        self.rows["events"].append(
            {
                "id": key,
                "type": "ASSAULT",
                "mode": "",
                "status": "claimed",
                "title": title,
                "title_document": document,
                "title_span": self.span(document, title),
                "start": start,
                "end": start,
                "place": "",
                "members": 0,
                "documents": 0,
                "sources": 0,
            }
            | fields
        )
        kind = {name: self.rows["events"][-1][name] for name in ("type", "mode")}
        words = [self.span(document, word) for word in triggers]
        self.telling(key, document, title, trigger_spans=words, other_type=other_type, **kind)
        return key

    def telling(self, event: str, document: str, quote: str, status: str = "claimed", **fields: Any) -> str:
        key = content_id("v", event, document)
        if not any(row["id"] == key for row in self.rows["document_events"]):
            span = self.span(document, quote)
            self.rows["document_events"].append(
                {"id": key, "document": document, "type": "ASSAULT", "status": status, "sentence": span} | fields
            )
            self.rows["event_links"].append({"document_event": key, "event": event})
        return key

    def account(self, event: str, facet: str, speaker: str, value: str, document: str, quote: str, **more: Any) -> str:
        key = content_id("a", event, facet, speaker, value, document)
        self.rows["accounts"].append(
            {
                "id": key,
                "event": event,
                "facet": facet,
                "speaker": speaker if speaker.startswith("author:") else self.actor(speaker),
                "speaker_name": speaker.removeprefix("author:"),
                "value": value,
                "document": document,
                "span": self.span(document, quote),
                "published_at": self.texts[document].published_at,
            }
            | more
        )
        return key

    def conflict(self, first: str, second: str, kind: str, reason: str) -> None:
        account = next(row for row in self.rows["accounts"] if row["id"] == first)
        self.rows["conflicts"].append(
            {
                "id": content_id("k", first, second),
                "event": account["event"],
                "facet": account["facet"],
                "kind": kind,
                "account_1": first,
                "account_2": second,
                "reason": reason,
            }
        )

    def narrative(self, claims: list[str], lags: list[int | None], kinds: list[str], certain: bool = True) -> None:
        rows = [next(row for row in self.rows["claims"] if row["id"] == claim) for claim in claims]
        documents = [self.texts[row["document"]] for row in rows]
        key = content_id("n", claims)
        echoes = [content_id("s", key, place, claim) for place, claim in enumerate(claims)]
        self.rows["narratives"].append(
            {
                "id": key,
                "gist": rows[0]["content_text"],
                "gist_echo": echoes[0],
                "first_echo": echoes[0],
                "first_seen": documents[0].published_at,
                "first_certain": certain,
                "denies": False,
                "opposed": [],
                "claims": len(claims),
                "wordings": sum(kind in ("first", "echo") for kind in kinds),
                "documents": len({d.id for d in documents}),
                "sources": len({d.source for d in documents}),
                "languages": sorted({d.language for d in documents}),
                "half_life_seconds": next((lag for lag in lags if lag), None),
                "path": [
                    {"language": d.language, "source_kind": d.source_kind, "echo": echo, "certain": certain}
                    for echo, d in zip(echoes, documents, strict=True)
                ],
            }
        )
        for echo, row, document, lag, kind in zip(echoes, rows, documents, lags, kinds, strict=True):
            self.rows["echoes"].append(
                {
                    "id": echo,
                    "narrative": key,
                    "claim": row["id"],
                    "spans": row["content_spans"],
                    "text": row["content_text"],
                    "source_kind": document.source_kind,
                    "copy_of": None,
                    "document": document.id,
                    "source": document.source,
                    "language": document.language,
                    "published_at": document.published_at,
                    "kind": kind,
                    "lag_seconds": lag,
                }
            )

    def relation(self, document: str, subject: str, type_: str, object_: str, sign: int, holder: str, q: str) -> None:
        self.rows["relations"].append(
            {
                "id": content_id("r", document, subject, object_, type_),
                "document": document,
                "subject": self.mention(document, subject),
                "type": type_,
                "object": self.mention(document, object_),
                "sign": sign,
                "holder": holder,
                "evidence": self.span(document, q),
            }
        )

    def problem(self, path: str, what: str, action: str, **fields: str) -> None:
        row = {"path": path, "position": "", "stage": "read", "what": what, "action": action, "excerpt": ""}
        self.rows["problems"].append(row | fields)

    def write(self, path: Path) -> ShowLedger:
        path.mkdir()
        connection = duckdb.connect(str(path / NAME))
        for table in TABLES.values():
            connection.execute(create_table(table))
        connection.execute("CREATE TABLE made_by AS SELECT '' AS stamp, '' AS vectors")
        connection.execute("BEGIN")
        for name, rows in self.rows.items():
            for row in rows:
                marks = ", ".join("?" for _ in row)
                columns = ", ".join(f'"{column}"' for column in row)
                connection.execute(f"INSERT INTO {name} ({columns}) VALUES ({marks})", list(row.values()))
        connection.execute("COMMIT")
        connection.close()
        return ShowLedger(path)
