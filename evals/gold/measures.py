"""What is measured on our own gold, layer by layer, and what each miss was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations

from allegedly.annotate.times.timex import interval
from allegedly.records import Casualties, Damage, Place, Relation, Span, Time
from gold.load import CasualtiesGold, ClaimGold, DamageGold, EventGold, RelationGold
from gold.match import Matched, Words, b_cubed, bears_name, clusters, pairs, plain

Mention = tuple[int, Words]
"""Which event, and the words that name it."""

SYMMETRIC = frozenset({"ally", "cooperates", "hostile"})
REPEATING = frozenset({"accuses", "attacks"})
"""Ties that repeat what claims and events say; gold lists none, so none are scored."""


class Tally:
    """Counts by measure and the misses in words. `f1` and `share` counts add up over cases."""

    def __init__(self) -> None:
        self.f1: dict[str, list[float]] = defaultdict(lambda: [0, 0, 0, 0])
        """Hits among found, found, hits among gold, gold."""
        self.share: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        """Right, of."""
        self.misses: list[tuple[str, str, str]] = []
        """Measure, case, what."""

    def found(self, measure: str, hits: float, found: float, gold: float, recalled: float | None = None) -> None:
        for i, value in enumerate((hits, found, hits if recalled is None else recalled, gold)):
            self.f1[measure][i] += value

    def judge(self, measure: str, right: bool, case: str, what: str) -> None:
        self.share[measure][0] += right
        self.share[measure][1] += 1
        if not right:
            self.miss(measure, case, what)

    def miss(self, measure: str, case: str, what: str) -> None:
        self.misses.append((measure, case, " ".join(what.split())))


_DOERS = frozenset({"escaped", "participants", "on strike"})
"""Kinds of people counted who are not harmed, of which this gold tells nothing."""


def measure(matched: Matched, tally: Tally) -> None:
    """Add every measure of one case to `tally`."""
    for layer in (_claims, _claim_fields, _events, _harm, _times, _places, _actors, _relations):
        layer(matched, tally)


# ---------------------------------------------------------------- claims


def _claims(m: Matched, tally: Tally) -> None:
    every = range(len(m.case.sheet.claims)), range(len(m.found.claims))
    attributed = [i for i in every[0] if not m.gold_said[i].author], [i for i in every[1] if not m.found_said[i].author]
    own = [i for i in every[0] if m.gold_said[i].author], [i for i in every[1] if m.found_said[i].author]
    _claims_of(m, tally, "claims: who says what, all", *every)
    _claims_of(m, tally, "claims: who says what, attributed", *attributed)
    _claims_of(m, tally, "claims: author's voice", *own)
    for g in every[0]:
        if g not in m.agreed and not m.case.sheet.claims[g].optional:
            tally.miss("claim missed", m.case.name, _missed_claim(m, g))
    excused = {f for g, f in m.aligned.items() if m.case.sheet.claims[g].optional} | set(m.agreed.values())
    for f in every[1]:
        if f not in excused:
            tally.miss("claim spurious", m.case.name, _told(m, f))


def _claims_of(m: Matched, tally: Tally, name: str, golds: Sequence[int], founds: Sequence[int]) -> None:
    """Optional claims count on neither side."""
    wanted = [g for g in golds if not m.case.sheet.claims[g].optional]
    excused = {f for g, f in m.aligned.items() if m.case.sheet.claims[g].optional}
    counted = set(founds) - excused
    right = counted & set(m.agreed.values())
    tally.found(name, len(right), len(counted), len(wanted), sum(g in m.agreed for g in wanted))


def _missed_claim(m: Matched, g: int) -> str:
    gold = m.case.sheet.claims[g]
    near = f" -- nearest: {_told(m, m.aligned[g])}" if g in m.aligned else ""
    return f"{'/'.join(gold.actor)} | {_refs(gold.cue)} | {_refs(gold.content)}{near}"


def _refs(refs: Iterable[str | tuple[str, int]]) -> str:
    return " … ".join(ref if isinstance(ref, str) else ref[0] for ref in refs)


def _told(m: Matched, f: int) -> str:
    claim = m.found.claims[f]
    return f"{claim.speaker.name or '-'} | {_text(m, claim.cue)} | {_text(m, claim.content)} | {claim.mode} {claim.act}"


def _text(m: Matched, spans: Iterable[Span]) -> str:
    return " … ".join(m.case.document.text[s:e] for s, e in spans)


def _claim_fields(m: Matched, tally: Tally) -> None:
    for g, f in sorted(m.agreed.items()):
        gold, found = m.case.sheet.claims[g], m.found.claims[f]
        what = f"{_refs(gold.cue)} | {_refs(gold.content)}: "

        def judge(name: str, right: bool, told: str, what: str = what) -> None:
            tally.judge(f"claims: {name}", right, m.case.name, what + told)

        judge("act", found.act in gold.act, f"{found.act} for {'/'.join(gold.act)}")
        judge("polarity", found.polarity in gold.polarity, f"{found.polarity} for {'/'.join(gold.polarity)}")
        judge("mode", found.mode in gold.mode, f"{found.mode} for {'/'.join(gold.mode)}")
        judge("hedge", _same_hedge(gold, found.hedge), f"{found.hedge} for {gold.hedge}")
        if not m.gold_said[g].author:
            same = m.gold_said[g].content == m.found_said[f].content
            judge("content edges exact in words", same, f"«{_text(m, found.content)}»")
        if gold.actor and "author" not in gold.actor:
            actors = [a for a in m.case.sheet.actors if a.name in gold.actor]
            named = any(bears_name(found.speaker.name, actor) for actor in actors)
            judge("speaker resolved", named, f"{found.speaker.name!r} for {gold.actor[0]!r}")
        if gold.channel or found.channel:
            right = bool(gold.channel) and any(c.lower() in (found.channel or "").lower() for c in gold.channel)
            judge("channel", right, f"{found.channel!r} for {gold.channel}")
        _accused(m, tally, gold, {m.name(a) for a in found.accused}, what)
        if gold.parent is not None or found.parent is not None:
            right = gold.parent is not None and m.aligned.get(gold.parent) == found.parent
            judge("parent", right, f"{found.parent} for {gold.parent}")


def _same_hedge(gold: ClaimGold, found: str | None) -> bool:
    said = (found or "").lower()
    return any((not want and not said) or (want and said and (want.lower() in said or said in want.lower()))
               for want in gold.hedge)  # fmt: skip


def _accused(m: Matched, tally: Tally, gold: ClaimGold, found: set[str], what: str) -> None:
    hits = len(found & set(gold.accused))
    tally.found("claims: accused", hits, len(found), len(gold.accused))
    if found != set(gold.accused):
        tally.miss("claims: accused", m.case.name, f"{what}{sorted(found)} for {gold.accused}")


# ---------------------------------------------------------------- events


def _events(m: Matched, tally: Tally) -> None:
    golds = m.case.sheet.events
    told = [(i, m.words(m.case.span(ref))) for i, gold in enumerate(golds) for ref in gold.trigger]
    seen = [(i, m.words(span)) for i, event in enumerate(m.found.events) for span in event.trigger]
    same = pairs(len(told), len(seen), lambda g, f: len(told[g][1] & seen[f][1]) / (1 + len(seen[f][1])))
    aligned = pairs(len(golds), len(m.found.events), lambda g, f: float(sum(
        told[a][0] == g and seen[b][0] == f for a, b in same.items())))  # fmt: skip
    optional = {i for i, gold in enumerate(golds) if gold.optional}
    had = frozenset[int]().union(*(seen[b][1] for b in same.values()))
    excused = _excused_events(m, told, seen, had) | {f for g, f in aligned.items() if g in optional}
    hits = {g: f for g, f in aligned.items() if g not in optional}
    counted = set(range(len(m.found.events))) - excused | set(hits.values())
    tally.found("events: trigger", len(hits), len(counted), len(golds) - len(optional))
    for g in set(range(len(golds))) - optional - set(hits):
        tally.miss("event missed", m.case.name, f"{golds[g].type[0]} {_refs(golds[g].trigger)}")
    for f in counted - set(hits.values()):
        event = m.found.events[f]
        tally.miss("event spurious", m.case.name, f"{event.type} {event.other_type} {_text(m, event.trigger)}")
    for g, f in hits.items():
        _event_fields(m, tally, golds[g], f)
    _retellings(m, tally, told, seen, same)


def _excused_events(m: Matched, told: list[Mention], seen: list[Mention], had: Words) -> set[int]:
    """Events that only stand on cues of gold claims, which the claims tell, or on a spare word of a gold trigger."""
    cues = frozenset[int]().union(*(said.cue for said in m.gold_said))
    long = frozenset[int]().union(*(words for _, words in told if len(words) > 1)) - had
    by_event: dict[int, list[bool]] = defaultdict(list)
    for i, words in seen:
        by_event[i].append(bool(words & (cues | long)))
    return {i for i, every in by_event.items() if all(every)}


def _event_fields(m: Matched, tally: Tally, gold: EventGold, f: int) -> None:
    found, what = m.found.events[f], f"{_refs(gold.trigger)}: "
    types = {value.partition("/")[0] for value in gold.type}
    tally.judge("events: type", found.type in types, m.case.name, f"{what}{found.type} for {'/'.join(sorted(types))}")
    status = f"{what}{found.status} for {'/'.join(gold.status)}"
    tally.judge("events: status", found.status in gold.status, m.case.name, status)
    if gold.when:
        days = {interval(value)[0][:10] for value in gold.when}
        day = found.when.start[:10] if found.when else "nothing"
        tally.judge("events: start day", day in days, m.case.name, f"{what}{day} for {'/'.join(gold.when)}")
    if gold.where:
        place = plain(found.where.name if found.where else "")
        right = bool(place) and any(place in plain(name) or plain(name) in place for name in gold.where)
        tally.judge("events: place", right, m.case.name, f"{what}{place or 'nothing'} for {'/'.join(gold.where)}")
    for role, wanted, ids in (("actors", gold.actors, found.actors), ("targets", gold.targets, found.targets)):
        if wanted:
            names = {m.name(i) for i in ids}
            tally.judge(f"events: {role}", names == set(wanted), m.case.name, f"{what}{sorted(names)} for {wanted}")


def _retellings(
    m: Matched,
    tally: Tally,
    told: list[Mention],
    seen: list[Mention],
    same: dict[int, int],
) -> None:
    """Pairs of mentions that are one event: gold pairs, and pairs among found mentions that gold lists."""
    gold = {pair for pair in combinations(range(len(told)), 2) if told[pair[0]][0] == told[pair[1]][0]}
    found = {pair for pair in combinations(sorted(same), 2) if seen[same[pair[0]]][0] == seen[same[pair[1]]][0]}
    tally.found("events: retelling pairs", len(gold & found), len(found), len(gold))


def _harm(m: Matched, tally: Tally) -> None:
    events, found = m.case.sheet.events, m.found.events
    _tuples(
        m,
        tally,
        "events: casualties",
        [c for e in events for c in e.casualties],
        [c for e in found for c in e.casualties if c.kind not in _DOERS],
    )
    _tuples(m, tally, "events: damage", [d for e in events for d in e.damage], [d for e in found for d in e.damage])


def _tuples(
    m: Matched,
    tally: Tally,
    name: str,
    golds: Sequence[CasualtiesGold | DamageGold],
    founds: Sequence[Casualties | Damage],
) -> None:
    """A tuple is right when its numbers and kind are and its words overlap the gold's."""

    def weight(g: int, f: int) -> float:
        shared = m.words(m.case.span(golds[g].text)) & m.words(founds[f].span)
        return float(bool(shared) and _same_numbers(golds[g], founds[f]))

    chosen = pairs(len(golds), len(founds), weight)
    tally.found(name, len(chosen), len(founds), len(golds))
    for g in set(range(len(golds))) - set(chosen):
        tally.miss(f"{name} missed", m.case.name, f"{golds[g]}")
    for f in set(range(len(founds))) - set(chosen.values()):
        tally.miss(f"{name} spurious", m.case.name, f"{_text(m, [founds[f].span])}: {founds[f]}")


