"""Events of one document, typed by PLOVER."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, TypeVar

import msgspec

from allegedly.annotate.actors.cast import Cast, slug
from allegedly.annotate.events.casualties import counts_again, find_casualties, tells_harm
from allegedly.annotate.events.circumstances import find_circumstances
from allegedly.annotate.events.coded import coded
from allegedly.annotate.events.damage import find_damage
from allegedly.annotate.events.harm import Kind, mode_of_weapon
from allegedly.annotate.events.parts import link_parts, ordinal, part_phrase
from allegedly.annotate.events.resumed import resume
from allegedly.annotate.events.retell import retold
from allegedly.annotate.events.roles import Roles, author_in, pronouns_of, roles_of, speaking_of_themselves
from allegedly.annotate.events.setting import Surroundings
from allegedly.annotate.events.status import decided, denied_as, told_as
from allegedly.annotate.events.story import MEMORY, Mention, Story
from allegedly.annotate.events.triggers import HARM, INCIDENT, Trigger, find_triggers
from allegedly.annotate.parse import Parsed
from allegedly.annotate.places.gazetteer import countries
from allegedly.annotate.plover import COOPERATIVE, VERBAL, Sense
from allegedly.annotate.tree import Tree, tree_of
from allegedly.records import Casualties, Circumstance, Claim, Event, EventStatus, Place, Span, Time, When, Where

T = TypeVar("T")
_PEACEFUL = COOPERATIVE | VERBAL
_BEFALLING = frozenset({"RETREAT", "AID", "CONCEDE"})
"""Peaceful deeds that are told by what they are done to: "the town was evacuated"."""
_SOON = 4
"""How many paragraphs after a harmful event a bare count of casualties still tells of it."""
_NEWS = 7
"""Days from publication within which an event is the news that a dateline stands over."""
_BODILY = frozenset({"ASSAULT", "PROTEST", "COERCE", "accident", "natural disaster", "explosion", "death"})
_EFFECTS = frozenset({"death", "explosion", "natural disaster"})
_DISPUTED = frozenset(
    {"ASSAULT", "COERCE", "PROTEST", "SANCTION", "accident", "explosion", "death", "fraud", "outage", "theft"}
    | {"natural disaster", "disease", "pollution", "escape"}
)
"""Deeds whose motive, origin, evidence and owner are told."""
_COUNTED: dict[str, Kind] = {
    "arrest": "detained", "escape": "escaped", "strike": "on strike", "demo": "participants", "riot": "participants",
}  # fmt: skip
_TOLD_BY: dict[str, frozenset[str]] = {
    "detained": frozenset({"COERCE"}),
    "escaped": frozenset({"escape"}),
    "on strike": frozenset({"PROTEST"}),
    "participants": frozenset({"PROTEST", "election"}),
}
_HARMFUL = frozenset({"ASSAULT", "accident", "natural disaster", "explosion", "death", "disease", "pollution", HARM})


def find_events(
    parsed: Parsed, times: Sequence[Time], places: Sequence[Place], cast: Cast, claims: Sequence[Claim]
) -> tuple[Event, ...]:
    """Find every event in `parsed`. One inside a claim's content has that claim's standing, never ``fact``.

    The first span of `trigger` is the head of the first mention; the spans of retellings follow in text order.
    """
    surroundings = Surroundings(times, places)
    grounds = _grounds(places, cast)
    contents = [(span, claim) for claim in claims for span in claim.content]
    mentions: list[Mention] = []
    latest: Mention | None = None
    deed: Mention | None = None
    trees = [tree_of(paragraph) for paragraph in parsed.paragraphs]
    told = resume(trees, [find_triggers(tree) for tree in trees])
    author = author_in(trees, cast, parsed.document.source)
    for number, (tree, triggers) in enumerate(zip(trees, told, strict=True)):
        ours = speaking_of_themselves(tree, claims, author)
        found = _mentions(tree, number, triggers, cast, grounds, surroundings, contents, ours) if triggers else []
        found += _bare_harm(tree, number, found, mentions, surroundings, contents)
        latest = _add_harm(tree, number, found, latest, mentions)
        deed = _add_circumstances(tree, number, found, deed, cast, ours)
        mentions += found
    stories = coded(retold(mentions, _headline(parsed)), cast)
    link_parts(stories)
    return _events(stories, _dateline(parsed, places), parsed.document.published_at)


def _headline(parsed: Parsed) -> int:
    """Return the paragraph that holds the document's title, -1 where the text has none."""
    title = " ".join(parsed.document.title.split())
    first = parsed.paragraphs[0].doc.text if parsed.paragraphs else ""
    return 0 if title and " ".join(first.split()) == title and len(parsed.paragraphs) > 1 else -1


