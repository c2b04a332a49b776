"""Narratives: which statements are compared, what keeps them apart, who was first, and which names stay."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allegedly.ledger.schema import TABLES, create_table, read_rows
from allegedly.link.narratives import Sketcher, link_narratives
from allegedly.link.narratives.compare import chances, traits
from allegedly.link.narratives.copies import Copies
from allegedly.link.narratives.group import linked, pieces
from allegedly.link.narratives.names import Names
from allegedly.link.narratives.numerals import numbers_told
from allegedly.link.narratives.said import said
from allegedly.link.narratives.sayings import NEIGHBOURS, Saying, Sayings
from allegedly.link.narratives.spread import half_life, path
from allegedly.link.narratives.statements import Told
from allegedly.link.narratives.tell import Group, narrate
from allegedly.records import ClaimRow, DocumentRow, Record

SABOTAGE = "Divers from the island republic cut the undersea cable near the lighthouse"
REWORDED = "The undersea cable near the lighthouse was cut by divers from the island republic"
HARBOUR = "The harbour will stay closed to tankers until the end of the month"


def told(id: str, when: str = "2031-05-01T10:00:00+00:00", **fields: Any) -> Told:
    defaults: dict[str, Any] = {
        "document": f"d-{id}",
        "claim": None,
        "spans": ((0, 9),),
        "text": SABOTAGE,
        "saying": 0,
        "source": f"source {id}",
        "source_kind": "outlet",
        "language": "en",
        "published_at": when,
        "published_grain": "second" if "T" in when else "day",
        "forwarded": False,
    }
    return Told(id=id, **{**defaults, **fields})


def narrated(*members: Told) -> tuple[Any, list[Any]]:
    vectors = {m.saying: np.eye(8, dtype=np.float32)[m.saying] for m in members}
    return narrate("n1", Group(members, {}, False), (), Copies(vectors, meaning=True))


# ---------------------------------------------------------------- what words give away


@pytest.mark.parametrize(
    ("language", "text", "numbers"),
    [
        ("en", "two hundred and six people and 1,200 goats", {206, 1200}),
        ("en", "on 14 March 2031 at 10:30", set()),
        ("de", "sechsundvierzig Tote", {46}),
        ("fr", "quatre-vingt-dix blessés", {90}),
        ("ru", "двадцать пять раненых", {25}),
        ("ar", "٣٥ جريحا", {35}),
        ("hi", "४२ लोग", {42}),
        ("zh", "三十五人", {35}),
    ],
)
def test_numbers_are_read_in_digits_and_words_of_many_languages(language: str, text: str, numbers: set[int]) -> None:
    assert numbers_told(text, language) == numbers


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The ministry denied that the pump had failed"),
        ("ru", "Министерство опровергло слухи об аварии"),
        ("zh", "公司否认泄漏"),
        ("tr", "Bakanlık iddiaları yalanladı"),
        ("he", "החברה הכחישה את הדיווח"),
    ],
)
def test_words_of_denial_are_found(language: str, text: str) -> None:
    assert said(text, language).denials > 0


def test_what_is_said_in_an_unknown_language_tells_its_numbers_alone() -> None:
    assert said("17 noin", "xx") == (0, 0, False, frozenset({17}))


# ---------------------------------------------------------------- pairs and groups


def likely(*texts: str) -> np.ndarray[Any, Any]:
    """Return how likely the first is the same as each other one, by words alone."""
    languages, sketcher = ["en"] * len(texts), Sketcher(None)
    known = traits(texts, languages, sketcher.sketches(texts, languages), False, [False] * len(texts))
    rest = np.arange(1, len(texts))
    return chances(known, np.zeros(len(rest), int), rest, False).same


def test_a_rewording_is_likelier_the_same_than_another_claim() -> None:
    reworded, denied, other = likely(SABOTAGE, REWORDED, f"It is false that {REWORDED.lower()}", HARBOUR)
    assert reworded > 0.5 > denied > other


def test_the_same_words_in_another_dress_are_the_same_and_few_words_are_nothing() -> None:
    assert likely("We have been here before, he said", "we have been here before — HE said!") == [1]
    assert likely("It was them", "It was them again") == [0]


def test_what_is_kept_apart_is_never_joined_and_the_rest_by_its_mean() -> None:
    same = np.array([[1, 0.9, 0.8], [0.9, 1, 0.1], [0.8, 0.1, 1]])
    veto = np.zeros((3, 3), bool)
    assert linked(same, veto, 0.5) == [[0, 1], [2]]
    assert linked(same, veto, 0.4) == [[0, 1, 2]]
    veto[1, 0] = True
    assert linked(same, veto, 0.4) == [[0, 2], [1]]


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 20), st.integers(0, 20)), max_size=60), st.randoms())
def test_pieces_are_small_and_do_not_depend_on_order(edges: list[tuple[float, int, int]], dice: Any) -> None:
    items = [f"{n:02}" for n in range(21)]
    named = [(chance, *sorted((items[a], items[b]))) for chance, a, b in edges if a != b]
    found = pieces(items, named, 5)  # type: ignore[arg-type]
    dice.shuffle(named)
    assert pieces(dice.sample(items, 21), named, 5) == found  # type: ignore[arg-type]
    assert max(map(len, found)) <= 5 and sorted(i for p in found for i in p) == items


# ---------------------------------------------------------------- telling


def test_a_narrative_names_the_first_its_echoes_and_its_copies() -> None:
    narrative, echoes = narrated(
        told("s3", "2031-05-01T12:00:00+00:00", forwarded=True),
        told("s2", "2031-05-01T10:05:00+00:00"),
        told("s4", "2031-05-01T13:00:00+00:00", saying=1, text=REWORDED),
        told("s1"),
    )
    assert (narrative.first_echo, narrative.first_certain, narrative.claims, narrative.wordings) == ("s1", True, 4, 2)
    assert [(e.id, e.kind, e.copy_of, e.lag_seconds) for e in echoes] == [
        ("s1", "first", None, 0),
        ("s2", "copy", "s1", 300),
        ("s3", "forward", None, 7200),
        ("s4", "echo", None, 10_800),
    ]


def test_near_copies_and_translations_are_told_from_echoes() -> None:
    vectors = {0: np.array([1, 0], np.float32), 1: np.array([0.9, 0.435], np.float32), 2: np.array([0, 1], np.float32)}
    copies = Copies(vectors, meaning=True)
    original = told("s1")
    edited = told("s2", saying=1, text=SABOTAGE + ", officials said")
    assert copies.kind(original, edited) == "copy"
    assert copies.kind(original, told("s3", saying=1, language="fr", text="traduit")) == "translation"
    assert copies.kind(original, told("s4", saying=2, language="fr", text="autre")) is None
    assert Copies(vectors, meaning=False).kind(original, told("s5", saying=1, language="fr")) is None


@pytest.mark.parametrize("early", ["2031-05-01", "2031-05-01T10:00:00"])
def test_a_day_alone_and_a_time_without_zone_leave_the_order_unknown(early: str) -> None:
    narrative, echoes = narrated(told("s1", early), told("s2", "2031-05-01T10:05:00+00:00"))
    assert not narrative.first_certain
    assert narrative.half_life_seconds is None
    assert [e.lag_seconds for e in echoes if e.kind != "first"] == [None]


def test_the_path_goes_by_language_and_kind_of_source() -> None:
    ordered = [
        told("s1"),
        told("s2", "2031-05-01T11:00:00+00:00"),
        told("s3", "2031-05-01T12:00:00+00:00", language="ru", source_kind="channel"),
        told("s4", "2031-05-01", language="fa"),
    ]
    assert [(s.language, s.source_kind, s.echo, s.certain) for s in path(ordered)] == [
        ("en", "outlet", "s1", True),
        ("ru", "channel", "s3", True),
        ("fa", "outlet", "s4", False),
    ]
    assert half_life(ordered[:3]) == 3600
    assert half_life(ordered[:1]) is None


# ---------------------------------------------------------------- sayings on disk


SAYINGS = st.lists(st.text("abcdefg ", min_size=3, max_size=30), min_size=1, max_size=60, unique=True)


@settings(max_examples=20, deadline=None)
@given(SAYINGS, st.integers(1, 59), st.randoms())
def test_neighbours_do_not_depend_on_order_or_batches(
    tmp_path_factory: Any, texts: list[str], cut: int, dice: Any
) -> None:
    def listed(batches: Sequence[Sequence[str]]) -> list[Any]:
        con, folder = duckdb.connect(), tmp_path_factory.mktemp("sayings")
        for batch in batches:
            Sayings(con, folder, Sketcher(None)).add([Saying(text, "en") for text in batch])
        return con.execute(
            "SELECT a.key, b.key, cosine, chance FROM narrative_near n JOIN narrative_sayings a ON a.row = n.row "
            "JOIN narrative_sayings b ON b.row = n.other ORDER BY ALL"
        ).fetchall()

    mixed = dice.sample(texts, len(texts))
    found = listed([mixed[:cut], mixed[cut:]])
    assert found == listed([texts])
    counts: dict[int, int] = {}
    for row, *_ in found:
        counts[row] = counts.get(row, 0) + 1
    assert max(counts.values(), default=0) <= NEIGHBOURS


def test_vectors_that_were_lost_are_made_again(tmp_path: Path) -> None:
    con = duckdb.connect()
    rows, _ = Sayings(con, tmp_path, Sketcher(None)).add([Saying(SABOTAGE, "en"), Saying(HARBOUR, "en")])
    (file,) = tmp_path.glob("*.vectors")
    whole = file.read_bytes()
    file.write_bytes(whole[:100])
    again = Sayings(con, tmp_path, Sketcher(None))
    assert file.read_bytes() == whole
    assert np.allclose(np.linalg.norm(again.vectors(np.array(rows)), axis=1), 1, atol=0.01)


# ---------------------------------------------------------------- a ledger's narratives


class Story:
    """A derived database with documents of one claim each."""

    def __init__(self, folder: Path) -> None:
        self.con, self.folder = duckdb.connect(), folder
        for table in TABLES.values():
            self.con.execute(create_table(table))

    def write(self, name: str, records: Sequence[Record]) -> None:
        if records:
            lines = self.folder / "rows.jsonl"
            lines.write_bytes(b"\n".join(msgspec.json.encode(r) for r in records))
            self.con.execute(f"INSERT INTO {name} BY NAME {read_rows(TABLES[name], str(lines), 10**6)}")

    def add(self, *documents: tuple[str, str, str], **claim: Any) -> None:
        """Add documents: id, text, time."""
        for id, text, when in documents:
            self.write("documents", [document(id, text, when)])
            self.write("claims", [claim_of(id, text, **claim)])
        ids = [id for id, _, _ in documents]
        link_narratives(self.con, self.write, self.folder, Sketcher(None), ids, ())

    def rows(self, query: str) -> list[Any]:
        return self.con.execute(query).fetchall()


def document(id: str, text: str, when: str) -> DocumentRow:
    blank: dict[str, Any] = dict.fromkeys(
        ("title", "author", "url", "native_id", "forwarded_from", "reply_to", "text_sha256"), ""
    )
    return DocumentRow(
        id=id, source=f"source {id}", source_kind="outlet", platform="web", kind="article", published_at=when,
        published_grain="second", language="en", text=text, body_start=0, links=(), hashtags=(), media=(),
        forward_inferred=False, reader="test", **blank,
    )  # fmt: skip


def claim_of(document: str, text: str, **fields: Any) -> ClaimRow:
    defaults: dict[str, Any] = {"mode": "own-voice", "act": "asserts", "polarity": "affirmed", "accused": ()}
    return ClaimRow(
        id=f"c{document}", document=document, speaker_name="", speaker_actor="author", speaker_spans=(), cue_spans=(),
        cue_text="", content_spans=((0, len(text)),), content_text=text, hedge=None, channel=None, parent=None,
        about=(), confidence=0.5, **{**defaults, **fields},
    )  # fmt: skip


NOON, ONE, TWO = (f"2031-05-01T{hour}:00:00+00:00" for hour in (12, 13, 14))


def test_a_claim_in_two_documents_is_a_narrative_with_receipts(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.add(("d1", SABOTAGE, ONE), ("d2", REWORDED, TWO), ("d3", HARBOUR, NOON))
    ((first, certain, claims),) = story.rows("SELECT first_echo, first_certain, claims FROM narratives")
    assert certain and claims == 2
    for id, claim, document, spans, text in story.rows("SELECT id, claim, document, spans, text FROM echoes"):
        ((whole,),) = story.rows(f"SELECT text FROM documents WHERE id = '{document}'")
        assert text == " … ".join(whole[a:b] for a, b in spans)
        assert claim == f"c{document}"
        assert (id == first) == (document == "d1")


def test_who_accuses_another_makes_another_claim(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.add(("d1", SABOTAGE, ONE), accused=("island-republic",))
    story.add(("d2", REWORDED, TWO), accused=("fishing-union",))
    assert story.rows("SELECT * FROM narratives") == []


def test_a_denial_is_an_opposed_narrative_never_a_member(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.add(("d1", SABOTAGE, NOON), ("d2", REWORDED, ONE))
    denial = "It is a lie, there is no truth to it: no divers from the island republic cut the undersea cable"
    story.add(("d3", denial + " near the lighthouse", ONE), ("d4", denial + " at the lighthouse", TWO), act="denies")
    rows = story.rows("SELECT id, denies, opposed FROM narratives ORDER BY denies")
    assert [denies for _, denies, _ in rows] == [False, True]
    assert rows[0][2] == [rows[1][0]] and rows[1][2] == [rows[0][0]]


def test_a_name_stays_when_an_earlier_document_comes(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.add(("d1", SABOTAGE, ONE), ("d2", REWORDED, TWO))
    ((before, first),) = story.rows("SELECT id, first_echo FROM narratives")
    story.add(("d0", SABOTAGE + " on Friday", NOON))
    ((after, earlier),) = story.rows("SELECT id, first_echo FROM narratives")
    assert after == before and earlier != first
    assert story.rows("SELECT * FROM narrative_changes") == []


def test_names_outlive_the_database(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.add(("d1", SABOTAGE, ONE), ("d2", REWORDED, TWO))
    story.add(("d0", SABOTAGE + " on Friday", NOON))
    again = Story(tmp_path)
    again.add(("d0", SABOTAGE + " on Friday", NOON), ("d1", SABOTAGE, ONE), ("d2", REWORDED, TWO))
    assert again.rows("SELECT id FROM narratives") == story.rows("SELECT id FROM narratives")


def test_what_merges_and_what_splits_is_recorded(tmp_path: Path) -> None:
    names = Names(duckdb.connect(), tmp_path)
    ids, changes = names.name({"a": ["a", "b"], "x": ["x", "y"]}, {})
    assert changes == []
    merged, changes = names.name({"a": ["a", "b", "x", "y"]}, {})
    assert merged["a"] == ids["a"]
    assert [(c.narrative, c.change, c.other) for c in changes] == [(ids["x"], "merged", ids["a"])]
    split, changes = names.name({"a": ["a", "b"], "q": ["q", "r"]}, {"q": ids["a"], "r": ids["a"]})
    assert split["a"] == ids["a"]
    assert [(c.narrative, c.change, c.other) for c in changes] == [(split["q"], "split", ids["a"])]


def test_a_torn_line_of_the_log_is_passed_by(tmp_path: Path) -> None:
    names = Names(duckdb.connect(), tmp_path)
    ids, _ = names.name({"a": ["a", "b"]}, {})
    names.save()
    log = tmp_path / "narratives.jsonl"
    log.write_bytes(log.read_bytes() + b'{"id": "n0, torn')
    again, _ = Names(duckdb.connect(), tmp_path).name({"b": ["a", "b"]}, {})
    assert again["b"] == ids["a"]
