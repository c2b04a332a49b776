"""Proper names in one paragraph that may name an actor, with what their surroundings say about their kind.

The recogniser's labels are one witness among several: it takes acronyms for places, journals for people and cities
for organisations, so a title before the name, a noun beside it or its own last word weigh more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from allegedly.annotate.actors.kinds import kind_of_noun, kinds
from allegedly.annotate.actors.organs import is_organ, organ, owned, parted
from allegedly.annotate.parse import Paragraph, is_dateline
from allegedly.annotate.places.gazetteer import country_named, demonym_of
from allegedly.annotate.tree import Tree
from allegedly.records import ActorKind

_ACTOR_LABELS = {"PERSON": "person", "ORG": "organisation", "GPE": "", "NORP": ""}
_SOFT_LABELS = frozenset({"PRODUCT", "WORK_OF_ART", "FAC", "LOC", "LAW", "EVENT"})
_ACRONYM = re.compile(r"[A-Z][A-Z0-9]*(?:[-/&][A-Z0-9]+)?s?(?<!\d\d\d)\Z|(?:[A-Z]\.){2,}\Z")
_EDGES = frozenset(
    {
        "the",
        "a",
        "an",
        "'s",
        "’s",
        "'",
        "’",
        "“",
        "”",
        '"',
        "(",
        ")",
        ",",
        "-",
        "–",
        "—",
        ".",
        "its",
        "their",
        "his",
        "her",
        "our",
        "of",
        "in",
        "and",
        "@",
        "#",
    }
)
_APOSTROPHE_S = frozenset({"'s", "’s"})
_APOSTROPHES = frozenset({"'", "’"})
STATE_ORGANS: frozenset[ActorKind] = frozenset({"government", "military", "police", "legislature", "judiciary"})
INSTITUTIONS: frozenset[ActorKind] = frozenset(
    {
        "government",
        "military",
        "police",
        "party",
        "legislature",
        "judiciary",
        "organisation",
        "company",
        "outlet",
        "armed-group",
        "channel",
    }
)

_PLATFORMS = frozenset(
    {"telegram", "twitter", "facebook", "youtube", "whatsapp", "instagram", "tiktok", "weibo", "vkontakte"}
)
_MEDIA = frozenset({"radio", "tv", "television", "news"})
_PLACE_NOUNS = frozenset(
    {
        "area",
        "capital",
        "city",
        "county",
        "district",
        "governorate",
        "island",
        "municipality",
        "oblast",
        "outskirts",
        "port",
    }
    | {"province", "region", "republic", "settlement", "state", "suburb", "town", "village"}
)

# How far a witness is believed, weakest first.
NOTHING, LABEL, SHAPE, BESIDE, OWN_WORD, CERTAIN = range(6)


class Name(NamedTuple):
    """A proper name: token range (both ends included) and the best-witnessed kind."""

    first: int
    last: int
    end: int
    """Last token of the mention: the name with a noun after it ("the Some Name agency")."""
    text: str
    kind: ActorKind | None
    trust: int
    title: str = ""
    """Words of the office or trade before a person's name, lowercase."""
    country: str = ""
    acronym: bool = False
    owner: str = ""
    """The state whose organ it is, as the text names it."""

    @property
    def full(self) -> str:
        """The name with its owner, under which an organ of a state is known: "Turkish Interior Ministry"."""
        return owned(parted(self.text)[0], self.owner) if self.owner else self.text

    @property
    def key(self) -> str:
        """What the mentions of one actor share, lowercase."""
        return (self.full if self.owner else organ(self.text)).lower().replace("’", "'").removeprefix("the ")


def find_names(paragraph: Paragraph, tree: Tree) -> list[Name]:
    """Return the names of `paragraph` in text order; those with no kind can only join a name found elsewhere."""
    if _shouting(tree):
        return []
    found = [name for first, last, label in _ranges(paragraph, tree) if (name := _name(tree, first, last, label))]
    if is_dateline(tree.source):
        return [name for name in found if name.acronym and tree.words[name.first - 1] == "("]
    return found


def is_acronym(word: str) -> bool:
    """True for a word in capitals that can name an organisation."""
    return (
        1 < len(word) < 9 and bool(_ACRONYM.match(word)) and word.replace(".", "").upper() not in kinds().not_acronyms
    )


