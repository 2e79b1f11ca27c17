/** A day's documents as the office would send them, and the names that tests share; those of the Python client's tests. */
import type { Pack, VisitDocument } from "../../src/core/generated/types";
import { codeDigest } from "../../src/core/visit_code";

export const DEVICE = "00000000000000a1";
export const AGENT = "AG01";
export const DAY = "2026-11-23";
export const PACK = `${DAY}/${AGENT}`;
/** 2026-11-23T07:10:00+08:00. */
export const SERVER_MS = 1_795_389_000_000;
export const CODE = "7KQ2-9XWD";
export const PIN = "740261";
export const ORIGIN = "https://office.example";

/** A day's frame. */
export function aPack(visits: string[], day = DAY, changes: Partial<Pack> = {}): Pack {
  return {
    pack: `${day}/${AGENT}`, agent: AGENT, agent_name: "王秀英", branch: "YC", service_day: day, zone: "Asia/Shanghai", visits,
    shift_starts_s: 30600, shift_ends_s: 64800, home_lat_e7: 333500000, home_lon_e7: 1201600000, distance_m: 12000,
    cash_limit_minor: 5_000_000, float_minor: 20_000, currency: "CNY", policy: "house-1", public_url: "https://pay.example",
    office_phone: "+861110000000", creditor_name: "Example Bank", issued_ms: SERVER_MS, ...changes,
  };
}

/** One stop with 2,000.00 overdue of 5,000.00. */
export function aVisit(visit: string, position = 1, changes: Partial<VisitDocument> = {}): VisitDocument {
  return {
    visit, position, account: `AC-${visit}`, customer: `CU-${visit}`, name: "李敏", phone: "+8611100000001",
    address: "人民路128号3幢502室", language: "zh", lat_e7: 333510000 + position * 10_000, lon_e7: 1201610000,
    tasks: ["identity", "collect"], window_starts_s: 32400, window_ends_s: 64800, service_s: 480,
    eta_s: 32400 + position * 1200, leg_m: 900, mandatory: false, origin: "planned", booked_minor: 0, currency: "CNY",
    minimum_due_minor: 50_000, overdue_minor: 200_000, statement_minor: 300_000, payoff_minor: 500_000,
    as_of_ms: SERVER_MS, due: "2026-09-30", months_late: 2, last_four: "4321", account_tag: "a1b2c3d4",
    creditor: "Example Bank", notice: "", forbidden: [], forbidden_why: [], code_salt: `salt-${visit}`,
    code_bits: codeBits(`salt-${visit}`), zone: "", ...changes,
  };
}

const bits = new Map<string, number>();

/** The digest of the code that every customer of these tests has; slow, so once for each salt. */
function codeBits(salt: string): number {
  const known = bits.get(salt) ?? codeDigest("482107", salt);
  bits.set(salt, known);
  return known;
}
