"""The payload: every reference resolves, every span says what its row says, nothing is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from allegedly.show import payload as show
from show_ledger import Desk
from show_story import story


@pytest.fixture(scope="module")
def desk() -> Desk:
    return story()


@pytest.fixture(scope="module")
def connection(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    return desk.write(tmp_path_factory.mktemp("ledger") / "story.duckdb").connect()


@pytest.fixture(scope="module")
def built(connection: duckdb.DuckDBPyConnection) -> show.Payload:
    return show.build(connection, title="Story")


def rows(table: show.Table) -> list[dict[str, Any]]:
    return [{name: values[row] for name, values in table.columns.items()} for row in range(table.rows)]


def test_every_row_of_the_ledger_is_there(desk: Desk, built: show.Payload) -> None:
    for name in (
        "documents",
        "claims",
        "actors",
        "events",
        "accounts",
        "conflicts",
        "narratives",
        "echoes",
        "relations",
    ):
        assert getattr(built, name).rows == len(desk.rows[name]), name
    assert built.problems.rows == 4
    assert sum(built.problem_counts.columns["count"]) == 4


def test_every_column_has_a_value_for_every_row(built: show.Payload) -> None:
    tables = [
        table for table in (getattr(built, name) for name in built.__struct_fields__) if isinstance(table, show.Table)
    ]
    assert len(tables) == 12
    assert all(len(values) == table.rows for table in tables for values in table.columns.values())


def test_spans_of_claims_are_receipts(connection: duckdb.DuckDBPyConnection, built: show.Payload) -> None:
    texts = [text for _, text in show.texts(connection)]
    assert built.claims.rows
    for claim in rows(built.claims):
        start, end = claim["spans"]
        assert texts[claim["document"]][start:end] == claim["text"]


def test_excerpts_count_code_points(tmp_path: Path) -> None:
    desk = Desk()
    document = desk.document("🔥🔥 é́ the bridge fell, 7 hurt", "Pier")
    event = desk.event("the bridge fell", document, "2031-01-01")
    desk.account(event, "casualties", "author:Pier", "injured", document, "7 hurt", min=7, max=7)
    found = rows(show.build(desk.write(tmp_path / "l").connect()).accounts)
    assert [(account["text"], account["speaker"], account["speaker_name"]) for account in found] == [
        ("7 hurt", -1, "Pier")
    ]


def test_texts_come_in_the_order_of_the_documents(connection: duckdb.DuckDBPyConnection, built: show.Payload) -> None:
    assert [key for key, _ in show.texts(connection, batch=5)] == built.documents.columns["id"]


def test_references_are_row_numbers(built: show.Payload) -> None:
    actors = built.actors.columns["name"]
    blame = [claim for claim in rows(built.claims) if claim["accused"]]
    assert {actors[row] for claim in blame for row in claim["accused"]} == {"Tarn Navy"}
    assert {actors[claim["speaker"]] for claim in blame} == {"Ostvale Defence Ministry", "General Ravik"}
    told = {built.events.columns["title"][row] for claim in blame for row in claim["about"]}
    assert told == {"A fire destroyed the fuel depot at Marrow harbour on Tuesday night"}


def test_the_author_is_nobody_among_the_actors(built: show.Payload) -> None:
    own = [claim for claim in rows(built.claims) if claim["mode"] == "own-voice"]
    assert own
    assert {claim["speaker"] for claim in own} == {-1}


def test_a_voice_of_its_own_is_told_from_a_nameless_speaker(built: show.Payload) -> None:
    assert {a["speaker_name"] for a in rows(built.accounts) if a["own"]} == {"Marrow Courier"}
    own = {r["type"]: r["holder"] for r in rows(built.relations) if r["own"]}
    assert own == {"hostile": -1, "part-of": -1, "cooperates": -1}


def test_denied_blame_still_names_the_blamed(built: show.Payload) -> None:
    values = {a["value"]: a["value_actor"] for a in rows(built.accounts) if a["facet"] == "perpetrator"}
    navy = built.actors.columns["id"].index("tarn-navy")
    assert values == {"tarn-navy": navy, "not tarn-navy": navy}


def test_conflicts_join_accounts_of_their_event(built: show.Payload) -> None:
    accounts = rows(built.accounts)
    for conflict in rows(built.conflicts):
        sides = [accounts[conflict["first"]], accounts[conflict["second"]]]
        assert {side["event"] for side in sides} == {conflict["event"]}
        assert {side["facet"] for side in sides} == {conflict["facet"]}


def test_a_document_found_twice_names_both_places(tmp_path: Path) -> None:
    desk = Desk()
    for place in ("a.txt", "b.txt"):
        desk.document("Once.", "Pier", path=place, position="")
    documents = rows(show.build(desk.write(tmp_path / "l").connect()).documents)
    assert [document["origins"] for document in documents] == [[["a.txt", ""], ["b.txt", ""]]]


def test_an_empty_ledger_has_empty_tables(tmp_path: Path) -> None:
    empty = show.build(Desk().write(tmp_path / "l").connect())
    assert empty.documents.rows == empty.claims.rows == 0
    assert show.encode(empty)


def test_problems_are_listed_up_to_a_limit_and_all_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(show, "PROBLEMS_SHOWN", 3)
    desk = Desk()
    for line in range(5):
        desk.problem("a.jsonl", "not JSON", "set aside", position=f"line {line}")
    built = show.build(desk.write(tmp_path / "l").connect())
    assert built.problems.rows == 3
    assert built.problem_counts.columns["count"] == [5]


def test_one_text_by_id(connection: duckdb.DuckDBPyConnection, desk: Desk) -> None:
    key, made = next(iter(desk.texts.items()))
    assert show.text(connection, key) == made.text
    assert show.text(connection, "d' OR 1=1 --") is None
