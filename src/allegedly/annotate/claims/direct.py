"""Quotations and the cue that stands beside each: before, after, or around which they are split."""

from __future__ import annotations

from collections.abc import Sequence

from allegedly.annotate.claims.attributions import Attribution
from allegedly.annotate.claims.contents import is_passive
from allegedly.annotate.claims.cues import Cue, lexicon
from allegedly.annotate.claims.quotes import Quote
from allegedly.annotate.claims.speakers import speaker_of
from allegedly.annotate.syntax import QUOTATION_MARKS, Range, Syntax
from allegedly.records import Span

_ENDS = frozenset([".", "?", "!", ";", "…"])
_GO_ON = frozenset([",", "?", "!", "-", "--", "–", "—", "…", "...", ", ..."])
_FARTHEST = 45
"""Tokens between a quotation and its cue: long descriptions of the speaker stand between them."""
_WORDS_OF_A_SENTENCE = 4
_AFTER_NAME = frozenset([",", "in", "on", "at", "during", "to", "when", "while", "as", "after", ":"])
_SAYS = Cue("asserts", "speech", frozenset(["clause"]))
_OF_SOMEBODY = frozenset(["accuses", "dismisses", "denies"])
"""Acts whose object is whom or what they speak of, quoted or not: accused "generals" of lying."""
_NO_CUE = frozenset(["relcl", "acl", "aux", "auxpass", "amod", "compound"])