def _shouting(tree: Tree) -> bool:
    letters = sum(1 for w in tree.words if w.isalpha())
    return letters > 6 and sum(1 for w in tree.words if w.isalpha() and w.isupper()) > 0.7 * letters


def _ranges(paragraph: Paragraph, tree: Tree) -> Iterator[tuple[int, int, str]]:
    """Yield token ranges with the recogniser's label: its own, then the capitalised runs that it missed."""
    free = [True] * len(tree)
    found: list[tuple[int, int, str]] = []
    for ent in paragraph.doc.ents:
        if ent.label_ in _ACTOR_LABELS or ent.label_ in _SOFT_LABELS:
            found += _pieces(tree, ent.start, ent.end - 1, ent.label_)
        for i in range(ent.start, ent.end):
            free[i] = False
    found += _missed(tree, free)
    yield from sorted(found)


def _pieces(tree: Tree, first: int, last: int, label: str) -> Iterator[tuple[int, int, str]]:
    """Cut ``the ABC's Some Name`` at the genitive and drop articles, quotes and brackets from the ends."""
    for i in range(first, last):
        if tree.words[i] in _APOSTROPHE_S and not _of_many(tree, i, last):
            yield from _pieces(tree, first, i - 1, label)
            yield from _pieces(tree, i + 1, last, label)
            return
        if tree.words[i] == "(" and i > first:
            yield from _pieces(tree, first, i - 1, label)
            yield from _pieces(tree, i + 1, last, label)
            return
    while first <= last and tree.lowers[first] in _EDGES:
        first += 1
    while last >= first and tree.lowers[last] in _EDGES:
        last -= 1
    if first <= last:
        yield first, last, label


def _missed(tree: Tree, free: list[bool]) -> Iterator[tuple[int, int, str]]:
    start = None
    for i in range(len(tree) + 1):
        inside = i < len(tree) and free[i] and tree.tags[i] in {"NNP", "NNPS"} and tree.words[i][0].isupper()
        if not inside and i < len(tree) and free[i] and tree.tags[i] in {"NN", "NNS", "JJ"}:
            inside = is_acronym(tree.words[i]) and len(tree.words[i]) > 2
        if inside and start is None:
            start = i
        elif not inside and start is not None:
            yield start, i - 1, ""
            start = None


def _name(tree: Tree, first: int, last: int, label: str) -> Name | None:
    title, first = _title(tree, _with_genitive(tree, first, last), last)
    if first > last or _no_actor(tree, first, last, label):
        return None
    text = tree.text(first, last)
    if first == last and text.upper() in kinds().not_acronyms and not country_named(text):
        return Name(first, last, last, text, None, NOTHING, acronym=True)
    acronym = first == last and is_acronym(text)
    end, beside = (last, None) if first == last and demonym_of(text) else _noun_after(tree, last)
    if beside and not acronym and tree.lemmas[end] not in kinds().outlets | kinds().channels:
        text = tree.text(first, end)
    kind, trust = _kind(tree, first, last, label, title, text, beside)
    owner = _owner(tree, first, last) if kind in STATE_ORGANS and trust >= BESIDE else ""
    return Name(first, last, end, text, kind, trust, title, _country(tree, first, last), acronym, owner)


def _with_genitive(tree: Tree, first: int, last: int) -> int:
    """Return where the name begins that a plural genitive opens: "the Teachers' Union", "the People's Front"."""
    joined = first > 1 and tree.words[first - 1] in _APOSTROPHES | _APOSTROPHE_S and _of_many(tree, first - 1, last)
    return first - 2 if joined else first


def _of_many(tree: Tree, apostrophe: int, last: int) -> bool:
    """True where the genitive before a body's name is part of it, for it tells whose body it is: the workers', …"""
    members = tree.lowers[apostrophe - 1]
    plural = members.endswith("s") if tree.words[apostrophe] in _APOSTROPHES else members in _MEMBERS
    body = kind_of_noun(tree.lowers[apostrophe + 1]) or kind_of_noun(tree.lowers[last])
    named = tree.words[last][0].isupper() and apostrophe + 1 < last and not demonym_of(tree.words[apostrophe - 1])
    return plural and tree.tags[apostrophe - 1] in {"NNPS", "NNP"} and (body in INSTITUTIONS or named)


