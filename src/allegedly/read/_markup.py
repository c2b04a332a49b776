"""HTML as text without a tree: linear in its length whatever it holds, for fragments and for pages too big to parse."""

from __future__ import annotations

import html
import re

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*+)(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+'|[\"'])*+>|<[!?/][^<>]*+>")
_BLOCK = re.compile(
    r"address|article|aside|blockquote|body|br|caption|center|d[dlt]|details|dialog|div|fieldset|fig(?:caption|ure)|footer"
    r"|form|h[1-6r]|head|header|html|legend|li|main|nav|[ou]l|optgroup|option|p|pre|section|summary|t(?:able|body|[dhr]|foot"
    r"|head)|title",
    re.IGNORECASE,
)
_SILENT = ("script", "style", "template", "svg", "iframe", "object", "canvas")
_OPEN = {
    name: re.compile(rf"<{name}\b" + (r"(?![^<>]{0,200}ld\+json)" if name == "script" else ""), re.IGNORECASE)
    for name in _SILENT
}
_CLOSE = {name: re.compile(rf"</{name}\b[^<>]*>", re.IGNORECASE) for name in _SILENT}
_EMBEDDED = re.compile(r"data:[\w/+.;=-]{1,100};base64,[A-Za-z0-9+/=%]+")
_LONG_TAG = re.compile(r"<[a-zA-Z/][^<>]{20000,}>?")
_PROLOG = re.compile(r"[\ufeff\s]*+(<!--|<\?)")
_SPACES = re.compile(r"[ \t\r\n\f\u00a0]{2,}|[\t\r\n\f\u00a0]")
_VOID = re.compile(r"area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr", re.IGNORECASE)


def root(page: str) -> str:
    """`page` from its document type or first element on, behind blanks, comments and declarations."""
    at = 0
    while lead := _PROLOG.match(page, at):
        closing = "-->" if lead[1] == "<!--" else ">"
        end = page.find(closing, lead.end())
        if end < 0:
            return ""
        at = end + len(closing)
    return page[at:].lstrip("\ufeff \t\r\n\f")


def slim(page: str) -> str:
    """`page` without scripts, styles, comments, embedded files and tags of monstrous length; JSON-LD is kept."""
    page = _cut(page, re.compile("<!--"), re.compile("-->"))
    for name in _SILENT:
        page = _cut(page, _OPEN[name], _CLOSE[name])
    return _LONG_TAG.sub("", _EMBEDDED.sub("data:,", page))


def plain(markup: str) -> str:
    """The text of `markup`, a line for each block, entities resolved, blanks folded."""
    pieces, at = [], 0
    markup = slim(markup) if "<" in markup else markup
    for tag in _TAG.finditer(markup):
        pieces.append(_SPACES.sub(" ", markup[at : tag.start()]))
        if _BLOCK.fullmatch(tag[2] or ""):
            pieces.append("\n")
        at = tag.end()
    pieces.append(_SPACES.sub(" ", markup[at:]))
    lines = html.unescape("".join(pieces)).split("\n")
    return "\n".join(filter(None, (_SPACES.sub(" ", line).strip() for line in lines)))


def depth(markup: str) -> int:
    """About how deep the elements of `markup` nest; too much where closing tags are left out."""
    deepest = at = 0
    for tag in _TAG.finditer(markup):
        if tag[2] and not _VOID.fullmatch(tag[2]):
            at += -1 if tag[1] else 1
            deepest = max(deepest, at)
    return deepest


def _cut(page: str, opening: re.Pattern[str], closing: re.Pattern[str]) -> str:
    """Drop everything from each `opening` to the next `closing`; one that never closes reaches to the end."""
    kept, at = [], 0
    while start := opening.search(page, at):
        kept.append(page[at : start.start()])
        end = closing.search(page, start.end())
        at = end.end() if end else len(page)
    kept.append(page[at:])
    return "".join(kept)
