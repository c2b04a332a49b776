"""Who the described actors of one document are: known ones taken up again, or new ones without a name."""

from __future__ import annotations

from allegedly.annotate.actors.described import Description, phrase
from allegedly.annotate.actors.drafts import Draft, Drafts
from allegedly.annotate.actors.kinds import kinds
from allegedly.annotate.actors.names import INSTITUTIONS
from allegedly.annotate.actors.organs import head
from allegedly.annotate.places.gazetteer import countries, country_named, country_of, demonym_of
from allegedly.annotate.tree import Tree
from allegedly.records import ActorKind

_MEMBERS = frozenset(
    {
        "fighter",
        "militant",
        "soldier",
        "troop",
        "troops",
        "rebel",
        "insurgent",
        "guerrilla",
        "gunman",
        "jet",
        "warplane",
    }
)


_TAKEN_UP: frozenset[ActorKind] = frozenset({"company", "party", "outlet", "channel"})
"""Kinds whose bare noun means the one last spoken of."""


class Describing:
    """Resolves descriptions in text order."""

    def __init__(self, drafts: Drafts) -> None:
        self._drafts = drafts
        self._by_phrase: dict[str, Draft] = {}
        self._latest: dict[str, Draft] = {}

    def take(self, tree: Tree, found: Description) -> None:
        """Put the description to a draft and record the mention."""
        draft = self._who(tree, found)
        self._drafts.mention(draft, tree, found.first, found.head, phrase(tree, found))
        self._latest[found.lemma] = draft
        for i in found.modifiers:
            if (state := self._drafts.at.get(tree.offsets[i])) and state is not draft and demonym_of(tree.words[i]):
                state.inside.add(tree.span(i, i))
        if found.lemma in kinds().perpetrators:
            self._latest["perpetrator"] = draft

    def _who(self, tree: Tree, found: Description) -> Draft:
        country = self._country(tree, found)
        return (
            self._apposed(tree, found)
            or self._of_state(found, country)
            or self._of_named(tree, found)
            or self._taken_up(tree, found)
            or self._standing(tree, found, country)
            or self._new(tree, found, country)
        )

    def _country(self, tree: Tree, found: Description) -> str:
        for i in (*found.modifiers, *(o for o in found.owners if o < found.head)):
            code = demonym_of(tree.words[i]) or (country_named(tree.words[i]) if tree.words[i][0].isupper() else None)
            if code:
                return code
            owner = self._drafts.at.get(tree.offsets[i])
            if owner is not None and owner.kind in {"state", "government"} and owner.country:
                return owner.country
        return ""

    def _apposed(self, tree: Tree, found: Description) -> Draft | None:
        """The name stands beside it: "the movement Some Name", "Some Name, a daily"."""
        for i in found.apposed:
            draft = self._drafts.at.get(tree.offsets[i])
            if draft is None or (tree.heads[i] in found.owners and draft.kind != "person"):
                continue
            if draft.kind not in {"state", "people"}:
                if draft.kind == "person":
                    self._drafts.offices[phrase(tree, found).lower()] = draft
                    self._drafts.offices[found.lemma] = draft
                for owner in found.owners:
                    self._drafts.note_owner(draft, tree.offsets[owner])
                return draft
        return None

    def _of_state(self, found: Description, country: str) -> Draft | None:
        return self._drafts.state(country) if country and found.lemma in kinds().government else None

    def _of_named(self, tree: Tree, found: Description) -> Draft | None:
        """Fighters of a named organisation act for it."""
        if found.lemma not in _MEMBERS:
            return None
        for i in reversed(found.modifiers):
            draft = self._drafts.at.get(tree.offsets[i])
            if draft is not None and draft.kind in INSTITUTIONS and draft not in self._drafts.states.values():
                return draft
        return None

    def _taken_up(self, tree: Tree, found: Description) -> Draft | None:
        """A definite phrase takes up who was spoken of before."""
        words = phrase(tree, found).lower()
        if not found.definite:
            return None
        if words in self._drafts.offices:
            return self._drafts.offices[words]
        if found.modifiers:
            return None
        if found.lemma in self._latest:
            return self._latest[found.lemma]
        if found.lemma in kinds().perpetrators and "perpetrator" in self._latest:
            return self._latest["perpetrator"]
        offset = tree.offsets[found.head]
        headed = self._headed(tree.lowers[found.head], offset)
        if headed or found.lemma in kinds().collective or tree.tags[found.head] == "NNS":
            return headed
        return self._last_of(found.kind, offset)

    def _last_of(self, kind: ActorKind, offset: int) -> Draft | None:
        """Return the named actor of `kind` that was last mentioned before `offset`: "the company", "the newspaper"."""
        named = [d for d in self._drafts.all if d.kind == kind and not d.unnamed and kind in _TAKEN_UP]
        before = [(max(starts), i) for i, d in enumerate(named) if (starts := [s for s, _ in d.spans if s < offset])]
        return named[max(before)[1]] if before else None

    def _headed(self, word: str, offset: int) -> Draft | None:
        """Return the named actor whose name has `word` as its head: the last before `offset`, else the only one."""
        fits = [d for d in self._drafts.all if not d.unnamed and any(" " in n and head(n) == word for n in d.names)]
        before = [(max(starts), i) for i, d in enumerate(fits) if (starts := [s for s, _ in d.spans if s < offset])]
        if before:
            return fits[max(before)[1]]
        publisher = self._drafts.publisher
        if not fits and publisher is not None and publisher.kind != "outlet" and head(publisher.name) == word:
            return publisher
        return fits[0] if len(fits) == 1 else None

    def _standing(self, tree: Tree, found: Description, country: str) -> Draft | None:
        """ "Turkish police", "Turkey's navy": one actor in every document."""
        if not country or found.lemma not in kinds().collective:
            return None
        words = [w for w in phrase(tree, found).split() if not country_of(w)]
        demonyms = countries()[country].demonyms
        name = " ".join([demonyms[0] if demonyms else countries()[country].name, *words])
        return self._once(name, found, country, unnamed=False, tree=tree)

    def _new(self, tree: Tree, found: Description, country: str) -> Draft:
        return self._once(phrase(tree, found) or found.lemma, found, country, unnamed=True, tree=tree)

    def _once(self, name: str, found: Description, country: str, *, unnamed: bool, tree: Tree) -> Draft:
        key = name.lower()
        if found.owners and unnamed and found.kind != "people":
            key += ":" + str([tree.lowers[o] for o in found.owners])
        if key not in self._by_phrase:
            draft = self._drafts.new(Draft(name, found.kind, country, unnamed=unnamed))
            self._by_phrase[key] = draft
            for owner in found.owners:
                if draft.kind in INSTITUTIONS:
                    self._drafts.note_owner(draft, tree.offsets[owner])
            for i in found.modifiers:
                self._drafts.note_owner(draft, tree.offsets[i])
        return self._by_phrase[key]
