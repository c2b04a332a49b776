"""What is said: the content that the grammar gives a cue verb."""

from __future__ import annotations

from allegedly.annotate.claims.attributions import Found, without
from allegedly.annotate.claims.clauses import clause_range, has_to, is_clausal, precedes, stated_in, takes_up
from allegedly.annotate.claims.cues import Cue, lexicon
from allegedly.annotate.syntax import Range, Syntax

_WITH_OBJECT = frozenset(["for", "of", "as", "to", "with", "over", "against", "about", "on", "from", "into", "toward"])
_SKIPPED = frozenset(["advmod", "npadvmod", "prt", "dative", "prep", "punct", "neg", "agent", "intj"])
_COMPLEMENTS = frozenset(["oprd", "xcomp", "acomp", "attr", "dative", "ccomp"])
_TIME = frozenset(["DATE", "TIME"])
_LONGEST_ASIDE = 25
_NOMINAL = frozenset(["DT", "JJ", "JJR", "JJS", "NN", "NNS", "NNP", "NNPS", "HYPH", "PRP$", "CD"])
_ADDRESSED = frozenset(["tell", "inform", "remind", "assure", "reassure", "notify", "convince", "persuade", "brief"])


_RELATIVES = frozenset(["that", "which", "who", "whom"])
_REFLEXIVE = frozenset(["itself", "himself", "herself", "themselves"])
_COMPARING = frozenset(["against", "versus", "compared", "from", "up", "down"])
_BLAMES = Cue("accuses", "speech", frozenset(["object"]))


def content_of(s: Syntax, verb: int) -> Found | None:
    """Return what `verb` attributes, or None where it reports no speech."""
    readings = _readings(s, verb)
    if not readings:
        return _idiom(s, verb)
    return (
        _idiom(s, verb)
        or _held_responsible(s, verb)
        or _declined(s, verb, readings)
        or _purported(s, verb, readings)
        or _so_called(s, verb, readings)
        or _passive(s, verb, readings)
        or _figure(s, verb, readings)
        or _gerund(s, verb, readings)
        or _clause(s, verb, readings)
        or _infinitive(s, verb, readings)
        or _prepositional(s, verb, readings)
        or _object(s, verb, readings)
        or _parenthetical(s, verb, readings)
    )


def _readings(s: Syntax, verb: int) -> list[Cue]:
    cues = lexicon().verbs.get(s.lemma[verb], ())
    particle = s.kid(verb, "prt")
    near = {s.lower[particle]} if particle is not None else set(s.lower[verb + 1 : verb + 2])
    with_particle = [cue for cue in cues if cue.particle and cue.particle in near]
    if with_particle:
        return with_particle
    plain = [cue for cue in cues if not cue.particle and (particle is None or "clause" in cue.takes)]
    if s.kid(verb, "neg") is None:
        plain = [cue for cue in plain if cue.kind != "refusal"]
    else:
        plain.sort(key=lambda cue: cue.kind != "refusal")
    subject = s.kid(verb, "nsubj")
    shows = subject is not None and s.lemma[subject] in lexicon().words["documents"]
    return sorted(plain, key=lambda cue: (cue.kind == "show") != shows)


def taking(readings: list[Cue], what: str) -> Cue | None:
    return next((cue for cue in readings if what in cue.takes), None)


def is_passive(s: Syntax, verb: int) -> bool:
    if s.kid(verb, "auxpass", "nsubjpass") is not None:
        return True
    return s.tag[verb] == "VBN" and s.dep[verb] in ("acl", "advcl", "relcl", "conj") and s.kid(verb, "aux") is None


# ---- clauses


def _clause(s: Syntax, verb: int, readings: list[Cue]) -> Found | None:
    reading = taking(readings, "clause")
    if reading is None:
        return None
    clauses = [k for k in s.kids[verb] if s.dep[k] == "ccomp" and is_clausal(s, k)]
    clause = next((k for k in clauses if k > verb), None)
    if clause is None:
        clause = stated_in(s, verb)
    if clause is None:
        if not clauses or not precedes(s, verb, clauses[0]):
            return None
        clause = clauses[0]
        return Found("clause-before", reading, [s.trim((s.left(clause), min(s.right(clause) + 1, verb)))])
    if has_to(s, clause) and taking(readings, "object-to"):
        reading = taking(readings, "object-to") or reading
    return Found("clause", reading, [clause_range(s, verb, clause)])


