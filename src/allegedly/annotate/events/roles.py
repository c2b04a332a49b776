"""Who did it and to whom: the arguments of an event's trigger in the dependency parse."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from allegedly.annotate.actors.cast import Cast, slug
from allegedly.annotate.events.accusing import accusation, accused
from allegedly.annotate.events.harm import harm
from allegedly.annotate.events.triggers import Trigger
from allegedly.annotate.plover import Sense
from allegedly.annotate.tree import Tree
from allegedly.records import Claim

_BY_TYPE: dict[str, frozenset[str]] = {
    "ASSAULT": frozenset({"on", "against", "at", "into", "upon", "toward", "towards"}),
    "COERCE": frozenset({"on", "against", "from"}),
    "ACCUSE": frozenset({"against", "into", "at", "of", "on"}),
    "PROTEST": frozenset({"against", "outside"}),
    "SANCTION": frozenset({"on", "against", "from", "with", "for"}),
    "MOBILIZE": frozenset({"against"}),
    "THREATEN": frozenset({"against", "to"}),
    "REQUEST": frozenset({"on", "to", "from", "for"}),
    "REJECT": frozenset({"by", "from", "to"}),
    "AID": frozenset({"to", "for", "with"}),
    "AGREE": frozenset({"with", "to"}),
    "SUPPORT": frozenset({"for", "to", "with", "by"}),
    "CONCEDE": frozenset({"to"}),
    "CONSULT": frozenset({"with", "to"}),
    "COOPERATE": frozenset({"with"}),
    "RETREAT": frozenset({"from", "to"}),
}
_OF_IS_TARGET = frozenset({"ASSAULT", "COERCE", "SANCTION", "ACCUSE", "RETREAT", "SUPPORT", "REJECT"})
_OWNER_IS_TARGET = frozenset(
    {"killing", "murder", "assassination", "death", "arrest", "detention", "execution", "abduction", "kidnapping"}
)
_INSIDE = frozenset({"compound", "amod", "nmod", "poss", "nummod", "appos", "advmod", "npadvmod"})
_LOCAL = frozenset({"of", "in", "from", "at", "belonging", "like", "near"})
_INANIMATE_LINK = frozenset({"who", "whom", "whose"})
_GROUND = frozenset({"GPE", "LOC", "FAC"})
_DATELINE = 14
"""How many tokens a dateline takes at most: place, country, date and agency."""


class Roles(NamedTuple):
    """Actor ids, and the head tokens that fill the two roles."""

    actors: tuple[str, ...]
    targets: tuple[str, ...]
    actor_heads: tuple[int, ...]
    target_heads: tuple[int, ...]


def roles_of(trigger: Trigger, cast: Cast, pronouns: dict[int, str], grounds: dict[int, str]) -> Roles:
    """Return who does what `trigger` tells of and to whom.

    `pronouns` gives the actor behind a pronoun's token, `grounds` the state whose place stands at a code point.
    """
    doers, targets = _of_noun(trigger) if trigger.noun else _of_verb(trigger.tree, trigger.at, trigger.sense)
    if trigger.tree.lemmas[trigger.at] in harm().subject_verbs:
        doers, targets = [], doers
    doers = [d for d in dict.fromkeys(doers) if d not in targets and not _in_dateline(trigger.tree, d)]
    targets = [t for t in targets if not _in_dateline(trigger.tree, t)]
    who = _resolved(trigger.tree, doers, cast, pronouns, deep=False)
    whom = _resolved(trigger.tree, list(dict.fromkeys(targets)), cast, pronouns, deep=True)
    whom = whom or tuple({grounds[o]: None for t in targets if (o := trigger.tree.offsets[t]) in grounds})
    return Roles(who, tuple(a for a in whom if a not in who), tuple(doers), tuple(targets))


def _of_verb(tree: Tree, verb: int, sense: Sense) -> tuple[list[int], list[int]]:
    doers: list[int] = []
    targets: list[int] = []
    passive = tree.kids_as(verb, "nsubjpass", "auxpass") or (tree.deps[verb] == "acl" and tree.tags[verb] == "VBN")
    if passive:
        targets += subjects(tree, verb)
        doers += [o for a in tree.kids_as(verb, "agent") for o in tree.kids_as(a, "pobj")]
        doers += [o for a in tree.kids_as(verb, "prep") if tree.lowers[a] == "by" for o in tree.kids_as(a, "pobj")]
    else:
        doers += subjects(tree, verb)
        targets += tree.kids_as(verb, "dobj", "dative") or _shared_object(tree, verb)
        links = _BY_TYPE.get(sense.type, frozenset()) - {"of"}
        inner = [p for t in tree.kids_as(verb, "dobj") for p in tree.kids_as(t, "prep") if tree.lowers[p] in links]
        targets += [o for p in inner for o in tree.kids_as(p, "pobj")]
    for prep in tree.kids_as(verb, "prep", "dative"):
        whole = sense.type == "ASSAULT" and targets and not _empty(tree, targets)
        if tree.lowers[prep] in _BY_TYPE.get(sense.type, ()) and not whole:
            targets += tree.kids_as(prep, "pobj")
    for complement in tree.kids_as(verb, "ccomp", "xcomp"):
        if sense.type in {"REQUEST", "THREATEN"}:
            targets += tree.kids_as(complement, "nsubj")
    return [k for d in doers for k in tree.conjuncts(d)], [k for t in targets for k in tree.conjuncts(t)]


def _empty(tree: Tree, targets: list[int]) -> bool:
    """True where the object is what was used, not whom it hit ("fired rockets at the town")."""
    return all(tree.pos[t] == "NOUN" and tree.lemmas[t] in _USED for t in targets)


_SUFFERING = frozenset({"suffer", "survive", "face", "witness", "see"})
_USED = frozenset(
    {"rocket", "missile", "shell", "shot", "bomb", "grenade", "gun", "fire", "stone", "mortar", "drone", "artillery"}
    | {"round", "bullet", "airstrike", "strike", "attack", "salvo", "barrage", "projectile"}
)


def _shared_object(tree: Tree, verb: int) -> list[int]:
    """The object of "shooting and killing two men" belongs to both verbs."""
    return [o for k in tree.kids_as(verb, "conj") if tree.pos[k] == "VERB" for o in tree.kids_as(k, "dobj")][:1]


def subjects(tree: Tree, verb: int) -> list[int]:
    """Return the subject of `verb`, through relative clauses, coordination and control."""
    for _ in range(6):
        own = tree.kids_as(verb, "nsubj", "nsubjpass")
        if own:
            return [_antecedent(tree, verb, own[0])] if tree.tags[own[0]] in {"WP", "WDT"} else own
        accusing = accusation(tree, verb)
        if accusing is not None:
            return accused(tree, accusing)
        dep, head = tree.deps[verb], tree.heads[verb]
        if dep in {"acl", "relcl"} and tree.pos[head] != "VERB":
            return [head]
        if dep == "xcomp" and (objects := tree.kids_as(head, "dobj")):
            return objects
        if dep == "pcomp":
            head = tree.heads[head]
        if dep not in {"conj", "xcomp", "advcl", "pcomp", "ccomp", "dep", "acomp"} or tree.pos[head] not in {
            "VERB",
            "AUX",
            "ADJ",
        }:
            return []
        verb = head
    return []


def _antecedent(tree: Tree, verb: int, pronoun: int) -> int:
    """Return what a relative pronoun stands for; the parser may hang "who" on a thing, whose bearer is then meant."""
    head = tree.heads[verb]
    if tree.lowers[pronoun] in _INANIMATE_LINK:
        while tree.lemmas[head] in harm().weapons and tree.deps[head] in {"pobj", "dobj"}:
            above = tree.heads[tree.heads[head]] if tree.deps[head] == "pobj" else tree.heads[head]
            if tree.pos[above] not in {"NOUN", "PROPN"}:
                break
            head = above
    return head


def _of_noun(trigger: Trigger) -> tuple[list[int], list[int]]:
    tree, at, sense = trigger.tree, trigger.at, trigger.sense
    doers: list[int] = []
    targets: list[int] = []
    for kid in tree.kids[at]:
        dep = tree.deps[kid]
        if dep == "prep":
            _sort_preposition(tree, at, kid, sense, doers, targets)
            if tree.lowers[kid] == "of":
                doers += _agents(tree, [k for o in tree.kids_as(kid, "pobj") for k in tree.kids_as(o, "acl")])
        elif dep == "poss":
            (targets if tree.lemmas[at] in _OWNER_IS_TARGET else doers).extend(tree.conjuncts(kid))
        elif dep in {"compound", "nmod"}:
            targets.append(kid)
        elif dep == "amod" and tree.deps[kid + 1] not in {"compound", "nmod"}:
            doers.append(kid)
        elif dep == "acl" and tree.tags[kid] == "VBN":
            doers += _agents(tree, [kid])
    if trigger.verb >= 0:
        more_doers, more_targets = _of_verb(tree, trigger.verb, sense)
        if tree.lemmas[trigger.verb] in _SUFFERING:
            more_doers, more_targets = [], more_doers
        doers += [d for d in more_doers if d != at]
        targets += [t for t in more_targets if t != at]
    return doers, targets


def _agents(tree: Tree, participles: list[int]) -> list[int]:
    links = [a for p in participles for a in tree.kids_as(p, "agent", "prep") if tree.lowers[a] == "by"]
    return [o for a in links for o in tree.kids_as(a, "pobj")]


def _sort_preposition(tree: Tree, at: int, prep: int, sense: Sense, doers: list[int], targets: list[int]) -> None:
    objects = [k for o in tree.kids_as(prep, "pobj") for k in tree.conjuncts(o)]
    word = tree.lowers[prep]
    if word == "by" or word == "between":
        doers += objects
    elif word == "of":
        (targets if sense.type in _OF_IS_TARGET else doers).extend(objects)
    elif word in _BY_TYPE.get(sense.type, ()):
        targets += objects


def _resolved(tree: Tree, heads: list[int], cast: Cast, pronouns: dict[int, str], *, deep: bool) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for head in heads:
        for actor in _who(tree, head, cast, pronouns, deep):
            found[actor] = None
    return tuple(found)


def _in_dateline(tree: Tree, i: int) -> bool:
    """True for "LIMA, Peru" in "LIMA, Peru - A fire broke out": names alone, up to a free dash or a colon."""
    first, stop = tree.sentence[i]
    mark = next((k for k in range(i + 1, min(stop - 1, first + _DATELINE)) if _ends_dateline(tree, k)), None)
    before = range(first, mark or first)
    return any(tree.ents[k] in _GROUND for k in before) and all(_is_name(tree, k) for k in before)


def _is_name(tree: Tree, k: int) -> bool:
    return tree.pos[k] in {"PROPN", "NUM", "PUNCT", "SYM"} or tree.words[k].isupper()


def _ends_dateline(tree: Tree, k: int) -> bool:
    """A colon or a dash with a blank after it: no hyphen of a compound."""
    free = tree.offsets[k + 1] > tree.offsets[k] + len(tree.words[k])
    return tree.words[k] in {"-", "--", "–", "—", ":"} and free


def _who(tree: Tree, head: int, cast: Cast, pronouns: dict[int, str], deep: bool) -> list[str]:
    """Return the actor at `head`, else the nearest one inside its phrase: "military targets in Norland"."""
    if head in pronouns:
        return [pronouns[head]]
    if _in_dateline(tree, head):
        return []
    actor = cast.at(tree.offsets[head])
    if actor is not None:
        return [actor]
    if tree.pos[head] == "ADJ" or not deep:
        inner = [k for k in tree.kids[head] if tree.deps[k] in {"amod", "compound", "poss"}]
    else:
        inner = [k for k in tree.kids[head] if tree.deps[k] in _INSIDE]
        inner += [o for k in tree.kids_as(head, "prep") if tree.lowers[k] in _LOCAL for o in tree.kids_as(k, "pobj")]
    for token in inner:
        actor = cast.at(tree.offsets[token])
        if actor is not None:
            return [actor]
        if deep and tree.deps[token] in {"pobj", "appos"}:
            deeper = _who(tree, token, cast, pronouns, deep)
            if deeper:
                return deeper
    return []


def pronouns_of(tree: Tree, cast: Cast) -> dict[int, str]:
    """Return the actor behind each subject or possessive pronoun: the latest fitting actor before it."""
    found: dict[int, str] = {}
    latest: dict[str, str] = {}
    for i, word in enumerate(tree.lowers):
        if tree.pos[i] == "PRON" and word in _PRONOUNS:
            actor = latest.get(_PRONOUNS[word])
            if actor:
                found[i] = actor
        elif tree.deps[i] in {"nsubj", "nsubjpass", "pobj", "dobj", "appos"} and tree.pos[i] in {"NOUN", "PROPN"}:
            _note(tree, i, cast, latest)
    return found


def speaking_of_themselves(tree: Tree, claims: Sequence[Claim], author: str | None) -> dict[int, str]:
    """Return who “we” are at each such token: those whose words they stand in, else the author."""
    found: dict[int, str] = {}
    for i, word in enumerate(tree.lowers):
        if tree.pos[i] == "PRON" and word in _OURS:
            spoken = [c for c in claims if c.mode != "own-voice" and _within(tree.offsets[i], c)]
            inner = min(spoken, key=lambda c: sum(end - start for start, end in c.content), default=None)
            actor = inner.speaker.actor if inner else author
            if actor and actor != "author":
                found[i] = actor
    return found


def _within(offset: int, claim: Claim) -> bool:
    return any(start <= offset < end for start, end in claim.content)


def author_in(trees: Sequence[Tree], cast: Cast, source: str) -> str | None:
    """Return the actor that a text's author is: one named like its source, or in “we are the Brigade”."""
    if slug(source) in cast:
        return slug(source)
    for tree in trees:
        for i, word in enumerate(tree.lowers):
            if word == "we" and tree.deps[i] == "nsubj" and tree.lemmas[tree.heads[i]] == "be":
                for named in tree.kids_as(tree.heads[i], "attr"):
                    actor = cast.at(tree.offsets[named])
                    if actor and "~" not in actor:
                        return actor
    return None


_OURS = frozenset({"we", "us", "our", "ours"})


def _note(tree: Tree, i: int, cast: Cast, latest: dict[str, str]) -> None:
    actor = cast.at(tree.offsets[i])
    if actor is None:
        return
    kind = cast[actor].kind
    subject = tree.deps[i] in {"nsubj", "nsubjpass", "appos"} or tree.deps[tree.heads[i]] == "agent"
    if kind in {"person", "unnamed"} and tree.tags[i] != "NNS":
        if subject or "person" not in latest:
            latest["person"] = actor
    elif tree.tags[i] in {"NNS", "NNPS"} or kind in {"people", "police", "armed-group"}:
        latest["many"] = actor
    elif subject or "thing" not in latest:
        latest["thing"] = actor
    if subject and kind not in {"person", "people"}:
        latest["many"] = actor


_PRONOUNS = dict.fromkeys(["he", "she", "him", "his", "her"], "person")
_PRONOUNS |= dict.fromkeys(["it", "its"], "thing")
_PRONOUNS |= dict.fromkeys(["they", "them", "their"], "many")
