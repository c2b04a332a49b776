"""Who the names of one document are: full names first, then what abbreviates them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from allegedly.annotate.actors.drafts import Draft, Drafts
from allegedly.annotate.actors.kinds import kinds
from allegedly.annotate.actors.names import BESIDE, INSTITUTIONS, LABEL, Name, is_acronym
from allegedly.annotate.actors.organs import is_organ
from allegedly.annotate.places.gazetteer import capital_of, country_named, demonym_of, lookup
from allegedly.annotate.tree import Tree
from allegedly.records import ActorKind, Place, Span

_MINOR = frozenset({"of", "the", "and", "for", "de", "la", "al", "in", "&"})
_ACTING = frozenset({"nsubj", "agent"})
_OF_A_PLACE = frozenset(
    {
        "hospital",
        "clinic",
        "university",
        "school",
        "airport",
        "port",
        "police",
        "municipality",
        "court",
        "prison",
        "council",
    }
    | {
        "district",
        "province",
        "region",
        "governorate",
        "county",
        "prefecture",
        "market",
        "station",
        "stadium",
        "harbour",
    }
    | {"harbor", "refinery", "cathedral", "church", "mosque", "museum", "square", "bridge", "valley", "island", "bay"}
)
_INSIDE = frozenset({"in", "near", "outside", "inside", "around", "at"})
_TOWARDS = frozenset({"onto", "against"})


class Mention(NamedTuple):
    """A name where it stands."""

    tree: Tree
    name: Name
    span: Span


def settle(
    drafts: Drafts, found: Sequence[tuple[Tree, list[Name]]], places: Sequence[Place], publisher: Name | None
) -> None:
    """Put every name of the document to a draft. Longer names come first, so that shorter ones find them.

    `publisher` is the name of who published it, which the text may well shorten ("the Ministry", "the Courier").
    """
    _Settling(drafts, found, places, publisher).run()


class _Settling:
    def __init__(
        self,
        drafts: Drafts,
        found: Sequence[tuple[Tree, list[Name]]],
        places: Sequence[Place],
        publisher: Name | None,
    ) -> None:
        self.drafts = drafts
        self.states_told = {publisher.owner.lower()} if publisher is not None else set()
        self.places = {place.span: place for place in places}
        self.by_text: defaultdict[str, list[Mention]] = defaultdict(list)
        self.short_for: dict[str, str] = {}
        self.settled: dict[str, Draft] = {}
        if publisher is not None and publisher.kind is not None:
            drafts.publisher = drafts.new(Draft(publisher.full, publisher.kind, publisher.country))
            self.settled[publisher.key] = drafts.publisher
        self.states_told.update(name.owner.lower() for _, names in found for name in names)
        for tree, names in found:
            for i, name in enumerate(names):
                known = self.with_owner(tree, name, names[:i])
                self.by_text[known.key].append(Mention(tree, known, tree.span(name.first, name.last)))
            self.short_for.update(_introduced(tree, names))

    def run(self) -> None:
        for key in sorted(self.by_text, key=lambda k: (k in self.short_for, -k.count(" "), k)):
            kind, trust = self.verdict(key)
            for mention in self.by_text[key]:
                draft = self.who(key, mention, kind, trust)
                if draft is not None:
                    self.record(draft, mention)

    def with_owner(self, tree: Tree, name: Name, before: Sequence[Name]) -> Name:
        """Give "its Foreign Ministry" the state that was the last subject before it."""
        its = any(tree.lowers[k] == "its" for k in tree.kids_as(name.last, "poss"))
        if not its or not is_organ(name.text):
            return name
        states = (n for n in reversed(before) if tree.deps[n.last] in _ACTING and self.may_be_state(n))
        state = next(states, None)
        if state is None:
            return name
        self.states_told.add(state.key)
        return name._replace(owner=state.text)

    def may_be_state(self, name: Name) -> bool:
        vague = name.kind in {None, "organisation"} and name.trust <= LABEL and not name.acronym
        return vague or bool(country_named(name.text)) or name.kind == "state" or name.key in self.states_told

    def verdict(self, key: str) -> tuple[ActorKind | None, int]:
        """Return the best-witnessed kind of all mentions with this text; ties go to the more frequent kind."""
        if key in self.states_told and key:
            return "state", BESIDE
        votes: defaultdict[ActorKind | None, list[int]] = defaultdict(list)
        for mention in self.by_text[key]:
            votes[mention.name.kind].append(mention.name.trust)
        kind, trusts = max(
            votes.items(), key=lambda vote: (max(vote[1]), vote[0] != "organisation", len(vote[1]), vote[0] or "")
        )
        return kind, max(trusts)

    def who(self, key: str, mention: Mention, kind: ActorKind | None, trust: int) -> Draft | None:
        name = mention.name
        meant = self.state_meant(mention, trust)
        if meant is not None:
            return self.state(mention, meant)
        if key not in self.settled:
            draft = self.settled.get(self.short_for.get(key, "")) or self.abbreviated(key, name, kind, trust)
            if draft is None and kind is not None and not self.is_place(key, mention, trust):
                draft = self.drafts.new(Draft(name.full, kind, name.country if kind in INSTITUTIONS else ""))
            if draft is None:
                return None
            self.settled[key] = draft
        return self.settled[key]

    def state_meant(self, mention: Mention, trust: int) -> str | None:
        """Return the ISO code of the state that a name means, "" where it means none that acts, else None."""
        name = mention.name
        code = country_named(name.text) or kinds().epithets.get(_key(name.text))
        if code:
            return code
        if name.first == name.last and (code := demonym_of(name.text)):
            return code
        code = capital_of(name.text)
        if code and trust <= BESIDE:
            return code if self.metonym(mention) else ""
        return None

    def state(self, mention: Mention, code: str) -> Draft | None:
        """Return the draft of the state, or of its people where the name is a demonym in the plural."""
        name, tree = mention.name, mention.tree
        if not code:
            return None
        if country_named(name.text) or _key(name.text) in kinds().epithets:
            draft = self.drafts.state(code)
            draft.kind = "state"
            return draft
        if demonym_of(name.text) and not _adjective(tree, name.last):
            if tree.tags[name.last] in {"NNS", "NNPS"}:
                return self.people(name, code)
            return self.somebody(mention, code) if tree.kids_as(name.last, "det") else None
        draft = self.drafts.state(code)
        if demonym_of(name.text):
            draft.kind = "state"
        return draft

    def people(self, name: Name, code: str) -> Draft:
        key = "people:" + name.text.lower()
        if key not in self.settled:
            self.settled[key] = self.drafts.new(Draft(name.text, "people", code))
        return self.settled[key]

    def somebody(self, mention: Mention, code: str) -> Draft:
        """ "a young Norlander": one person without a name."""
        tree, last = mention.tree, mention.name.last
        first = tree.base(last)
        first += tree.pos[first] == "DET"
        return self.drafts.new(Draft(tree.text(min(first, last), last), "unnamed", code, unnamed=True))

    def metonym(self, mention: Mention) -> bool:
        tree, last = mention.tree, mention.name.last
        if tree.deps[last] == "pobj" and tree.lowers[tree.heads[last]] in _TOWARDS:
            return True
        place = self.places.get(mention.span)
        return place.metonym if place is not None else tree.deps[last] in _ACTING

    def is_place(self, key: str, mention: Mention, trust: int) -> bool:
        """True where nothing but a label or a capital letter speaks for an actor and the name is a place's."""
        if trust > LABEL:
            return False
        known = [self.places[m.span] for m in self.by_text[key] if m.span in self.places]
        if known:
            return not any(place.metonym for place in known)
        return mention.tree.deps[mention.name.last] == "pobj" and bool(lookup(mention.name.text))

    def abbreviated(self, key: str, name: Name, kind: ActorKind | None, trust: int) -> Draft | None:
        """Return the one longer name that `key` is a part or the initials of."""
        if name.acronym:
            plain = key.replace(".", "")
            fits = [d for k, d in self.settled.items() if " " in k and plain in _initials(k)]
        else:
            fits = [
                d
                for k, d in self.settled.items()
                if _part(key, k, d.kind)
                and not self.names_its_place(key, k, d.kind)
                and _compatible(d.kind, kind, trust)
                and (d is not self.drafts.publisher or k.endswith(" " + key))
            ]
        unique = list(dict.fromkeys(fits))
        return unique[0] if len(unique) == 1 else None

    def names_its_place(self, key: str, longer: str, kind: ActorKind) -> bool:
        """True for the town in “Springfield Hospital”: what lies there, or is lain in, is no short form of it."""
        if kind == "person" or not longer.startswith(key + " "):
            return False
        if longer.rsplit(" ", 1)[-1] in _OF_A_PLACE:
            return True
        links = (m.tree.heads[m.name.last] for m in self.by_text[key] if m.tree.deps[m.name.last] == "pobj")
        trees = (m.tree for m in self.by_text[key] if m.tree.deps[m.name.last] == "pobj")
        return any(tree.lowers[link] in _INSIDE for tree, link in zip(trees, links, strict=True))

    def record(self, draft: Draft, mention: Mention) -> None:
        name, tree = mention.name, mention.tree
        self.drafts.mention(draft, tree, name.first, name.end, name.text)
        if draft.kind in INSTITUTIONS:
            draft.country = draft.country or name.country
            for owner in tree.kids_as(name.end, "poss"):
                if owner < name.first:
                    self.drafts.note_owner(draft, tree.offsets[owner])
        if draft.kind == "person" and name.title:
            self.drafts.offices.setdefault(name.title, draft)
            self.drafts.offices[name.title.split()[-1]] = draft


