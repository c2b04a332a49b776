"""Attribution without a cue verb: nouns, adjectives, adverbs, and "according to"."""

from __future__ import annotations

from collections.abc import Iterator

from allegedly.annotate.claims.attributions import Attribution, without
from allegedly.annotate.claims.cues import Cue, lexicon
from allegedly.annotate.claims.speakers import phrase, speaker_of
from allegedly.annotate.syntax import Range, Syntax

_ACCORDING = Cue("asserts", "speech", frozenset())
_SILENT = Cue("declines", "speech", frozenset())
_COUNTED = Cue("reports", "count", frozenset())
_TELLING_FIGURES = frozenset(["be", "stand", "remain"])
_FIGURES = frozenset(["figure", "count", "toll", "tally", "estimate", "number"])
_ABOUT = frozenset(["on", "about", "of", "for", "to"])
_NEAR = 4
_CLAUSES = ("acl", "ccomp", "relcl", "appos")


def nominal_drafts(s: Syntax) -> Iterator[Attribution]:
    """Yield a draft for every attribution whose cue is no verb."""
    words = lexicon()
    for i, lemma in enumerate(s.lemma):
        tag = s.tag[i]
        if tag.startswith("NN"):
            if lemma in words.words["silence"] and _denied(s, i):
                yield from _silence(s, i)
            elif lemma in words.nouns:
                yield from _noun(s, i, words.nouns[lemma])
        elif tag.startswith("JJ") or tag == "VBN":
            if lemma in words.adjectives:
                yield from _adjective(s, i, words.adjectives[lemma])
        elif lemma in words.adverbs and tag == "RB":
            yield from _adverb(s, i, words.adverbs[lemma][0])
        elif lemma in _TELLING_FIGURES and s.dep[i] in ("ROOT", "ccomp", "conj"):
            yield from _figure(s, i)
        if s.lower[i] == "according":
            yield from _according(s, i)


# ---- nouns


def _noun(s: Syntax, noun: int, cues: tuple[Cue, ...]) -> Iterator[Attribution]:
    for cue in cues:
        found = _noun_content(s, noun, cue)
        if found is None:
            continue
        rule, content, extra = found
        said_by, verb = _noun_speaker(s, noun)
        if (not said_by and rule != "noun-clause") or _is_vessel(s, noun):
            return
        tokens = [*(range(verb, noun + 1) if verb is not None and noun - verb < 5 else [noun]), *extra]
        yield Attribution(rule, noun, tokens, [content], cue, said_by=said_by)
        return


def _figure(s: Syntax, verb: int) -> Iterator[Attribution]:
    """Handle "the ministry's figure is five", "the union's count stands at 9"."""
    subject = s.kid(verb, "nsubj")
    owner = s.kid(subject, "poss") if subject is not None and s.lemma[subject] in _FIGURES else None
    told = [k for k in s.kids[verb] if k > verb and (s.dep[k] == "attr" or s.lower[k] in ("at", "to"))]
    if subject is None or owner is None or not told or s.tag[s.right(told[0])] != "CD":
        return
    start = told[0] + 1 if s.dep[told[0]] == "prep" else s.left(told[0])
    cue = list(range(subject, max(verb, start - 1) + 1))
    yield Attribution("figure", verb, cue, [s.trim((start, s.right(told[0]) + 1))], _COUNTED, owner)


def _noun_content(s: Syntax, noun: int, cue: Cue) -> tuple[str, Range, list[int]] | None:
    for k in s.kids[noun]:
        if k <= noun:
            continue
        marked = s.lower[s.left(k)] == "that" and s.dep[s.left(k)] == "mark"
        if "clause" in cue.takes and s.dep[k] in _CLAUSES and marked:
            return "noun-clause", s.trim(s.subtree(k)), []
        if "to" in cue.takes and s.dep[k] in ("acl", "xcomp") and s.lower[s.left(k)] == "to":
            return "noun-to", s.trim(s.subtree(k)), []
        if s.dep[k] == "prep" and s.lower[k] in (cue.prepositions or cue.takes - {"to"}):
            content = s.trim((k + 1, s.right(k) + 1))
            if content[0] < content[1] and not (s.lower[k] == "of" and _is_owner(s, noun, k)):
                return "noun-prep", content, [k]
    return None


def _is_vessel(s: Syntax, noun: int) -> bool:
    """True in "said in a statement that …": the verb has the content."""
    verb = s.head[s.head[noun]]
    return s.dep[noun] == "pobj" and s.is_verb(verb) and s.lemma[verb] in ("say", "tell", "write", "add", "announce")


def _is_owner(s: Syntax, noun: int, preposition: int) -> bool:
    pobj = s.kid(preposition, "pobj")
    return pobj is not None and s.ent[pobj] in ("PERSON", "ORG") and s.lemma[noun] not in ("accusation", "criticism")


