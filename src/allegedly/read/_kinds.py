"""What a file that no reader takes looks like, by its first bytes or its name, and what its owner can do about it."""

from __future__ import annotations

from pathlib import PurePosixPath

from allegedly.read._base import Stream
from allegedly.read.decode import peek

_OFFICE = "save it as text or HTML and read that"
_PICTURE = "left out: it holds no text to quote"
_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "a PDF file", "convert it to text first, e.g. with pdftotext"),
    (b"\xff\xd8\xff", "a JPEG picture", _PICTURE),
    (b"\x89PNG", "a PNG picture", _PICTURE),
    (b"GIF8", "a GIF picture", _PICTURE),
    (b"II*\0", "a TIFF picture", _PICTURE),
    (b"MM\0*", "a TIFF picture", _PICTURE),
    (b"OggS", "an Ogg recording", _PICTURE),
    (b"ID3", "an MP3 recording", _PICTURE),
    (b"\x1aE\xdf\xa3", "a Matroska film", _PICTURE),
    (b"RIFF", "a RIFF picture or recording", _PICTURE),
    (b"\xd0\xcf\x11\xe0", "an old Office document", _OFFICE),
    (b"{\\rtf", "an RTF document", _OFFICE),
    (b"SQLite format 3\0", "an SQLite database", "export the table as CSV and read that"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "unpack it and read the folder"),
    (b"Rar!", "a RAR archive", "unpack it and read the folder"),
    (b"\xfd7zXZ\0", "an xz file", "unpack it and read the result"),
    (b"BZh", "a bzip2 file", "unpack it and read the result"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard file", "unpack it and read the result"),
    (b"\x7fELF", "a program", "left out"),
    (b"MZ", "a program", "left out"),
)
_CODE = frozenset(
    (".css", ".js", ".mjs", ".map", ".py", ".sh", ".woff", ".svg", ".ini", ".toml", ".yaml", ".yml", ".log")
)
_DATA = frozenset((".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".xml"))


def looks_like(stream: Stream) -> tuple[str, str]:
    """Return (what it looks like, what to do), each ready for a `Problem`."""
    for magic, name, action in _MAGIC:
        if stream.head.startswith(magic):
            return f"looks like {name}", action
    if stream.head[4:8] == b"ftyp":
        return "looks like an MP4 film or HEIF picture", _PICTURE
    if is_office(stream.head):
        return "looks like an Office document or an e-book", _OFFICE
    return _text_like(stream)


def is_office(head: bytes) -> bool:
    """Whether a zip is a document of its own kind (OOXML, OpenDocument, EPUB) rather than an archive of files."""
    return head.startswith(b"PK") and (b"[Content_Types].xml" in head[:2048] or head[30:38] == b"mimetype")


def is_known_binary(head: bytes) -> bool:
    """Whether `head` begins as no text does: by a magic that is more than ASCII letters."""
    return any(head.startswith(magic) for magic, _, _ in _MAGIC if not magic.isalnum() and magic != b"Rar!")


def is_code(path: str) -> bool:
    """Whether a name is that of program text, styles or settings, which are no document although they are text."""
    return PurePosixPath(path).suffix.lower() in _CODE


def is_data(stream: Stream, start: str) -> bool:
    """Whether text is data for machines: JSON, XML or a table that no reader knew."""
    lead = start.lstrip("\ufeff \t\r\n")
    json_like = lead[:1] in "{[" and lead[1:].lstrip()[:1] in ('"', "{", "[", "]", "}")
    return json_like or lead.startswith("<?xml") or PurePosixPath(stream.path).suffix.lower() in _DATA


def _text_like(stream: Stream) -> tuple[str, str]:
    start = peek(stream.head)
    if not start:
        return "is binary data of no known format", "set aside; see `allegedly formats`"
    if is_code(stream.path):
        return "looks like program text, styles or settings", "left out"
    if start.lstrip("\ufeff \t\r\n").startswith("<"):
        return "looks like XML that is neither a page nor a feed", "set aside; convert it to text, HTML or a feed"
    if is_data(stream, start):
        return "looks like data of no known shape", "set aside; name its columns in a mapping (--mapping)"
    return "is of no known format", "set aside; see `allegedly formats`"
