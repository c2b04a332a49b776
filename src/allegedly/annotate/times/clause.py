"""What the clause around a time expression says: its tense, whether it is told speech, and what it is the time of."""

from __future__ import annotations

import re

from spacy.tokens import Doc, Token

from allegedly.annotate.times.lexicon import words

_NEAR = 7
"""Tokens within which "two days after" names what it counts from."""
_ENDING = re.compile(r"(?:ings?|ments?|e|s)$")
_STEM = 5
"""Letters that a verb shares with its noun: "explode", "explosion"."""


def token_at(doc: Doc, position: int) -> Token:
    span = doc.char_span(position, position + 1, alignment_mode="expand")
    return doc[0] if span is None else span[0]


def tense(token: Token, first: Token, weekday: bool) -> int:
    """Return the tense that bears on the expression from `first` to `token`: -1 past, 1 future, 0 unknown.

    For a `weekday`, what "would" or "could" happen lies ahead.
    """
    before = first.nbor(-1).lower_ if first.i else ""
    if before in ("until", "till"):  # "postponed until Monday"
        return 1
    told = _tense(token, weekday)
    return 1 if told == 0 and before in words("tense", "ahead") else told


def _tense(token: Token, weekday: bool) -> int:
    for head in (token, *token.ancestors):
        if head.lower_ in words("tense", "plans"):
            return 1
        if head.pos_ in ("VERB", "AUX") and (found := _tense_of(head, weekday)) is not None:
            return found
    return 0


def _tense_of(verb: Token, weekday: bool) -> int | None:
    """Return the tense of `verb`, or None for a participle that has the tense of the clause it hangs on."""
    auxiliaries = [child for child in verb.children if child.dep_ in ("aux", "auxpass")]
    lower = {child.lower_ for child in auxiliaries}
    planned = verb.lemma_ in words("tense", "plans") and verb.tag_ != "VBD"
    present = verb.tag_ == "VBG" and not lower.isdisjoint(words("tense", "present"))
    may = weekday and not lower.isdisjoint(words("tense", "modal")) and "have" not in lower
    if planned or present or may or "to" in lower or not lower.isdisjoint(words("tense", "future")):
        return 1
    if verb.tag_ in ("VBD", "VBN") or any(child.tag_ == "VBD" for child in auxiliaries):
        return -1
    return None if verb.tag_ == "VBG" else 0


def is_reported(token: Token) -> bool:
    """True where the time is that of the telling ("police said Monday"), which is near publication."""
    verb = _verb(token)
    if verb is None:
        return False
    if verb.lemma_ in words("telling", "light_verbs"):
        around = [verb.head, *verb.children]
        return any(noun.pos_ == "NOUN" and noun.lemma_ in words("telling", "nouns") for noun in around)
    return verb.lemma_ in words("telling", "verbs")


def is_in_passing(token: Token) -> bool:
    """True where the story does not go on from the time.

    So in an aside (", which began on May 3,") and after what is told ("…, the ministry said on Monday", "in remarks
    made on Monday"), but not in "On Sunday, the ministry said" or "The ministry said on Sunday that".
    """
    verb = _verb(token, "AUX")
    if verb is None:
        return False
    if verb.dep_ == "relcl" and any(child.lower_ == "which" for child in verb.children):
        return True
    telling = verb.lemma_ in words("telling", "claims") or is_reported(token)
    content_before = any(child.dep_ == "ccomp" and child.i < verb.i for child in verb.children)
    return telling and token.i > verb.i and (content_before or verb.dep_ == "acl")


def _verb(token: Token, *also: str) -> Token | None:
    return next((head for head in (token, *token.ancestors) if head.pos_ == "VERB" or head.pos_ in also), None)


def stem(token: Token) -> str:
    """Return what a noun and its verb share ("explosion", "exploded"), as far as spelling goes."""
    return _ENDING.sub("", token.lemma_.lower())[:_STEM]


def things_at(token: Token) -> set[str]:
    """Return the stems of what happens at the time that ends with `token`: its verb, the verb's parts, its nouns."""
    found: set[str] = set()
    for head in token.ancestors:
        if head.pos_ in ("NOUN", "VERB"):
            found.add(stem(head))
        if head.pos_ in ("VERB", "AUX"):
            parts = (child for child in head.children if child.dep_ in ("nsubj", "nsubjpass", "dobj", "attr"))
            return found | {stem(child) for child in parts if child.pos_ == "NOUN"}
    return found


def thing_after(token: Token) -> Token | None:
    """Return what "after", "before" or "of" at `token` counts from: the noun, or the verb of a clause."""
    for word in token.doc[token.i + 1 : min(token.i + _NEAR, token.sent.end)]:
        if word.is_punct:
            return None
        if word.pos_ in ("NOUN", "PROPN", "VERB") and word.dep_ not in ("compound", "amod", "poss", "nummod"):
            clause = word.dep_ in ("nsubj", "nsubjpass") and word.head.pos_ == "VERB"
            return word.head if clause else word
    return None


def is_definite(thing: Token) -> bool:
    """True for "the blast", "our release": readers are taken to know which."""
    return any(child.dep_ == "poss" or child.lower_ in ("the", "this", "that") for child in thing.children)
