"""Which mentions tell one and the same event: conservative, because a wrong merge hides a conflict of accounts.

A mention joins an earlier event only when its type allows it, nothing told of both contradicts (day, place, target,
doer, mode) and something ties them: a definite noun, a shared target, or harm told as the outcome of the deed.
"""

from __future__ import annotations

from collections.abc import Sequence

from allegedly.annotate.events.harm import harm
from allegedly.annotate.events.parts import part_phrase, whole_of
from allegedly.annotate.events.story import BACK, MEMORY, Mention, Story, days_apart
from allegedly.annotate.events.triggers import INCIDENT
from allegedly.annotate.places.gazetteer import country_named

_ASIDE = frozenset({"", "destroy"})
_ALIKE = (
    frozenset({"explosives", "suicide-attack"}),
    frozenset({"heavy-weapons", "drone"}),
    frozenset({"heavy-weapons", "explosives"}),
    frozenset({"explosives", "drone"}),
    frozenset({"firearms", "execute"}),
    frozenset({"firearms", "assassinate"}),
)
_BLASTS = frozenset({"explosives", "suicide-attack", "heavy-weapons", "drone"})
_HARM_TYPES = frozenset({"death", "explosion", "accident", "natural disaster"})
_NAMING = frozenset({"call", "label", "brand", "term", "deem", "describe"})
_MEANWHILE = frozenset({"during", "before", "after", "since", "amid", "despite"})
_POINTERS = frozenset({"it", "this", "that"})


def retold(mentions: Sequence[Mention], headline: int = -1) -> list[Story]:
    """Group `mentions`, given in text order, into stories in the order of their first mention.

    `headline` is the paragraph that holds the title, -1 where none does.
    """
    stories: list[Story] = []
    recent: list[Story] = []
    for mention in _causes_first(mentions):
        story = _taken_up(recent, mention)
        if story is not None:
            story.mentions.append(mention)
            recent.remove(story)
        elif not _takes_up_many(recent, mention):
            story = Story([mention], whole_of(stories[-MEMORY:], mention))
            stories.append(story)
        if story is not None:
            recent = [*recent[1 - MEMORY :], story]
    stories = _titled(stories, headline)
    for story in stories:
        story.mentions.sort(key=lambda m: m.span)
    return sorted(stories, key=lambda s: s.first.span)


def _titled(stories: list[Story], headline: int) -> list[Story]:
    """Let what the title tells be the first happening below it that it can be: a headline names its story's event."""
    told = [s for s in stories if any(m.paragraph != headline for m in s.mentions)]
    kept = list(told)
    for story in stories:
        if story in told:
            continue
        first = story.first
        fits = (s for s in told if s.first.real == first.real and _types_agree(s, first) and not _contradict(s, first))
        body = next(fits, None)
        if body is None:
            kept.append(story)
        else:
            body.mentions += story.mentions
    return kept


def _causes_first(mentions: Sequence[Mention]) -> list[Mention]:
    """Put the blast before the deaths in "were killed in the blast": it says which event the toll belongs to."""
    ordered: list[Mention] = []
    for mention in mentions:
        before = next((i for i, m in enumerate(ordered[-3:], max(0, len(ordered) - 3)) if _cause_of(m, mention)), None)
        ordered.insert(len(ordered) if before is None else before, mention)
    return ordered


def _taken_up(recent: Sequence[Story], mention: Mention) -> Story | None:
    """Return the latest story that `mention` tells again; a blast takes up what exploded before anything else."""
    found = [s for s in reversed(recent) if _same(s, mention)]
    if mention.kind == "explosion":
        found.sort(key=lambda s: not _explosive(s))
    return found[0] if found else None


def _explosive(story: Story) -> bool:
    return any(m.kind == "explosion" or m.trigger.sense.mode in _BLASTS for m in story.mentions)


def _same(story: Story, mention: Mention) -> bool:
    last = story.mentions[-1]
    if _cause_of(last, mention) or _cause_of(mention, last) or _purpose_of(last, mention) or _effect_of(last, mention):
        return True
    if _is_said_to_be(last, mention) or _denied_again(last, mention):
        return True
    one_of_many = (mention.plural and not _several(story)) or (
        mention.trigger.noun and story.first.plural > mention.plural
    )
    if story.first.real != mention.real or one_of_many or part_phrase(mention) or _meanwhile(last, mention):
        return False
    if not _types_agree(story, mention) or _contradict(story, mention):
        return False
    if mention.outcome and _outcome_of(last, mention):
        return True
    if mention.status == "claimed" and _same_weapons(story, mention):
        return True
    if _its_weapons(story, mention):
        return True
    if mention.trigger.noun:
        return _noun_takes_up(story, mention)
    return _alike_words(story, mention) and (_shared_target(story, mention) or _same_thing(story, mention))


