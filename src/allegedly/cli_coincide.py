"""`allegedly coincide`: do the events of one series fall near those of another more than their rates explain?"""

from __future__ import annotations

import math
import re
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click
import msgspec

from allegedly.cli_common import EXIT_NOTHING, Duration, Place, said_plainly
from allegedly.errors import AllegedlyError
from allegedly.telling import counted, plain

if TYPE_CHECKING:
    from allegedly.synchrony.coincidence import Coincidence, Question, Rate, Span
    from allegedly.synchrony.series import Series

_UNITS = ((86_400.0, "d"), (3600.0, "h"), (60.0, "min"))
_FARTHEST_WEST, _FARTHEST_EAST = -12, 14


class _Zone(click.ParamType[float]):
    """Hours ahead of UTC: UTC, +02:00, -5."""

    name = "zone"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        text = str(value).strip().upper()
        found = re.fullmatch(r"(?:UTC|GMT)?([+-]?)(\d{1,2})(?::?([0-5]\d))?", text)
        if text in ("UTC", "GMT", "Z"):
            return 0.0
        hours = (int(found[2]) + int(found[3] or 0) / 60) * (-1 if found[1] == "-" else 1) if found else math.nan
        if not _FARTHEST_WEST <= hours <= _FARTHEST_EAST:
            self.fail(f"{value!r} is no time zone; write UTC, +02:00 or -5", param, ctx)
        return hours


@click.command(short_help="Test whether two series of events coincide more than their rates explain.")
@click.argument("a", metavar="A", type=Place(path_type=Path))
@click.argument("b", metavar="B", type=Place(path_type=Path))
@click.option("--window", type=Duration(), required=True, help="How near is near: 6h, 1d.")
@click.option("--lag", type=Duration(signed=True), default="0s", show_default=True, help="How much later it begins.")
@click.option(
    "--directed/--symmetric",
    default=True,
    show_default=True,
    help="Whether B's event has to come after A's, or may come before it as well.",
)
@click.option("--once-a-day", is_flag=True, help="Count events of one series on one day once.")
@click.option(
    "--span",
    metavar="START..END",
    help="From when to when both were watched, ISO dates. [default: taken from the events]",
)
@click.option(
    "--zone",
    type=_Zone(),
    metavar="ZONE",
    help="The zone of times that state none, and of days: UTC, +02:00. Left open unless given.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON, for scripts.")
def coincide(
    a: Path,
    b: Path,
    window: float,
    lag: float,
    directed: bool,
    once_a_day: bool,
    span: str | None,
    zone: float | None,
    as_json: bool,
) -> None:
    """Test whether events of B fall near (after) those of A more often than both rates explain.

    A and B are tables (CSV, TSV, Parquet) with a column of times, a row for each event; or LEDGER:TYPE, the events of a
    ledger of a PLOVER type or a plain one (my.ledger:PROTEST, my.ledger:accident), each once, as fact or as claimed.
    Times are as exact as they are written: a day leaves 24 hours open, a time without a zone 26 more. What the test
    asks, and what it cannot tell, is in docs/synchrony.md.

    \b
    allegedly coincide strikes.csv outages.csv --window 1d
    allegedly coincide my.ledger:ACCUSE my.ledger:PROTEST --window 3d --zone UTC --span 2023-01-01..2023-12-31
    """
    with said_plainly():
        from allegedly.synchrony.coincidence import Question, coincidence

        watched = _span(span, zone)
        first, second = _both(a, b, zone)
        for series in (first, second):
            _tell_problems(series)
        question = Question(window, lag, not directed, once_a_day, zone or 0.0)
        found = coincidence(first.times(), second.times(), question, watched)
        click.echo(_json(first, second, question, found) if as_json else _text(first, second, question, found))


# ---------------------------------------------------------------- what is compared


