"""Small annotations made from a number: the same number gives the same annotation, whoever asks."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator

from allegedly.records import (
    Actor,
    Annotation,
    Casualties,
    Claim,
    Damage,
    Document,
    Event,
    Origin,
    Place,
    Problem,
    Relation,
    Speaker,
    Time,
    When,
    Where,
    make_document,
)

TOWNS = ("Harrowmere", "Velin", "Ostrel Bay", "Заболье", "القلعة", "Sant’Orlo 🌊")
BODIES = ("The ministry", "The harbour police", "Канал «Маяк»", "A spokesman")
SOURCES = ("The Lantern", "Harbour Post", "maяk_channel", "=cmd|' /C calc'!A0")


def document(n: int, *, path: str | None = None, position: str = "") -> Document:
    """Return document number `n`; the path does not change what it is."""
    pick = random.Random(n)
    town, body = pick.choice(TOWNS), pick.choice(BODIES)
    text = (
        f"Report {n}.\n{body} said an explosion hit the depot in {town} on {1 + n % 28} May, killing {n % 7} people.\n"
        f"“Nothing was damaged,” {body} added."
    )
    return make_document(
        origin=Origin(path=path if path is not None else f"pile/{n}.txt", position=position, raw_sha256=f"{n:064x}"),
        source=pick.choice(SOURCES),
        source_kind="outlet",
        title=f"Explosion in {town} ({n})",
        published_at=f"2031-05-{1 + n % 28:02}",
        published_grain="day",
        language="en",
        text=text,
        hashtags=("depot",) if n % 2 else (),
    )


def annotation(n: int, *, path: str | None = None, position: str = "") -> Annotation:
    """Return the annotation of document number `n`."""
    return annotate_one(document(n, path=path, position=position))


def annotate_one(found: Document) -> Annotation:
    """Annotate a document of this module without any model: a pure function of its text."""
    text = found.text

    def span(words: str, after: int = 0) -> tuple[int, int]:
        start = text.index(words, after)
        return start, start + len(words)

    line = text.split("\n")[1]
    body, rest = line.split(" said ")
    town = rest.split(" in ")[1].split(" on ")[0]
    toll = rest.split("killing ")[1].split(" people")[0]
    quote = text.split("“")[1].split(",”")[0]
    speaker = Speaker(spans=(span(body),), name=body, actor="body")
    event = Event(
        type="ASSAULT",
        trigger=(span("explosion"),),
        when=When(value="2031-05", start="2031-05-01", end="2031-05-31", anchor="publication"),
        where=Where(name=town, lat=45.5, lon=13.25, span=span(town)),
        actors=("body",),
        casualties=(Casualties(min=int(toll), max=int(toll), kind="killed", span=span(f"killing {toll} people")),),
        damage=(Damage(degree=0, what="depot", span=span(quote)),),
        status="claimed",
    )
    return Annotation(
        document=found,
        claims=(
            Claim(speaker=speaker, cue=(span("said"),), content=(span(rest),), mode="indirect", about=(0,)),
            Claim(speaker=speaker, cue=(span("added"),), content=(span(quote),), mode="direct", act="denies", parent=0),
        ),
        events=(event,),
        times=(Time(span=span("May"), value="2031-05", start="2031-05-01", end="2031-05-31"),),
        places=(Place(span=span(town), name=town, lat=45.5, lon=13.25),),
        actors=(Actor(id="body", name=body, kind="police", mentions=(span(body), span(body, text.index("“")))),),
        relations=(
            Relation(subject="body", type="hostile", object="body", sign=-1, holder="author", evidence=span(rest)),
        ),
        problems=(_doubt(found),) if "killing 6" in text else (),
    )


def _doubt(found: Document) -> Problem:
    return Problem(
        path=found.origin.path,
        position=found.origin.position,
        stage="annotate",
        what="a doubtful toll",
        action="kept; see the text",
    )


def fake_annotate(documents: Iterable[Document]) -> Iterator[Annotation]:
    """Stand in for `allegedly.annotate.annotate`."""
    return map(annotate_one, documents)