def _several(story: Story) -> bool:
    """True where a plural can mean the story: it is told in the plural, or hits several targets."""
    return story.first.plural or any(
        m.trigger.tree.tags[t] == "NNS" and (not m.outcome or t in m.roles.actor_heads)
        for m in story.mentions
        for t in (*m.roles.target_heads, *_weapons(m))
    )


def _same_weapons(story: Story, mention: Mention) -> bool:
    """True for “three drones struck” and, in somebody's words, “ten drones had been launched”."""
    if story.first.kind != "ASSAULT" or mention.kind != "ASSAULT":
        return False
    before = {_word(m, h) for m in story.mentions for h in _armed_heads(m)}
    return not before.isdisjoint(_word(mention, h) for h in _armed_heads(mention))


def _its_weapons(story: Story, mention: Mention) -> bool:
    """True for “the attack” and then “who sent the drones”: weapons that are known are those of the deed before."""
    heads = _armed_heads(mention)
    if story.first.kind != "ASSAULT" or mention.kind != "ASSAULT" or mention.trigger.noun or not heads:
        return False
    tree = mention.trigger.tree
    known = all(any(tree.lowers[k] in BACK for k in tree.kids_as(h, "det")) for h in heads)
    return known and mention.paragraph - story.mentions[-1].paragraph <= 2 and not _targets_apart(story, mention)


def _targets_apart(story: Story, mention: Mention) -> bool:
    whom = {t for t in mention.roles.target_heads if t not in _armed_heads(mention)}
    return bool(whom) and not _shared_target(story, mention)


def _armed_heads(mention: Mention) -> list[int]:
    tree = mention.trigger.tree
    heads = [*mention.roles.actor_heads, *mention.roles.target_heads, *tree.kids_as(mention.trigger.at, "compound")]
    return [h for h in heads if tree.lemmas[h] in harm().weapons or tree.lowers[h] in harm().weapons]


def _word(mention: Mention, head: int) -> str:
    return mention.trigger.tree.lowers[head].removesuffix("s")


def _weapons(mention: Mention) -> list[int]:
    return [h for h in mention.roles.actor_heads if mention.trigger.tree.lemmas[h] in harm().weapons]


def _takes_up_many(stories: Sequence[Story], mention: Mention) -> bool:
    """True for "both attacks" and "these clashes", which speak of several events told before and add none."""
    if mention.kind == INCIDENT:
        return True
    if not mention.plural or not mention.definite or mention.roles.targets or mention.setting.when is not None:
        return False
    return sum(1 for s in stories if s.first.kind == mention.kind) > 1


def _types_agree(story: Story, mention: Mention) -> bool:
    one, other = story.first.kind, mention.kind
    if one == other:
        return True
    violent = {"ASSAULT"} | _HARM_TYPES
    if other == INCIDENT:
        return one in violent
    if "explosion" in {one, other} and story.first.trigger.sense.mode in {"firearms", "primitive", "beat"}:
        return False
    if _breaks_in(story) and (mention.kind == "outage" or (other == "ASSAULT" and not mention.trigger.sense.mode)):
        return mention.definite
    vague = {"death", "explosion"}
    return {one, other} <= violent and (mention.outcome or not vague.isdisjoint({one, other}))


def _breaks_in(story: Story) -> bool:
    """Whether it is an attack on computers, which later is “the attack” or “the blackout”."""
    return story.first.trigger.sense.mode == "cyber"


def _contradict(story: Story, mention: Mention) -> bool:
    return any(
        days_apart(m, mention) or _modes_apart(m, mention) or _places_apart(m, mention) for m in story.mentions
    ) or (_roles_apart(story, mention))


def _modes_apart(one: Mention, other: Mention) -> bool:
    a, b = one.trigger.sense.mode, other.trigger.sense.mode
    return a != b and a not in _ASIDE and b not in _ASIDE and not any({a, b} <= alike for alike in _ALIKE)


def _places_apart(one: Mention, other: Mention) -> bool:
    a, b = one.setting.where, other.setting.where
    if a is None or b is None or a.name == b.name:
        return False
    if one.setting.country != other.setting.country:
        return True
    return not _is_country(one) and not _is_country(other)


