"""The rules, a file for each subject. Importing this package fills the catalogue."""

from sync.reconcile.rules import (
    accounts,
    agreements,
    conduct,
    customers,
    devices,
    drawer_cash,
    drawers,
    holding,
    notices,
    planned,
    receipts,
    settlements,
    visits,
    voids,
)

__all__ = [
    "accounts",
    "agreements",
    "conduct",
    "customers",
    "devices",
    "drawer_cash",
    "drawers",
    "holding",
    "notices",
    "planned",
    "receipts",
    "settlements",
    "visits",
    "voids",
]
