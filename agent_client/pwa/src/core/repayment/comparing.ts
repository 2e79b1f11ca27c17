/** Several schemes for one debt, side by side: what each costs, how much each month asks for, and who may agree. */
import { argumentWrong } from "../errors";
import { SCHEMES_COMPARED_MAX } from "../generated/limits";
import { type Authority, type AuthorityAnswer, withinAuthority } from "./authority";
import { type Schedule, schedule } from "./schedules";
import type { Terms } from "./terms";

/** One scheme; amounts in minor units. `authority` is null where none was given. */
export interface Column {
  schedule: Schedule;
  totalMinor: number;
  interestMinor: number;
  feesMinor: number;
  waivedMinor: number;
  instalments: number;
  firstMinor: number;
  highestMinor: number;
  firstDue: string;
  lastDue: string;
  authority: AuthorityAnswer | null;
}

/**
 * The schemes in the order given; `cheapest` (the least to pay in all) and `lightest` (the least highest instalment) are
 * places in it, the first of equals.
 */
export interface Comparison {
  columns: Column[];
  cheapest: number;
  lightest: number;
}

/** Compute each schedule; throws ARGUMENT-WRONG unless all are about the same amount in the same currency. */
export function compare(schemes: readonly Terms[], authority: Authority | null = null): Comparison {
  if (schemes.length < 1 || schemes.length > SCHEMES_COMPARED_MAX) {
    throw argumentWrong(`${schemes.length} schemes; 1 to ${SCHEMES_COMPARED_MAX} can be compared`);
  }
  const debts = new Set(schemes.map(({ principalMinor, currency }) => `${principalMinor} ${currency}`));
  if (debts.size > 1) throw argumentWrong(`the schemes are about different debts: ${[...debts].sort().join(", ")}`);
  const columns = schemes.map((terms) => column(schedule(terms), authority));
  return {
    columns,
    cheapest: least(columns.map(({ totalMinor }) => totalMinor)),
    lightest: least(columns.map(({ highestMinor }) => highestMinor)),
  };
}

function column(found: Schedule, authority: Authority | null): Column {
  const { instalments } = found;
  return {
    schedule: found,
    totalMinor: found.totalMinor,
    interestMinor: found.interestMinor,
    feesMinor: found.feesMinor,
    waivedMinor: found.waivedMinor,
    instalments: instalments.length,
    firstMinor: instalments[0]?.totalMinor ?? 0,
    highestMinor: Math.max(...instalments.map(({ totalMinor }) => totalMinor)),
    firstDue: instalments[0]?.due ?? "",
    lastDue: instalments.at(-1)?.due ?? "",
    authority: authority === null ? null : withinAuthority(authority, found.terms),
  };
}

function least(values: readonly number[]): number {
  return values.indexOf(Math.min(...values));
}
