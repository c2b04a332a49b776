"""The payload: every reference resolves, every span says what its row says, nothing is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from allegedly.show import _names
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
    assert len(tables) == 13
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


def test_paths_begin_below_the_folder_that_all_inputs_share(tmp_path: Path) -> None:
    desk = Desk()
    for path in ("/home/ana/case/a.txt", "/home/ana/case/posts/b.zip!/inner/c.txt"):
        desk.document(f"Text {len(path)}.", "Pier", path=path, position="")
    desk.problem("/home/ana/case/d.bin", "not text", "set aside")
    built = show.build(desk.write(tmp_path / "l").connect())
    assert {at for places in built.documents.columns["origins"] for at, _ in places} == {
        "a.txt",
        "posts/b.zip!/inner/c.txt",
    }
    assert built.problems.columns["path"] == ["d.bin"]
    assert b"/home" not in show.encode(built)


@pytest.mark.parametrize(
    ("paths", "folders"),
    [
        ([], 0),
        (["a.txt"], 0),
        (["in/a.txt"], 1),
        (["in/a.txt", "in/b/c.txt"], 1),
        (["in/a.txt", "inner/a.txt"], 0),
        (["/x/a.txt", "b.txt"], 0),
        (["in/a.zip!/x/1", "in/a.zip!/x/2"], 1),
    ],
)
def test_the_shared_folder(paths: list[str], folders: int) -> None:
    assert _names.common_folder(paths) == folders


def test_a_document_of_no_stated_source_goes_by_its_file(tmp_path: Path) -> None:
    desk = Desk()
    for name in ("a.txt", "b.txt"):
        desk.document(f"Text of {name}.", "unknown", path=f"in/{name}", position="")
    desk.document("Text.", "Pier", path="in/c.txt", source_kind="outlet")
    columns = show.build(desk.write(tmp_path / "l").connect()).documents.columns
    assert sorted(zip(columns["source"], columns["source_kind"], strict=True)) == [
        ("Pier", "outlet"),
        ("file a.txt", "file"),
        ("file b.txt", "file"),
    ]


def test_an_event_is_named_by_its_kind_and_by_words_of_its_title(
    connection: duckdb.DuckDBPyConnection, built: show.Payload
) -> None:
    texts = [text for _, text in show.texts(connection)]
    named = {}
    for event in rows(built.events):
        start, end = event["spans"]
        assert texts[event["document"]][start:end] == event["title"]
        pairs = zip(event["triggers"][::2], event["triggers"][1::2], strict=True)
        named[event["type"], event["mode"]] = [texts[event["document"]][a:b] for a, b in pairs]
    assert named["ASSAULT", "destroy"] == ["destroyed"]
    assert named["PROTEST", "demo"] == ["marched"]
    assert named["THREATEN", ""] == []


def test_the_plain_type_comes_from_the_telling_that_gives_the_title(tmp_path: Path) -> None:
    desk = Desk()
    document = desk.document("The ferry capsized off Marrow.", "Pier", "2031-01-02")
    desk.event("The ferry capsized off Marrow", document, "2031-01-02", type="OTHER", other_type="accident")
    assert show.build(desk.write(tmp_path / "l").connect()).events.columns["other_type"] == ["accident"]


def test_the_title_says_what_the_ledger_is_about(built: show.Payload, desk: Desk, tmp_path: Path) -> None:
    assert built.title == "Story"
    derived = show.build(desk.write(tmp_path / "l").connect()).title
    assert derived == "Tarn Navy, Ostvale Defence Ministry, Tarn: 12 documents, 4 Mar – 8 Mar 2031"


@pytest.mark.parametrize(
    ("documents", "titles", "topics", "dates", "expected"),
    [
        (0, [], [], [], "0 documents"),
        (1, ["Fire"], ["Tarn"], ["2031-03-04"], "Fire"),
        (1, [""], ["Tarn"], ["2031-03-04T10:00:00+00:00"], "Tarn: 1 document, 4 Mar 2031"),
        (1200, [], [], ["2030-12-31", "2031-01"], "1,200 documents, 31 Dec 2030 – Jan 2031"),
        (2, ["a", "b"], [], ["1601", "2031-99-01"], "2 documents, 1601 – 2031"),
    ],
)
def test_derived_titles(documents: int, titles: list[str], topics: list[str], dates: list[str], expected: str) -> None:
    assert _names.title_of(documents, titles, topics, dates) == expected


def test_the_languages_that_are_searched_are_named(built: show.Payload) -> None:
    assert built.searched == ["en"]
    assert not built.by_meaning


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
