"""Matching: the index by hand, a store that answers the same in whatever order it grew, and damage that is told."""

from __future__ import annotations

import math
import random
import shutil
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allegedly.errors import AllegedlyError
from allegedly.link.matching import Candidate, Matcher, Text
from allegedly.link.matching.lexical import Lexical
from allegedly.link.matching.postings import Postings
from allegedly.link.matching.store import Store
from allegedly.link.matching.terms import gram_terms, word_terms
from allegedly.link.matching.texts import for_vectors, for_words
from tiny_encoder import Words

SAID = (
    ("a1", "A mine sank the grain ship in the port of Velin", "en"),
    ("a2", "The grain ship was sunk by a mine in Velin port, officials said", "en"),
    ("a3", "Officials of Velin deny that any mine was in the port", "en"),
    ("a4", "The harvest of olives was the best in ten years", "en"),
    ("a5", "Olive growers expect a poor harvest this autumn", "en"),
    ("b1", "мина порт корабль", "ru"),
    ("b2", "урожай оливок", "ru"),
    ("c1", "mina puerto barco", "es"),
    ("c2", "cosecha de aceitunas", "es"),
)
TEXTS = [Text(*said) for said in SAID]


def matcher(folder: Path, *batches: Sequence[Text], vectors: Any = None) -> Matcher:
    made = Matcher(folder, vectors)
    for batch in batches:
        made.add(batch)
    return made


def ids(found: list[Candidate]) -> list[str]:
    return [candidate.id for candidate in found]


# ---------------------------------------------------------------- terms and texts


def test_a_post_is_read_without_links_and_with_the_words_of_its_hashtags() -> None:
    assert for_words("#NotMyWar_2022 says @BBCWorld https://t.co/x1 t.me/a/1").split() == [
        *("Not", "My", "War", "2022", "says", "BBCWorld")
    ]
    signed = "They lied. — Ana Ruiz (@ana_ruiz) January 6, 2020"
    assert for_vectors(signed, "A title") == "They lied. A title"
    assert len(for_vectors("x" * 9000, "y" * 9000)) == 421


def test_terms_by_hand() -> None:
    assert set(word_terms("The mines, the mine")) == set(word_terms("mine mines"))
    assert len(gram_terms("port")) == 3  # " por", "port" and "ort "
    assert list(gram_terms("PORT of")) == list(gram_terms("port of"))
    assert len(gram_terms("an ox")) == 2  # " an " and " ox ": none of two words
    assert len(gram_terms("")) == len(word_terms("")) == 0


# ---------------------------------------------------------------- the index

texts_of_terms = st.lists(st.lists(st.integers(0, 8), max_size=12), max_size=8)


def postings(texts: Sequence[Sequence[int]]) -> Postings:
    return Postings.of([np.array(text, np.uint64) for text in texts])


def told(index: Postings, term: int) -> dict[int, int]:
    (start,), (end,) = index.find(np.array([term], np.uint64))
    return dict(zip(index.texts[start:end].tolist(), index.times[start:end].tolist(), strict=True))


@given(texts_of_terms)
def test_the_index_tells_who_holds_what_how_often(texts: list[list[int]]) -> None:
    index = postings(texts)
    assert index.lengths.tolist() == list(map(len, texts))
    assert index.fit(len(texts))
    for term in range(10):
        assert told(index, term) == {n: text.count(term) for n, text in enumerate(texts) if term in text}


@given(st.lists(texts_of_terms, min_size=1, max_size=4))
def test_indexes_joined_are_the_index_of_all(parts: list[list[list[int]]]) -> None:
    joined, whole = Postings.joined([postings(part) for part in parts]), postings([*chain(*parts)])
    for one, other in zip(joined, whole, strict=True):
        assert one.tolist() == other.tolist()


