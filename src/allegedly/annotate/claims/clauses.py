"""Clauses as content: which clause a verb takes, and where the clause begins and ends."""

from __future__ import annotations

from allegedly.annotate.actors.kinds import kind_of_noun
from allegedly.annotate.claims.cues import lexicon
from allegedly.annotate.syntax import Range, Syntax

_FINITE = frozenset(["VBD", "VBZ", "VBP", "MD"])
_DASHES = frozenset(["-", "--", "–", "—"])
_SPEAKING = frozenset(["PERSON", "ORG", "NORP", "GPE"])
_LINKS = frozenset(["while", "before", "after", "without"])


def is_clausal(s: Syntax, k: int) -> bool:
    kids = s.kids[k]
    if has_to(s, k):
        return any(s.dep[g] in ("nsubj", "nsubjpass") or s.tag[g].startswith("W") for g in kids)
    return any(s.dep[g] in ("nsubj", "nsubjpass", "expl", "csubj", "mark") for g in kids) or s.tag[k] in ("VBD", "VBZ")


def precedes(s: Syntax, verb: int, clause: int) -> bool:
    """True where `clause` is what is said although it stands first: "The bridge is safe, the mayor said."."""
    between = s.lower[s.right(clause) + 1 : verb]
    later = any(k > verb and s.dep[k] in ("xcomp", "ccomp", "acomp", "attr") for k in s.kids[verb])
    return (
        not later and bool({",", "-", "--", "–", "—", '"', "”", "''"} & set(between)) and not {":", ";"} & set(between)
    )


def stated_in(s: Syntax, verb: int) -> int | None:
    """Return the clause that hangs on the vessel instead of on the verb: "said in a statement that …"."""
    for preposition in s.kids[verb]:
        if preposition > verb and s.dep[preposition] == "prep" and (noun := s.kid(preposition, "pobj")) is not None:
            for k in s.kids[noun]:
                if (
                    s.dep[k] in ("acl", "ccomp", "relcl")
                    and s.lower[s.left(k)] == "that"
                    and s.dep[s.left(k)] == "mark"
                ):
                    return k
    return None


def clause_range(s: Syntax, verb: int, clause: int) -> Range:
    """Return the tokens of `clause`, from its complementiser on, cut before a further cue of the same speaker."""
    a, b = s.subtree(clause)
    if a - 1 > verb and s.lower[a - 1] in ("that", "whether", "if"):
        a -= 1
    b = _absorbed(s, verb, b)
    if not any(s.tag[i] in _FINITE for i in range(a, b)):
        b = max(b, s.sentences[s.sentence[verb]][1])
    return s.trim((max(a, verb + 1), next((i for i in range(a + 2, b) if takes_up(s, i)), b)))


def takes_up(s: Syntax, i: int) -> bool:
    """True where a participle takes up the speaker again: ", adding that", ", while denying", "before urging"."""
    if s.lower[i] == ";" or _glosses(s, i) or _sets_against(s, i) or _told_aside(s, i):
        return True
    if s.lower[i] in _LINKS and i + 1 < len(s) and s.tag[i + 1] == "VBG":
        return is_speech(s, i + 1)
    if s.lower[i : i + 3] == ["as", "well", "as"] and i + 3 < len(s) and s.tag[i + 3] == "VBG":
        return is_speech(s, i + 3)
    if s.lower[i] == "while" and s.dep[i] == "mark":
        return is_speech(s, s.head[i]) and s.kid(s.head[i], "nsubj") is not None
    if s.dep[i] == "cc":
        return any(k > i and resumed_from(s, k) is not None for k in s.kids[s.head[i]] if s.dep[k] == "conj")
    return s.tag[i] == "VBG" and s.lower[i - 1] == "," and s.dep[i] == "advcl" and is_speech(s, i)


def _glosses(s: Syntax, i: int) -> bool:
    """True for a dash before the author's last word on it: "called it a plot – a charge that stung"."""
    if s.lower[i] not in _DASHES or s.end[i - 1] == s.start[i] or s.tag[i + 1 : i + 2] != ["DT"]:
        return False
    return not any(s.lower[k] in _DASHES for k in range(i + 1, s.sentences[s.sentence[i]][1]))


