"""The pure parts of link: blocks, clocks, words, and what makes two claims, events or accounts the same or opposed."""

from __future__ import annotations

import random
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegedly.link.accounts import Around, Harm, Telling, accounts_of
from allegedly.link.actors import Tally, merge_actor, same_names
from allegedly.link.clock import Interval, interval
from allegedly.link.cluster import NEIGHBOURS, SMALL_BLOCK, candidate_pairs, components
from allegedly.link.conflicts import conflicts_among
from allegedly.link.events import (
    BOND,
    EventItem,
    event_follower,
    event_keys,
    event_similarity,
    merge_event,
    merged_status,
)
from allegedly.link.words import jaccard, normal_form, words

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


def test_the_normal_form_tells_copies_whatever_their_punctuation() -> None:
    assert normal_form("“Lights OUT”, he said") == normal_form("lights out he said!")


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
        "dated": True,
        "place": "Port Amber",
        "lat": None,
        "lon": None,
        "actors": frozenset(),
        "targets": frozenset({"ferry"}),
        "heads": frozenset(),
        "names": frozenset(),
        "context": frozenset(),
        "harmed": False,
        "trigger": words("struck by a mine"),
        "span": (0, len(sentence)),
    }
    return EventItem(sentence=sentence, words=words(sentence), **{**defaults, **fields})


def test_two_tellings_of_one_event_meet_in_a_block_and_are_alike() -> None:
    other = event(
        id="x2", document="d2", sentence="A mine hit the Port Amber ferry.", start="2031-05-02", end="2031-05-02"
    )
    assert set(event_keys(event())) & set(event_keys(other))
    assert event_similarity(event(), other) >= BOND


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "PROTEST"},
        {"start": "2031-05-09", "end": "2031-05-09"},
        {"status": "hypothetical"},
        {"place": "Cape Slate"},
        {"targets": frozenset({"pier"})},
    ],
)
def test_another_kind_day_place_or_target_is_another_event(fields: dict[str, Any]) -> None:
    assert event_similarity(event(), event(id="x2", document="d2", **fields)) == 0


UNDATED: dict[str, Any] = {"start": "", "end": "", "dated": False}


def test_a_telling_without_a_day_is_tied_to_the_event_of_the_week_before_it() -> None:
    told = "The ferry that a mine holed last week still lies off Port Amber."
    late = event(id="x2", document="d2", published_at="2031-05-06", sentence=told, **UNDATED)
    assert set(event_keys(event())) & set(event_keys(late))
    assert 0 < event_similarity(event(), late) < BOND
    assert event_similarity(event(), event(id="x2", document="d2", published_at="2031-05-20", **UNDATED)) == 0


def test_two_undated_copies_are_one_event() -> None:
    a, b = event(**UNDATED), event(id="x2", document="d2", **UNDATED)
    assert event_similarity(a, b) >= BOND
    assert (
        event_similarity(
            a, event(id="x2", document="d2", trigger=words("sank"), mode="", targets=frozenset(), **UNDATED)
        )
        == 0
    )


def test_what_some_call_an_attack_others_call_an_accident() -> None:
    accident = event(id="x2", document="d2", type="OTHER", other_type="accident", mode="")
    assert event_similarity(event(), accident) >= BOND


def test_harm_follows_the_deed_of_its_document_and_deeds_do_not_follow_harm() -> None:
    deed = event()
    deaths = event(id="x2", type="OTHER", other_type="death", mode="", harmed=True, targets=frozenset(), span=(90, 140))
    assert 0 < event_similarity(deed, deaths) < BOND
    assert event_follower(deed, deaths) == "x2"
    assert (deed.firm, deaths.firm) == (True, False)
    assert event_similarity(deed, event(id="x3", span=(90, 140))) == 0


def test_a_target_that_the_other_sentence_names_is_no_other_target() -> None:
    other = event(id="x2", document="d2", targets=frozenset({"harbour-board"}), names=frozenset({"ferry"}))
    assert event_similarity(event(), other) >= BOND


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
        "type": "ASSAULT",
        "other_type": "",
        "claim": f"c-{speaker}",
        "speaker": speaker,
        "speaker_name": speaker.title(),
        "document": f"d-{speaker}",
        "published_at": "2031-05-02T08:00:00+00:00",
        "denies": False,
        "of_event": True,
        "accused": (),
        "perpetrators": (),
        "status": "claimed",
        "harms": (),
        "span": (0, 10),
    }
    return Telling(**{**defaults, **fields})


def conflicts(*tellings: Telling, **options: Any) -> list[tuple[str, str]]:
    accounts = [a for t in tellings for a in accounts_of(t)]
    return [(c.facet, c.kind) for c in conflicts_among(accounts, **options)]


