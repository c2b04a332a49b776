"""Who and what a word's event has beside it in the parse: doer, thing done to, what qualifies it, other places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from allegedly.annotate.syntax import Syntax

_DONE_TO = frozenset({"dobj", "nsubjpass", "attr", "oprd"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_INSIDE = frozenset({"compound", "amod", "nmod", "poss", "nummod", "appos"})
_LEADING_ON = frozenset({"xcomp", "conj", "advcl", "ccomp", "pcomp"})
_PRONOUNS = frozenset({"PRP", "PRP$", "DT", "WDT", "WP", "WP$"})
_UP = 3
"""A verb without a doer takes that of the verb it hangs on, at most so many steps up."""

Words = frozenset[str]


class Roles(NamedTuple):
    """Lemmas of the noun phrases in each role, without pronouns."""

    doers: Words
    done_to: Words
    qualifiers: Words
    others: Words

    @property
    def all(self) -> Words:
        return self.doers | self.done_to | self.qualifiers | self.others


def roles_of(s: Syntax, at: int) -> Roles:
    """Return the roles around the verb or noun at token `at`."""
    found: dict[str, set[str]] = {"doers": set(), "done_to": set(), "qualifiers": set(), "others": set()}
    for role, token in [*_own(s, at), *(_of_noun(s, at) if not s.is_verb(at) else ())]:
        for phrase in (token, *(k for k in s.kids[token] if s.dep[k] == "conj")):
            found[role].update(_phrase(s, phrase))
    if s.is_verb(at) and not found["doers"]:
        for role, token in _inherited(s, at):
            found[role].update(_phrase(s, token))
    return Roles(*(frozenset(found[name]) for name in Roles._fields))


def _own(s: Syntax, at: int) -> Iterator[tuple[str, int]]:
    noun = not s.is_verb(at)
    for kid in s.kids[at]:
        dep, below = s.dep[kid], s.kids[kid]
        if dep == "agent" or (dep == "prep" and s.lower[kid] == "by"):
            yield from (("doers", k) for k in below)
        elif dep == "prep":
            role = "done_to" if noun and s.lower[kid] == "of" else "others"
            yield from ((role, k) for k in below if s.dep[k] == "pobj")
        elif dep in {"nsubj", "poss"}:
            yield "doers", kid
        elif dep in _DONE_TO:
            yield "done_to", kid
        elif dep == "dative":
            yield "others", kid
        elif dep in {"compound", "amod"}:
            yield "qualifiers", kid


def _of_noun(s: Syntax, at: int) -> Iterator[tuple[str, int]]:
    """The doer of the verb that a noun is the object of, and the noun that it qualifies."""
    head = s.head[at]
    if s.dep[at] in _DONE_TO:
        yield from (("doers", k) for k in s.kids[head] if s.dep[k] == "nsubj")
    if s.dep[at] == "compound":
        yield "qualifiers", head


def _inherited(s: Syntax, at: int) -> Iterator[tuple[str, int]]:
    verb = at
    for _ in range(_UP):
        head = s.head[verb]
        if s.dep[verb] in {"acl", "relcl"}:
            yield ("done_to" if s.tag[at] == "VBN" else "doers"), head
            return
        if s.dep[verb] not in _LEADING_ON:
            return
        head = s.head[head] if s.dep[verb] == "pcomp" else head
        subjects = [k for k in s.kids[head] if s.dep[k] in _SUBJECTS]
        if subjects:
            yield from (("doers", k) for k in subjects)
            return
        verb = head


def _phrase(s: Syntax, at: int) -> list[str]:
    tokens = [at, *(k for k in s.kids[at] if s.dep[k] in _INSIDE)]
    return [s.lemma[t] for t in tokens if s.lemma[t][:1].isalnum() and s.tag[t] not in _PRONOUNS]
