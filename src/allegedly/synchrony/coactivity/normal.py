"""What two posts may have in common, in a form that can be compared: text, links, domains, hashtags.

The text of the coordination-network-toolkit is that of its version 1.5.2 (`message_preprocessor`): lower case, no
@mentions, one space for white space. White space is Unicode's: the toolkit ends a mention at the property White_Space,
and joins words at what Python calls a space, which has the four information separators more.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

WHITE_SPACE = "\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""The characters with the Unicode property White_Space, as a class of a regular expression."""
CNT_MENTION = re.compile(f"@[^{WHITE_SPACE}]*")
OUT = re.compile(r"(?:@|https?://)\S*")
_LINK = re.compile(r"(?:https?://|(?<![\w@./-])www\.)[^\s<>\"“”„«»]+", re.IGNORECASE)
_HASHTAG = re.compile(r"(?<![\w&/#＃])[#＃](\w*[^\W\d_]\w*)")
_TRAIL = ".,;:!?…'’)]}*|"
_PAIRS = {")": "(", "]": "[", "}": "{"}
_SAME_SITE = re.compile(r"^(?:www\d?|m|mobile|amp)\.(?=[^.]+\.[^.]+)")
_PORTS = {"http": ":80", "https": ":443"}


def plain_text(text: str) -> str:
    """Return `text` in lower case without @mentions and links, with one space for any white space."""
    lower = text.lower()
    if "@" in lower or "://" in lower:
        lower = OUT.sub("", lower)
    return " ".join(lower.split())


def cnt_text(text: str) -> str:
    """Return `text` as the coordination-network-toolkit compares it: lower case, no @mentions, one space for any."""
    lower = text.lower()
    if "@" in lower:
        lower = CNT_MENTION.sub("", lower)
    return " ".join(lower.split())


def links(text: str) -> list[str]:
    """Return the links in `text`, each once, in canonical form, in order."""
    return list(dict.fromkeys(filter(None, (canonical(_trimmed(found)) for found in _LINK.findall(text)))))


def hashtags(text: str) -> list[str]:
    """Return the hashtags in `text`, each once, case-folded, without the sign. One of digits only is a number."""
    return list(dict.fromkeys(tag.casefold() for tag in _HASHTAG.findall(text)))


def canonical(link: str) -> str:
    """Return `link` without what does not say what is read: scheme, www, port, tracking, fragment, last slash.

    Parameters are sorted. A fragment that is a route (``#!/…``, ``#/…``) stays. Empty where it is no link (RFC 3986).
    """
    try:
        parts = urlsplit(link if "://" in link else f"https://{link}")
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port and f":{parts.port}" != _PORTS.get(parts.scheme.lower()) else ""
    except ValueError:
        return ""
    if "." not in host and ":" not in host:
        return ""
    path = quote(unquote(parts.path, errors="surrogateescape"), safe="/:@!$&'()*+,;=~-._", errors="surrogateescape")
    query = urlencode(sorted(p for p in parse_qsl(parts.query, keep_blank_values=True) if not is_tracking(p[0])))
    route = f"#{parts.fragment}" if parts.fragment.startswith(("!/", "/")) else ""
    return f"{_site(host)}{port}{path.rstrip('/')}{'?' + query if query else ''}{route}"


def domain(link: str) -> str:
    """Return the site of a link without www: ``bbc.co.uk``. Subdomains stay: they may belong to somebody else."""
    return re.split(r"[/?#:]", canonical(link), maxsplit=1)[0]


def is_tracking(name: str) -> bool:
    """Return whether a query parameter says only how a reader came."""
    exact, starts = _tracking()
    return name.casefold() in exact or name.casefold().startswith(starts)


@lru_cache(maxsize=1)
def _tracking() -> tuple[frozenset[str], tuple[str, ...]]:
    text = files("allegedly.synchrony.coactivity").joinpath("tracking.txt").read_text("utf-8")
    names = [name for line in text.splitlines() if not line.startswith("#") for name in line.split()]
    return frozenset(n for n in names if n[-1] != "*"), tuple(n[:-1] for n in names if n[-1] == "*")


def _site(host: str) -> str:
    return _SAME_SITE.sub("", host.lower().rstrip("."))


def _trimmed(found: str) -> str:
    """A link without the punctuation of the sentence around it; a bracket that it opened itself is its own."""
    while found and found[-1] in _TRAIL and not _closes(found):
        found = found[:-1]
    return found


def _closes(found: str) -> bool:
    last = found[-1]
    return last in _PAIRS and found.count(last) <= found.count(_PAIRS[last])
