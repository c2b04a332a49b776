"""When, where and with what: the setting of an event, from its clause, its sentence, or the story so far."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from allegedly.annotate.events.harm import harm
from allegedly.annotate.events.triggers import LIGHT
from allegedly.annotate.tree import Tree
from allegedly.records import Place, Span, Time, When, Where


class Setting(NamedTuple):
    """What of an event's setting its own sentence says."""

    when: When | None
    told: When | None
    """When it was said, for want of a time of the event itself."""
    where: Where | None
    country: str
    means: str | None


class Surroundings:
    """The times and places of a document, found by sentence."""

    def __init__(self, times: Sequence[Time], places: Sequence[Place]) -> None:
        self._times = sorted((t for t in times if _dated(t)), key=lambda t: t.span)
        self._places = sorted(places, key=lambda p: p.span)
        self._time_starts = [t.span[0] for t in self._times]
        self._place_starts = [p.span[0] for p in self._places]

    def of(self, tree: Tree, at: int, verb: int, rivals: Sequence[int]) -> Setting:
        """Return the setting of the trigger `at`, carried by `verb` (or -1); `rivals` are other triggers' tokens."""
        first, stop = tree.sentence[at]
        span = tree.offsets[first], tree.offsets[stop - 1] + len(tree.words[stop - 1])
        anchor = {at} | ({verb} if verb >= 0 else set())
        times = self._times[bisect_left(self._time_starts, span[0]) : bisect_left(self._time_starts, span[1])]
        places = self._places[bisect_left(self._place_starts, span[0]) : bisect_left(self._place_starts, span[1])]
        tokens = [_token_at(tree, p.span[1] - 1) for p in places]
        places = [
            p for p, t in zip(places, tokens, strict=True) if _stands(tree, p, t, at) and not _inside(tree, t, tokens)
        ]
        when = _nearest(tree, at, anchor, rivals, [t.span for t in times])
        told = None if when is not None else _told(tree, at, [t.span for t in times])
        where = _nearest(tree, at, anchor, rivals, [p.span for p in places])
        where = where if where is not None else _opening(tree, at, [p.span for p in places])
        place = places[where] if where is not None else None
        return Setting(
            _when(times[when]) if when is not None else None,
            _when(times[told]) if told is not None else None,
            _where(place) if place else None,
            place.country if place else "",
            means_of(tree, at, verb),
        )


def _stands(tree: Tree, place: Place, token: int, at: int) -> bool:
    """True where something happens in the place; a name that stands for an actor does for its own vote alone."""
    if place.metonym:
        return tree.heads[token] == at and tree.deps[token] == "poss"
    return _located(tree, token, at)


def _inside(tree: Tree, token: int, others: Sequence[int]) -> bool:
    """True for the quarter in "the Old City of X": the event is placed in the town that is told with it."""
    around = [o for p in tree.kids_as(token, "prep") if tree.lowers[p] == "of" for o in tree.kids_as(p, "pobj")]
    return any(o in others for o in around)


def _opening(tree: Tree, at: int, spans: Sequence[Span]) -> int | None:
    """Return the index of a place that opens the sentence ("In X, residents said that a flood …"), or None."""
    first, _stop = tree.sentence[at]
    verbs = tree.up(at)
    for index, span in enumerate(spans):
        link = tree.heads[_token_at(tree, span[1] - 1)]
        while tree.deps[link] in {"pobj", "prep"} and tree.heads[link] not in verbs:
            link = tree.heads[link]
        if tree.edges(link)[0] == first and tree.deps[link] == "prep" and tree.heads[link] in verbs:
            return index
    return None


def _dated(time: Time) -> bool:
    """True for a time on the calendar: no bare duration, nothing as vague as "now" or "soon"."""
    return bool(time.start) and not time.value.endswith("_REF")


def _when(time: Time) -> When:
    return When(value=time.value, start=time.start, end=time.end, span=time.span, anchor=time.anchor)


def _where(place: Place) -> Where:
    return Where(name=place.name, geoname=place.geoname, lat=place.lat, lon=place.lon, span=place.span)


def _nearest(tree: Tree, at: int, anchor: set[int], rivals: Sequence[int], spans: Sequence[Span]) -> int | None:
    """Return the index of the span that hangs on the trigger, else the closest that hangs on no rival."""
    best: tuple[int, int, int] | None = None
    for index, span in enumerate(spans):
        token = _token_at(tree, span[1] - 1)
        path = [token, *tree.up(token)]
        owner = next((t for t in path if t in anchor or t in rivals or _clause(tree, t)), None)
        apart = owner is not None and owner not in anchor and owner not in tree.up(at)
        if owner not in anchor and (apart or not _reaches(tree, at, path)):
            continue
        rank = 0 if owner in anchor else 1
        key = rank, abs(token - at), index
        if best is None or key < best:
            best = key
    return None if best is None else best[2]


def _clause(tree: Tree, i: int) -> bool:
    """True for the verb of a clause of its own: what hangs on it bears on nothing above."""
    return tree.pos[i] == "VERB" and tree.deps[i] in {"relcl", "acl"}


