"""What is right in a ledger made of one pack of reports: events, accounts, conflicts, relations, metonymy."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import duckdb

from allegedly.annotate.places.toponyms import kilometres
from allegedly.records import Span
from gold.match import b_cubed, pairs, plain
from gold.measures import Tally
from gold.packs import AccountGold, EventGold, Mention, Pack, PlaceGold, RelationGold

_NEAR_KM = 161.0


class FoundAccount(NamedTuple):
    """A row of `accounts`, its document as the report's id."""

    id: str
    event: str
    facet: str
    speaker: str
    speaker_name: str
    value: str
    min: int | None
    max: int | None
    report: str
    span: Span


class Found(NamedTuple):
    """What a ledger, or another reader, has of one pack; documents by the ids of their reports."""

    triggers: Sequence[tuple[Any, ...]]
    """Report, span, event, type, other type, status, first and last day, latitude, longitude."""
    accounts: Sequence[FoundAccount]
    conflicts: Sequence[tuple[str, str, str, str]]
    """Two accounts, kind, reason."""
    casualties: Sequence[tuple[Any, ...]]
    """Report, least, most, kind, span."""
    names: Mapping[tuple[str, str], list[str]]
    """All names of an actor of a report."""
    linked: Mapping[str, list[str]]
    """All names of an actor of all reports."""
    relations: Sequence[tuple[Any, ...]]
    """Report, subject, type, object, sign, holder, evidence."""
    places: Sequence[tuple[str, Span, bool]]
    """Report, span, whether it stands for an actor."""


def found_in_ledger(con: duckdb.DuckDBPyConnection, reports: dict[str, str]) -> Found:
    """Return what a ledger holds of one pack. `reports` maps document ids to report ids."""

    def rows(query: str) -> list[tuple[Any, ...]]:
        return con.execute(query).fetchall()

    linked: dict[str, list[str]] = defaultdict(list)
    for actor, name, aliases in rows(
        "SELECT l.actor, d.name, d.aliases FROM document_actors d JOIN actor_links l ON l.document_actor = d.id"
    ):
        linked[actor] += [name, *(aliases or ())]
    return Found(
        triggers=[
            (reports[document], (span[0], span[1]), event, kind, other, status, start, end, lat, lon)
            for document, spans, event, kind, other, status, start, end, lat, lon in rows(
                "SELECT d.document, d.trigger_spans, l.event, d.type, d.other_type, e.status, d.when_start, "
                "d.when_end, coalesce(d.where_lat, e.lat), coalesce(d.where_lon, e.lon) FROM document_events d "
                "JOIN event_links l ON l.document_event = d.id JOIN events e ON e.id = l.event ORDER BY d.id"
            )
            for span in spans
        ],
        accounts=[
            FoundAccount(*row[:8], reports[row[8]], (row[9][0], row[9][1]))
            for row in rows(
                "SELECT id, event, facet, speaker, speaker_name, value, min, max, document, span "
                "FROM accounts ORDER BY id"
            )
        ],
        conflicts=rows("SELECT account_1, account_2, kind, reason FROM conflicts ORDER BY id"),  # type: ignore[arg-type]
        casualties=[
            (reports[document], c["min"], c["max"], c["kind"], (c["span"][0], c["span"][1]))
            for document, listed in rows("SELECT document, casualties FROM document_events ORDER BY id")
            for c in listed or ()
        ],
        names={
            (reports[document], actor): [name, *(aliases or ())]
            for document, actor, name, aliases in rows("SELECT document, actor, name, aliases FROM document_actors")
        },
        linked=linked,
        relations=[
            (reports[document], *rest)
            for document, *rest in rows(
                "SELECT document, subject, type, object, sign, holder, evidence FROM relations ORDER BY id"
            )
        ],
        places=[
            (reports[document], (span[0], span[1]), metonym)
            for document, span, metonym in rows("SELECT document, span, metonym FROM places ORDER BY id")
        ],
    )