def counted(kind: str, count: int, at: str = "08") -> dict[str, Any]:
    return {
        "harms": (Harm("casualties", kind, "", count, count, (0, 5)),),
        "published_at": f"2031-05-02T{at}:00:00+00:00",
    }


def killed(low: int | None, high: int | None, who: str = "", at: str = "08") -> dict[str, Any]:
    harm = Harm("casualties", "killed", who, low, high, (0, 5))
    return {"harms": (harm,), "published_at": f"2031-05-02T{at}:00:00+00:00"}


def damaged(degree: int, what: str = "", **fields: Any) -> dict[str, Any]:
    return {"harms": (Harm("damage", "", what, degree, degree, (0, 5)),), **fields}


NUMBER, DEGREE, DENIAL = ("casualties", "number"), ("damage", "degree"), ("occurrence", "denial")


def test_tolls_conflict_only_where_their_bounds_part() -> None:
    assert conflicts(telling("police", **killed(3, 3)), telling("union", **killed(11, 11))) == [NUMBER]
    assert conflicts(telling("police", **killed(3, None)), telling("union", **killed(11, 11))) == []


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("sailors", "sailors", [NUMBER]),
        ("people", "sailors", [NUMBER]),
        ("sailors", "passengers", []),
    ],
)
def test_tolls_of_other_people_do_not_conflict(first: str, second: str, expected: list[Any]) -> None:
    assert conflicts(telling("police", **killed(3, 3, first)), telling("union", **killed(11, 11, second))) == expected


def test_a_higher_toll_of_another_hour_is_an_update_and_a_lower_one_is_not() -> None:
    morning, night = killed(3, 3), killed(11, 11, at="20")
    assert conflicts(telling("police", **morning), telling("union", **night)) == []
    assert conflicts(telling("police", **killed(11, 11)), telling("union", **killed(3, 3, at="20"))) == [NUMBER]


@pytest.mark.parametrize(
    ("kind", "expected"), [("killed", []), ("missing", []), ("detained", [NUMBER]), ("escaped", [NUMBER])]
)
def test_only_tolls_rise_as_the_rubble_is_searched(kind: str, expected: list[Any]) -> None:
    assert conflicts(telling("police", **counted(kind, 3)), telling("union", **counted(kind, 11, at="20"))) == expected


@pytest.mark.parametrize(
    ("none", "some", "expected"),
    [
        ("casualties", "killed", [NUMBER]),
        ("casualties", "injured", [NUMBER]),
        ("injured", "killed", []),  # said of one place or hour as a rule
        ("killed", "injured", []),
        ("injured", "detained", []),
    ],
)
def test_where_there_are_no_casualties_nobody_died(none: str, some: str, expected: list[Any]) -> None:
    assert conflicts(telling("police", **counted(none, 0)), telling("union", **counted(some, 4))) == expected


def test_tolls_that_one_document_sets_side_by_side_conflict_however_late() -> None:
    both = [telling("police", **killed(3, 3)), telling("union", **killed(11, 11, at="20"))]
    beside = telling("police", document="d-union", **killed(3, 3, at="20"))
    assert conflicts(*both, beside) == [NUMBER]


def test_a_toll_that_its_own_speaker_left_behind_is_no_conflict() -> None:
    before, after = telling("police", **killed(3, 3)), telling("police", **killed(11, 11, at="09"))
    assert conflicts(before, telling("union", **killed(3, 3)), after) == []


def test_one_conflict_stands_for_two_positions_however_many_share_them() -> None:
    few = [telling(s, **killed(3, 3, who)) for s, who in (("police", "people"), ("mayor", ""), ("author:Gull", "dead"))]
    many = [telling(s, **killed(11, 11)) for s in ("union", "author:Tern")]
    assert conflicts(*few, *many) == [NUMBER]


def test_damage_two_degrees_apart_conflicts() -> None:
    assert conflicts(telling("port", **damaged(1)), telling("union", **damaged(4))) == [DEGREE]
    assert conflicts(telling("port", **damaged(1)), telling("union", **damaged(2))) == []


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("the pier", "a pier", [DEGREE]),
        ("the pier", "the structure", [DEGREE]),
        ("the pier", "Port Amber", [DEGREE]),
        ("the pier", "two cranes", []),
    ],
)
def test_damage_to_other_things_does_not_conflict(one: str, other: str, expected: list[Any]) -> None:
    assert conflicts(telling("port", **damaged(1, one)), telling("union", **damaged(4, other))) == expected