@given(texts_of_terms)
def test_an_index_is_read_as_it_was_saved(tmp_path_factory: pytest.TempPathFactory, texts: list[list[int]]) -> None:
    folder = tmp_path_factory.mktemp("index") / "i"
    index = postings(texts)
    index.save(folder)
    for one, other in zip(Postings.open(folder), index, strict=True):
        assert one.dtype == other.dtype and one.tolist() == other.tolist()


def bm25(asked: Sequence[int], texts: Sequence[Sequence[int]]) -> list[float]:
    """Return the scores by the formula of Robertson and Zaragoza 2009, k1 = 1.2, b = 0.5, one text at a time."""
    mean = sum(map(len, texts)) / len(texts)
    found = []
    for text in texts:
        total, times = 0.0, Counter(text)
        for term in set(asked):
            held = sum(term in other for other in texts)
            if times[term] and held <= max(20, 0.2 * len(texts)):
                rare = math.log(1 + (len(texts) - held + 0.5) / (held + 0.5))
                slow = 1.2 * (1 - 0.5 + 0.5 * len(text) / mean)
                total += rare * times[term] * 2.2 / (times[term] + slow)
        found.append(total)
    return found


def test_scores_are_bm25(tmp_path: Path) -> None:
    said = [text.text for text in TEXTS[:5]]
    (segment,) = matcher(tmp_path / "s", TEXTS[:5]).store.segments
    for terms, weights in ((word_terms, (1.0, 0.0)), (gram_terms, (0.0, 1.0))):
        (scores,) = Lexical([segment], *weights).scores("a mine in the port of Velin")
        by_hand = bm25(terms("a mine in the port of Velin").tolist(), [terms(text).tolist() for text in said])
        assert scores.tolist() == pytest.approx(by_hand)


def test_a_term_that_most_texts_hold_tells_nothing(tmp_path: Path) -> None:
    many = [Text(f"{n:03}", f"grain {chr(0x4E00 + n) * 3}", "en") for n in range(30)]
    assert matcher(tmp_path / "s", many).find(Text("x", "grain", "en")) == []


# ---------------------------------------------------------------- answers


def test_within_a_language_words_make_the_list_and_the_text_itself_is_not_on_it(tmp_path: Path) -> None:
    found = matcher(tmp_path / "s", TEXTS).find(TEXTS[0])
    assert ids(found)[:2] == ["a2", "a3"]
    assert {"a1", "b1", "c1"} & set(ids(found)) == set()
    assert found[0].words == 1
    assert [c.score for c in found] == sorted((c.score for c in found), reverse=True)
    assert {c.cosine for c in found} == {None}


def test_meaning_orders_the_list_and_reads_no_more_than_it_needs(tmp_path: Path) -> None:
    vectors = Words()
    one = matcher(tmp_path / "s", TEXTS, vectors=vectors)
    asked = Text("x", "mine port ship grain", "en")
    found = one.find(asked)
    near = [c for c in found if c.cosine is not None]
    assert found[: len(near)] == near and len(near) >= 2
    assert [c.score for c in found] == sorted((c.score for c in found), reverse=True)
    assert all(c.words >= 0.4 for c in near) and all(c.words < 0.4 for c in found[len(near) :])
    read = vectors.read
    assert read == 1 + len(near)
    assert one.find(asked) == found
    assert vectors.read == read + 1  # the text that is asked with; the others are kept
    assert matcher(tmp_path / "s", vectors=vectors).find(asked) == found
    assert vectors.read == read + 2


def test_where_one_stands_alone_nothing_is_encoded(tmp_path: Path) -> None:
    vectors = Words()
    found = matcher(tmp_path / "s", TEXTS, vectors=vectors).find(
        Text("x", "ten years of olives, the best harvest", "en")
    )
    assert (found[0].id, vectors.read) == ("a4", 0)


def test_across_languages_meaning_alone_decides(tmp_path: Path) -> None:
    one = matcher(tmp_path / "s", TEXTS, vectors=Words())
    assert set(ids(one.across(Text("x", "mine port ship", "en")))[:2]) == {"b1", "c1"}
    assert ids(one.across(TEXTS[5]))[0] == "c1"
    assert {c.id[0] for c in one.across(TEXTS[5], 99)} == {"a", "c"}
    assert len(one.across(TEXTS[5], 3)) == 3


