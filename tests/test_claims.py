"""Attributed claims: one construction a row, in sentences written for it."""

from __future__ import annotations

import pytest

from claiming import claims_of, only, told

# text, speaker, cue, content
CONSTRUCTIONS = {
    "that-clause": (
        "The harbour ministry said on Monday that the bridge had collapsed.",
        ("The harbour ministry", "said", "that the bridge had collapsed"),
    ),
    "bare clause": ("Police said the road was open.", ("Police", "said", "the road was open")),
    "clause first": ("The road was open, police said.", ("police", "said", "The road was open")),
    "parenthetical": (
        "The protest, organisers claim, was peaceful.",
        ("organisers", "claim", "The protest … was peaceful"),
    ),
    "as-clause": (
        "As the agency reported, the port was closed.",
        ("the agency", "reported", "the port was closed"),
    ),
    "according to": (
        "According to the coast guard, nobody was hurt.",
        ("the coast guard", "According to", "nobody was hurt"),
    ),
    "according to, last": (
        "Nobody was hurt, according to a spokesman for the ministry.",
        ("a spokesman for the ministry", "according to", "Nobody was hurt"),
    ),
    "direct": ("“We will return,” the general said.", ("the general", "said", "“We will return,”")),
    "direct, inverted": (
        '"We won," said Anna Berg, the mayor of Oslo.',
        ("Anna Berg, the mayor of Oslo", "said", '"We won,"'),
    ),
    "direct after a colon": (
        "The envoy was blunt and had an answer: “Nobody will leave this table.”",
        ("The envoy", "had", "“Nobody will leave this table.”"),
    ),
    "direct, split": (
        '"The war is over," the minister said. "Nobody will fight again."',
        ("the minister", "said", '"The war is over," … "Nobody will fight again."'),
    ),
    "mixed": (
        "The envoy said the deal was “dead on arrival” and would never be signed.",
        ("The envoy", "said", "the deal was “dead on arrival” and would never be signed"),
    ),
    "nominal content": (
        "The minister announced the suspension of flights.",
        ("The minister", "announced", "the suspension of flights"),
    ),
    "denial of a thing": (
        "The company denied any part in the blast.",
        ("The company", "denied", "any part in the blast"),
    ),
    "object control": (
        "Officials urged residents to leave the valley.",
        ("Officials", "urged", "residents to leave the valley"),
    ),
    "call on": (
        "The union called on the government to resign.",
        ("The union", "called on", "the government to resign"),
    ),
    "call on, later": (
        "The union called on the government today to declare an emergency.",
        ("The union", "called on", "the government today to declare an emergency"),
    ),
    "call for": ("The union called for an inquiry.", ("The union", "called for", "an inquiry")),
    "vow": ("The general vowed to return.", ("The general", "vowed", "to return")),
    "accusation": (
        "The envoy accused Spain of shelling the port.",
        ("The envoy", "accused", "Spain of shelling the port"),
    ),
    "blame": ("Residents blamed Spain for the flood.", ("Residents", "blamed", "Spain for the flood")),
    "finger": ("The mayor pointed the finger at Spain.", ("The mayor", "pointed … finger at", "Spain")),
    "responsible": (
        "The ministry held Spain responsible for the deaths.",
        ("The ministry", "held … responsible", "Spain responsible for the deaths"),
    ),
    "shifting blame": ("The blame soon shifted toward the rebels.", ("", "blame … shifted toward", "the rebels")),
    "label": (
        "The channel called the country “fake Spain.”",
        ("The channel", "called", "the country “fake Spain.”"),
    ),
    "label without a link": (
        "The channel branded the judge a traitor.",
        ("The channel", "branded", "the judge a traitor"),
    ),
    "description": (
        "The judge described the law as a mistake.",
        ("The judge", "described", "the law as a mistake"),
    ),
    "apposition between": (
        "The envoy, a former general who leads the talks, warned that fighting would resume.",
        ("The envoy, a former general who leads the talks", "warned", "that fighting would resume"),
    ),
    "relative clause": (
        "Critics praised the judge who said the law was void.",
        ("the judge … who", "said", "the law was void"),
    ),
    "passive clause": (
        "It was reported on Friday that ten people had died.",
        ("", "was reported", "that ten people had died"),
    ),
    "passive infinitive": (
        "The factory is said to be ruined.",
        ("", "is said", "The factory … to be ruined"),
    ),
    "passive accusation": (
        "The minister was accused of taking bribes.",
        ("", "was accused", "The minister … of taking bribes"),
    ),
    "adverb": ("The army reportedly burned ten houses.", ("", "reportedly", "The army … burned ten houses")),
    "noun with owner": (
        "The mayor's claim that the water is safe was met with laughter.",
        ("The mayor", "claim", "that the water is safe"),
    ),
    "light verb": (
        "The group issued a statement saying the strike had failed.",
        ("The group", "saying", "the strike had failed"),
    ),
    "vessel": (
        "The clinic said in a statement that its doctors were unharmed.",
        ("The clinic", "said", "that its doctors were unharmed"),
    ),
    "so-called": (
        "The depot was hit by what residents claimed to be foreign drones.",
        ("residents", "claimed", "foreign drones"),
    ),
    "declined": (
        "The spokeswoman declined to say whether the gate would open.",
        ("The spokeswoman", "declined to say", "whether the gate would open"),
    ),
    "adjective": (
        "The minister was confident that the talks would succeed.",
        ("The minister", "was confident", "that the talks would succeed"),
    ),
    "survey": ("The survey found that prices had doubled.", ("The survey", "found", "that prices had doubled")),
    "pointer denied": ("The bishop has always denied it.", ("The bishop", "has always denied", "it")),
    "pointer refused": ("The union does not accept that.", ("The union", "does not accept", "that")),
    "neither nor": (
        "The navy would neither confirm nor deny it.",
        ("The navy", "would neither confirm nor deny", "it"),
    ),
    "no reply": ("The ministry did not reply.", ("The ministry", "did not", "reply")),
    "no comment": ("The guild declined to comment.", ("The guild", "declined", "to comment")),
    "out of reach": (
        "The ministry could not be reached for comment.",
        ("The ministry", "could not be", "reached for comment"),
    ),
    "kept silent": ("The ministry has kept silent.", ("The ministry", "has kept", "silent")),
    "figure": ("Firefighters gave a figure of 1,200.", ("Firefighters", "gave … figure of", "1,200")),
    "figure put": (
        "The clinic put the toll at 31, against nine.",
        ("The clinic", "put", "the toll at 31, against nine"),
    ),
    "claim of a thing": (
        "The guild claimed responsibility in a video.",
        ("The guild", "claimed", "responsibility"),
    ),
    "purports": ("The film purports to show the landing.", ("The film", "purports to show", "the landing")),
    "label in a relative clause": (
        "It was a match that reporters described as dull.",
        ("reporters", "described", "a match … as dull"),
    ),
    "reflexive label": (
        "The rowers called themselves the River Guard.",
        ("The rowers", "called themselves", "the River Guard"),
    ),
    "gerund": ("The trader denied selling the tickets.", ("The trader", "denied", "selling the tickets")),
    "object quoted in part": (
        'The envoy accused "cowards in uniform" of burning the barn.',
        ("The envoy", "accused", '"cowards in uniform" of burning the barn'),
    ),
    "transcript": ("BERG: We never fired a shot.", ("BERG", ":", "We never fired a shot")),
}


