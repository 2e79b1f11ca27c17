/** What screens decide by themselves: PINs, paths, days, the next step, the outcomes that fit, positions, words. */
import { describe, expect, it } from "vitest";
import type { StopView } from "../../src/phone/contract";
import { plainAdvice } from "../../src/screens/parts/banner";
import { outcomesOf } from "../../src/screens/parts/conclusions";
import { pinFault } from "../../src/screens/parts/pin_rules";
import { navigationLink, positionOf, smsLink, telLink } from "../../src/screens/parts/position";
import { receiptText } from "../../src/screens/parts/receipt_text";
import { stepsOf } from "../../src/screens/parts/steps";
import { forbiddenGroups, nextStop } from "../../src/screens/parts/stops";
import { chipText } from "../../src/screens/parts/sync_chip";
import { addDays, addMonths, clockOf, clockOfWall, countdown, endOfMonth, formatDay, weeksOf } from "../../src/screens/parts/time";
import { wishesOf } from "../../src/screens/plan";
import { likelyDays } from "../../src/screens/promise";
import { placeOf, STOP_STEPS, to } from "../../src/screens/routing";
import { en } from "../../src/screens/words/en";
import { zh } from "../../src/screens/words/zh";
import { makeReceipt, makeRecord, makeStops, PACK } from "./fake_data";

const view = (given: Partial<StopView> = {}): StopView => {
  const stop = makeStops()[1];
  if (stop === undefined) throw new Error("no stop");
  return { stop, pack: PACK, startedAt: "", identity: "", receipts: [], delivered: [], promised: [], records: [], advice: [], ...given };
};

describe("a new PIN", () => {
  it("is refused when short, all the same, or counting, also across nine", () => {
    expect(pinFault("12345")).toBe("short");
    for (const plain of ["111111", "123456", "987654", "890123", "210987"]) expect(pinFault(plain)).toBe("plain");
    for (const fine of ["258036", "112233", "135790"]) expect(pinFault(fine)).toBeNull();
  });
});

describe("paths", () => {
  it("lead back to the place that made them", () => {
    for (const step of ["", ...STOP_STEPS] as const) {
      expect(placeOf(to.stop("V/1 ü", step))).toEqual({ screen: "stop", visit: "V/1 ü", step });
    }
    expect(placeOf(to.receipt("9f3a/1/2"))).toEqual({ screen: "receipt", series: "9f3a/1/2", voiding: false });
    expect(placeOf(to.receipt("9f3a/1/2", true))).toEqual({ screen: "receipt", series: "9f3a/1/2", voiding: true });
    expect(placeOf(to.cash("hand-over"))).toEqual({ screen: "cash-step", step: "hand-over" });
    expect(placeOf(to.route("2026-03-02"))).toEqual({ screen: "route", day: "2026-03-02" });
    expect(placeOf(to.changePin())).toEqual({ screen: "change-pin" });
  });

  it("that nobody knows lead to the route", () => {
    for (const path of ["/app/", "/app/nowhere", "/", "/app/day/x", "/app/stop/%E0%A4%A"]) {
      expect(placeOf(path)).toEqual({ screen: "route", day: "" });
    }
  });
});

describe("days and times", () => {
  it("are shown by the clock on the wall, never shifted", () => {
    expect(clockOf(9 * 3600 + 5 * 60)).toBe("09:05");
    expect(clockOf(25 * 3600)).toBe("01:00");
    expect(clockOfWall("2026-03-02T09:05:00.000+08:00")).toBe("09:05");
    expect(formatDay("2026-03-02", "zh")).toBe("3月2日周一");
    expect(formatDay("2026-03-02", "en")).toMatch(/^Mon,? 2 Mar$/);
    expect(countdown(65_000)).toBe("01:05");
    expect(countdown(3_600_000)).toBe("1:00:00");
  });

  it("are counted across months and leap years", () => {
    expect(addDays("2026-02-28", 1)).toBe("2026-03-01");
    expect(addMonths("2026-01-31", 1)).toBe("2026-02-28");
    expect(addMonths("2027-12-31", 2)).toBe("2028-02-29");
    expect(endOfMonth("2028-02-10")).toBe("2028-02-29");
  });

  it("fill whole weeks from Monday", () => {
    const weeks = weeksOf("2026-03");
    expect(weeks.every((week) => week.length === 7)).toBe(true);
    expect(weeks[0]).toEqual([null, null, null, null, null, null, "2026-03-01"]);
    expect(weeks.flat().filter((day) => day !== null)).toHaveLength(31);
  });

  it("that people promise lie after the day, each once", () => {
    expect(likelyDays("2026-03-02").map((one) => one.day)).toEqual(["2026-03-03", "2026-03-05", "2026-03-09", "2026-03-15", "2026-03-31"]);
    expect(likelyDays("2026-03-31").map((one) => one.day)).toEqual(["2026-04-01", "2026-04-03", "2026-04-07", "2026-04-15"]);
  });
});

