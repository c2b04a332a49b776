"""One actor across names, acronyms, titles, demonyms and capitals; described actors without a name."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allegedly.annotate.actors.find import Cast, find_actors, slug
from allegedly.annotate.parse import Parsed, parse
from allegedly.records import Actor, Origin, Place, make_document


def parsed(text: str, source: str = "t") -> Parsed:
    (found,) = parse([make_document(origin=Origin(path="t"), source=source, text=text, language="en")])
    return found


def cast_of(text: str, places: tuple[Place, ...] = (), source: str = "t") -> Cast:
    return find_actors(parsed(text, source), places)


def named(text: str, cast: Cast, name: str) -> Actor:
    """Return the one actor that the text mentions as `name`."""
    found = {a.id: a for a in cast.actors if name in [text[s:e] for s, e in a.mentions]}
    assert len(found) == 1, (name, [(a.id, [text[s:e] for s, e in a.mentions]) for a in cast.actors])
    return next(iter(found.values()))


def test_an_acronym_introduced_in_the_text_is_the_same_actor_later() -> None:
    text = "The Northern Frontier Corps (NFC) seized the town. Two days later the NFC withdrew."
    cast = cast_of(text)
    assert named(text, cast, "NFC").id == "northern-frontier-corps"
    assert cast["northern-frontier-corps"].kind == "military"
    assert "NFC" in cast["northern-frontier-corps"].aliases


def test_a_surname_and_a_definite_office_take_up_the_full_name() -> None:
    text = 'Foreign Minister Ada Bell refused. "No," Bell told reporters. The foreign minister then left.'
    cast = cast_of(text)
    assert named(text, cast, "Bell").id == "ada-bell"
    assert named(text, cast, "The foreign minister").id == "ada-bell"
    assert cast["ada-bell"].kind == "person"


@pytest.mark.parametrize(
    ("text", "mention"),
    [
        ("Ankara said the talks had failed.", "Ankara"),
        ("The Turkish government condemned the raid.", "The Turkish government"),
        ("Turkey's leaders met.", "Turkey"),
    ],
)
def test_capitals_and_governments_stand_for_the_state(text: str, mention: str) -> None:
    actor = named(text, cast_of(text), mention)
    assert (actor.id, actor.country) == ("turkey", "TR")
    assert actor.kind in {"state", "government"}


def test_a_capital_where_things_happen_is_no_actor() -> None:
    text = "A fire broke out in Ankara on Monday."
    assert "turkey" not in cast_of(text)


def test_a_place_marked_as_metonym_acts_and_one_not_so_marked_does_not() -> None:
    text = "Lima refused the offer."
    place = Place(span=(0, 4), name="Lima", country="PE", metonym=True)
    assert "peru" in cast_of(text, (place,))
    plain = Place(span=(0, 4), name="Lima", country="PE", metonym=False)
    assert "peru" not in cast_of(text, (plain,))


@pytest.mark.parametrize(
    ("text", "mention", "kind"),
    [
        ("The analytical journal Meridian wrote about the dam.", "Meridian", "outlet"),
        ("The Telegram channel Kite Watch posted a video.", "Kite Watch", "channel"),
        ("The militant group Red Harbour claimed the blast.", "Red Harbour", "armed-group"),
        ("Mossfield Ministry officials spoke to the National Dairy Bank.", "National Dairy Bank", "company"),
        ("The spokesman for the Harbour Workers' Party resigned.", "Harbour Workers' Party", "party"),
        ("The Supreme Court of Ruthven ruled on Friday.", "Supreme Court of Ruthven", "judiciary"),
    ],
)
def test_a_noun_beside_or_inside_the_name_says_its_kind(text: str, mention: str, kind: str) -> None:
    assert named(text, cast_of(text), mention).kind == kind


def test_part_of_comes_from_the_text() -> None:
    text = (
        "The Coastal Defence Corps (CDC) denied it. The CDC's Falcon Brigade moved north. "
        "A Telegram channel belonging to the CDC posted maps."
    )
    cast = cast_of(text)
    assert named(text, cast, "Falcon Brigade").part_of == "coastal-defence-corps"
    assert named(text, cast, "A Telegram channel").part_of == "coastal-defence-corps"


def test_described_actors_live_in_their_document_only() -> None:
    text = "A gunman killed a security guard. Police later caught the suspect."
    cast = cast_of(text)
    gunman = named(text, cast, "A gunman")
    assert gunman.id.startswith("gunman~d")
    assert gunman.kind == "unnamed"
    assert named(text, cast, "the suspect").id == gunman.id
    assert named(text, cast, "Police").kind == "police"


def test_the_institutions_of_a_state_are_standing_actors() -> None:
    text = "Turkish police arrested two men. Norway's navy watched. Iranian media reported it."
    cast = cast_of(text)
    police = named(text, cast, "Turkish police")
    assert (police.id, police.kind, police.country, police.part_of) == ("turkish-police", "police", "TR", "turkey")
    assert "norwegian-navy" in cast
    assert cast["iranian-media"].kind == "outlet"


def test_a_people_is_not_its_state() -> None:
    text = "The Palestinians rejected the plan, and Russia agreed."
    cast = cast_of(text)
    assert named(text, cast, "Palestinians").kind == "people"
    assert named(text, cast, "Russia").kind == "state"


def test_a_named_exercise_and_codes_are_no_actors() -> None:
    cast = cast_of("Exercise Steel Gate 24 began. The UAV and the GPS failed. The FAQ was long.")
    assert {"steel-gate", "uav", "gps", "faq"}.isdisjoint(actor.id for actor in cast.actors)


def test_a_name_after_in_is_a_place() -> None:
    text = "The army left the town of Kaltby and camped in Orvalstead."
    assert {"kaltby", "orvalstead"}.isdisjoint(actor.id for actor in cast_of(text).actors)


def test_whoever_has_an_ambassador_is_a_state() -> None:
    text = "Norland's ambassador left. Norland denied it."
    assert named(text, cast_of(text), "Norland").kind == "state"


@pytest.mark.parametrize(
    ("text", "mention", "actor"),
    [
        ("Norland's Foreign Ministry called it a hasty step.", "Foreign Ministry", "norland-foreign-ministry"),
        (
            "The Foreign Ministry of Norland called it a hasty step.",
            "Foreign Ministry of Norland",
            "norland-foreign-ministry",
        ),
        ("Peru's Ministry of the Interior denied it.", "Ministry of the Interior", "peruvian-interior-ministry"),
        ("Norland denied it. Its Foreign Ministry protested.", "Foreign Ministry", "norland-foreign-ministry"),
    ],
)
def test_an_organ_bears_the_name_of_its_state(text: str, mention: str, actor: str) -> None:
    assert named(text, cast_of(text), mention).id == actor


def test_two_ministries_of_two_states_are_two_actors() -> None:
    text = "Norland's Foreign Ministry protested. Peru's Foreign Ministry did not."
    assert {"norland-foreign-ministry", "peruvian-foreign-ministry"} <= {a.id for a in cast_of(text).actors}


def test_whoever_has_a_ministry_is_a_state() -> None:
    text = "The Foreign Ministry of Norland protested. Norland will not wait."
    assert named(text, cast_of(text), "Norland").kind == "state"


@pytest.mark.parametrize(
    ("text", "short", "actor"),
    [
        ("The Bakers' Guild met. The guild was angry.", "The guild", "bakers-guild"),
        (
            "The Ministry of Public Works replied. A man from the ministry came.",
            "the ministry",
            "ministry-of-public-works",
        ),
        ("Halvor Shipping sank two boats. The company was fined.", "The company", "halvor-shipping"),
    ],
)
def test_a_bare_noun_takes_up_the_longer_name_it_heads(text: str, short: str, actor: str) -> None:
    assert named(text, cast_of(text), short).id == actor


@pytest.mark.parametrize("several", ["The companies were", "The media was"])
def test_a_noun_for_several_takes_up_none(several: str) -> None:
    text = f"Halvor Shipping sank two boats, the newspaper Kelda said. {several} blamed."
    assert named(text, cast_of(text), " ".join(several.split()[:2])).id not in {"halvor-shipping", "kelda"}


def test_what_shortens_the_publisher_means_the_publisher() -> None:
    text = "The ministry informs the public. The Ministry of the Interior adds nothing."
    cast = cast_of(text, source="Ministry of the Interior of Norland")
    assert [actor.id for actor in cast.actors if actor.kind == "government"] == ["norland-interior-ministry"]
    assert "norland-interior-ministry" not in cast_of("It rained.", source="Ministry of the Interior of Norland")


def test_the_place_of_a_dateline_is_no_actor_and_its_agency_is() -> None:
    text = "ASKERN, May 3 (HPA) — The Harbour Press Agency (HPA) said Askern was closed."
    cast = cast_of(text)
    assert not [actor for actor in cast.actors if (0, 6) in actor.mentions]
    assert named(text, cast, "HPA").id == "harbour-press-agency"


def test_a_capital_that_blame_is_moved_onto_is_its_state() -> None:
    text = "They tried to shift the guilt onto Lima."
    assert named(text, cast_of(text), "Lima").id == "peru"


def test_a_name_after_the_mayor_of_a_town_is_the_mayor() -> None:
    text = "The mayor of Askern, Marta Holm, told the crowd to leave."
    assert named(text, cast_of(text), "Marta Holm").id == named(text, cast_of(text), "The mayor").id == "marta-holm"


def test_a_bridge_is_no_actor() -> None:
    assert not [actor for actor in cast_of("They closed the Osier Bridge.").actors if "bridge" in actor.id]


def test_cast_finds_actors_by_span_and_by_offset() -> None:
    cast = Cast(
        [
            Actor(id="a", name="A", kind="person", mentions=((0, 20),)),
            Actor(id="b", name="B", kind="person", mentions=((4, 6), (30, 33))),
        ]
    )
    assert cast.mentioned((0, 20)) == [((0, 20), "a"), ((4, 6), "b")]
    assert [cast.at(offset) for offset in (0, 5, 6, 20, 31)] == ["a", "b", "a", None, "b"]
    assert "a" in cast and "c" not in cast


def test_adding_to_a_cast_joins_what_is_known_and_leaves_the_old_one_alone() -> None:
    old = Cast([Actor(id="a", name="A", kind="person", mentions=((0, 1),))])
    new = old.add(
        [
            Actor(id="a", name="Ay", kind="person", mentions=((5, 7),)),
            Actor(id="b", name="B", kind="person", mentions=((9, 10),)),
        ]
    )
    assert new["a"].mentions == ((0, 1), (5, 7)) and new["a"].aliases == ("Ay",)
    assert [actor.id for actor in new.actors] == ["a", "b"]
    assert [actor.id for actor in old.actors] == ["a"]


def test_slug_keeps_every_script() -> None:
    assert slug("The Harbour-Post!") == "the-harbour-post"
    assert slug("Заболье 7") == "заболье-7"
    assert slug("…") == "unnamed"


_PIECES = [
    "The ",
    "Army (SLC) ",
    "Minister ",
    "U.S. ",
    "’s ",
    "(",
    ")",
    "\n",
    "Telegram channel ",
    "🌊",
    "İ",
    "a gunman ",
    "of ",
    "12 ",
    "\u202e",
    "Ankara ",
]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(_PIECES), max_size=12).map("".join) | st.text(max_size=60))
def test_any_text_gives_actors_whose_mentions_lie_inside_it(text: str) -> None:
    found = parsed(text)
    cast = find_actors(found, ())
    ids = [actor.id for actor in cast.actors]
    assert len(ids) == len(set(ids))
    for actor in cast.actors:
        assert actor.part_of is None or actor.part_of in cast
        assert all(0 <= s < e <= len(found.document.text) for s, e in actor.mentions)