def _mentions(
    tree: Tree,
    number: int,
    triggers: list[Trigger],
    cast: Cast,
    grounds: dict[int, str],
    surroundings: Surroundings,
    contents: list[tuple[Span, Claim]],
    ours: dict[int, str],
) -> list[Mention]:
    """`ours` gives who “we” are; it says who did what is disputed, not whose every word is."""
    pronouns = pronouns_of(tree, cast)
    tokens = [t.at for t in triggers] + [t.verb for t in triggers if t.verb >= 0]
    found = []
    for trigger in triggers:
        own = {trigger.at, trigger.verb}
        found.append(
            Mention(
                trigger,
                tree.span(trigger.at, trigger.at),
                number,
                _status(trigger, tree.offsets[trigger.at], contents),
                roles_of(trigger, cast, pronouns | ours if _disputed(trigger) else pronouns, grounds),
                surroundings.of(tree, trigger.at, trigger.verb, [t for t in tokens if t not in own]),
            )
        )
    return [mention for mention in found if not _nobodys(tree, mention)]


def _disputed(trigger: Trigger) -> bool:
    return (trigger.sense.other_type or trigger.sense.type) in _DISPUTED


def _nobodys(tree: Tree, mention: Mention) -> bool:
    """True for a peaceful deed of no actor at all ("I want to praise you"): PLOVER asks for one."""
    if mention.kind not in _PEACEFUL or mention.trigger.noun or mention.roles.actors or mention.roles.targets:
        return False
    if mention.kind in _BEFALLING and any(tree.pos[head] in {"NOUN", "PROPN"} for head in mention.roles.target_heads):
        return False
    return all(tree.pos[head] == "PRON" for head in mention.roles.actor_heads)


def _grounds(places: Sequence[Place], cast: Cast) -> dict[int, str]:
    """Return the state whose ground each place name stands for, by code point: who shells a town strikes its state."""
    named = {slug(countries()[p.country].name): p.country for p in places if p.country in countries()}
    states = {code: actor for actor, code in named.items() if actor in cast}
    return {o: states[p.country] for p in places if p.country in states for o in range(*p.span)}


def _status(trigger: Trigger, offset: int, contents: list[tuple[Span, Claim]]) -> EventStatus:
    """What a claim asserts is claimed; what it denies is negated, or contested where others are said to tell it."""
    told = told_as(trigger) if trigger.sense.other_type != INCIDENT else "fact"
    deciding = decided(trigger)
    inside = [
        (span[1] - span[0], i)
        for i, (span, claim) in enumerate(contents)
        if span[0] <= offset < span[1] and not (deciding is not None and any(s <= deciding < e for s, e in claim.cue))
    ]
    if told != "fact" or not inside:
        return told
    if _denies(contents[min(inside)[1]][1]):
        return denied_as(trigger)
    contested = not trigger.noun and any(_denies(contents[i][1]) for _, i in inside)
    return "contested" if contested else "claimed"


def _denies(claim: Claim) -> bool:
    return claim.mode != "direct" and (claim.polarity == "negated" or claim.act in {"denies", "dismisses"})