describe("the next step at a stop", () => {
  it("is identity first, then the office's tasks, then the end", () => {
    expect(stepsOf(view()).next).toBe("identity");
    expect(stepsOf(view({ identity: "answered" })).next).toBe("collect");
    const receipts = [makeReceipt({ number: 1, amountMinor: 100 })];
    expect(stepsOf(view({ identity: "answered", receipts })).next).toBe("deliver");
    expect(stepsOf(view({ identity: "answered", receipts, delivered: ["N-2026-0117"] })).next).toBe("conclude");
  });

  it("is never something forbidden", () => {
    const stop = makeStops()[1];
    if (stop === undefined) throw new Error("no stop");
    stop.document.forbidden = ["collect", "notice"];
    expect(stepsOf(view({ stop, identity: "answered" })).next).toBe("conclude");
  });

  it("asks for a payment again when the only one was voided", () => {
    const receipts = [makeReceipt({ number: 1, amountMinor: 100, voidedBy: "x/1/2" })];
    expect(stepsOf(view({ identity: "answered", receipts })).next).toBe("collect");
  });
});

describe("outcomes", () => {
  it("that fit what was recorded come first; what is refused says what is missing", () => {
    const { fitting, others } = outcomesOf(view({ promised: ["2026-03-15"] }));
    expect(fitting.map((one) => one.reason)).toEqual(["promised"]);
    expect(others.find((one) => one.reason === "paid")?.missing).toBe("payment");
    expect(others.find((one) => one.reason === "nobody_home")?.missing).toBeNull();
  });

  it("of a door without result are all that need nothing", () => {
    const { fitting } = outcomesOf(view());
    expect(fitting.map((one) => one.reason)).toEqual(["refused", "nobody_home", "moved", "third_party", "unsafe"]);
  });

  it("name every reason once", () => {
    const { fitting, others } = outcomesOf(view({ receipts: [makeReceipt({ number: 1, amountMinor: 1 })], identity: "refused" }));
    const all = [...fitting, ...others].map((one) => one.reason);
    expect(new Set(all).size).toBe(all.length);
    expect(all).toHaveLength(9);
  });
});

describe("the next stop", () => {
  const route = () => ({ pack: PACK, stops: makeStops(), missing: [], complete: true, held: 0, total: 0, syncedMs: 0 });

  it("is the open one before any other", () => {
    const given = route();
    const third = given.stops[2];
    if (third !== undefined) third.state = "open";
    expect(nextStop(given)?.document.visit).toBe("V-3");
  });

  it("is never one that may not be visited or was taken away", () => {
    const given = route();
    for (const stop of given.stops.slice(0, 4)) stop.state = "paid";
    expect(nextStop(given)?.document.visit).toBe("V-6");
    const sixth = given.stops[5];
    if (sixth !== undefined) sixth.removed = true;
    expect(nextStop(given)).toBeNull();
  });

  it("says one reason once for all that it forbids", () => {
    const fourth = makeStops()[3];
    if (fourth === undefined) throw new Error("no stop");
    expect(forbiddenGroups(fourth.document).map((group) => group.codes)).toEqual([["collect", "negotiate", "notice"]]);
  });
});

describe("plans", () => {
  const wish = { total: 2_860_000, periods: 12, months: 2, firstDue: "2026-04-02", rate: "3.65", reduction: "10" };

  it("are compared in each scheme that has its numbers", () => {
    expect(wishesOf(wish)?.map((one) => one.scheme)).toEqual(["equal_instalments", "equal_principal", "deferral", "reduction"]);
    expect(wishesOf({ ...wish, months: 0, reduction: "" })?.map((one) => one.scheme)).toEqual(["equal_instalments", "equal_principal"]);
    expect(wishesOf(wish)?.[0]?.rateBp).toBe(365);
  });

  it("are none when a number is none", () => {
    expect(wishesOf({ ...wish, total: null })).toBeNull();
    expect(wishesOf({ ...wish, rate: "x" })).toBeNull();
    expect(wishesOf({ ...wish, reduction: "101" })).toBeNull();
    expect(wishesOf({ ...wish, firstDue: "" })).toBeNull();
  });
});

