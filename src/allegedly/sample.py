"""Where the bundled sample case lies: inside the wheel, or in the checkout of an editable install."""

from __future__ import annotations

from pathlib import Path

from allegedly.errors import AllegedlyError

_HERE = Path(__file__).parent
_PLACES = (_HERE / "examples", _HERE.parents[1] / "examples")


def sample_documents() -> Path:
    """Return the folder with the sample case's documents."""
    for place in _PLACES:
        for found in sorted(place.glob("*/documents")):
            return found
    raise AllegedlyError("the sample case is missing from this installation; install allegedly again")
