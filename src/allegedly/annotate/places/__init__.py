"""Places: names found in the text and resolved with an offline gazetteer."""

from allegedly.annotate.places.find import find_places

__all__ = ["find_places"]
