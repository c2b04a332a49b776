"""Which stories a coder of political events would code: PLOVER asks who did it to whom.

What only attributes ("urged", "blamed", "supports") is a claim or a tie already. It is an event when a body of power
does it, or when one named actor does it to another. Politics borrows the words of war and of the street: persons and
parties who attack each other without a weapon, a place or harm only talk, and a candidate's rally is no protest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from allegedly.annotate.actors.cast import Cast
from allegedly.annotate.events.harm import harm
from allegedly.annotate.events.story import Mention, Story
from allegedly.annotate.plover import Sense
from allegedly.records import ActorKind

_POWERS: frozenset[ActorKind] = frozenset(
    {"state", "government", "military", "police", "armed-group", "legislature", "judiciary"}
)
_TALKERS: frozenset[ActorKind] = frozenset(
    {"person", "party", "outlet", "channel", "company", "organisation", "legislature"}
)
_BODIES = _POWERS | {"party", "organisation"}
_NAMED_VOTES = frozenset(
    {"general", "presidential", "parliamentary", "legislative", "municipal", "local", "regional", "mayoral", "snap"}
    | {"runoff", "primary", "congressional"}
)
_GATHERINGS = frozenset({"rally"})
_TRANSITIVE = frozenset({"rally", "demonstrate"})
_DEADLY = frozenset({"deadly", "fatal", "bloody", "lethal", "armed", "terrorist", "terror", "insurgent", "rebel"})
_BORROWED = frozenset({"attack", "assault", "battle", "fight", "hit", "strike", "target", "clash"})
_OPINIONS = frozenset({"agree", "discuss"})
"""Words that say as often what somebody thinks or speaks of as what two sides do."""
_TIES = frozenset({"back", "support"})
_BEFORE_COURTS = frozenset({"charge", "indict", "sue", "prosecute"})
_ENDED = frozenset({"collapse", "breakdown", "break", "fail"})


def coded(stories: Sequence[Story], cast: Cast) -> list[Story]:
    """Return the stories of which at least one mention tells enough to be coded, in order.

    "The vote", "the inquiry" tell too little by themselves, but enough where the document tells of one elsewhere.
    """
    telling = [story for story in stories if any(_codable(mention, cast) for mention in story.mentions)]
    told = {story.first.trigger.sense for story in telling}
    known = {id(story) for story in telling}
    kept = [story for story in stories if id(story) in known or _taken_up(story, told)]
    known = {id(story) for story in kept}
    for story in kept:
        if story.part_of is not None and id(story.part_of) not in known:
            story.part_of = None
    return kept


def _taken_up(story: Story, told: set[Sense]) -> bool:
    return any(m.definite and not m.plural and m.trigger.sense in told for m in story.mentions)


def _codable(mention: Mention, cast: Cast) -> bool:
    rule = _RULES.get(mention.kind)
    return _told_of_somebody(mention) and (rule is None or rule(mention, cast))


def _told_of_somebody(mention: Mention) -> bool:
    """False for a noun that tells nothing but a kind of event ("tariffs", "new violence")."""
    if not mention.trigger.noun or mention.definite or mention.trigger.verb >= 0:
        return True
    roles, setting = mention.roles, mention.setting
    if mention.casualties or mention.damage or roles.actor_heads or roles.target_heads:
        return True
    tree, at = mention.trigger.tree, mention.trigger.at
    return setting.when is not None or setting.where is not None or tree.tags[at] != "NNS"


def _kinds(actors: Iterable[str], cast: Cast) -> list[ActorKind]:
    return [cast[actor].kind for actor in actors]


def _named(actors: Iterable[str]) -> bool:
    return any("~" not in actor for actor in actors)


def _said_to_somebody(mention: Mention, cast: Cast) -> bool:
    if mention.trigger.tree.lemmas[mention.trigger.at] in _TIES and _lasting(mention):
        return False
    if _formal(mention):
        return True
    roles = mention.roles
    doers = _BODIES if mention.kind == "REJECT" else _POWERS
    return not doers.isdisjoint(_kinds(roles.actors, cast)) or (_named(roles.actors) and _named(roles.targets))


def _formal(mention: Mention) -> bool:
    """True for an act before a body ("a complaint was lodged", "opened an inquiry") and for talks that break down."""
    tree, at = mention.trigger.tree, mention.trigger.at
    if tree.lemmas[at] in _ENDED:
        return mention.kind == "REJECT"
    if mention.kind != "ACCUSE" or mention.trigger.sense.mode == "disapprove":
        return False
    if tree.lemmas[at] in _BEFORE_COURTS and not mention.trigger.noun:
        return bool(mention.roles.target_heads)
    acted = mention.trigger.noun and (mention.trigger.verb >= 0 or mention.definite or bool(tree.kids_as(at, "acl")))
    return acted or (mention.trigger.sense.mode == "investigate" and bool(mention.roles.target_heads))


def _lasting(mention: Mention) -> bool:
    """True for "backed by Peru" and "has backed Peru for years", which tell a tie between actors."""
    tree, at = mention.trigger.tree, mention.trigger.at
    participle = tree.deps[at] == "acl" and tree.tags[at] == "VBN"
    return participle or any(tree.lowers[p] == "for" for p in tree.kids_as(at, "prep"))


def _met(mention: Mention, cast: Cast) -> bool:
    """Talks and bargains take two, or a body; talks may also be told by a plural or by where they are held."""
    roles, tree = mention.roles, mention.trigger.tree
    several = len({*roles.actors, *roles.targets}) > 1 or (mention.kind == "CONSULT" and _plural(mention))
    powers = not _BODIES.isdisjoint(_kinds((*roles.actors, *roles.targets), cast))
    if tree.lemmas[mention.trigger.at] in _OPINIONS and not (powers or _named((*roles.actors, *roles.targets))):
        return False
    where, when = mention.setting.where, mention.setting.when
    if mention.kind == "CONSULT" and when is not None and when.span is not None and _official(mention):
        return True
    placed = mention.kind == "CONSULT" and mention.trigger.noun and where is not None and where.span is not None
    return several or powers or placed


def _official(mention: Mention) -> bool:
    """True for "the governor visited the site on Sunday" and "Monday's talks", of which the other side is not named."""
    if mention.trigger.noun:
        return mention.definite and mention.trigger.tree.lowers[mention.trigger.at] == "talks"
    tree = mention.trigger.tree
    return mention.trigger.sense.mode == "visit" and any(tree.pos[h] != "PRON" for h in mention.roles.actor_heads)


def _plural(mention: Mention) -> bool:
    tree = mention.trigger.tree
    return bool(mention.roles.actors) and any(tree.tags[head] == "NNS" for head in mention.roles.actor_heads)


def _physical(mention: Mention, cast: Cast) -> bool:
    """False where persons or parties "attack" each other and nothing tells of a weapon, a place or harm."""
    if mention.trigger.sense.mode or mention.setting.means or mention.casualties or mention.damage:
        return True
    if mention.setting.where is not None or mention.outcome or _armed(mention):
        return True
    kinds = _kinds((*mention.roles.actors, *mention.roles.targets), cast)
    if not kinds:
        struck = {mention.trigger.tree.lemmas[h] for h in mention.roles.target_heads} & harm().struck
        dated = mention.definite or mention.setting.when is not None
        return not _borrowed(mention) or dated or _bodily(mention) or bool(struck and not mention.trigger.noun)
    return not (_named(mention.roles.actors) and _TALKERS.issuperset(kinds))


def _armed(mention: Mention) -> bool:
    """True where a weapon does it: "shells hit the mill"."""
    tree, weapons = mention.trigger.tree, harm().weapons
    return any(tree.lemmas[h] in weapons or tree.lowers[h] in weapons for h in mention.roles.actor_heads)


def _borrowed(mention: Mention) -> bool:
    """True for a noun, or a verb that speech and business use as often as war does."""
    return mention.trigger.noun or mention.trigger.tree.lemmas[mention.trigger.at] in _BORROWED


def _bodily(mention: Mention) -> bool:
    """True for "an attack on the bridge", "two attacks", "a deadly attack"."""
    tree, at = mention.trigger.tree, mention.trigger.at
    words = {tree.lowers[k] for k in tree.kids_as(at, "amod", "compound")}
    return mention.trigger.noun and bool(
        mention.roles.target_heads or tree.kids_as(at, "nummod") or not words.isdisjoint(_DEADLY)
    )


def _helped(mention: Mention, cast: Cast) -> bool:
    roles = mention.roles
    if not roles.actor_heads and not mention.trigger.noun:
        return bool(roles.target_heads)  # "power was restored"
    return any(kind != "person" for kind in _kinds(roles.actors, cast)) or (
        _named(roles.actors) and bool(roles.targets)
    )


def _in_the_street(mention: Mention, cast: Cast) -> bool:
    tree, at = mention.trigger.tree, mention.trigger.at
    if not mention.trigger.noun:
        return tree.lemmas[at] not in _TRANSITIVE or not tree.kids_as(at, "dobj", "ccomp")
    if tree.lemmas[at] not in _GATHERINGS:
        return True
    return any(kind != "person" for kind in _kinds(mention.roles.actors, cast))


def _vote_of_somewhere(mention: Mention, cast: Cast) -> bool:
    """An election is told by its day, its place or its name; who "runs in elections" tells of none."""
    tree, at, roles = mention.trigger.tree, mention.trigger.at, mention.roles
    if mention.setting.when is not None or mention.setting.where is not None:
        return True
    if mention.trigger.noun:
        if mention.definite and tree.deps[at] in {"nsubj", "nsubjpass"}:
            return True
        return tree.tags[at] != "NNS" and any(
            tree.lowers[k] in _NAMED_VOTES or tree.pos[k] == "PROPN"
            for k in tree.kids_as(at, "amod", "compound", "poss")
        )
    return mention.real and _named((*roles.actors, *roles.targets))


_RULES: dict[str, Callable[[Mention, Cast], bool]] = {
    "SUPPORT": _said_to_somebody,
    "REQUEST": _said_to_somebody,
    "ACCUSE": _said_to_somebody,
    "REJECT": _said_to_somebody,
    "AID": _helped,
    "AGREE": _met,
    "CONSULT": _met,
    "ASSAULT": _physical,
    "PROTEST": _in_the_street,
    "election": _vote_of_somewhere,
}
