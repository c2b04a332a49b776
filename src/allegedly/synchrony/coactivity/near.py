"""Near-same texts: all pairs of posts within W seconds whose sets of words have a Jaccard index of at least t. Exact.

Filters, each of which lets every true pair through: words are ordered from rare to common, and two sets that are alike
enough share one of their first |x| - ceil(t|x|) + 1 words (Chaudhuri, Ganti and Kaushik 2006; Bayardo, Ma and Srikant
2007); their sizes are alike, and enough words must be left behind the shared one (Xiao et al. 2008, PPJoin); and their
64-bit signatures differ in no more bits than their sets may differ in words. What is left is counted out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from allegedly.synchrony.coactivity.files import Objects
from allegedly.synchrony.coactivity.items import coded, in_order, without_reposts
from allegedly.synchrony.coactivity.posts import Posts
from allegedly.synchrony.coactivity.window import PAIRS, Weights, chunks, laid_out, partners
from allegedly.synchrony.coactivity.words import BITS, BLOCK, WordSets, word_sets

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Hashes = npt.NDArray[np.uint64]
Bools = npt.NDArray[np.bool_]

_EXACT = 1e-9
"""So far below a whole number a product is taken for it: 0.9 * 10 must not become more than 9."""
_RARE_BITS = 20
_SLOTS = 2**22


def near_weights(posts: Posts, window: float, threshold: float, as_: str | None = None) -> tuple[Weights, Objects]:
    """Return weights of accounts, and the names of accounts by code.

    Weight: each account's distinct texts that have a near-same one by the other within `window` seconds, the smaller
    number of the two. As the coordination-network-toolkit sees it: posts of the first that have one, both ways.
    """
    posts = without_reposts(posts) if as_ == "cnt" else posts
    order = np.argsort(posts.time, kind="stable")
    texts: dict[str, int] = {}
    text = coded((value or "" for value in posts.columns["text"][order]), texts)
    names: dict[str, int] = {}
    account = coded(posts.account[order], names)
    rank, accounts = in_order(names)
    account = rank[account]
    unit = np.arange(len(text)) if as_ == "cnt" else text
    total = _Units(len(accounts))
    for left, right in near_pairs(text, account, posts.time[order], word_sets(list(texts), as_), window, threshold):
        total.add(account[left], account[right], unit[left])
        total.add(account[right], account[left], unit[right])
    return (total.directed() if as_ == "cnt" else total.smaller()), accounts


def near_items(posts: Posts, window: float, threshold: float) -> Ints:
    """Return a group of near-same texts for each post, by number: whatever a chain of near-same posts links.

    Posts of two accounts within `window` seconds are compared. A post without words is a group of its own.
    """
    order = np.argsort(posts.time, kind="stable")
    texts: dict[str, int] = {}
    text = coded((value or "" for value in posts.columns["text"][order]), texts)
    account = coded(posts.account[order], {})
    group = np.arange(len(texts))
    for left, right in near_pairs(text, account, posts.time[order], word_sets(list(texts)), window, threshold):
        _merge(group, text[left], text[right])
    empty = np.array([not value for value in texts], bool)[text]
    item = np.where(empty, len(texts) + np.arange(len(text)), group[text])
    back = np.empty_like(item)
    back[order] = item
    return back


def _merge(group: Ints, left: Ints, right: Ints) -> None:
    """Give all that these pairs link the least number among them, in place."""
    while True:
        least = np.minimum(group[left], group[right])
        before = group.copy()
        np.minimum.at(group, group[left], least)
        np.minimum.at(group, group[right], least)
        group[:] = group[group]
        if (group == before).all():
            return


def near_pairs(
    text: Ints, account: Ints, time: Floats, sets: WordSets, window: float, threshold: float, size: int = PAIRS
) -> Iterator[tuple[Ints, Ints]]:
    """Yield in chunks all pairs of rows (left before right) of two accounts within the window with near-same words.

    A pair may come twice. Rows are sorted by time; `text` is the place of each row's words in `sets`. A text without
    words is like none.
    """
    index = _index(text, time, sets, threshold, window)
    judge = _Judge(sets, threshold)
    for start, stop in chunks(index.high - index.low, size):
        left, right = laid_out(np.arange(start, stop), index.low[start:stop], index.high[start:stop])
        right = index.by_word[right]
        apart = account[index.row[left]] != account[index.row[right]]
        left, right = left[apart], right[apart]
        left, right = _passing(index, left, right, judge)
        pair = np.unique(index.row[left] * len(text) + index.row[right])
        one, other = pair // len(text), pair % len(text)
        alike = judge.alike(text[one], text[other])
        yield one[alike], other[alike]


class _Index(NamedTuple):
    """The first words of every row, in order of rows; and for each the later rows with the same word in the window."""

    row: Ints
    place: Ints
    """How many rarer words stand before."""
    size: Ints
    """Words of the row's text."""
    text: Ints
    low: Ints
    high: Ints
    """A range of `by_word`."""
    by_word: Ints
    """Entries in order of word and time."""


