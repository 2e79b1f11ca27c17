/**
 * Terms to instalments, to the last minor unit.
 *
 * All arithmetic is exact. The one rounding rule: each instalment's interest and principal are rounded to the minor unit,
 * half to even, on their own; the last instalment takes what is left of the principal. So the principal parts add up to the
 * principal exactly, whatever the rounding did.
 *
 * Example: 1,000.00 at 12 % a year in three level payments. The payment is 340.0221…, so 340.02; interest is 10.00, 6.70 and,
 * on the 336.66 that are left, 3.37; the last payment is 340.03.
 */
import { argumentWrong } from "../errors";
import { checkAmount } from "../money";
import { addMonths, dueDates } from "./days";
import { type Fraction, fraction, roundHalfEven, times } from "./fractions";
import { monthlyRate, type Terms, type WholeTerms, wholeTerms } from "./terms";

/** One payment of a plan, in minor units; `number` counts from 1. */
export interface Instalment {
  number: number;
  due: string;
  principalMinor: number;
  interestMinor: number;
  feeMinor: number;
  totalMinor: number;
}

/** The instalments in due order. `waivedMinor` is the part of the principal that a reduction forgives. */
export interface Schedule {
  terms: WholeTerms;
  instalments: Instalment[];
  waivedMinor: number;
  principalMinor: number;
  interestMinor: number;
  feesMinor: number;
  totalMinor: number;
}

/** The schedule of these terms; throws ARGUMENT-WRONG when an instalment would come to nothing, or is too large. */
export function schedule(given: Terms): Schedule {
  const terms = wholeTerms(given);
  const waived = roundHalfEven(fraction(BigInt(terms.principalMinor) * BigInt(terms.reductionBp), 10_000n));
  const principal = BigInt(terms.principalMinor) - waived;
  const { days, parts } = terms.scheme === "deferral" ? deferred(terms, principal) : repaid(terms, principal);
  const instalments = parts.map(([part, interest], index) => {
    const [principalMinor, interestMinor] = [Number(part), Number(interest)];
    const totalMinor = principalMinor + interestMinor + terms.feeMinor;
    return { number: index + 1, due: days[index] ?? "", principalMinor, interestMinor, feeMinor: terms.feeMinor, totalMinor };
  });
  for (const one of instalments) {
    if (one.totalMinor - one.feeMinor === 0) {
      throw argumentWrong(`${principal} minor units do not make ${terms.periods} instalments: number ${one.number} is empty`);
    }
  }
  const sum = (of: (one: Instalment) => number): number => instalments.reduce((total, one) => total + of(one), 0);
  const found: Schedule = {
    terms, instalments, waivedMinor: Number(waived), principalMinor: sum((one) => one.principalMinor),
    interestMinor: sum((one) => one.interestMinor), feesMinor: sum((one) => one.feeMinor), totalMinor: sum((one) => one.totalMinor),
  };
  checkAmount(found.totalMinor);
  return found;
}

interface Parts {
  days: string[];
  /** Principal and interest of each instalment. */
  parts: [bigint, bigint][];
}

function deferred(terms: WholeTerms, principal: bigint): Parts {
  const interest = times(fraction(principal * BigInt(terms.deferralMonths), 1n), monthlyRate(terms));
  return { days: [addMonths(terms.firstDue, terms.deferralMonths, terms.anchorDay)], parts: [[principal, roundHalfEven(interest)]] };
}

function repaid(terms: WholeTerms, principal: bigint): Parts {
  const days = dueDates(terms.firstDue, terms.periods, terms.everyMonths, terms.anchorDay);
  const rate = times(monthlyRate(terms), fraction(BigInt(terms.everyMonths), 1n));
  const level = terms.scheme === "equal_instalments" ? levelPayment(principal, rate, terms.periods) : null;
  const each = roundHalfEven(fraction(principal, BigInt(terms.periods)));
  const parts: [bigint, bigint][] = [];
  let owed = principal;
  for (let number = 1; number <= terms.periods; number += 1) {
    const interest = roundHalfEven(times(fraction(owed, 1n), rate));
    const wanted = level === null ? each : level - interest;
    // Never more than is owed: with amounts of a few minor units, rounding up could pay off before the end.
    const part = number === terms.periods || wanted > owed ? owed : wanted;
    parts.push([part, interest]);
    owed -= part;
  }
  return { days, parts };
}

/** The annuity of `principal` at `rate` for one interval, rounded half to even. */
export function levelPayment(principal: bigint, rate: Fraction, periods: number): bigint {
  if (rate.numerator === 0n) return roundHalfEven(fraction(principal, BigInt(periods)));
  // growth = (1 + rate) ^ periods = over / under; the annuity is principal × rate × growth / (growth − 1).
  const over = (rate.denominator + rate.numerator) ** BigInt(periods);
  const under = rate.denominator ** BigInt(periods);
  return roundHalfEven(fraction(principal * rate.numerator * over, rate.denominator * (over - under)));
}
