"""Near-same texts: exact against brute force, and words as Unicode parts them."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allegedly.errors import AllegedlyError
from allegedly.synchrony.coactivity import Posts, network
from allegedly.synchrony.coactivity.near import near_pairs
from allegedly.synchrony.coactivity.words import WordSets, word_sets

TEXTS = st.lists(st.lists(st.sampled_from("abcdefghij"), max_size=12).map(" ".join), max_size=14)


@settings(deadline=None)
@given(TEXTS, st.sampled_from([0.3, 0.5, 0.6, 2 / 3, 0.75, 0.8, 0.9, 1.0]), st.integers(0, 20), st.integers(1, 7))
def test_pairs_by_brute_force_in_chunks_of_any_size(texts: list[str], least: float, window: int, size: int) -> None:
    sets = [set(text.split()) for text in texts]
    text, account, time = np.arange(len(texts)), np.arange(len(texts)) % 3, np.arange(len(texts)) * 4.0
    found = near_pairs(text, account, time, word_sets(texts), window, least, size)
    expected = {
        (i, j)
        for i, j in combinations(range(len(texts)), 2)
        if sets[i] & sets[j]
        and i % 3 != j % 3
        and (j - i) * 4 <= window
        and len(sets[i] & sets[j]) / len(sets[i] | sets[j]) >= least
    }
    assert {pair for one, other in found for pair in zip(one.tolist(), other.tolist(), strict=True)} == expected


@settings(deadline=None, max_examples=50)
@given(TEXTS, st.sampled_from([0.5, 0.8, 0.9]), st.sampled_from([None, "cnt"]))
def test_weights_by_brute_force(texts: list[str], least: float, as_: str | None) -> None:
    names = ["xyz"[n % 3] for n in range(len(texts))]
    units = defaultdict(set)
    for i, j in combinations(range(len(texts)), 2):
        one, other = set(texts[i].split()), set(texts[j].split())
        if names[i] != names[j] and one & other and len(one & other) / len(one | other) >= least:
            units[names[i], names[j]].add(i if as_ else texts[i])
            units[names[j], names[i]].add(j if as_ else texts[j])
    edges = network(Posts.of(names, [0.0] * len(texts), text=texts), "near-text", 5, as_, least, min_weight=1)
    found = zip(edges.account_1, edges.account_2, edges.weight.tolist(), strict=True)
    assert {(a, b): w for a, b, w in found} == {
        (a, b): len(of) if as_ else min(len(of), len(units[b, a])) for (a, b), of in units.items() if as_ or a < b
    }


def test_one_word_of_ten_may_differ() -> None:
    words = "one two three four five six seven eight nine ten".split()
    posts = Posts.of("ab", [0, 5], text=[" ".join(words), " ".join(words[:-1])])
    assert network(posts, "near-text", 5).weight.tolist() == [1]
    assert not len(network(posts, "near-text", 4))
    assert not len(network(posts, "near-text", 5, threshold=0.91))


def test_coortweet_has_no_near_same_text() -> None:
    with pytest.raises(AllegedlyError, match="CooRTweet"):
        network(Posts.of("ab", [0, 5], text=["a", "b"]), "near-text", 5, "coortweet")


@pytest.mark.parametrize(
    ("text", "own", "toolkit"),
    [
        ("Don't say 3.14, Ann!", "don't say 3.14 ann", "don't say 3.14 , ann !"),
        ("'orange' @bob: x_y", "orange x_y", "orange x_y"),
        ("see http://t.co/a", "see", "see http : / t.co a"),
        ("Еду  в Киев…", "еду в киев", "еду в киев …"),
        ("cafe\u0301 ole\u0301", "cafe\u0301 ole\u0301", "cafe\u0301 ole\u0301"),
        ("漢字 カタカナ", "漢 字 カタカナ", "漢 字 カタカナ"),
        ("🇩🇪🇫🇷 \U0001f469\u200d\U0001f52c", "", "🇩🇪 🇫🇷 \U0001f469\u200d\U0001f52c"),
        ("a\nb\r\nc", "a b c", "a b c"),
        (" \t\u2028 ", "", ""),
    ],
)
def test_words_are_those_of_unicode(text: str, own: str, toolkit: str) -> None:
    """The toolkit's column was made with its own `tokenize`."""
    assert _numbers(word_sets([text])) == {_number(word) for word in own.split(" ") if word}
    assert _numbers(word_sets(["x", text, ""], "cnt"), 1) == {_number(word) for word in toolkit.split(" ") if word}


def _numbers(sets: WordSets, text: int = 0) -> set[int]:
    return set(sets.word[sets.start[text] : sets.start[text + 1]].tolist())


def _number(word: str) -> int:
    from allegedly.synchrony.coactivity import words

    codes = np.array([ord(c) for c in word], dtype=np.uint32)
    return int(words._numbers(codes, np.array([0]))[0])
