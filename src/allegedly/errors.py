"""Errors that a person sees: what happened, and what to do."""


class AllegedlyError(Exception):
    """Something that the person can mend. The message says what happened and what to do, in one line."""
