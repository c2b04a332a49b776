"""What the rules find: attributions by verb, noun, adjective, adverb, colon and quotation, and which are kept."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from allegedly.annotate.claims.attributions import Attribution, Found
from allegedly.annotate.claims.clauses import can_speak, resumed_from
from allegedly.annotate.claims.contents import content_of, is_passive
from allegedly.annotate.claims.cues import lexicon
from allegedly.annotate.claims.direct import Quotations
from allegedly.annotate.claims.nominal import nominal_drafts
from allegedly.annotate.claims.quotes import find_quotes
from allegedly.annotate.claims.silence import silence_of
from allegedly.annotate.claims.speakers import is_expletive, phrase, speaker_of
from allegedly.annotate.claims.turns import colon_drafts, signed_drafts
from allegedly.annotate.parse import Parsed
from allegedly.annotate.syntax import Range, Syntax, syntax_of
from allegedly.records import Act

_FIRST_OR_SECOND = frozenset(["i", "we", "you", "me", "us", "my", "our", "your"])
_UNREALISED = frozenset(["to", "object-to", "declines"])
"""Rules whose infinitive nobody has said yet: "promised to tell", "declined to say"."""
_POINTERS = frozenset(["it", "this", "that", "him", "her", "them", "me", "us", "you", "so", "which", "what", "who"])
_STATEMENTS = frozenset(["it", "this", "that"])
_ANSWERS: frozenset[Act] = frozenset(["denies", "dismisses", "declines"])
"""What one does with a statement before: "police deny this"."""


def quotations_of(parsed: Parsed) -> Quotations:
    """Return the quotations of a document."""
    s = syntax_of(parsed)
    return Quotations(s, find_quotes(s.text, [(p.start, p.start + len(p.doc.text)) for p in parsed.paragraphs]))


def found_by_rules(s: Syntax, quotations: Quotations) -> list[Attribution]:
    """Return what the rules find and keep, in text order."""
    drafts = _without_hedges([d for d in find_attributions(s, quotations) if worth_keeping(s, d, quotations)])
    for draft in drafts:
        draft.confidence = _confidence(draft)
    return sorted(drafts, key=in_text_order)


def in_text_order(d: Attribution) -> tuple[Range, int]:
    return min(d.content), d.anchor


def _confidence(d: Attribution) -> float:
    """Return how often claims of this rule (and kind of cue) were right on news."""
    table = lexicon().confidence
    ending = "-quoted" if d.quoted else ""
    keys = (f"{d.rule}-{d.reading.kind}{ending}", f"{d.rule}{ending}")
    return next((table[key] for key in keys if key in table), table["other"])


def find_attributions(s: Syntax, quotations: Quotations) -> list[Attribution]:
    """Return every attribution as token ranges, quotations given to their cues and speakers to their words."""
    by_layout = [*colon_drafts(s), *signed_drafts(s, quotations)]
    drafts = quotations.attach([*_verb_drafts(s), *nominal_drafts(s), *by_layout])
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


def worth_keeping(s: Syntax, d: Attribution, quotations: Quotations) -> bool:
    """Drop content that is a mere pointer, and "I think" in a quotation unless the network takes it for a claim."""
    a, b = d.content[0]
    if not d.quoted and len(d.content) == 1 and b - a == 1 and s.lower[a] in _POINTERS:
        return s.lower[a] in _STATEMENTS and d.reading.act in _ANSWERS
    if d.anchor < 0 or quotations.inside[d.anchor] < 0:
        return True
    if d.rule == "adverb" or (d.rule.startswith("passive") and not d.said_by):
        return False
    if d.seen is not None:
        return True
    return not any(s.lower[i] in _FIRST_OR_SECOND for a, b in d.said_by for i in range(a, min(b, a + 1)))


def _without_hedges(drafts: list[Attribution]) -> list[Attribution]:
    """Drop "allegedly" where it stands in what somebody else says: there it only hedges."""
    told = {i for d in drafts if d.rule != "adverb" for a, b in d.content for i in range(a, b)}
    return [d for d in drafts if d.rule != "adverb" or d.anchor not in told]