def _add_harm(
    tree: Tree, number: int, mentions: list[Mention], latest: Mention | None, before: Sequence[Mention]
) -> Mention | None:
    """Give each count of casualties and each damage to the harmful mention that tells it, to the nearest in its
    sentence, or to the latest before it; return the latest harmful mention."""
    for first, stop in dict.fromkeys(tree.sentence):
        told = [m for m in mentions if first <= m.trigger.at < stop]
        here = [m for m in told if m.kind in _HARMFUL or m.harmful]
        doings = {m.trigger.at: kind for m in told if not m.trigger.noun and (kind := _counted(m))}
        near = here or _lately(latest, number) or _next(mentions, stop, lambda m: m.kind in _HARMFUL or m.harmful)
        earlier = [*before[-MEMORY:], *(m for m in mentions if m.trigger.at < first)]
        counted = _latest_count(latest, number)
        again = counted is not None and counts_again(tree, first, stop)
        if (near or told or earlier) and (doings or again or tells_harm(tree, first, stop)):
            for token, casualties in find_casualties(tree, first, stop, doings, counted):
                if tellers := _tellers(casualties, told, earlier) or near:
                    _nearest(tellers, token).casualties.append(casualties)
        if near and tells_harm(tree, first, stop):
            for token, damage in find_damage(tree, first, stop):
                _nearest(near, token).damage.append(damage)
        latest = next((m for m in reversed(here) if not part_phrase(m)), latest)
    return latest


def _latest_count(latest: Mention | None, number: int) -> Casualties | None:
    """Return the count told last, whose people a bare number tells anew; none where it lies too far back."""
    counts = [c for m in _lately(latest, number) for c in m.casualties if c.kind not in _TOLD_BY]
    return counts[-1] if counts else None


def _bare_harm(
    tree: Tree,
    number: int,
    mentions: list[Mention],
    before: Sequence[Mention],
    surroundings: Surroundings,
    contents: list[tuple[Span, Claim]],
) -> list[Mention]:
    """Return a mention for a count that no deed is told for ("nine bodies were recovered"): so it tells one."""
    if any(m.kind in _HARMFUL or m.harmful for m in [*before, *mentions]):
        return []
    for first, stop in dict.fromkeys(tree.sentence):
        if not tells_harm(tree, first, stop):
            continue
        for token, casualties in find_casualties(tree, first, stop):
            if casualties.kind in _TOLD_BY or casualties.max == 0 or any(m.trigger.at == token for m in mentions):
                continue
            trigger = Trigger(tree, token, Sense("OTHER", "", HARM), tree.pos[token] == "NOUN", -1)
            status = _status(trigger, tree.offsets[token], contents)
            roles = Roles((), (), (), ())
            return [
                Mention(trigger, tree.span(token, token), number, status, roles, surroundings.of(tree, token, -1, []))
            ]
    return []


def _counted(mention: Mention) -> Kind | None:
    """Return what those whom a deed counts did or suffered: they were detained, escaped, marched."""
    sense = mention.trigger.sense
    if mention.trigger.tree.lemmas[mention.trigger.at] in {"sentence", "convict"}:
        return None  # to death, or to a fine
    return _COUNTED.get(sense.mode) or _COUNTED.get(sense.other_type)


def _add_circumstances(
    tree: Tree, number: int, mentions: list[Mention], deed: Mention | None, cast: Cast, ours: dict[int, str]
) -> Mention | None:
    """Give each circumstance to the nearest deed of its sentence, or to the latest before; return the latest deed."""
    pronouns = pronouns_of(tree, cast) | ours
    for first, stop in dict.fromkeys(tree.sentence):
        here = [m for m in mentions if first <= m.trigger.at < stop and m.kind in _DISPUTED]
        near = here or _lately(deed, number) or _next(mentions, stop, lambda m: m.kind in _DISPUTED)
        if near:
            for token, circumstance in find_circumstances(tree, first, stop, cast, pronouns):
                _tell_around(_nearest(near, token), circumstance)
        deed = next((m for m in reversed(here) if not part_phrase(m)), deed)
    return deed


def _tell_around(mention: Mention, circumstance: Circumstance) -> None:
    """“Not launched from the desert” denies where it came from, not that it was launched."""
    mention.circumstances.append(circumstance)
    start, end = circumstance.span
    if circumstance.facet == "launch origin" and circumstance.negated and start <= mention.span[0] < end:
        mention.status = "claimed" if mention.status == "negated" else mention.status


def _lately(latest: Mention | None, paragraph: int) -> list[Mention]:
    return [latest] if latest is not None and paragraph - latest.paragraph <= _SOON else []