describe("positions and links", () => {
  it("are whole ten-millionths, rounded away from better than they are", () => {
    expect(positionOf({ latitude: 33.3921004, longitude: 120.156, accuracy: 8.2 })).toEqual({ lat_e7: 333_921_004, lon_e7: 1_201_560_000, accuracy_m: 9 });
    expect(positionOf({ latitude: Number.NaN, longitude: 0, accuracy: 1 })).toBeNull();
    expect(positionOf({ latitude: 1, longitude: 1, accuracy: 100_000 })).toBeNull();
  });

  it("open the phone's own map, telephone and messages", () => {
    const place = { lat_e7: 333_921_000, lon_e7: 1_201_560_000 };
    expect(navigationLink(place, "青年中路", "Android 14")).toBe(`geo:33.392100,120.156000?q=33.392100,120.156000(${encodeURIComponent("青年中路")})`);
    expect(navigationLink(place, "x", "iPhone OS 18")).toBe("maps://?daddr=33.392100,120.156000");
    expect(telLink("138 5100-2411")).toBe("tel:13851002411");
    expect(smsLink("110", "a b")).toBe("sms:110?&body=a%20b");
  });
});

describe("a receipt's words", () => {
  it("say what is confirmed and what is not, as the printed one", () => {
    expect(receiptText(makeReceipt({ number: 1, amountMinor: 1 }), "zh").note).toBe(zh.receipt.atDoor);
    expect(receiptText(makeReceipt({ number: 1, amountMinor: 1, method: "wechat" }), "en").note).toBe(en.receipt.shown);
    expect(receiptText(makeReceipt({ number: 1, amountMinor: 1, method: "wechat", confirmed: true }), "en").open).toBe(false);
    expect(receiptText(makeReceipt({ number: 1, amountMinor: 1, method: "cheque" }), "en").note).toBe(en.receipt.cheque);
    expect(receiptText(makeReceipt({ number: 1, amountMinor: 1, kind: "void" }), "en").void).toBe(true);
  });

  it("leave out the account of a walk-up payment and say an unchecked clock", () => {
    const labels = receiptText(makeReceipt({ number: 1, amountMinor: 1, lastFour: "0000", clockTrusted: false }), "en").rows.map((row) => row.label);
    expect(labels).not.toContain(en.receipt.account);
    expect(labels).toContain(en.receipt.clock);
  });
});

describe("the sync chip", () => {
  it("counts what the office holds", () => {
    expect(chipText({ seq: 5, unsent: 2 }, en)).toBe("3 of 5 at the office");
    expect(chipText({ seq: 5, unsent: 0 }, en)).toBe(en.sync.allAt);
    expect(chipText({ seq: 0, unsent: 0 }, en)).toBe(en.sync.none);
  });
});

describe("words", () => {
  const keysOf = (value: unknown, path = ""): string[] =>
    typeof value === "object" && value !== null ? Object.entries(value).flatMap(([key, inner]) => keysOf(inner, `${path}.${key}`)) : [path];

  it("have the same keys in both languages, also where the type allows any", () => {
    expect(keysOf(en).sort()).toEqual(keysOf(zh).sort());
  });

  it("are Chinese in the one and have no Chinese in the other", () => {
    const texts = (value: unknown): string[] => (typeof value === "string" ? [value] : typeof value === "object" && value !== null ? Object.values(value).flatMap(texts) : []);
    expect(texts(en).filter((text) => /[一-鿿]/.test(text))).toEqual([]);
    expect(texts(zh).filter((text) => !/[一-鿿]/.test(text))).toEqual([]);
  });

  it("name every kind of record", () => {
    expect(zh.records.kinds[makeRecord({ seq: 1, kind: "DayEnded" }).kind]).toBe("当日结束");
  });
});

describe("advice", () => {
  it("is said in words that an agent knows: no rule's id, no code", () => {
    const conduct = { key: "conduct", values: { rule: "CN-HOURS", why: "It is after 22:00. | 现在已过 22:00。" } };
    expect(plainAdvice(conduct, "zh", zh)).toBe("现在已过 22:00。");
    const forbidden = { key: "advice-forbidden", values: { code: "collect", why: "Disputed. | 有异议。" } };
    expect(plainAdvice(forbidden, "zh", zh)).toBe("此处不得：收款。有异议。");
    expect(plainAdvice({ key: "cash-limit", values: { held: "52,400.00 CNY", limit: "50,000.00 CNY" } }, "en", en)).toContain("¥52,400.00");
  });
});
