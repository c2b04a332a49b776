"""Time expressions: values, intervals, anchors, and what is no time."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allegedly.annotate.parse import parse
from allegedly.annotate.times.find import find_times
from allegedly.annotate.times.frame import Reading
from allegedly.annotate.times.grammar import matches
from allegedly.annotate.times.story import Story
from allegedly.annotate.times.timex import add_months, easter, holiday, interval, unit_value, week_of
from allegedly.records import Origin, Time, make_document


def times(text: str, published: str = "2021-06-16", language: str = "en") -> tuple[Time, ...]:
    document = make_document(origin=Origin(path="t"), source="t", text=text, published_at=published, language=language)
    return find_times(next(iter(parse([document]))))


def values(text: str, published: str = "2021-06-16") -> dict[str, str]:
    return {text[slice(*time.span)]: time.value for time in times(text, published)}


@pytest.mark.parametrize(
    ("text", "expression", "value"),
    [
        ("The ferry sank on Monday.", "Monday", "2021-06-14"),
        ("The minister will travel on Friday.", "Friday", "2021-06-18"),
        ("The court ruled on Wednesday.", "Wednesday", "2021-06-16"),
        ("The judges are meeting on Saturday.", "Saturday", "2021-06-19"),
        ("The session was adjourned until Monday.", "Monday", "2021-06-21"),
        ("The bridge collapsed in October.", "October", "2020-10"),
        ("The vote is expected in October.", "October", "2021-10"),
        ("The mine closed in mid-April.", "mid-April", "2021-04"),
        ("The well ran dry in the summer of 2019.", "the summer of 2019", "2019-SU"),
        ("Exports fell in the second quarter of 2020.", "the second quarter of 2020", "2020-Q2"),
        ("In the 1980s the port grew.", "the 1980s", "198X"),
        ("The town has been dry since 2017.", "2017", "2017"),
        ("The raid began on the night of May 3.", "the night of May 3", "2021-05-03TNI"),
        ("Sirens sounded at 6 a.m. on Sunday.", "at 6 a.m. on Sunday", "2021-06-13T06:00"),
        ("The drill ran from 3 to 5 May 2020.", "from 3 to 5 May 2020", "2020-05-03/2020-05-05"),
        ("The drill of May 3–5 ended.", "May 3–5", "2021-05-03/2021-05-05"),
        ("They left three months ago.", "three months ago", "2021-03"),
        ("The siege lasted three days.", "three days", "P3D"),
        ("The ruling comes in two weeks.", "in two weeks", "2021-06-30"),
        ("They were seen the day before yesterday.", "the day before yesterday", "2021-06-14"),
        ("It was signed in the first week of June.", "the first week of June", "2021-W22"),
        ("The ship is currently at sea.", "currently", "PRESENT_REF"),
        ("Prices rose last year.", "last year", "2020"),
        ("They met on Tuesday of last week.", "Tuesday of last week", "2021-06-08"),
        ("It ran from 2018 to the end of 2020.", "from 2018 to the end of 2020", "2018/2020"),
        ("Two days after May 3 he fled.", "Two days after May 3", "2021-05-05"),
        ("The truce held on Christmas Eve.", "Christmas Eve", "2020-12-24"),
        ("They prayed on Good Friday.", "Good Friday", "2021-04-02"),
        (
            "Shots were heard between 2 and 4 a.m. on Sunday.",
            "between 2 and 4 a.m. on Sunday",
            "2021-06-13T02:00/2021-06-13T04:00",
        ),
    ],
)
def test_value_against_publication(text: str, expression: str, value: str) -> None:
    assert values(text)[expression] == value


@pytest.mark.parametrize(
    ("second", "value"),
    [
        ("The day prior, a dam had burst.", "2021-02-08"),
        ("The next day the road was shut.", "2021-02-10"),
        ("Two days later a camp opened.", "2021-02-11"),
        ("A week earlier, rain had begun.", "2021-02-02"),
        ("The following week aid arrived.", "2021-W07"),
        ("The same day a curfew began.", "2021-02-09"),
        ("On Friday the water fell.", "2021-02-12"),
    ],
)
def test_value_against_the_storys_own_day(second: str, value: str) -> None:
    last = times(f"The river flooded the town on February 9. {second}")[-1]
    assert last.value == value
    assert last.anchor.startswith("story:2021-02-09; ")


@pytest.mark.parametrize(
    ("text", "expression", "value"),
    [
        ("Four years ago the mill burned down.", "Four years ago", "2017"),
        ("Lava could reach the road by Saturday.", "Saturday", "2021-06-19"),
        ("Trains would run again on Friday.", "Friday", "2021-06-18"),
        ("Three people had died by Monday.", "Monday", "2021-06-14"),
        ("New fares apply from Saturday.", "Saturday", "2021-06-19"),
        ("Looters came over the weekend.", "the weekend", "2021-W23-WE"),
        ("Help arrived within the hour.", "within the hour", "PT1H"),
        ("The march lasted two and a half years.", "two and a half years", "P2.5Y"),
        ("The strike went on for a year and a half.", "a year and a half", "P1.5Y"),
        (
            "They stopped the train at about five in the afternoon.",
            "at about five in the afternoon",
            "2021-06-16T17:00",
        ),
        ("The jet took off at 1830 GMT.", "at 1830 GMT", "2021-06-16T18:30"),
        ("The courts reopen the week after next.", "the week after next", "2021-W26"),
        ("Later in the day the wind fell.", "Later in the day", "2021-06-16"),
        (
            "Shots fell between 5 and 6 in the afternoon.",
            "between 5 and 6 in the afternoon",
            "2021-06-16T17:00/2021-06-16T18:00",
        ),
        ("The list is updated daily.", "daily", "P1D"),
        ("Polls open ten days from Friday.", "ten days from Friday", "2021-06-28"),
        ("He fled two days before last Friday.", "two days before last Friday", "2021-06-09"),
        ("The talks ran between March and May.", "between March and May", "2021-03/2021-05"),
    ],
)
def test_value_of_what_stands_alone(text: str, expression: str, value: str) -> None:
    assert values(text)[expression] == value


@pytest.mark.parametrize(
    ("second", "value"),
    [
        ("The day after the collapse, experts came.", "2021-02-10"),
        ("Two days after the bridge collapsed, experts came.", "2021-02-11"),
        ("Three weeks before the disaster, cracks were seen.", "2021-01-19"),
        ("On the night of the collapse, sirens failed.", "2021-02-09TNI"),
        ("The morning after, divers arrived.", "2021-02-10TMO"),
        ("Shortly afterwards, a crane fell.", "2021-02-09"),
        ("Two days after some quarrel they parted.", "P2D"),
        ("By night, nine were found.", "2021-02-09TNI"),
    ],
)
def test_what_happened_is_an_anchor(second: str, value: str) -> None:
    assert times(f"The old bridge collapsed on February 9. {second}")[-1].value == value


def test_the_days_after_are_a_closed_interval() -> None:
    last = times("The bridge collapsed on May 3. In the days after the collapse, prices rose.")[-1]
    assert (last.value, last.start, last.end) == ("PXD", "2021-05-04", "2021-06-16")


def test_what_explains_a_day_is_that_day_and_dates_what_it_counts_from() -> None:
    found = times("He resigned on Monday, five days after a brawl. On the night of the brawl he had been away.")
    assert [time.value for time in found] == ["2021-06-14", "2021-06-14", "2021-06-09TNI"]


def test_the_story_goes_on_from_what_happened_not_from_the_telling() -> None:
    text = "A kiln blew up on Monday, the mayor said on Wednesday. Its doors burst at 04:10. An hour later rain fell."
    assert [time.value for time in times(text)] == ["2021-06-14", "2021-06-16", "2021-06-14T04:10", "2021-06-14T05:10"]


def test_clock_headings_of_a_live_blog_count_from_publication() -> None:
    text = "11:20 Ports closed\nThe storm had turned on Monday evening.\n\n10:05 — Schools closed\nPupils went home."
    assert [time.value for time in times(text)] == ["2021-06-16T11:20", "2021-06-14TEV", "2021-06-16T10:05"]


def test_other_news_is_another_story() -> None:
    text = "The dam cracked on Sunday.\nElsewhere, bakers ended their strike at midnight."
    assert [time.value for time in times(text)] == ["2021-06-13", "2021-06-16T00:00"]


@pytest.mark.parametrize(
    "text",
    ["The Harbour Daily reported it.", "He owns a weekly.", "The monthly Iron Age asked.", "The night shift left."],
)
def test_papers_and_shifts_are_no_times(text: str) -> None:
    assert times(text) == ()


def test_who_speaks_speaks_near_publication_whatever_the_story_is_about() -> None:
    text = "The dam burst on 9 February 2015. On Friday the water fell. The ministry said on Monday that it was safe."
    assert [time.value for time in times(text)] == ["2015-02-09", "2015-02-13", "2021-06-14"]


def test_anchor_says_what_it_was_counted_from() -> None:
    found = times("On 3 March 2020 they met. Two days later they parted. Yesterday they met again.")
    assert [time.anchor.partition(";")[0] for time in found] == ["explicit", "story:2020-03-03", "publication"]


def test_a_year_comes_from_publication_across_new_year() -> None:
    assert values("The blast happened on Dec. 30.", "2022-01-02") == {"Dec. 30": "2021-12-30"}


def test_a_range_across_new_year_ends_in_the_later_year() -> None:
    assert list(values("It ran from Dec. 28 to Jan. 3.", "2022-01-02").values()) == ["2021-12-28/2022-01-03"]


def test_names_numbers_and_ages_are_no_times() -> None:
    text = "Exercise Stone Harbour 24 followed Resolution 1540, Channel 5 said of a 12-year-old and 1500 soldiers."
    assert times(text) == ()


def test_without_a_publication_date_what_cannot_be_known_stays_open() -> None:
    found = times("He left on Friday and wrote yesterday; in 2019 he returned.", published="")
    assert [time.value for time in found] == ["XXXX-WXX-5", "XXXX-XX-XX", "2019"]
    assert [time.start for time in found] == ["", "", "2019-01-01"]


def test_a_language_that_is_not_parsed_has_no_times() -> None:
    assert times("Le 3 mars 2020.", language="fr") == ()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2020-02-29", ("2020-02-29", "2020-02-29")),
        ("2021-02-29", ("", "")),
        ("2020-02", ("2020-02-01", "2020-02-29")),
        ("2020-W53", ("2020-12-28", "2021-01-03")),
        ("2020-W53-WE", ("2021-01-02", "2021-01-03")),
        ("2020-WI", ("2020-12-01", "2021-02-28")),
        ("2020-Q4", ("2020-10-01", "2020-12-31")),
        ("199X", ("1990-01-01", "1999-12-31")),
        ("18XX", ("1800-01-01", "1899-12-31")),
        ("2020-12-31TNI", ("2020-12-31T20:00", "2021-01-01T05:59")),
        ("2020-05-03/2020-05-05", ("2020-05-03", "2020-05-05")),
        ("P3D", ("", "")),
        ("PRESENT_REF", ("", "")),
        ("XXXX-WXX-5", ("", "")),
    ],
)
def test_interval(value: str, expected: tuple[str, str]) -> None:
    assert interval(value) == expected


def test_holidays() -> None:
    assert [easter(year).isoformat() for year in (1954, 2000, 2038)] == ["1954-04-18", "2000-04-23", "2038-04-25"]
    assert holiday("11-W4-4", 2020).isoformat() == "2020-11-26"
    assert holiday("05-W1-L", 2020).isoformat() == "2020-05-25"


@given(st.dates(), st.integers(-30, 30))
def test_the_unit_around_a_day_holds_it(day, months) -> None:  # type: ignore[no-untyped-def]
    for unit in ("D", "W", "M", "Q", "Y", "DE"):
        start, end = interval(unit_value(day, 0, unit))
        if start and end:
            assert start <= day.isoformat() <= end
    assert interval(week_of(day))[0] <= day.isoformat() or day.year < 2
    if 4 < day.year < 9990:
        moved = add_months(day, months)
        assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months


# fmt: off
_PIECES = st.sampled_from([
    "January", "May", "27", "31st", "2023", "1990s", "Friday", "Sat.", "next", "last", "the", "following", "day",
    "days", "week", "weeks", "ago", "later", "prior", "before", "after", "from", "to", "until", "between", "and",
    "-", "–", ":", "/", ",", ".", "5", "a.m.", "pm", "noon", "morning", "night", "of", "in", "on", "early", "mid",
    "30", "99", "first", "second", "half", "an", "few", "quarter", "summer", "every", "daily", "now", "2023-02-30",
    "31/31/99", "13.13.2013", "yesterday", "o'clock", "since", "two",
])
# fmt: on


@settings(max_examples=150, deadline=None)
@given(
    st.lists(_PIECES, max_size=14).map(" ".join),
    st.sampled_from(["2021-06-16", "", "nonsense", "0001-01-01", "9999-12-31"]),
)
def test_any_text_gives_ordered_spans_and_closed_intervals(text: str, published: str) -> None:
    found = times(text, published)
    assert [t.span for t in found] == sorted(t.span for t in found)
    for time in found:
        assert 0 <= time.span[0] < time.span[1] <= len(text)
        assert bool(time.start) == bool(time.end)
        assert time.start[:10] <= time.end[:10]


@given(st.text())
def test_the_grammar_never_fails(text: str) -> None:
    end = 0
    for match in matches(text):
        assert end <= match.words[0].start < match.words[-1].end <= len(text)
        end = match.words[-1].end


def test_what_no_calendar_day_explains_is_left() -> None:
    story = Story(None)
    story.explain("blast", Reading("XXXX-05-01", "", "", "explicit"), 2.0)
    story.explain("raid", Reading("2021-06-16", "2021-06-16", "2021-06-16", "explicit"), 9_999_999 * 365.0)
    assert story.told("blast", False) is None and story.told("raid", False) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("The depot will stay shut for the first half of 2019.", "2019-H1"),
        ("It began at half past six on Friday evening.", "2018-08-03T18:30"),
        ("They talked from 3 to 5 p.m. on Monday.", "2018-08-06T15:00/2018-08-06T17:00"),
        ("Work goes on until the end of next month.", "2018-09"),
        ("It lasted an hour and a half.", "PT1.5H"),
        ("He arrived late last week.", "2018-W31"),
        ("The talks ran Monday through Thursday.", "2018-08-06/2018-08-09"),
        ("They met on Christmas Eve.", "2017-12-24"),
        ("Turnout rose in Q3 2017.", "2017-Q3"),
    ],
)
def test_halves_ranges_lengths_and_holidays(text: str, value: str) -> None:
    document = make_document(origin=Origin(path="t"), source="t", text=text, language="en", published_at="2018-08-08")
    (parsed,) = parse([document])
    assert [time.value for time in find_times(parsed)] == [value]