def found_by_reader(pack: Pack) -> Found:
    """Return what another reader wrote down of the same reports, so that two readers are scored as a program is."""
    casualties = [a for a in pack.accounts if a.facet == "casualties"]
    sources = {report.id: report.source for report in pack.reports}
    everybody = {actor.name: pack.names(actor.name) for actor in pack.actors}
    return Found(
        triggers=[
            (m.report, pack.span(m), e.id, e.type, e.other_type, e.status, e.start, e.end, *_point(e.place))
            for e in pack.events
            for m in e.mentions
        ],
        accounts=[
            FoundAccount(
                id=a.id, event=a.event, facet=a.facet,
                speaker=f"author:{sources[a.report]}" if a.speaker == "author" else a.speaker,
                speaker_name=sources[a.report] if a.speaker == "author" else a.speaker,
                value=f"{a.kind} {a.who}".strip() if a.facet == "casualties" else a.value or "",
                min=a.min, max=a.max, report=a.report, span=pack.span(a.quote),
            )
            for a in pack.accounts
        ],
        conflicts=[(*c.accounts, c.kind, c.reason) for c in pack.conflicts],
        casualties=[(a.report, a.min, a.max, a.kind, pack.span(a.quote)) for a in casualties],
        names={(report, name): names for report in sources for name, names in everybody.items()},
        linked=everybody,
        relations=[
            (r.evidence.report, r.subject, r.type, r.object, r.sign, r.holder, pack.span(r.evidence))
            for r in pack.relations
        ],
        places=[
            (mention.report, pack.span(mention), reading == "actor")
            for mention, reading in map(_reading, pack.metonymy)
        ],
    )  # fmt: skip


def _point(place: PlaceGold | None) -> tuple[float | None, float | None]:
    return (place.lat, place.lon) if place else (None, None)


def measure_pack(pack: Pack, found: Found, tally: Tally) -> None:
    """Add what is right and wrong to `tally`."""
    _events(pack, found, tally)
    _casualties(pack, found, tally)
    _accounts(pack, found, tally)
    _conflicts(pack, found, tally)
    _relations(pack, found, tally)
    _metonymy(pack, found, tally)


# ---------------------------------------------------------------- events


def _overlap(a: Span, b: Span) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def _events(pack: Pack, found: Found, tally: Tally) -> None:
    told = [(event, m.report, pack.span(m)) for event in pack.events for m in event.mentions]
    seen = found.triggers
    chosen = pairs(
        len(told),
        len(seen),
        lambda g, f: float(told[g][1] == seen[f][0] and _overlap(told[g][2], seen[f][1])),
    )
    tally.found("events: triggers", len(chosen), len(seen), len(told))
    linked = [(event.id, seen[chosen[g]][2] if g in chosen else None) for g, (event, _, _) in enumerate(told)]
    precision, recall, hits, gold = b_cubed(linked)
    tally.found("events: same event, B-cubed", precision, hits, gold, recall)
    for event in pack.events:
        _event_fields(
            pack, event, [seen[chosen[g]] for g, row in enumerate(told) if row[0] is event and g in chosen], tally
        )


def _event_fields(pack: Pack, event: EventGold, rows: Sequence[tuple[Any, ...]], tally: Tally) -> None:
    """Type and status by the first of the event's mentions that were found, status over all that link joins to it; the
    day by most mentions that tell one, the place by the first that does."""
    if not rows:
        tally.miss("event missed", pack.id, event.what)
        return
    _, _, _, kind, other, status, *_ = rows[0]
    tally.judge("events: type", kind == event.type, pack.id, f"{kind} {other} for {event.type}: {event.what}")
    tally.judge("events: status", status == event.status, pack.id, f"{status} for {event.status}: {event.what}")
    if event.start:
        starts = [row[6][:10] for row in rows if row[6]]
        right = bool(starts) and max(sorted(set(starts)), key=starts.count) == event.start
        tally.judge("events: first day", right, pack.id, f"{starts} for {event.start}: {event.what}")
    if event.place:
        near = [row for row in rows if row[8] is not None]
        right = any(kilometres(PlaceGold("", row[8], row[9]), event.place) <= _NEAR_KM for row in near[:1])
        tally.judge(
            "events: place within 161 km",
            right,
            pack.id,
            f"{[r[8:10] for r in near[:1]]} for {event.place.name}: {event.what}",
        )


def _casualties(pack: Pack, found: Found, tally: Tally) -> None:
    """A tuple is right when bounds and kind are, and its words overlap the gold account's."""
    golds = {
        (a.report, a.min, a.max, a.kind or "", pack.span(a.quote)): a for a in pack.accounts if a.facet == "casualties"
    }
    told, seen = list(golds), sorted(set(found.casualties), key=str)
    chosen = pairs(
        len(told),
        len(seen),
        lambda g, f: float(told[g][:4] == seen[f][:4] and _overlap(told[g][4], seen[f][4])),
    )
    tally.found("casualties", len(chosen), len(seen), len(told))
    for g in set(range(len(told))) - set(chosen):
        tally.miss("casualties missed", pack.id, f"{told[g][:4]} {golds[told[g]].quote.words}")
    for f in set(range(len(seen))) - set(chosen.values()):
        start, end = seen[f][4]
        tally.miss("casualties spurious", pack.id, f"{seen[f][:4]} {pack.text(seen[f][0])[start:end]}")


# ---------------------------------------------------------------- accounts and conflicts