def test_without_vectors_a_line_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(AllegedlyError, match="vectors") as said:
        matcher(tmp_path / "s", TEXTS).across(TEXTS[0])
    assert "\n" not in str(said.value)


def test_few_and_empty_texts(tmp_path: Path) -> None:
    one = matcher(tmp_path / "s", vectors=Words())
    assert one.find(TEXTS[0]) == one.across(TEXTS[0]) == []
    one.add([Text("e", "", "en"), Text("f", "☃", ""), Text("g", "  ", "en", "\n")])
    assert one.find(Text("x", "", "en")) == one.find(Text("e", "", "en")) == []
    assert one.find(Text("x", "mine", "no language")) == []
    assert len(one.across(Text("x", "", "en"))) == 1
    one.add([])
    assert len(one.store) == 3


def test_what_is_equal_comes_in_order_of_ids(tmp_path: Path) -> None:
    same = [Text(id, "A mine in the port", "en") for id in ("d", "b", "c", "a")]
    one = matcher(tmp_path / "s", same[:3], same[3:], TEXTS, vectors=Words())
    assert ids(one.find(Text("b", "A mine in the port", "en"), 3)) == ["a", "c", "d"]
    assert ids(one.find(Text("x", "A mine in the port", "en"), 2)) == ["a", "b"]


# ---------------------------------------------------------------- order and batches

WORDS = "mine port ship grain olive harvest bridge clerk мина порт корабль mina puerto barco".split()
some_texts = st.lists(
    st.tuples(st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join), st.sampled_from(["en", "ru", "es"])),
    min_size=1, max_size=24,
)  # fmt: skip


@given(some_texts, st.integers(0, 2**16))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_order_and_batches_do_not_matter(
    tmp_path_factory: pytest.TempPathFactory, said: list[tuple[str, str]], seed: int
) -> None:
    folder = tmp_path_factory.mktemp("store")
    texts = [Text(f"{n:02}", text, language) for n, (text, language) in enumerate(said)]
    at_once = matcher(folder / "a", texts, vectors=Words())
    dice = random.Random(seed)
    mixed = dice.sample(texts, len(texts))
    cuts = sorted(dice.choices(range(len(texts) + 1), k=3))
    bit_by_bit = matcher(folder / "b", vectors=Words())
    for start, end in zip([0, *cuts], [*cuts, len(texts)], strict=True):
        bit_by_bit.add(mixed[start:end])
        bit_by_bit.find(mixed[0])
        bit_by_bit.across(mixed[0])
    reopened = matcher(folder / "b", vectors=Words())
    for text in [*texts, Text("x", "mine port olive", "en")]:
        assert at_once.find(text) == bit_by_bit.find(text) == reopened.find(text)
        assert at_once.across(text) == bit_by_bit.across(text) == reopened.across(text)


def test_many_batches_leave_few_segments(tmp_path: Path) -> None:
    one = matcher(tmp_path / "s", *([Text(f"{n}", f"report {n}", "en")] for n in range(200)))
    assert len(one.store) == 200
    assert len(one.store.segments) < 9
    assert len(list((tmp_path / "s").iterdir())) == len(one.store.segments) + 1


# ---------------------------------------------------------------- the store

anything = st.text(st.characters(), max_size=20)


@given(st.lists(st.builds(Text, anything, anything, anything, anything), max_size=8), st.integers(0, 8))
@settings(deadline=None)
def test_what_was_added_is_there(tmp_path_factory: pytest.TempPathFactory, texts: list[Text], cut: int) -> None:
    folder = tmp_path_factory.mktemp("store")
    for batch in (texts[:cut], texts[cut:], texts):
        Store(folder).add(batch)
    first: dict[str, Text] = {}
    for text in texts:
        first.setdefault(text.id, text)
    store = Store(folder)
    assert len(store) == len(first)
    for id, text in first.items():
        place = store.place(id)
        assert place is not None
        assert place[0].text(place[1]) == text
    assert store.place("\x00 not there") is None


