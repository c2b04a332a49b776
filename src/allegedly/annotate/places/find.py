"""Places of one document: names found by the parse and the gazetteer, resolved by context."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from spacy.tokens import Doc
from spacy.tokens import Span as Tokens

from allegedly.annotate.parse import Parsed
from allegedly.annotate.places.gazetteer import Entry, countries, country_named, demonym_of, lookup
from allegedly.annotate.places.lexicon import kind_of_type, words
from allegedly.annotate.places.metonymy import is_metonym
from allegedly.annotate.places.passed_over import CAPITALISED, TOWN, dateline, located, told, well_known
from allegedly.annotate.places.toponyms import Name, choose, prior, reduce_name
from allegedly.records import Place

_PLACE_LABELS = frozenset({"GPE", "LOC"})
_OTHER_LABELS = frozenset({"ORG", "PERSON", "FAC", "NORP", "PRODUCT", "WORK_OF_ART", "EVENT"})
_AFTER_COMMA = re.compile(rf",\s+((?:[A-Z]\.\s?){{1,3}}|{CAPITALISED}\.?(?:\s+{CAPITALISED}){{0,2}})")
_AFTER_OF = re.compile(rf"\s+of\s+({CAPITALISED}(?:\s+{CAPITALISED}){{0,2}})")
_LARGE = 100_000
"""People of a place that any other name may be a mistake for."""


class _Read(NamedTuple):
    """A paragraph's parse with its text, which `Doc.text` would put together anew each time."""

    doc: Doc
    text: str


class Mention(NamedTuple):
    """A place name in a paragraph: code points of the paragraph, and what is to be resolved."""

    paragraph: int
    start: int
    end: int
    name: Name


def find_places(parsed: Parsed) -> tuple[Place, ...]:
    """Find every place name in `parsed`, in text order, resolved to GeoNames where the gazetteer has it.

    Coordinates are WGS 84 degrees. `metonym` is True where the name stands for an actor ("Paris denied").
    """
    mentions = find_mentions(parsed)
    senses = choose([m.name for m in mentions], named_countries(parsed))
    return tuple(_place(parsed, mention, senses.get(mention.name)) for mention in mentions)


def named_countries(parsed: Parsed) -> Counter[str]:
    """Return how often each country is named by demonyms ("the Peruvian embassy")."""
    labels = ("NORP", "GPE")
    texts = (ent.text for p in parsed.paragraphs for ent in p.doc.ents if ent.label_ in labels)
    return Counter(country for text in texts if (country := demonym_of(text)))


def find_mentions(parsed: Parsed) -> list[Mention]:
    """Return the place names of `parsed` in text order, not yet resolved."""
    read = [_Read(paragraph.doc, paragraph.doc.text) for paragraph in parsed.paragraphs]
    people = {
        word for doc, _ in read for ent in doc.ents if ent.label_ == "PERSON" and len(ent) > 1 for word in _words(ent)
    }
    found = [{**_passed_over(one, people), **_entities(one)} for one in read]
    where = _supported(found)
    found = [{**_towns_called_as_people(one, where), **names} for one, names in zip(read, found, strict=True)]
    again = _again({name.text for names in found for name in names.values() if lookup(name.text)})
    if again:
        found = [{**_repeated(one, again), **names} for one, names in zip(read, found, strict=True)]
    return [
        mention
        for number, names in enumerate(found)
        for mention in _without_overlaps(Mention(number, *span, name) for span, name in sorted(names.items()))
    ]


def _words(ent: Tokens) -> Iterator[str]:
    return (token.text for token in ent)


def _supported(found: Sequence[Mapping[tuple[int, int], Name]]) -> set[str]:
    """Return the countries where places named so far most likely are."""
    names = {name.text for names in found for name in names.values()}
    likely = (max(entries, key=prior) for text in names if (entries := reduce_name(text).entries))
    return {entry.country for entry in likely if entry.country}


