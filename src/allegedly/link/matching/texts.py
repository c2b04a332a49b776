"""What is compared: texts with a language, and how they are written before they are."""

from __future__ import annotations

import re
from typing import NamedTuple

_LINK = re.compile(r"(?:https?://|www\.|pic\.twitter\.com/|t\.me/)\S+")
_TAG = re.compile(r"[#@](\w+)")
_INNER = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=[^\W_A-Z])(?=[A-Z])|_")
"""Where the words of a hashtag meet: `NotMyWar_2022`."""
_SIGNED = re.compile(r"\s+[—–-]\s[^—–]{1,80}\(@\w+\)[^—–]{0,40}$")
"""How posts are signed where they are embedded in a page: “— Name (@handle) January 6, 2020”."""
_LONGEST_TEXT, _LONGEST_TITLE = 300, 120
"""Code points that vectors read of a text and its title; longer ones say more than one thing anyway."""


class Text(NamedTuple):
    """A text that others are compared with."""

    id: str
    text: str
    language: str
    """ISO 639-1, or empty where it is not known."""
    title: str = ""
    """Said of it elsewhere: a headline. Counts as part of it."""


def for_words(text: str, title: str = "") -> str:
    """Return a text as words see it: links away, hashtags and handles as the words they are made of."""
    bare = _LINK.sub(" ", f"{text} {title}")
    return _TAG.sub(lambda found: " " + _INNER.sub(" ", found[1]), bare)


def for_vectors(text: str, title: str = "") -> str:
    """Return a text as the encoder reads it: the same, without who signed it, and not too long."""
    said = for_words(_SIGNED.sub("", text)).strip() or text
    return f"{said[:_LONGEST_TEXT]} {for_words(title)[:_LONGEST_TITLE]}".strip()
