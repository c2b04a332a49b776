"""The inline markup of the training corpus and of our gold."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "training" / "attribution"))

import markup  # noqa: E402

HEAD = "=== one-text | wire | Chile | ports\n\n"


def read(tmp_path: Path, body: str) -> markup.Text:
    path = tmp_path / "one.txt"
    path.write_text(HEAD + body + "\n", encoding="utf-8")
    (text,) = markup.read(path)
    return text


def test_roles_offsets_and_attributes(tmp_path: Path) -> None:
    text = read(
        tmp_path,
        "[s1={Ministry of Ports} It] [q1:denies,neg denied] [c1 [h1 reported] losses], [w2:warns all is lost].",
    )
    assert text.text == "It denied reported losses, all is lost."
    told, own = text.claims
    assert [text.text[s:e] for s, e in (*told.source, *told.cue, *told.content, *told.hedge)] == [
        "It", "denied", "reported losses", "reported",
    ]  # fmt: skip
    assert (told.speaker, told.acts, told.negated) == ("Ministry of Ports", ("denies",), True)
    assert own.own and own.acts == ("warns",)


def test_one_span_for_two_claims_and_nesting(tmp_path: Path) -> None:
    text = read(
        tmp_path, "[s1,2 Ann] [q1 said] [c1 that [s3 Bob] [q3 claims] [c3 to be ill]], [q2 adding] [c2 nothing]."
    )
    by_number = {claim.number: claim for claim in text.claims}
    assert by_number[1].source == by_number[2].source
    assert by_number[3].parent == 1
    assert by_number[2].parent is None


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("[c1 Words] without a cue.", "has no cue"),
        ("[s1 Ann] [q1:shouts said] [c1 so].", "no such act"),
        ("[s1 Ann [q1 said] [c1 so].", "never closed"),
        ("Ann] said so.", "closes nothing"),
        ("Ann [sic] said so.", "opens no mark"),
        ("[s1 Ann] [q1 said] [c1 so\n\nand so].", "open at a line break"),
        ("[q1 Said].", "has no content"),
    ],
)
def test_bad_markup_is_named_with_its_place(tmp_path: Path, body: str, why: str) -> None:
    with pytest.raises(markup.MarkupError, match=why) as error:
        read(tmp_path, body)
    assert "one-text" in str(error.value)


@pytest.mark.parametrize(
    "folder", ["training/attribution/corpus", "evals/gold/attribution/dev", "evals/gold/attribution/test"]
)
def test_all_that_is_marked_can_be_read(folder: str) -> None:
    texts = markup.read_all(ROOT / folder)
    assert texts
    assert len({text.id for text in texts}) == len(texts)


def test_gold_and_corpus_share_no_text() -> None:
    corpus = {text.text for text in markup.read_all(ROOT / "training" / "attribution" / "corpus")}
    gold = {text.text for text in markup.read_all(ROOT / "evals" / "gold" / "attribution")}
    assert not corpus & gold