def _towns_called_as_people(read: _Read, where: Collection[str]) -> dict[tuple[int, int], Name]:
    """Return towns of two words and more, in countries that the text is about, that were taken for persons."""
    return {
        (ent.start_char, ent.end_char): _name(read.text, ent.start_char, ent.end_char)
        for ent in read.doc.ents
        if ent.label_ == "PERSON" and len(ent) > 1 and _is_town_in(ent.text, where)
    }


def _is_town_in(text: str, where: Collection[str]) -> bool:
    return any(not e.alternate and e.population >= TOWN and e.country in where for e in lookup(text))


def _without_overlaps(mentions: Iterable[Mention]) -> Iterator[Mention]:
    end = -1
    for mention in mentions:
        if mention.start >= end:
            end = mention.end
            yield mention


def _entities(read: _Read) -> dict[tuple[int, int], Name]:
    found: dict[tuple[int, int], Name] = {}
    for ent in read.doc.ents:
        if ent.label_ in _PLACE_LABELS or (ent.label_ in _OTHER_LABELS and _is_misnamed(ent)):
            start, end = _trimmed(ent.text, ent.start_char)
            text = read.text[start:end]
            if text and _is_name(text) and (reduce_name(text).entries or _follows_preposition(ent)):
                found[start, end] = _name(read.text, start, end)
    return found


def _trimmed(text: str, start: int) -> tuple[int, int]:
    """Return where `text`, which begins at `start`, begins and ends without article, possessive and common noun."""
    lead = re.match(r"(?:[Tt]he|THE)\s+", text)
    tail = re.search(r"(?:['’]s?|\s+[a-zß-öø-ÿ]+)+$", text)
    return start + (lead.end() if lead else 0), start + (tail.start() if tail else len(text))


def _is_name(text: str) -> bool:
    """A demonym is no place, unless it is also the name of one; nor is a bare direction ("the West")."""
    is_direction = text.lower() in words("directions", "words")
    return text[0].isupper() and not is_direction and (not demonym_of(text) or country_named(text) is not None)


def _follows_preposition(ent: Tokens) -> bool:
    before = [ent.doc[i].lower_ for i in range(max(0, ent.start - 2), ent.start)]
    if before[-1:] == ["the"] or ent[0].lower_ == "the":
        return bool(before) and (before[0] if before[-1] == "the" else before[-1]) in words("locative")
    return before[-1:] != [] and before[-1] in words("locative")


def _is_misnamed(ent: Tokens) -> bool:
    """True where the recogniser took a place for something else: the gazetteer has it, and the words around agree."""
    if demonym_of(ent.text) or ent.label_ == "EVENT":
        return False
    if country_named(ent.text):
        return ent.label_ != "PERSON" or _follows_preposition(ent)
    people = max((e.population for e in lookup(ent.text) if not e.alternate), default=-1)
    if people >= TOWN and _is_governed(ent):
        return True
    if ent.label_ == "PERSON":
        return people >= TOWN and _follows_preposition(ent)
    return (people >= 0 and _follows_preposition(ent)) or (people >= _LARGE and len(ent) == 1)


def _is_governed(ent: Tokens) -> bool:
    """True after "mayor of", "outskirts of" and the like."""
    before = [token.lower_ for token in ent.doc[max(0, ent.start - 2) : ent.start]]
    return before[1:] == ["of"] and before[0] in words("governed", "words") | words("metonymy", "place_nouns")


def _again(texts: Iterable[str]) -> re.Pattern[str] | None:
    """Return a pattern for the names found so far, to find them where the recogniser passed over them."""
    ordered = sorted(texts, key=lambda text: (-len(text), text))
    return re.compile(rf"(?<![\w.-])(?:{'|'.join(map(re.escape, ordered))})(?![\w-])") if ordered else None


