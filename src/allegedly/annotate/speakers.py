"""Who says it: the noun phrase that a cue verb, noun or preposition points to."""

from __future__ import annotations

from allegedly.annotate.cues import lexicon
from allegedly.annotate.syntax import SUBJECTS, Range, Syntax

_CLIMBING = frozenset(["advcl", "xcomp", "pcomp", "ccomp", "conj", "prep", "dep", "parataxis", "acl"])
_LONGEST_CLIMB = 6
_RELATIVES = frozenset(["who", "which", "that", "whom"])


def speaker_of(s: Syntax, verb: int) -> int | None:
    """Return the head token of the noun phrase that says what `verb` reports, following control and coordination."""
    for _ in range(_LONGEST_CLIMB):
        subject = s.kid(verb, "nsubj", "nsubjpass", "csubj")
        if subject is not None:
            return subject
        governor, dep = s.head[verb], s.dep[verb]
        if governor == verb or (dep == "relcl" and s.tag[governor].startswith("NN")):
            return None if governor == verb else governor
        if dep == "acl" and not s.is_verb(governor):
            return _holder(s, governor)
        if dep not in _CLIMBING or s.kid(verb, "mark") is not None:
            return None
        verb = _past_content(s, verb, governor)
    return None


def _past_content(s: Syntax, verb: int, governor: int) -> int:
    """Return `governor`, or the cue verb whose content it is when a participle after a comma hangs too low."""
    if s.tag[verb] == "VBG" and s.dep[verb] == "advcl" and verb and s.lower[verb - 1] == "," and governor < verb:
        outer = governor
        while s.dep[outer] in ("ccomp", "conj") and s.head[outer] < outer:
            outer = s.head[outer]
            if s.lemma[outer] in lexicon().verbs and s.kid(outer, "nsubj") is not None:
                return outer
    return governor


def _holder(s: Syntax, noun: int) -> int:
    """Return who makes the statement `noun` ("the group issued a statement saying"), or `noun` itself."""
    verb = s.head[noun]
    if s.dep[noun] == "dobj" and s.lemma[verb] in lexicon().words["light_verbs"]:
        subject = s.kid(verb, "nsubj")
        if subject is not None:
            return subject
    return noun


def phrase(s: Syntax, noun: int, cue: int) -> list[Range]:
    """Return the token ranges of the whole noun phrase of `noun`; a relative pronoun comes with its antecedent."""
    if s.lower[noun] in _RELATIVES and s.dep[s.head[noun]] == "relcl":
        antecedent = s.head[s.head[noun]]
        before = _bounded(s, antecedent, noun)
        return [before, (noun, noun + 1)] if before[0] < before[1] else [(noun, noun + 1)]
    bounded = _bounded(s, noun, cue)
    return [bounded] if bounded[0] < bounded[1] else [(noun, noun + 1)]


def _bounded(s: Syntax, noun: int, cue: int) -> Range:
    a, b = s.subtree(noun)
    for k in s.kids[noun]:
        if s.left(k) <= cue <= s.right(k):
            a, b = (a, min(b, s.left(k))) if k > noun else (max(a, s.right(k) + 1), b)
        elif k > noun and s.dep[k] in ("cc", "conj") and s.is_verb(k):
            b = min(b, s.left(k))
    if noun < cue < b:
        b = cue
    return s.trim((a, b))


def is_expletive(s: Syntax, noun: int) -> bool:
    """True for "it" in "it was reported", not in "it said"."""
    if s.lower[noun] == "it" and s.dep[noun] == "nsubj":
        return s.lemma[s.head[noun]] in ("seem", "appear", "be")
    return s.lower[noun] in ("it", "there") and s.dep[noun] in SUBJECTS
