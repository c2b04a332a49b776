"""Read a checkout of PolNeAR (brat standoff: source, cue and content of news articles) into marked texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from markup import Marked, Span, Text


def read_split(corpus: Path, split: str) -> Iterator[Text]:
    """Yield the articles of ``corpus/data/SPLIT`` with the claims of their first annotator."""
    folder = corpus / "data" / split
    annotations: dict[str, list[Path]] = defaultdict(list)
    for path in sorted((folder / "attributions").glob("*.ann")):
        annotations[path.stem.rpartition("_")[0]].append(path)
    for path in sorted((folder / "text").glob("*.txt")):
        text = path.read_bytes().decode("utf-8")
        found = annotations.get(path.stem)
        claims = _claims(found[0], text) if found else []
        yield Text(path.stem, "article", "United States", "politics", text, claims)


def _claims(path: Path, text: str) -> list[Marked]:
    spans: dict[str, list[Span]] = {}
    relations: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        name, _, rest = line.partition("\t")
        if name.startswith("T"):
            places = rest.split("\t")[0].partition(" ")[2]
            spans[name] = [(int(s), int(e)) for s, e in (piece.split() for piece in places.split(";") if piece.strip())]
        elif name.startswith("E"):
            relations.append(rest)
    claims = [_claim(number, rest, spans, text) for number, rest in enumerate(relations)]
    return [claim for claim in claims if claim.content]


def _claim(number: int, arguments: str, spans: dict[str, list[Span]], text: str) -> Marked:
    claim = Marked(number)
    roles = {"source": claim.source, "cue": claim.cue, "content": claim.content}
    for argument in arguments.split()[1:]:
        role, _, name = argument.partition(":")
        role = role.rstrip("0123456789").lower()
        if role in roles:
            roles[role] += [(s, e) for s, e in spans.get(name, []) if text[s:e].strip()]
    return claim
