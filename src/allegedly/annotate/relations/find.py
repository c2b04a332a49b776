"""Signed ties between actors, each with the holder who asserts it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from allegedly.annotate.actors.find import Cast
from allegedly.annotate.events.roles import author_in, pronouns_of, roles_of, speaking_of_themselves
from allegedly.annotate.events.status import told_as
from allegedly.annotate.events.triggers import find_triggers
from allegedly.annotate.parse import Parsed
from allegedly.annotate.relations.lexicon import heads, signs
from allegedly.annotate.relations.nouns import noun_ties
from allegedly.annotate.relations.scene import Scene, Tie
from allegedly.annotate.relations.verbs import verb_ties
from allegedly.annotate.tree import tree_of
from allegedly.records import Claim, Relation, Span

AUTHOR = "author"


def find_relations(parsed: Parsed, cast: Cast, claims: Sequence[Claim]) -> tuple[Relation, ...]:
    """Find every relation stated in `parsed`. The holder is the speaker in whose words it stands, else ``author``.

    Each pair, type, sign and holder is given once, with its first evidence.
    """
    contents = sorted((span, i) for i, claim in enumerate(claims) for span in claim.content)
    found: dict[tuple[str, str, str, int, str], Relation] = {}
    told: dict[tuple[str, str, str], Span] = {}
    for tie in _ties(parsed, cast, claims):
        pair, (start, end) = tie[:3], tie.evidence
        if tie.subject == tie.object or not _can_be(tie, cast):
            continue
        first, last = told.get(pair, (0, 0))
        if first <= start and end <= last:
            continue  # “expressed its support for X” tells it twice
        told[pair] = tie.evidence
        claim = _telling(contents, claims, tie.evidence)
        denied = claim is not None and claim.polarity == "negated" and claim.mode != "direct" and tie.asserted
        holder = claim.speaker.actor or AUTHOR if claim is not None else AUTHOR
        _keep(found, tie._replace(negated=tie.negated or denied), holder)
    for claim in claims:
        for tie, holder in _accusations(claim, claims):
            _keep(found, tie, holder)
    return tuple(sorted(found.values(), key=lambda r: (r.evidence, r.type, r.subject, r.object)))


def _keep(found: dict[tuple[str, str, str, int, str], Relation], tie: Tie, holder: str) -> None:
    sign = 0 if tie.negated else signs()[tie.type]
    relation = Relation(
        subject=tie.subject,
        type=tie.type,
        object=tie.object,
        sign=-1 if sign < 0 else 1 if sign else 0,
        holder=holder,
        evidence=tie.evidence,
    )
    found.setdefault((tie.subject, tie.type, tie.object, sign, holder), relation)


def _can_be(tie: Tie, cast: Cast) -> bool:
    """True where one of both has a name, and the part too where the tie is to a whole (no person) or to a founder."""
    if tie.type in ("part-of", "created-by"):
        return "~" not in tie.subject and (tie.type == "created-by" or cast[tie.object].kind != "person")
    return "~" not in tie.subject or "~" not in tie.object


def _telling(contents: list[tuple[Span, int]], claims: Sequence[Claim], evidence: Span) -> Claim | None:
    """Return the innermost claim in whose words the tie stands, or None for the author's."""
    inside = [(s[1] - s[0], i) for s, i in contents if s[0] <= evidence[0] and evidence[1] <= s[1]]
    return claims[min(inside)[1]] if inside else None


def _accusations(claim: Claim, claims: Sequence[Claim]) -> Iterator[tuple[Tie, str]]:
    """Whoever accuses somebody is hostile to them by the word of whoever tells of it."""
    speaker, evidence = claim.speaker.actor, (claim.cue or claim.content)[:1]
    if speaker is None or speaker == AUTHOR or not evidence:
        return
    teller = claims[claim.parent].speaker.actor if claim.parent is not None else None
    for accused in claim.accused:
        yield Tie("accuses", speaker, accused, evidence[0]), teller or AUTHOR


def _ties(parsed: Parsed, cast: Cast, claims: Sequence[Claim]) -> Iterator[Tie]:
    trees = [tree_of(paragraph) for paragraph in parsed.paragraphs]
    author = author_in(trees, cast, parsed.document.source)
    for tree in trees:
        scene = Scene(tree, cast, pronouns_of(tree, cast) | speaking_of_themselves(tree, claims, author))
        telling = heads()
        for i, pos in enumerate(tree.pos):
            told = tree.lemmas[i] in telling or tree.lowers[i] in telling
            if pos in {"NOUN", "PROPN"} and (told or tree.kids_as(i, "poss")):
                yield from noun_ties(scene, i)
            elif told:
                yield from verb_ties(scene, i)
        yield from _attacks(scene)


def _attacks(scene: Scene) -> Iterator[Tie]:
    """Attacks between actors that have names; what was only threatened, planned or denied is no attack."""
    for trigger in find_triggers(scene.tree):
        if trigger.sense.type == "ASSAULT" and told_as(trigger) == "fact":
            roles = roles_of(trigger, scene.cast, scene.pronouns, {})
            for subject in roles.actors:
                for target in roles.targets:
                    if "~" not in subject and "~" not in target:
                        yield Tie("attacks", subject, target, scene.tree.span(trigger.at, trigger.at))