_MEMBERS = frozenset({"people", "women", "men", "children", "fishermen", "seamen", "firemen", "workmen", "miners"})


def _owner(tree: Tree, first: int, last: int) -> str:
    """Return the state that an organ's name or the genitive before it says it is of; empty where none does."""
    text = tree.text(first, last)
    if not is_organ(text):
        return ""
    before = [k for i in range(first, last + 1) for k in tree.kids_as(i, "poss") if k < first]
    if len(before) == 1 and tree.tags[before[0]] == "NNP" and tree.base(before[0]) == before[0]:
        return tree.words[before[0]]
    return parted(text)[1]


def _no_actor(tree: Tree, first: int, last: int, label: str) -> bool:
    """True for what the recogniser labels but no actor bears: codes, units, named exercises, places after "in"."""
    words = tree.words
    if any(not any(c.isalnum() or c == "&" for c in w) for w in words[first : last + 1] if w not in _EDGES):
        return True
    if first < last and words[last].lower() in kinds().sites and label != "PERSON":
        return True
    if last + 1 < len(tree) and tree.tags[last + 1] == "CD" and tree.heads[last + 1] == last:
        return True
    if words[last].lower() in _PLATFORMS and tree.deps[last] in {"compound", "nmod"}:
        return True
    if label == "NORP" and tree.deps[last] in {"amod", "compound", "nmod"} and not demonym_of(words[last]):
        return True
    return _in_place(tree, first, last) and label != "PERSON" and _own_word(tree, first, last) is None


def _in_place(tree: Tree, first: int, last: int) -> bool:
    """True after "in", "near" or "the town of", where a name that is no country's and no acronym is a place's."""
    if is_acronym(words := tree.text(first, last)) or country_named(words) or demonym_of(words):
        return False
    before = first - 1
    if before > 0 and tree.lowers[before] == "the":
        return False
    return before > 0 and (
        tree.lowers[before] in {"in", "near", "into", "outside", "towards"}
        or (tree.lowers[before] == "of" and tree.lemmas[before - 1] in _PLACE_NOUNS)
    )


def _title(tree: Tree, first: int, last: int) -> tuple[str, int]:
    """Take the title off the name's front, or find it just before; return it and where the name itself begins."""
    titles = kinds().titles
    begin = first
    while begin <= last and tree.lowers[begin].rstrip(".") in titles:
        begin += 1
    bare = begin == last or (begin < last and tree.lowers[begin + 1] in {"of", "for"})
    if first < begin and bare and kinds().nouns.get(tree.lowers[begin]) in INSTITUTIONS:
        return "", first
    if begin > last or (begin > first and last - begin > 3):
        return "", (last + 1 if begin > last else first)
    before = first
    while before and (
        tree.lowers[before - 1].rstrip(".") in titles or (before < begin + 1 and _trade(tree, before - 1, first))
    ):
        before -= 1
    if before == begin:
        return "", begin
    while (
        before
        and tree.heads[before - 1] in range(before - 1, last + 1)
        and tree.deps[before - 1] in {"amod", "compound"}
    ):
        before -= 1
    return " ".join(tree.lowers[before:begin]), begin


def _trade(tree: Tree, i: int, first: int) -> bool:
    """True where token `i`, just before a name, says a person's trade ("spokesman", "analyst")."""
    return (
        i == first - 1 and tree.tags[i] in {"NN", "NNP"} and kinds().nouns.get(tree.lemmas[i]) in {"unnamed", "people"}
    )


def _noun_after(tree: Tree, last: int) -> tuple[int, ActorKind | None]:
    """Return the institution noun that the name modifies ("Some Name agency") and the kind it says."""
    after = last + 1
    if after < len(tree) and tree.tags[after] in {"NN", "NNP", "NNPS"} and tree.heads[last] == after:
        kind = kind_of_noun(tree.lemmas[after])
        if tree.lemmas[after] == "agency":
            kind = "outlet"
        if kind in INSTITUTIONS:
            return after, kind
    return last, None