def _noun_speaker(s: Syntax, noun: int) -> tuple[list[Range], int | None]:
    owner = s.kid(noun, "poss")
    if owner is not None:
        a, b = s.subtree(owner)
        return [s.trim((a, b - 1 if s.tag[b - 1] == "POS" and b - a > 1 else b))], None
    for k in s.kids[noun]:
        if s.dep[k] == "prep" and s.lower[k] in ("by", "from"):
            return [s.trim((k + 1, s.right(k) + 1))], None
        if s.dep[k] in ("amod", "compound") and s.ent[k] in ("NORP", "GPE", "ORG", "PERSON"):
            return [(k, k + 1)], None
    verb = s.head[noun]
    words = lexicon().words
    if s.dep[noun] == "dobj" and s.is_verb(verb) and s.lemma[verb] not in words["rejecting"]:
        subject = speaker_of(s, verb)
        if subject is not None:
            return phrase(s, subject, verb), verb if s.lemma[verb] in words["light_verbs"] else None
    return [], None


def _denied(s: Syntax, noun: int) -> bool:
    return any(s.lower[k] == "no" for k in s.kids[noun])


def _silence(s: Syntax, noun: int) -> Iterator[Attribution]:
    """Yield "the ministry gave no details of the raid", "no Spanish statement on the raid was issued"."""
    verb = s.head[noun]
    if not s.is_verb(verb) or s.lemma[verb] not in (*lexicon().words["light_verbs"], "have"):
        return
    subject = speaker_of(s, verb) if s.dep[noun] == "dobj" else None
    said_by = phrase(s, subject, verb) if subject is not None else _noun_speaker(s, noun)[0]
    about = next((k for n in (noun, verb) for k in s.kids[n] if s.dep[k] == "prep" and s.lower[k] in _ABOUT), None)
    content = s.trim((about + 1, s.right(about) + 1)) if about is not None else s.trim((s.left(noun), noun + 1))
    if content[0] < content[1]:
        cue = [verb, noun, *(k for k in s.kids[noun] if s.lower[k] == "no")]
        yield Attribution("silence", noun, cue, [content], _SILENT, said_by=said_by)


# ---- adjectives and adverbs


def _adjective(s: Syntax, adjective: int, cues: tuple[Cue, ...]) -> Iterator[Attribution]:
    verb = s.head[adjective]
    if s.dep[adjective] not in ("acomp", "oprd", "ROOT", "conj") or not (s.is_verb(verb) or verb == adjective):
        return
    for k in s.kids[adjective]:
        clause = s.dep[k] == "ccomp" and k > adjective
        preposition = s.dep[k] == "prep" and s.lower[k] in cues[0].takes
        subject = speaker_of(s, verb)
        if not (clause or preposition) or subject is None or s.lower[subject] in ("it", "that", "this"):
            continue
        content = s.trim((k + 1 if preposition else s.left(k), s.right(k) + 1))
        if content[0] < content[1]:
            cue = [*(range(verb, adjective + 1) if 0 <= adjective - verb < 4 else [adjective])]
            yield Attribution("adjective", adjective, cue + [k] * preposition, [content], cues[0], subject)
            return


def _adverb(s: Syntax, adverb: int, cue: Cue) -> Iterator[Attribution]:
    head = s.head[adverb]
    if not -_NEAR <= adverb - head <= 1:
        return
    if s.lemma[head] in lexicon().verbs and any(c.kind == "speech" for c in lexicon().verbs[s.lemma[head]]):
        return
    content = without(s, s.subtree(head), (adverb, adverb + 1))
    if content and (s.is_verb(head) or len(content) > 1):
        yield Attribution("adverb", adverb, [adverb], content, cue)


# ---- according to


def _according(s: Syntax, i: int) -> Iterator[Attribution]:
    if i + 1 >= len(s) or s.lower[i + 1] != "to":
        return
    a, b = s.subtree(i)
    first, last = s.sentences[s.sentence[i]]
    end = s.right(i + 1) + 1 if b <= i + 2 else b
    source = s.trim((i + 2, end))
    if source[0] >= source[1]:
        return
    hole = (min(a, i), end)
    content = [piece for piece in without(s, _scope(s, i, hole, (first, last)), hole) if piece[1] - piece[0] > 1]
    if content:
        yield Attribution("according", i, [i, i + 1], content, _ACCORDING, said_by=[source])


def _scope(s: Syntax, i: int, hole: Range, sentence: Range) -> Range:
    """Return the clause that an "according to" phrase covers: its sentence, or a clause where it stands within."""
    verb = s.head[i]
    while not s.is_verb(verb) and s.head[verb] != verb:
        verb = s.head[verb]
    a, b = s.subtree(verb)
    if s.dep[verb] == "ROOT" or not s.is_verb(verb):
        return sentence
    if hole[1] >= sentence[1] - 1:
        return next((k + 1 for k in range(hole[0] - 1, sentence[0], -1) if s.lower[k] == ";"), sentence[0]), sentence[1]
    return min(a, hole[0]), max(b, hole[1])
