"""Time expressions of one document: TIMEX3 values, counted from publication or from the story's own days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from spacy.tokens import Doc, Token

from allegedly.annotate.parse import Parsed
from allegedly.annotate.times.frame import Frame, Reading
from allegedly.annotate.times.grammar import Match, matches
from allegedly.annotate.times.resolve import resolve
from allegedly.records import Time

_FUTURE = frozenset({"will", "shall", "'ll", "’ll", "wo"})
_PRESENT = frozenset({"is", "are", "am", "'s", "’s", "'re", "’re", "'m", "’m"})
_PLANS = frozenset({"schedule", "plan", "expect", "due", "set", "slate", "hope", "intend", "aim", "prepare"})
_TELLING = frozenset({"say", "tell", "announce", "report", "add", "state", "write", "declare", "note", "confirm"})
_NAMES = frozenset({"PERSON", "ORG", "PRODUCT", "WORK_OF_ART", "LAW", "FAC", "EVENT", "GPE", "NORP"})
_SHORT = frozenset({"month", "year", "decade", "season", "quarter", "duration", "deictic"})
_YEAR_CUES = tuple("iYo<>=&baBF@")


def find_times(parsed: Parsed) -> tuple[Time, ...]:
    """Find every time expression in `parsed`, in text order.

    `value` is TIMEX3 (TimeML 1.2.1), or ``a/b`` for an interval between two; `start` and `end` are ISO days or minutes
    and empty where the value sets none; `anchor` is ``explicit``, ``publication`` or ``story:<day>`` and the rule.
    """
    return tuple(_times(parsed))


def _times(parsed: Parsed) -> Iterator[Time]:
    published = _day_of(parsed.document.published_at)
    story = _Story(published)
    for number, paragraph in enumerate(parsed.paragraphs):
        for match in matches(paragraph.doc.text):
            reading = _read(match, paragraph.doc, story, number)
            if reading:
                if not _in_passing(_token_at(paragraph.doc, match.words[-1].start)):
                    story.hear(reading, number)
                span = paragraph.start + match.words[0].start, paragraph.start + match.words[-1].end
                yield Time(span=span, value=reading.value, start=reading.start, end=reading.end, anchor=reading.anchor)


def _day_of(published_at: str) -> date | None:
    try:
        return date.fromisoformat(published_at[:10])
    except ValueError:
        return None


class _Story:
    """The days that a text has named so far."""

    def __init__(self, published: date | None) -> None:
        self.published = published
        self.day: date | None = None
        self.period: date | None = None
        self.paragraph = 0

    def frame(self, paragraph: int, tense: int, reported: bool) -> Frame:
        near = paragraph - self.paragraph <= 1 and not reported
        return Frame(self.published, self.day, self.period, near, tense)

    def hear(self, reading: Reading, paragraph: int) -> None:
        """Remember what `reading` names, if it is a day or a period of the calendar."""
        if not reading.start or reading.value.startswith("P"):
            return
        self.period = date.fromisoformat(reading.start[:10])
        if reading.start[:10] == reading.value[:10]:
            self.day, self.paragraph = self.period, paragraph


def _read(match: Match, doc: Doc, story: _Story, paragraph: int) -> Reading | None:
    token = _token_at(doc, match.words[-1].start)
    if match.rule in _SHORT and not _is_time(match, doc):
        return None
    first = _token_at(doc, match.words[0].start)
    ahead = match.before.endswith(">") or (first.i > 0 and first.nbor(-1).lower_ == "by" and _may(token))
    tense = 1 if ahead else _tense(token)  # "postponed until Monday", "could arrive by Monday"
    return resolve(match, story.frame(paragraph, tense, _is_reported(token)))


def _token_at(doc: Doc, position: int) -> Token:
    span = doc.char_span(position, position + 1, alignment_mode="expand")
    return doc[0] if span is None else span[0]


def _is_time(match: Match, doc: Doc) -> bool:
    """Tell months, years and weekdays from names and counts that look like them."""
    token = _token_at(doc, match.words[0].start)
    if token.ent_type_ in _NAMES and match.rule in ("month", "year"):
        return False
    if match.rule == "month":
        return token.pos_ not in ("AUX", "VERB")
    if match.rule == "year":
        return _is_year(match, token)
    return True


def _is_year(match: Match, token: Token) -> bool:
    if token.ent_type_ == "DATE":
        return True
    counts = token.i + 1 < len(token.doc) and token.nbor(1).pos_ == "NOUN"
    cued = match.before.endswith(_YEAR_CUES) or (match.before.endswith(",") and match.after.startswith(","))
    return cued and not counts


def _in_passing(token: Token) -> bool:
    """True in an aside (", which began on May 3,"): its day is not the one that the story goes on from."""
    verb = next((head for head in (token, *token.ancestors) if head.pos_ in ("VERB", "AUX")), None)
    return verb is not None and verb.dep_ == "relcl" and any(child.lower_ == "which" for child in verb.children)


def _is_reported(token: Token) -> bool:
    """True where the time is that of the telling ("police said Monday"), which is near publication."""
    verb = next((head for head in (token, *token.ancestors) if head.pos_ == "VERB"), None)
    return verb is not None and verb.lemma_ in _TELLING


def _may(token: Token) -> bool:
    verb = next((head for head in (token, *token.ancestors) if head.pos_ == "VERB"), token)
    return any(child.tag_ == "MD" for child in verb.children)


def _tense(token: Token) -> int:
    """Return the tense of the verb that governs `token`: -1 past, 1 future, 0 unknown."""
    for head in (token, *token.ancestors):
        if head.lower_ in _PLANS:
            return 1
        if head.pos_ in ("VERB", "AUX") and (tense := _tense_of(head)) is not None:
            return tense
    return 0


def _tense_of(verb: Token) -> int | None:
    """Return the tense of `verb`, or None for a participle that has the tense of the clause it hangs on."""
    auxiliaries = [child for child in verb.children if child.dep_ in ("aux", "auxpass")]
    words = {child.lower_ for child in auxiliaries}
    planned = verb.lemma_ in _PLANS and verb.tag_ != "VBD"
    if planned or "to" in words or words & _FUTURE or (verb.tag_ == "VBG" and words & _PRESENT):
        return 1
    if verb.tag_ in ("VBD", "VBN") or any(child.tag_ == "VBD" for child in auxiliaries):
        return -1
    return None if verb.tag_ == "VBG" else 0
