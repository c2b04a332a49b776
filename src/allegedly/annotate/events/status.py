"""Whether an event happened, as its sentence tells it: fact, hypothetical, proposed or negated."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import cast

from allegedly.annotate.events.accusing import accusation
from allegedly.annotate.events.triggers import Trigger
from allegedly.annotate.tree import Tree
from allegedly.records import EventStatus

_NOUN_LINK = frozenset({"dobj", "pobj", "prep", "conj", "nsubjpass", "compound"})
_VERB_LINK = frozenset({"xcomp", "ccomp", "pcomp", "acl", "prep", "conj", "advcl", "dobj", "relcl", "acomp"})


_ABOUT = frozenset(
    {"after", "since", "following", "during", "into", "about", "over", "because", "despite", "before", "in"}
)
_TELLING = frozenset({"say", "tell", "know", "believe", "think", "reveal", "report"})
_KNOWN = frozenset({"the", "this", "that", "these", "those"})
"""What such a noun means is taken for granted: "found no trace of the gang near the attack" denies no attack."""
_NOBODY = frozenset({"nobody", "none", "no-one", "nothing"})
_QUOTES = frozenset({'"', "“", "”", "''", "``"})
_STOPS = frozenset({",", ":", ".", "!"})
_MEASURES = frozenset({"COERCE", "SANCTION", "CONCEDE"})
_DECIDING = frozenset({"decide", "decision"})
_ABOUT_FACTS = frozenset({"stop", "halt", "fail", "ban", "decline", "warn", "hope", "ask", "set", "expect", "suspect"})
"""Verbs that bear on an event which took place when it is their direct object ("halted the attack")."""


@cache
def _words(table: str) -> dict[str, EventStatus]:
    data = tomllib.loads((files("allegedly.annotate.events") / "status.toml").read_text("utf-8"))
    return {word: cast(EventStatus, status) for status, words in data[table].items() for word in words.split()}


def told_as(trigger: Trigger) -> EventStatus:
    """Return the standing of the event as far as its sentence goes; claims are weighed by the caller."""
    tree, at = trigger.tree, trigger.at
    verb = trigger.verb if trigger.noun else at
    told = [_own(tree, at)]
    if verb >= 0 and verb != at:
        told += [_own(tree, verb, at), _words("governing").get(tree.lemmas[verb], "fact")]
    told.append(_governed(tree, verb if verb >= 0 else at, noun=trigger.noun and verb < 0))
    if told[-1] == "proposed" and decided(trigger) is not None:
        told.pop()
    if not trigger.noun and accusation(tree, at) is not None:
        told = [_own(tree, at), "claimed"]
    told = [_asked(tree, at), *told, _unsettled(tree, at)]
    return next((status for status in told if status != "fact"), "fact")


def decided(trigger: Trigger) -> int | None:
    """Return where "decided" stands in "decided to freeze its assets", or None: a measure decided on is taken."""
    tree, at = trigger.tree, trigger.at
    if trigger.noun or trigger.sense.type not in _MEASURES:
        return None
    while tree.deps[at] == "conj" and tree.pos[tree.heads[at]] == "VERB":
        at = tree.heads[at]
    head = tree.heads[at]
    taken = tree.deps[at] in {"xcomp", "acl"} and tree.lemmas[head] in _DECIDING and _own(tree, head) == "fact"
    return tree.offsets[head] if taken else None


def denied_as(trigger: Trigger) -> EventStatus:
    """Return the standing of an event inside what somebody denies.

    A denied clause is negated; a clause that others are said to tell ("dismissed reports that …") is contested; what a
    noun or an aside takes for granted ("denied involvement in the attack") is only claimed.
    """
    tree, at = trigger.tree, trigger.at
    if tree.deps[at] == "acl" and any(tree.lowers[k] == "that" for k in tree.kids_as(at, "mark")):
        return "contested"
    return "claimed" if trigger.noun or tree.deps[at] in {"relcl", "advcl", "acl"} else "negated"


def _own(tree: Tree, i: int, doer: int = -1) -> EventStatus:
    """What stands by the word itself. An earthquake, its `doer`, that causes no casualties took place."""
    if tree.pos[i] == "VERB" and doer not in tree.kids_as(i, "nsubj") and _of_none(tree, i):
        return "negated"
    for kid in tree.kids[i]:
        dep, word = tree.deps[kid], tree.lowers[kid]
        if dep == "neg" or (word == "never" and dep == "advmod"):
            return "negated"
        if dep in {"det", "amod"} and word in _words("modifier"):
            return _words("modifier")[word]
        if dep == "aux" and word in _words("modal"):
            return _words("modal")[word]
        if dep == "mark" and word in _words("mark"):
            return _words("mark")[word]
        if tree.tags[i] == "VB" and tree.deps[i] == "ROOT" and not tree.kids_as(i, "nsubj", "aux"):
            return "proposed"
    return "fact"


def _of_none(tree: Tree, verb: int) -> bool:
    """True where nothing or nobody does or suffers it: “no shot was fired”, “we have arrested nobody”."""
    return any(
        tree.lowers[i] in _NOBODY or any(tree.lowers[k] == "no" for k in tree.kids_as(i, "det"))
        for i in tree.kids_as(verb, "nsubj", "nsubjpass", "dobj")
    )


def _governed(tree: Tree, i: int, *, noun: bool) -> EventStatus:
    """Climb from the event to the words that govern it, while the links between them carry their force down."""
    links = _NOUN_LINK if noun else _VERB_LINK
    known = noun and _definite(tree, i)
    deep = False
    for _ in range(5):
        dep, head = tree.deps[i], tree.heads[i]
        if dep not in links or head == i:
            break
        if dep == "conj":
            if tree.pos[i] == "VERB" and not tree.kids_as(i, "nsubj", "nsubjpass", "aux"):
                inherited = _own_force(tree, head)
                if inherited != "fact":
                    return inherited
        elif _taken_for_granted(tree, i):
            break
        elif _said_untrue(tree, head):
            return "negated"
        elif dep == "prep" and tree.lowers[i] == "like" and tree.lemmas[head] in _words("likeness"):
            return "hypothetical"
        else:
            status = _words("governing").get(tree.lemmas[head])
            if status and _carries(tree, i, head, dep, status):
                return status
            if dep not in {"prep", "ccomp"} and not (deep and known) and (own := _own_force(tree, head)) != "fact":
                return own
        deep = deep or dep == "pobj"
        i = head
        links = _VERB_LINK if tree.pos[i] == "VERB" else _NOUN_LINK | {"acl"}
    return "fact"


def _taken_for_granted(tree: Tree, i: int) -> bool:
    """True for an aside, and for the deed of “denied that the rockets fired on Monday came from there”."""
    dep = tree.deps[i]
    if dep == "acl":
        return tree.tags[i] == "VBN" and _definite(tree, tree.heads[i])
    if dep == "prep":
        return tree.lowers[i] in _ABOUT
    return dep in {"advcl", "relcl"} and not _infinitive(tree, i)


def _definite(tree: Tree, i: int) -> bool:
    return any(tree.lowers[k] in _KNOWN for k in tree.kids_as(i, "det"))


def _asked(tree: Tree, at: int) -> EventStatus:
    """A question tells no fact: its mark follows before any quotation in the same sentence begins or ends."""
    for i in range(at + 1, tree.sentence[at][1]):
        if tree.words[i] == "?":
            return "hypothetical"
        if tree.words[i] in _QUOTES and tree.words[i - 1] in _STOPS:
            break
    return "fact"


def _unsettled(tree: Tree, at: int) -> EventStatus:
    first, stop = tree.sentence[at]
    loose = (i for i in range(first, stop) if tree.lowers[i] in _words("unsettled") and tree.deps[i] != "amod")
    return "claimed" if any(at in tree.subtree(tree.heads[i]) for i in loose) else "fact"


def _said_untrue(tree: Tree, i: int) -> bool:
    """True where "false" or "a lie" is said of what `i` heads: "the report that … is untrue", "it is false that …"."""
    if tree.lowers[i] in _words("untrue"):
        return True
    verbs = tree.conjuncts(tree.heads[i]) if tree.deps[i] in {"nsubj", "nsubjpass"} else []
    return any(
        tree.lowers[k] in _words("untrue") and not tree.kids_as(verb, "neg")
        for verb in verbs
        if tree.lemmas[verb] == "be"
        for k in tree.kids_as(verb, "acomp", "attr")
    )


def _infinitive(tree: Tree, i: int) -> bool:
    return tree.tags[i] == "VB" and any(tree.lowers[k] == "to" for k in tree.kids_as(i, "aux"))


def _carries(tree: Tree, i: int, head: int, dep: str, status: EventStatus) -> bool:
    """ "planned an attack" makes the attack a plan, "planned after the attack" does not."""
    if dep == "prep":
        word = tree.lowers[i]
        denied = tree.pos[head] == "VERB" and status == "negated"
        return word == "from" if denied else word in {"for", "of", "to", "from", "against", "on", "toward", "towards"}
    if dep == "dobj" and tree.pos[i] == "NOUN":
        return tree.lemmas[head] not in _ABOUT_FACTS
    if dep == "ccomp" and status == "hypothetical":
        return tree.lemmas[head] not in {"suspect", "seem", "appear"}
    return True


def _own_force(tree: Tree, verb: int) -> EventStatus:
    """A negated or conditional verb above opens what hangs on it: "did not launch an attack"."""
    if tree.pos[verb] not in {"VERB", "AUX"} or tree.lemmas[verb] in _TELLING:
        return "fact"
    return _own(tree, verb)