def _bears(said: Iterable[str], names: Iterable[str]) -> bool:
    """Whether one of the names `said` is one of `names`, or one holds the other's last words whole."""
    accepted = [plain(name) for name in names]
    for one in map(plain, said):
        if one and any(one == n or f" {one}".endswith(f" {n}") or f" {n}".endswith(f" {one}") for n in accepted):
            return True
    return False


def _same_speaker(pack: Pack, gold: AccountGold, seen: FoundAccount, found: Found) -> bool:
    source = next(r.source for r in pack.reports if r.id == gold.report)
    if gold.speaker == "author" or plain(gold.speaker) == plain(source):
        return seen.speaker.startswith("author:") or _bears([seen.speaker_name], [source])
    return _bears([seen.speaker_name, *found.linked.get(seen.speaker, ())], pack.names(gold.speaker))


def _same_facet(gold: str, seen: str) -> bool:
    """To say “we did it” is both to claim responsibility and to name a perpetrator."""
    return gold == seen or {gold, seen} == {"perpetrator", "responsibility"}


def _likeness(pack: Pack, gold: AccountGold, seen: FoundAccount, found: Found) -> float:
    """How well a found account fits: 0 where report, facet or words do not; numbers and denial count most."""
    if seen.report != gold.report or not _same_facet(gold.facet, seen.facet):
        return 0.0
    if not _overlap(pack.span(gold.quote), seen.span):
        return 0.0
    return 1.0 + 4.0 * _same_value(pack, gold, seen, found) + 2.0 * _same_speaker(pack, gold, seen, found)


def _same_value(pack: Pack, gold: AccountGold, seen: FoundAccount, found: Found) -> bool:
    told, value = gold.value or "", seen.value
    if gold.facet == "casualties":
        return (gold.min, gold.max) == (seen.min, seen.max) and value.split(" ")[0] == (
            gold.kind or value.split(" ")[0]
        )
    if gold.facet == "occurrence":
        return told.split(" ")[0] == value.split(" ")[0]
    if gold.facet == "damage":
        return told.split(" ")[0] == value.removeprefix("not ").split(" ")[0]
    if gold.facet in ("perpetrator", "responsibility", "launch origin"):
        denied = told.startswith("not "), value.startswith("not ")
        bare = value.removeprefix("not ")
        named = _bears([bare, *found.linked.get(bare, ())], pack.names(told.removeprefix("not ")))
        return denied[0] == denied[1] and (named or plain(bare).replace("-", " ") in plain(told))
    return True


def _accounts(pack: Pack, found: Found, tally: Tally) -> None:
    golds, seen = pack.accounts, found.accounts
    chosen = pairs(len(golds), len(seen), lambda g, f: _likeness(pack, golds[g], seen[f], found))
    for facet in sorted({a.facet for a in golds}):
        mine = [g for g in chosen if golds[g].facet == facet]
        right = sum(_same_value(pack, golds[g], seen[chosen[g]], found) for g in mine)
        of_gold = sum(a.facet == facet for a in golds)
        of_seen = sum(a.facet == facet for a in seen)
        tally.found(f"accounts: {facet}", right, of_seen, of_gold)
    right = sum(_same_value(pack, golds[g], seen[f], found) for g, f in chosen.items())
    tally.found("accounts: all, with value", right, len(seen), len(golds))
    for g, f in chosen.items():
        same = _same_speaker(pack, golds[g], seen[f], found)
        tally.judge("accounts: speaker", same, pack.id, f"{seen[f].speaker_name} for {golds[g].speaker}")
    for g in set(range(len(golds))) - set(chosen):
        a = golds[g]
        tally.miss("account missed", pack.id, f"{a.report} {a.facet} {a.speaker}: {a.value} | {a.quote.words}")


_Position = tuple[Any, ...]


def _position(pack: Pack, account: AccountGold) -> _Position:
    """What an account says: those of one position agree, whoever tells it."""
    value = "" if account.facet == "casualties" else plain(account.value or "")
    who = plain(account.who or "") if account.facet == "casualties" else ""
    return account.event, account.facet, value, account.min, account.max, account.kind or "", who


