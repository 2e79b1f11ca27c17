"""Who may agree on which terms. What lies beyond waits for somebody with a wider authority; nothing is refused."""

from __future__ import annotations

import msgspec

from sync.errors import Refused
from sync.money import check_amount, currency, format_amount
from sync.repayment.limits import AGENT_DEFERRAL_MONTHS_MAX, AGENT_PERIODS_MAX, AGENT_TOTAL_MINOR_MAX
from sync.repayment.terms import Terms

__all__ = ["Authority", "AuthorityAnswer", "Excess", "agent_authority", "within_authority"]


class Authority(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one role may agree on. `total_max_minor` bounds the debt that the plan is about, before any reduction."""

    role: str
    periods_max: int
    reduction_max_bp: int
    deferral_months_max: int
    total_max_minor: int
    currency: str

    def __post_init__(self) -> None:
        currency(self.currency)
        check_amount(self.total_max_minor, zero=True)
        for name in ("periods_max", "reduction_max_bp", "deferral_months_max"):
            if getattr(self, name) < 0:
                raise Refused("ARGUMENT-WRONG", f"{name} {getattr(self, name)} is below zero")


def agent_authority(currency_code: str) -> Authority:
    """What an agent may agree on at the door; everything else waits for the office."""
    return Authority(
        role="agent",
        periods_max=AGENT_PERIODS_MAX,
        reduction_max_bp=0,
        deferral_months_max=AGENT_DEFERRAL_MONTHS_MAX,
        total_max_minor=AGENT_TOTAL_MINOR_MAX,
        currency=currency_code,
    )


class Excess(msgspec.Struct, frozen=True, kw_only=True):
    """One limit that the terms pass."""

    limit: str
    value: int
    allowed: int
    reason_en: str
    reason_zh: str


class AuthorityAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the role may agree on the terms, and each limit in the way."""

    role: str
    excess: tuple[Excess, ...]

    @property
    def within(self) -> bool:
        """Nothing is in the way."""
        return not self.excess


def within_authority(authority: Authority, terms: Terms) -> AuthorityAnswer:
    """Compare the terms with the authority; raises ARGUMENT-WRONG for another currency, which no limit covers."""
    if terms.currency != authority.currency:
        raise Refused(
            "ARGUMENT-WRONG", f"the authority of {authority.role} is in {authority.currency}, not in {terms.currency}"
        )
    percent, percent_max = _percent(terms.reduction_bp), _percent(authority.reduction_max_bp)
    debt = format_amount(terms.principal_minor, terms.currency)
    debt_max = format_amount(authority.total_max_minor, authority.currency)
    months, months_max = terms.deferral_months, authority.deferral_months_max
    who = authority.role
    checks = (
        (
            "periods_max",
            terms.periods,
            authority.periods_max,
            f"{terms.periods} instalments; {who} may agree on at most {authority.periods_max}.",
            f"分 {terms.periods} 期，{who} 的权限最多为 {authority.periods_max} 期。",
        ),
        (
            "reduction_max_bp",
            terms.reduction_bp,
            authority.reduction_max_bp,
            f"a reduction of {percent}; {who} may agree on at most {percent_max}.",
            f"减免 {percent}，{who} 的权限最多为 {percent_max}。",
        ),
        (
            "deferral_months_max",
            months,
            months_max,
            f"a deferral of {months} months; {who} may agree on at most {months_max}.",
            f"延期 {months} 个月，{who} 的权限最多为 {months_max} 个月。",
        ),
        (
            "total_max_minor",
            terms.principal_minor,
            authority.total_max_minor,
            f"a debt of {debt}; {who} may agree on at most {debt_max}.",
            f"债务为 {debt}，{who} 的权限最多为 {debt_max}。",
        ),
    )
    return AuthorityAnswer(
        role=who,
        excess=tuple(
            Excess(limit=limit, value=value, allowed=allowed, reason_en=english, reason_zh=chinese)
            for limit, value, allowed, english, chinese in checks
            if value > allowed
        ),
    )


def _percent(basis_points: int) -> str:
    whole, rest = divmod(basis_points, 100)
    return f"{whole}.{rest:02d} %"
