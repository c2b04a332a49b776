"""Meaning of texts as vectors, across fourteen languages: the optional extra ``allegedly[vectors]``."""

from allegedly.vectors.encoder import HOW, PIECES, Role, Vectors, digest, load, why_absent
from allegedly.vectors.folder import DIGEST, LANGUAGES, SHEET, Sheet, build, check, default_folder
from allegedly.vectors.weights import installed

__all__ = [
    "DIGEST",
    "HOW",
    "LANGUAGES",
    "PIECES",
    "SHEET",
    "Role",
    "Sheet",
    "Vectors",
    "build",
    "check",
    "default_folder",
    "digest",
    "installed",
    "load",
    "why_absent",
]