def _is_country(mention: Mention) -> bool:
    return mention.setting.where is not None and country_named(mention.setting.where.name) is not None


def _roles_apart(story: Story, mention: Mention) -> bool:
    doers = {a for m in story.mentions for a in m.roles.actors}
    targets = {t for m in story.mentions for t in m.roles.targets}
    mine, whom = set(mention.roles.actors), set(mention.roles.targets)
    if doers and mine and doers.isdisjoint(mine):
        return True
    return bool(targets and whom and not mention.outcome and not _shared_target(story, mention))


def _outcome_of(last: Mention, mention: Mention) -> bool:
    """Harm told in the sentence of the deed, or in the next one when that sentence names no other deed."""
    tree = mention.trigger.tree
    if last.trigger.tree is not tree:
        return _toll_told_later(last, mention)
    here, there = tree.sentence[mention.trigger.at], tree.sentence[last.trigger.at]
    if here == there:
        return mention.trigger.at != last.trigger.at and not _separate_clauses(mention, last)
    return there[1] == here[0] and not mention.roles.actors and (not last.casualties or _counted_again(last, mention))


def _counted_again(last: Mention, mention: Mention) -> bool:
    """True for “27 were hurt, the office said. The students said that 64 were”: two tolls of one harm."""
    kinds = {c.kind for c in last.casualties} & {c.kind for c in mention.casualties}
    return last.outcome and bool(kinds) and mention.status == "claimed" and mention.setting.where is None


def _cause_of(last: Mention, mention: Mention) -> bool:
    """True for the deed behind an outcome: "were killed in an attack", "died when a bomb went off"."""
    tree, at = mention.trigger.tree, mention.trigger.at
    if not last.outcome or last.trigger.tree is not tree or last.trigger.at not in tree.up(at):
        return False
    if mention.kind not in {"ASSAULT"} | _HARM_TYPES or last.real != mention.real:
        return False
    if mention.trigger.noun or tree.deps[at] == "acl":
        link = tree.heads[at if mention.trigger.noun else tree.heads[at]]
        return tree.heads[link] == last.trigger.at and tree.lowers[link] in {"in", "by", "during", "after", "from"}
    told_before = any(tree.lowers[k] in {"before", "until"} for k in tree.kids_as(at, "mark", "advmod"))
    return tree.deps[at] == "advcl" and not told_before and not (mention.roles.actors and last.roles.actors)


def _purpose_of(last: Mention, mention: Mention) -> bool:
    """True for "fired tear gas to disperse them": one deed in two words of one sense."""
    tree, at = mention.trigger.tree, mention.trigger.at
    linked = last.trigger.tree is tree and tree.heads[at] == last.trigger.at and tree.deps[at] in {"advcl", "xcomp"}
    return linked and mention.trigger.sense == last.trigger.sense and mention.roles.actors == last.roles.actors


def _effect_of(last: Mention, mention: Mention) -> bool:
    """True for what an event noun does: "an explosion broke a gate and flooded the town" is one event."""
    same = last.trigger.tree is mention.trigger.tree and last.trigger.noun and not mention.trigger.noun
    violent = {"ASSAULT"} | _HARM_TYPES
    return same and {last.kind, mention.kind} <= violent and last.trigger.at in mention.roles.actor_heads


def _is_said_to_be(last: Mention, mention: Mention) -> bool:
    """True for "the explosion was sabotage" and "it was an attack", which only say what the event was."""
    tree, at = mention.trigger.tree, mention.trigger.at
    verb = tree.heads[at]
    if not mention.trigger.noun or mention.status == "negated" or last.trigger.tree is not tree:
        return False
    if not {last.kind, mention.kind} <= {"ASSAULT"} | _HARM_TYPES:
        return False
    named = tree.kids_as(verb, "nsubj") if tree.lemmas[verb] == "be" and tree.deps[at] == "attr" else []
    if tree.lemmas[verb] in _NAMING and tree.deps[at] in {"oprd", "dobj", "attr"}:
        named = [k for k in tree.kids_as(verb, "dobj", "nsubj", "ccomp") if k != at]
    return any(n == last.trigger.at or tree.lowers[n] in _POINTERS for n in named)


def _denied_again(last: Mention, mention: Mention) -> bool:
    """True for "there is no coup and there will be no coup": what nobody tells of happens once."""
    words = [m.trigger.tree.lemmas[m.trigger.at] for m in (last, mention)]
    return last.status == mention.status == "negated" and words[0] == words[1] and not _roles_differ(last, mention)


