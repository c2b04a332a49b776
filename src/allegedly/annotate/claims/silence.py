"""Who says nothing: “did not reply”, “kept silent”, “could not be reached for comment”."""

from __future__ import annotations

from allegedly.annotate.claims.attributions import Found
from allegedly.annotate.claims.cues import Cue, lexicon
from allegedly.annotate.syntax import Syntax

_SILENT = Cue("declines", "speech", frozenset())
_COPULAS = frozenset(["be", "keep", "stay", "remain", "fall"])


def silence_of(s: Syntax, verb: int) -> Found | None:
    """Return the words for what was not said as content: nothing else is told of it."""
    lemma, words = s.lemma[verb], lexicon().words
    negated = any(s.dep[k] == "neg" for k in s.kids[verb])
    if negated and lemma in words["replies"] and s.kid(verb, "dobj", "ccomp", "xcomp", "auxpass") is None:
        return _found(s, verb)
    if negated and lemma in words["asked"] and s.kid(verb, "auxpass") is not None:
        return _found(s, verb)
    if lemma not in _COPULAS:
        return None
    for k in s.kids[verb]:
        if k > verb and s.dep[k] in ("acomp", "oprd", "attr") and _tells_nothing(s, k, negated):
            return _found(s, k)
    return None


def _found(s: Syntax, word: int) -> Found:
    reason = next((k for k in s.kids[word] if s.dep[k] == "prep" and s.lower[k] == "for"), None)
    return Found("silence", _SILENT, [(word, word + 1 if reason is None else s.right(reason) + 1)])


def _tells_nothing(s: Syntax, adjective: int, negated: bool) -> bool:
    words = lexicon().words
    if s.lemma[adjective] in words["mute"]:
        return not negated and s.lemma[s.head[adjective]] != "be"
    comment = any(s.lower[g] == "comment" for k in s.kids[adjective] for g in s.kids[k])
    return comment and (s.lower[adjective] == "unavailable" or (negated and s.lower[adjective] == "available"))
