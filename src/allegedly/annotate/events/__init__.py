"""Events: who did what to whom, typed by PLOVER, with time, place, harm and standing."""

from allegedly.annotate.events.find import find_events

__all__ = ["find_events"]
