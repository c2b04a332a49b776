"""The ledger: segments that only grow, the database derived from them, judgements and runs."""

from allegedly.ledger.disk import LedgerError, LedgerFull, LedgerReadOnly
from allegedly.ledger.ledger import Ledger

__all__ = ["Ledger", "LedgerError", "LedgerFull", "LedgerReadOnly"]
