"""Who speaks by the layout of the page: signed quotations and turns of a transcript."""

from __future__ import annotations

import pytest

from claiming import annotated, claims_of, told

SIGNED = [
    "“The ferry was old and everybody knew it.” — Ana Ruiz",
    "“The ferry was old and everybody knew it.”― Ana Ruiz.",
    "“The ferry was old and everybody knew it.”\n\n— Ana Ruiz",
    '"The ferry was old and everybody knew it." -- Ana Ruiz, a deckhand',
]


@pytest.mark.parametrize("text", SIGNED)
@pytest.mark.parametrize("read", [claims_of, lambda text: annotated(text).claims])
def test_a_name_after_a_dash_signs_the_quotation(text: str, read: object) -> None:
    (claim,) = [c for c in read(text) if c.mode == "direct"]  # type: ignore[operator]
    speaker, _, content = told(text, claim)
    assert speaker.startswith("Ana Ruiz")
    assert content.strip('“”"') == "The ferry was old and everybody knew it."


@pytest.mark.parametrize(
    "text",
    [
        "“The ferry was old.” — nobody listened.",
        "“The ferry was old.” — Ana Ruiz left the hall at nine.",
        "The crew called it “old” — Ana Ruiz",
    ],
)
def test_what_goes_on_after_a_dash_signs_nothing(text: str) -> None:
    assert "Ana Ruiz" not in [claim.speaker.name for claim in claims_of(text)]


TRANSCRIPT = (
    "BERG: Who opened the lock that night?\n\n"
    "RUIZ: I was not there. The company opened it.\n\n"
    "We told them in March that it would break.\n\n"
    "(Applause.)\n\n"
    "BERG: Thank you. We will hear the company tomorrow."
)


def test_a_turn_of_a_transcript_runs_on_to_the_next_name() -> None:
    turns = {told(TRANSCRIPT, c)[0]: told(TRANSCRIPT, c)[2] for c in claims_of(TRANSCRIPT) if c.parent is None}
    assert turns["RUIZ"] == ("I was not there. The company opened it … We told them in March that it would break")


def test_a_single_label_does_not_claim_the_paragraphs_after_it() -> None:
    text = "RUIZ: The company opened it.\n\nThe lock is forty years old."
    assert [told(text, c)[2] for c in claims_of(text)] == ["The company opened it"]


def test_a_turn_may_begin_with_a_quotation_mark() -> None:
    text = "“RUIZ: The company opened the lock that night."
    assert [told(text, c)[0] for c in claims_of(text)] == ["RUIZ"]