def _same_numbers(gold: CasualtiesGold | DamageGold, found: Casualties | Damage) -> bool:
    if isinstance(gold, DamageGold):
        return isinstance(found, Damage) and gold.degree == found.degree
    return isinstance(found, Casualties) and (gold.min, gold.max) == (found.min, found.max) and found.kind in gold.kind


# ---------------------------------------------------------------- times, places, actors, relations


def _detected(m: Matched, golds: Sequence[Span], founds: Sequence[Span]) -> dict[int, int]:
    words = [m.words(span) for span in golds], [m.words(span) for span in founds]
    return pairs(len(golds), len(founds), lambda g, f: float(len(words[0][g] & words[1][f])))


def _times(m: Matched, tally: Tally) -> None:
    golds, founds = m.case.sheet.times, m.found.times
    chosen = _detected(m, [m.case.span(g.text) for g in golds], [t.span for t in founds])
    optional = {g for g, gold in enumerate(golds) if gold.optional}
    excused = {f for g, f in chosen.items() if g in optional} | _pieces(m, chosen)
    counted = set(range(len(founds))) - excused
    hits = {g: f for g, f in chosen.items() if g not in optional}
    right = {g for g, f in hits.items() if founds[f].value in golds[g].value}
    wanted = len(golds) - len(optional)
    tally.found("times: detection", len(hits), len(counted), wanted)
    tally.found("times: value, strict", len(right), len(counted), wanted)
    for g in set(range(len(golds))) - optional - right:
        tally.miss("time", m.case.name, f"{_refs([golds[g].text])}: {_value(founds, hits, g)} for {golds[g].value}")
    for f in counted - set(hits.values()):
        tally.miss("time spurious", m.case.name, f"{_text(m, [founds[f].span])}: {founds[f].value}")


