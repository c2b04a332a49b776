"""What the author says: nothing that somebody else is said to say, and not every sentence."""

from __future__ import annotations

import pytest

from allegedly.records import Claim
from claiming import annotated


def own(text: str, **fields: str) -> list[Claim]:
    return [claim for claim in annotated(text, **fields).claims if claim.mode == "own-voice"]


def words(text: str, **fields: str) -> list[str]:
    return [text[start:end] for claim in own(text, **fields) for start, end in claim.content]


def test_events_told_by_the_author() -> None:
    text = "Gunmen attacked a bus near Madrid on Friday. Police said nobody was hurt."
    assert words(text) == ["Gunmen attacked a bus near Madrid on Friday"]


def test_author_is_named() -> None:
    (claim,) = own("Gunmen attacked a bus near Madrid.", author="Anna Berg")
    assert (claim.speaker.actor, claim.speaker.name, claim.speaker.spans) == ("author", "Anna Berg", ())
    (claim,) = own("Gunmen attacked a bus near Madrid.")
    assert claim.speaker.name == "The Lantern"


def test_author_of_an_unknown_source() -> None:
    assert own("Gunmen attacked a bus near Madrid.", source="unknown")[0].speaker.name == "the author"
    (claim,) = own("Gunmen attacked a bus near Madrid.", source="unknown", author="Anna Berg")
    assert claim.speaker.name == "Anna Berg"


@pytest.mark.parametrize(
    "text",
    [
        "Gunmen attacked a bus near Madrid on Friday, and police said nobody was hurt.",
        "Police said nobody was hurt after gunmen attacked a bus near Madrid on Friday.",
        "Gunmen attacked a bus near Madrid on Friday while, as police said, nobody looked.",
        "In the evening gunmen attacked a bus near Madrid, but the mayor denied it.",
    ],
)
def test_no_edge_dangles(text: str) -> None:
    for piece in words(text):
        first, last = piece.split()[0].lower(), piece.split()[-1].lower()
        assert first not in {"and", "but", "after", "while", "as", "that"}
        assert last not in {"and", "but", "after", "while", "as", "that"}


def test_a_clause_keeps_its_determiner_and_its_opening_phrase() -> None:
    text = "That raid killed nine people in Madrid, the mayor said on Friday. In May gunmen attacked a bus near Madrid."
    assert words(text)[-1] == "In May gunmen attacked a bus near Madrid"


def test_a_clause_keeps_the_subject_it_shares() -> None:
    (claim,) = own("The army denied the report and attacked two villages near Madrid on Friday.")
    assert len(claim.content) == 2


def test_small_talk_is_no_claim() -> None:
    assert words("Good morning, everybody. More of that on page 4.") == []


def test_act_of_the_author() -> None:
    assert [claim.act for claim in own("Spain must stand by Portugal.")] == ["urges"]


@pytest.mark.parametrize("language", ["ru", "ar", "de"])
def test_language_that_is_not_parsed_has_one_claim(language: str) -> None:
    text = "Первый абзац.\nВторой абзац."
    (claim,) = own(text, language=language, kind="message", platform="telegram")
    assert [text[s:e] for s, e in claim.content] == ["Первый абзац."]
    assert claim.channel == "telegram"


def test_title_is_the_gist_where_the_text_holds_it() -> None:
    assert words("2031-05-01 — القلعة تحترق\nنص", language="ar", title="القلعة تحترق") == ["القلعة تحترق"]


def test_long_post_is_cut() -> None:
    (content,) = words("я" * 2_000, language="ru")
    assert len(content) == 500


def test_nothing_to_say() -> None:
    assert own(" \n…\n", language="ru") == []
