/** policy.json, repayment.json, words.json. */
import { expect } from "vitest";
import { sha256Hex, canonicalJson, type Json } from "../../../src/core/encoding";
import { DOOR_POLICY, DOOR_POLICY_SHA256 } from "../../../src/core/generated/rules";
import { amountInWords } from "../../../src/core/money";
import { advise, type Policy } from "../../../src/core/policy";
import { agentAuthority, withinAuthority } from "../../../src/core/repayment/authority";
import { compare } from "../../../src/core/repayment/comparing";
import { schedule } from "../../../src/core/repayment/schedules";
import { codeDigest } from "../../../src/core/visit_code";
import { codeOf, load } from "./files";
import {
  adviceOnWire, type GivenAdvice, type GivenInstalment, type GivenSituation, type GivenTerms, instalmentsOnWire, situationOf, snakeCase, termsOf,
} from "./wire";

export function policy(): void {
  const vectors = load<{
    policies: Record<string, Policy>; digests: Record<string, string>;
    cases: { policy: string; situation: GivenSituation; advice: GivenAdvice[] }[];
  }>("policy.json");
  expect(DOOR_POLICY).toEqual(vectors.policies["door"]);
  expect(DOOR_POLICY_SHA256).toBe(vectors.digests["door"]);
  for (const [name, rules] of Object.entries(vectors.policies)) {
    expect(sha256Hex(canonicalJson(rules as unknown as Json))).toBe(vectors.digests[name]);
  }
  for (const one of vectors.cases) {
    const found = advise(vectors.policies[one.policy] ?? DOOR_POLICY, situationOf(one.situation));
    expect(found.map(adviceOnWire), JSON.stringify(one.situation)).toEqual(one.advice);
  }
}

export function repayment(): void {
  const vectors = load<{
    schedules: { terms: GivenTerms; instalments: GivenInstalment[]; waived_minor: number; total_minor: number }[];
    refused: { terms: GivenTerms; code: string }[];
    authority: { terms: GivenTerms; within: boolean; excess: Record<string, string | number>[] }[];
    comparisons: { schemes: GivenTerms[]; columns: Record<string, string | number | boolean>[]; cheapest: number; lightest: number }[];
  }>("repayment.json");
  for (const one of vectors.schedules) {
    const found = schedule(termsOf(one.terms));
    expect(instalmentsOnWire(found)).toEqual(one.instalments);
    expect([found.waivedMinor, found.totalMinor]).toEqual([one.waived_minor, one.total_minor]);
  }
  for (const { terms, code } of vectors.refused) expect(codeOf(() => schedule(termsOf(terms))), JSON.stringify(terms)).toBe(code);
  for (const one of vectors.authority) {
    const found = withinAuthority(agentAuthority(String(one.terms["currency"])), termsOf(one.terms));
    expect({ within: found.within, excess: found.excess.map((excess) => snakeCase(excess)) }).toEqual({ within: one.within, excess: one.excess });
  }
  for (const one of vectors.comparisons) {
    const found = compare(one.schemes.map(termsOf), agentAuthority("CNY"));
    const columns = found.columns.map(({ schedule: _schedule, authority, ...rest }) => ({ ...snakeCase(rest), within: authority?.within ?? false }));
    expect({ columns, cheapest: found.cheapest, lightest: found.lightest })
      .toEqual({ columns: one.columns, cheapest: one.cheapest, lightest: one.lightest });
  }
}

export function words(): void {
  const vectors = load<{
    amounts: { minor: number; currency: string; en: string; zh: string }[];
    codes: { code: string; salt: string; digest: number }[];
  }>("words.json");
  for (const { minor, currency, en, zh } of vectors.amounts) {
    expect([amountInWords(minor, currency, "en"), amountInWords(minor, currency, "zh")]).toEqual([en, zh]);
  }
  for (const { code, salt, digest } of vectors.codes) expect(codeDigest(code, salt), code).toBe(digest);
}
