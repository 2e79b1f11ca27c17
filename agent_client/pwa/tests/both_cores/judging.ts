/** What TypeScript makes of situations, terms, amounts, times and values that Python drew: both sides have to judge alike. */
import { formatWall } from "../../src/core/clock";
import { canonicalJson, type Json } from "../../src/core/encoding";
import { DoorstepError } from "../../src/core/errors";
import { amountInWords, formatAmount, parseAmount } from "../../src/core/money";
import { advise, type Policy } from "../../src/core/policy";
import { agentAuthority, withinAuthority } from "../../src/core/repayment/authority";
import { schedule } from "../../src/core/repayment/schedules";
import { adviceOnWire, type GivenSituation, type GivenTerms, instalmentsOnWire, situationOf, snakeCase, termsOf } from "../core/vectors/wire";

export interface JudgeTask {
  do: "judge";
  policies: Record<string, Policy>;
  situations: { policy: string; situation: GivenSituation }[];
  terms: GivenTerms[];
  amounts: { minor: number; currency: string }[];
  typed: { text: string; currency: string }[];
  walls: { ms: number; offset: number }[];
  values: Json[];
}

export function judge(task: JudgeTask): object {
  return {
    advice: task.situations.map(({ policy, situation }) => orCode(() => {
      const rules = task.policies[policy];
      return rules === undefined ? null : advise(rules, situationOf(situation)).map(adviceOnWire);
    })),
    plans: task.terms.map((given) => orCode(() => {
      const terms = termsOf(given);
      const found = schedule(terms);
      const { excess } = withinAuthority(agentAuthority(terms.currency), terms);
      return { instalments: instalmentsOnWire(found), total: found.totalMinor, waived: found.waivedMinor, excess: excess.map(snakeCase) };
    })),
    amounts: task.amounts.map(({ minor, currency }) => orCode(() =>
      [formatAmount(minor, currency), amountInWords(minor, currency, "en"), amountInWords(minor, currency, "zh")])),
    typed: task.typed.map(({ text, currency }) => orCode(() => parseAmount(text, currency))),
    walls: task.walls.map(({ ms, offset }) => orCode(() => formatWall(ms, offset))),
    values: task.values.map((value) => orCode(() => canonicalJson(value))),
  };
}

function orCode(make: () => unknown): unknown {
  try {
    return make();
  } catch (error) {
    if (error instanceof DoorstepError) return error.code;
    throw error;
  }
}
