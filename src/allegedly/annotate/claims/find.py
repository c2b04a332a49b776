"""Attributed claims of one document: who says what (source, cue, content)."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from allegedly.annotate.actors.cast import Cast
from allegedly.annotate.claims.accused import blamed
from allegedly.annotate.claims.acts import act_of, channel_of, hedge_of, polarity_of
from allegedly.annotate.claims.attributions import Attribution, ranges
from allegedly.annotate.claims.direct import Quotations
from allegedly.annotate.claims.look import View
from allegedly.annotate.claims.own_voice import own_voice
from allegedly.annotate.claims.resolving import Resolver
from allegedly.annotate.claims.rules import found_by_rules, in_text_order, quotations_of, worth_keeping
from allegedly.annotate.claims.siblings import parted
from allegedly.annotate.claims.union import united
from allegedly.annotate.parse import Parsed
from allegedly.annotate.syntax import Syntax, syntax_of
from allegedly.records import Act, Claim, Mode, Speaker

__all__ = ["find_claims", "own_voice"]

_MOSTLY = 0.9
"""Share of its words in quotation marks from which a claim is direct."""
_AGAINST = frozenset(["denies", "dismisses", "declines"])
"""Acts that pass no accusation on."""
_NEAR = 50
"""Claims stand in text order: one that holds another is not further away than this."""


def find_claims(parsed: Parsed, cast: Cast, view: View | None = None) -> tuple[tuple[Claim, ...], Cast]:
    """Find every attributed claim, and the cast with the speakers that only the claims reveal.

    Attribution relations after Pareti (2015): the source is the whole noun phrase, the content runs from its
    complementiser or quotation mark to the end of the clause, and a claim inside another's content has it as parent.
    Without `view`, what the network sees, the rules decide alone.
    """
    s = syntax_of(parsed)
    quotations = quotations_of(parsed) if view is None else view.quotations
    drafts = found_by_rules(s, quotations) if view is None else _standing(s, view)
    resolver = Resolver(s, cast, parsed.document, drafts, quotations)
    speakers = [resolver.speaker(d) for d in drafts]
    acts = [act_of(s, d) for d in drafts]
    accused = blamed(resolver, drafts, acts, [who.actor for who in speakers])
    cast = resolver.extended()
    found = zip(drafts, acts, speakers, accused, strict=True)
    claims = [_claim(s, d, act, who, whom, cast, quotations) for d, act, who, whom in found]
    return _nested(claims), cast


def _standing(s: Syntax, view: View) -> list[Attribution]:
    drafts = united(s, view.drafts, view.sightings, view.net)
    drafts = [d for d in drafts if worth_keeping(s, d, view.quotations)]
    parted(s, drafts, view.quotations)
    return sorted((d for d in drafts if d.content), key=in_text_order)


# ---- records


def _claim(
    s: Syntax, d: Attribution, act: Act, speaker: Speaker, accused: Sequence[str], cast: Cast, quotations: Quotations
) -> Claim:
    if act == "asserts" and any("~" not in actor for actor in accused):
        act = "accuses"
    known = cast[speaker.actor] if speaker.actor is not None and speaker.actor in cast else None
    return Claim(
        speaker=speaker,
        cue=tuple(s.span(r) for r in ranges(d.cue)),
        content=tuple(quotations.span(r) for r in ranges(i for a, b in d.content for i in range(a, b))),
        mode="own-voice" if speaker.actor == "author" else _mode(s, d, quotations),
        act=act,
        polarity=polarity_of(s, d, act),
        hedge=hedge_of(s, d),
        channel=channel_of(s, d, known),
        accused=tuple(accused),
        confidence=round(d.confidence, 3),
    )


def _mode(s: Syntax, d: Attribution, quotations: Quotations) -> Mode:
    words = [i for a, b in d.content for i in range(a, b) if s.lower[i][:1].isalnum()]
    share = sum(quotations.inside[i] >= 0 for i in words) / max(1, len(words))
    if d.anchor >= 0 and quotations.inside[d.anchor] >= 0:
        return "indirect"
    return "direct" if share >= _MOSTLY else "mixed" if share else "indirect"


def _nested(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """Return `claims` with `parent` set to the narrowest claim whose content holds the whole of another.

    Who passes on an accusation names the accused too.
    """
    parents = [_parent(i, claims) for i in range(len(claims))]
    accused = [dict.fromkeys(claim.accused) for claim in claims]
    for i, outer in sorted(enumerate(parents), key=lambda pair: -pair[0]):
        if outer is not None and claims[i].act not in _AGAINST and claims[outer].act not in _AGAINST:
            speaker = claims[outer].speaker.actor
            accused[outer] |= {actor: None for actor in accused[i] if actor != speaker}
    return tuple(
        msgspec.structs.replace(claim, parent=outer, accused=tuple(whom))
        for claim, outer, whom in zip(claims, parents, accused, strict=True)
    )


def _parent(i: int, claims: Sequence[Claim]) -> int | None:
    inner = (*claims[i].content, *claims[i].cue)
    holding = [
        (sum(e - b for b, e in claims[j].content), j)
        for j in range(max(0, i - _NEAR), min(len(claims), i + _NEAR))
        if j != i and all(any(b <= x and y <= e for b, e in claims[j].content) for x, y in inner)
    ]
    return min(holding)[1] if holding else None