def test_a_store_of_other_vectors_forgets_them(tmp_path: Path) -> None:
    old, new = Words("old"), Words("new")
    matcher(tmp_path / "s", TEXTS, vectors=old).across(TEXTS[0])
    assert old.read == len(TEXTS)
    matcher(tmp_path / "s", vectors=old).across(TEXTS[0])
    assert old.read == len(TEXTS)
    matcher(tmp_path / "s").find(TEXTS[0])
    matcher(tmp_path / "s", vectors=new).across(TEXTS[0])
    assert new.read == len(TEXTS)


def test_who_reads_meanwhile_sees_what_was_there(tmp_path: Path) -> None:
    matcher(tmp_path / "s", TEXTS[:5])
    reader = Matcher(tmp_path / "s")
    before = reader.find(TEXTS[0])
    matcher(tmp_path / "s", TEXTS[5:], [Text("z", TEXTS[0].text, "en")])
    assert reader.find(TEXTS[0]) == before
    assert ids(Matcher(tmp_path / "s").find(TEXTS[0]))[0] == "z"


def test_what_a_killed_run_left_behind_is_written_over(tmp_path: Path) -> None:
    matcher(tmp_path / "s", TEXTS[:5])
    shutil.copytree(tmp_path / "s" / "0", tmp_path / "s" / "1")
    (tmp_path / "s" / "texts.json.tmp").write_bytes(b"half")
    one = matcher(tmp_path / "s", TEXTS)
    assert len(one.store) == len(TEXTS)
    assert ids(one.find(TEXTS[0]))[0] == "a2"


FILES = sorted(
    f"{folder}{name}"
    for folder, names in {
        "": "languages.json language.npy id.npy id.utf8 text.npy text.utf8 title.npy title.utf8 vectors.npy scales.npy",
        "words/": "terms.npy starts.npy texts.npy times.npy lengths.npy",
        "grams/": "terms.npy starts.npy texts.npy times.npy lengths.npy",
    }.items()
    for name in names.split()
)


def test_the_files_of_a_segment_are_all_tried_below(tmp_path: Path) -> None:
    matcher(tmp_path / "s", TEXTS)
    there = (tmp_path / "s" / "0").rglob("*")
    assert sorted(str(path.relative_to(tmp_path / "s" / "0")) for path in there if path.is_file()) == FILES


@pytest.mark.parametrize("name", ["texts.json", *(f"0/{name}" for name in FILES)])
@pytest.mark.parametrize("what", ["cut", "empty", "gone"])
def test_a_damaged_store_says_so_in_one_line(tmp_path: Path, name: str, what: str) -> None:
    matcher(tmp_path / "s", TEXTS)
    path = tmp_path / "s" / name
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2] if what == "cut" else b"")
    if what == "gone":
        path.unlink()
    with pytest.raises(AllegedlyError) as said:
        Matcher(tmp_path / "s")
    told = str(said.value)
    assert told.startswith(f"{tmp_path / 's'}: ") and "\n" not in told
    assert "delete the folder and add them again" in told or (name, what) == ("texts.json", "gone")


def test_files_of_another_store_are_not_taken_for_its_own(tmp_path: Path) -> None:
    matcher(tmp_path / "s", TEXTS)
    matcher(tmp_path / "t", TEXTS[:5])
    for name in (each for each in FILES if each not in ("languages.json", "title.utf8")):
        shutil.copytree(tmp_path / "s", tmp_path / name)
        shutil.copy(tmp_path / "t" / "0" / name, tmp_path / name / "0" / name)
        with pytest.raises(AllegedlyError, match="damaged"):
            Matcher(tmp_path / name)


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "0").mkdir()
    with pytest.raises(AllegedlyError, match="holds something else"):
        Matcher(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["0"]
