"""The pure parts of link: blocks, clocks, words, and what makes two claims, events or accounts the same or opposed."""

from __future__ import annotations

import random
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegedly.link.accounts import Telling, accounts_of, conflicts_among
from allegedly.link.actors import Tally, merge_actor, same_names
from allegedly.link.clock import Interval, interval
from allegedly.link.cluster import NEIGHBOURS, SMALL_BLOCK, candidate_pairs, components
from allegedly.link.events import EventItem, event_keys, event_similarity, merge_event, merged_status
from allegedly.link.narratives import ClaimItem, claim_keys, claim_similarity, narrate
from allegedly.link.words import jaccard, normal_form, numbers, signature_bands, words

# ---------------------------------------------------------------- cluster


def test_a_small_block_is_compared_whole() -> None:
    block = [f"i{n:02}" for n in range(SMALL_BLOCK)]
    assert set(candidate_pairs(block)) == set(combinations(block, 2))


def test_a_large_block_costs_in_proportion_to_its_size() -> None:
    block = [f"i{n:05}" for n in range(5_000)]
    assert sum(1 for _ in candidate_pairs(block)) <= len(block) * NEIGHBOURS


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=60), st.randoms(use_true_random=False))
def test_components_do_not_depend_on_the_order_of_edges(edges: list[tuple[int, int]], shuffler: random.Random) -> None:
    items = [f"{n:02}" for n in range(31)]
    named = [(items[a], items[b]) for a, b in edges]
    expected = components(items, named)
    shuffler.shuffle(named)
    shuffler.shuffle(items)
    assert components(items, named) == expected
    assert sorted(i for group in expected.values() for i in group) == sorted(items)


# ---------------------------------------------------------------- clock


@pytest.mark.parametrize(
    ("stamp", "grain", "seconds"),
    [
        ("2031-05-01T10:00:00+00:00", "second", 1),
        ("2031-05-01T10:00:00+03:00", "minute", 60),
        ("2031-05-01", "day", 86_400 + 26 * 3600),
        ("2031-05", "month", 31 * 86_400 + 26 * 3600),
        ("2031", "year", 365 * 86_400 + 26 * 3600),
    ],
)
def test_an_interval_is_as_wide_as_its_clock_is_coarse(stamp: str, grain: str, seconds: int) -> None:
    found = interval(stamp, grain)
    assert found is not None
    assert found.end - found.start + 1 == seconds


def test_a_time_without_zone_does_not_settle_who_was_first() -> None:
    naive, zoned = interval("2031-05-01T10:00:00", "second"), interval("2031-05-01T18:00:00+00:00", "second")
    assert naive is not None
    assert zoned is not None
    assert not naive.before(zoned)
    assert Interval(0, 5).before(Interval(6, 9))


@pytest.mark.parametrize("stamp", ["", "soon", "2031-13", "99999", "0000"])
def test_an_unusable_time_is_no_time(stamp: str) -> None:
    assert interval(stamp, "unknown") is None


# ---------------------------------------------------------------- words


def test_words_drop_what_says_nothing_and_keep_numbers() -> None:
    assert words("The officials said that 12 workers had been killed") == {"offici", "12", "worker", "killed"}


def test_scripts_without_spaces_are_compared_by_pairs_of_characters() -> None:
    assert jaccard(words("矿井爆炸造成十二人死亡"), words("矿井爆炸造成十五人死亡")) > 0.5


def test_like_texts_share_a_band_and_unlike_ones_seldom_do() -> None:
    a = words("A turbine hall of the northern power station collapsed after a night of heavy shelling")
    b = words("After a night of heavy shelling a turbine hall of the northern power station has collapsed")
    c = words("The finance minister promised lower taxes for families with small children next spring")
    assert set(signature_bands(a)) & set(signature_bands(b))
    assert not set(signature_bands(a)) & set(signature_bands(c))


def test_the_normal_form_tells_copies_whatever_their_punctuation() -> None:
    assert normal_form("“Lights OUT”, he said") == normal_form("lights out he said!")


# ---------------------------------------------------------------- narratives


