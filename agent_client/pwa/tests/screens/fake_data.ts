/** A day in Yancheng for looking at screens: everybody in it is invented, the places are real. */
import type { NoticeDocument, Pack, VisitDocument } from "../../src/core/generated/types";
import { amountInWords } from "../../src/core/money";
import type { RecordStatus, RouteStop, ShownReceipt } from "../../src/phone/contract";

export const DAY = "2026-03-02";
/** 10:05 in Yancheng. */
export const NOW_MS = Date.parse("2026-03-02T10:05:00+08:00");

export const PACK: Pack = {
  pack: `${DAY}/AG-YC-1`,
  agent: "AG-YC-1",
  agent_name: "周海燕",
  branch: "YC",
  service_day: DAY,
  zone: "Asia/Shanghai",
  visits: [],
  shift_starts_s: 8 * 3600,
  shift_ends_s: 18 * 3600,
  home_lat_e7: 333_850_000,
  home_lon_e7: 1_201_400_000,
  distance_m: 31_400,
  cash_limit_minor: 5_000_000,
  float_minor: 20_000,
  currency: "CNY",
  policy: "packaged/1",
  public_url: "https://doorstep.example",
  office_phone: "0515-8866-0110",
  creditor_name: "盐城农商消费金融",
  issued_ms: NOW_MS - 3 * 3_600_000,
};

const NOTICE: NoticeDocument = {
  notice: "N-2026-0117",
  version: 2,
  account: "AC00002",
  title: "逾期催收通知书",
  content_sha256: "0".repeat(64),
  amount_minor: 386_040,
  currency: "CNY",
  issued_on: "2026-02-26",
  withdrawn: false,
};

type Given = Partial<VisitDocument> & Pick<VisitDocument, "visit" | "position" | "name" | "address" | "lat_e7" | "lon_e7">;

function visit(given: Given): VisitDocument {
  return {
    account: `AC0000${given.position}`,
    customer: `CU0000${given.position}`,
    phone: "138 5100 24" + String(10 + given.position),
    language: "zh",
    tasks: ["collect"],
    window_starts_s: 9 * 3600,
    window_ends_s: 12 * 3600,
    service_s: 600,
    eta_s: 9 * 3600 + given.position * 1500,
    leg_m: 2400,
    mandatory: false,
    origin: "planned",
    booked_minor: 0,
    currency: "CNY",
    minimum_due_minor: 62_000,
    overdue_minor: 124_050,
    statement_minor: 186_000,
    payoff_minor: 1_240_900,
    as_of_ms: NOW_MS - 4 * 3_600_000,
    due: "2026-02-10",
    months_late: 2,
    last_four: `48${given.position}${9 - given.position}`,
    account_tag: "a1b2c3d4",
    creditor: "盐城农商消费金融",
    notice: "",
    forbidden: [],
    forbidden_why: [],
    code_salt: "salt",
    code_bits: 17,
    zone: "",
    ...given,
  };
}

const PLAN_WHY = "The customer keeps to an agreed repayment plan: do not collect, renegotiate or hand over a reminder. | 客户正在履行已达成的还款计划：不得催收、重新协商或送达催款通知。";
const CEASED_WHY = "The customer has asked not to be contacted: do not visit. | 客户已要求停止联系：不得上门。";

export function makeStops(): RouteStop[] {
  const documents = [
    visit({ visit: "V-1", position: 1, name: "王建国", address: "亭湖区五星街道青年中路 88 号 3 幢 502 室", lat_e7: 333_921_000, lon_e7: 1_201_560_000, window_starts_s: 9 * 3600, window_ends_s: 10 * 3600, origin: "booking", mandatory: true, booked_minor: 62_000 }),
    visit({ visit: "V-2", position: 2, name: "李秀英", address: "亭湖区文峰街道建军东路 15 号 2 单元 301", lat_e7: 333_832_000, lon_e7: 1_201_700_000, tasks: ["collect", "notice"], notice: NOTICE.notice, overdue_minor: 386_040, payoff_minor: 2_860_000, months_late: 3 }),
    visit({ visit: "V-3", position: 3, name: "陈志强", address: "盐都区潘黄街道开放大道新弄里 7 幢 1103", lat_e7: 333_660_000, lon_e7: 1_201_310_000, tasks: ["negotiate", "collect"], language: "en", overdue_minor: 912_300, minimum_due_minor: 240_000, payoff_minor: 3_048_000, months_late: 4 }),
    visit({ visit: "V-4", position: 4, name: "孙丽华", address: "盐都区张庄街道神州路锦绣花园 21 幢 204", lat_e7: 333_540_000, lon_e7: 1_201_120_000, tasks: ["update_details"], forbidden: ["collect", "negotiate", "notice"], forbidden_why: [PLAN_WHY, PLAN_WHY, PLAN_WHY], overdue_minor: 0 }),
    visit({ visit: "V-5", position: 5, name: "赵德福", address: "亭湖区南洋镇新洋村三组 42 号", lat_e7: 333_770_000, lon_e7: 1_202_060_000, forbidden: ["visit"], forbidden_why: [CEASED_WHY] }),
    visit({ visit: "V-6", position: 6, name: "周桂兰", address: "亭湖区黄海街道黄海西路 3 号", lat_e7: 333_770_500, lon_e7: 1_201_500_000, window_starts_s: 14 * 3600, window_ends_s: 17 * 3600, tasks: ["collect", "identity", "update_details"] }),
  ];
  const notices = new Map([["V-2", NOTICE]]);
  return documents.map((document) => ({ document, notice: notices.get(document.visit) ?? null, state: "to_do", paidMinor: 0, removed: false }));
}

/** Digits that look as real ones do; no signature stands behind them. */
export function fakeDigits(seed: number): string {
  let state = seed;
  return Array.from({ length: 292 }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return String(Math.floor(state / 65_536) % 10);
  }).join("");
}

export function makeReceipt(given: Partial<ShownReceipt> & Pick<ShownReceipt, "number" | "amountMinor">): ShownReceipt {
  const currency = given.currency ?? "CNY";
  return {
    short: `7KQ2-M${String(given.number).padStart(3, "0")}-X4`,
    series: `9f3a1c44d2e07b18/1/${given.number}`,
    identity: "ab".repeat(32),
    kind: "payment",
    currency,
    amountInWords: { zh: amountInWords(given.amountMinor, currency, "zh"), en: amountInWords(given.amountMinor, currency, "en") },
    method: "cash",
    at: "2026-03-02T10:05:00.000+08:00",
    takenMs: NOW_MS,
    offsetMinutes: 480,
    visit: "V-2",
    account: "AC00002",
    lastFour: "4827",
    agentName: PACK.agent_name,
    agentNumber: PACK.agent,
    creditorName: PACK.creditor_name,
    officePhone: PACK.office_phone,
    officialAddress: "doorstep.example",
    identified: true,
    confirmed: false,
    clockTrusted: true,
    voids: "",
    voidedBy: "",
    operation: "cd".repeat(32),
    prefix: "https://doorstep.example/r#",
    digits: fakeDigits(given.number),
    ...given,
  };
}

export function makeRecord(given: Partial<RecordStatus> & Pick<RecordStatus, "seq" | "kind">): RecordStatus {
  return {
    epoch: 1,
    hash: `${given.seq}`.padStart(64, "0"),
    at: "2026-03-02T09:12:00.000+08:00",
    visit: "V-1",
    amountMinor: 0,
    currency: "CNY",
    state: "applied",
    rule: "",
    title: { zh: "", en: "" },
    sentence: { zh: "", en: "" },
    holds: { zh: "", en: "" },
    ...given,
  };
}
