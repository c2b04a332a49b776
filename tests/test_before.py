"""A statement before its event: said only where it must be so."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import duckdb
import msgspec
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from allegedly.cli import main
from allegedly.cli_common import EXIT_NOTHING, EXIT_OK
from allegedly.ledger import Ledger
from allegedly.link.clock import Interval
from allegedly.records import Annotation, Claim, Document, Event, Grain, Origin, Speaker, Time, When, make_document
from allegedly.synchrony.before import (
    Said,
    Statement,
    Telling,
    before_rows,
    dating,
    event_interval,
    hull,
    is_stated,
    lead,
    order,
    published_interval,
    statement,
    statements_before_events,
)

HOUR, DAY = 3600, 86_400
NOON = 1_935_835_200
"""2031-05-06 12:00 UTC."""


class Clock(NamedTuple):
    published_at: str
    published_grain: Grain


class Period(NamedTuple):
    start: str
    end: str


seconds = st.integers(-(10**10), 10**10)
intervals = st.builds(lambda a, b: Interval(min(a, b), max(a, b)), seconds, seconds)
near = st.builds(lambda a, n: Interval(a, a + n), st.integers(-9, 9), st.integers(0, 9))


# ---------------------------------------------------------------- intervals


@pytest.mark.parametrize(
    ("stated", "grain", "first", "last"),
    [
        ("2031-05-06T12:00:00+00:00", "second", 0, 0),
        ("2031-05-06T12:00:00+00:00", "minute", 0, 59),
        ("2031-05-06T14:00+02:00", "unknown", 0, 59),
        ("2031-05-06T12:00:00", "second", -14 * HOUR, 12 * HOUR),
        ("2031-05-06", "day", -26 * HOUR, 24 * HOUR - 1),
        ("2031-05-06", "second", -26 * HOUR, 24 * HOUR - 1),
        ("2031-05-06T00:00:00", "day", -26 * HOUR, 24 * HOUR - 1),
        ("2031-05-06", "unknown", -26 * HOUR, 24 * HOUR - 1),
    ],
)
def test_publication_is_as_wide_as_its_clock_and_its_zone(stated: str, grain: Grain, first: int, last: int) -> None:
    assert published_interval(Clock(stated, grain)) == (NOON + first, NOON + last)


@pytest.mark.parametrize("stated", ["", "soon", "2031-13", "0000", "2031-W19", "20310506", "2031-05-06T1200"])
def test_no_usable_time_is_none(stated: str) -> None:
    assert published_interval(Clock(stated, "unknown")) is None
    assert event_interval(Period(stated, stated)) is None


def test_months_are_whole_months() -> None:
    found = published_interval(Clock("2031-05", "unknown"))
    assert found is not None and found.end - found.start + 1 == 31 * DAY + 26 * HOUR


def test_an_event_known_by_day_is_a_day_in_any_zone() -> None:
    assert event_interval(Period("2031-05-06", "2031-05-06")) == (NOON - 26 * HOUR, NOON + 24 * HOUR - 1)
    assert event_interval(Period("2031-05-06", "")) == event_interval(Period("2031-05-06", "2031-05-06"))


def test_parts_of_a_day_are_whole_days_but_an_instant_is_a_minute() -> None:
    evening = event_interval(Period("2031-05-06T18:00", "2031-05-06T23:59"))
    assert evening == event_interval(Period("2031-05-06", "2031-05-06"))
    instant = event_interval(Period("2031-05-06T12:00", "2031-05-06T12:00"))
    assert instant == (NOON - 14 * HOUR, NOON + 59 + 12 * HOUR)
    known = event_interval(Period("2031-05-06T12:00+00:00", "2031-05-06T12:00+00:00"))
    assert known == (NOON, NOON + 59)


@given(near, near)
def test_order_is_antisymmetric(a: Interval, b: Interval) -> None:
    mirror = {"must": "not", "not": "must", "may": "may"}
    assert order(b, a) == mirror[order(a, b)]


@given(near, near)
def test_order_agrees_with_every_pair_of_seconds(a: Interval, b: Interval) -> None:
    pairs = [(x, y) for x in range(a.start, a.end + 1) for y in range(b.start, b.end + 1)]
    must, may = all(x < y for x, y in pairs), any(x <= y for x, y in pairs)
    assert order(a, b) == ("must" if must else "may" if may else "not")
    assert may or not must


@given(intervals, intervals, intervals, intervals)
def test_widening_never_makes_must_of_may(a: Interval, b: Interval, more: Interval, most: Interval) -> None:
    wide_a, wide_b = hull([a, more]), hull([b, most])
    assert order(wide_a, wide_b) in (order(a, b), "may")


@given(intervals, intervals, intervals)
def test_must_is_transitive(a: Interval, b: Interval, c: Interval) -> None:
    if order(a, b) == order(b, c) == "must":
        assert order(a, c) == "must"


@given(near, near, st.floats(0, 1, exclude_max=True), st.floats(0, 1, exclude_max=True))
def test_the_true_lead_lies_between_its_bounds(a: Interval, b: Interval, x: float, y: float) -> None:
    least, most = lead(a, b)
    assert (least >= 0) == (order(a, b) == "must")
    for first, second in ((a.start + x, b.start + y), (a.end + x, b.end + y), (a.end + x, b.start + y)):
        assert least <= second - first <= most


def test_an_empty_hull_is_refused() -> None:
    with pytest.raises(ValueError):
        hull([])


# ---------------------------------------------------------------- rows


def said(published_at: str, grain: Grain = "second", act: str = "asserts", status: str = "fact") -> Said:
    return Said("c1", "d1", "The Lantern", "Police", act, status, published_at, grain, ((3, 9),), "e1")


def telling(start: str, end: str = "", stated: bool = True, document: str = "d2") -> Telling:
    return Telling("e1", document, ((0, 5),), start, end or start, stated)


def judged(one: Said, *tellings: Telling) -> Statement:
    event = dating(tellings)
    assert event is not None
    found = statement(one, event)
    assert found is not None
    return found


def test_two_days_earlier_must_be_before_with_lead_and_receipts() -> None:
    found = judged(said("2031-05-04T12:00:00+00:00"), telling("2031-05-06"))
    assert (found.verdict, found.lead_min, found.lead_max) == ("must", 22 * HOUR - 1, 72 * HOUR)
    assert found.receipts == (("d1", ((3, 9),)), ("d2", ((0, 5),)))
    assert "at least 21 h before" in found.reason


def test_on_the_day_before_it_only_may() -> None:
    assert judged(said("2031-05-05T12:00:00+00:00"), telling("2031-05-06")).verdict == "may"
    assert judged(said("2031-05-04"), telling("2031-05-06")).verdict == "may"
    assert judged(said("2031-05-04", "unknown"), telling("2031-05-06")).verdict == "may"


def test_after_it_is_not() -> None:
    found = judged(said("2031-05-09T12:00:00+00:00"), telling("2031-05-06"))
    assert found.verdict == "not" and found.lead_max < 0


def test_a_day_counted_from_publication_never_gives_must() -> None:
    found = judged(said("2031-05-01T12:00:00+00:00"), telling("2031-05-06", stated=False))
    assert found.verdict == "may" and "counted from a publication" in found.reason


def test_one_stated_day_suffices_and_the_earliest_telling_rules() -> None:
    counted, stated = telling("2031-05-08", stated=False), telling("2031-05-06", document="d3")
    assert judged(said("2031-05-01T12:00:00+00:00"), counted, stated).verdict == "must"
    early = telling("2031-04-30", stated=False)
    assert judged(said("2031-05-01T12:00:00+00:00"), stated, early).verdict == "may"


@pytest.mark.parametrize(
    ("act", "status", "foretells"),
    [("predicts", "claimed", True), ("asserts", "proposed", True), ("asserts", "fact", False), ("warns", "fact", True)],
)
def test_predictions_and_plans_are_told_from_assertions(act: str, status: str, foretells: bool) -> None:
    found = judged(said("2031-05-01T12:00:00+00:00", act=act, status=status), telling("2031-05-06"))
    assert (found.act, found.status, found.foretells) == (act, status, foretells)
    assert (("by nature" in found.reason) or ("its time is not that" in found.reason)) == foretells


def test_without_times_nothing_is_said() -> None:
    assert dating([telling("soon")]) is None
    event = dating([telling("2031-05-06")])
    assert event is not None and statement(said(""), event) is None


def test_what_a_day_rests_on() -> None:
    days = {"2031-05-06"}
    assert is_stated("explicit", ()) and is_stated("story:2031-05-06; after", days)
    assert not is_stated("story:2031-05-07", days) and not is_stated("publication; year", days)
    assert not is_stated("", days) and not is_stated("set", days)


# ---------------------------------------------------------------- ledger

TEXT = "Police said a blast hit the depot in Harrowmere on 6 May 2031, killing 4."


def document(source: str, published_at: str, text: str = TEXT) -> Document:
    return make_document(
        origin=Origin(path=source), source=source, published_at=published_at, published_grain="second", text=text
    )


def annotation(of: Document, anchor: str, day: str) -> Annotation:
    span = (TEXT.index("6 May"), TEXT.index(", killing"))
    trigger, content = TEXT.index("blast"), (TEXT.index("a blast"), len(TEXT) - 1)
    when = When(value=day, start=day, end=day, span=span, anchor=anchor)
    event = Event(
        type="ASSAULT", trigger=((trigger, trigger + 5),), when=when, sentence=(0, len(TEXT)), status="claimed"
    )
    claim = Claim(
        speaker=Speaker(spans=((0, 6),), name="Police"), cue=((7, 11),), content=(content,), mode="indirect", about=(0,)
    )
    time = Time(span=span, value=day, start=day, end=day, anchor=anchor)
    return Annotation(document=of, claims=(claim,), events=(event,), times=(time,))


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    ledger = Ledger(tmp_path / "ledger")
    early = annotation(document("Early Bird", "2031-05-02T12:00:00+00:00"), "explicit", "2031-05-06")
    late = annotation(document("Late Post", "2031-05-07T10:00:00+00:00"), "explicit", "2031-05-06")
    counted = annotation(document("Counter", "2031-06-02T12:00:00+00:00"), "publication; weekday", "2031-06-09")
    ledger.add([early, late, counted])
    ledger.refresh()
    with ledger.connect() as con:
        yield con


def test_a_ledger_lists_its_statements_with_words_that_stand_in_the_text(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    found = {row.source: row for row in statements_before_events(connection, ("must", "may", "not"))}
    assert {source: row.verdict for source, row in found.items()} == {
        "Early Bird": "must",
        "Late Post": "may",
        "Counter": "may",
    }
    early = found["Early Bird"]
    assert (early.act, early.status, early.speaker) == ("asserts", "claimed", "Police")
    ((start, end),) = early.receipts[0].spans
    assert TEXT[start:end].startswith("a blast hit")
    assert all(TEXT[slice(*receipt.spans[0])] == "6 May 2031" for receipt in early.receipts[1:])
    assert [row.verdict for row in statements_before_events(connection)] == ["must", "may", "may"]
    assert {row.source for row in statements_before_events(connection, ("must",))} == {"Early Bird"}


def test_a_story_day_counts_only_where_the_text_states_it(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger")
    first = annotation(document("A", "2031-05-02T12:00:00+00:00"), "story:2031-05-05; after", "2031-05-06")
    stated = Time(span=(0, 6), value="2031-05-05", start="2031-05-05", end="2031-05-05", anchor="explicit")
    second = annotation(document("B", "2031-06-02T12:00:00+00:00"), "story:2031-06-05; after", "2031-06-06")
    ledger.add([msgspec.structs.replace(first, times=(stated, *first.times)), second])
    ledger.refresh()
    with ledger.connect() as con:
        found = {row.source: row.verdict for row in statements_before_events(con)}
    assert found == {"A": "must", "B": "may"}


def test_rows_have_the_words_and_the_event_and_must_comes_first(connection: duckdb.DuckDBPyConnection) -> None:
    rows = before_rows(connection)
    assert {len(column) for column in rows.values()} == {3}
    assert rows["verdict"] == ["must", "may", "may"]
    assert rows["source"][0] == "Early Bird" and rows["published_at"][0] == "2031-05-02T12:00:00+00:00"
    assert rows["content"][0].startswith("a blast hit the depot")
    assert (rows["event_type"][0], rows["event_start"][0], rows["event_end"][0]) == ("ASSAULT", *2 * ["2031-05-06"])
    assert 0 < rows["lead_min"][0] < rows["lead_max"][0] and rows["foretells"] == [False] * 3


def synchrony(ledger: Path, out: Path) -> Result:
    return CliRunner().invoke(main, ["synchrony", str(ledger), "--out", str(out)])


def test_the_command_writes_and_counts_them(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    told = synchrony(tmp_path / "ledger", tmp_path / "out")
    assert told.exit_code == EXIT_OK
    assert "1 must have come first (0 of these foretell), 2 may have; see before.csv." in told.stdout
    with (tmp_path / "out" / "before.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["verdict"] for row in rows] == ["must", "may", "may"]
    assert rows[0]["speaker"] == "Police" and rows[0]["foretells"] == "false"
    found = duckdb.sql(f"SELECT verdict, lead_min FROM '{tmp_path / 'out' / 'before.parquet'}'").fetchall()
    assert found == [(row["verdict"], int(row["lead_min"])) for row in rows]


def test_they_are_written_even_where_no_post_has_a_time_of_day_to_test(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger")
    by_day = make_document(
        origin=Origin(path="a"), source="Early Bird", published_at="2031-05-02", published_grain="day", text=TEXT
    )
    ledger.add([annotation(by_day, "explicit", "2031-05-06")])
    ledger.refresh()
    told = synchrony(tmp_path / "ledger", tmp_path / "out")
    assert told.exit_code == EXIT_NOTHING and "only" in told.stderr and "before.csv was written" in told.stderr
    assert "1 must have come first" in told.stdout
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"before.csv", "before.parquet"}


def test_a_ledger_without_such_statements_has_an_empty_table_with_headers(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger")
    text = "Police said that the harbour authority of Harrowmere had closed the northern quay to grain ships."
    content = (text.index("that"), len(text) - 1)
    for minute, source in enumerate(("Early Bird", "Late Post", "Counter")):
        told_by = document(source, f"2031-05-02T12:0{minute}:07+00:00", text)
        speaker = Speaker(spans=((0, 6),), name="Police")
        claim = Claim(speaker=speaker, cue=((7, 11),), content=(content,), mode="indirect")
        ledger.add([Annotation(document=told_by, claims=(claim,))])
    ledger.refresh()
    told = synchrony(tmp_path / "ledger", tmp_path / "out")
    assert told.exit_code == EXIT_OK, told.stderr
    assert "0 must have come first (0 of these foretell), 0 may have" in told.stdout
    (line,) = (tmp_path / "out" / "before.csv").read_text("utf-8").splitlines()
    assert line.startswith("verdict,claim,document,source,speaker,act,status,foretells,published_at,event,event_type,")
    assert duckdb.sql(f"FROM '{tmp_path / 'out' / 'before.parquet'}'").fetchall() == []
