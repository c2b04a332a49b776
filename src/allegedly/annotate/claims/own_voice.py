"""What the author says without attributing it to anybody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from allegedly.annotate.actors.cast import Cast
from allegedly.annotate.claims.acts import act_in, hedge_in, root_of, weighed
from allegedly.annotate.claims.blame import culprits_in
from allegedly.annotate.claims.cues import lexicon
from allegedly.annotate.claims.look import View
from allegedly.annotate.claims.speakers import author_name, phrase, speaker_of
from allegedly.annotate.parse import Parsed
from allegedly.annotate.syntax import Range, Syntax, syntax_of
from allegedly.records import Act, Claim, Document, Event, Span, Speaker

_TELLING = 0.35
"""Mean probability over the words of a clause from which it is a claim of the author's."""
_TELLING_OF_NOBODY = 0.7
"""The same for a clause in which we find neither an event nor an actor."""
_SHORTEST = 4
"""Words. What is left of a sentence after its attributions says nothing of its own below this."""
_LONGEST_GIST = 500
_DETERMINERS = frozenset(["DT", "PDT", "PRP$", "WP$"])
_RELATIVES = frozenset(["WDT", "WP", "WRB"])
_LINKS = frozenset(["IN", "TO"])
_AUXILIARIES = frozenset(["aux", "auxpass", "neg"])
_FUTURE = frozenset(["will", "'ll", "wo"])
_FINITE = frozenset(["VBD", "VBZ", "VBP", "MD"])


class _Ground(NamedTuple):
    """What makes a stretch of text worth a claim: where events are told, and who is in the document."""

    s: Syntax
    cast: Cast
    triggers: list[int]
    taken: bytearray
    """1 for every token that an attribution has as cue or content, or as a speaker who only speaks."""
    view: View | None


def own_voice(
    parsed: Parsed, cast: Cast, claims: Sequence[Claim], events: Sequence[Event], view: View | None = None
) -> tuple[Claim, ...]:
    """Return the author's own claims: clauses that no attribution covers and that tell of events or actors.

    The network says which do, by what `view` holds; without it the rules do: those with an event or a tie of actors.
    A document whose language is not parsed has one claim, its title or its beginning.
    """
    if not parsed.paragraphs:
        return _unparsed(parsed.document)
    s = syntax_of(parsed)
    triggers = sorted(s.at(span[0]) for event in events for span in event.trigger)
    ground = _Ground(s, cast, triggers, _taken(s, claims), view)
    voice = _author(parsed.document)
    channel = parsed.document.platform if parsed.document.kind in ("post", "message") else ""
    return tuple(_claim(ground, piece, voice, channel or None) for piece in _pieces(ground) if _tells(ground, piece))


def _author(document: Document) -> Speaker:
    return Speaker(actor="author", name=author_name(document))


def _unparsed(document: Document) -> tuple[Claim, ...]:
    span = _gist(document)
    if span is None:
        return ()
    channel = document.platform if document.kind in ("post", "message") else ""
    claim = Claim(
        speaker=_author(document),
        content=(span,),
        mode="own-voice",
        channel=channel or None,
        confidence=lexicon().confidence["own-voice-unparsed"],
    )
    return (claim,)


def _gist(document: Document) -> Span | None:
    """Return the title where the text holds it, else the first line with words, cut at 500 code points."""
    text = document.text
    title = document.title.strip()
    if title and (at := text.find(title)) >= 0:
        return at, at + len(title)
    start = document.body_start
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        line = text[start:end]
        if any(map(str.isalnum, line)):
            begin = start + len(line) - len(line.lstrip())
            return begin, min(start + len(line.rstrip()), begin + _LONGEST_GIST)
        start = end + 1
    return None


# ---- pieces of sentences


def _taken(s: Syntax, claims: Sequence[Claim]) -> bytearray:
    taken = bytearray(len(s))
    for claim in claims:
        for start, end in (*claim.content, *claim.cue, *_mere_speakers(claim)):
            a, b = s.at(start), s.at(end - 1) + 1
            taken[a:b] = b"\x01" * (b - a)
    return taken


def _mere_speakers(claim: Claim) -> list[Span]:
    """Return the speakers whose verb is the cue: they do nothing else that the author could tell."""
    return [span for span in claim.speaker.spans if any(0 <= cue[0] - span[1] <= 3 for cue in claim.cue)]