def _index(text: Ints, time: Floats, sets: WordSets, threshold: float, window: float) -> _Index:
    first = _first_words(sets, threshold)
    counts = np.diff(first.start)[text]
    row, entry = laid_out(np.arange(len(text)), first.start[text], first.start[text] + counts)
    place = entry - first.start[text][row]
    word = np.unique(first.word, return_inverse=True)[1][entry]
    by_word = np.lexsort((row, word))  # rows are in order of time
    _, high = partners(word[by_word], time[row[by_word]], window)
    low_of, high_of = np.empty_like(high), np.empty_like(high)
    low_of[by_word], high_of[by_word] = np.arange(len(by_word)) + 1, high
    return _Index(row, place, sets.size[text][row], text[row], low_of, high_of, by_word)


def _first_words(sets: WordSets, threshold: float) -> WordSets:
    """Return the rarest words of each text, as many as two texts that are alike cannot all miss.

    Rarity counts slots of words; any one order will do, as long as it is the same for all texts.
    """
    slot = sets.word & (_SLOTS - 1)
    often = np.minimum(np.bincount(slot, minlength=_SLOTS)[slot], 2**_RARE_BITS - 1)
    ranked = (often << (BITS - _RARE_BITS)) | (sets.word >> _RARE_BITS)
    size = sets.size
    kept = size - least_common(size, threshold) + 1
    words, starts = [np.empty(0, np.int64)], np.r_[0, np.cumsum(kept)]
    for start in range(0, len(size), BLOCK):
        part = slice(start, min(start + BLOCK, len(size)))
        inside = ranked[sets.start[part.start] : sets.start[part.stop]]
        of = np.repeat(np.arange(part.stop - part.start), size[part])
        mixed = np.sort((of << BITS) | inside)
        place = np.arange(len(mixed)) - np.repeat(sets.start[part] - sets.start[part.start], size[part])
        words.append(mixed[place < np.repeat(kept[part], size[part])] & (2**BITS - 1))
    return WordSets(starts, np.concatenate(words))


def least_common(size: Ints, threshold: float) -> Ints:
    """Return how many words of a set of this size the other must hold, at the least: ceil(t|x|); size + 1 for none."""
    least = np.ceil(size * threshold - _EXACT).astype(np.int64)
    return np.where(size > 0, np.maximum(least, 1), 1)


def _passing(index: _Index, left: Ints, right: Ints, judge: _Judge) -> tuple[Ints, Ints]:
    """Leave out the pairs that cannot be alike by size, place or signature."""
    one, other = index.size[left], index.size[right]
    common = judge.common(one + other)
    rest = np.minimum(one - index.place[left], other - index.place[right])
    kept = (np.minimum(one, other) >= common) & (rest >= common)
    left, right, slack = left[kept], right[kept], (one + other - 2 * common)[kept]
    kept = judge.apart(index.text[left], index.text[right]) <= slack
    return left[kept], right[kept]


