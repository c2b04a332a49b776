"""Puts the model folder together from the wheel: graph, table, vocabulary, what it is and whose.

The same wheel gives the same bytes on every machine, so that the digest of the folder names the vectors made with it.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import msgspec
import numpy as np

from allegedly.errors import AllegedlyError
from allegedly.vectors.graph import encoder
from allegedly.vectors.unigram import Unigram
from allegedly.vectors.weights import BLOCK, BLOCK_BYTES, SHA256, WHEEL, Weights, read_weights

LANGUAGES = ("en", "ru", "uk", "fa", "ar", "tr", "he", "az", "de", "fr", "es", "pt", "hi", "zh")
"""Whose pieces are kept. Others that share their letters are read in smaller pieces, the rest badly."""
KEPT = Path(__file__).with_name("kept.bin")
"""A bit for each piece of the whole vocabulary: whether it is kept. Made by ``training/vectors/keep.py``."""
GRAPH, TABLE, VOCABULARY, SHEET = "encoder.onnx", "table.q4", "vocabulary.json", "model.json"
DIGEST = "b6214140e332e464"
"""Of the model folder that the figures in its card were measured with."""
AGAIN = "allegedly vectors build"
_SAID = ("MODEL_CARD.md", "LICENSE")


class Vocabulary(msgspec.Struct, frozen=True):
    """Pieces and scores in the order of the table's rows; what characters are written as."""

    pieces: list[str]
    scores: list[float]
    normal: dict[int, str]


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """What a model folder says of itself."""

    name: str
    made_from: str
    source_sha256: str
    width: int
    positions: int
    start: int
    stop: int
    unknown: int
    languages: tuple[str, ...]
    sha256: dict[str, str]
    """Of each file, by name."""
    digest: str
    """Of all files: vectors of two folders can be compared where it is the same."""


def build(source: Path, folder: Path, tell: Callable[[str], None] = lambda step: None) -> Sheet:
    """Make the model folder at `folder` from the wheel, or the model file in it. Takes seconds, downloads nothing.

    Args:
        source: as `read_weights` takes it.
        folder: replaced where it is a model folder, else new or empty.
        tell: is told of each step before it is done.

    Raises:
        AllegedlyError: `source` is not that wheel, or `folder` cannot be written or holds something else.
    """
    if folder.exists() and not (folder / SHEET).is_file() and (not folder.is_dir() or any(folder.iterdir())):
        raise AllegedlyError(f"{folder}: holds something else; name a new folder")
    tell(f"reading the weights in {source}, and checking their digest")
    weights = read_weights(source)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as made:
            tell("making the graph, the table and the vocabulary")
            _write(weights, Path(made) / "model")
            tell("reading back what was written")
            sheet = check(Path(made) / "model")
            _into_place(Path(made) / "model", folder)
    except OSError as error:
        raise AllegedlyError(f"{folder}: cannot be written ({error.strerror}); name another folder") from None
    return sheet


def check(folder: Path) -> Sheet:
    """Return what a model folder says of itself, having compared every file with its digest.

    Raises:
        AllegedlyError: a file is missing or is not as it was made.
    """
    try:
        sheet = msgspec.json.decode((folder / SHEET).read_bytes(), type=Sheet)
        digests = {name: _sha256(folder / name) for name in (GRAPH, TABLE, VOCABULARY)}
    except (OSError, msgspec.DecodeError) as error:
        raise AllegedlyError(f"{folder}: not a whole model folder ({error}); make it anew: {AGAIN}") from None
    wrong = [name for name, digest in digests.items() if digest != sheet.sha256.get(name)]
    if wrong or _joined(digests) != sheet.digest:
        raise AllegedlyError(f"{folder}: {', '.join(wrong) or SHEET} is not as it was made; make it anew: {AGAIN}")
    return sheet


def tokeniser(weights: Weights) -> Unigram:
    """Return the tokeniser of the whole vocabulary."""
    return Unigram(weights.pieces, weights.scores.tolist(), weights.normal, weights.marks["unknown"])


def _into_place(made: Path, folder: Path) -> None:
    """Swap a folder in: whoever opens it meets the old one or the new one, whole."""
    if folder.exists():
        folder.rename(made.with_name("before"))
    try:
        made.rename(folder)
    except OSError:
        if not (folder / SHEET).is_file():  # else another process was faster, and made the same
            raise


def _write(weights: Weights, folder: Path) -> None:
    folder.mkdir()
    rows = np.flatnonzero(np.unpackbits(np.frombuffer(KEPT.read_bytes(), np.uint8), count=len(weights.pieces)))
    blocks = weights.blocks("emb.word").reshape(-1, weights.settings["width"] // BLOCK * BLOCK_BYTES)
    vocabulary = Vocabulary([weights.pieces[i] for i in rows], weights.scores[rows].tolist(), weights.normal)
    (folder / GRAPH).write_bytes(encoder(weights))
    (folder / TABLE).write_bytes(blocks[rows].tobytes())
    (folder / VOCABULARY).write_bytes(msgspec.json.encode(vocabulary))
    for name in _SAID:
        (folder / name).write_bytes(files("allegedly.vectors").joinpath("said", name).read_bytes())
    sheet = _sheet(weights, rows.tolist(), folder)
    (folder / SHEET).write_bytes(msgspec.json.format(msgspec.json.encode(sheet)) + b"\n")


def _sheet(weights: Weights, rows: list[int], folder: Path) -> Sheet:
    digests = {name: _sha256(folder / name) for name in (GRAPH, TABLE, VOCABULARY)}
    return Sheet(
        name="multilingual-e5-small, 8 bit, 14 languages",
        made_from=WHEEL,
        source_sha256=SHA256,
        width=weights.settings["width"],
        positions=weights.settings["positions"],
        start=rows.index(weights.marks["start"]),
        stop=rows.index(weights.marks["stop"]),
        unknown=rows.index(weights.marks["unknown"]),
        languages=LANGUAGES,
        sha256=digests,
        digest=_joined(digests),
    )


def _joined(digests: dict[str, str]) -> str:
    """Return one digest for those of all files."""
    return hashlib.sha256(" ".join(digests[name] for name in sorted(digests)).encode()).hexdigest()[:16]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def default_folder() -> Path:
    """Return where the model lies if nobody says otherwise: ``ALLEGEDLY_VECTORS``, else the user's own data folder."""
    said = os.environ.get("ALLEGEDLY_VECTORS")
    if said:
        return Path(said)
    base = os.environ.get("LOCALAPPDATA") if os.name == "nt" else os.environ.get("XDG_DATA_HOME")
    return Path(base or Path.home() / ".local" / "share") / "allegedly" / "vectors"