def claim(text: str, **fields: Any) -> ClaimItem:
    id = fields.pop("id", f"c{abs(hash((text, str(fields)))):016x}"[:17])
    defaults: dict[str, Any] = {
        "document": f"d-{id}",
        "source": "Coast Courier",
        "language": "en",
        "published_at": "2031-05-01T10:00:00+00:00",
        "published_grain": "second",
        "forwarded": False,
        "polarity": "affirmed",
        "act": "asserts",
        "accused": frozenset(),
    }
    return ClaimItem(id=id, text=text, words=words(text), numbers=numbers(words(text)), **{**defaults, **fields})


SABOTAGE = "divers from the island republic cut the undersea cable near the lighthouse"


def test_a_claim_and_its_rewording_are_alike() -> None:
    reworded = "the undersea cable near the lighthouse was cut by divers from the island republic"
    assert claim_similarity(claim(SABOTAGE), claim(reworded)) >= 0.5


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (SABOTAGE, {"polarity": "negated"}),
        (SABOTAGE, {"act": "denies"}),
        (SABOTAGE, {"language": "fr"}),
        ("the harbour will stay closed to tankers until the end of the month", {}),
    ],
)
def test_a_denial_another_language_and_another_claim_are_kept_apart(text: str, fields: dict[str, Any]) -> None:
    assert claim_similarity(claim(SABOTAGE), claim(text, **fields)) == 0


def test_other_numbers_make_another_claim() -> None:
    few, many = "the blast at the depot killed 3 dock workers", "the blast at the depot killed 30 dock workers"
    assert claim_similarity(claim(few), claim(many)) == 0


def test_other_accused_make_another_claim() -> None:
    a = claim(SABOTAGE, accused=frozenset({"island-republic"}))
    b = claim(SABOTAGE, accused=frozenset({"fishing-union"}))
    assert claim_similarity(a, b) == 0


def test_a_claim_of_few_words_is_compared_with_nothing() -> None:
    assert claim_keys(claim("it was them")) == []


def test_a_narrative_names_the_first_and_its_echoes() -> None:
    first = claim(SABOTAGE, id="c1", source="Lantern")
    copy = claim(SABOTAGE, id="c2", source="Gull", published_at="2031-05-01T10:05:00+00:00")
    forward = claim(SABOTAGE, id="c3", source="Tern", published_at="2031-05-01T11:00:00+00:00", forwarded=True)
    found = narrate([forward, copy, first], {("c1", "c2"): 1.0, ("c1", "c3"): 1.0})
    assert found is not None
    narrative, echoes = found
    assert (narrative.first_claim, narrative.first_certain, narrative.sources) == ("c1", True, 3)
    assert [(e.claim, e.kind, e.lag_seconds) for e in echoes] == [
        ("c1", "first", 0),
        ("c2", "copy", 300),
        ("c3", "forward", 3600),
    ]


def test_a_day_only_date_leaves_the_order_unknown() -> None:
    dated = claim(SABOTAGE, id="c1", published_at="2031-05-01", published_grain="day")
    timed = claim(SABOTAGE, id="c2", published_at="2031-05-01T10:05:00+00:00")
    found = narrate([dated, timed], {("c1", "c2"): 1.0})
    assert found is not None
    narrative, echoes = found
    assert not narrative.first_certain
    assert [e.lag_seconds for e in echoes if e.kind != "first"] == [None]


def test_one_document_alone_makes_no_narrative() -> None:
    assert narrate([claim(SABOTAGE, document="d"), claim(SABOTAGE, document="d", act="reports")], {}) is None


# ---------------------------------------------------------------- events


def event(**fields: Any) -> EventItem:
    sentence = fields.pop("sentence", "A ferry was struck by a mine off Port Amber.")
    defaults: dict[str, Any] = {
        "id": "x1",
        "document": "d1",
        "source": "Coast Courier",
        "published_at": "2031-05-02",
        "type": "ASSAULT",
        "other_type": "",
        "mode": "explosives",
        "status": "fact",
        "start": "2031-05-01",
        "end": "2031-05-01",
        "place": "Port Amber",
        "lat": None,
        "lon": None,
        "actors": frozenset(),
        "targets": frozenset({"ferry"}),
    }
    return EventItem(sentence=sentence, span=(0, len(sentence)), words=words(sentence), **{**defaults, **fields})