@dataclass(slots=True)
class _Judge:
    """Says of pairs of texts whether their words are alike."""

    sets: WordSets
    threshold: float
    signature: Hashes

    def __init__(self, sets: WordSets, threshold: float) -> None:
        self.sets, self.threshold = sets, threshold
        self.signature = _signatures(sets)

    def common(self, sizes: Ints) -> Ints:
        """Return how many words two sets must share whose sizes add up to this: ceil(t / (1 + t) * sum)."""
        share = self.threshold / (1 + self.threshold)
        least: Ints = np.maximum(np.ceil(sizes * share - _EXACT).astype(np.int64), 1)
        return least

    def apart(self, one: Ints, other: Ints) -> Ints:
        """Return a lower bound of the words that are in one of two texts only."""
        differing: Ints = _ones(self.signature[one] ^ self.signature[other])
        return differing

    def alike(self, one: Ints, other: Ints) -> Bools:
        """Return whether pairs of texts are alike, each two texts compared once."""
        low, top = np.minimum(one, other), np.maximum(one, other)
        number = len(self.signature)
        pair, back = np.unique(low * number + top, return_inverse=True)
        found = np.zeros(len(pair), bool)
        for start in range(0, len(pair), BLOCK):
            part = pair[start : start + BLOCK]
            found[start : start + BLOCK] = self._alike(part // number, part % number)
        return found[back]

    def _alike(self, one: Ints, other: Ints) -> Bools:
        size = self.sets.size
        common = self.common(size[one] + size[other])
        alike: Bools = _shared(self.sets, one, other) >= common
        return alike


def _shared(sets: WordSets, one: Ints, other: Ints) -> Ints:
    """Return the number of words that two texts have in common; at most `BLOCK` pairs of texts."""
    pairs = np.arange(len(one))
    of, word = [], []
    for text in (one, other):
        pair, at = laid_out(pairs, sets.start[text], sets.start[text + 1])
        of.append(pair)
        word.append(sets.word[at])
    mixed = np.sort((np.concatenate(of) << BITS) | np.concatenate(word))
    twice = mixed[1:][mixed[1:] == mixed[:-1]] >> BITS
    shared: Ints = np.bincount(twice, minlength=len(one))
    return shared


def _signatures(sets: WordSets) -> Hashes:
    """Return 64 bits a text, in which each word turns one: two texts' differ in no more bits than their words."""
    signature = np.zeros(len(sets.size), np.uint64)
    full = np.flatnonzero(sets.size)
    if len(full):
        bit = np.uint64(1) << (sets.word & 63).astype(np.uint64)
        signature[full] = np.bitwise_xor.reduceat(bit, sets.start[:-1][full])
    return signature


def _ones(bits: Hashes) -> Ints:
    if hasattr(np, "bitwise_count"):  # NumPy 2
        counted: Ints = np.bitwise_count(bits).astype(np.int64)
        return counted
    table = np.array([bin(byte).count("1") for byte in range(256)], dtype=np.int64)
    counted = table[bits.view(np.uint8)].reshape(-1, 8).sum(axis=1)
    return counted


class _Units:
    """Distinct (account, other account, unit): which texts or posts of an account have a near-same one of the other."""

    def __init__(self, accounts: int) -> None:
        self._accounts = max(accounts, 1)
        self._parts: list[npt.NDArray[np.int64]] = []
        self._held = 0

    def add(self, account: Ints, other: Ints, unit: Ints) -> None:
        """Take in some rows."""
        self._parts.append(np.stack((account * self._accounts + other, unit)))
        self._held += len(unit)
        if self._held > 4 * PAIRS and self._held > 2 * self._parts[0].shape[1]:
            self._parts = [self._distinct()]
            self._held = self._parts[0].shape[1]

    def directed(self) -> Weights:
        """Return the number of units of the first account of each ordered two."""
        pair, count = np.unique(self._distinct()[0], return_counts=True)
        return Weights(pair // self._accounts, pair % self._accounts, count)

    def smaller(self) -> Weights:
        """Return the smaller number of each two accounts."""
        ways = self.directed()
        back = np.lexsort((ways.first, ways.second))  # the k-th pair turned round
        once = ways.first < ways.second
        weight = np.minimum(ways.weight, ways.weight[back])
        return Weights(ways.first[once], ways.second[once], weight[once])

    def _distinct(self) -> npt.NDArray[np.int64]:
        if not self._parts:
            return np.empty((2, 0), np.int64)
        rows = np.concatenate(self._parts, axis=1)
        rows = rows[:, np.lexsort((rows[1], rows[0]))]
        new = np.ones(rows.shape[1], bool)
        new[1:] = (rows[:, 1:] != rows[:, :-1]).any(axis=0)
        return rows[:, new]
