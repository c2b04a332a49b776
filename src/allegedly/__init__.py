"""Allegedly: who says who did it, when they said it, and who says it with them.

The public names of the library. Heavy parts are imported when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from allegedly.errors import AllegedlyError
from allegedly.records import Annotation, Claim, Document, Event, Problem, Summary

if TYPE_CHECKING:
    from allegedly.annotate import annotate as annotate_documents
    from allegedly.export import export as export_tables
    from allegedly.ledger import Ledger
    from allegedly.ledger.run import run
    from allegedly.read import ReadOptions
    from allegedly.read import read as read_documents
    from allegedly.show.report import write_report

__version__ = "0.1.0"

__all__ = [
    "AllegedlyError",
    "Annotation",
    "Claim",
    "Document",
    "Event",
    "Ledger",
    "Problem",
    "ReadOptions",
    "Summary",
    "__version__",
    "annotate_documents",
    "export_tables",
    "read_documents",
    "run",
    "write_report",
]

_LAZY = {
    "Ledger": ("allegedly.ledger", "Ledger"),
    "ReadOptions": ("allegedly.read", "ReadOptions"),
    "annotate_documents": ("allegedly.annotate", "annotate"),
    "export_tables": ("allegedly.export", "export"),
    "read_documents": ("allegedly.read", "read"),
    "run": ("allegedly.ledger.run", "run"),
    "write_report": ("allegedly.show.report", "write_report"),
}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module 'allegedly' has no attribute {name!r}")
    module, member = _LAZY[name]
    return getattr(import_module(module), member)