def _sets_against(s: Syntax, i: int) -> bool:
    """True where the author answers: ", but polls are no vote"."""
    opposed = s.lower[i] == "but" and s.dep[i] == "cc" and s.lower[i - 1] == "," and s.lower[i + 1] != "that"
    after = (k for k in s.kids[s.head[i]] if k > i and s.dep[k] == "conj" and s.is_verb(k)) if opposed else ()
    return any(s.kid(k, "nsubj", "nsubjpass") is not None for k in after)


def _told_aside(s: Syntax, i: int) -> bool:
    """True where a last relative clause is somebody else's: ", which experts said was untrue"."""
    if s.lower[i - 1] != "," or s.lower[i] not in ("which", "who", "whom") or s.tag[i + 1] == "PRP":
        return False
    last = s.sentences[s.sentence[i]][1]
    ended = next((k for k in range(i + 1, last) if s.lower[k] == ","), last) >= last - 1
    return ended and any(s.is_verb(k) and is_speech(s, k) for k in range(i + 1, min(i + 6, last)))


def resumed_from(s: Syntax, verb: int) -> int | None:
    """Return the cue whose speaker `verb` takes up: "said it was safe, and accused …", whatever the parser thinks.

    The parser hangs such a verb on the content. It belongs to the cue where a comma parts it, or where the content's
    subject cannot speak.
    """
    first = s.head[verb]
    form = _form(s, verb)
    if s.dep[verb] != "conj" or not form or not is_speech(s, verb) or s.kid(verb, "nsubj") is not None:
        return None
    while s.dep[first] == "conj" and s.is_verb(s.head[first]):
        first = s.head[first]
    cue = s.head[first]
    if s.dep[first] != "ccomp" or _form(s, cue) != form or not is_speech(s, cue) or not cue < first < verb:
        return None
    link = next((k for k in range(verb - 1, first, -1) if s.dep[k] == "cc"), verb)
    subject = s.kid(first, "nsubj", "nsubjpass")
    mute = subject is not None and (not can_speak(s, subject) or _disagree(s, subject, verb))
    return cue if s.lower[link - 1] == "," or mute or (form == "VBG" and _form(s, first) != "VBG") else None


def _form(s: Syntax, verb: int) -> str:
    """Return the tag of the finite word of a verb with its auxiliaries, "VBG" for a bare participle, else nothing."""
    tags = [s.tag[k] for k in (*(k for k in s.kids[verb] if s.dep[k] in ("aux", "auxpass")), verb)]
    return next((tag for tag in tags if tag in _FINITE), "VBG" if tags == ["VBG"] else "")


def _disagree(s: Syntax, subject: int, verb: int) -> bool:
    """True for a subject in the plural and a verb in the singular, or the other way round."""
    several = s.tag[subject] in ("NNS", "NNPS") or any(s.dep[k] == "conj" for k in s.kids[subject])
    if s.tag[subject] not in ("NN", "NNS", "NNP", "NNPS"):
        return False
    return _form(s, verb) == ("VBZ" if several else "VBP")


def can_speak(s: Syntax, noun: int) -> bool:
    """True for a name, a pronoun and a noun for somebody."""
    if s.ent[noun] in _SPEAKING or s.tag[noun] in ("PRP", "WP", "NNP", "NNPS"):
        return s.lower[noun] not in ("it", "there")
    return kind_of_noun(s.lemma[noun]) is not None


def is_speech(s: Syntax, verb: int) -> bool:
    return any(cue.kind == "speech" for cue in lexicon().verbs.get(s.lemma[verb], ()))


def _absorbed(s: Syntax, verb: int, end: int) -> int:
    """Extend a that-clause over clauses that the parser coordinated with the cue instead of with the content."""
    for k in s.kids[verb]:
        clause = s.dep[k] == "conj" and k >= end and s.kid(k, "nsubj", "nsubjpass") is not None
        if clause and s.lemma[k] not in lexicon().verbs and s.left(k) - end <= 2:
            end = s.right(k) + 1
    return end


def has_to(s: Syntax, clause: int) -> bool:
    return any(s.dep[k] == "aux" and s.lower[k] == "to" for k in s.kids[clause])