def _next(mentions: list[Mention], token: int, fits: Callable[[Mention], bool]) -> list[Mention]:
    """Return the next mention of the paragraph that fits: some texts tell the toll before the deed."""
    return [m for m in mentions if m.trigger.at >= token and fits(m)][:1]


def _tellers(casualties: Casualties, told: list[Mention], before: Sequence[Mention]) -> list[Mention]:
    """Arrests tell whom they detain, protests and elections who takes part; other harm is told by what harms."""
    kinds = _TOLD_BY.get(casualties.kind, frozenset())
    deeds = [m for m in told if m.kind in kinds]
    if deeds or "PROTEST" not in kinds:
        return deeds
    return [m for m in before if m.kind in kinds][-1:]


def _nearest(mentions: list[Mention], token: int) -> Mention:
    return min(mentions, key=lambda m: abs(m.trigger.at - token))


# ------------------------------------------------------------ records


def _events(stories: list[Story], dateline: _Dateline | None, published: str) -> tuple[Event, ...]:
    index = {id(story): i for i, story in enumerate(stories)}
    found: list[Event] = []
    day: When | None = None
    for story in stories:
        when = _first(m.setting.when for m in story.mentions)
        if when is not None and story.first.real and when.start[:10] == when.end[:10]:
            day = day if _in_passing(story.first) else when
        elif when is None and story.first.real:
            when = _carried(day) or _first(m.setting.told for m in story.mentions)
        where = _first(m.setting.where for m in story.mentions) or _still_there(story, found)
        where = where or _same_scene(story, stories, found) or _datelined(story, when, dateline)
        found.append(_event(story, when, where, index))
    return tuple(found) if dateline is not None else _on_scene(stories, found, published)


def _on_scene(stories: list[Story], found: list[Event], published: str) -> tuple[Event, ...]:
    """Place bodily events where the first of them that a document places took place, if both are news."""
    bodily = [
        s.first.real and s.first.kind in _BODILY and _is_news(e.when, published)
        for s, e in zip(stories, found, strict=True)
    ]
    scene = next((e.where for e, there in zip(found, bodily, strict=True) if there and e.where is not None), None)
    if scene is None:
        return tuple(found)
    scene = msgspec.structs.replace(scene, span=None)
    return tuple(
        msgspec.structs.replace(e, where=scene) if there and e.where is None else e
        for e, there in zip(found, bodily, strict=True)
    )


def _is_news(when: When | None, published: str) -> bool:
    return when is None or not published or abs(ordinal(when.start) - ordinal(published)) <= _NEWS


def _same_scene(story: Story, stories: list[Story], before: list[Event]) -> Where | None:
    """Return where the event told just before in the same paragraph took place: scuffles at a rally."""
    first = story.first
    if not first.real or first.kind not in _BODILY or not before or before[-1].where is None:
        return None
    last = stories[len(before) - 1].first
    near = last.paragraph == first.paragraph and last.real and last.kind in _BODILY
    return msgspec.structs.replace(before[-1].where, span=None) if near else None


def _datelined(story: Story, when: When | None, dateline: _Dateline | None) -> Where | None:
    """A wire story's bodily events of the latest days took place where its dateline says, unless a place is told."""
    if dateline is None or when is None or not story.first.real or story.first.kind not in _BODILY:
        return None
    if not _is_news(when, dateline.published):
        return None
    place = dateline.place
    return Where(name=place.name, geoname=place.geoname, lat=place.lat, lon=place.lon)


class _Dateline(NamedTuple):
    place: Place
    published: str


def _dateline(parsed: Parsed, places: Sequence[Place]) -> _Dateline | None:
    """Return the place of the dateline, which the parse keeps as a paragraph of its own that ends in a dash."""
    for paragraph in parsed.paragraphs[:3]:
        if paragraph.doc.text.endswith(("—", "–", "-")):
            end = paragraph.start + len(paragraph.doc.text)
            place = next((p for p in places if paragraph.start <= p.span[0] < end), None)
            return _Dateline(place, parsed.document.published_at) if place is not None else None
    return None


