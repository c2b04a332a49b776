"""Do the events of one series fall near those of another more often than their rates explain?

Event coincidence analysis (Donges, Schleussner, Siegmund, Donner 2016, Eur. Phys. J. Spec. Top. 225, 471-487): with a
window and a lag, the *trigger rate* is the share of A's events that an event of B follows, from lag to lag + window
later; the *precursor rate* is the share of B's events that one of A precedes by as much. Symmetric windows reach from
lag - window to lag + window. Windows that touch make one trial, hit or not, so that a burst counts once.

Four nulls, each for both rates:

* ``p_constant``: both series are Poisson at constant rates (their binomial, an approximation that treats windows as
  independent). Fires on any shared season; shown for comparison with other tools.
* ``p``: one series keeps its times, however bursty or seasonal; the other is Poisson at a rate that changes slowly
  (against ``bandwidth``, at least 10 windows) and with day and week. The rate in a window comes from around it, never
  from what happened in it (`event_rates`); the tail is the exact Poisson-binomial one.
* ``p_guard``: the same with a bandwidth of 3 windows, for rates that change fast. Less sure of every rate, it seldom
  fires first; a verdict needs both.
* ``p_jitter``: an audit that moves each event of that other series at random by up to ``bandwidth``, (r+1) / (R+1).

The p of the whole is the greater one of both rates, so its null covers two independent series if at least one of them
is Poisson at such a rate, whichever that is. False alarms at 5 %, 200 worlds a cell, 60 and 200 events in 3 years,
window a day (``evals/coincidence.py``): p at most 4.5 % for constant, seasonal, weekly and daily rates and for a bursty
series beside any of them; two bursty series, which the null does not cover, no more. Not covered, and it shows: busy
weeks that both series share (p fires in 50 % and 95 % of the worlds); there the guard leaves 0.5 % and 1 %. Nothing
covers shared changes within less than three windows. ``once_a_day`` makes bursts of hours count once. Whoever tries
several windows must correct for that.

Coarse times: an event known by day is an interval. ``observed`` counts what is near wherever in their intervals both
happened, ``possible`` what may be. p is that of the sure count, too great if anything; ``p_possible`` is only the bound
on its other side, and fires on most series known by day.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from allegedly.synchrony.event_rates import Rhythm, chances, default_bandwidth, guarded
from allegedly.synchrony.event_tails import binomial_tail, factor_interval, multiplied, power, tail
from allegedly.synchrony.event_times import DAY, EventTimes, Floats, Offsets, Runs, Span, near, runs

Verdict = Literal["more often", "not more often", "the data cannot tell"]

LEAST_EVENTS = 5
"""Events below which no rate can be told."""
LEAST_TO_INFER = 10
"""Events that each series needs before the time of observation may be taken from the events themselves."""
ENOUGH_POWER = 0.8
"""Power below which nothing found means nothing."""
_CONFIDENCE = 0.95
_GUARD = 3.0
"""Windows before and after one that tell its rate to the guard."""


class Question(NamedTuple):
    """What is asked. Times are seconds."""

    window: float
    """How near is near; above 0."""
    lag: float = 0.0
    """How much later than A's event the window begins, or, if symmetric, has its middle."""
    symmetric: bool = False
    """Whether B's event may come before A's as well."""
    once_a_day: bool = False
    """Whether events of one series that fall in one day count once."""
    zone: float = 0.0
    """Hours that the clock of those days is ahead of UTC."""
    bandwidth: float | None = None
    """How far around a window its rate is taken from; None for 10 windows, or more until 10 events lie there."""
    rhythm: Rhythm = "week"
    """The rhythm that the rate may have, by UTC."""
    share: float = 0.5
    """The alternative that power is stated against: this share of the trials is hit beyond what the rate gives."""
    alpha: float = 0.05
    """The level of the test."""
    shuffles: int = 999
    """How many times the audit moves the events; 0 for no audit."""
    seed: int = 0
    """Seed of the audit."""

    @property
    def offsets(self) -> Offsets:
        """How much later than A's event B's may be."""
        return Offsets(self.lag - self.window if self.symmetric else self.lag, self.lag + self.window)


class Rate(NamedTuple):
    """One of both rates, and how it compares with what the rates of events explain."""

    events: int
    """Events asked about: A's for the trigger rate, B's for the precursor rate."""
    rate: float
    """Share of them with an event of the other series near, for sure (Donges et al.)."""
    rate_possible: float
    """The same, with those that may have one."""
    trials: int
    """Windows, joined where they touch."""
    observed: int
    """Trials that are hit for sure."""
    possible: int
    """Trials that are hit or may be."""
    expected: float
    """Trials that the changing rate lets expect to be hit."""
    ratio: float
    """Observed over expected."""
    ratio_low: float
    """Lower bound of the ratio (95 %, both tails exact; the expected number is taken as known)."""
    ratio_high: float
    """Upper bound of the ratio."""
    p: float
    """Chance of at least `observed` under the changing rate."""
    p_possible: float
    """Chance of at least `possible`: the p if all that may be near were near."""
    p_constant: float
    """Chance of at least as many `events` near another under constant rates (Donges et al. 2016)."""
    p_guard: float
    """The same as `p` if the rate may change within three windows."""
    p_jitter: float | None
    """The audit; None where none was asked for."""
    smallest_p: float
    """The p if every trial were hit: nothing smaller can come of these data."""
    power: float
    """How likely p is at most the level where the stated share of trials is hit beyond what the rate gives."""
    bandwidth: float
    """Seconds before and after a window that its rate was taken from."""


