"""`allegedly coincide` as a person and as a script meet it: series from tables and ledgers, answers and errors."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pytest
from click.testing import CliRunner, Result

from allegedly import cli
from allegedly.ledger import Ledger
from allegedly.records import Annotation, Event, EventStatus, EventType, Origin, When, make_document
from allegedly.synchrony.event_times import DAY
from allegedly.synchrony.series import ledger_series, read_series, stated_span

HOUR = 3600
START = datetime(2031, 1, 1, tzinfo=UTC)
NOON = 1_935_835_200
"""2031-05-06 12:00 UTC."""
CAUSAL = r"\b(caus|trigger|precursor|because|due to|leads? to|provok|respon|effect|result|coordinat)"
"""Words that no answer may hold."""


def call(*arguments: object) -> Result:
    return CliRunner().invoke(cli.main, ["coincide", *map(str, arguments)])


def written(path: Path, rows: Iterable[object], header: str = "time") -> Path:
    path.write_text("\n".join([header, *map(str, rows)]) + "\n", "utf-8")
    return path


def minutes(seconds: Iterable[float]) -> list[str]:
    return [(START + timedelta(seconds=float(s))).strftime("%Y-%m-%dT%H:%MZ") for s in seconds]


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Series of two years: `a`, `after` (half follow `a` within a day) and `apart` (nothing to do with `a`)."""
    folder, random = tmp_path_factory.mktemp("series"), np.random.default_rng(1)
    a = np.sort(random.uniform(0, 700 * DAY, 60))
    after = np.r_[
        random.uniform(0, 700 * DAY, 30), random.choice(a, 30, replace=False) + random.uniform(600, 80_000, 30)
    ]
    written(folder / "a.csv", minutes(a))
    written(folder / "after.csv", minutes(after))
    written(folder / "apart.csv", minutes(random.uniform(0, 700 * DAY, 60)))
    written(folder / "few.csv", minutes(a[:3]))
    return folder


# ---------------------------------------------------------------- series


@pytest.mark.parametrize(
    ("stated", "zone", "first", "last"),
    [
        ("2031-05-06T12:00:07Z", None, 7, 7),
        ("2031-05-06T14:00:07+02:00", 5.0, 7, 7),
        ("2031-05-06T12:01Z", None, 60, 119),
        ("2031-05-06 14:01", 2.0, 60, 119),
        ("2031-05-06 12:01", None, 60 - 14 * HOUR, 119 + 12 * HOUR),
        ("2031-05-06", None, -26 * HOUR, 24 * HOUR - 1),
        ("2031-05-06", 0.0, -12 * HOUR, 12 * HOUR - 1),
        ("20310506", -3.5, -12 * HOUR + 12_600, 12 * HOUR - 1 + 12_600),
        (NOON + 7, None, 7, 7),
        (f"{NOON + 7}500", None, 7, 7),
    ],
)
def test_an_event_is_as_wide_as_its_time_is_written(
    tmp_path: Path, stated: object, zone: float | None, first: int, last: int
) -> None:
    (event,) = read_series(written(tmp_path / "a.csv", [stated]), zone).events
    assert event.when == (NOON + first, NOON + last)


def test_a_clock_that_shows_only_whole_hours_is_one_of_hours(tmp_path: Path) -> None:
    stated = [f"2031-05-{day:02}T{day:02}:00:00Z" for day in range(6, 12)]
    assert read_series(written(tmp_path / "a.csv", stated)).widths() == (HOUR, HOUR)
    midnights = [f"2031-05-{day:02}T00:00:00" for day in range(6, 12)]
    assert read_series(written(tmp_path / "b.csv", midnights), 0.0).widths() == (DAY, DAY)
    assert read_series(written(tmp_path / "b.csv", midnights)).widths() == (DAY + 26 * HOUR, DAY + 26 * HOUR)


def test_small_numbers_are_seconds_too(tmp_path: Path) -> None:
    found = read_series(written(tmp_path / "a.csv", [0, 17.5, 2031, "soon", ""]))
    assert [event.when.start for event in found.events] == [0, 17, 2031]
    assert found.problems == {"rows with a time that cannot be read were left out": 2}


def test_what_is_known_by_month_only_is_left_out_and_counted(tmp_path: Path) -> None:
    found = read_series(written(tmp_path / "a.csv", ["2031-05", "2031-05-06", "2031", "6 May 2031", "05/06/2031"]))
    assert len(found.events) == 2
    assert found.problems == {
        "rows with no more than a month or a year were left out": 2,
        "rows with a time that cannot be read were left out": 1,
    }


