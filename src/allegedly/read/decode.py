"""Bytes to text: the encoding found, broken bytes replaced and reported, binary data refused.

In this order: byte order marks; UTF-16 and UTF-32 without one, by where their blanks stand; UTF-8; what the file or
its carrier declares; 8-bit encodings by the words they make. Newlines stay as they are, the byte order mark goes.
"""

from __future__ import annotations

import codecs
import unicodedata

import msgspec

from allegedly.read import _legacy
from allegedly.read._base import Refused

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x1b"))
_SAMPLE = 65536


class Decoded(msgspec.Struct, frozen=True, kw_only=True):
    text: str
    encoding: str
    """Python's name of the codec."""
    fault: str = ""
    """What was broken, in one line; empty when every byte was read."""


def decode(raw: bytes, declared: str = "") -> Decoded:
    """Decode a whole text. `declared` is the charset named by the file or its carrier, and may be wrong.

    Raises `Refused` for what is no text: nothing, NULs, binary data.
    """
    encoding, start = encoding_of(raw, declared)
    body = raw[start:] if start else raw
    if not body.strip(b"\0 \t\r\n"):
        raise Refused("holds only NUL bytes" if b"\0" in body else "is blank" if body else "is empty")
    if not encoding:
        raise Refused("is binary data, not text", "set aside; convert it to text first")
    try:
        return Decoded(text=body.decode(encoding), encoding=encoding)
    except UnicodeDecodeError as error:
        fault = f"broken {encoding.upper()}: first bad byte at {error.start + start}"
        return Decoded(text=body.decode(encoding, "replace"), encoding=encoding, fault=fault)


def peek(head: bytes) -> str:
    """The start of a stream as text, for readers to judge by; empty when it is binary."""
    encoding, start = encoding_of(head)
    return head[start:].decode(encoding, "replace") if encoding else ""


def encoding_of(raw: bytes, declared: str = "") -> tuple[str, int]:
    """Return (codec name, bytes of byte order mark); no name for binary data."""
    for mark, name in _MARKS:
        if raw.startswith(mark):
            return name, len(mark)
    if b"\0" in raw[:_SAMPLE] and (wide := _wide(raw[:_SAMPLE])):
        return wide, 0
    return ("" if _is_binary(raw[:_SAMPLE]) else _narrow(raw, _codec(declared))), 0


def _narrow(raw: bytes, declared: str) -> str:
    if declared.startswith(("iso2022", "hz")) and raw.isascii():
        return declared
    if _is_utf8(raw):
        return "utf-8"
    if declared and declared != "utf-8" and _decodes(raw, declared):
        return declared
    return "utf-8" if _mostly_utf8(raw) else _legacy.guess(raw) or "utf-8"


def _is_utf8(raw: bytes) -> bool:
    """Whether `raw` is UTF-8, but for a last character that may be cut off by the end of a sample."""
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        return len(raw) == _SAMPLE and error.start > len(raw) - 4
    return True


def _mostly_utf8(raw: bytes) -> bool:
    """Whether broken bytes are fewer than whole characters of several bytes, as in damaged UTF-8."""
    text = raw.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    whole = len(text) - bad - len(raw.translate(None, bytes(range(128, 256))))
    return whole >= bad


def _codec(declared: str) -> str:
    """Python's name of a declared charset, or nothing when it names no text encoding."""
    try:
        info = codecs.lookup(declared.strip().strip("\"'").strip())
    except (LookupError, ValueError):
        return ""
    name = "windows-1252" if info.name in ("iso8859-1", "ascii") else info.name  # as browsers do (WHATWG Encoding)
    name = name.replace("cp125", "windows-125")
    wide = name.startswith(("utf-16", "utf-32", "utf-7", "unicode", "raw", "idna", "puny"))
    return "" if wide or not getattr(info, "_is_text_encoding", True) else name


def _decodes(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _is_binary(sample: bytes) -> bool:
    return (len(sample) - len(sample.translate(None, _CONTROLS))) * 50 > len(sample)


def _wide(sample: bytes) -> str:
    """UTF-32 or UTF-16 without a mark: the byte order that makes ordinary text with the most ASCII in it."""
    for name in ("utf-32-le", "utf-32-be"):
        if len(sample) % 4 == 0 and _decodes(sample, name):
            return name
    cut = sample[: min(len(sample), 8192) // 2 * 2]
    little, big = (_common(cut.decode(name, "replace")) for name in ("utf-16-le", "utf-16-be"))
    if max(little, big) < 0.01:
        return ""
    return "utf-16-le" if little >= big else "utf-16-be"


def _common(text: str) -> float:
    """Share of ASCII in `text`; none when more than one character in a hundred is no text."""
    junk = sum(unicodedata.category(c) in ("Cc", "Cn", "Co", "Cs") and c not in "\t\n\r\f" for c in text)
    if (junk + text.count("\ufffd")) * 100 > len(text):
        return 0.0
    return sum(c.isascii() for c in text) / max(1, len(text))
