"""Leave out claims that are less sure than asked for."""

from __future__ import annotations

import msgspec

from allegedly.records import Annotation, Claim


def confident(annotation: Annotation, least: float) -> Annotation:
    """Return `annotation` without claims whose confidence is below `least`.

    A claim inside one that is left out goes to the next claim around it, if any.
    """
    if least <= 0:
        return annotation
    claims = annotation.claims
    kept = [i for i, claim in enumerate(claims) if claim.confidence >= least]
    place = {old: new for new, old in enumerate(kept)}
    left = tuple(msgspec.structs.replace(claims[i], parent=_parent(claims, i, place)) for i in kept)
    return msgspec.structs.replace(annotation, claims=left)


def _parent(claims: tuple[Claim, ...], i: int, place: dict[int, int]) -> int | None:
    outer = claims[i].parent
    while outer is not None and outer not in place:
        outer = claims[outer].parent
    return None if outer is None else place[outer]