def _pieces(ground: _Ground) -> Iterator[Range]:
    """Yield the sentences without their attributed parts, trimmed of what only tied the parts together."""
    s = ground.s
    for first, last in s.sentences:
        a = first
        while a < last:
            b = a
            while b < last and ground.taken[b] == ground.taken[a]:
                b += 1
            if not ground.taken[a]:
                yield _trimmed(s, (a, b)) if (a, b) != (first, last) else s.trim((a, b))
            a = b


def _trimmed(s: Syntax, tokens: Range) -> Range:
    """Return `tokens` without the words at either end that only tied them to what was cut away."""
    a, b = s.trim(tokens)
    while a < b and _dangles(s, a, (a, b)):
        a, b = s.trim((a + 1, b))
    while a < b and _dangles(s, b - 1, (a, b)):
        a, b = s.trim((a, b - 1))
    return a, b


def _dangles(s: Syntax, i: int, piece: Range) -> bool:
    """True for a function word at an edge of `piece` whose phrase or clause lies elsewhere."""
    a, b = piece
    tag, governor = s.tag[i], s.head[i]
    outside = not a <= governor < b
    if tag == "CC":
        return i in (a, b - 1)
    if tag in _DETERMINERS or s.dep[i] in _AUXILIARIES:
        return outside
    if tag in _RELATIVES:
        return outside or i == b - 1
    if tag not in _LINKS:
        return False
    if s.dep[i] == "mark":
        return outside or not a <= s.head[governor] < b
    return (i == a and outside) or not any(a <= k < b for k in s.kids[i])


def _subject(s: Syntax, piece: Range) -> list[Range]:
    """Return the subject that a clause shares with the words cut away before it: "The army denied it and left"."""
    root = root_of(s, piece)
    own = s.kid(root, "nsubj", "nsubjpass", "csubj", "expl")
    if s.tag[root] not in _FINITE or own is not None or s.dep[root] != "conj":
        return []
    noun = speaker_of(s, root)
    return [r for r in phrase(s, noun, root) if r[0] < r[1] <= piece[0]] if noun is not None else []


def _tells(ground: _Ground, piece: Range) -> bool:
    s, (a, b) = ground.s, piece
    if sum(1 for i in range(a, b) if s.lower[i][:1].isalnum()) < _SHORTEST:
        return False
    if not any(s.tag[i] in _FINITE for i in range(a, b)) or s.lower[b : b + 1] == ["?"]:
        return False
    told = any(a <= trigger < b for trigger in ground.triggers)
    actors = {actor for _, actor in ground.cast.mentioned(s.span(piece))}
    if ground.view is not None:
        return float(ground.view.own[a:b, 0].mean()) >= (_TELLING if told or actors else _TELLING_OF_NOBODY)
    if told:
        return True
    return len(actors) > 1 or (bool(actors) and _act(s, piece) != "asserts")


# ---- records


def _claim(ground: _Ground, piece: Range, voice: Speaker, channel: str | None) -> Claim:
    s, words = ground.s, lexicon()
    act = _act(s, piece) if ground.view is None else _seen_act(ground.view, _act(s, piece), piece)
    told = any(piece[0] <= trigger < piece[1] for trigger in ground.triggers)
    return Claim(
        speaker=voice,
        content=tuple(s.span(r) for r in (*_subject(s, piece), piece)),
        mode="own-voice",
        act=act,
        polarity="negated" if act == "denies" else "affirmed",
        hedge=hedge_in(s, piece),
        channel=channel,
        accused=tuple(dict.fromkeys(culprits_in(s, piece, ground.cast))),
        confidence=words.confidence["own-voice-event" if told else "own-voice"],
    )


def _seen_act(view: View, by_rules: Act, piece: Range) -> Act:
    seen = dict(zip(view.net.acts, map(float, view.own[piece[0] : piece[1], 1:].mean(0)), strict=True))
    return weighed(seen, by_rules)


def _act(s: Syntax, piece: Range) -> Act:
    words = lexicon().words
    lowers = set(s.lower[piece[0] : piece[1]])
    if lowers & words["duty"]:
        return "urges"
    if lowers & words["suspicion"]:
        return "insinuates"
    root = root_of(s, piece)
    if any(s.lower[k] in _FUTURE and s.dep[k] == "aux" for k in s.kids[root]):
        return "predicts"
    return act_in(s, piece) or "asserts"
