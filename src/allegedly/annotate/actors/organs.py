"""Organs of a state under one name: "Norland's Ministry of Defence" and "the Norland defence ministry" are the same."""

from __future__ import annotations

import re

from allegedly.annotate.actors.kinds import kinds
from allegedly.annotate.places.gazetteer import countries, country_named

_WITH_REMIT = re.compile(r"(ministry|department) of (?:the )?(.+)", re.IGNORECASE)
_OF_OWNER = re.compile(r"(.+) of ([^\W\d_][\w'’-]*(?: [A-Z][\w'’-]*)?)\Z")
_REMITS = {"foreign affairs": "Foreign", "internal affairs": "Interior", "external affairs": "Foreign"}


def organ(text: str) -> str:
    """Return the name of an organ with its remit first: "Ministry of the Interior" is "Interior Ministry"."""
    found = _WITH_REMIT.fullmatch(text)
    if found is None:
        return text
    noun, remit = found.groups()
    return f"{_REMITS.get(remit.lower(), remit)} {noun}"


def owned(text: str, owner: str) -> str:
    """Return the full name of the organ `text` of the state `owner`: "Turkish Interior Ministry"."""
    code = country_named(owner)
    demonyms = countries()[code].demonyms if code else ()
    return f"{demonyms[0] if demonyms else owner} {organ(text)}"


def parted(text: str) -> tuple[str, str]:
    """Return ``(organ, owner)`` for "Foreign Ministry of Norland", with an empty owner where none is told."""
    found = _OF_OWNER.fullmatch(text)
    if found is None or head(found[1]) not in kinds().state_organs:
        return text, ""
    bare = found[1].split()[-1].lower() in ("ministry", "department") and len(found[1].split()) == 1
    return (text, "") if bare and not country_named(found[2]) else (found[1], found[2])


def is_organ(text: str) -> bool:
    """True for a name whose head only a state can have: a ministry, a navy, a parliament."""
    return head(text) in kinds().state_organs


def head(text: str) -> str:
    """Return the head of a name, lowercase: its last word, or the word before ``of`` or ``for``."""
    return re.split(r" (?:of|for) ", text)[0].split()[-1].lower() if text.split() else ""
