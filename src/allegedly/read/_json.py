"""Elements of the arrays of a JSON file, one at a time in bounded memory, whatever the file's size and line breaks.

A scanner finds where each element begins and ends and hands its bytes to the standard library's parser. So one broken
element costs that element, not the rest of the file, and everything that real exports contain but RFC 8259 forbids
(``NaN``, lone surrogates, ``\\x1F`` escapes, bare values, control characters) can be mended or told where it stands.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import msgspec

from allegedly.read._base import Refused

_CHUNK = 2**18
_LONGEST_CHUNK = 2**24
_DEEPEST = 500
_DEEPEST_ELEMENT = 100_000  # far past what the parser takes; here only so that the scan ends
_SCALARS = 50
_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'  # possessive: a string that is cut off costs one look, no backtracking
_TOKEN = re.compile(rb"\s*+(?:(" + _STRING + rb'|[{}\[\],:])|([^\s"{}\[\],:]++)|("))', re.DOTALL)
_BRACKET = re.compile(_STRING + rb'|([{\[])|([}\]])|(")', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|.)", re.DOTALL)
_BARE = re.compile(r'("document_id": )([^"\s][^"\n]*?)(?=,?\n)')

Path = tuple[str, ...]
"""Keys from the top to an array; ``*`` for each array entered."""


class Element(msgspec.Struct, frozen=True, kw_only=True):
    """One element of an array."""

    number: int
    """Counted from 1 over the whole file."""
    raw: bytes
    path: Path
    beside: dict[str, Any]
    """Scalars that stand before the array in the object that holds it, e.g. the name of a chat."""


class _Frame(msgspec.Struct):
    is_object: bool
    key: str = ""
    at_value: bool = False
    scalars: dict[str, Any] = msgspec.field(default_factory=dict)


def elements(file: BinaryIO, wanted: Callable[[Path], bool], limit: int) -> Iterator[Element]:
    """Yield the elements of every array whose path is `wanted`. `limit`: longest element, in bytes.

    Raises `Refused` when an element or a string is longer, at nesting past 500 levels, and at the end of a file that
    breaks off.
    """
    window, stack, number = _Window(file, limit), list[_Frame](), 0
    while token := window.token():
        if token == b"[" and wanted(path := _path(stack)):
            beside = stack[-1].scalars if stack else {}
            while raw := window.element():
                number += 1
                yield Element(number=number, raw=raw, path=path, beside=beside)
        else:
            _step(stack, token)
    if stack:
        raise Refused("breaks off before its end", "what came before was read; export or copy the file again")


def parse(raw: bytes) -> Any:
    """Parse one element, mending what exports are known to get wrong. Raises ValueError or RecursionError."""
    text = raw.decode("utf-8", "replace")
    try:
        return json.loads(text, strict=False)
    except ValueError:
        return json.loads(_mended(text), strict=False)


def _mended(text: str) -> str:
    """Telegram Desktop writes control characters as ``\\x1F`` and some versions wrote file names without quotes."""
    quoted = _BARE.sub(lambda found: found[1] + json.dumps(found[2]), text)
    return _ESCAPE.sub(lambda found: f"\\u00{found[1]}" if found[1] else found[0], quoted)


def _path(stack: list[_Frame]) -> Path:
    return tuple(frame.key if frame.is_object else "*" for frame in stack)


def _step(stack: list[_Frame], token: bytes) -> None:
    """Follow one token that lies outside the wanted arrays."""
    top = stack[-1] if stack else None
    if token in b"{[":
        if len(stack) >= _DEEPEST:
            raise Refused(f"is nested more than {_DEEPEST} levels deep")
        stack.append(_Frame(is_object=token == b"{"))
    elif token in b"}]":
        if stack:
            stack.pop()
    elif top is not None and token in b",:":
        top.at_value = token == b":"
    elif top is not None and top.is_object:
        _scalar(top, token)


def _scalar(frame: _Frame, token: bytes) -> None:
    try:
        value = parse(token)
    except ValueError:
        return
    if not frame.at_value:
        frame.key = str(value)
    elif len(token) < 2000 and len(frame.scalars) < _SCALARS:
        frame.scalars[frame.key] = value


class _Window:
    """The part of a file that is being looked at."""

    def __init__(self, file: BinaryIO, limit: int) -> None:
        self._file, self._limit = file, limit
        self._data, self._at, self._ended = b"", 0, False

    def token(self) -> bytes:
        """The next bracket, comma, colon or scalar; nothing at the end. A string is kept with its quotes."""
        while True:
            match = _TOKEN.match(self._data, self._at)
            if match and (match[1] or (match[2] and (match.end() < len(self._data) or self._ended))):
                self._at = match.end()
                return match[1] or match[2]
            if self._ended:
                return self._broken() if match and match[3] else b""
            self._more()

    def element(self) -> bytes:
        """The next element of an array that was entered; nothing when the array ends, which leaves it."""
        token = self.token()
        while token == b",":
            token = self.token()
        if token in (b"]", b"}", b""):
            return b"" if token else self._broken()
        return self._bracketed() if token in b"{[" else token

    def _bracketed(self) -> bytes:
        """The bytes of an object or array whose opening bracket was just taken."""
        self._at -= 1
        depth, seen = 0, 0
        while True:
            for match in _BRACKET.finditer(self._data, self._at + seen):
                if match[3]:
                    break
                depth += bool(match[1]) - bool(match[2])
                if depth > _DEEPEST_ELEMENT:
                    raise Refused("is nested too deeply", "the rest of the file is set aside")
                seen = match.end() - self._at
                if match[2] and not depth:
                    self._at += seen
                    return self._data[self._at - seen : self._at]
            if self._ended:
                return self._broken()
            self._more()

    def _more(self) -> None:
        """Drop what was taken and read on, about as much again as there is: rescanning stays linear."""
        if len(self._data) - self._at > self._limit:
            raise Refused(f"holds a record longer than {self._limit:,} bytes", "the rest of the file is set aside")
        left = self._data[self._at :]
        chunk = self._file.read(min(max(_CHUNK, len(left)), _LONGEST_CHUNK))
        self._data, self._at, self._ended = left + chunk, 0, not chunk

    def _broken(self) -> bytes:
        raise Refused("breaks off before its end", "what came before was read; export or copy the file again")
