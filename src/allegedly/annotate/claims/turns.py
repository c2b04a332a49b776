"""Attribution by layout: a name before a colon, the turns of a transcript, and the name that signs a quotation."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from allegedly.annotate.claims.attributions import Attribution
from allegedly.annotate.claims.cues import Cue, lexicon
from allegedly.annotate.claims.direct import Quotations
from allegedly.annotate.syntax import QUOTATION_MARKS, Range, Syntax

BY_LAYOUT = frozenset(["colon", "signed"])
"""Rules that go by how the words stand on the page; where they see content, its edges are plain."""
_TELLS = Cue("asserts", "speech", frozenset())
_TELLING = frozenset(["poll", "report", "survey", "study", "source", "official", "police", "expert"])
_LABEL = re.compile(r"[A-Z][\w.'’\-]*(?: [A-Z(][\w.'’)\-]*){0,5}$")
_SIGNED = re.compile(r"\s*(?:[―—–]|--?)\s*(?=[^\W\d_a-z]|@)")
_LONGEST_NAME = 15
"""Tokens of the name, with office and place, that signs a quotation."""
_TURNS = 3
"""Labelled paragraphs from which a text is a transcript, whose turns may run over several paragraphs."""
_FINITE = frozenset(["VBD", "VBZ", "VBP", "MD"])


# ---- names before a colon


def colon_drafts(s: Syntax) -> Iterator[Attribution]:
    """Yield a draft for each turn of the form ``NAME: words``, as transcripts and headlines have it."""
    found = [(n, draft) for n in range(len(s.paragraphs)) if (draft := _turn(s, s.paragraphs[n])) is not None]
    labels = Counter(tuple(s.lower[i] for i in range(*draft.said_by[0])) for _, draft in found)
    transcript = len(found) >= _TURNS and max(labels.values()) > 1
    ends = [*(n for n, _ in found[1:]), 0]
    for (n, draft), after in zip(found, ends, strict=False):
        between = range(n + 1, after if transcript else 0)
        draft.content += [s.trim(s.paragraphs[k]) for k in between if not _stage(s, s.paragraphs[k])]
        yield draft


def _turn(s: Syntax, paragraph: Range) -> Attribution | None:
    first, last = paragraph
    first += s.lower[first] in QUOTATION_MARKS
    colon = next((i for i in range(first + 1, min(last, first + 9)) if s.lower[i] == ":"), None)
    if colon is None or last - colon < 4:
        return None
    name = s.text[s.start[first] : s.end[colon - 1]]
    if not _LABEL.match(name) or not _can_be_name(s, first, colon, name.isupper()):
        return None
    return Attribution("colon", colon, [colon], [s.trim((colon + 1, last))], _TELLS, said_by=[(first, colon)])


def _can_be_name(s: Syntax, first: int, colon: int, capitals: bool) -> bool:
    """False for "BREAKING:", "Read more:" and phrases that hold a verb."""
    if lexicon().words["banners"] & set(s.lower[first:colon]):
        return False
    named = any(s.ent[i] in ("PERSON", "ORG", "NORP", "GPE") or s.lemma[i] in _TELLING for i in range(first, colon))
    return capitals or (named and not any(s.is_verb(i) for i in range(first, colon)))


def _stage(s: Syntax, paragraph: Range) -> bool:
    """True for what happens between the turns: "(Applause.)", "[crosstalk]"."""
    first, last = paragraph
    first += s.lower[first] in QUOTATION_MARKS
    return first >= last or s.text[s.start[first]] in "(["


# ---- names that sign a quotation


def signed_drafts(s: Syntax, quotations: Quotations) -> Iterator[Attribution]:
    """Yield a draft for each paragraph that is a quotation and then, after a dash, names who said it."""
    for n, (first, last) in enumerate(s.paragraphs):
        quoted = _quoted_whole(quotations, first, last)
        if quoted is None:
            continue
        name = _signature(s, quotations.span(quoted)[1], last)
        if name is None and quoted[1] == last and n + 1 < len(s.paragraphs):
            after = s.paragraphs[n + 1]
            name = _signature(s, s.start[after[0]], after[1])
        if name is not None:
            dash = name[0] - 1
            cue = [dash] if dash >= quoted[1] else []
            yield Attribution("signed", dash if cue else -1, cue, [quoted], _TELLS, name[0], [name], quoted=True)


def _quoted_whole(quotations: Quotations, first: int, last: int) -> Range | None:
    """Return the quotations that a paragraph begins with and that follow each other without a word between."""
    end = first
    while end < last and quotations.inside[end] >= 0:
        end = quotations.ranges[quotations.inside[end]][1]
    closed = end > first and quotations.quotes[quotations.inside[end - 1]].closed
    return (first, end) if closed else None


def _signature(s: Syntax, start: int, last: int) -> Range | None:
    """Return the name that stands, after a dash, between code point `start` and token `last`."""
    match = _SIGNED.match(s.text, start, s.end[last - 1])
    name = s.trim((s.at(match.end()), last)) if match is not None else (0, 0)
    told = any(s.tag[i] in _FINITE for i in range(*name))
    return name if 0 < name[1] - name[0] <= _LONGEST_NAME and not told else None
