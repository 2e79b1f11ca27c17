"""The rules, a file for each subject. Importing this package fills the catalogue."""

from sync.reconcile.rules import (
    accounts,
    customers,
    devices,
    drawer_cash,
    drawers,
    notices,
    planned,
    receipts,
    visits,
    voids,
)

__all__ = [
    "accounts",
    "customers",
    "devices",
    "drawer_cash",
    "drawers",
    "notices",
    "planned",
    "receipts",
    "visits",
    "voids",
]
