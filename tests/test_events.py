"""Events: type, mode, status, arguments, setting, harm, retellings and parts."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allegedly.annotate import annotate_parsed
from allegedly.annotate.events.counts import number
from allegedly.annotate.parse import parse
from allegedly.annotate.plover import lexicon
from allegedly.records import Annotation, Event, Origin, make_document


def told(text: str, published: str = "2031-05-20") -> Annotation:
    document = make_document(origin=Origin(path="t"), source="t", text=text, language="en", published_at=published)
    (parsed,) = parse([document])
    return annotate_parsed(parsed)


def events(text: str) -> tuple[Event, ...]:
    return told(text).events


def at(text: str, word: str) -> Event:
    """Return the event that one of the words `word` is a trigger of."""
    found = [e for e in events(text) if word in [text[s:x] for s, x in e.trigger]]
    assert found, (word, [(e.type, [text[s:x] for s, x in e.trigger]) for e in events(text)])
    return found[0]


@pytest.mark.parametrize(
    ("text", "word", "kind", "mode"),
    [
        ("Rebels shelled the port of Harrow.", "shelled", "ASSAULT", "heavy-weapons"),
        ("A man with a knife attacked two nurses.", "attacked", "ASSAULT", "primitive"),
        ("Police arrested the mayor.", "arrested", "COERCE", "arrest"),
        ("The minister resigned on Friday.", "resigned", "RETREAT", "resign"),
        ("France imposed sanctions on Belarus.", "imposed", "SANCTION", "discontinue"),
        ("Teachers staged a hunger strike.", "strike", "PROTEST", "strike-hun"),
        ("Peru and Chile signed a treaty.", "signed", "SUPPORT", ""),
        ("The two leaders held talks in Oslo.", "talks", "CONSULT", ""),
        ("Norway donated tents to the refugees.", "donated", "AID", ""),
        ("Sweden accused Norway of spying.", "accused", "ACCUSE", "allege"),
        ("Denmark refused to take part.", "refused", "REJECT", ""),
        ("The army deployed tanks along the river.", "deployed", "MOBILIZE", "troops"),
        ("Egypt demanded an apology.", "demanded", "REQUEST", ""),
        ("Spain promised to help.", "promised", "AGREE", ""),
        ("The junta lifted the curfew.", "lifted", "CONCEDE", ""),
        ("Italy shared intelligence with Malta.", "shared", "COOPERATE", ""),
        ("The rebels threatened to attack Lima.", "threatened", "THREATEN", "violence"),
    ],
)
def test_every_plover_type_has_its_words(text: str, word: str, kind: str, mode: str) -> None:
    event = at(text, word)
    assert (event.type, event.mode) == (kind, mode)


@pytest.mark.parametrize(
    ("text", "word", "other"),
    [
        ("An earthquake shook the coast.", "earthquake", "natural disaster"),
        ("A ferry capsized off the island.", "capsized", "accident"),
        ("The election was peaceful.", "election", "election"),
        ("Oil polluted the bay.", "polluted", "pollution"),
    ],
)
def test_what_plover_leaves_out_is_other_with_a_plain_name(text: str, word: str, other: str) -> None:
    event = at(text, word)
    assert (event.type, event.other_type) == ("OTHER", other)


@pytest.mark.parametrize(
    "text",
    [
        "He suffered a heart attack at home.",
        "The film was shot in Prague.",
        "The joke killed the mood.",
        "They met the deadline.",
        "The choir will march in March.",
        "The attack helicopter was old.",
    ],
)
def test_figures_of_speech_are_no_violence(text: str) -> None:
    assert not [e for e in events(text) if e.type == "ASSAULT" and e.status == "fact"]


def test_a_peaceful_deed_of_nobody_is_no_event() -> None:
    assert not events("I want to praise you all, and we will meet again.")


@pytest.mark.parametrize(
    "text",
    [
        "Senator Ada Bell attacked Peter Holm as too soft on banks.",
        "Her attacks on his tax plan were sexist attacks, said Peter Holm.",
        "Ada Bell held a rally in the sports hall.",
        "The evidence supports the theory.",
        "Peter Holm locked up the nomination.",
        "Voters have backed the plan.",
        "They talked about trade deals.",
        "Candidates who run in elections need money.",
    ],
)
def test_the_talk_of_campaigns_is_no_deed(text: str) -> None:
    coded = {"ASSAULT", "PROTEST", "SUPPORT", "COERCE", "AGREE", "OTHER"}
    assert not [e for e in events(text) if e.type in coded]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Ada Bell endorsed Peter Holm.", "endorsed"),
        ("France backed the resolution.", "backed"),
        ("Supporters of the union held a rally in Lima.", "rally"),
        ("An attack on the bridge was feared.", "attack"),
        ("The presidential election was held in May.", "election"),
    ],
)
def test_a_named_actor_or_a_power_is_coded(text: str, word: str) -> None:
    assert at(text, word)


def test_striking_a_deal_agrees_and_hits_nobody() -> None:
    assert [e.type for e in events("The president struck a deal with the unions.")] == ["AGREE"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The strike on the trawler killed two sailors.", "ASSAULT"),
        ("A strike on a town in Peru was reported.", "ASSAULT"),
        ("Dockers began a strike on Monday.", "PROTEST"),
        ("Teachers held a strike on pay.", "PROTEST"),
        ("Cooks are on strike on the ferry.", "PROTEST"),
    ],
)
def test_a_strike_on_a_thing_is_a_blow_and_no_walkout(text: str, kind: str) -> None:
    assert at(text, "strike").type == kind


@pytest.mark.parametrize(
    ("text", "word", "doer"),
    [
        ("Norway accused Denmark of attacking the port.", "attacking", "denmark"),
        ("Peru blamed Chile for bombing the trawler.", "bombing", "chile"),
        ("Sweden suspects Norway of having blown up the cable.", "blown", "norway"),
        ("Chile was accused by Peru of shelling the village.", "shelling", "chile"),
        ("Chile, which Peru accused of bombing the depot, said nothing.", "bombing", "chile"),
    ],
)
def test_the_accused_is_the_doer_and_the_deed_is_claimed(text: str, word: str, doer: str) -> None:
    event = at(text, word)
    assert (event.actors, event.status) == ((doer,), "claimed")


@pytest.mark.parametrize(
    "text",
    [
        "Lima, Peru: An explosion killed two men.",
        "LIMA, Peru - A fire broke out at the market.",
        "Oslo, Norway – An attack shook the harbour.",
    ],
)
def test_the_place_of_a_dateline_does_nothing(text: str) -> None:
    assert all(event.actors == () for event in events(text))
    assert events(text)


def test_a_dateline_leaves_the_doer_his_deed() -> None:
    assert at("Lima, Peru: Norway bombed the bridge.", "bombed").actors == ("norway",)


# ------------------------------------------------------------ status


@pytest.mark.parametrize(
    ("text", "word", "status"),
    [
        ("Troops attacked the village.", "attacked", "fact"),
        ("Troops did not attack the village.", "attack", "negated"),
        ("Police prevented an attack on the bridge.", "attack", "negated"),
        ("If troops attack the village, people will flee.", "attack", "hypothetical"),
        ("The rebels threatened to attack the village.", "attack", "hypothetical"),
        ("The army could attack the village.", "attack", "hypothetical"),
        ("Residents fear an attack on the bridge.", "attack", "hypothetical"),
        ("The party urged the army to attack the village.", "attack", "proposed"),
        ("Officers planned an attack on the bridge.", "attack", "proposed"),
        ("The state must annex the valley.", "annex", "proposed"),
        ("They are pushing Norland toward the occupation of the island.", "occupation", "proposed"),
        ("He called for an inquiry into the shooting of two boys.", "shooting", "fact"),
        ("Norway would have attacked the port.", "attacked", "hypothetical"),
        ("Did your fleet attack the ship?", "attack", "hypothetical"),
        ("Why did Norway bomb the bridge?", "bomb", "hypothetical"),
        ("Residents asked: “Did rebels attack the town?”", "attack", "hypothetical"),
        ("There is suspicion of sabotage.", "sabotage", "hypothetical"),
        ("This looks like sabotage.", "sabotage", "hypothetical"),
        ("It looks like a strike on the depot, unconfirmed.", "strike", "hypothetical"),
        ("An unconfirmed attack on the depot was reported.", "attack", "claimed"),
        ("After the attack on the port, he asked: “Why?”", "attack", "fact"),
    ],
)
def test_status_as_the_sentence_tells_it(text: str, word: str, status: str) -> None:
    found = at(text, word).status
    assert found == status or (status == "fact" and found == "claimed")


def test_an_event_in_a_claim_is_claimed() -> None:
    assert at("The ministry said that rebels shelled the port.", "shelled").status == "claimed"


def test_what_one_tells_and_another_denies_is_contested() -> None:
    text = "Rebels bombed the bridge at Velin, the army said. The rebels said they did not bomb the bridge at Velin."
    assert at(text, "bombed").status == "contested"


def test_denying_the_deed_does_not_make_the_event_contested() -> None:
    text = "Two bombs exploded in Kabul on Monday. The Taliban denied carrying out the attack."
    event = at(text, "exploded")
    assert event.status == "fact"
    assert event.actors == ()


@pytest.mark.parametrize(
    ("text", "word", "status"),
    [
        ("The army denied that its troops shelled the school.", "shelled", "negated"),
        ("The firm dismissed suggestions that rebels had bombed the dam.", "bombed", "contested"),
        ("The governor said it was false that rebels bombed the dam.", "bombed", "negated"),
        ("The ministry denied involvement in the attack on the mill.", "attack", "claimed"),
        ("The government decided to freeze the assets of the bank.", "freeze", "fact"),
        ("The army plans to attack the port.", "attack", "proposed"),
    ],
)
def test_what_is_denied_doubted_or_decided(text: str, word: str, status: str) -> None:
    assert at(text, word).status == status


def test_a_toll_of_nought_contests_nothing() -> None:
    text = "There were no deaths in the attack on the mill, but more than 40 people were injured."
    assert at(text, "attack").status == "fact"


# ------------------------------------------------------------ who, to whom, with what


def test_active_and_passive_give_the_same_roles() -> None:
    for text in ("Turkish police attacked the Navy Club.", "The Navy Club was attacked by Turkish police."):
        event = at(text, "attacked")
        assert (event.actors, event.targets) == (("turkish-police",), ("navy-club",))


def test_nominal_events_have_roles_too() -> None:
    event = at("The attack on Mali by Togo shocked the region.", "attack")
    assert (event.actors, event.targets) == (("togo",), ("mali",))


def test_a_relative_clause_adds_to_the_deed_of_its_bearer() -> None:
    text = "The bank was stormed by a gunman with a rifle, who killed a clerk."
    event = at(text, "stormed")
    assert [text[s:e] for s, e in event.trigger] == ["stormed", "killed"]
    assert event.means == "rifle"
    assert event.mode == "firearms"
    assert any(actor.startswith("gunman~") for actor in event.actors)


def test_subjects_reach_coordinated_and_controlled_verbs() -> None:
    text = "Russia shelled the port and promised to withdraw."
    assert at(text, "promised").actors == ("russia",)


def test_a_pronoun_means_the_last_fitting_actor() -> None:
    assert at("President Ada Bell left Oslo. She met Peter Holm.", "met").actors == ("ada-bell",)


def test_both_who_meet_are_actors() -> None:
    assert set(at("Peru and Chile signed a treaty.", "signed").actors) == {"peru", "chile"}


# ------------------------------------------------------------ harm


@pytest.mark.parametrize(
    ("text", "kind", "low", "high", "who"),
    [
        ("At least 12 miners were killed.", "killed", 12, None, "miners"),
        ("The raid killed more than 100 people.", "killed", 101, None, "people"),
        ("Dozens of villagers were wounded in the attack.", "injured", 24, None, "villagers"),
        ("The gunman murdered seven civilians.", "killed", 7, 7, "civilians"),
        ("A sniper killed a security guard.", "killed", 1, 1, "security guard"),
        ("Rebels shelled the port; there were no casualties.", "casualties", 0, 0, ""),
        ("The blast injured between 10 and 15 people.", "injured", 10, 15, "people"),
        ("The bombing left 12 people dead.", "killed", 12, 12, "people"),
        ("Up to 1,200 farmers were killed.", "killed", None, 1200, "farmers"),
        ("The raid killed twenty-three soldiers.", "killed", 23, 23, "soldiers"),
        ("Rebels kidnapped two journalists.", "captured", 2, 2, "journalists"),
        ("No one was injured in the attack.", "injured", 0, 0, ""),
    ],
)
def test_casualties_are_bounds_with_kind_and_whose(
    text: str, kind: str, low: int | None, high: int | None, who: str
) -> None:
    found = [c for e in events(text) for c in e.casualties]
    assert [(c.kind, c.min, c.max) for c in found] == [(kind, low, high)]
    assert found[0].who in {who, "one"}


def test_two_counts_in_one_sentence_stay_two() -> None:
    found = at("The bomb killed three men and wounded 20.", "killed").casualties
    assert {(c.kind, c.min) for c in found} == {("killed", 3), ("injured", 20)}


@pytest.mark.parametrize(
    ("text", "degree", "what"),
    [
        ("Rockets hit the port and the mill was completely destroyed.", 4, "the mill"),
        ("Rockets hit the port, and the mill was badly damaged.", 3, "the mill"),
        ("Rockets hit the port, and the mill suffered slight damage.", 1, "the mill"),
        ("Rockets hit the port, but the mill was unharmed.", 0, "the mill"),
    ],
)
def test_damage_is_a_degree_with_what_was_damaged(text: str, degree: int, what: str) -> None:
    assert (degree, what) in [(d.degree, d.what) for e in events(text) for d in e.damage]


@pytest.mark.parametrize(
    ("words", "value"), [("1,200", 1200), ("twenty-three", 23), ("two hundred", 200), ("many", None)]
)
def test_numbers_in_words_and_digits(words: str, value: int | None) -> None:
    assert number(words.split()) == value


# ------------------------------------------------------------ when, where


def test_the_time_and_place_of_the_clause_and_the_day_carried_on() -> None:
    text = "On Monday rebels attacked a school in Lima. A teacher was stabbed."
    attack, stabbing = at(text, "attacked"), at(text, "stabbed")
    assert attack.when is not None and attack.where is not None and stabbing.when is not None
    assert (attack.when.start[:10], attack.where.name) == ("2031-05-19", "Lima")
    assert (stabbing.when.start[:10], stabbing.when.span) == ("2031-05-19", None)


@pytest.mark.parametrize(
    ("text", "word", "place", "told"),
    [
        ("A gunman shot two men in the Old City of Jerusalem.", "shot", "Jerusalem", True),
        ("An explosion shook a mill in Lima.", "explosion", "Lima", True),
        ("LIMA, May 19 (Agency) — Gunmen attacked a bank on Monday.", "attacked", "Lima", False),
        ("Thousands rallied in Lima. Two men were hurt in clashes near the park.", "clashes", "Lima", False),
        ("Peru's general election on Sunday was calm.", "election", "Peru", True),
    ],
)
def test_where_it_happened(text: str, word: str, place: str, told: bool) -> None:
    where = at(text, word).where
    assert where is not None and (where.name, where.span is not None) == (place, told)


def test_an_aside_keeps_its_day_to_itself() -> None:
    text = "Rebels, who attacked a bank on 2 March, shot a priest. Police arrested a man."
    day = at(text, "arrested").when
    assert day is None or day.start[:10] != "2031-03-02"


def test_a_story_happens_where_its_first_placed_event_did() -> None:
    text = "A bomb went off in Lima on Monday.\n\nPolice arrested two men."
    where = at(text, "arrested").where
    assert where is not None and (where.name, where.span) == ("Lima", None)
    old = "A bomb went off in Lima on Monday.\n\nIn 1998 rebels attacked a barracks."
    assert at(old, "attacked").where is None


def test_a_barrage_across_a_river_is_no_attack() -> None:
    assert [e.type for e in events("The Selby barrage was inspected on Monday.") if e.type == "ASSAULT"] == []
    text = "Rebels fired rockets on Monday. An explosion broke a gate of the Selby barrage."
    assert [e for e in events(text) if "barrage" in [text[s:x] for s, x in e.trigger]] == []
    assert at("A barrage of rockets hit Lima on Monday.", "barrage").type == "ASSAULT"


def test_whose_troops_they_are_is_no_place() -> None:
    where = at("The armed forces of Armenia shelled a village near Ganja on Monday.", "shelled").where
    assert where is not None and where.name == "Ganja"


def test_what_harms_nobody_still_happened() -> None:
    assert at("An earthquake shook Lima on Monday. It caused no casualties.", "earthquake").status == "fact"


def test_who_is_caught_is_caught_where_he_was() -> None:
    caught = at("A gunman shot a clerk in Lima. Police arrested the gunman.", "arrested").where
    assert caught is not None and (caught.name, caught.span) == ("Lima", None)


def test_the_day_of_saying_is_not_the_day_of_the_deed() -> None:
    text = "On 3 May rebels burned a church. The army said on Friday that the rebels had also kidnapped a priest."
    when = at(text, "kidnapped").when
    assert when is not None and when.start[:10] == "2031-05-03"


def test_a_named_exercise_is_neither_date_nor_count() -> None:
    (event,) = events("Exercise Steel Gate 24 began in Norway.")
    assert (event.type, event.mode, event.casualties) == ("MOBILIZE", "exercise", ())
    assert event.when is None


# ------------------------------------------------------------ one event, several mentions


def test_a_retelling_joins_the_first_mention() -> None:
    text = "A gunman stormed the Turkish embassy in Lima on Monday. The attack on the embassy shocked Peru."
    event = at(text, "stormed")
    assert [text[s:e] for s, e in event.trigger] == ["stormed", "attack"]


@pytest.mark.parametrize(
    ("text", "together"),
    [
        (
            "A bomb exploded at a market in Lima. Gunmen attacked a bank in Cusco. The blast wrecked two stalls.",
            ["exploded", "blast"],
        ),
        (
            "An explosion shook a mill in Lima. Rebels shot a teacher in Cusco. Two men were killed in the blast.",
            ["explosion", "killed", "blast"],
        ),
        (
            "An explosion shook a mill. The explosion was sabotage, the mayor said.",
            ["explosion", "explosion", "sabotage"],
        ),
        ("The minister called it an accident. It was an attack.", ["accident", "attack"]),
        ("An explosion broke a gate and flooded the town.", ["explosion", "flooded"]),
        ("There has been no coup, and there will be no coup.", ["coup", "coup"]),
        (
            "An explosion shook the ferry on Monday.\n\nIt lay at anchor when a blast ripped open its hold at 22:40.",
            ["explosion", "blast"],
        ),
    ],
)
def test_words_for_one_event_join(text: str, together: list[str]) -> None:
    assert together in [[text[s:e] for s, e in event.trigger] for event in events(text)]


def test_the_toll_stays_with_the_event_it_is_told_of() -> None:
    text = (
        "An explosion shook a mill in Lima. Rebels shot a teacher in Cusco. Fourteen people were killed in the blast."
    )
    assert [(e.where and e.where.name, len(e.casualties)) for e in events(text)] == [("Lima", 1), ("Cusco", 0)]


def test_a_deed_during_the_siege_is_not_the_siege() -> None:
    assert len(events("The army shelled the school during the siege.")) == 2


def test_what_somebody_calls_it_does_not_name_the_event() -> None:
    text = "An explosion shook a mill. The explosion was sabotage, the mayor said."
    assert events(text)[0].other_type == "explosion"


def test_two_attacks_on_two_days_stay_two() -> None:
    text = "Rebels attacked the port on Monday. Rebels attacked the port on Friday."
    assert len([e for e in events(text) if e.type == "ASSAULT"]) == 2


def test_two_attacks_in_two_towns_stay_two() -> None:
    text = "Rebels bombed a school in Lima. Rebels bombed a school in Oslo."
    assert len([e for e in events(text) if e.type == "ASSAULT"]) == 2


def test_a_summary_links_its_parts() -> None:
    text = "Two deadly attacks followed. A man shot three nurses in Lima. A woman stabbed a driver in Cusco."
    found = events(text)
    whole = next(i for i, e in enumerate(found) if text[slice(*e.trigger[0])] == "attacks")
    assert [e.part_of for e in found if e.mode in {"firearms", "primitive"}] == [whole, whole]


def test_one_of_several_targets_is_a_part() -> None:
    text = "Several military targets in Peru were struck by drones. One such target, a depot, was destroyed."
    found = events(text)
    assert [e.part_of for e in found] == [None, 0]
    assert found[1].damage[0].degree == 4


def test_deaths_in_an_accident_belong_to_the_accident() -> None:
    text = "A bus crashed near Lima on Monday. Ten people were killed."
    (event,) = events(text)
    assert (event.type, event.other_type) == ("OTHER", "accident")
    assert event.casualties[0].min == 10


def test_a_toll_told_later_belongs_to_the_blast() -> None:
    text = "An explosion shook the mill in Lima.\n\nThe mayor went to see it.\n\nFourteen people were killed."
    (event,) = [e for e in events(text) if e.casualties]
    assert [text[s:e] for s, e in event.trigger] == ["explosion", "killed"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Two dozen fighters were killed in rebel attacks near Lima.", ["killed", "attacks"]),
        ("A general died after a bomb detonated under his car.", ["died", "detonated"]),
    ],
)
def test_an_outcome_and_its_cause_are_one_event(text: str, words: list[str]) -> None:
    (event,) = events(text)
    assert event.type == "ASSAULT"
    assert [text[s:e] for s, e in event.trigger] == words


def test_a_flood_does_not_join_an_earlier_murder() -> None:
    text = "The killing of a dissident in Oslo shocked Norway. The flood displaced 3,000 families in Bihar."
    assert [e.other_type for e in events(text)] == ["", "natural disaster"]


def test_who_survives_an_attempt_is_its_target() -> None:
    event = at("Ada Bell survived an assassination attempt.", "attempt")
    assert (event.actors, event.targets) == ((), ("ada-bell",))


def test_going_on_strike_is_one_event() -> None:
    assert len(events("Workers at the port went on strike over pay.")) == 1


def test_committing_a_crime_is_no_promise() -> None:
    assert not [e for e in events("They found a way to commit fraud.") if e.type == "AGREE"]


def test_this_incident_points_back_and_tells_nothing_new() -> None:
    text = "Rebels shelled the port. This incident shocked the town."
    (event,) = events(text)
    assert [text[s:e] for s, e in event.trigger] == ["shelled", "incident"]
    assert not events("The incident was closed.")


def test_the_lexicon_is_sound() -> None:
    words = lexicon()
    types = {e.sense.type for table in (words.verbs, words.nouns) for entries in table.values() for e in entries}
    assert len(types) == 17
    assert all(e.sense.type == "OTHER" or not e.sense.other_type for es in words.verbs.values() for e in es)


_PIECES = [
    "Rebels ",
    "attacked ",
    "the port ",
    "of ",
    "12 ",
    "people ",
    "were killed ",
    "by ",
    "who ",
    "if ",
    "(",
    "\n",
    "on Monday ",
    "in Lima. ",
    "🌊",
    "“",
    "”",
    "did not ",
    "and ",
    "two attacks ",
]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(_PIECES), max_size=16).map("".join) | st.text(max_size=60))
def test_any_text_gives_events_whose_spans_lie_inside_it(text: str) -> None:
    found = told(text)
    inside = len(found.document.text)
    ids = {actor.id for actor in found.actors}
    for i, event in enumerate(found.events):
        spans = [*event.trigger, *(c.span for c in event.casualties), *(d.span for d in event.damage)]
        assert all(0 <= s < e <= inside for s, e in spans)
        assert {*event.actors, *event.targets} <= ids
        assert event.part_of is None or (event.part_of != i and 0 <= event.part_of < len(found.events))
        assert all(c.min is None or c.max is None or c.min <= c.max for c in event.casualties)


_PAGE = Path(__file__).parent.parent / "docs" / "how-it-decides-events.md"
_ROWS = [
    [cell.strip() for cell in line.strip("|\n").split("|")]
    for line in _PAGE.read_text("utf-8").splitlines()
    if line.startswith("| ") and line.count("|") == 6
]


@pytest.mark.parametrize(("text", "word", "kind", "mode", "status"), _ROWS[1:])
def test_the_examples_of_the_page_hold(text: str, word: str, kind: str, mode: str, status: str) -> None:
    event = at(text, word)
    assert (event.type, event.mode, event.status) == (kind, mode, status)


BLAST = "A bomb exploded in the market on Monday. "


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Nineteen people lost their lives.", (19, 19, "killed", "people")),
        ("The blast claimed 19 lives.", (19, 19, "killed", "")),
        ("Four shoppers suffered burns.", (4, 4, "injured", "shoppers")),
        ("None of the seven traders came to harm.", (0, 0, "injured", "traders")),
        ("All the shoppers were unharmed.", (0, 0, "injured", "shoppers")),
        ("The two guards who were hurt stood by the gate.", (2, 2, "injured", "guards")),
        ("Fourteen were taken to hospital.", (14, 14, "injured", "")),
        ("Eleven people are unaccounted for.", (11, 11, "missing", "people")),
        ("The number of dead has risen to 19.", (19, 19, "killed", "")),
    ],
)
def test_harm_is_told_in_phrases_too(sentence: str, expected: tuple[int, int, str, str]) -> None:
    told = [(c.min, c.max, c.kind, c.who) for e in events(BLAST + sentence) for c in e.casualties]
    assert told == [expected]


@pytest.mark.parametrize("sentence", ["Police arrested nine people.", "Nine persons were rounded up."])
def test_arrests_count_whom_they_detain(sentence: str) -> None:
    (found,) = [c for e in events(BLAST + sentence) if e.type == "COERCE" for c in e.casualties]
    assert (found.min, found.max, found.kind) == (9, 9, "detained")


def test_one_arrest_is_no_count() -> None:
    assert not [c for e in events("Police arrested a man.") for c in e.casualties]


def test_a_toll_told_before_the_deed_of_its_paragraph_belongs_to_it() -> None:
    (attack,) = events("Six people were hurt, the mayor said. He called it an attack on the port.")
    assert [c.min for c in attack.casualties] == [6]


@pytest.mark.parametrize(
    ("sentence", "facet", "value", "negated"),
    [
        ("The ministry said there was no evidence of a bomb.", "evidence", "none", False),
        ("Footage showed smoke over the stalls.", "evidence", "exists", False),
        ("The Harrow Brigade claimed responsibility.", "responsibility", "harrow-brigade", False),
        ("The Harrow Brigade denied any involvement.", "responsibility", "harrow-brigade", True),
        ("The Harrow Brigade denied claiming responsibility.", "", "", False),
    ],
)
def test_what_is_told_around_an_event(sentence: str, facet: str, value: str, negated: bool) -> None:
    told = [(c.facet, c.value, c.negated) for e in events(BLAST + sentence) for c in e.circumstances]
    assert told == ([(facet, value, negated)] if facet else [])


@pytest.mark.parametrize(
    ("text", "facet", "value", "negated"),
    [
        ("Rebels shelled the port in retaliation for a raid.", "motive", "in retaliation for a raid", False),
        ("Rebels shelled the port because the army had burned the mill.", "motive",
         "because the army had burned the mill", False),
        ("Rockets were fired from Syria at the port, killing two.", "launch origin", "Syria", False),
        ("Rockets hit the port. The rockets were not fired from Syria, the army said.", "launch origin", "Syria", True),
    ],
)  # fmt: skip
def test_why_and_from_where(text: str, facet: str, value: str, negated: bool) -> None:
    told = [(c.facet, c.value, c.negated) for e in events(text) for c in e.circumstances]
    assert told == [(facet, value, negated)]