@pytest.mark.parametrize("name", CONSTRUCTIONS)
def test_construction(name: str) -> None:
    text, expected = CONSTRUCTIONS[name]
    assert expected in [told(text, claim) for claim in claims_of(text)]


NO_SPEECH = [
    "He speaks French and said goodbye to his friends.",
    "The so-called “green zone” covers nine blocks.",
    "The novel “A River of Glass” was filmed in Chile.",
    "Anna “the Fox” Berg won the race.",
    "The road follows the river for nine miles.",
    "She told the truth.",
    "The house stands by the lake, and nobody lives there.",
    "It must be said that winters are long.",
    "Gunmen attacked a bus near the border.",
    "One source declined to be named.",
    "BREAKING: Two ships have left the port of Oslo.",
    "The navy responded to the alarm.",
    "The council decided to close the pool.",
    "A group calling itself the River Guard marched through the town.",
    "The engine did not respond.",
    "The dog has kept silent.",
    "He accepted that.",
    "The port was hit and the depot was attacked by rebels.",
]


@pytest.mark.parametrize("text", NO_SPEECH)
def test_reports_no_speech(text: str) -> None:
    assert [told(text, claim) for claim in claims_of(text)] == []


def test_participle_after_a_clause_has_the_same_speaker_and_cuts_the_content() -> None:
    text = "Police said the men had fled, adding that they were armed."
    assert [told(text, claim) for claim in claims_of(text)] == [
        ("Police", "said", "the men had fled"),
        ("Police", "adding", "that they were armed"),
    ]


COORDINATED = [
    ("The miller said the dyke had burst and accused the council of sleep.", "the dyke had burst", "The miller"),
    ("The clerk said the guards had fled, and blamed the council.", "the guards had fled", "The clerk"),
    (
        "The clerk said the guards had fled and denied the charge.",
        "the guards had fled and denied the charge",
        "the guards",
    ),
]