class Coincidence(NamedTuple):
    """The answer. `trigger` and `precursor` are None where nothing could be counted."""

    verdict: Verdict
    reason: str
    """Why, in words."""
    p: float | None
    """The greater p of both rates, for the sure counts."""
    p_guard: float | None
    """The same with the guard."""
    p_possible: float | None
    """The same for what may be near."""
    span: Span | None
    """The time of observation used."""
    span_inferred: bool
    """Whether it was taken from the events themselves."""
    trigger: Rate | None
    precursor: Rate | None


def coincidence(a: EventTimes, b: EventTimes, question: Question, span: Span | None = None) -> Coincidence:
    """Say whether events of `b` fall near (after) those of `a` more often than their rates explain.

    `span` is when both were watched; without it, it is inferred only from many events. Raises ValueError for a window
    or bandwidth that is not above 0, a share or level outside (0, 1), or a span that ends before it starts.
    """
    _check(question, span)
    watched = span or infer_span(a, b)
    if watched is None:
        reason = (
            f"the time over which both series were watched is not given, and {len(a)} and {len(b)} events are too few "
            f"to infer it (at least {LEAST_TO_INFER} each, over a shared time)"
        )
        return _unknown(reason, None, False)
    a, b = (_counted(series, question, watched) for series in (a, b))
    if not len(a) or not len(b):
        return _unknown("a series has no event in the time of observation", watched, span is None)
    trigger = _rate(_Side(a, b, question.offsets, watched), question)
    precursor = _rate(_Side(b, a, question.offsets.turned(), watched), question)
    both = _Both(trigger, precursor)
    verdict, reason = _judge(a, b, both, question)
    p, guard, possible = both.greater("p"), both.greater("p_guard"), both.greater("p_possible")
    return Coincidence(verdict, reason, p, guard, possible, watched, span is None, trigger, precursor)


class _Side(NamedTuple):
    """A series that keeps its times, and the other one, which is Poisson under the null."""

    reference: EventTimes
    other: EventTimes
    offsets: Offsets
    span: Span


class _Both(NamedTuple):
    trigger: Rate
    precursor: Rate

    def greater(self, name: str) -> float:
        return float(max(getattr(rate, name) for rate in self))


def _unknown(reason: str, span: Span | None, inferred: bool) -> Coincidence:
    return Coincidence("the data cannot tell", reason, None, None, None, span, inferred, None, None)


def _check(question: Question, span: Span | None) -> None:
    if not question.window > 0 or not (question.bandwidth is None or question.bandwidth > 0):
        raise ValueError("window and bandwidth must be above 0 seconds")
    if not 0 < question.share < 1 or not 0 < question.alpha < 1:
        raise ValueError("share and alpha must lie between 0 and 1")
    if span is not None and not span.length > 0:
        raise ValueError("the span must end after it starts")


def infer_span(a: EventTimes, b: EventTimes) -> Span | None:
    """Return the time in which both series have their events; None where few events, or none shared, leave it open."""
    if min(len(a), len(b)) < LEAST_TO_INFER:
        return None
    span = Span(max(a.middle[0], b.middle[0]), min(a.middle[-1], b.middle[-1]))
    enough = span.length > 0 and min(len(a.within(span)), len(b.within(span))) >= LEAST_TO_INFER
    return span if enough else None


def _counted(series: EventTimes, question: Question, span: Span) -> EventTimes:
    within = series.within(span)
    return within.once_a_day(question.zone) if question.once_a_day else within


def _rate(side: _Side, question: Question) -> Rate:
    reference, other, offsets, span = side
    sure, possible = near(reference, other, offsets)
    trials = runs(reference, offsets, span)
    observed, most = int(trials.any(sure).sum()), int(trials.any(possible).sum())
    bandwidth = question.bandwidth or default_bandwidth(len(other), offsets.width, span)
    chance = chances(trials, other.middle, span, bandwidth, question.rhythm)
    fast = guarded(trials, other.middle, span, (_GUARD * offsets.width, bandwidth), question.rhythm)
    return Rate(
        events=len(reference),
        rate=float(sure.mean()),
        rate_possible=float(possible.mean()),
        trials=len(chance),
        observed=observed,
        possible=most,
        **_effect(chance, observed),
        p=tail(chance, observed),
        p_possible=tail(chance, most),
        p_constant=constant_p(len(reference), len(other), int(sure.sum()), offsets, span),
        p_guard=tail(fast, observed),
        p_jitter=_jitter(side, trials, observed, bandwidth, question) if question.shuffles else None,
        smallest_p=float(np.prod(chance)),
        power=power(chance, chance + question.share * (1.0 - chance), question.alpha),
        bandwidth=bandwidth,
    )


