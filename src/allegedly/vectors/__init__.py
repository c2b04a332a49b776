"""Meaning of texts as vectors, across fourteen languages: the optional extra ``allegedly[vectors]``."""

from allegedly.vectors.build import LANGUAGES, build, default_folder
from allegedly.vectors.encoder import PIECES, Role, Vectors, digest, load, why_absent

__all__ = [
    "LANGUAGES",
    "PIECES",
    "Role",
    "Vectors",
    "digest",
    "build",
    "default_folder",
    "digest",
    "load",
    "why_absent",
]