def _kind(
    tree: Tree, first: int, last: int, label: str, title: str, text: str, beside: ActorKind | None
) -> tuple[ActorKind | None, int]:
    plain = text.lower().removeprefix("the ")
    if country_named(text) or plain in kinds().epithets:
        return "state", CERTAIN
    if plain in kinds().known:
        return kinds().known[plain], CERTAIN
    if beside:
        return beside, BESIDE
    own = _own_word(tree, first, last)
    if own:
        return own, OWN_WORD
    if title:
        return "person", BESIDE
    if tree.deps[last] == "poss" and tree.lemmas[tree.heads[last]] in kinds().state_organs:
        return "state", BESIDE
    return _beside_or_label(tree, first, last, label)


def _beside_or_label(tree: Tree, first: int, last: int, label: str) -> tuple[ActorKind | None, int]:
    beside = _noun_before(tree, first) or _apposed(tree, first, last)
    if beside:
        return ("person" if beside in {"unnamed", "people"} else beside), BESIDE
    if first == last and is_acronym(tree.words[first]):
        return "organisation", SHAPE
    if label in {"PERSON", "ORG"}:
        return ("person" if label == "PERSON" else "organisation"), LABEL
    return None, NOTHING


def _own_word(tree: Tree, first: int, last: int) -> ActorKind | None:
    """Return the kind that the name's own head says: its last word, or the word before ``of`` or ``for``."""
    if first == last and not tree.words[first].istitle():
        return None
    stop = next((i for i in range(first, last + 1) if tree.lowers[i] in {"of", "for"}), last + 1)
    head = tree.lowers[stop - 1] if stop > first else ""
    modifiers = frozenset(tree.lowers[first : max(first, stop - 1)])
    kind = kind_of_noun(head, modifiers) or kind_of_noun(head.removesuffix("s"), modifiers)
    if kind == "unnamed":
        kind = "military" if head.startswith("guard") else None
    if kind is None and first < last:
        kind = "outlet" if tree.lowers[first] in kinds().outlets else "company" if head in kinds().companies else None
    return None if first == last and kind not in {"legislature", "judiciary", "military", "police"} else kind


def _noun_before(tree: Tree, first: int) -> ActorKind | None:
    """Return the kind of the common noun that the name stands in apposition to ("the journal Some Name")."""
    before = first - 1
    if before > 0 and tree.lowers[before] == "the" and tree.deps[before - 1] not in {"amod", "compound"}:
        before -= 1
    noun = tree.tags[before] in {"NN", "NNP"} or tree.lemmas[before] in kinds().outlets
    if before < 0 or not noun or tree.lowers[before] == "state":
        return None
    modifiers = frozenset(tree.lowers[max(0, before - 3) : before])
    if tree.lemmas[before] in kinds().outlets and modifiers & _MEDIA:
        return "outlet"
    kind = kind_of_noun(tree.lemmas[before], modifiers)
    return kind if kind in INSTITUTIONS or kind == "unnamed" else None


def _apposed(tree: Tree, first: int, last: int) -> ActorKind | None:
    """Return the kind of the noun phrase apposed to the name ("Some Name, a daily newspaper")."""
    head = next((i for i in range(last, first - 1, -1) if tree.heads[i] not in range(first, last + 1)), last)
    others = tree.kids_as(head, "appos")
    if tree.deps[head] == "appos":
        others += [tree.heads[head], *_office_of(tree, tree.heads[head])]
    elif tree.deps[head] == "pobj" and tree.lowers[tree.heads[head]] in {"like", "as", "including"}:
        others.append(tree.heads[tree.heads[head]])
    for other in others:
        if tree.tags[other] in {"NN", "NNS"}:
            modifiers = frozenset(tree.lowers[k] for k in tree.kids_as(other, "amod", "compound"))
            if kind := kind_of_noun(tree.lemmas[other], modifiers):
                return kind
    return None


def _office_of(tree: Tree, place: int) -> list[int]:
    """Return the office in "the mayor of Some Town, Some Name", where the parser ties the name to the town."""
    preposition = tree.heads[place]
    office = tree.heads[preposition]
    held = tree.deps[place] == "pobj" and kinds().nouns.get(tree.lemmas[office]) == "unnamed"
    return [office] if held else []


def _country(tree: Tree, first: int, last: int) -> str:
    """Return the country that the words of the name, or an adjective just before it, say."""
    for i in range(max(0, first - 1), last + 1):
        if code := demonym_of(tree.words[i]) or (country_named(tree.words[i]) if tree.words[i][0].isupper() else None):
            return code
    return country_named(tree.text(first, last)) or ""
