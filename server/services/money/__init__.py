"""Money after the door: deposits of the branch, settlement statements and how they fit the payments."""

from server.services.money.deposits import Deposited, deposit_branch_cash
from server.services.money.matching import Proposal, match_by_hand, match_by_rule, proposals
from server.services.money.overdue import sweep_settlements
from server.services.money.statements import import_statement

__all__ = [
    "Deposited",
    "Proposal",
    "deposit_branch_cash",
    "import_statement",
    "match_by_hand",
    "match_by_rule",
    "proposals",
    "sweep_settlements",
]