def _span(text: str | None, zone: float | None) -> Span | None:
    from allegedly.synchrony.series import stated_span

    if text is None:
        return None
    first, _, last = text.partition("..")
    found = stated_span(first, last, zone or 0.0)
    if found is None or found.length <= 0:
        raise click.UsageError(f"--span {text!r} is no span; write it as 2023-01-01..2023-12-31, the earlier day first")
    return found


def _both(a: Path, b: Path, zone: float | None) -> tuple[Series, Series]:
    """Return both series. An event that is of both types would be near itself, so it is left out of both."""
    if a == b or (a.exists() and b.exists() and a.samefile(b)):
        raise AllegedlyError(f"{plain(b)}: is both A and B; name two different series")
    first, second = (_series(place, zone) for place in (a, b))
    shared = set(first.ids) & set(second.ids)
    if not shared:
        return first, second
    click.echo(f"note: events that are of both types were left out: {len(shared):,}", err=True)
    first, second = first.without(shared), second.without(shared)
    for series in (first, second):
        if not series.events:
            _end(f"{series.name}: no other events are left; name two different types")
    return first, second


def _series(place: Path, zone: float | None) -> Series:
    from dataclasses import replace

    from allegedly.ledger import Ledger
    from allegedly.synchrony.series import ledger_series, read_series, types_told

    name, _, kind = str(place).rpartition(":")
    if not place.exists() and name and Ledger(Path(name)).exists:
        with closing(Ledger(Path(name)).connect()) as con:
            found = ledger_series(con, kind, zone)
    elif not place.exists():
        raise AllegedlyError(f"{plain(place)}: there is no such file or ledger; check the name")
    elif place.is_dir():
        if not Ledger(place).exists:
            raise AllegedlyError(f"{plain(place)}: is a folder and no ledger; name a table, or LEDGER:TYPE")
        with closing(Ledger(place).connect()) as con:
            raise AllegedlyError(f"{plain(place)}: say which events, as {plain(place)}:TYPE; {types_told(con)}")
    else:
        found = read_series(place, zone)
    if not found.events:
        _tell_problems(found)
        _end(f"{plain(place)}: holds no event with a time that can be read")
    return replace(found, name=plain(place))


def _end(message: str) -> NoReturn:
    click.echo(f"allegedly: {message}", err=True)
    raise SystemExit(EXIT_NOTHING)


def _tell_problems(series: Series) -> None:
    for what, count in series.problems.items():
        click.echo(f"note: {series.name}: {count:,} {what}", err=True)
    if series.unzoned:
        click.echo(
            f"note: {series.name}: {series.unzoned:,} times state no zone, which leaves 26 hours open; if all are by "
            "one clock, name it with --zone",
            err=True,
        )


# ---------------------------------------------------------------- what is said


def _text(a: Series, b: Series, question: Question, found: Coincidence) -> str:
    lines = [
        _described("A", a),
        _described("B", b),
        f"Asked: does an event of B come {_nearness(question)} more often than both rates explain?",
    ]
    if found.span:
        how = "taken from the events themselves" if found.span_inferred else "as given"
        lines.append(f"Watched from {_minute(found.span.start)} to {_minute(found.span.end)} UTC, {how}.")
    hint = "" if found.span else ". Say when both were watched with --span START..END"
    lines += ["", f"{found.verdict.capitalize()}: {found.reason}{hint}.", ""]
    if found.trigger and found.precursor:
        lines += [*_table(found.trigger, found.precursor, question), ""]
    if a.ids or b.ids:
        lines.append("A ledger holds what is told: events that the same documents tell of share their attention.")
    lines.append("It says nothing of why. The window has to be chosen beforehand; trying several needs a correction.")
    return "\n".join(lines)


def _described(letter: str, series: Series) -> str:
    least, most = series.widths() or (0, 0)
    known = _length(least) if least == most else f"{_length(least)} to {_length(most)}"
    middles = series.times().middle
    days = " to ".join(_minute(second)[:10] for second in (middles[0], middles[-1]))
    return f"{letter}  {series.name}: {counted(len(series.events), 'event')}, {days}, known to within {known}"