def test_parquet_and_tsv_by_usual_names(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    duckdb.sql(f"COPY (SELECT TIMESTAMPTZ '2031-05-06 12:00:07+00' AS event_time) TO '{path}' (FORMAT parquet)")
    assert read_series(path).events[0].when == (NOON + 7, NOON + 7)
    duckdb.sql(f"COPY (SELECT DATE '2031-05-06' AS event_date) TO '{path}' (FORMAT parquet)")
    assert read_series(path, 0.0).widths() == (DAY, DAY)
    assert len(read_series(written(tmp_path / "a.tsv", ["x\t2031-05-06"], "what\tDate")).events) == 1


def test_a_span_reaches_to_the_end_of_its_last_day() -> None:
    assert stated_span("2031-05-06", "2031-05-07", 0.0) == (NOON - 12 * HOUR, NOON + 36 * HOUR)
    assert stated_span("2031-05-06T12:00Z", "2031-05", 9.0) is not None
    assert stated_span("2031-05-06", "", 0.0) is None


# ---------------------------------------------------------------- answers


def test_what_follows_is_found_and_told_in_plain_words(tables: Path) -> None:
    told = call(tables / "a.csv", tables / "after.csv", "--window", "1d")
    assert told.exit_code == 0 and told.stderr == ""
    assert "within 1 d after one of A more often than both rates explain?" in told.stdout
    assert re.search(r"^More often: \d+ of \d+ windows are hit where the rates let expect", told.stdout, re.MULTILINE)
    for words in ("share of A followed by B", "share of B preceded by A", "observed", "possible", "expected", "ratio",
                  "95 % interval", "guard", "jitter", "smallest p attainable", "power"):  # fmt: skip
        assert words in told.stdout
    assert not re.search(CAUSAL, told.stdout, re.IGNORECASE)


def test_what_has_nothing_to_do_with_it_is_not(tables: Path) -> None:
    told = call(tables / "a.csv", tables / "apart.csv", "--window", "1d", "--symmetric", "--once-a-day").stdout
    assert "Not more often: " in told
    assert "of one of A, before or after," in told
    assert "share of A with B near" in told and "followed" not in told


def test_three_events_and_no_history_cannot_tell(tables: Path) -> None:
    told = call(tables / "a.csv", tables / "few.csv", "--window", "1d").stdout
    assert "The data cannot tell: " in told and "Say when both were watched with --span START..END." in told
    watched = call(tables / "a.csv", tables / "few.csv", "--window", "1d", "--span", "2031-01-01..2032-12-01").stdout
    assert "The data cannot tell: 3 events in one series: too few" in watched
    assert "Watched from 2031-01-01 00:00 to 2032-12-02 00:00 UTC, as given." in watched


def test_json_is_one_line_with_all_of_it(tables: Path) -> None:
    told = call(
        tables / "a.csv", tables / "after.csv", "--window", "36h", "--lag", "-12h", "--zone", "+02:00", "--json"
    )
    (line,) = told.stdout.splitlines()
    answer = json.loads(line)
    assert answer["verdict"] == "more often" and answer["p"] < 0.05 and answer["p_guard"] < 0.05
    assert answer["question"]["offsets"] == [-12 * HOUR, 24 * HOUR] and answer["question"]["zone"] == 2
    assert answer["a"]["events"] == 60 and answer["a"]["known_within"] == [60, 60]
    assert answer["of_a"]["label"] == "share of A followed by B"
    assert {"share", "share_possible", "observed", "possible", "expected", "ratio", "ratio_low", "ratio_high", "p",
            "p_guard", "p_jitter", "p_constant", "smallest_p", "power"} <= set(answer["of_b"])  # fmt: skip
    assert not re.search(CAUSAL, line, re.IGNORECASE)


def test_json_of_nothing_counted_has_nulls(tables: Path) -> None:
    answer = json.loads(call(tables / "a.csv", tables / "few.csv", "--window", "1d", "--json").stdout)
    assert answer["verdict"] == "the data cannot tell" and answer["of_a"] is answer["span"] is answer["p"] is None


def test_days_without_a_zone_ask_for_it(tmp_path: Path) -> None:
    days = [f"2031-{month:02}-{day:02}" for month in range(1, 7) for day in (3, 11, 19)]
    paths = [written(tmp_path / name, days) for name in ("a.csv", "b.csv")]
    told = call(*paths, "--window", "3d")
    assert "nothing could be near for sure" in told.stdout
    assert "note: a.csv: 18 times state no zone" in told.stderr.replace(f"{tmp_path}/", "") and "--zone" in told.stderr
    assert "nothing could be near" not in call(*paths, "--window", "3d", "--zone", "UTC").stdout


# ---------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("a.csv", "nowhere.csv", "--window", "1d"), 1, "there is no such file or ledger; check the name"),
        (("a.csv", "./a.csv", "--window", "1d"), 1, "is both A and B"),
        (("a.csv", ".", "--window", "1d"), 1, "name a table, or LEDGER:TYPE"),
        (("a.csv", "nothing.csv", "--window", "1d"), 3, "holds no event with a time that can be read"),
        (("a.csv", "strange.csv", "--window", "1d"), 1, "no column holds the time by any known name"),
        (("a.csv", "few.csv"), 2, "--window"),
        (("a.csv", "few.csv", "--window", "0s"), 2, "is no length of time; write 60s, 5m, 1h or 2d"),
        (("a.csv", "few.csv", "--window", "1d", "--lag", "soon"), 2, "is no length of time"),
        (("a.csv", "few.csv", "--window", "1d", "--zone", "+19"), 2, "is no time zone; write UTC, +02:00 or -5"),
        (("a.csv", "few.csv", "--window", "1d", "--span", "2032..2031"), 2, "is no span"),
        (("a.csv", "few.csv", "--window", "1d", "--span", "2032"), 2, "is no span"),
    ],
)
def test_errors_say_what_happened_and_what_to_do(
    tables: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], code: int, words: str
) -> None:
    written(tables / "nothing.csv", ["soon"])
    written(tables / "strange.csv", ["1,2"], "x,y")
    monkeypatch.chdir(tables)
    told = call(*arguments)
    assert (told.exit_code, told.stdout) == (code, "")
    assert words in told.stderr