def _pieces(m: Matched, chosen: dict[int, int]) -> set[int]:
    """What lies within an expression that another find already has: “at 14:02” and “the same day” are one in gold."""
    whole = frozenset[int]().union(*(m.words(m.case.span(m.case.sheet.times[g].text)) for g in chosen))
    found = [m.words(time.span) for time in m.found.times]
    had = frozenset[int]().union(*(found[f] for f in chosen.values()))
    return {f for f, words in enumerate(found) if words <= whole and not words & had}


def _value(founds: Sequence[Time], hits: dict[int, int], g: int) -> str:
    return f"{founds[hits[g]].value} ({founds[hits[g]].anchor})" if g in hits else "nothing"


def _places(m: Matched, tally: Tally) -> None:
    golds, founds = m.case.sheet.places, m.found.places
    chosen = _detected(m, [m.case.span(g.text) for g in golds], [p.span for p in founds])
    optional = {g for g, gold in enumerate(golds) if gold.optional}
    counted = set(range(len(founds))) - {f for g, f in chosen.items() if g in optional}
    hits = {g: f for g, f in chosen.items() if g not in optional}
    tally.found("places: detection", len(hits), len(counted), len(golds) - len(optional))
    for g in set(range(len(golds))) - optional - set(hits):
        tally.miss("place missed", m.case.name, _refs([golds[g].text]))
    for f in counted - set(hits.values()):
        tally.miss("place spurious", m.case.name, f"{_around(m, founds[f])}")
    for g, f in hits.items():
        gold, found = golds[g], founds[f]
        told = f"{_around(m, found)}: "
        tally.judge(
            "places: country", found.country in gold.country, m.case.name, f"{told}{found.country} for {gold.country}"
        )
        tally.judge("places: metonymy", found.metonym == gold.metonym, m.case.name, f"{told}{found.metonym}")