def _nearness(question: Question) -> str:
    low, high = question.offsets
    if low == -high:
        return f"within {_length(high)} of one of A, before or after,"
    if low == 0:
        return f"within {_length(high)} after one of A"
    return f"{_length(low)} to {_length(high)} after one of A"


def _labels(question: Question) -> tuple[str, str]:
    if question.symmetric:
        return "share of A with B near", "share of B with A near"
    return "share of A followed by B", "share of B preceded by A"


def _table(of_a: Rate, of_b: Rate, question: Question) -> list[str]:
    columns = [_cells(rate, question) for rate in (of_a, of_b)]
    rows = [("", *_labels(question)), *((name, cell, columns[1][name]) for name, cell in columns[0].items())]
    widths = [max(len(row[at]) for row in rows) for at in range(2)]
    return [f"{name:<{widths[0]}}  {one:<{widths[1]}}  {other}".rstrip() for name, one, other in rows]


def _cells(rate: Rate, question: Question) -> dict[str, str]:
    jitter = {} if rate.p_jitter is None else {"p, events moved at random (jitter, an audit)": f"{rate.p_jitter:.2g}"}
    return {
        "for sure": _share(rate.rate, rate.events),
        "at most": _share(rate.rate_possible, rate.events),
        "windows, joined where they touch": f"{rate.trials:,}",
        "observed: hit for sure": f"{rate.observed:,}",
        "possible: hit at most": f"{rate.possible:,}",
        "expected from the changing rate": f"{rate.expected:.3g}",
        "ratio, with its 95 % interval": f"{rate.ratio:.3g} ({rate.ratio_low:.3g} to {rate.ratio_high:.3g})",
        "p": f"{rate.p:.2g}",
        "p, if rates change fast (guard)": f"{rate.p_guard:.2g}",
        "p, had all been near that may have been": f"{rate.p_possible:.2g}",
        "p, if rates were constant (to compare)": f"{rate.p_constant:.2g}",
        **jitter,
        "smallest p attainable": f"{rate.smallest_p:.2g}",
        f"power, if {question.share:.0%} of the other windows were hit": f"{rate.power:.0%}",
    }


def _share(share: float, events: int) -> str:
    return f"{round(share * events):,} of {events:,} ({share:.0%})"


def _json(a: Series, b: Series, question: Question, found: Coincidence) -> str:
    of_a, of_b = _labels(question)
    answer = {
        "a": _summary(a),
        "b": _summary(b),
        "question": {**question._asdict(), "offsets": list(question.offsets)},
        "verdict": found.verdict,
        "reason": found.reason,
        "p": found.p,
        "p_guard": found.p_guard,
        "p_possible": found.p_possible,
        "span": [f"{_minute(bound).replace(' ', 'T')}Z" for bound in found.span] if found.span else None,
        "span_inferred": found.span_inferred,
        "of_a": _rate(found.trigger, of_a),
        "of_b": _rate(found.precursor, of_b),
    }
    return msgspec.json.encode(answer, enc_hook=float).decode()


def _summary(series: Series) -> dict[str, Any]:
    return {
        "name": series.name,
        "events": len(series.events),
        "known_within": series.widths(),
        "without_zone": series.unzoned,
        "left_out": dict(series.problems),
    }


def _rate(rate: Rate | None, label: str) -> dict[str, Any] | None:
    if rate is None:
        return None
    names = {"rate": "share", "rate_possible": "share_possible"}
    return {"label": label, **{names.get(name, name): value for name, value in rate._asdict().items()}}


def _minute(second: float) -> str:
    import numpy as np

    return str(np.datetime64(int(second), "s").astype("datetime64[m]")).replace("T", " ")


def _length(seconds: float) -> str:
    for size, unit in _UNITS:
        if abs(seconds) >= 2 * size or (seconds and not seconds % size):
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.3g} s"