class Quotations:
    """The quotations of a document as token ranges, and which of them each token lies in."""

    def __init__(self, s: Syntax, quotes: Sequence[Quote]) -> None:
        self.s = s
        self.quotes = quotes
        self.ranges: list[Range] = [(s.at(q.start), s.at(q.end - 1) + 1) for q in quotes]
        self.inside = [-1] * (len(s) + 1)
        for n, (a, b) in enumerate(self.ranges):
            self.inside[a:b] = [n] * (b - a)

    def span(self, tokens: Range) -> Span:
        """Return the span of `tokens`, cut at a quotation mark that is glued to a word outside the quotation."""
        start, end = self.s.span(tokens)
        first, last = self.inside[tokens[0]], self.inside[tokens[1] - 1]
        if first >= 0 and start < self.quotes[first].start:
            start = self.quotes[first].start
        if last >= 0 and start < self.quotes[last].end < end:
            end = self.quotes[last].end
        return start, end

    def attach(self, drafts: list[Attribution]) -> list[Attribution]:
        """Return `drafts` with every quotation given to the cue that attributes it, new drafts added at need."""
        anchored = {d.anchor: d for d in drafts}
        known = {id(draft) for draft in drafts}
        spoken: list[tuple[int, Attribution]] = []
        signed = {i for d in drafts if d.rule == "signed" for a, b in d.content for i in range(a, b)}
        for n in range(len(self.quotes)):
            if self.ranges[n][0] in signed:
                continue
            draft = self._attributed(n, anchored) or self._continued(n, spoken)
            if draft is None:
                continue
            if id(draft) not in known:
                known.add(id(draft))
                drafts.append(draft)
            spoken.append((n, draft))
        self._snap(drafts)
        return drafts

    # ---- a cue in the same sentence

    def _attributed(self, n: int, anchored: dict[int, Attribution]) -> Attribution | None:
        verb = self._cue_after(n)
        if verb is None:
            verb = self._cue_before(n)
        if verb is None:
            return None
        draft = anchored.get(verb)
        if draft is not None and self._contained(n, draft):
            return None
        if draft is None and is_passive(self.s, verb):
            draft = anchored[verb] = self._labelled(verb)
        elif draft is None:
            draft = Attribution("direct", verb, [verb], [], _reading(self.s, verb), speaker_of(self.s, verb))
            anchored[verb] = draft
        self._give(n, draft)
        if draft.rule == "passive":
            return draft
        if draft.speaker is None or self.inside[draft.speaker] >= 0:
            draft.speaker = None
            draft.said_by = draft.said_by or self._neighbour(n, verb)
        return draft

    def _labelled(self, verb: int) -> Attribution:
        """Begin "the reports were branded “lies”": who is spoken of stands before the quotation."""
        s = self.s
        subject = s.kid(verb, "nsubjpass")
        agent = s.kid(verb, "agent")
        content = [] if subject is None else [s.trim(s.subtree(subject))]
        speaker = s.kid(agent, "pobj") if agent is not None else None
        readings = lexicon().verbs.get(s.lemma[verb], ())
        reading = next((cue for cue in readings if cue.act == "labels"), _reading(s, verb))
        return Attribution("passive", verb, [verb], content, reading, speaker)

    def _contained(self, n: int, draft: Attribution) -> bool:
        """True where the grammar's content stands: the quotation is a part of it, or of the speaker's description."""
        a, b = self.ranges[n]
        if draft.quoted or not draft.content or draft.rule.startswith("parenthetical"):
            return False
        begin, end = draft.content[0][0], draft.content[-1][1]
        if draft.rule.startswith("object"):
            goes_on = b < end if draft.reading.act in _OF_SOMEBODY else b < end - 1
            return draft.anchor < begin and ((goes_on and begin <= a) or (begin < a - 1 and end >= b - 2))
        if a > draft.anchor:
            return begin > draft.anchor and (begin < a - 2 or end > b + 1) and begin <= a and end >= b - 2
        return begin > draft.anchor

    def _cue_after(self, n: int) -> int | None:
        s, (a, b) = self.s, self.ranges[n]
        last = b - 1
        while last > a and s.lower[last] in QUOTATION_MARKS:
            last -= 1
        if not (b < len(s) and last > a and (s.lower[last] in _GO_ON or s.lower[b] in (",", "-", "--", "–", "—"))):
            return None
        for i in range(b, min(self._paragraph_end(n), b + _FARTHEST)):
            if self.inside[i] >= 0 or (s.lower[i] in _ENDS and i > b):
                return None
            if s.is_verb(i) and s.dep[i] not in _NO_CUE:
                if s.tag[i] == "VBG" and s.lower[last] == ",":
                    continue
                return i if self._speaks(n, i) or self._follows_comma(n, i, s.lower[last]) else None
        return None

    def _follows_comma(self, n: int, verb: int, mark: str) -> bool:
        a, b = self.ranges[n]
        if b - a < 6 or a != self.s.sentences[self.s.sentence[a]][0]:
            return False
        return mark == "," and self.s.tag[verb] in ("VBD", "VBZ") and self.s.kid(verb, "nsubj") is not None

    def _cue_before(self, n: int) -> int | None:
        s, (a, _) = self.s, self.ranges[n]
        first = s.paragraphs[self.quotes[n].paragraph][0]
        if a == first:
            return None
        mark = s.lower[a - 1]
        if mark not in (",", ":"):
            return self._cue_right_before(n, a, first)
        for i in range(a - 1, max(first, a - _FARTHEST) - 1, -1):
            if self.inside[i] >= 0 or (s.lower[i] in _ENDS and i < a - 1):
                return None
            if s.is_verb(i) and s.dep[i] not in ("aux", "auxpass") and self._speaks(n, i):
                return i
        return self._root_before(a, first) if mark == ":" else None

    def _cue_right_before(self, n: int, a: int, first: int) -> int | None:
        """Return a cue that only an addressee or an adverb parts from the quotation: "told reporters “…”"."""
        s = self.s
        for i in range(a - 1, max(first, a - 5) - 1, -1):
            if self.inside[i] >= 0 or s.lower[i] in _ENDS:
                return None
            if s.is_verb(i):
                parting = {s.dep[k] for k in s.kids[i] if i < k < a}
                speech = self._speaks(n, i) and parting <= {"dobj", "dative", "advmod", "prt", "punct", "npadvmod"}
                return i if speech and s.dep[i] not in _NO_CUE - {"relcl", "acl"} else None
        return None

    def _root_before(self, a: int, first: int) -> int | None:
        """Return the main verb before a colon: "had an explanation:" attributes as well as "said:"."""
        s = self.s
        for i in range(a - 1, max(first, a - _FARTHEST) - 1, -1):
            if self.inside[i] >= 0 or (s.lower[i] in _ENDS and i < a - 1):
                return None
            if s.is_verb(i) and s.dep[i] in ("ROOT", "conj", "ccomp") and speaker_of(s, i) is not None:
                return i
        return None

    def _speaks(self, n: int, verb: int) -> bool:
        cues = lexicon().verbs.get(self.s.lemma[verb], ())
        return any("clause" in cue.takes or ("quotation" in cue.takes and self._is_long(n)) for cue in cues)

    def _is_long(self, n: int) -> bool:
        a, b = self.ranges[n]
        return sum(1 for i in range(a, b) if self.s.lower[i][:1].isalnum()) >= _WORDS_OF_A_SENTENCE

    def _neighbour(self, n: int, verb: int) -> list[Range]:
        """Return the words between quotation and cue, or after an inverted cue: the parser missed the subject."""
        s, b = self.s, self.ranges[n][1]
        if b < verb:
            between = s.trim((b, verb))
            if between[0] < between[1] and all(self.inside[i] < 0 for i in range(*between)):
                return [between]
        end = verb + 1
        while end < self._paragraph_end(n) and s.lower[end] not in _ENDS and s.lower[end] not in _AFTER_NAME:
            end += 1
        named = s.trim((verb + 1, end))
        return [named] if b <= verb and named[0] < named[1] and self.inside[named[0]] < 0 else []

    # ---- giving

    def _give(self, n: int, draft: Attribution) -> None:
        whole = self.ranges[n]
        if draft.quoted or draft.rule == "passive":
            draft.content.append(whole)
        else:
            draft.content = _joined(draft, whole)
            draft.quoted = True

    def _continued(self, n: int, spoken: list[tuple[int, Attribution]]) -> Attribution | None:
        """Give a quotation without a cue to the speaker before it, in this paragraph or the one before."""
        if not self._is_sentence(n):
            return None
        quote = self.quotes[n]
        if spoken:
            before, draft = spoken[-1]
            earlier = self.quotes[before]
            runs_on = before == n - 1 and not earlier.closed
            opens = self._opens_paragraph(n) and (runs_on or self._is_long(n))
            if earlier.paragraph == quote.paragraph or (earlier.paragraph == quote.paragraph - 1 and opens):
                draft.content.append(self.ranges[n])
                return draft
        return self._beside(n) if self._is_long(n) else None

    def _beside(self, n: int) -> Attribution | None:
        """Attribute a quotation that is a sentence of its own to the subject of the sentence before it."""
        s, (a, _) = self.s, self.ranges[n]
        if a == s.paragraphs[self.quotes[n].paragraph][0]:
            return None
        first, last = s.sentences[s.sentence[a - 1]]
        root = next((i for i in range(first, last) if s.dep[i] == "ROOT"), None)
        if root is None or self.inside[root] >= 0:
            return None
        subject = s.kid(root, "nsubj")
        if subject is None or not (s.ent[subject] in ("PERSON", "ORG") or s.lower[subject] in ("he", "she", "they")):
            return None
        return Attribution("beside", -1, [], [self.ranges[n]], _SAYS, subject, quoted=True)

    def _is_sentence(self, n: int) -> bool:
        s, a = self.s, self.ranges[n][0]
        quote = self.quotes[n]
        words = s.text[quote.start : quote.end].rstrip("”\"'’»“")
        ended = not quote.closed or words.endswith((".", "?", "!", "…", ",", ";"))
        first = a - 1 < s.paragraphs[self.quotes[n].paragraph][0] or s.lower[a - 1].endswith(
            (".", "?", "!", ":", *QUOTATION_MARKS)
        )
        return ended and first

    def _opens_paragraph(self, n: int) -> bool:
        return self.ranges[n][0] == self.s.paragraphs[self.quotes[n].paragraph][0]

    def _paragraph_end(self, n: int) -> int:
        return self.s.paragraphs[self.quotes[n].paragraph][1]

    # ---- edges

    def _snap(self, drafts: list[Attribution]) -> None:
        """Let content that ends or begins inside a quotation take in the whole of it."""
        for draft in drafts:
            if draft.quoted or draft.rule == "colon":
                continue
            home = self.inside[draft.anchor]
            if home < 0:
                labels = draft.reading.act == "labels"
                draft.content = [self._snapped(p, labels and p[0] > draft.anchor) for p in draft.content]
            else:
                draft.content = self._clipped(draft.content, self.ranges[home])

    def _clipped(self, content: list[Range], quote: Range) -> list[Range]:
        """Return the part of `content` that stands in the quotation its cue stands in."""
        pieces = [self.s.trim((max(a, quote[0]), min(b, quote[1]))) for a, b in content]
        return [(a, b) for a, b in pieces if b - a > 1 or (a < b and self.s.lower[a] not in QUOTATION_MARKS)]

    def _snapped(self, piece: Range, labels: bool) -> Range:
        """Return `piece` to the edges of its quotations; a label or a preposition takes in the one that follows."""
        a, b = piece
        if (n := self.inside[a]) >= 0 and b - a > 1:
            a = min(a, self.ranges[n][0])
        if (n := self.inside[b - 1]) >= 0:
            b = max(b, self.ranges[n][1])
        elif self.s.tag[b - 1] == "IN" or labels:
            ahead = next((n for n in self.inside[b : b + 4] if n >= 0), -1)
            ended = ahead >= 0 and any(word in _ENDS for word in self.s.lower[b : self.ranges[ahead][0]])
            b = b if ahead < 0 or ended or self.s.sentence[b] != self.s.sentence[b - 1] else self.ranges[ahead][1]
        return a, b


def _reading(s: Syntax, verb: int) -> Cue:
    cues = lexicon().verbs.get(s.lemma[verb], ())
    return next((cue for cue in cues if cue.takes & {"clause", "quotation"}), _SAYS)


def _joined(draft: Attribution, whole: Range) -> list[Range]:
    """Return the content of `draft` with the quotation `whole`: one stretch where they touch, else the quotation."""
    if not draft.content or draft.rule.startswith("object") or draft.rule in ("parenthetical", "as-clause"):
        return [whole]
    a, b = draft.content[0][0], draft.content[-1][1]
    if draft.anchor < whole[0] and a <= whole[0] + 1 and a > draft.anchor and whole[0] <= b + 1:
        return [(min(a, whole[0]), max(whole[1], b if b <= whole[1] + 2 else whole[1]))]
    if draft.anchor > whole[0] and a < whole[0]:
        return [(a, whole[1])] if whole[0] - a <= 40 and a < whole[0] else [whole]
    return [whole]