def _repeated(read: _Read, again: re.Pattern[str]) -> dict[tuple[int, int], Name]:
    found: dict[tuple[int, int], Name] = {}
    for match in again.finditer(read.text):
        tokens = read.doc.char_span(*match.span(), alignment_mode="expand")
        if tokens is not None and not _is_part_of_name(tokens):
            found[match.span()] = _name(read.text, *match.span())
    return found


def _is_part_of_name(tokens: Tokens) -> bool:
    """True inside a longer name ("Boston Globe", "Jordan Peters")."""
    doc, start, end = tokens.doc, tokens.start, tokens.end
    before = start > 0 and doc[start].ent_iob_ == "I" and doc[start - 1].is_title
    after = end < len(doc) and doc[end].ent_iob_ == "I" and doc[end].lower_ not in ("'s", "’s", ",")
    joined = end < len(doc) and doc[end].pos_ == "PROPN" and doc[end].is_title and not doc[end].ent_type_
    return before or after or joined


def _name(text: str, start: int, end: int) -> Name:
    name = text[start:end]
    if name in words("quarters") and (town := _AFTER_OF.match(text, end)):
        return Name(town[1])
    return Name(name, _type_after(text, end), _container(text, end))


def _type_after(text: str, end: int) -> str:
    following = re.match(r"\s+(\w+)", text[end : end + 25])
    return kind_of_type().get(following[1], "") if following else ""


def _container(text: str, end: int) -> str:
    following = _AFTER_COMMA.match(text, end)
    if not following:
        return ""
    name = following[1]
    while name and not lookup(name):
        name = name.rpartition(" ")[0]
    return name


def _passed_over(read: _Read, people: Collection[str]) -> dict[tuple[int, int], Name]:
    """Return names that the recogniser passed over: the gazetteer has them, or the text tells that they are places."""
    doc, text = read
    found = {span: _name(text, *span) for span in well_known(doc, text, people)}
    if opening := dateline(text):
        found[opening] = _name(text, *opening)
    for begin, stop in located(text):
        start, end = _trimmed(text[begin:stop], begin)
        name = text[start:end]
        if any(not e.alternate for e in lookup(name)) and _is_name(name) and _is_unclaimed(doc, start, end):
            found[start, end] = _name(text, start, end)
    for begin, stop in told(text):
        start, end = _trimmed(text[begin:stop], begin)
        if end > start and _is_name(text[start:end]):
            found[start, end] = _name(text, start, end)
    return found


def _is_unclaimed(doc: Doc, start: int, end: int) -> bool:
    tokens = doc.char_span(start, end, alignment_mode="expand")
    return tokens is not None and not any(token.ent_type_ or token.pos_ not in ("PROPN", "NOUN") for token in tokens)


def _place(parsed: Parsed, mention: Mention, entry: Entry | None) -> Place:
    paragraph = parsed.paragraphs[mention.paragraph]
    tokens = paragraph.doc.char_span(mention.start, mention.end, alignment_mode="expand")
    span = paragraph.start + mention.start, paragraph.start + mention.end
    metonym = tokens is not None and is_metonym(tokens)
    if entry is None:
        return Place(span=span, name=mention.name.text, metonym=metonym)
    return Place(
        span=span,
        name=entry.name,
        geoname=entry.geoname or None,
        lat=entry.lat,
        lon=entry.lon,
        country=entry.country,
        metonym=metonym,
    )


def resolve_spans(parsed: Parsed, spans: Sequence[tuple[int, int]]) -> list[Entry | None]:
    """Resolve given spans of the document's text, as an evaluation on gold spans needs; demonyms give a country."""
    text = parsed.document.text
    whole = Counter(named_countries(parsed))
    names = [Name(text[s:e], _type_after(text, e), _container(text, e)) for s, e in spans]
    senses = choose(names, whole)
    return [_demonym(name) or senses.get(name) for name in names]


def _demonym(name: Name) -> Entry | None:
    country = demonym_of(name.text) if not country_named(name.text) else None
    named = lookup(countries()[country].name) if country else ()
    return next((entry for entry in named if entry.kind == "country"), None)
