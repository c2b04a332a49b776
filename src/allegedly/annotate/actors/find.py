"""Actors of one document: names, kinds, mentions."""

from __future__ import annotations

from collections.abc import Sequence

from allegedly.annotate.actors.cast import Cast, slug
from allegedly.annotate.actors.casting import settle
from allegedly.annotate.actors.described import find_described
from allegedly.annotate.actors.describing import Describing
from allegedly.annotate.actors.drafts import Drafts
from allegedly.annotate.actors.kinds import kind_of_noun
from allegedly.annotate.actors.names import INSTITUTIONS, NOTHING, Name, find_names
from allegedly.annotate.actors.organs import head, is_organ, parted
from allegedly.annotate.parse import Parsed
from allegedly.annotate.places.gazetteer import capital_of, countries, country_named
from allegedly.annotate.tree import Tree, tree_of
from allegedly.records import Document, Place

__all__ = ["Cast", "find_actors", "slug"]


def find_actors(parsed: Parsed, places: Sequence[Place]) -> Cast:
    """Find who acts or speaks in `parsed`: one actor across names, acronyms, titles, demonyms and capitals.

    Names come first, from the whole document, because a surname or an acronym is only understood beside the full
    name; the actors that the text merely describes ("a gunman") then join them or stand for themselves.
    """
    drafts = Drafts(parsed.document.id)
    found = [(tree, find_names(paragraph, tree)) for paragraph in parsed.paragraphs for tree in [tree_of(paragraph)]]
    settle(drafts, found, places, _publisher(parsed.document))
    describing = Describing(drafts)
    for tree, names in found:
        for description in find_described(tree, _covered(tree, names)):
            describing.take(tree, description)
    return Cast(drafts.actors())


def _publisher(document: Document) -> Name | None:
    """Return the name of who published `document`, where its words say that it is a body of more than one name."""
    text, _, seat = document.source.partition(",")
    kind = kind_of_noun(head(text))
    if kind not in INSTITUTIONS:
        kind = "outlet" if document.source_kind == "outlet" else None
    if " " not in text or kind is None:
        return None
    seated = capital_of(seat.strip())
    country = country_named(parted(text)[1]) or seated or ""
    owner = parted(text)[1] or (countries()[seated].name if seated and is_organ(text) else "")
    return Name(0, 0, 0, text, kind, NOTHING, country=country, owner=owner)


def _covered(tree: Tree, names: list[Name]) -> list[bool]:
    covered = [False] * len(tree)
    for name in names:
        for i in range(name.first, name.end + 1):
            covered[i] = True
    return covered