def _conflicts(pack: Pack, found: Found, tally: Tally) -> None:
    """A found conflict is right where its two accounts stand for two positions between which gold has a conflict."""
    golds, seen = pack.accounts, {a.id: a for a in found.accounts}
    by_id = {a.id: a for a in golds}

    def stands_for(account: FoundAccount) -> list[AccountGold]:
        scored = [(_likeness(pack, g, account, found), g) for g in golds]
        best = max((s for s, _ in scored), default=0.0)
        return [g for s, g in scored if s == best and s > 0]

    wanted = {
        frozenset((_position(pack, by_id[a]), _position(pack, by_id[b]))): (kind, reason)
        for (a, b), kind, reason in ((c.accounts, c.kind, c.reason) for c in pack.conflicts)
    }
    shifts = {
        frozenset(c.accounts): c for c in pack.conflicts if len({_position(pack, by_id[x]) for x in c.accounts}) < 2
    }
    hit: set[frozenset[_Position]] = set()
    false = right = 0
    for one, other, kind, reason in found.conflicts:
        ends = {
            frozenset((_position(pack, a), _position(pack, b)))
            for a in stands_for(seen[one])
            for b in stands_for(seen[other])
            if a is not b
        }
        if met := ends & set(wanted):
            right += 1
            hit |= met
            tally.judge("conflicts: kind", any(wanted[m][0] == kind for m in met), pack.id, f"{kind}: {reason}")
        else:
            false += 1
            tally.miss("conflict spurious", pack.id, f"{kind}: {reason}")
    tally.found("conflicts", right, right + false, len(wanted) + len(shifts), len(hit))
    for missed in set(wanted) - hit:
        tally.miss("conflict missed", pack.id, ": ".join(wanted[missed]))
    tally.found("false conflicts per agreeing pair", false, _agreeing(pack, set(wanted)), 0)


def _agreeing(pack: Pack, wanted: set[frozenset[_Position]]) -> int:
    """How many two accounts of one event and facet are in no conflict."""
    by: dict[tuple[str, str], list[AccountGold]] = defaultdict(list)
    for account in pack.accounts:
        by[account.event, account.facet].append(account)
    return sum(
        frozenset((_position(pack, a), _position(pack, b))) not in wanted
        for group in by.values()
        for a, b in combinations(group, 2)
    )


# ---------------------------------------------------------------- relations, metonymy

_SYMMETRIC = frozenset({"ally", "hostile", "cooperates"})


def _relations(pack: Pack, found: Found, tally: Tally) -> None:
    golds = [r for r in pack.relations if r.type not in ("attacks", "accuses")]
    seen = [r for r in found.relations if str(r[2]).replace("_", " ") not in ("attacks", "accuses")]

    def tie(gold: RelationGold, row: tuple[Any, ...], whole: bool) -> bool:
        report, subject, kind, other, sign, holder, _ = row
        if report != gold.evidence.report or str(kind).replace("_", " ").replace("-", " ") != gold.type:
            return False

        def is_(found_id: str, name: str) -> bool:
            return _bears([found_id, *found.names.get((report, found_id), ())], pack.names(name))

        ends = is_(subject, gold.subject) and is_(other, gold.object)
        ends = ends or (gold.type in _SYMMETRIC and is_(subject, gold.object) and is_(other, gold.subject))
        source = next(r.source for r in pack.reports if r.id == report)
        own = gold.holder == "author" or plain(gold.holder) == plain(source)
        held = (holder == "author") if own else is_(holder, gold.holder)
        return ends and (not whole or (sign == gold.sign and held))

    for name, whole in (("relations", False), ("relations: sign and holder too", True)):
        chosen = pairs(len(golds), len(seen), lambda g, f, whole=whole: float(tie(golds[g], seen[f], whole)))  # type: ignore[misc]
        tally.found(name, len(chosen), len(seen), len(golds))
    for g in set(range(len(golds))) - set(chosen):
        r = golds[g]
        tally.miss(
            "relation missed", pack.id, f"{r.subject} {r.type} {r.object} {r.sign} by {r.holder}: {r.evidence.words}"
        )
    for f in set(range(len(seen))) - set(chosen.values()):
        report, subject, kind, other, sign, holder, evidence = seen[f]
        words = pack.text(report)[evidence[0] : evidence[1]]
        tally.miss("relation spurious", pack.id, f"{subject} {kind} {other} {sign} by {holder}: {words}")


def _metonymy(pack: Pack, found: Found, tally: Tally) -> None:
    for row in pack.metonymy:
        mention, reading = _reading(row)
        span = pack.span(mention)
        for report, place, metonym in found.places:
            if report == mention.report and _overlap(place, span):
                around = re.sub(r"\s+", " ", pack.text(report)[max(0, span[0] - 30) : span[1] + 30])
                tally.judge(
                    "places: place or actor", metonym == (reading == "actor"), pack.id, f"{metonym}: …{around}…"
                )
                break


def _reading(row: Any) -> tuple[Mention, str]:
    if isinstance(row, dict):
        return Mention(*row["mention"]), next(str(v) for k, v in row.items() if k != "mention")
    return Mention(*row[:-1]) if not isinstance(row[0], list) else Mention(*row[0]), str(row[-1])