def _parenthetical(s: Syntax, verb: int, readings: list[Cue]) -> Found | None:
    reading = taking(readings, "clause")
    subject = s.kid(verb, "nsubj")
    if reading is None or subject is None or s.kid(verb, "dobj", "xcomp", "ccomp", "acomp", "attr") is not None:
        return None
    hole = s.trim(s.subtree(verb))
    governor = s.head[verb]
    if hole[1] - hole[0] > _LONGEST_ASIDE or reading.kind != "speech" or s.tag[verb] == "VBG":
        return None
    if s.dep[verb] == "advcl" and s.lower[hole[0]] == "as" and (s.kid(verb, "mark", "advmod") == hole[0]):
        return Found("as-clause", reading, without(s, _governed(s, governor, hole), hole))
    if s.dep[verb] in ("parataxis", "ccomp", "dep") and governor != verb and _set_off(s, hole):
        return Found("parenthetical", reading, without(s, _governed(s, governor, hole), hole))
    return None


def _governed(s: Syntax, governor: int, hole: Range) -> Range:
    a, b = s.subtree(governor)
    return min(a, hole[0]), max(b, hole[1])


def _set_off(s: Syntax, hole: Range) -> bool:
    """True when `hole` stands between commas or dashes, or ends a sentence after one."""
    first, last = s.sentences[s.sentence[hole[0]]]
    before = hole[0] - 1
    return before >= first and s.lower[before] in (",", "-", "--", "–", "—", '"', "”") and hole[1] <= last


def _so_called(s: Syntax, verb: int, readings: list[Cue]) -> Found | None:
    """Handle "what sources claimed to be drones", "what he called a raid", "what she said was a mistake"."""
    subject = s.kid(verb, "nsubj")
    if subject is None or not s.left(subject) or s.lower[s.left(subject) - 1] != "what":
        return None
    copula = next((k for k in s.kids[verb] if k > verb and s.lemma[k] == "be"), None)
    if copula is not None:
        reading = taking(readings, "clause")
        begin, end = copula + 1, s.right(copula) + 1
    else:
        reading = next((cue for cue in readings if cue.act == "labels"), None)
        named = s.kid(verb, "oprd", "attr", "dobj", "ccomp")
        begin, end = (s.left(named), s.right(named) + 1) if named is not None and named > verb else (0, 0)
    content = s.trim((begin, end)) if begin < end else (0, 0)
    return Found("so-called", reading, [content]) if reading is not None and content[0] < content[1] else None


# ---- infinitives


def _infinitive(s: Syntax, verb: int, readings: list[Cue]) -> Found | None:
    clause = s.kid(verb, "xcomp")
    if clause is None or clause < verb or (s.lower[s.left(clause)] != "to" and s.kid(clause, "aux") is None):
        return None
    addressee = s.kid(verb, "dobj", "dative")
    reading = taking(readings, "object-to")
    if addressee is not None and reading is not None and addressee < clause:
        return Found("object-to", reading, [s.trim((s.left(addressee), s.right(clause) + 1))])
    for reading in readings:
        for k in s.kids[verb]:
            if s.dep[k] == "prep" and verb < k < clause and s.lower[k] in reading.prepositions:
                return Found("object-to", reading, [s.trim((k + 1, s.right(clause) + 1))], (k,))
    reading = taking(readings, "to")
    if reading is not None and reading.act != "declines" and addressee is None:
        return Found("to", reading, [s.trim((s.left(clause), s.right(clause) + 1))])
    return None


# ---- objects


