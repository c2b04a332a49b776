"""Whether a place name stands for an actor ("Paris denied") or for the place ("in Paris")."""

from __future__ import annotations

from spacy.tokens import Span as Tokens
from spacy.tokens import Token

from allegedly.annotate.places.lexicon import words

_SUBJECTS = ("nsubj", "csubj")
_OBJECTS = ("dobj", "nsubjpass", "dative", "obj", "iobj")


def is_metonym(name: Tokens) -> bool:
    """True where the tokens `name` take an actor's part in their sentence.

    The part is read off the parse: subject of an act, object of an address ("urged Ankara"), party to a relation
    ("talks with", "between … and …"), owner of what only an actor owns ("Ankara's refusal", not "Ankara's beaches").
    After the place-for-people readings of Markert and Nissim (2007).
    """
    token = _head(name.root)
    if token.dep_ in _SUBJECTS:
        return _acts(token.head)
    if token.dep_ in _OBJECTS:
        return token.head.lemma_.lower() in words("metonymy", "addressed")
    if token.dep_ in ("pobj", "agent"):
        return _governed(token)
    if token.dep_ == "poss":
        return token.head.lemma_.lower() in words("metonymy", "owned_by_actors")
    return token.dep_ == "compound" and token.head.lower_ in words("metonymy", "actor_nouns")


def _acts(verb: Token) -> bool:
    """True for what an actor does or is: "denied", "is ready", "is an ally", "is behind it", but not "lies north"."""
    lemma = verb.lemma_.lower()
    if lemma == "be" and any(child.lower_ == "behind" for child in verb.children):
        return True
    if lemma == "stand" and any(child.lower_ in ("by", "with", "behind", "beside") for child in verb.children):
        return True
    states = [child for child in verb.children if child.dep_ in ("acomp", "attr", "oprd")]
    if states and lemma in words("metonymy", "copulas"):
        state = states[0].lemma_.lower()
        if states[0].pos_ == "NOUN":
            return state in words("metonymy", "parties") or _vows(verb)
        return state in words("metonymy", "actor_adjectives")
    return lemma not in words("metonymy", "place_subject")


def _vows(verb: Token) -> bool:
    """True for "will not be": what a place as such does not say of itself."""
    parts = {child.lower_ for child in verb.children if child.dep_ in ("aux", "neg")}
    return not parts.isdisjoint(("not", "n't", "n’t", "never")) and not parts.isdisjoint(("will", "wo", "would"))


def _head(token: Token) -> Token:
    """Return the first of the names that `token` is joined to ("Ankara" of "Tehran and Ankara")."""
    for head in (token, *token.ancestors):
        if head.dep_ not in ("conj", "appos"):
            return head if head is token or head.ent_type_ else token
    return token


def _governed(token: Token) -> bool:
    preposition, governor = token.head, token.head.head
    if preposition.lower_ in words("metonymy", "between_actors"):
        if preposition.lower_ in ("between", "among"):
            return governor.lemma_.lower() not in words("metonymy", "place_nouns") | words("metonymy", "joins_places")
        return preposition.lower_ != "by" or preposition.dep_ == "agent"
    if preposition.lower_ not in words("metonymy", "links"):
        return False
    if governor.pos_ == "ADJ" and preposition.lower_ != "from":
        return governor.lemma_.lower() in words("metonymy", "attitudes")
    if governor.pos_ in ("VERB", "AUX"):
        return _turned_on(governor, preposition.lower_)
    return governor.lemma_.lower() in words("metonymy", "actor_governors")


def _turned_on(verb: Token, preposition: str) -> bool:
    """True for "rely on", "pin the blame on", "impose sanctions on"."""
    if preposition in ("on", "onto", "upon", "to", "toward", "towards", "at"):
        given = [child.lemma_.lower() for child in verb.children if child.dep_ in ("dobj", "nsubjpass")]
        if any(noun in words("metonymy", "blame") for noun in given):
            return True
    return preposition in ("on", "to") and verb.lemma_.lower() in words("metonymy", "turned_" + preposition)
