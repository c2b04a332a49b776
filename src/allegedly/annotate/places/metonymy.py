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
    ("talks with", "between … and …"), owner of what only an actor owns. After the place-for-people readings of
    Markert and Nissim (2007).
    """
    token = _head(name.root)
    if token.dep_ in _SUBJECTS:
        return _acts(token.head)
    if token.dep_ in _OBJECTS:
        return token.head.lemma_.lower() in words("metonymy", "addressed")
    if token.dep_ in ("pobj", "agent"):
        return _governed(token)
    if token.dep_ == "poss":
        return token.head.lower_ not in words("metonymy", "place_nouns")
    return token.dep_ == "compound" and token.head.lower_ in words("metonymy", "actor_nouns")


def _acts(verb: Token) -> bool:
    """True for what an actor does or is: "denied", "is ready", but not "is quiet", "lies north"."""
    states = [child for child in verb.children if child.dep_ == "acomp"]
    if verb.lemma_ == "be" and states:
        return states[0].lemma_.lower() in words("metonymy", "actor_adjectives")
    return verb.lemma_.lower() not in words("metonymy", "place_subject")


def _head(token: Token) -> Token:
    """Return the first of the names that `token` is joined to ("Ankara" of "Tehran and Ankara")."""
    for head in (token, *token.ancestors):
        if head.dep_ not in ("conj", "appos"):
            return head if head is token or head.ent_type_ else token
    return token


def _governed(token: Token) -> bool:
    preposition = token.head
    if preposition.lower_ in words("metonymy", "between_actors"):
        return preposition.lower_ != "by" or preposition.dep_ == "agent"
    if preposition.lower_ not in ("on", "to", "of", "for", "from", "toward", "towards"):
        return False
    governor = preposition.head
    called = governor.lemma_ == "call" and preposition.lower_ == "on"
    return called or governor.lemma_.lower() in words("metonymy", "actor_governors")
