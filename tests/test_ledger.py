"""Rows, schema, logs and versions of a ledger."""

from __future__ import annotations

from pathlib import Path

import duckdb
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegedly.ledger import Ledger, LedgerError
from allegedly.ledger.rows import GAP, batch_rows, problem_row, receipt, rows_of, sentence_around
from allegedly.ledger.run import ingest
from allegedly.ledger.schema import FORMAT, TABLES, create_table
from allegedly.records import (
    Annotation,
    Claim,
    Document,
    DocumentRow,
    Event,
    Judgement,
    Origin,
    Problem,
    ProblemRow,
    Relation,
    Speaker,
    Time,
    make_document,
)
from factories import annotation, document

# ---------------------------------------------------------------- schema


def test_every_table_can_be_created_and_its_key_is_among_its_columns() -> None:
    with duckdb.connect() as con:
        for table in TABLES.values():
            con.execute(create_table(table))
            assert set(table.key) <= set(table.columns)
    assert TABLES["claims"].columns["content_spans"] == "INTEGER[][]"
    assert TABLES["documents"].columns["links"] == "VARCHAR[]"
    assert "STRUCT" in TABLES["document_events"].columns["casualties"]


def test_a_document_row_holds_every_field_of_a_document_but_its_origin() -> None:
    fields = {f.name: f.type for f in msgspec.structs.fields(Document)}
    del fields["origin"]
    assert {f.name: f.type for f in msgspec.structs.fields(DocumentRow)} == fields


# ---------------------------------------------------------------- rows


def changed(**parts: object) -> Annotation:
    return msgspec.structs.replace(annotation(3), **parts)


def problems(rows: dict[str, list[ProblemRow]]) -> list[str]:
    return [row.what for row in rows.get("problems", ())]


def test_indices_become_ids() -> None:
    rows = rows_of(annotation(3))
    first, second = rows["claims"]
    assert first.about == (rows["document_events"][0].id,)
    assert (first.parent, second.parent) == (None, first.id)
    assert {row.document for table in rows if table != "documents" for row in rows[table]} == {rows["documents"][0].id}


spans = st.tuples(st.integers(-5, 400), st.integers(-5, 400))


@given(st.lists(spans, max_size=4))
def test_no_receipt_is_ever_wrong(found: list[tuple[int, int]]) -> None:
    base = annotation(3)
    text = base.document.text
    claim = msgspec.structs.replace(base.claims[0], content=tuple(found))
    event = msgspec.structs.replace(base.events[0], trigger=tuple(found))
    rows = rows_of(msgspec.structs.replace(base, claims=(claim,), events=(event,)))
    good = bool(found) and all(0 <= s < e <= len(text) for s, e in found)
    assert len(rows.get("claims", ())) == len(rows.get("document_events", ())) == good
    assert len(problems(rows)) == (0 if good else 2)
    for row in rows.get("claims", ()):
        assert row.content_text == GAP.join(text[s:e] for s, e in found)
        assert row.about == (rows["document_events"][0].id,)


def test_nothing_refers_to_a_part_that_was_left_out() -> None:
    base = annotation(3)
    bad_event = msgspec.structs.replace(base.events[0], trigger=((0, 10**6),))
    bad_claim = msgspec.structs.replace(base.claims[0], content=((5, 5),))
    inner = msgspec.structs.replace(base.events[0], part_of=0)
    rows = rows_of(changed(events=(bad_event, inner), claims=(bad_claim, base.claims[1])))
    assert [row.part_of for row in rows["document_events"]] == [None]
    assert [(row.parent, row.about) for row in rows["claims"]] == [(None, ())]
    assert len(problems(rows)) == 2


@pytest.mark.parametrize(
    "part",
    [
        Claim(speaker=Speaker(), content=((0, 3),), mode="shouted"),  # type: ignore[arg-type]
        Event(type="ASSAULT", trigger=((0, 1.5),)),  # type: ignore[arg-type]
        Time(span=(0, 3), value="2031\ud800", start="", end=""),
        Relation(subject="a", type="ally", object="b", sign=7, holder="c", evidence=(0, 3)),  # type: ignore[arg-type]
    ],
)
def test_a_part_that_breaks_its_record_becomes_a_problem(part: object) -> None:
    field = type(part).__name__.lower() + "s"
    rows = rows_of(Annotation(document=document(3), **{field: (part,)}))
    assert set(rows) == {"documents", "origins", "problems"}
    assert len(problems(rows)) == 1


def test_a_document_that_cannot_be_stored_is_a_problem_and_the_others_are_kept(tmp_path: Path) -> None:
    bad = msgspec.structs.replace(document(1), author="\udcff")
    ledger = Ledger(tmp_path / "l")
    assert ledger.add([Annotation(document=bad), annotation(2)]) == (1, 1)
    ledger.refresh()
    with ledger.connect() as con:
        assert con.execute("SELECT what FROM problems").fetchall()[0][0].startswith("the document cannot be kept")


def test_odd_file_names_and_texts_survive_the_way_to_disk_and_back(tmp_path: Path) -> None:
    text = "a\x00b\r\n\u2028c😀e\u0301 \"quoted\" 'it' \\ {json} ،עברית"
    origin = Origin(path="caf\udce9/\n.txt")
    made = make_document(origin=origin, source="s", text=text)
    whole = Claim(speaker=Speaker(), content=((0, len(text)),), mode="own-voice")
    ledger = Ledger(tmp_path / "it's a ledger")
    ledger.add([Annotation(document=made, claims=(whole,))])
    ledger.refresh()
    with ledger.connect() as con:
        assert con.execute("SELECT text FROM documents").fetchone() == (text,)
        assert con.execute("SELECT content_text FROM claims").fetchone() == (text,)
        assert con.execute("SELECT path FROM origins").fetchone() == ("caf\ufffd/\n.txt",)


