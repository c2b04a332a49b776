"""Coincidence of events: counts as others count them, exact tails, honest doubt."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allegedly.synchrony.coincidence import Coincidence, Question, coincidence, constant_p, infer_span
from allegedly.synchrony.event_rates import chances, guarded
from allegedly.synchrony.event_tails import binomial_tail, factor_interval, law, power, tail
from allegedly.synchrony.event_times import DAY, EventTimes, Offsets, Span, clock, near, runs

X = (3, 9, 17, 22, 40, 41, 58, 77, 90)
Y = (2, 8, 19, 21, 38, 57, 60, 76, 95)
YEARS = Span(0.0, 1000 * DAY)


def exact(times: object) -> EventTimes:
    return EventTimes.at(np.asarray(times, dtype=float), 0)  # type: ignore[arg-type]


def spread(seed: int, count: int = 40) -> np.ndarray:
    return np.sort(np.random.default_rng(seed).uniform(*YEARS, count))


def asked(a: np.ndarray, b: np.ndarray, **question: object) -> Coincidence:
    return coincidence(exact(a), exact(b), Question(**{"window": DAY, "shuffles": 0, **question}), YEARS)  # type: ignore[arg-type]


# ---------------------------------------------------------------- counts


@pytest.mark.parametrize(
    ("window", "lag", "expected"),
    [
        (1, 0, (0.5, 0.625, 0.0, 0.0)),
        (2, 0, (0.625, 0.75, 0.25, 0.25)),
        (2, 1, (0.75, 0.875, 0.25, 0.25)),
        (5, 0, (0.75, 0.875, 0.625, 0.375)),
        (3, 4, (0.0, 0.125, 0.285714, 0.25)),
    ],
)
def test_rates_are_those_of_pyunicorn(window: int, lag: int, expected: tuple[float, ...]) -> None:
    """``pyunicorn`` 1.0.0, ``EventSeries.event_coincidence_analysis(X, Y, window, lag=lag)`` on 0 to 99.

    It leaves out the first (last) events that nothing could precede (follow).
    """
    offsets, reach, found = Offsets(lag, lag + window), lag + window, []
    for second, first in ((X, Y), (Y, X)):
        precursor = near(exact(second), exact(first), offsets.turned())[0]
        trigger = near(exact(first), exact(second), offsets)[0]
        found.append(precursor[np.array(second) > second[0] + reach].mean())
        found.append(trigger[np.array(first) < first[-1] - reach].mean())
    assert found == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(("window", "expected"), [(1, (0.571429, 0.571429)), (2, (0.857143, 1.0)), (5, (1.0, 1.0))])
def test_symmetric_rates_are_those_of_pyunicorn(window: int, expected: tuple[float, float]) -> None:
    """``_eca_coincidence_rate(…, window_type="symmetric")``; it leaves out the events near either end of the second."""
    offsets = Question(window, symmetric=True).offsets
    for events, others, rate in ((X, Y, expected[0]), (Y, X, expected[1])):
        times = np.array(events)
        kept = slice((times <= times[0] + window).sum(), len(times) - (times >= times[-1] - window).sum())
        assert near(exact(events), exact(others), offsets)[0][kept].mean() == pytest.approx(rate, abs=1e-6)


@pytest.mark.parametrize(
    ("window", "lag", "hits", "expected"),
    [(2, 0, 5, 0.009218124579135623), (5, 0, 6, 0.07201711644791675), (3, 4, 2, 0.7016609089151535), (3, 4, 0, 1.0)],
)
def test_p_for_constant_rates_is_that_of_pyunicorn(window: int, lag: int, hits: int, expected: float) -> None:
    """``event_analysis_significance(method="ECA", surrogate="analytic", window_type="advanced")``, T = 99."""
    assert constant_p(9, 9, hits, Offsets(lag, lag + window), Span(0, 99)) == pytest.approx(expected, rel=1e-9)


times_of_few = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 6)), min_size=1, max_size=7)


@given(times_of_few, times_of_few, st.integers(-9, 9), st.integers(1, 9))
def test_sure_and_possible_are_what_every_placement_says(
    a: list[tuple[int, int]], b: list[tuple[int, int]], low: int, width: int
) -> None:
    reference, other = (EventTimes.between((s, s + n) for s, n in series) for series in (a, b))
    offsets = Offsets(low, low + width)
    sure, possible = near(reference, other, offsets)
    for at, (start, end) in enumerate(zip(reference.start, reference.end, strict=True)):
        gaps = [(s - end, e - start) for s, e in zip(other.start, other.end, strict=True)]
        assert sure[at] == any(offsets.low <= least and most <= offsets.high for least, most in gaps)
        assert possible[at] == any(most >= offsets.low and least <= offsets.high for least, most in gaps)
    assert not (sure & ~possible).any()


@given(times_of_few, times_of_few, st.integers(1, 9), st.integers(0, 5))
def test_widening_clocks_loses_sure_ones_and_wins_possible_ones(
    a: list[tuple[int, int]], b: list[tuple[int, int]], window: int, more: int
) -> None:
    one, other = (EventTimes.between((s, s + n) for s, n in series) for series in (a, b))
    wide = EventTimes(other.start - more, other.end + more)
    sure, possible = near(one, other, Offsets(0, window))
    sure_wide, possible_wide = near(one, wide, Offsets(0, window))
    assert (sure_wide <= sure).all() and (possible_wide >= possible).all()


def test_windows_that_touch_are_one_trial() -> None:
    found = runs(exact([0, 5, 30, 99, 200]), Offsets(0, 10), Span(2, 100))
    assert list(zip(found.start, found.end, strict=True)) == [(2, 15), (30, 40), (99, 100)]
    assert list(found.run) == [0, 0, 1, 2, -1]
    assert list(found.any(np.array([False, True, False, True, True]))) == [True, False, True]


@pytest.mark.parametrize(
    ("times", "step"),
    [((0, DAY, 9 * DAY), DAY), ((60, 240, 7260), 60), ((0, 900, 2700), 900), ((0, 7, 11), 1), ((0, 0.5), 0), ((7,), 1)],
)
def test_the_clock_is_the_coarsest_that_shows_all(times: tuple[float, ...], step: float) -> None:
    assert clock(times) == step


def test_once_a_day_keeps_the_first_of_each_day_in_its_zone() -> None:
    series = exact([1 * 3600, 2 * 3600, 23 * 3600, 25 * 3600])
    assert list(series.once_a_day().start / 3600) == [1, 25]
    assert list(series.once_a_day(zone=2).start / 3600) == [1, 23]
    assert len(exact([]).once_a_day()) == 0


@pytest.mark.parametrize("bounds", [[(2, 1)], [(0, math.nan)], [(0, math.inf)]])
def test_impossible_intervals_are_refused(bounds: list[tuple[float, float]]) -> None:
    with pytest.raises(ValueError, match="finite"):
        EventTimes.between(bounds)


# ---------------------------------------------------------------- tails

chances_of_few = st.lists(st.floats(0.001, 0.999), min_size=1, max_size=8)


@given(chances_of_few)
def test_the_law_is_the_sum_over_all_outcomes(chance: list[float]) -> None:
    mass = [0.0] * (len(chance) + 1)
    for outcome in itertools.product((0, 1), repeat=len(chance)):
        mass[sum(outcome)] += math.prod(p if hit else 1 - p for p, hit in zip(chance, outcome, strict=True))
    assert law(np.array(chance)) == pytest.approx(mass, rel=1e-9)


def test_small_tails_keep_their_digits() -> None:
    assert tail(np.full(30, 1e-3), 30) == pytest.approx(1e-90, rel=1e-9)
    assert binomial_tail(4, 0.5, 3) == pytest.approx(5 / 16)


def test_the_interval_is_clopper_and_pearsons_where_chances_are_alike() -> None:
    """3 of 10: 0.0667 to 0.6525 (Clopper and Pearson 1934)."""
    low, high = (1 - 0.8**factor for factor in factor_interval(np.full(10, 0.2), 3, 0.95))
    assert (low, high) == (pytest.approx(0.0667, abs=1e-4), pytest.approx(0.6525, abs=1e-4))


def test_intervals_are_open_where_none_or_all_are_hit() -> None:
    assert factor_interval(np.full(5, 0.2), 0, 0.95)[0] == 0.0
    assert factor_interval(np.full(5, 0.2), 5, 0.95)[1] == math.inf


@given(chances_of_few)
def test_power_is_at_most_alpha_under_the_null_and_grows(chance: list[float]) -> None:
    null = np.array(chance)
    powers = [power(null, null + share * (1 - null), 0.05) for share in (0.0, 0.3, 0.8)]
    assert powers[0] <= 0.05 + 1e-12 and powers == sorted(powers)


# ---------------------------------------------------------------- rates


def test_a_constant_rate_gives_the_poisson_chance_with_its_uncertainty() -> None:
    times, span = np.arange(0.5, 100.0), Span(0.0, 100.0)
    stretch = runs(exact([50.0]), Offsets(0, 4), span)
    (chance,) = chances(stretch, times, span, 20.0, "none")
    assert chance == pytest.approx(1 - (40 / 44) ** 40.5)


def test_what_happens_in_a_stretch_does_not_change_its_chance() -> None:
    stretch = runs(exact([500 * DAY]), Offsets(0, DAY), YEARS)
    times = spread(1, 60)
    outside = times[(times < stretch.start[0]) | (times > stretch.end[0])]
    inside = np.sort(np.r_[outside, stretch.start[0] + np.array([0.1, 0.5, 0.9]) * DAY])
    one, other = (chances(stretch, seen, YEARS, 90 * DAY, "week") for seen in (outside, inside))
    assert one == pytest.approx(other, rel=1e-12)


def test_a_rhythm_of_the_day_raises_its_hours() -> None:
    days = np.arange(300.0)
    times = np.sort(np.r_[days * DAY + 10 * 3600, days * DAY + 11 * 3600])
    stretches = runs(exact([100.4 * DAY, 200.9 * DAY]), Offsets(0, 3600), Span(0, 300 * DAY))
    busy, quiet = chances(stretches, times, Span(0, 300 * DAY), 20 * DAY, "week")
    even = chances(stretches, times, Span(0, 300 * DAY), 20 * DAY, "none")
    assert busy > 5 * quiet and busy > even[0] > quiet


def test_a_local_burst_raises_its_own_chance_only() -> None:
    times = np.sort(np.r_[spread(2, 30), np.random.default_rng(3).uniform(400 * DAY, 410 * DAY, 40)])
    stretches = runs(exact([405 * DAY, 800 * DAY]), Offsets(0, DAY), YEARS)
    inside, outside = chances(stretches, times, YEARS, 10 * DAY, "none")
    assert inside > 0.8 and outside < 0.2


def test_the_guard_has_the_wide_rate_where_nothing_is_near_and_the_near_one_in_a_burst() -> None:
    times = np.sort(np.r_[spread(2, 30), np.random.default_rng(3).uniform(400 * DAY, 410 * DAY, 40)])
    stretches = runs(exact([405 * DAY, 800 * DAY]), Offsets(0, DAY), YEARS)
    away = times[np.abs(times - 800 * DAY) > 10 * DAY]
    wide = chances(stretches, away, YEARS, 200 * DAY, "none")
    inside, outside = guarded(stretches, away, YEARS, (3 * DAY, 200 * DAY), "none")
    assert inside > 2 * wide[0] and outside == pytest.approx(wide[1], rel=0.1)


def test_with_nothing_around_everything_is_possible() -> None:
    whole = runs(exact([0.0]), Offsets(0, 10), Span(0, 10))
    assert chances(whole, np.array([3.0]), Span(0, 10), 5.0, "none") == [1.0]
    assert guarded(whole, np.array([3.0]), Span(0, 10), (5.0, 50.0), "none") == [1.0]


# ---------------------------------------------------------------- answers


def test_followed_events_are_found_with_effect_and_interval() -> None:
    a = spread(4)
    b = np.sort(np.r_[a[::2] + 0.3 * DAY, spread(5, 20)])
    found = asked(a, b, shuffles=99)
    assert found.verdict == "more often" and found.trigger is not None and found.p is not None and found.p < 1e-6
    assert found.trigger.rate >= 0.5 and found.trigger.ratio_low < found.trigger.ratio < found.trigger.ratio_high
    assert found.trigger.ratio_low > 2 and found.trigger.p_jitter == 0.01
    assert asked(b, a).verdict != "more often"


def test_a_symmetric_window_does_not_ask_who_was_first() -> None:
    a = spread(4)
    b = np.sort(np.r_[a[::2] + 0.3 * DAY, spread(5, 20)])
    assert asked(a, b, symmetric=True).p == asked(b, a, symmetric=True).p


def test_a_lag_is_looked_at_and_not_what_lies_before_it() -> None:
    a = spread(4)
    b = np.sort(a + 7.5 * DAY)
    assert asked(a, b, lag=7 * DAY).verdict == "more often"
    assert asked(a, b).verdict != "more often"


def test_independent_series_are_not_more_often_and_say_so_only_with_power() -> None:
    assert asked(spread(6), spread(7)).verdict == "not more often"
    weak = asked(spread(6, 6), spread(7, 6), share=0.1)
    assert weak.verdict == "the data cannot tell" and "only" in weak.reason


def test_three_events_and_no_history_cannot_tell() -> None:
    three = exact([10 * DAY, 50 * DAY, 90 * DAY])
    without = coincidence(three, three, Question(DAY))
    assert without.verdict == "the data cannot tell" and "not given" in without.reason and without.p is None
    given_span = coincidence(three, three, Question(DAY), Span(0, 100 * DAY))
    assert given_span.verdict == "the data cannot tell"
    assert "3 events" in given_span.reason and "smallest p attainable" in given_span.reason
    assert given_span.trigger is not None and given_span.trigger.smallest_p <= given_span.trigger.p


def test_windows_that_cover_nearly_all_cannot_tell() -> None:
    found = asked(spread(6, 100), spread(7, 100), window=60 * DAY)
    assert found.verdict == "the data cannot tell" and "every window hit" in found.reason


def test_an_empty_series_cannot_tell() -> None:
    assert asked(spread(6), np.array([])).verdict == "the data cannot tell"


def test_days_bound_the_count_and_the_p() -> None:
    a = np.unique(spread(4) // DAY) * DAY
    b = np.unique(np.r_[a[::2] + DAY, np.unique(spread(5, 20) // DAY) * DAY])
    by_day = Question(3 * DAY, symmetric=True, shuffles=0)
    coarse = coincidence(EventTimes.at(a), EventTimes.at(b), by_day, YEARS)  # type: ignore[arg-type]
    assert coarse.trigger is not None and coarse.p is not None and coarse.p_possible is not None
    assert coarse.trigger.observed <= coarse.trigger.possible and coarse.p >= coarse.p_possible
    assert coarse.trigger.rate <= coarse.trigger.rate_possible
    hours = coincidence(EventTimes.at(a), EventTimes.at(b), by_day._replace(window=3600.0), YEARS)  # type: ignore[arg-type]
    assert hours.verdict == "the data cannot tell" and "nothing could be near for sure" in hours.reason


def test_busy_weeks_of_both_are_left_to_the_guard() -> None:
    random = np.random.default_rng(8)
    weeks = random.permutation(140)[:12]
    a, b = (np.sort((random.choice(weeks, 100) * 7 + random.uniform(0, 7, 100)) * DAY) for _ in "ab")
    found = asked(a, b)
    assert found.verdict == "the data cannot tell" and "change within" in found.reason
    assert found.p is not None and found.p_guard is not None and found.p <= 0.05 < found.p_guard


def test_the_span_is_inferred_from_many_events_only() -> None:
    assert infer_span(exact(spread(1, 9)), exact(spread(2, 50))) is None
    span = infer_span(exact(spread(1, 50)), exact(spread(2, 50)))
    assert span is not None and span.length > 800 * DAY
    assert infer_span(exact(np.arange(20.0)), exact(np.arange(20.0) + 100)) is None
    found = coincidence(exact(spread(1, 50)), exact(spread(2, 50)), Question(DAY, shuffles=0))
    assert found.span_inferred and found.p is not None


@pytest.mark.parametrize(
    ("question", "span"),
    [
        (Question(0), YEARS),
        (Question(-1), YEARS),
        (Question(1, bandwidth=0), YEARS),
        (Question(1, share=1), YEARS),
        (Question(1, alpha=0), YEARS),
        (Question(1), Span(1, 1)),
        (Question(math.nan), YEARS),
    ],
)
def test_questions_without_sense_are_refused(question: Question, span: Span) -> None:
    with pytest.raises(ValueError):
        coincidence(exact(X), exact(Y), question, span)


def test_the_same_question_has_the_same_answer() -> None:
    a, b = spread(6), spread(7)
    assert asked(a, b, shuffles=50) == asked(a[::-1], b[::-1], shuffles=50)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 30), st.integers(1, 30), st.booleans())
def test_answers_are_sound_whatever_is_asked(seed: int, many: int, few: int, symmetric: bool) -> None:
    found = asked(spread(seed, many), spread(seed + 1, few), symmetric=symmetric, window=5 * DAY)
    for rate in (found.trigger, found.precursor):
        assert rate is not None
        assert 0 <= rate.smallest_p <= rate.p <= 1 and rate.p_possible <= rate.p and 0 <= rate.power <= 1
        assert rate.observed <= rate.possible <= rate.trials <= rate.events
        assert rate.ratio_low <= rate.ratio + 1e-6 and rate.ratio <= rate.ratio_high + 1e-6
    assert not {"cause", "caused", "because", "triggered", "due"} & set(found.reason.split())


@pytest.mark.slow
def test_false_alarms_keep_their_level_where_the_season_is_shared() -> None:
    def season(seed: int) -> np.ndarray:
        random = np.random.default_rng(seed)
        tried = random.uniform(*YEARS, 400)
        return np.sort(tried[random.random(400) < (1 + np.sin(2 * np.pi * tried / DAY / 365)) / 2][:60])

    alarms = [asked(season(n), season(n + 1000)).p for n in range(150)]
    assert sum(p is not None and p <= 0.05 for p in alarms) <= 15


def test_a_question_is_a_value() -> None:
    assert Question(60.0, lag=5, symmetric=True).offsets == Offsets(-55, 65)
    assert replace(exact(X), end=exact(X).end + 1).middle[0] == 3.5
