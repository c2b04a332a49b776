"""Actors in the making: drafts that collect mentions until the whole document has been seen."""

from __future__ import annotations

from collections.abc import Iterator

from allegedly.annotate.actors.cast import slug
from allegedly.annotate.actors.names import STATE_ORGANS
from allegedly.annotate.places.gazetteer import countries
from allegedly.annotate.tree import Tree
from allegedly.records import Actor, ActorKind, Span


class Draft:
    """An actor in the making. `unnamed` ones exist in their document only."""

    def __init__(self, name: str, kind: ActorKind, country: str = "", *, unnamed: bool = False) -> None:
        self.name, self.kind, self.country, self.unnamed = name, kind, country, unnamed
        self.spans: set[Span] = set()
        self.inside: set[Span] = set()
        """Mentions that merely qualify another actor ("Turkish" in "Turkish police")."""
        self.names: dict[str, None] = {}
        self.owner: Draft | None = None
        self.id = ""


class Drafts:
    """The drafts of one document, found by where they are mentioned, by country and by office."""

    def __init__(self, document: str) -> None:
        self.document = document
        self.all: list[Draft] = []
        self.at: dict[int, Draft] = {}
        self.states: dict[str, Draft] = {}
        self.offices: dict[str, Draft] = {}
        self.publisher: Draft | None = None
        """Who published the document; an actor of it only where the text mentions it."""
        self._owed: list[tuple[Draft, int]] = []

    def new(self, draft: Draft) -> Draft:
        """Take up `draft`."""
        self.all.append(draft)
        return draft

    def state(self, code: str) -> Draft:
        """Return the draft of the state with ISO 3166-1 alpha-2 `code`."""
        if code not in self.states:
            self.states[code] = self.new(Draft(countries()[code].name, "government", code))
        return self.states[code]

    def mention(self, draft: Draft, tree: Tree, first: int, last: int, name: str) -> None:
        """Record that the tokens `first` to `last` of `tree` mention `draft` as `name`."""
        draft.spans.add(tree.span(first, last))
        draft.names[name] = None
        for i in range(first, last + 1):
            self.at.setdefault(tree.offsets[i], draft)

    def note_owner(self, draft: Draft, offset: int) -> None:
        """Note that the token at `offset` says whose `draft` is; who that is may be settled later."""
        self._owed.append((draft, offset))

    def actors(self) -> Iterator[Actor]:
        """Yield the finished actors by id."""
        for draft, offset in self._owed:
            owner = self.at.get(offset)
            if owner is not None and owner is not draft and owner.owner is not draft:
                draft.owner = draft.owner or owner
        for draft in self.all:
            draft.spans = draft.spans - draft.inside or draft.spans
            self._belong_to_state(draft)
        self._name_ids()
        yield from (_actor(draft) for draft in sorted(self.all, key=lambda d: d.id) if draft.spans)

    def _belong_to_state(self, draft: Draft) -> None:
        if draft.owner is not None and not draft.country and draft.owner.kind != "person":
            draft.country = draft.owner.country
        state = self.states.get(draft.country)
        if draft.owner is None and state is not None and state is not draft and draft.kind in STATE_ORGANS:
            draft.owner = state

    def _name_ids(self) -> None:
        taken: set[str] = set()
        for draft in self.all:
            base, number = slug(draft.name), 1
            draft.id = self._full(base, draft)
            while draft.id in taken:
                number += 1
                draft.id = self._full(f"{base}-{number}", draft)
            taken.add(draft.id)

    def _full(self, base: str, draft: Draft) -> str:
        return f"{base}~{self.document}" if draft.unnamed else base


def _actor(draft: Draft) -> Actor:
    return Actor(
        id=draft.id,
        name=draft.name,
        kind=draft.kind,
        country=draft.country,
        mentions=tuple(sorted(draft.spans)),
        aliases=tuple(name for name in draft.names if name != draft.name),
        part_of=draft.owner.id if draft.owner is not None and draft.owner.spans else None,
    )
