"""Attributed claims of one document: who says what (source, cue, content)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

import msgspec

from allegedly.annotate.actors.cast import Cast
from allegedly.annotate.claims.acts import accused_in, act_of, channel_of, hedge_of, polarity_of
from allegedly.annotate.claims.attributions import Attribution, Found, ranges
from allegedly.annotate.claims.clauses import can_speak, resumed_from
from allegedly.annotate.claims.contents import content_of, is_passive
from allegedly.annotate.claims.cues import lexicon
from allegedly.annotate.claims.direct import Quotations
from allegedly.annotate.claims.nominal import colon_drafts, nominal_drafts
from allegedly.annotate.claims.own_voice import own_voice
from allegedly.annotate.claims.quotes import find_quotes
from allegedly.annotate.claims.resolving import Resolver
from allegedly.annotate.claims.silence import silence_of
from allegedly.annotate.claims.speakers import is_expletive, phrase, speaker_of
from allegedly.annotate.parse import Parsed
from allegedly.annotate.syntax import Syntax, syntax_of
from allegedly.records import Act, Claim, Mode, Speaker

__all__ = ["find_claims", "own_voice"]

_MOSTLY = 0.9
"""Share of its words in quotation marks from which a claim is direct."""
_FIRST_OR_SECOND = frozenset(["i", "we", "you", "me", "us", "my", "our", "your"])
_UNREALISED = frozenset(["to", "object-to", "declines"])
"""Rules whose infinitive nobody has said yet: "promised to tell", "declined to say"."""
_NEAR = 50
"""Claims stand in text order: one that holds another is not further away than this."""
_POINTERS = frozenset(["it", "this", "that", "him", "her", "them", "me", "us", "you", "so", "which", "what", "who"])
_STATEMENTS = frozenset(["it", "this", "that"])
_ANSWERS: frozenset[Act] = frozenset(["denies", "dismisses", "declines"])
"""What one does with a statement before: "police deny this"."""


def find_claims(parsed: Parsed, cast: Cast) -> tuple[tuple[Claim, ...], Cast]:
    """Find every attributed claim, and the cast with the speakers that only the claims reveal.

    Attribution relations after Pareti (2015): the source is the whole noun phrase, the content runs from its
    complementiser or quotation mark to the end of the clause, and a claim inside another's content has it as parent.
    """
    s = syntax_of(parsed)
    quotations = Quotations(s, find_quotes(s.text, [(p.start, p.start + len(p.doc.text)) for p in parsed.paragraphs]))
    drafts = _without_hedges([d for d in find_attributions(s, quotations) if _worth_keeping(s, d, quotations)])
    drafts.sort(key=lambda d: (min(d.content), d.anchor))
    resolver = Resolver(s, cast, parsed.document, drafts, quotations)
    speakers = [resolver.speaker(d) for d in drafts]
    cast = resolver.extended()
    claims = [_claim(s, d, who, cast, quotations) for d, who in zip(drafts, speakers, strict=True)]
    return _nested(claims), cast


def find_attributions(s: Syntax, quotations: Quotations) -> list[Attribution]:
    """Return every attribution as token ranges, quotations given to their cues and speakers to their words."""
    drafts = quotations.attach([*_verb_drafts(s), *nominal_drafts(s), *colon_drafts(s)])
    for d in drafts:
        if not d.said_by and d.speaker is not None and not is_expletive(s, d.speaker):
            d.said_by = phrase(s, d.speaker, d.anchor)
    return [d for d in drafts if d.content]


def _verb_drafts(s: Syntax) -> Iterator[Attribution]:
    verbs, idioms = lexicon().verbs, lexicon().idioms
    held: set[int] = set()
    for i, lemma in enumerate(s.lemma):
        if s.tag[i].startswith("VB") and i not in held:
            found = content_of(s, i) if lemma in verbs or lemma in idioms else None
            found = found or silence_of(s, i)
            if found is not None and found.rule in _UNREALISED:
                held.update(_unsaid(s, i, found))
            if found is not None and all(a < b for a, b in found.content):
                draft = _verb_draft(s, i, found)
                if draft is not None:
                    yield draft


def _unsaid(s: Syntax, verb: int, found: Found) -> list[int]:
    """Return the verbs of an infinitive that is only asked for, promised or refused."""
    inside = (i for a, b in found.content for i in range(a + 1, b) if s.tag[i] == "VB" and s.lower[i - 1] == "to")
    return [*found.extra, *(k for k in s.kids[verb] if s.dep[k] == "xcomp"), *islice(inside, 1)]


def _verb_draft(s: Syntax, verb: int, found: Found) -> Attribution | None:
    if found.rule == "silence":
        speaker = speaker_of(s, verb)
        asked = found.reading.takes or (speaker is not None and can_speak(s, speaker))
        spoken = speaker is not None and bool(asked) and not is_expletive(s, speaker)
    elif found.rule.startswith(("passive", "reduced")):
        speaker = _agent(s, verb)
        spoken = found.rule != "passive" or speaker is not None or found.reading.act in ("accuses", "labels")
    else:
        taken_up = resumed_from(s, verb)
        speaker = speaker_of(s, verb if taken_up is None else taken_up)
        spoken = _speaks(s, verb, found, speaker)
        speaker = None if speaker in found.extra else speaker
    if not spoken:
        return None
    told = {i for a, b in found.content for i in range(a, b)} if found.rule == "silence" else set()
    cue = [i for i in (*_cue_tokens(s, verb), *found.extra) if i not in told]
    return Attribution(found.rule, verb, cue, found.content, found.reading, speaker)


def _agent(s: Syntax, verb: int) -> int | None:
    by = s.kid(verb, "agent")
    return None if by is None else s.kid(by, "pobj")


def _speaks(s: Syntax, verb: int, found: Found, speaker: int | None) -> bool:
    """True for a subject that can say it: a survey shows, a named actor shows, "the result" does not."""
    if found.rule == "idiom" and speaker in found.extra:
        return True
    if speaker is None or is_expletive(s, speaker) or (is_passive(s, verb) and found.rule != "clause"):
        return False
    named = bool(s.ent[speaker]) or s.tag[speaker] in ("PRP", "WP", "NNP", "NNPS")
    return found.reading.kind != "show" or named or s.lemma[speaker] in lexicon().words["witnesses"]


def _cue_tokens(s: Syntax, verb: int) -> list[int]:
    """Return the verb with its auxiliaries, negation and particle, and the adverbs between them."""
    cue = [verb, *(k for k in s.kids[verb] if s.dep[k] in ("aux", "auxpass", "neg", "prt"))]
    if s.lower[verb - 1] == "nor" and s.dep[verb] == "conj":
        first = s.head[verb]
        cue += range(min([first, *(k for k in s.kids[first] if s.dep[k] in ("preconj", "aux", "neg"))]), verb)
    between = [k for k in s.kids[verb] if s.dep[k] == "advmod" and min(cue) < k < verb]
    return [*cue, *between]


# ---- what is kept


def _worth_keeping(s: Syntax, d: Attribution, quotations: Quotations) -> bool:
    """Drop what is no claim of anybody else's: "I think" in a quotation, and content that is a mere pointer."""
    a, b = d.content[0]
    if not d.quoted and len(d.content) == 1 and b - a == 1 and s.lower[a] in _POINTERS:
        return s.lower[a] in _STATEMENTS and d.reading.act in _ANSWERS
    if d.anchor < 0 or quotations.inside[d.anchor] < 0:
        return True
    if d.rule == "adverb" or (d.rule.startswith("passive") and not d.said_by):
        return False
    return not any(s.lower[i] in _FIRST_OR_SECOND for a, b in d.said_by for i in range(a, min(b, a + 1)))