def _key(text: str) -> str:
    return text.lower().replace("’", "'").removeprefix("the ")


def _adjective(tree: Tree, i: int) -> bool:
    return tree.deps[i] in {"amod", "compound", "nmod", "advmod", "npadvmod"} or tree.tags[i].startswith("JJ")


def _introduced(tree: Tree, names: Sequence[Name]) -> Iterator[tuple[str, str]]:
    """Yield ``(acronym, full name)`` for each "Some Long Name (SLN)" and "SLN (Some Long Name)"."""
    for one, other in pairwise(names):
        if other.first - one.end == 2 and tree.words[one.end + 1] == "(":
            short, full = (one, other) if one.acronym else (other, one)
            if is_acronym(short.text) and not full.acronym and " " in full.text:
                yield _key(short.text), _key(full.text)


def _initials(key: str) -> tuple[str, str]:
    words = key.replace("-", " ").split()
    return "".join(w[0] for w in words if w not in _MINOR), "".join(w[0] for w in words)


def _part(key: str, longer: str, kind: ActorKind) -> bool:
    """True where `key` is the surname or first name of a person, or how an organisation's name begins or ends."""
    if " " not in longer or key == longer:
        return False
    if kind == "person":
        return longer.endswith(" " + key) or longer.startswith(key + " ")
    return kind in INSTITUTIONS and (longer.endswith(" " + key) or longer.startswith(key + " ")) and len(key) > 3


def _compatible(longer: ActorKind, kind: ActorKind | None, trust: int) -> bool:
    return kind is None or kind == longer or trust <= LABEL
