"""Read the inline markup of who says what (see GUIDELINES.md) into texts with claims.

    python training/attribution/markup.py FILE...      check files and count what is in them

Offsets are `[start, end)` in code points of the text without its markup.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

Span = tuple[int, int]

ACTS = frozenset(
    "asserts reports denies accuses downplays dismisses predicts warns urges proposes labels insinuates "
    "declines".split()
)
ROLES = {"s": "source", "q": "cue", "c": "content", "w": "own", "h": "hedge", "a": "accused", "v": "channel"}
_HEAD = re.compile(r"^=== ([\w-]+) \| ([^|]+) \| ([^|]+) \| (.+)$", re.MULTILINE)
_OPEN = re.compile(r"\[([sqcwhav])(\d+(?:,\d+)*)(?:=\{([^{}]*)\})?(?::([a-z/,]+))? ")
_TOKEN = re.compile(rf"(?P<open>{_OPEN.pattern})|(?P<close>\])|(?P<stray>\[)")


class MarkupError(ValueError):
    """Markup that does not follow the guidelines; the message names text and place."""


@dataclass(slots=True)
class Marked:
    """One claim of gold: pieces of each role in text order."""

    number: int
    source: list[Span] = field(default_factory=list)
    cue: list[Span] = field(default_factory=list)
    content: list[Span] = field(default_factory=list)
    hedge: list[Span] = field(default_factory=list)
    accused: list[Span] = field(default_factory=list)
    channel: list[Span] = field(default_factory=list)
    own: bool = False
    acts: tuple[str, ...] = ("asserts",)
    negated: bool = False
    speaker: str = ""
    """Who the source is, where the markup resolves it."""
    blamed: list[str] = field(default_factory=list)
    """Who the accused are: resolved, else as they stand."""
    parent: int | None = None
    """Number of the claim in whose content this one stands."""


@dataclass(slots=True)
class Text:
    """A text without its markup."""

    id: str
    genre: str
    region: str
    topic: str
    text: str
    claims: list[Marked]


def read(path: Path) -> list[Text]:
    """Return the texts of a file. Raises `MarkupError`."""
    raw = path.read_text(encoding="utf-8").replace("\r\n", "\n")
    heads = list(_HEAD.finditer(raw))
    if not heads or raw[: heads[0].start()].strip():
        raise MarkupError(f"{path.name}: a file begins with a head line, === id | genre | region | topic")
    ends = [h.start() for h in heads[1:]] + [len(raw)]
    return [_text(head, raw[head.end() : end].strip("\n")) for head, end in zip(heads, ends, strict=True)]


def read_all(folder: Path) -> list[Text]:
    """Return the texts of every ``.txt`` file in `folder`, in order of name."""
    return [text for path in sorted(folder.glob("**/*.txt")) for text in read(path)]


def _text(head: re.Match[str], body: str) -> Text:
    name = head.group(1)
    claims: dict[int, Marked] = {}
    out: list[str] = []
    size = 0
    stack: list[tuple[str, list[int], str, int, int]] = []
    position = 0
    for token in _TOKEN.finditer(body):
        piece = body[position : token.start()]
        if "\n" in piece and stack:
            raise MarkupError(
                f"{name}: mark {stack[-1][0]}{stack[-1][1]} is open at a line break: {_near(body, token)}"
            )
        out.append(piece)
        size += len(piece)
        position = token.end()
        if token["stray"]:
            raise MarkupError(f"{name}: a square bracket that opens no mark: {_near(body, token)}")
        if token["open"]:
            role, numbers, resolved, attributes = token.group(2, 3, 4, 5)
            ids = [int(n) for n in numbers.split(",")]
            for n in ids:
                _describe(claims.setdefault(n, Marked(n)), attributes, f"{name}: {_near(body, token)}")
            stack.append((role, ids, resolved or "", size, token.start()))
        else:
            if not stack:
                raise MarkupError(f"{name}: a bracket closes nothing: {_near(body, token)}")
            role, ids, resolved, start, _ = stack.pop()
            _place(claims, role, ids, (start, size), resolved, "".join(out)[start:size])
    if stack:
        raise MarkupError(f"{name}: mark {stack[-1][0]}{stack[-1][1]} is never closed: {body[stack[-1][4] :][:60]}")
    out.append(body[position:])
    text = "".join(out)
    if re.search(r"=== |[\[\]]", text):
        raise MarkupError(f"{name}: a bracket or head line inside the text")
    ordered = sorted(claims.values(), key=lambda c: c.content or c.cue)
    for claim in ordered:
        _check(name, text, claim)
    _nest(ordered)
    return Text(name, *(part.strip() for part in head.group(2, 3, 4)), text, ordered)


def _near(body: str, token: re.Match[str]) -> str:
    return repr(body[max(0, token.start() - 40) : token.start() + 40])


def _describe(claim: Marked, attributes: str | None, where: str) -> None:
    for part in (attributes or "").split(","):
        if part == "neg":
            claim.negated = True
        elif part:
            acts = tuple(part.split("/"))
            if unknown := [act for act in acts if act not in ACTS]:
                raise MarkupError(f"{where}: no such act: {', '.join(unknown)}")
            claim.acts = acts


def _place(claims: dict[int, Marked], role: str, ids: list[int], span: Span, resolved: str, words: str) -> None:
    for n in ids:
        claim = claims[n]
        if role == "w":
            claim.own = True
            claim.content.append(span)
        else:
            getattr(claim, ROLES[role]).append(span)
        if role == "s" and resolved:
            claim.speaker = resolved
        if role == "a":
            claim.blamed.append(resolved or words)


def _check(name: str, text: str, claim: Marked) -> None:
    where = f"{name}: claim {claim.number}"
    if not claim.content and not (claim.source and claim.cue):
        raise MarkupError(f"{where} has no content, and a source and a cue alone are not enough")
    if claim.own and (claim.source or claim.cue):
        raise MarkupError(f"{where} is the author's own and has a source or a cue")
    if not claim.own and not claim.cue:
        raise MarkupError(f"{where} has no cue: {text[slice(*claim.content[0])][:60]!r}")
    for role in (claim.source, claim.cue, claim.content):
        for start, end in role:
            if start >= end or text[start].isspace() or text[end - 1].isspace():
                raise MarkupError(
                    f"{where} has an empty or blank-edged mark near {text[max(0, start - 30) : end + 10]!r}"
                )
        role.sort()


def _nest(claims: list[Marked]) -> None:
    for inner in claims:
        pieces = inner.cue or inner.content
        holding = [
            (sum(e - s for s, e in outer.content), outer.number)
            for outer in claims
            if outer is not inner
            and all(any(s <= a and b <= e for s, e in outer.content) for a, b in pieces)
            and all(any(s <= a and b <= e for s, e in outer.content) for a, b in inner.content)
            and outer.content != inner.content
            and pieces
        ]
        inner.parent = min(holding)[1] if holding else None


def _summary(texts: list[Text]) -> Iterator[str]:
    words = sum(len(text.text.split()) for text in texts)
    claims = [claim for text in texts for claim in text.claims]
    told = [claim for claim in claims if not claim.own]
    own = len(claims) - len(told)
    yield f"{len(texts)} texts, {words} words, {len(told)} attributed claims, {own} in the author's voice"
    yield f"nested {sum(c.parent is not None for c in told)}, without source {sum(not c.source for c in told)}, " + (
        f"negated {sum(c.negated for c in claims)}, hedged {sum(bool(c.hedge) for c in claims)}, "
        f"accusing {sum(bool(c.accused) for c in claims)}, with channel {sum(bool(c.channel) for c in claims)}"
    )
    yield "acts: " + ", ".join(f"{act} {n}" for act, n in Counter(c.acts[0] for c in claims).most_common())


def main(paths: list[str]) -> int:
    texts: list[Text] = []
    wrong = 0
    for name in paths:
        for path in sorted(Path(name).glob("**/*.txt")) if Path(name).is_dir() else [Path(name)]:
            try:
                texts += read(path)
            except MarkupError as error:
                print(f"{path}: {error}")
                wrong += 1
    ids = Counter(text.id for text in texts)
    for twice in (i for i, n in ids.items() if n > 1):
        print(f"{twice}: two texts bear this id")
        wrong += 1
    print(*_summary(texts), sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