@pytest.mark.parametrize(("text", "content", "second"), COORDINATED)
def test_second_verb_of_speech_goes_to_who_can_speak(text: str, content: str, second: str) -> None:
    said, other = (told(text, claim) for claim in claims_of(text))
    assert (said[2], other[0]) == (content, second)


AUTHORS_LAST_WORD = [
    "The envoy said the port was closed; the mayor had gone home.",
    "The envoy said the port was closed, but the gates stood open.",
]


@pytest.mark.parametrize("text", AUTHORS_LAST_WORD)
def test_content_ends_where_somebody_else_goes_on(text: str) -> None:
    assert told(text, claims_of(text)[0]) == ("The envoy", "said", "the port was closed")


def test_object_ends_where_somebody_else_goes_on() -> None:
    for text in (
        "The envoy denounced the treaty, which experts said was void.",
        "The envoy denounced the treaty – a word that stung.",
    ):
        assert told(text, claims_of(text)[0]) == ("The envoy", "denounced", "the treaty")


def test_content_keeps_a_relative_clause_within() -> None:
    text = "The envoy said the port, which experts said was ruined, had closed."
    assert told(text, claims_of(text)[0])[2] == "the port, which experts said was ruined, had closed"


def test_channel_of_a_speaker_named_again() -> None:
    text = (
        "The first to tell it was Night Ferry, an anonymous Telegram channel. “They are leaving the port,” it posted."
    )
    assert claims_of(text)[0].channel == "Telegram"


def test_content_ends_with_its_sentence_although_a_quotation_follows() -> None:
    text = 'The judge called him a liar. "He took the money," she said.'
    assert told(text, claims_of(text)[0]) == ("The judge", "called", "him a liar")


def test_denial_while_reporting_is_two_claims() -> None:
    text = "Madrid reported no deaths across the areas hit while downplaying the damage to the port."
    first, second = claims_of(text)
    assert told(text, first) == ("Madrid", "reported", "no deaths across the areas hit")
    assert (first.act, first.polarity) == ("denies", "negated")
    assert told(text, second) == ("Madrid", "downplaying", "the damage to the port")
    assert second.act == "downplays"


def test_quotation_runs_over_paragraphs() -> None:
    text = "“We waited for hours,” said Anna Berg, a nurse. “Then the lights went out.\n“Nobody came to help us.”"
    _, (speaker, cue, content) = only(text)
    assert (speaker, cue) == ("Anna Berg, a nurse", "said")
    assert content == "“We waited for hours,” … “Then the lights went out.\n“Nobody came to help us.”"


@pytest.mark.parametrize("marks", ["“”", '""', "«»", "„“", "‘’", "''"])
def test_quotation_marks_of_all_styles(marks: str) -> None:
    quote = f"{marks[0]}The bridge is safe and open,{marks[1]}"
    claim, words = only(f"{quote} the mayor said.")
    assert words == ("the mayor", "said", quote)
    assert claim.mode == "direct"


def test_quotation_glued_to_the_next_word_is_cut_at_its_mark() -> None:
    text = "“The bridge is safe,” the mayor said. “Nobody was hurt.”Read more about the bridge."
    _, (_, _, content) = only(text)
    assert content == "“The bridge is safe,” … “Nobody was hurt.”"


def test_modes() -> None:
    assert only("The envoy said the deal was dead.")[0].mode == "indirect"
    assert only("“The deal is dead,” the envoy said.")[0].mode == "direct"
    assert only("The envoy said the deal was “dead and buried” for good.")[0].mode == "mixed"


def test_nested_claims_form_a_chain() -> None:
    text = "The channel Storm reported that the ministry had said that the port was closed."
    outer, inner = claims_of(text)
    assert (outer.parent, inner.parent) == (None, 0)
    assert told(text, inner) == ("the ministry", "had said", "that the port was closed")


