/** Who may agree on which terms. What lies beyond waits for somebody with a wider authority; nothing is refused. */
import { argumentWrong } from "../errors";
import { AGENT_DEFERRAL_MONTHS_MAX, AGENT_PERIODS_MAX, AGENT_TOTAL_MINOR_MAX } from "../generated/limits";
import type { Currency } from "../generated/types";
import { currency, formatAmount } from "../money";
import { type Terms, wholeTerms } from "./terms";

/** What one role may agree on. `totalMaxMinor` bounds the debt that the plan is about, before any reduction. */
export interface Authority {
  role: string;
  periodsMax: number;
  reductionMaxBp: number;
  deferralMonthsMax: number;
  totalMaxMinor: number;
  currency: Currency;
}

/** One limit that the terms pass; `limit` is its name as the office writes it. */
export interface Excess {
  limit: "periods_max" | "reduction_max_bp" | "deferral_months_max" | "total_max_minor";
  value: number;
  allowed: number;
  reasonEn: string;
  reasonZh: string;
}

/** Whether the role may agree on the terms, and each limit in the way. */
export interface AuthorityAnswer {
  role: string;
  excess: Excess[];
  within: boolean;
}

/** What an agent may agree on at the door; everything else waits for the office. */
export function agentAuthority(currencyCode: string): Authority {
  return {
    role: "agent",
    periodsMax: AGENT_PERIODS_MAX,
    reductionMaxBp: 0,
    deferralMonthsMax: AGENT_DEFERRAL_MONTHS_MAX,
    totalMaxMinor: AGENT_TOTAL_MINOR_MAX,
    currency: currency(currencyCode).code,
  };
}

/** Compare the terms with the authority; throws ARGUMENT-WRONG for another currency, which no limit covers. */
export function withinAuthority(authority: Authority, given: Terms): AuthorityAnswer {
  const terms = wholeTerms(given);
  const { role } = authority;
  if (terms.currency !== authority.currency) {
    throw argumentWrong(`the authority of ${role} is in ${authority.currency}, not in ${terms.currency}`);
  }
  const [percent, percentMax] = [percentText(terms.reductionBp), percentText(authority.reductionMaxBp)];
  const [debt, debtMax] = [formatAmount(terms.principalMinor, terms.currency), formatAmount(authority.totalMaxMinor, terms.currency)];
  const { periods, deferralMonths: months } = terms;
  const { periodsMax, deferralMonthsMax: monthsMax } = authority;
  const checks: Excess[] = [
    {
      limit: "periods_max", value: periods, allowed: periodsMax,
      reasonEn: `${periods} instalments; ${role} may agree on at most ${periodsMax}.`,
      reasonZh: `分 ${periods} 期，${role} 的权限最多为 ${periodsMax} 期。`,
    },
    {
      limit: "reduction_max_bp", value: terms.reductionBp, allowed: authority.reductionMaxBp,
      reasonEn: `a reduction of ${percent}; ${role} may agree on at most ${percentMax}.`,
      reasonZh: `减免 ${percent}，${role} 的权限最多为 ${percentMax}。`,
    },
    {
      limit: "deferral_months_max", value: months, allowed: monthsMax,
      reasonEn: `a deferral of ${months} months; ${role} may agree on at most ${monthsMax}.`,
      reasonZh: `延期 ${months} 个月，${role} 的权限最多为 ${monthsMax} 个月。`,
    },
    {
      limit: "total_max_minor", value: terms.principalMinor, allowed: authority.totalMaxMinor,
      reasonEn: `a debt of ${debt}; ${role} may agree on at most ${debtMax}.`,
      reasonZh: `债务为 ${debt}，${role} 的权限最多为 ${debtMax}。`,
    },
  ];
  const excess = checks.filter(({ value, allowed }) => value > allowed);
  return { role, excess, within: excess.length === 0 };
}

function percentText(basisPoints: number): string {
  return `${Math.floor(basisPoints / 100)}.${String(basisPoints % 100).padStart(2, "0")} %`;
}