def test_two_tellings_of_one_event_meet_in_a_block_and_are_alike() -> None:
    other = event(
        id="x2", document="d2", sentence="A mine hit the Port Amber ferry.", start="2031-05-02", end="2031-05-02"
    )
    assert set(event_keys(event())) & set(event_keys(other))
    assert event_similarity(event(), other) > 0


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "PROTEST"},
        {"start": "2031-05-09", "end": "2031-05-09"},
        {"start": "", "end": ""},
        {"place": "Cape Slate"},
        {"targets": frozenset({"pier"})},
    ],
)
def test_another_kind_day_place_or_target_is_another_event(fields: dict[str, Any]) -> None:
    assert event_similarity(event(), event(id="x2", document="d2", **fields)) == 0


def test_a_merged_event_is_contested_when_some_deny_it() -> None:
    merged = merge_event([event(), event(id="x2", document="d2", status="negated", source="Gull")])
    assert (merged.status, merged.members, merged.sources) == ("contested", 2, 2)
    assert merged_status(["proposed", "hypothetical"]) == "proposed"


# ---------------------------------------------------------------- actors


def test_an_acronym_joins_the_long_form_that_introduced_it() -> None:
    leaders = same_names(["harbour-defence-league", "hdl", "coast-guard"], {"hdl": {"harbour-defence-league"}})
    assert leaders["hdl"] == leaders["harbour-defence-league"]
    assert leaders["coast-guard"] == "coast-guard"


def test_an_acronym_of_two_long_forms_joins_neither() -> None:
    slugs = ["harbour-defence-league", "hdl", "hill-dwellers-lobby"]
    leaders = same_names(slugs, {"hdl": {"harbour-defence-league", "hill-dwellers-lobby"}})
    assert leaders == {s: s for s in slugs}


def test_an_actor_goes_by_its_most_frequent_name_and_kind() -> None:
    tallies = [Tally("HDL", "organisation", 3, 9), Tally("Harbour Defence League", "armed-group", 4, 4)]
    merged = merge_actor("hdl", tallies, ["the League"], 5)
    assert (merged.name, merged.kind, merged.mentions) == ("HDL", "armed-group", 13)
    assert merged.names == ("HDL", "Harbour Defence League", "the League")


# ---------------------------------------------------------------- accounts


def telling(speaker: str, **fields: Any) -> Telling:
    defaults: dict[str, Any] = {
        "event": "e1",
        "claim": f"c-{speaker}",
        "speaker": speaker,
        "speaker_name": speaker.title(),
        "document": "d1",
        "published_at": "2031-05-02",
        "denies": False,
        "accused": (),
        "perpetrators": (),
        "status": "claimed",
        "casualties": (),
        "damage": (),
        "span": (0, 10),
    }
    return Telling(**{**defaults, **fields})


def kinds(*tellings: Telling) -> set[tuple[str, str]]:
    accounts = [a for t in tellings for a in accounts_of(t)]
    return {(c.facet, c.kind) for c in conflicts_among(accounts)}


def killed(low: int | None, high: int | None) -> dict[str, Any]:
    return {"casualties": (("killed", "", low, high, (0, 5)),)}


def test_tolls_conflict_only_where_their_bounds_part() -> None:
    assert kinds(telling("police", **killed(3, 3)), telling("union", **killed(11, 11))) == {("casualties", "number")}
    assert kinds(telling("police", **killed(3, None)), telling("union", **killed(11, 11))) == set()


def test_damage_two_degrees_apart_conflicts() -> None:
    slight, complete = {"damage": ((1, "", (0, 5)),)}, {"damage": ((4, "", (0, 5)),)}
    assert kinds(telling("port", **slight), telling("union", **complete)) == {("damage", "degree")}
    assert kinds(telling("port", **slight), telling("union", damage=((2, "", (0, 5)),))) == set()


def test_two_culprits_conflict_and_so_does_a_denial() -> None:
    assert ("perpetrator", "perpetrator") in kinds(telling("a", accused=("x",)), telling("b", accused=("y",)))
    assert ("perpetrator", "denial") in kinds(telling("a", accused=("x",)), telling("x", accused=("x",), denies=True))


def test_nobody_conflicts_with_themselves() -> None:
    assert kinds(telling("police", **killed(3, 3)), telling("police", **killed(11, 11))) == set()


def test_the_reason_names_both_speakers() -> None:
    accounts = [
        a for t in (telling("police", **killed(3, 3)), telling("union", **killed(11, 11))) for a in accounts_of(t)
    ]
    (reason,) = [c.reason for c in conflicts_among(accounts)]
    assert "Police" in reason
    assert "Union" in reason
