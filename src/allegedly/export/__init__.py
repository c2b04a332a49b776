"""Export: the tables of a ledger as files for other programs."""

from allegedly.export.tables import Form, export

__all__ = ["Form", "export"]
