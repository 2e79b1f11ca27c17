/**
 * The terms of a repayment plan: one of four schemes with its numbers, refused when they make no sense.
 *
 *     deferral           one payment, `deferralMonths` after `firstDue`, with simple interest for those months
 *     equal_instalments  `periods` level payments (an annuity; without a rate the principal in equal parts)
 *     equal_principal    `periods` payments with the same principal each, and interest on what is still owed
 *     reduction          `reductionBp` of the principal is waived, the rest is paid as in equal_principal
 */
import { dayParts, daysInMonth } from "../days";
import { argumentWrong } from "../errors";
import {
  DEFERRAL_MONTHS_MAX, DUE_YEAR_MAX, DUE_YEAR_MIN, EVERY_MONTHS_MAX, PERIODS_MAX, RATE_BP_MAX, RATE_DIVISOR_MAX,
  REDUCTION_BP_MAX,
} from "../generated/limits";
import { type Currency, type Scheme, SCHEMES } from "../generated/types";
import { checkAmount, currency } from "../money";
import { type Fraction, fraction } from "./fractions";

/**
 * What was agreed on; amounts in minor units, days as `YYYY-MM-DD`. The rate a year is `rateBp / rateDivisor` basis points,
 * exactly; interest runs by whole months of a twelfth of it, and the first instalment bears one interval's interest. `feeMinor`
 * is added to each instalment. `anchorDay` is the day of the month that is meant, where `firstDue` falls in a month too short
 * for it (0: the day of `firstDue`).
 */
export interface Terms {
  scheme: Scheme;
  principalMinor: number;
  currency: Currency;
  firstDue: string;
  periods?: number;
  rateBp?: number;
  rateDivisor?: number;
  everyMonths?: number;
  deferralMonths?: number;
  reductionBp?: number;
  feeMinor?: number;
  anchorDay?: number;
}
export type WholeTerms = Required<Terms>;

const DEFAULTS = {
  periods: 1, rateBp: 0, rateDivisor: 1, everyMonths: 1, deferralMonths: 0, reductionBp: 0, feeMinor: 0, anchorDay: 0,
};

/** The terms with their defaults, checked; throws ARGUMENT-WRONG. */
export function wholeTerms(given: Terms): WholeTerms {
  const terms: WholeTerms = { ...DEFAULTS, ...given };
  checkAmount(terms.principalMinor);
  checkAmount(terms.feeMinor, { zero: true });
  currency(terms.currency);
  if (!SCHEMES.includes(terms.scheme)) throw argumentWrong(`scheme ${String(terms.scheme)} is not one of ${SCHEMES.join(", ")}`);
  between("periods", terms.periods, 1, PERIODS_MAX);
  between("rateDivisor", terms.rateDivisor, 1, RATE_DIVISOR_MAX);
  between("rateBp", terms.rateBp, 0, RATE_BP_MAX * terms.rateDivisor);
  between("everyMonths", terms.everyMonths, 1, EVERY_MONTHS_MAX);
  between("anchorDay", terms.anchorDay, 0, 31);
  const { year, month, day } = dayParts(terms.firstDue);
  between("the year of firstDue", year, DUE_YEAR_MIN, DUE_YEAR_MAX);
  if (terms.anchorDay > 0 && day !== Math.min(terms.anchorDay, daysInMonth(year, month))) {
    throw argumentWrong(`firstDue ${terms.firstDue} is not on day ${terms.anchorDay} of its month`);
  }
  const [deferral, reduction] = [terms.scheme === "deferral", terms.scheme === "reduction"];
  const months = deferral ? terms.deferralMonths : terms.periods * terms.everyMonths;
  if (months > PERIODS_MAX) throw argumentWrong(`a plan over ${months} months is beyond ${PERIODS_MAX}`);
  between("deferralMonths", terms.deferralMonths, deferral ? 1 : 0, deferral ? DEFERRAL_MONTHS_MAX : 0);
  between("reductionBp", terms.reductionBp, reduction ? 1 : 0, reduction ? REDUCTION_BP_MAX : 0);
  if (deferral) between("periods of a deferral", terms.periods, 1, 1);
  return terms;
}

/** A twelfth of the yearly rate, as an exact fraction of one. */
export function monthlyRate(terms: WholeTerms): Fraction {
  return fraction(BigInt(terms.rateBp), BigInt(terms.rateDivisor) * 120_000n);
}

function between(name: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw argumentWrong(`${name} ${value} is not a whole number from ${least} to ${most}`);
  }
}
