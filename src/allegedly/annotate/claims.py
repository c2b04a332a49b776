"""Attributed claims of one document: who says what (source, cue, content)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from allegedly.annotate.actors import Cast
from allegedly.annotate.attributions import Attribution, ranges
from allegedly.annotate.contents import Found, content_of, is_passive
from allegedly.annotate.cues import lexicon
from allegedly.annotate.direct import Quotations
from allegedly.annotate.nominal import colon_drafts, nominal_drafts
from allegedly.annotate.parse import Parsed
from allegedly.annotate.quotes import find_quotes
from allegedly.annotate.speakers import is_expletive, phrase, speaker_of
from allegedly.annotate.syntax import Syntax
from allegedly.records import Claim, Event, Speaker


def find_claims(parsed: Parsed, cast: Cast) -> tuple[tuple[Claim, ...], Cast]:
    """Find every attributed claim, and the cast with the speakers that only the claims reveal."""
    s = Syntax(parsed)
    drafts = find_drafts(s, parsed)
    return tuple(_claim(s, d) for d in drafts), cast


def find_drafts(s: Syntax, parsed: Parsed) -> list[Attribution]:
    spans = [(p.start, p.start + len(p.doc.text)) for p in parsed.paragraphs]
    quotations = Quotations(s, find_quotes(s.text, spans))
    drafts = [*_verb_drafts(s, quotations), *nominal_drafts(s), *colon_drafts(s)]
    drafts = quotations.attach(drafts)
    for d in drafts:
        if not d.said_by and d.speaker is not None and not is_expletive(s, d.speaker):
            d.said_by = phrase(s, d.speaker, d.anchor)
    for d in drafts:
        if d.follows is not None and not d.said_by:
            d.said_by = d.follows.said_by
    return [d for d in drafts if d.content]


def _verb_drafts(s: Syntax, quotations: Quotations) -> Iterator[Attribution]:
    verbs = lexicon().verbs
    for i, lemma in enumerate(s.lemma):
        if lemma in verbs and s.tag[i].startswith("VB"):
            found = content_of(s, i)
            if found is not None and all(a < b for a, b in found.content):
                draft = _verb_draft(s, i, found)
                if draft is not None:
                    yield draft


def _verb_draft(s: Syntax, verb: int, found: Found) -> Attribution | None:
    speaker: int | None
    if found.rule.startswith(("passive", "reduced")):
        agent = s.kid(verb, "agent")
        speaker = s.kid(agent, "pobj") if agent is not None else None
        if found.rule == "passive" and speaker is None and found.reading.act not in ("accuses", "labels"):
            return None
    else:
        speaker = speaker_of(s, verb)
        if speaker is None or (is_passive(s, verb) and found.rule != "clause"):
            return None
    return Attribution(found.rule, verb, [*cue_tokens(s, verb), *found.extra], found.content, found.reading, speaker)


def cue_tokens(s: Syntax, verb: int) -> list[int]:
    tokens = [verb]
    tokens += [k for k in s.kids[verb] if s.dep[k] in ("aux", "auxpass", "neg", "prt")]
    return tokens


def _claim(s: Syntax, d: Attribution) -> Claim:
    return Claim(
        speaker=Speaker(spans=tuple(s.span(r) for r in d.said_by)),
        cue=tuple(s.span(r) for r in ranges(d.cue)),
        content=tuple(s.span(r) for r in sorted(d.content)),
        mode="direct" if d.quoted else "indirect",
        act=d.reading.act,
    )


def own_voice(parsed: Parsed, cast: Cast, claims: Sequence[Claim], events: Sequence[Event]) -> tuple[Claim, ...]:
    """Return the author's own claims: sentences about events or actors that no attributed content covers."""
    return ()