def test_a_problem_has_the_same_id_wherever_its_document_was_found() -> None:
    here, there = (Problem(path=p, what="w", action="a") for p in ("x", "y"))
    assert problem_row(here).id != problem_row(there).id
    assert problem_row(here, "d1").id == problem_row(there, "d1").id != problem_row(here, "d2").id


def test_problems_name_the_first_of_the_places_whichever_was_read_first(tmp_path: Path) -> None:
    for order in (("b", "a"), ("a", "b")):
        ledger = Ledger(tmp_path / "".join(order))
        for path in order:
            ledger.add([annotation(6, path=path)])
            ledger.refresh()
        with ledger.connect() as con:
            assert con.execute("SELECT path FROM problems").fetchall() == [("a",)]


def test_one_batch_holds_a_document_once() -> None:
    rows = batch_rows([annotation(1, path="a"), annotation(1, path="b"), annotation(1, path="a")])
    assert (len(rows["documents"]), len(rows["claims"]), len(rows["origins"])) == (1, 2, 2)


@pytest.mark.parametrize(
    ("text", "words", "sentence"),
    [
        ("One. Two hit three. Four.", "hit", "Two hit three."),
        ("“Really?” He hit it.\nNext", "hit", "He hit it."),
        ("Title\n  hit at dawn  \nmore", "hit", "hit at dawn"),
        ("hit", "hit", "hit"),
        ("Один. Он ударил! Три.", "ударил", "Он ударил!"),
    ],
)
def test_sentences(text: str, words: str, sentence: str) -> None:
    start = text.index(words)
    assert receipt(text, [sentence_around(text, (start, start + len(words)))]) == sentence


@given(st.text(max_size=60), st.integers(0, 59), st.integers(1, 60))
def test_a_sentence_holds_what_it_is_around(text: str, start: int, length: int) -> None:
    if start + length <= len(text):
        found = sentence_around(text, (start, start + length))
        assert 0 <= found[0] <= start < start + length <= found[1] <= len(text)


# ---------------------------------------------------------------- logs and versions


def test_judgements_are_appended_and_a_torn_line_is_passed_by(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "l")
    first, second = (
        Judgement(verdict="reject", table="claims", subjects=(i,), made_at="2031-05-01T00:00:00+00:00")
        for i in ("c1", "c2")
    )
    assert ledger.judgements() == []
    ledger.judge(first)
    log = tmp_path / "l" / "judgements.jsonl"
    log.write_bytes(log.read_bytes() + b'{"verdict": "acc')
    assert ledger.judgements() == [first]
    ledger.judge(second)
    assert Ledger(tmp_path / "l").judgements() == [first, second]


@pytest.mark.parametrize(("written", "advice"), [(FORMAT + 1, "upgrade"), (FORMAT - 1, "delete its folder")])
def test_a_ledger_of_another_version_is_refused(tmp_path: Path, written: int, advice: str) -> None:
    ledger = Ledger(tmp_path / "l")
    ledger.add([annotation(1)])
    (said,) = (tmp_path / "l").glob("segments/*/segment.json")
    said.write_bytes(said.read_bytes().replace(b'"format":%d' % FORMAT, b'"format":%d' % written))
    with pytest.raises(LedgerError, match=advice):
        Ledger(tmp_path / "l").add([annotation(2)])


def test_a_database_of_another_version_is_made_anew(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "l")
    ledger.add([annotation(1)])
    ledger.refresh()
    with duckdb.connect(str(tmp_path / "l" / "ledger.duckdb")) as con:
        con.execute("UPDATE made_by SET stamp = 'long ago'; DELETE FROM claims")
    assert not ledger.current
    ledger.refresh()
    with ledger.connect() as con:
        assert con.execute("SELECT count(*) FROM claims").fetchone() == (2,)
    (tmp_path / "l" / "ledger.duckdb").write_bytes(b"torn")
    ledger.refresh()
    assert ledger.current


def test_a_run_over_nothing_leaves_a_ledger_that_can_be_read(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "l")
    assert ingest([], ledger).documents == 0
    with ledger.connect() as con:
        assert con.execute("SELECT count(*) FROM events").fetchone() == (0,)


def test_a_run_that_was_stopped_keeps_what_it_had_and_says_so(tmp_path: Path) -> None:
    def stopped(found):  # type: ignore[no-untyped-def]
        for n, one in enumerate(found):
            if n == 5:
                raise KeyboardInterrupt
            yield annotation(int(one.title.split("(")[1][:-1]))

    ledger = Ledger(tmp_path / "l")
    summary = ingest([document(n) for n in range(9)], ledger, annotate=stopped)
    assert (summary.finished, summary.new) == (False, 5)
    again = ingest([document(n) for n in range(9)], ledger, annotate=lambda found: map(_annotate, found))
    assert (again.finished, again.known, again.new) == (True, 5, 4)
    assert [run.finished for run in ledger.runs()] == [False, True]
    assert sum(again.seconds.values()) > 0


def _annotate(found: Document) -> Annotation:
    return Annotation(document=found)
