"""Part of speech, morphology and lemma from spaCy's own rules, worked out once for each kind of token.

The pipeline's attribute ruler tries its 180 patterns on every token anew, and its lemmatizer looks every word up anew;
together they take a third of the parse. What the patterns make of a token depends on its tag, its dependency, whether
it is white space and, for the few words that they name, on the word; what the lemmatizer makes of it on the word, its
part of speech and its morphology. So both are asked once for each such combination, and the answers are kept. The
result is the same, token for token (`tests/test_parse.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, cast

import numpy as np
from spacy.attrs import DEP, IS_SPACE, LEMMA, LOWER, MORPH, ORTH, POS, TAG  # type: ignore[import-not-found]
from spacy.language import Language
from spacy.pipeline import AttributeRuler, Lemmatizer
from spacy.tokens import Doc

_NAME = "allegedly_morphology"
_READ = frozenset({"TAG", "LOWER", "DEP", "IS_SPACE"})
"""What patterns may look at for their answers to be kept."""
_MOST = 200_000
"""Answers kept; a long run over many words starts again rather than grow without end."""

_Kind = tuple[int, ...]
_Told = tuple[int, int, int, tuple[int, int] | None]
"""Part of speech, morphology, lemma (0: the lemmatizer's), and tag and dependency where a pattern changes them."""
_ATTRIBUTES = {POS: "pos", LEMMA: "lemma", TAG: "tag", DEP: "dep"}


def remember_morphology(nlp: Language) -> None:
    """Put `Morphology` in the place of the attribute ruler and the lemmatizer, where it can stand for them."""
    if not {"attribute_ruler", "lemmatizer"} <= set(nlp.pipe_names):
        return
    ruler = cast(AttributeRuler, nlp.get_pipe("attribute_ruler"))
    lemmatizer = cast(Lemmatizer, nlp.get_pipe("lemmatizer"))
    if not _keeps(ruler, lemmatizer):
        return
    nlp.remove_pipe("attribute_ruler")
    nlp.remove_pipe("lemmatizer")
    Language.factory(_NAME, func=lambda nlp, name: Morphology(nlp, ruler, lemmatizer))
    nlp.add_pipe(_NAME, after="parser")


def _keeps(ruler: AttributeRuler, lemmatizer: Lemmatizer) -> bool:
    read = {
        name for pattern in _patterns(ruler) for tokens in pattern["patterns"] for token in tokens for name in token
    }
    return read <= _READ and lemmatizer.mode == "rule" and not lemmatizer.overwrite


class Morphology:
    """A component that sets part of speech, morphology and lemma of every token of a `Doc`."""

    def __init__(self, nlp: Language, ruler: AttributeRuler, lemmatizer: Lemmatizer) -> None:
        self._single, self._several = AttributeRuler(nlp.vocab), AttributeRuler(nlp.vocab)
        self._ruler, self._lemmatizer = ruler, lemmatizer
        _index_by_hash(lemmatizer)
        self._rank: dict[bool, list[int]] = {False: [], True: []}
        for rank, pattern in enumerate(_patterns(ruler)):
            several = len(pattern["patterns"][0]) > 1
            (self._several if several else self._single).add_patterns([pattern])
            self._rank[several].append(rank)
        self._words = {nlp.vocab.strings.add(word) for word in _words(ruler)}
        self._odd = [re.compile(odd) for odd in _expressions(ruler)]
        self._strings = nlp.vocab.strings
        self._named: dict[int, int] = {}
        self._told: dict[_Kind, _Told] = {}
        self._lemmas: dict[_Kind, int] = {}

    def __call__(self, doc: Doc) -> Doc:
        """Set the attributes in place and return `doc`."""
        if max(len(self._lemmas), len(self._named)) > _MOST:
            self._lemmas.clear()
            self._named.clear()
        beside = self._matched_beside(doc)
        rows: list[tuple[int, int, int]] = []
        for i, (tag, lower, dep, space, orth) in enumerate(doc.to_array([TAG, LOWER, DEP, IS_SPACE, ORTH]).tolist()):
            kind = (tag, self._name(lower), dep, space, *beside.get(i, ()))
            told = self._told.get(kind)
            if told is None:
                told = self._told[kind] = self._tell(doc, i, beside.get(i, ()))
            pos, morph, lemma, other = told
            if other:
                doc[i].tag, doc[i].dep = other
            rows.append((pos, morph, lemma or self._lemma(doc, i, orth, pos, morph)))
        set_: Any = np.array(rows, np.uint64)
        doc.from_array([POS, MORPH, LEMMA], set_)
        return doc

    def _lemma(self, doc: Doc, i: int, orth: int, pos: int, morph: int) -> int:
        kind = (orth, pos, morph)
        known = self._lemmas.get(kind)
        if known is None:
            token: Any = doc[i]
            token.pos = pos
            if morph:
                token.set_morph(self._strings[morph])
            known = self._lemmas[kind] = self._strings.add(self._lemmatizer.lemmatize(doc[i])[0])
        return known

    def _name(self, lower: int) -> int:
        """Return the word where a pattern may name it, else 0."""
        known = self._named.get(lower)
        if known is None:
            named = lower in self._words or any(odd.search(self._strings[lower]) for odd in self._odd)
            known = self._named[lower] = lower if named else 0
        return known

    def _matched_beside(self, doc: Doc) -> dict[int, tuple[int, ...]]:
        """Return the patterns of several tokens that match, by the token whose attributes they set."""
        found: dict[int, tuple[int, ...]] = {}
        for pattern, _, start, end in self._several.match(doc):
            index = self._several.indices[pattern]
            at = (start if index >= 0 else end) + index
            found[at] = (*found.get(at, ()), self._rank[True][pattern])
        return found

    def _tell(self, doc: Doc, i: int, beside: tuple[int, ...]) -> _Told:
        """Return what the patterns set on a token, later ones over earlier ones, and what it has already."""
        alone: Any = doc[i : i + 1]
        ranks = {self._rank[False][pattern] for pattern, _, _, _ in self._single.match(alone)} | set(beside)
        told = {attribute: getattr(doc[i], name) for attribute, name in _ATTRIBUTES.items()}
        told[MORPH] = 0
        for rank in sorted(ranks):
            told |= self._ruler.attrs[rank]
        other = (told[TAG], told[DEP])
        return told[POS], told[MORPH], told[LEMMA], None if other == (doc[i].tag, doc[i].dep) else other


def _index_by_hash(lemmatizer: Lemmatizer) -> None:
    """Make sets of the lists of known lemmas, which are searched for each new word."""
    if "lemma_index" in lemmatizer.lookups:
        index = lemmatizer.lookups.get_table("lemma_index")
        for pos in list(index):
            index[pos] = frozenset(index[pos])


def _words(ruler: AttributeRuler) -> Iterator[str]:
    for value in _constraints(ruler):
        if isinstance(value, str):
            yield value
        else:
            yield from (word for name in ("IN", "NOT_IN") for word in value.get(name, ()))


def _expressions(ruler: AttributeRuler) -> Iterator[str]:
    for value in _constraints(ruler):
        if not isinstance(value, str) and "REGEX" in value:
            yield value["REGEX"]


def _constraints(ruler: AttributeRuler) -> Iterator[Any]:
    """Yield what patterns ask of the word."""
    for pattern in _patterns(ruler):
        for tokens in pattern["patterns"]:
            yield from (token["LOWER"] for token in tokens if "LOWER" in token)


def _patterns(ruler: AttributeRuler) -> list[dict[str, Any]]:
    return cast(list[dict[str, Any]], ruler.patterns)