ACTS = [
    ("The minister said the talks had begun.", "asserts"),
    ("The agency reported that the talks had begun.", "reports"),
    ("The army denied that it had fired.", "denies"),
    ("The army said not one shot was fired.", "denies"),
    ("The army said reports of a massacre were false.", "denies"),
    ("The mayor said there was no explosion.", "denies"),
    ("The mayor said there was no time.", "asserts"),
    ("The mayor said nobody was hurt.", "denies"),
    ("The mayor said no boat had ever left the port.", "denies"),
    ("The mayor said the talks had not begun.", "asserts"),
    ("The clerk says he is innocent.", "denies"),
    ("“We were not there,” the rower said.", "denies"),
    ("The guild does not intend to comment on the raid.", "declines"),
    ("The envoy accused Spain of theft.", "accuses"),
    ("The envoy said Spain was responsible for the flood.", "accuses"),
    ("The mayor did not believe that the dam would hold.", "denies"),
    ("The mayor did not dispute that the lock was old.", "asserts"),
    ("The guild asked whether the lock was safe.", "asserts"),
    ("“Is the lock safe?” the guild asked.", "asserts"),
    ("The guild asked the mayor to open the lock.", "urges"),
    ("The panel recommended a second review.", "urges"),
    ("The mayor downplayed the damage.", "downplays"),
    ("The agency said only one house suffered slight damage.", "downplays"),
    ("The mayor dismissed the report as gossip.", "dismisses"),
    ("Economists predicted a long recession.", "predicts"),
    ("The general warned that the dam would burst.", "warns"),
    ("The union urged workers to strike.", "urges"),
    ("The union said the minister must resign.", "urges"),
    ("The envoy proposed joint patrols.", "proposes"),
    ("The paper branded the judge a traitor.", "labels"),
    ("The envoy suggested that the arrests were meant for the cameras.", "insinuates"),
    ("The envoy suggested that the talks be held in Oslo.", "proposes"),
    ("The survey suggested that prices had doubled.", "reports"),
    ("The envoy hinted that the ship had been sunk on purpose.", "insinuates"),
    ("The ministry declined to comment on the raid.", "declines"),
    ("The ministry did not comment on the raid.", "declines"),
    ("The ministry did not answer.", "declines"),
    ("The navy would neither confirm nor deny it.", "declines"),
    ("The envoy dismissed the report as gossip.", "dismisses"),
    ("The ministry gave no details of the raid.", "declines"),
    ("No Spanish statement on the raid was issued.", "declines"),
    ("Two accounts have posted about the involvement of Spain in the raid.", "accuses"),
    ("The channel said the beneficiaries of the raid were in Madrid.", "insinuates"),
]


@pytest.mark.parametrize(("text", "act"), ACTS)
def test_act(text: str, act: str) -> None:
    assert only(text)[0].act == act


HEDGES = [
    ("The ship allegedly carried arms, the paper said.", "allegedly"),
    ("The depot was hit by what residents claimed to be foreign drones.", "what residents claimed to be"),
    ("Police said the fire may have been set on purpose.", "may"),
    ("Police said the fire was set on purpose.", None),
]


@pytest.mark.parametrize(("text", "hedge"), HEDGES)
def test_hedge(text: str, hedge: str | None) -> None:
    assert only(text)[0].hedge == hedge


CHANNELS = [
    ("The minister wrote on Telegram that the port was closed.", "Telegram"),
    ("The clinic said in a statement that its doctors were unharmed.", "a statement"),
    ("The mayor tweeted that the road was open.", "Twitter"),
    ("The minister told state television the port was closed.", None),
    ("The minister said on state television that the port was closed.", "state television"),
    ("The paper's website reported that the port was closed.", "The paper's website"),
    ("The Telegram channel Storm reported that the port was closed.", "Telegram"),
]


@pytest.mark.parametrize(("text", "channel"), CHANNELS)
def test_channel(text: str, channel: str | None) -> None:
    assert only(text)[0].channel == channel


@pytest.mark.parametrize(
    "text",
    [
        "The envoy accused Spain of shelling the port.",
        "Residents blamed Spain for the flood.",
        "The ministry held Spain responsible for the deaths.",
        "The mayor said Spain was behind the raid.",
        "The mayor said the port was bombed by Spain.",
        "The mayor said Spain bombed the port.",
        "The mayor said the clinic was the work of Spain.",
        "The mayor said Spain had used forged papers.",
        "The mayor said Spain plans to stage an incident.",
        "The mayor said the rebels take orders from Spain.",
        "The mayor said Spain may have poisoned the well.",
        "The mayor said the Spanish attack had cut the power.",
        "The mayor said Spain had tested a poison on the island.",
    ],
)
def test_accused(text: str) -> None:
    claim = only(text)[0]
    assert claim.accused == ("spain",)
    assert claim.act == "accuses"


HARMLESS = [
    "The mayor said police arrested two men.",
    "The army said its jets struck a depot.",
    "The army said Spain shot down nine drones.",
    "The mayor said Spain could attack the port.",
    "The mayor said Spain did not bomb the port.",
    "The mayor warned of a Spanish attack.",
    "The mayor said Spain was not behind the raid.",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_accuses_nobody(text: str) -> None:
    assert only(text)[0].accused == ()


def test_accuses_whom_it_only_describes() -> None:
    assert only("The mayor said the port was shelled by soldiers.")[0].accused[0].startswith("soldiers~")


def test_who_denies_accuses_nobody() -> None:
    assert only("The mayor denied that Spain bombed the port.")[0].accused == ()


def test_confidence_tells_sure_rules_from_doubtful_ones() -> None:
    sure = only("“The bridge is safe,” the mayor said.")[0].confidence
    doubtful = only("The union wants a new contract.")[0].confidence
    assert 0 < doubtful < sure < 1