def _object(s: Syntax, verb: int, readings: list[Cue]) -> Found | None:
    reading = taking(readings, "object")
    if reading is None or s.lemma[verb] in _ADDRESSED or not _verbal(s, verb, reading):
        return None
    hull = object_hull(s, verb)
    if hull is None:
        return _relative(s, verb, readings)
    labels = next((cue for cue in readings if cue.act == "labels"), None)
    if (
        labels is not None
        and reading.act == "asserts"
        and any(s.dep[k] == "prep" and s.lower[k] == "as" for k in s.kids[verb])
    ):
        reading = labels
    named = hull[0] if reading.act == "labels" and s.lower[hull[0]] in _REFLEXIVE else None
    if reading.act == "labels":
        hull = hull[0] + (named is not None), _through_label(s, hull[1])
    if hull[0] >= hull[1] or (named is not None and s.dep[verb] == "acl"):
        return None
    return Found(f"object-{reading.kind}", reading, [hull], () if named is None else (named,))


def _relative(s: Syntax, verb: int, readings: list[Cue]) -> Found | None:
    """Handle "a vote that observers described as orderly": what is spoken of stands before its relative clause."""
    reading = next((cue for cue in readings if cue.act == "labels"), None)
    spoken_of, noun = s.kid(verb, "dobj"), s.head[verb]
    if reading is None or s.dep[verb] != "relcl" or spoken_of is None or spoken_of > verb:
        return None
    label = next((k for k in s.kids[verb] if k > verb and (s.dep[k] in _COMPLEMENTS or s.lower[k] == "as")), None)
    if label is None or s.lower[spoken_of] not in _RELATIVES:
        return None
    return Found("object-speech", reading, [s.trim((s.left(noun), noun + 1)), s.trim(s.subtree(label))])


def _through_label(s: Syntax, end: int) -> int:
    """Return the end of a bare noun phrase right after the object: "branded the judge a traitor"."""
    last = s.sentences[s.sentence[end - 1]][1]
    while end < last and (s.tag[end] in _NOMINAL or s.lower[end] == "of"):
        end += 1
    return end


def _verbal(s: Syntax, verb: int, reading: Cue) -> bool:
    """True where a document shows, or a blow is one of words: "slammed the judge for …", not "gunmen attacked"."""
    subject, target = s.kid(verb, "nsubj"), s.kid(verb, "dobj")
    if reading.kind == "boast":
        return target is not None and s.lemma[target] in lexicon().words["claimable"]
    if reading.kind == "count":
        target = s.kid(verb, "ccomp") if target is None else target  # "counts eleven dead", as the parser takes it
        counted = target is not None and (
            s.tag[target] == "CD" or (not s.is_verb(target) and any(s.tag[k] == "CD" for k in s.kids[target]))
        )
        return counted and s.lemma[verb] != "put"
    if reading.kind == "show":
        return subject is not None and s.lemma[subject] in lexicon().words["documents"]
    if reading.kind != "blow":
        return True
    if target is None or (subject is not None and s.lemma[subject] in lexicon().words["armed"]):
        return False
    reason = any(s.dep[k] == "prep" and s.lower[k] == "for" for k in (*s.kids[verb], *s.kids[target]))
    return reason or s.ent[target] == "PERSON"


def object_hull(s: Syntax, verb: int) -> Range | None:
    """Return the object of `verb` with the complements that follow it, adjuncts of time and place left out."""
    start = end = -1
    for k in s.kids[verb]:
        if k < verb:
            continue
        dep = s.dep[k]
        if start < 0:
            if dep in ("dobj", "oprd") or (dep == "ccomp" and not s.is_verb(k)):
                start, end = s.left(k), _before_vessel(s, k)
            elif dep not in _SKIPPED:
                return None
        elif dep in _COMPLEMENTS or (dep == "prep" and not _temporal(s, k) and _goes_with_object(s, k)):
            end = s.right(k) + 1
        else:
            break
    while start >= 0 and (cut := next((i for i in range(start + 1, end) if takes_up(s, i)), end)) < end:
        end = cut
    hull = s.trim((start, end)) if start >= 0 else (0, 0)
    return hull if hull[0] < hull[1] else None


def _before_vessel(s: Syntax, noun: int) -> int:
    """Return the end of the phrase of `noun`, cut before where it was said: "claimed victory in an interview"."""
    words = lexicon().words
    for k in s.kids[noun]:
        pobj = s.kid(k, "pobj") if k > noun and s.dep[k] == "prep" and s.lower[k] == "in" else None
        if pobj is not None and s.lemma[pobj] in words["vessels"]:
            return k
    return s.right(noun) + 1