def test_to_deny_destruction_is_a_denial_of_the_degree_not_of_the_event() -> None:
    found = conflicts(
        telling("port", **damaged(4, "the pier", denies=True)), telling("union", **damaged(4, "the pier"))
    )
    assert found == [("damage", "denial")]


def test_an_event_denied_conflicts_with_an_event_told() -> None:
    assert conflicts(telling("port"), telling("union", denies=True)) == [DENIAL]
    assert conflicts(telling("port"), telling("union", status="negated")) == [DENIAL]
    assert conflicts(telling("port"), telling("union", denies=True, of_event=False)) == []


def test_no_accident_denies_the_name_not_the_event() -> None:
    assert conflicts(telling("port"), telling("union", type="OTHER", other_type="accident", status="negated")) == []


WHO, NOT_WHO = ("perpetrator", "contradiction"), ("perpetrator", "denial")


def test_two_culprits_conflict_and_so_does_a_denial() -> None:
    assert conflicts(telling("a", accused=("x",)), telling("b", accused=("y",))) == [WHO]
    assert conflicts(telling("a", accused=("x",)), telling("x", accused=("x",), denies=True)) == [NOT_WHO]


def test_a_part_and_its_whole_are_no_rival_culprits() -> None:
    corps, army = telling("a", accused=("corps",)), telling("b", accused=("army",))
    assert conflicts(corps, army, part_of={"corps": frozenset({"army"})}) == []
    denial = telling("c", accused=("army",), denies=True)
    assert conflicts(corps, denial, part_of={"corps": frozenset({"army"})}) == [NOT_WHO]


def test_an_unnamed_culprit_rivals_nobody() -> None:
    assert conflicts(telling("a", accused=("gunmen~d1",)), telling("b", accused=("y",))) == []


def test_of_a_meeting_each_may_name_another_host() -> None:
    one, other = ({"type": "CONSULT", "perpetrators": (host,)} for host in ("x", "y"))
    assert conflicts(telling("a", **one), telling("b", **other)) == []


def test_nobody_conflicts_with_themselves() -> None:
    twice = telling("police", **killed(3, 3)), telling("police", **killed(11, 11))
    assert conflicts(*twice) == []
    quoted = telling("author:Port Police", **killed(3, 3)), telling("port-police", **killed(11, 11))
    assert conflicts(*quoted) == []


def around(facet: Any, value: str, negated: bool = False) -> dict[str, Any]:
    return {"around": (Around(facet, value, negated, (0, 5)),), "of_event": False}


@pytest.mark.parametrize(
    ("facet", "one", "other", "kind"),
    [
        ("evidence", ("exists", False), ("none", False), "tension"),
        ("evidence", ("exists", False), ("exists", False), None),
        ("launch origin", ("Arda", False), ("Arda", True), "denial"),
        ("launch origin", ("Arda", False), ("Benna", False), "contradiction"),
        ("launch origin", ("Arda", False), ("the hills of Arda", False), None),
        ("motive", ("in retaliation for the raid", False), ("in retaliation for the raid", True), "denial"),
        ("motive", ("robbery", False), ("revenge", False), None),
        ("responsibility", ("north", False), ("south", False), "contradiction"),
        ("responsibility", ("north", False), ("north", True), "denial"),
    ],
)
def test_what_lies_around_an_event_conflicts_where_it_cannot_hold(
    facet: str, one: tuple[str, bool], other: tuple[str, bool], kind: str | None
) -> None:
    found = conflicts(telling("a", **around(facet, *one)), telling("b", **around(facet, *other)))
    assert found == ([(facet, kind)] if kind else [])


def test_who_owns_a_deed_rivals_who_is_named_for_it() -> None:
    owned = telling("north", **around("responsibility", "north"))
    assert conflicts(telling("a", accused=("south",)), owned) == [WHO]
    assert conflicts(telling("a", accused=("north",)), owned) == []


def test_one_who_names_somebody_else_later_changed_the_story() -> None:
    early = telling("police", accused=("x",), published_at="2031-05-02T08:00:00+00:00")
    late = telling("police", accused=("y",), published_at="2031-05-04T08:00:00+00:00", document="d2")
    assert conflicts(early, late) == [("perpetrator", "shift")]
    assert conflicts(early, telling("police", accused=("y",), document="d2")) == []


def test_the_reason_names_both_speakers() -> None:
    accounts = [
        a for t in (telling("police", **killed(3, 3)), telling("union", **killed(11, 11))) for a in accounts_of(t)
    ]
    (reason,) = [c.reason for c in conflicts_among(accounts)]
    assert "Police" in reason
    assert "Union" in reason