def _around(m: Matched, place: Place) -> str:
    start, end = place.span
    return f"…{m.case.document.text[max(0, start - 25) : end + 25]}…"


def _actors(m: Matched, tally: Tally) -> None:
    rows = clusters(m)
    precision, recall, found, gold = b_cubed(rows)
    tally.found("actors: B-cubed", precision, found, gold, recall)
    for gold_name in sorted({name for name, _ in rows}):
        ids = {found_id for name, found_id in rows if name == gold_name}
        if ids == {None} or len(ids) > 1:
            tally.miss("actors", m.case.name, f"{gold_name}: {sorted(i or 'not found' for i in ids)}")


def _relations(m: Matched, tally: Tally) -> None:
    golds = m.case.sheet.relations
    founds = [relation for relation in m.found.relations if relation.type not in REPEATING]
    for name, same in (("relations", _same_tie), ("relations: sign and holder too", _same_held_tie)):
        chosen = pairs(len(golds), len(founds), lambda g, f, same=same: float(same(m, golds[g], founds[f])))  # type: ignore[misc]
        tally.found(name, len(chosen), len(founds), len(golds))
    for g in set(range(len(golds))) - set(chosen):
        tally.miss("relation missed", m.case.name, f"{golds[g]}")
    for f in set(range(len(founds))) - set(chosen.values()):
        r = founds[f]
        tie = (
            f"{m.name(r.subject)} {r.type} {m.name(r.object)} {r.sign} by {m.name(r.holder)}: {_text(m, [r.evidence])}"
        )
        tally.miss("relation spurious", m.case.name, tie)


def _same_tie(m: Matched, gold: RelationGold, found: Relation) -> bool:
    ends = (m.name(found.subject), m.name(found.object))
    turned = found.type in SYMMETRIC and ends == (gold.object, gold.subject)
    return found.type in gold.type and (ends == (gold.subject, gold.object) or turned)


def _same_held_tie(m: Matched, gold: RelationGold, found: Relation) -> bool:
    return _same_tie(m, gold, found) and found.sign == gold.sign and m.name(found.holder) == gold.holder