def _still_there(story: Story, before: list[Event]) -> Where | None:
    """Return where the latest events took place that share an unnamed actor: the gunman is caught where he shot."""
    local = {a for m in story.mentions for a in (*m.roles.actors, *m.roles.targets) if "~" in a}
    if not story.first.real or not local:
        return None
    for event in reversed(before[-3:]):
        if event.where is not None and not local.isdisjoint((*event.actors, *event.targets)):
            return msgspec.structs.replace(event.where, span=None)
    return None


def _event(story: Story, when: When | None, where: Where | None, index: dict[int, int]) -> Event:
    mentions, sense = story.mentions, _sense(story)
    return Event(
        type=sense.type,
        other_type=sense.other_type,
        mode=_mode(story),
        status=_joint_status(mentions),
        trigger=tuple(m.span for m in mentions),
        when=when,
        where=where,
        actors=_ids(m.roles.actors for m in mentions if not _denied_deed(story, m)),
        targets=_ids(m.roles.targets for m in mentions),
        means=_first(m.setting.means for m in mentions),
        casualties=tuple(dict.fromkeys(c for m in mentions for c in m.casualties)),
        damage=tuple(dict.fromkeys(d for m in mentions for d in m.damage)),
        circumstances=tuple(dict.fromkeys(c for m in mentions for c in m.circumstances)),
        part_of=index[id(story.part_of)] if story.part_of is not None else None,
    )


def _sense(story: Story) -> Sense:
    """The deed names the event, not its outcome, and as a fact before it does so in somebody's words."""
    telling = [m for m in story.mentions if m.trigger.sense.other_type != INCIDENT] or story.mentions
    deeds = [m for m in telling if not m.outcome] or telling
    senses = [m.trigger.sense for m in [m for m in deeds if m.status == "fact"] or deeds]
    if any(s.other_type == "explosion" for s in senses):
        return next((s for s in senses if s.other_type not in _EFFECTS), senses[0])
    return next((s for s in senses if s.other_type != "death"), senses[0])


def _mode(story: Story) -> str:
    """Return the PLOVER mode that the first telling says, else the one of the weapon, else that of a retelling."""
    modes = [m.trigger.sense.mode for m in story.mentions if m.trigger.sense.type == _sense(story).type]
    means = _first(m.setting.means for m in story.mentions)
    weapon = mode_of_weapon(means) if means and _sense(story).type == "ASSAULT" else ""
    spoken = next((mode for mode in modes if mode and mode != "destroy"), "")
    return (modes[0] if modes[0] != "destroy" else "") or weapon or spoken or next(filter(None, modes), "")


def _joint_status(mentions: list[Mention]) -> EventStatus:
    found = {m.status for m in mentions if not (m.status == "negated" and (m.definite or m.outcome))} or {"negated"}
    if "contested" in found or ("negated" in found and found & {"fact", "claimed"}):
        return "contested"
    order: tuple[EventStatus, ...] = ("fact", "claimed", "negated", "proposed", "hypothetical")
    return next(status for status in order if status in found)


def _denied_deed(story: Story, mention: Mention) -> bool:
    """True for "the group denied carrying out the attack": who did it is denied, not that it happened."""
    return mention.status == "negated" and mention is not story.first


def _in_passing(mention: Mention) -> bool:
    """True for an aside ("…, which began in May", "the May 3 attacks"): its day is its own, not the story's."""
    tree, at, when = mention.trigger.tree, mention.trigger.at, mention.setting.when
    if mention.trigger.noun and when is not None and when.span is not None and when.span[1] < tree.offsets[at]:
        return when.span[0] >= tree.offsets[tree.base(at)]
    verb = mention.trigger.verb if mention.trigger.noun else at
    return any(tree.deps[i] in {"relcl", "acl"} for i in ([verb, *tree.up(verb)] if verb >= 0 else []))


def _carried(day: When | None) -> When | None:
    """The story's day goes on until the text names another."""
    return day and When(value=day.start[:10], start=day.start[:10], end=day.end[:10], anchor=f"story:{day.start[:10]}")


def _first(values: Iterable[T | None]) -> T | None:
    return next((value for value in values if value is not None), None)


def _ids(groups: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(actor for group in groups for actor in group))
