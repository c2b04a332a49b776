"""Linking is a function of the set of documents: added one by one, in batches or at once, the tables are the same."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import uuid4

import duckdb
import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from allegedly.ledger.schema import LINKED_TABLES, TABLES, create_table, read_rows
from allegedly.link import link
from allegedly.records import Casualties, ClaimRow, DocumentActorRow, DocumentEventRow, DocumentRow, Record

PLACES = ("Port Amber", "Cape Slate")
CULPRITS = ("island-republic", "fishing-union")
SPEAKERS = ("Police", "Witnesses")
SENTENCES = (
    "divers of the island republic cut the undersea cable near the lighthouse at night",
    "the undersea cable near the lighthouse was cut at night by divers of the island republic",
    "the fishing union cut the undersea cable near the lighthouse with an anchor",
    "the lighthouse keeper saw nothing unusual at night near the undersea cable",
)


def rows(number: int) -> dict[str, list[Record]]:
    """One small document with one event, one claim about it and two actors, made from `number` alone."""
    text, place, accused = SENTENCES[number % 4], PLACES[number // 4 % 2], CULPRITS[number // 8 % 2]
    speaker = SPEAKERS[number // 8 % 2]
    document, day = f"d{number:016x}", f"2031-05-{number % 3 + 1:02}"
    blank: dict[str, Any] = dict.fromkeys(("title", "author", "url", "native_id", "forwarded_from", "reply_to"), "")
    return {
        "documents": [
            DocumentRow(
                id=document,
                source=f"source {number % 5}",
                source_kind="outlet",
                platform="web",
                kind="article",
                published_at=day,
                published_grain="day",
                language="en",
                text=text,
                text_sha256="",
                body_start=0,
                links=(),
                hashtags=(),
                media=(),
                forward_inferred=False,
                reader="test",
                **blank,
            )
        ],
        "document_events": [*_events(number, document, text, place, accused, day)],
        "claims": [
            ClaimRow(
                id=f"c{number:016x}",
                document=document,
                speaker_name=speaker,
                speaker_actor=f"{speaker.lower()}~{document}",
                speaker_spans=(),
                cue_spans=(),
                cue_text="",
                content_spans=((0, len(text)),),
                content_text=text,
                mode="indirect",
                act="accuses",
                polarity="affirmed",
                hedge=None,
                channel=None,
                parent=None,
                accused=(accused,),
                about=(f"x{number:016x}",),
                confidence=0.5,
            )
        ],
        "document_actors": [
            DocumentActorRow(
                id=f"p{number:015x}{i}",
                document=document,
                actor=actor,
                name=actor.title(),
                kind="organisation",
                country="",
                mentions=((0, 3),),
                aliases=aliases,
                part_of=None,
            )
            for i, (actor, aliases) in enumerate(_actors(number, accused))
        ],
    }


def _events(number: int, document: str, text: str, place: str, accused: str, day: str) -> Iterator[DocumentEventRow]:
    """A deed, which every fourth document gives no day, and in every third document the harm it did."""
    dated, harmful = number % 4 != 0, number % 3 == 0
    for index in range(2 if harmful else 1):
        harm = Casualties(min=number, max=number, kind="killed", span=(0, 3))
        yield DocumentEventRow(
            id=f"x{number + index * 2**32:016x}",
            document=document,
            type="ASSAULT",
            other_type="",
            mode="",
            status="claimed",
            trigger_spans=((0, 3),),
            trigger_text=text.split()[-1] if index else text.split()[0],
            sentence=(0, len(text)),
            when_value=day if dated else None,
            when_start=day if dated else None,
            when_end=day if dated else None,
            when_span=(0, 3) if dated else None,
            when_anchor=None,
            where_name=place,
            where_geoname=None,
            where_lat=None,
            where_lon=None,
            where_span=None,
            actors=() if index else (accused,),
            targets=("cable",),
            means=None,
            casualties=(harm,) if index else (),
            damage=(),
            circumstances=(),
            part_of=None,
        )


def _actors(number: int, accused: str) -> list[tuple[str, tuple[str, ...]]]:
    """Some documents know the culprit by an acronym alone, some introduce it."""
    acronym = "".join(word[0] for word in accused.split("-"))
    return [(accused, (acronym,) if number % 3 == 0 else ()), (acronym, ())]


class Tables:
    """A derived database without a ledger around it."""

    def __init__(self, folder: Any) -> None:
        folder.mkdir(exist_ok=True)
        self.con, self.folder = duckdb.connect(), folder
        for table in TABLES.values():
            self.con.execute(create_table(table))

    def write(self, name: str, records: Sequence[Record]) -> None:
        if records:
            path = self.folder / "rows.jsonl"
            path.write_bytes(b"\n".join(msgspec.json.encode(r) for r in records))
            self.con.execute(f"INSERT INTO {name} {read_rows(TABLES[name], str(path), 10**6)}")

    def add(self, numbers: Sequence[int]) -> None:
        for number in numbers:
            for name, records in rows(number).items():
                self.write(name, records)
        link(self.con, [f"d{n:016x}" for n in numbers], self.write, self.folder)

    def dump(self) -> dict[str, list[Any]]:
        """Return all that is derived, narratives under the least of their statements: their names have a history."""
        self.con.execute("CREATE OR REPLACE TEMP TABLE least AS SELECT narrative, min(id) AS id FROM echoes GROUP BY 1")
        named = {
            "narratives": "SELECT n.* REPLACE (l.id AS id, len(opposed) AS opposed) "
            "FROM narratives n JOIN least l ON l.narrative = n.id",
            "echoes": "SELECT e.* REPLACE (l.id AS narrative) FROM echoes e JOIN least l USING (narrative)",
        }
        return {
            name: self.con.execute(f"{named.get(name, f'SELECT * FROM {name}')} ORDER BY ALL").fetchall()
            for name in LINKED_TABLES
            if name != "narrative_changes"
        }


def linked(folder: Any, batches: Sequence[Sequence[int]]) -> dict[str, list[Any]]:
    tables = Tables(folder / uuid4().hex)
    for batch in batches:
        tables.add(batch)
    return tables.dump()


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(14)), st.lists(st.integers(1, 13), max_size=4))
def test_order_and_batches_do_not_matter(tmp_path_factory: Any, order: list[int], cuts: list[int]) -> None:
    folder = tmp_path_factory.mktemp("link")
    edges = sorted({0, *cuts, len(order)})
    batches = [order[a:b] for a, b in itertools.pairwise(edges)]
    assert linked(folder, batches) == linked(folder, [range(14)])


def test_large_blocks_do_not_matter_either(tmp_path: Any) -> None:
    at_once = linked(tmp_path, [range(120)])
    assert linked(tmp_path, [range(60, 120), range(30), range(30, 60)]) == at_once
    assert at_once["narratives"]
    assert at_once["conflicts"]


def test_every_event_and_named_actor_is_linked_once(tmp_path: Any) -> None:
    tables = Tables(tmp_path)
    tables.add(range(24))
    con = tables.con
    assert con.execute("SELECT count(*) FROM event_links").fetchone() == (32,)
    assert con.execute(
        "SELECT count(*) FROM events e WHERE NOT EXISTS (FROM event_links l WHERE l.event = e.id)"
    ).fetchone() == (0,)
    assert con.execute("SELECT sum(members) FROM events").fetchone() == (32,)
    assert con.execute("SELECT count(*) FROM actors").fetchone() == (2,)


def test_documents_without_events_or_claims_are_linked_too(tmp_path: Any) -> None:
    tables = Tables(tmp_path)
    link(tables.con, ["d0000000000000001"], tables.write, tmp_path)
    assert tables.dump()["events"] == []