def _goes_with_object(s: Syntax, k: int) -> bool:
    """True for a phrase that completes the object, not one that tells where or through what it was said."""
    if s.lower[k] in _WITH_OBJECT:
        return True
    pobj = s.kid(k, "pobj")
    if s.lower[k] not in ("in", "under", "between", "near") or pobj is None:
        return False
    return not s.ent[pobj] and s.lemma[pobj] not in lexicon().words["media"] and s.tag[pobj] != "VBG"


def _temporal(s: Syntax, preposition: int) -> bool:
    pobj = s.kid(preposition, "pobj")
    return s.lower[preposition] == "on" and pobj is not None and s.ent[pobj] in _TIME


def _prepositional(s: Syntax, verb: int, readings: list[Cue]) -> Found | None:
    if s.dep[verb] == "acl" and s.lower[verb + 1 : verb + 2] and s.lower[verb + 1] in _REFLEXIVE:
        return None
    for reading in readings:
        if not reading.prepositions or (reading.act == "declines" and s.kid(verb, "neg") is None):
            continue
        for k in s.kids[verb]:
            if k > verb and s.dep[k] in ("prep", "prt", "agent") and s.lower[k] in reading.prepositions:
                a, b = s.trim((k + 1, s.right(k) + 1))
                if a >= b or (s.lower[k] == "on" and _temporal(s, k)):
                    continue
                end = _infinitive_after(s, b) if reading.act == "urges" else b
                counted = s.lower[k] == "of" and s.tag[a] == "CD"  # "spoke of 20 dead"
                rule = "object-to" if end > b else "figure" if counted else f"prepositional-{reading.kind}"
                return Found(rule, reading, [(a, end)], (k,))
    return None


def _infinitive_after(s: Syntax, end: int) -> int:
    """Return where the infinitive ends that follows `end` at once or after a time word: "the state today to act"."""
    last = s.sentences[s.sentence[end - 1]][1]
    for i in range(end, min(end + 2, last - 1)):
        if s.lower[i] == "to" and s.tag[i + 1] == "VB":
            return s.trim((i, s.right(i + 1) + 1))[1]
    return end


def _idiom(s: Syntax, verb: int) -> Found | None:
    for idiom in lexicon().idioms.get(s.lemma[verb], ()):
        for noun in s.kids[verb]:
            if s.dep[noun] not in ("dobj", "nsubj", "nsubjpass") or s.lemma[noun] != idiom.particle:
                continue
            for k in (*s.kids[verb], *s.kids[noun]):
                if s.dep[k] == "prep" and s.lower[k] in idiom.prepositions:
                    return Found("idiom", idiom, [s.trim((k + 1, s.right(k) + 1))], (noun, k))
    return None


def _figure(s: Syntax, verb: int, readings: list[Cue]) -> Found | None:
    """Handle "put the toll at 48": the object and its number."""
    reading = next((cue for cue in readings if cue.kind == "count"), None)
    counted = s.kid(verb, "dobj")
    if reading is None or counted is None or counted < verb:
        return None
    for k in (*s.kids[counted], *s.kids[verb]):
        if s.dep[k] == "prep" and s.lower[k] == "at" and k > counted and has_number(s, (k, s.right(k) + 1)):
            end = max(s.right(g) for g in (counted, k, *(g for g in s.kids[verb] if s.lower[g] in _COMPARING)))
            return Found("figure", reading, [s.trim((s.left(counted), end + 1))])
    return None


def has_number(s: Syntax, tokens: Range) -> bool:
    return any(s.tag[i] == "CD" for i in range(*tokens))


def _gerund(s: Syntax, verb: int, readings: list[Cue]) -> Found | None:
    """Handle "denied shooting", "proposed closing the border"."""
    clause = s.kid(verb, "xcomp", "ccomp")
    reading = next((cue for cue in readings if cue.kind == "speech" and "object" in cue.takes), None)
    if reading is None or clause is None or s.tag[clause] != "VBG" or not 0 < s.left(clause) - verb <= 1:
        return None
    return Found("gerund", reading, [s.trim(s.subtree(clause))])


