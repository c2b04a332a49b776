"""Engines: the same few verbs on different machinery."""

from allegedly.engines.local import annotate_all

__all__ = ["annotate_all"]
