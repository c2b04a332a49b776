"""Who says it: the noun phrase that a cue verb, noun or preposition points to."""

from __future__ import annotations

from allegedly.annotate.actors.kinds import kinds
from allegedly.annotate.claims.cues import lexicon
from allegedly.annotate.syntax import SUBJECTS, Range, Syntax
from allegedly.records import Document

_CLIMBING = frozenset(["advcl", "xcomp", "pcomp", "ccomp", "conj", "prep", "dep", "parataxis", "acl"])
_LONGEST_CLIMB = 6
_LINKS = frozenset([",", "while", "before", "after", "without"])
_QUOTING = frozenset(["quote", "cite"])
_NOBODY = kinds().things | {"one", "that", "those"}
_RELATIVES = frozenset(["who", "which", "that", "whom"])


def speaker_of(s: Syntax, verb: int) -> int | None:
    """Return the head token of the noun phrase that says what `verb` reports, following control and coordination."""
    for _ in range(_LONGEST_CLIMB):
        subject = s.kid(verb, "nsubj", "nsubjpass", "csubj")
        if subject is not None:
            return subject
        governor, dep = s.head[verb], s.dep[verb]
        if (quoted := _quoted_as(s, verb)) is not None:
            return quoted
        if s.tag[verb] == "VBG" and s.lower[verb - 1] == "as" and s.lower[verb - 2] == "well":
            governor, dep = _verb_before(s, verb - 3), "conj"
        if governor == verb:
            return _right_before(s, verb)
        if dep == "relcl" and s.tag[governor].startswith("NN"):
            return governor
        outer = _past_content(s, verb, governor)
        if outer == governor and dep == "acl" and not s.is_verb(governor):
            return _holder(s, governor)
        if dep not in _CLIMBING or (s.kid(verb, "mark") is not None and s.tag[verb] != "VBG"):
            return None
        verb = outer
    return None


def _quoted_as(s: Syntax, verb: int) -> int | None:
    """Return who is quoted in "the paper quoted a neighbour as saying …"."""
    if s.tag[verb] != "VBG" or s.lower[verb - 1] != "as" or s.dep[verb] != "pcomp":
        return None
    quoting = s.head[s.head[verb]]
    spoken = s.kid(quoting, "dobj", "nsubjpass") if s.lemma[quoting] in _QUOTING else None
    return spoken if spoken is not None and spoken < verb else None


def _right_before(s: Syntax, verb: int) -> int | None:
    """Return the noun phrase that ends right before a finite verb whose subject the parser missed."""
    first = s.sentences[s.sentence[verb]][0]
    noun = verb - 1
    while noun > first and (s.tag[noun] in ("RB", "MD") or s.lower[noun] == ","):
        noun -= 1
    if noun < first or s.tag[verb] not in ("VBD", "VBZ", "VBP") or not s.tag[noun].startswith(("NN", "PRP")):
        return None
    while s.dep[noun] in ("compound", "appos", "pobj", "prep") and first <= s.head[noun] < verb:
        noun = s.head[noun]
    return noun if s.tag[noun].startswith(("NN", "PRP", "CD")) else None


def _verb_before(s: Syntax, i: int) -> int:
    first = s.sentences[s.sentence[i]][0]
    return next((k for k in range(i, first, -1) if s.tag[k] == "VBG"), first)


def _past_content(s: Syntax, verb: int, governor: int) -> int:
    """Return `governor`, or the cue verb whose content it is part of when a participle hangs too low.

    In "the army said the men fled, adding that …" the army adds, whatever the parser thinks.
    """
    if s.tag[verb] != "VBG" or governor > verb or s.lower[verb - 1] not in _LINKS:
        return governor
    outer = governor
    for _ in range(_LONGEST_CLIMB):
        if s.lemma[outer] in lexicon().verbs and s.kid(outer, "nsubj") is not None:
            return outer
        outer = s.head[outer]
    return governor


def _holder(s: Syntax, noun: int) -> int:
    """Return who makes the statement `noun` ("the group issued a statement saying"), or `noun` itself."""
    words = lexicon().words
    if s.dep[noun] == "pobj" and s.lemma[noun] not in words["documents"] and not s.ent[noun]:
        governor = s.head[s.head[noun]]
        noun = governor if s.lemma[governor] in words["documents"] else noun
    verb = s.head[noun]
    if s.dep[noun] == "dobj" and s.lemma[verb] in words["light_verbs"]:
        subject = speaker_of(s, verb)
        return noun if subject is None else subject
    return noun


def phrase(s: Syntax, noun: int, cue: int) -> list[Range]:
    """Return the token ranges of the whole noun phrase of `noun`; a relative pronoun comes with its antecedent."""
    if s.lower[noun] in _RELATIVES and s.dep[s.head[noun]] == "relcl":
        antecedent = antecedent_of(s, noun)
        before = _bounded(s, antecedent, noun)
        return [before, (noun, noun + 1)] if before[0] < before[1] else [(noun, noun + 1)]
    bounded = _bounded(s, noun, cue)
    return [bounded] if bounded[0] < bounded[1] else [(noun, noun + 1)]


def antecedent_of(s: Syntax, relative: int) -> int:
    """Return the noun that a relative pronoun takes up; "who" takes up somebody: the mayor, not the figure he gave."""
    governor = s.head[s.head[relative]]
    noun = relative - 1 - (s.lower[relative - 1] == ",")
    if s.lower[relative] != "who" or s.lemma[governor] not in _NOBODY or not s.tag[noun].startswith("NN"):
        return governor
    while s.dep[noun] in ("appos", "compound") and s.head[noun] > governor:
        noun = s.head[noun]
    holder = s.head[s.head[noun]]
    return holder if s.dep[noun] == "pobj" and holder > governor and s.tag[holder].startswith("NN") else noun


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


def author_name(document: Document) -> str:
    """Return who speaks in the author's own voice: the byline, else who published it, else "the author"."""
    return document.author or (document.source if document.source not in ("", "unknown") else "the author")


def is_expletive(s: Syntax, noun: int) -> bool:
    """True for "it" in "it was reported", not in "it said"."""
    if s.lower[noun] == "it" and s.dep[noun] == "nsubj":
        return s.lemma[s.head[noun]] in ("seem", "appear", "be")
    return s.lower[noun] in ("it", "there") and s.dep[noun] in SUBJECTS
