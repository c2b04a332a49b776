"""What is compared of a mention: words, surroundings and vectors, all from the parse and the shipped encoder."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from allegedly.annotate.claims.tagger.network import network
from allegedly.annotate.claims.tagger.windows import windows
from allegedly.annotate.parse import Parsed
from allegedly.annotate.syntax import Range, Syntax, syntax_of
from allegedly.link.coreference.lexicon import base, entry
from allegedly.link.coreference.roles import Roles, roles_of
from allegedly.link.words import stopwords
from allegedly.records import Span

Floats = NDArray[np.float32]
Bag = Mapping[str, float]
"""Words with weights, of length 1."""

NEAR = 6
"""Tokens before and after a mention that are its nearest surroundings."""
_WORD = re.compile(r"[^\W\d_][^\W_\-]*(?:-[^\W_]+)*$|\d[\d.,]*$")
_NAMED = frozenset({"PERSON", "ORG", "NORP", "PRODUCT", "WORK_OF_ART", "EVENT", "LAW"})
_PLACES = frozenset({"GPE", "LOC", "FAC"})
_TIMES = frozenset({"DATE", "TIME"})
_NUMBERS = frozenset({"CARDINAL", "MONEY", "PERCENT", "QUANTITY", "ORDINAL"})
_PRONOUNS = frozenset({"PRP", "PRP$", "DT", "WDT", "WP"})
_PLAIN = frozenset({"be", "have", "do", "'s", "n't"})
_COMMON = 1_996
"""Where words begin in the encoder's vocabulary, which has them in order of frequency."""


class Page(NamedTuple):
    """What the mentions of one document share."""

    id: str
    bases: frozenset[str]
    """Base forms of its words."""
    words: Bag
    vector: Floats


class Names(NamedTuple):
    """Lemmas that the parser takes for names and the like."""

    named: frozenset[str]
    places: frozenset[str]
    times: frozenset[str]
    numbers: frozenset[str]
    near: frozenset[str]
    """Names close by."""


class Mention(NamedTuple):
    """One mention of an event. Vectors have shape ``(384,)`` and length 1."""

    page: Page
    span: Span
    head: str
    """Base form of its head word."""
    tag: str
    """Penn tag of the head."""
    own: frozenset[str]
    """Lemmas of its words."""
    family: frozenset[str]
    """Words of the families of its content words."""
    roles: Roles
    names: Names
    sentence: Bag
    near: Bag
    around: frozenset[str]
    """Base forms of the words of its sentence, its own left out."""
    close: frozenset[str]
    """Those within `NEAR` tokens."""
    order: float
    """Where its sentence stands in the document, from 0 to 1."""
    vectors: tuple[Floats, Floats, Floats, Floats]
    """Of the head in its context, the whole mention, the sentence, and the head's base form by itself."""

    @property
    def is_verb(self) -> bool:
        return self.tag.startswith("VB")

    @property
    def pronoun(self) -> bool:
        return self.tag in _PRONOUNS

    @property
    def category(self) -> int:
        """The lexicographer's file of WordNet that its head is in, 0 for none."""
        known = entry(self.head)
        return (known.verb or known.noun) if self.is_verb else (known.noun or known.verb)


def mentions_of(parsed: Parsed, spans: Iterable[Span]) -> list[Mention]:
    """Return the mentions at `spans` (code points) of a document, in order; those with no parsed word are left out."""
    s = syntax_of(parsed)
    if not len(s):
        return []
    vectors = _vectors(s)
    bases = [base(base_of) for base_of in s.lemma]
    page = Page(parsed.document.id, frozenset(bases), _bag(_content(s, 0, len(s))), _unit(vectors.mean(0)))
    tokens = [(span, (s.at(span[0]), s.at(span[1] - 1) + 1)) for span in spans]
    return [_mention(s, page, span, (a, min(b, len(s))), vectors, bases) for span, (a, b) in tokens if a < len(s)]


def _mention(s: Syntax, page: Page, span: Span, own: Range, vectors: Floats, bases: Sequence[str]) -> Mention:
    inside = range(*own)
    head = next((i for i in inside if s.head[i] not in inside or s.head[i] == i), own[0])
    first, last = s.sentences[s.sentence[head]]
    sentence = [i for i in range(first, last) if i not in inside]
    near = [i for i in sentence if abs(i - head) <= NEAR]
    words = [_head_base(s, i) for i in inside if s.lemma[i] not in stopwords()]
    return Mention(
        page=page,
        span=span,
        head=_head_base(s, head),
        tag=s.tag[head],
        own=frozenset(s.lemma[own[0] : own[1]]),
        family=frozenset(w for word in words for w in entry(word).family),
        roles=roles_of(s, head),
        names=_names(s, first, last, head),
        sentence=_bag(w for i in sentence for w in _content(s, i, i + 1)),
        near=_bag(w for i in near for w in _content(s, i, i + 1)),
        around=frozenset(bases[i] for i in sentence),
        close=frozenset(bases[i] for i in near),
        order=s.sentence[head] / len(s.sentences),
        vectors=(
            _unit(vectors[head]),
            _unit(vectors[own[0] : own[1]].mean(0)),
            _unit(vectors[first:last].mean(0)),
            _by_itself(_head_base(s, head)),
        ),
    )


def _head_base(s: Syntax, i: int) -> str:
    """The parser's lemma, or the word where only WordNet knows it: headlines have capitals that mislead the parser."""
    found = base(s.lemma[i])
    return found if entry(found).senses else base(s.lower[i])


def _names(s: Syntax, first: int, last: int, head: int) -> Names:
    def lemmas(kinds: frozenset[str], tokens: range) -> frozenset[str]:
        return frozenset(w for i in tokens if s.ent[i] in kinds for w in _content(s, i, i + 1))

    near = range(max(first, head - NEAR), min(last, head + NEAR + 1))
    named, places, times, numbers = (lemmas(k, range(first, last)) for k in (_NAMED, _PLACES, _TIMES, _NUMBERS))
    return Names(named, places, times, numbers, lemmas(_NAMED, near))


def _content(s: Syntax, first: int, last: int) -> list[str]:
    return [
        w for w in s.lemma[first:last] if len(w) > 1 and _WORD.match(w) and w not in stopwords() and w not in _PLAIN
    ]


def _bag(words: Iterable[str]) -> Bag:
    weights = {word: (1 + math.log(n)) * rarity(word) for word, n in Counter(words).items()}
    length = math.sqrt(sum(w * w for w in weights.values()))
    return {word: w / length for word, w in weights.items()}


@cache
def rarity(word: str) -> float:
    """Return how rare an English word is, from 0.5 to 4.5, by its rank in the encoder's vocabulary.

    It stands for the inverse document frequency, which would change with every document added.
    """
    rank = network().vocabulary.rank(word)
    return 4.5 if rank < _COMMON else 0.5 + math.log1p((rank - _COMMON + 100) / 100)


def _vectors(s: Syntax) -> Floats:
    found = np.zeros((len(s), 384), np.float32)
    for window in windows(s, network().vocabulary):
        found[window.first : window.last] = network().vectors(window.pieces, window.places)
    return found


@cache
def _by_itself(word: str) -> Floats:
    vocabulary = network().vocabulary
    pieces = vocabulary.ids(word)[:12]
    read = np.array([vocabulary.start, *pieces, vocabulary.stop], np.int64)
    return _unit(network().vectors(read, np.arange(1, 1 + len(pieces))).mean(0))


def _unit(vector: Floats) -> Floats:
    found: Floats = (vector / max(float(np.linalg.norm(vector)), 1e-9)).astype(np.float32)
    return found