def _effect(chance: Floats, observed: int) -> dict[str, float]:
    expected = float(chance.sum())
    if not expected:
        return {"expected": 0.0, "ratio": float("nan"), "ratio_low": 0.0, "ratio_high": float("inf")}
    low, high = (
        float(multiplied(chance, factor).sum()) / expected for factor in factor_interval(chance, observed, _CONFIDENCE)
    )
    return {"expected": expected, "ratio": observed / expected, "ratio_low": low, "ratio_high": high}


def constant_p(events: int, others: int, hits: int, offsets: Offsets, span: Span) -> float:
    """Return the p-value of Donges et al. (2016): `hits` of `events` near one of `others`, all at constant rates.

    Each event has the chance 1 - (1 - width / (T - lag)) ** others, T being the length of `span`.
    """
    lag = min(abs(offsets.low), abs(offsets.high)) if offsets.low * offsets.high > 0 else 0.0
    share = min(offsets.width / (span.length - lag), 1.0) if span.length > lag else 1.0
    return binomial_tail(events, 1.0 - (1.0 - share) ** others, hits)


def _jitter(side: _Side, trials: Runs, observed: int, reach: float, question: Question) -> float:
    """Return how often as many trials are hit once each other event has moved by up to `reach`, kept in the span."""
    reference, other, offsets, span = side
    random = np.random.default_rng(question.seed)
    low, high = np.maximum(-reach, span.start - other.middle), np.minimum(reach, span.end - other.middle)
    moves = (other.moved(random.uniform(low, high)) for _ in range(question.shuffles))
    reached = sum(int(trials.any(near(reference, moved, offsets)[0]).sum()) >= observed for moved in moves)
    return (reached + 1) / (question.shuffles + 1)


# ---------------------------------------------------------------- verdict


def _judge(a: EventTimes, b: EventTimes, both: _Both, question: Question) -> tuple[Verdict, str]:
    if doubt := _doubt(a, b, both, question):
        return "the data cannot tell", doubt
    p, guard = both.greater("p"), both.greater("p_guard")
    worse = max(both, key=lambda rate: rate.p)
    found = f"{worse.observed} of {worse.trials} windows are hit where the rates let expect {worse.expected:.1f}"
    if max(p, guard) <= question.alpha:
        return "more often", f"{found} (p = {p:.2g}; {guard:.2g} if rates change fast)"
    if p <= question.alpha:
        fast = f"but rates that change within {_length(_GUARD * question.offsets.width)} would explain it as well"
        return "the data cannot tell", f"{found} (p = {p:.2g}), {fast} (p = {guard:.2g})"
    if both.greater("p_possible") <= question.alpha:
        return "the data cannot tell", f"{found} for sure, up to {worse.possible} possibly: the times are too coarse"
    weak = min(rate.power for rate in both)
    if weak < ENOUGH_POWER:
        missed = (
            f"but if {question.share:.0%} of them were hit beyond that, this test would see it {weak:.0%} of the time"
        )
        return "the data cannot tell", f"{found} (p = {p:.2g}), {missed} only"
    return "not more often", f"{found} (p = {p:.2g})"


def _doubt(a: EventTimes, b: EventTimes, both: _Both, question: Question) -> str:
    """Return why these data could not tell whatever they held, or nothing."""
    fewest, smallest = min(len(a), len(b)), both.greater("smallest_p")
    if fewest < LEAST_EVENTS:
        return (
            f"{_events(fewest)} in one series: too few to know a rate by (at least {LEAST_EVENTS}; the smallest p "
            f"attainable is {smallest:.2g})"
        )
    coarse = float((a.end - a.start).min() + (b.end - b.start).min())
    if coarse > question.offsets.width:
        return f"the times leave {_length(coarse)} open, more than the window: nothing could be near for sure"
    if smallest > question.alpha:
        return f"even with every window hit p would be {smallest:.2g}, above {question.alpha:g}"
    return ""


def _events(count: int) -> str:
    return "one event" if count == 1 else f"{count} events"


def _length(seconds: float) -> str:
    for size, unit in ((DAY, "days"), (3600.0, "hours"), (60.0, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.3g} seconds"


__all__ = [
    "Coincidence",
    "EventTimes",
    "Question",
    "Rate",
    "Span",
    "Verdict",
    "coincidence",
    "constant_p",
    "infer_span",
]