def _held_responsible(s: Syntax, verb: int) -> Found | None:
    """Handle "held the corps responsible for the deaths"."""
    if s.lemma[verb] != "hold":
        return None
    held = s.kid(verb, "dobj")
    for k in (*s.kids[verb], *(s.kids[held] if held is not None else ())):
        if s.lower[k] in lexicon().words["culpable"] and k > verb + 1:
            return Found("idiom", _BLAMES, [s.trim((verb + 1, s.right(k) + 1))], (k,))
    return None


def _declined(s: Syntax, verb: int, readings: list[Cue]) -> Found | None:
    """Handle "declined to say whether …": both verbs are the cue."""
    reading = next((cue for cue in readings if cue.act == "declines" and "to" in cue.takes), None)
    inner = s.kid(verb, "xcomp")
    if reading is None or inner is None or inner < verb:
        return None
    if is_passive(s, inner):
        return None
    held = content_of(s, inner)
    cue = tuple(range(verb + 1, inner + 1)) if inner - verb <= 3 else (inner,)
    if held is not None:
        return Found("declines", reading, held.content, (*cue, *held.extra))
    rest = s.trim((inner + 1, s.right(inner) + 1))
    if rest[0] < rest[1]:
        return Found("declines", reading, [rest], cue)
    return (
        Found("silence", reading, [(s.left(inner), inner + 1)])
        if s.lemma[inner] in lexicon().words["withheld"]
        else None
    )


def _purported(s: Syntax, verb: int, readings: list[Cue]) -> Found | None:
    """Handle "purports to show the burning": both verbs are the cue, what follows is the content."""
    reading = next((cue for cue in readings if cue.kind == "purport"), None)
    inner = verb + 2
    if reading is None or inner >= len(s) or s.lower[verb + 1] != "to" or not s.is_verb(inner):
        return None
    shown = next((k for k in s.kids[inner] if k > inner and s.dep[k] in ("dobj", "ccomp", "attr")), None)
    if shown is not None and s.is_verb(shown) and s.kid(shown, "mark") is None:
        shown = s.kid(shown, "nsubj", "nsubjpass")
    return None if shown is None else Found("to", reading, [s.trim(s.subtree(shown))], (verb + 1, inner))


# ---- passives


def _passive(s: Syntax, verb: int, readings: list[Cue]) -> Found | None:
    if not is_passive(s, verb):
        return None
    subject = s.kid(verb, "nsubjpass")
    clause = s.kid(verb, "ccomp")
    if clause is not None and clause > verb and (reading := taking(readings, "clause")):
        if s.kid(verb, "agent") is None and any(s.tag[k] == "MD" for k in s.kids[verb]):
            return None
        return Found("passive-clause", reading, [clause_range(s, verb, clause)])
    if subject is None:
        return _reduced(s, verb, readings)
    rest = [k for k in s.kids[verb] if k > verb and (s.dep[k] in ("xcomp", "oprd") or _argument(s, k))]
    pieces = [s.trim(s.subtree(subject)), *(s.trim(s.subtree(k)) for k in rest)]
    pieces = [piece for piece in pieces if piece[0] < piece[1]]
    infinitive = any(s.dep[k] == "xcomp" for k in rest)
    wanted = ("clause", "object-to") if infinitive else ("object",)
    reading = next((r for what in wanted if (r := taking(readings, what)) and r.kind != "blow"), None)
    return Found("passive-to" if infinitive else "passive", reading, pieces) if reading else None


def _argument(s: Syntax, k: int) -> bool:
    return s.dep[k] == "prep" and s.lower[k] in ("of", "for", "as", "with", "on") and not _temporal(s, k)


def _reduced(s: Syntax, verb: int, readings: list[Cue]) -> Found | None:
    """Handle "a man accused of theft", "strikes blamed on the rebels"."""
    reading = next((r for r in readings if r.act == "accuses" and "object" in r.takes), None)
    noun = s.head[verb]
    arguments = [k for k in s.kids[verb] if _argument(s, k)]
    if reading is None or s.dep[verb] != "acl" or not arguments:
        return None
    a = s.left(noun)
    return Found("reduced", reading, [s.trim((a, noun + 1)), *(s.trim(s.subtree(k)) for k in arguments)])