def _without_hedges(drafts: list[Attribution]) -> list[Attribution]:
    """Drop "allegedly" where it stands in what somebody else says: there it only hedges."""
    told = {i for d in drafts if d.rule != "adverb" for a, b in d.content for i in range(a, b)}
    return [d for d in drafts if d.rule != "adverb" or d.anchor not in told]


# ---- records


def _claim(s: Syntax, d: Attribution, speaker: Speaker, cast: Cast, quotations: Quotations) -> Claim:
    act = act_of(s, d)
    accused = tuple(actor for actor in accused_in(s, d, act, cast) if actor != speaker.actor)
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
        accused=accused,
        confidence=_confidence(d),
    )


def _mode(s: Syntax, d: Attribution, quotations: Quotations) -> Mode:
    words = [i for a, b in d.content for i in range(a, b) if s.lower[i][:1].isalnum()]
    share = sum(quotations.inside[i] >= 0 for i in words) / max(1, len(words))
    if d.anchor >= 0 and quotations.inside[d.anchor] >= 0:
        return "indirect"
    return "direct" if share >= _MOSTLY else "mixed" if share else "indirect"


def _confidence(d: Attribution) -> float:
    """Return how often claims of this rule (and kind of cue) were right on news."""
    table = lexicon().confidence
    ending = "-quoted" if d.quoted else ""
    keys = (f"{d.rule}-{d.reading.kind}{ending}", f"{d.rule}{ending}")
    return next((table[key] for key in keys if key in table), table["other"])


def _nested(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """Return `claims` with `parent` set to the narrowest claim whose content holds the whole of another."""
    return tuple(msgspec.structs.replace(claim, parent=_parent(i, claims)) for i, claim in enumerate(claims))


def _parent(i: int, claims: Sequence[Claim]) -> int | None:
    inner = (*claims[i].content, *claims[i].cue)
    holding = [
        (sum(e - b for b, e in claims[j].content), j)
        for j in range(max(0, i - _NEAR), min(len(claims), i + _NEAR))
        if j != i and all(any(b <= x and y <= e for b, e in claims[j].content) for x, y in inner)
    ]
    return min(holding)[1] if holding else None