# ---------------------------------------------------------------- ledger

TOWNS = (
    "Harrowmere",
    "Velin",
    "Ostrel",
    "Quayle",
    "Marrow",
    "Tolland",
    "Brask",
    "Senn",
    "Oriel",
    "Pask",
    "Dunmar",
    "Ilse",
)


def told(town: str, day: str, kind: EventType, other_type: str = "", status: EventStatus = "fact") -> Annotation:
    """One document that tells of one event, on a day in full or on none."""
    trigger = {"PROTEST": "protest", "ASSAULT": "blast"}.get(kind, "collapse")
    text = f"A {trigger} was reported from {town}" + (f" on {day}." if day else ".")
    document = make_document(
        origin=Origin(path=town + day), source=f"{town} Post", published_at="2031-12-01T12:00:00+00:00",
        published_grain="second", text=text,
    )  # fmt: skip
    at = text.index(day) if day else 0
    when = When(value=day, start=day, end=day, span=(at, at + len(day)), anchor="explicit") if day else None
    event = Event(
        type=kind, other_type=other_type, trigger=((2, 2 + len(trigger)),), when=when, status=status,
        sentence=(0, len(text)),
    )  # fmt: skip
    return Annotation(document=document, events=(event,))


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "my.ledger"
    ledger = Ledger(path)
    for n, town in enumerate(TOWNS):
        day = 2 + n * 25
        date, later = ((datetime(2031, 1, 1) + timedelta(days=d)).strftime("%Y-%m-%d") for d in (day, day + 1))
        ledger.add([told(town, date, "PROTEST"), told(town, later, "ASSAULT", status="claimed")])
    ledger.add([told("Far", "2031-06-06", "PROTEST", status="proposed"), told("Wide", "", "PROTEST")])
    ledger.add([told("Mill", "2031-07-07", "OTHER", "accident")])
    ledger.refresh()
    return path


def test_events_of_a_ledger_are_taken_once_each_as_fact_or_as_claimed(ledger: Path) -> None:
    with Ledger(ledger).connect() as con:
        protests, blasts = ledger_series(con, "protest", 0.0), ledger_series(con, "ASSAULT")
        accidents = ledger_series(con, "accident")
    assert (len(protests.events), len(blasts.events), len(accidents.events)) == (12, 12, 1)
    assert len(set(protests.ids)) == 12
    assert protests.problems == {
        "events that are only planned, supposed, denied or disputed were left out": 1,
        "events without a day were left out": 1,
    }
    assert (protests.widths(), protests.unzoned) == ((DAY, DAY), 0)
    assert (blasts.widths(), blasts.unzoned) == ((50 * HOUR, 50 * HOUR), 12)


def test_a_ledger_answers_and_says_that_it_holds_what_is_told(ledger: Path) -> None:
    answer = call(f"{ledger}:PROTEST", f"{ledger}:ASSAULT", "--window", "2d", "--zone", "UTC",
                  "--span", "2031-01-01..2031-12-31")  # fmt: skip
    assert answer.exit_code == 0
    assert "More often: 12 of 12 windows are hit" in answer.stdout
    assert "A ledger holds what is told" in answer.stdout
    assert "1 events without a day were left out" in answer.stderr


def test_an_event_of_both_types_is_not_near_itself(ledger: Path) -> None:
    answer = call(f"{ledger}:OTHER", f"{ledger}:accident", "--window", "2d")
    assert (answer.exit_code, answer.stdout) == (3, "")
    assert "events that are of both types were left out: 1" in answer.stderr
    assert "name two different types" in answer.stderr


def test_a_type_that_is_not_there_lists_those_that_are(ledger: Path) -> None:
    for name in (f"{ledger}:FLOOD", f"{ledger}"):
        answer = call(name, f"{ledger}:ASSAULT", "--window", "2d")
        assert answer.exit_code == 1
        assert "types of events here: " in answer.stderr and "accident 1" in answer.stderr
