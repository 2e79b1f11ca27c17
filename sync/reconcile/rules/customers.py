"""Rules about a customer's details."""

from __future__ import annotations

from sync.reconcile.catalogue import Finding, rule
from sync.reconcile.folds.customer import CustomerView

__all__ = ["CUSTOMER_RULES"]


@rule(
    "CONTACT-CLASH",
    family="customer",
    severity="info",
    en=(
        "Two reports of one detail",
        "Customer {customer}: {fields} was reported more than once, with different records.",
        "What the office verified beats reports, else the later in canonical order; the other is kept and shown.",
    ),
    zh=(
        "同一资料有两次上报",
        "客户 {customer}：{fields} 有多次不同的上报。",
        "以办公室核实的为准，否则以规范顺序中较后的为准；另一项保留并显示。",
    ),
)
def contact_clash(view: CustomerView) -> Finding | None:
    """Two reports of one contact field, or a report beside what the office verified."""
    clashing = {
        field: [fact for fact, _ in (*view.reported.get(field, ()), *view.verified.get(field, ()))]
        for field in sorted(set(view.reported) | set(view.verified))
        if len({value for _, value in (*view.reported.get(field, ()), *view.verified.get(field, ()))}) > 1
        and view.reported.get(field)
    }
    if not clashing:
        return None
    return Finding(
        operations=tuple(fact.hash for facts in clashing.values() for fact in facts),
        values={"customer": view.customer, "fields": ", ".join(clashing)},
    )


CUSTOMER_RULES = (contact_clash,)
