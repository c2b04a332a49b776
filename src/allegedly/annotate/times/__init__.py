"""Times: expressions as TIMEX3 values, counted from publication or from the story's own days."""

from allegedly.annotate.times.find import find_times

__all__ = ["find_times"]