def _roles_differ(one: Mention, other: Mention) -> bool:
    a, b = set(one.roles.targets), set(other.roles.targets)
    return bool(a and b and a.isdisjoint(b))


def _meanwhile(last: Mention, mention: Mention) -> bool:
    """True for "shelled the school during the siege": what a deed is set against is another event."""
    tree, link = mention.trigger.tree, mention.trigger.tree.heads[mention.trigger.at]
    return (
        mention.trigger.noun
        and not last.outcome
        and last.trigger.tree is tree
        and tree.lowers[link] in _MEANWHILE
        and tree.heads[link] == last.trigger.at
    )


def _toll_told_later(last: Mention, mention: Mention) -> bool:
    """ "Nine people were killed", lines after the blast: a count that names no doer tells of the latest deed."""
    counted = any(c.kind in {"killed", "injured"} for c in mention.casualties)
    bare = not mention.roles.actors and mention.setting.when is None and mention.setting.where is None
    return counted and bare and last.status != "negated" and mention.paragraph - last.paragraph <= 4


def _separate_clauses(mention: Mention, last: Mention) -> bool:
    return bool(mention.roles.actors and last.roles.actors and set(mention.roles.actors).isdisjoint(last.roles.actors))


def _noun_takes_up(story: Story, mention: Mention) -> bool:
    blast = mention.kind == "explosion" and _explosive(story)
    known = blast or mention.kind == INCIDENT or _breaks_in(story)
    if story.first.kind != "ASSAULT" and not known and not _alike_words(story, mention):
        return False
    if mention.plural and story.part_of is not None:
        return False
    if _scene_set_again(story, mention):
        return True
    if not mention.definite and not mention.roles.targets:
        return False
    if mention.roles.targets:
        return _shared_target(story, mention)
    if mention.setting.where is not None and mention.setting.where.span is not None:
        return any(m.setting.where and m.setting.where.name == mention.setting.where.name for m in story.mentions)
    return mention.definite and (story.first.kind != "ASSAULT" or story.mentions[-1].paragraph >= mention.paragraph - 4)


def _scene_set_again(story: Story, mention: Mention) -> bool:
    """True for "it lay at anchor when a blast …", told soon after the first blast: the scene in more detail."""
    verb = mention.trigger.verb
    tree = mention.trigger.tree
    clause = verb >= 0 and tree.deps[verb] == "advcl" and any(tree.lowers[k] == "when" for k in tree.kids[verb])
    near = mention.paragraph - story.mentions[-1].paragraph <= 2
    return clause and near and story.first.kind == mention.kind and mention.kind in _HARM_TYPES


def _shared_target(story: Story, mention: Mention) -> bool:
    targets = {t for m in story.mentions for t in m.roles.targets}
    if targets & set(mention.roles.targets):
        return True
    words = {w for m in story.mentions for w in _unnamed_words(m.roles.targets)}
    return mention.definite and bool(words & _unnamed_words(mention.roles.targets))


def _unnamed_words(targets: tuple[str, ...]) -> set[str]:
    """The words of described targets: "a security guard" and "a security officer" may be one."""
    return {word for t in targets if "~" in t for word in t.partition("~")[0].split("-") if len(word) > 3}


def _alike_words(story: Story, mention: Mention) -> bool:
    lemma = mention.trigger.tree.lemmas[mention.trigger.at]
    stem = lemma[:4]
    named = any("~" in t for t in mention.roles.targets) or len(set(mention.roles.actors)) > 0
    words = {m.trigger.tree.lemmas[m.trigger.at][:4] for m in story.mentions}
    if stem in words or (named and story.first.kind == "ASSAULT"):
        return True
    heads = {head for m in story.mentions for head in _target_words(m)}
    return story.first.kind == "ASSAULT" and bool(heads & _target_words(mention))


def _same_thing(story: Story, mention: Mention) -> bool:
    """True where a definite phrase names again the thing that was hit: "a bridge", then "the bridge"."""
    tree = mention.trigger.tree
    definite = {tree.lemmas[t] for t in mention.roles.target_heads if any(tree.lowers[k] in BACK for k in tree.kids[t])}
    return any(definite & _target_words(m) for m in story.mentions)


def _target_words(mention: Mention) -> set[str]:
    return {mention.trigger.tree.lemmas[t] for t in mention.roles.target_heads}