def _reaches(tree: Tree, at: int, path: list[int]) -> bool:
    """True where what stands at the end of `path` bears on the trigger too: its clause holds the trigger's clause.

    A noun only takes what its own verb has; what a verb of saying has is the time of saying.
    """
    verb = next((t for t in path if tree.pos[t] in {"VERB", "AUX"}), None)
    if verb is None:
        return tree.pos[at] == "VERB"
    if tree.pos[at] != "VERB":
        return (
            verb == tree.heads[at]
            and tree.deps[at] in {"dobj", "nsubj", "nsubjpass", "attr"}
            and tree.lemmas[verb] in LIGHT
        )
    return verb == at or (verb in tree.up(at) and not _says(tree, at, verb))


def _says(tree: Tree, at: int, verb: int) -> bool:
    below = next(t for t in [at, *tree.up(at)] if tree.heads[t] == verb)
    return tree.deps[below] in {"ccomp", "xcomp"} and verb != at


def _told(tree: Tree, at: int, spans: Sequence[Span]) -> int | None:
    """Return the index of the first span that hangs on a verb above the trigger."""
    above = tree.up(at)
    for index, span in enumerate(spans):
        path = tree.up(_token_at(tree, span[1] - 1))
        if next((t for t in path if tree.pos[t] in {"VERB", "AUX"}), None) in above:
            return index
    return None


_CORE = frozenset({"dobj", "nsubj", "nsubjpass", "attr"})


_LOCATIVE = frozenset(
    {"in", "at", "near", "outside", "inside", "across", "around", "over", "off", "on", "from", "throughout"}
)
_PLACE_NOUN_LINK = frozenset({"of", "to", "into", "against", "on", "at", "from"})


def _located(tree: Tree, token: int, at: int) -> bool:
    """True where the place stands where something happens: after "in" or "near", or as what the event befell."""
    while tree.deps[token] in {"conj", "appos", "compound", "nmod"} and tree.heads[token] != token:
        token = tree.heads[token]
    if tree.deps[token] in {"npadvmod", "ROOT"}:
        return True
    if tree.deps[at] == "relcl" and token == tree.heads[at]:
        return True
    if tree.deps[token] != "pobj":
        return token in tree.kids_as(at, "dobj", "nsubjpass", "poss")
    link = tree.heads[token]
    if tree.lowers[link] in _LOCATIVE:
        return True
    if tree.lowers[link] == "of" and tree.deps[tree.heads[link]] == "nsubj":
        return False  # “the troops of X shelled Y” tells whose they are
    return tree.lowers[link] in _PLACE_NOUN_LINK and (
        tree.heads[link] == at or tree.heads[tree.heads[link]] == at or _of_site(tree, link)
    )


def _of_site(tree: Tree, link: int) -> bool:
    """True for "the town of X", itself after a locative preposition."""
    site = tree.heads[link]
    return tree.deps[site] == "pobj" and tree.lowers[tree.heads[site]] in _LOCATIVE


def _token_at(tree: Tree, offset: int) -> int:
    return max(0, bisect_left(tree.offsets, offset + 1) - 1)


def means_of(tree: Tree, at: int, verb: int) -> str | None:
    """Return the weapon or instrument of the trigger as it stands in the text, or None."""
    for start in (at, verb):
        if start >= 0:
            for token in _instruments(tree, start):
                if tree.lemmas[token] in harm().weapons or tree.lowers[token] in harm().weapons:
                    return _bare(tree, token)
    return None


def _instruments(tree: Tree, start: int) -> list[int]:
    """Return the tokens that may name an instrument, nearest first."""
    found = []
    for kid in tree.kids[start]:
        dep = tree.deps[kid]
        if dep in {"dobj", "compound", "nsubj", "nsubjpass"} or (dep == "conj" and tree.pos[kid] == "NOUN"):
            found.append(kid)
            bearing = [p for p in tree.kids_as(kid, "prep") if tree.lowers[p] in {"with", "of"}]
            found += [o for p in bearing for o in tree.kids_as(p, "pobj")]
        elif dep in {"prep", "agent"} and tree.lowers[kid] in {"with", "by", "from", "using", "of"}:
            found += [d for o in tree.kids_as(kid, "pobj", "pcomp") for d in _deeper(tree, o)]
        elif dep == "advcl" and tree.lemmas[kid] in {"use", "fire", "throw", "launch", "wield"}:
            found += tree.kids_as(kid, "dobj")
    if tree.deps[start] == "acl":
        found.append(tree.heads[start])
    return found


def _deeper(tree: Tree, i: int) -> list[int]:
    """The object, and what it bears or is said to be: "a man with a rifle", "by what sources claimed to be drones"."""
    found = [i]
    for token in found[:1]:
        for kid in tree.kids[token]:
            if tree.deps[kid] == "prep" and tree.lowers[kid] == "with":
                found += tree.kids_as(kid, "pobj")
            elif tree.deps[kid] == "xcomp":
                found += tree.kids_as(kid, "attr")
            elif tree.deps[kid] in {"acl", "relcl"} and tree.lemmas[kid] in {"arm", "wield", "carry"}:
                found += [o for p in tree.kids_as(kid, "prep") for o in tree.kids_as(p, "pobj")]
                found += tree.kids_as(kid, "dobj")
    return found


def _bare(tree: Tree, head: int) -> str:
    first = tree.base(head)
    while first < head and tree.pos[first] in {"DET", "PRON"}:
        first += 1
    return tree.text(first, head)
