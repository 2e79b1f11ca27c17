/** Every step of a day: what it writes, what it advises, and what it refuses. */
import { expect, test } from "vitest";
import type { FieldBody, Operation } from "../../src/core/generated/types";
import { contentOf } from "../../src/core/side_records";
import { fromDigits, readReceipt, verifyReceipt } from "../../src/core/receipt";
import { importPublic } from "../../src/core/signing";
import { unb64 } from "../../src/core/encoding";
import type { RunningPhone } from "../../src/phone/create";
import { aVisit, DAY, DEVICE, PACK, PIN, SERVER_MS } from "./documents";
import { aDay, refusal } from "./world";

const PHOTO = { bytes: new Uint8Array(9000).fill(7), mime: "image/jpeg" } as const;

async function lines(phone: RunningPhone): Promise<Operation[]> {
  return (await phone.exportJournal()).trim().split("\n").map((line) => JSON.parse(line) as Operation);
}

async function last(phone: RunningPhone): Promise<FieldBody> {
  return (await lines(phone)).at(-1)?.body as FieldBody;
}

const keys = (recorded: { advice: { key: string }[] }): string[] => recorded.advice.map(({ key }) => key);

test("Arriving is recorded with place, pack and policy; twice is refused, and again after concluding only when meant.", async () => {
  const { phone } = await aDay();
  const position = { lat_e7: 333510000, lon_e7: 1201610000, accuracy_m: 12 };
  const recorded = await phone.start("V1", { position });
  expect(recorded).toMatchObject({ epoch: 1, seq: 1, kind: "VisitStarted", receipt: null });
  const [line] = await lines(phone);
  expect(line).toMatchObject({ device: DEVICE, pack: PACK, policy: "house-1", position, body: { visit: "V1" } });
  expect((await refusal(phone.start("V1"))).key).toBe("refused-started-already");
  await phone.conclude("V1", "nobody_home");
  expect((await refusal(phone.start("V1"))).key).toBe("refused-concluded");
  await phone.start("V1", { again: true });
  expect((await refusal(phone.start("V9"))).key).toBe("refused-visit-unknown");
});

test("Nothing is recorded at a door where the agent did not arrive, or which they have left.", async () => {
  const { phone } = await aDay();
  const steps = [
    () => phone.companion("V1", "AG02", "proof"),
    () => phone.checkIdentity("V1", { method: "visit_code", result: "refused" }),
    () => phone.collect("V1", { amountMinor: 100, method: "cash" }),
    () => phone.deliver("V1", { manner: "posted", recipient: "nobody", notice: "N1", version: 1 }),
    () => phone.promise("V1", 100, "2026-12-01"),
    () => phone.reportDetails("V1", "phone", "+8612345"),
    () => phone.conclude("V1", "refused"),
  ];
  for (const step of steps) expect((await refusal(step())).key).toBe("refused-not-started");
  await phone.start("V1");
  await phone.conclude("V1", "refused");
  for (const step of steps) expect((await refusal(step())).key).toBe("refused-concluded");
  expect(await lines(phone)).toHaveLength(2);
});

test("An identity check catches a typing error, wants the answer where there is one, and seals it.", async () => {
  const { phone } = await aDay();
  await phone.start("V1");
  const check = (changes: object) => phone.checkIdentity("V1", { method: "visit_code", result: "answered", ...changes });
  expect((await refusal(check({}))).key).toBe("refused-answer-missing");
  expect((await refusal(check({ answer: "482108" }))).key).toBe("refused-code-mistyped");
  expect((await refusal(check({ result: "refused", answer: "1" }))).key).toBe("refused-answer-unwanted");
  expect((await refusal(check({ result: "refused", picture: PHOTO }))).key).toBe("refused-answer-unwanted");
  await check({ answer: "４８２１ 07" });
  const body = await last(phone);
  expect(body).toMatchObject({ account: "AC-V1", customer: "CU-V1", result: "answered" });
  expect(JSON.stringify(body)).not.toContain("482107");
  expect(keys(await check({ result: "third_party" }))).toContain("third-party");
});

test("A signature as an answer is sealed like any answer, and large enough to travel apart.", async () => {
  const { phone, office } = await aDay();
  await phone.start("V1");
  await phone.checkIdentity("V1", { method: "signature", result: "answered", picture: PHOTO });
  const { sealed } = (await last(phone)) as { sealed: string };
  expect((await phone.synchronise()).photos).toBe(1);
  expect(contentOf(office.sideRecords.get(sealed) as Uint8Array)).toHaveLength(PHOTO.bytes.length + 82);
});

test("A payment gives a receipt that stock cryptography checks, and names what the phone knows about it.", async () => {
  const { phone, office } = await aDay();
  await phone.start("V1");
  const first = await phone.collect("V1", { amountMinor: 20_000, method: "cash" });
  expect(keys(first)).toContain("unidentified");
  await phone.checkIdentity("V1", { method: "visit_code", result: "answered", answer: "482107" });
  const second = await phone.collect("V1", {
    amountMinor: 480_001, method: "alipay", providerOrder: "2026A", providerConfirmed: true, payer: "third_party",
  });
  expect(keys(second)).toEqual(expect.arrayContaining(["over-payoff"]));
  expect(keys(second)).not.toContain("unidentified");
  const shown = second.receipt;
  expect(shown).toMatchObject({
    number: 2, series: `${DEVICE}/1/2`, kind: "payment", amountMinor: 480_001, currency: "CNY", method: "alipay",
    lastFour: "4321", agentName: "王秀英", agentNumber: "AG01", creditorName: "Example Bank", identified: true,
    confirmed: true, clockTrusted: true, prefix: "https://pay.example/r#", voids: "", voidedBy: "",
  });
  expect(shown?.amountInWords.zh).toContain("元");
  const receipt = readReceipt(fromDigits(shown?.digits ?? ""));
  await verifyReceipt(receipt, await importPublic(unb64(office.devicePoint)));
  const [, , , fourth] = await lines(phone);
  expect(receipt.body).toMatchObject({ seq: 4, before: fourth?.prev.slice(0, 32), tag: "a1b2c3d4" });
  expect(fourth?.body).toMatchObject({ provider_order: "2026A", payer: "third_party" });
  const third = await phone.collect("V1", { amountMinor: 20_000, method: "cash" });
  expect(keys(third)).toContain("same-amount");
});

test("Payments are refused for amounts, currencies and cheques that make no sense, never for conduct.", async () => {
  const { phone, office } = await aDay();
  office.put("visit/V1", aVisit("V1", 1, { forbidden: ["visit"], forbidden_why: ["written refusal | 书面拒绝"] }));
  await phone.synchronise();
  await phone.start("V1");
  const collect = (changes: object) => phone.collect("V1", { amountMinor: 100, method: "cash", ...changes });
  for (const amountMinor of [0, -1, 1.5, Number.NaN, 1e13]) expect((await refusal(collect({ amountMinor }))).code).toBe("ARGUMENT-WRONG");
  expect((await refusal(collect({ currency: "EUR" }))).key).toBe("refused-currency");
  expect((await refusal(collect({ currency: "XXX" }))).code).toBe("ARGUMENT-WRONG");
  expect((await refusal(collect({ method: "cheque" }))).key).toBe("refused-cheque-number");
  expect((await refusal(collect({ providerOrder: "x".repeat(201) }))).code).toBe("ARGUMENT-WRONG");
  expect((await collect({ method: "cheque", cheque: "C-1" })).receipt?.method).toBe("cheque");
  const recorded = await collect({});
  expect(recorded.advice.find(({ key }) => key === "forbidden")?.values).toEqual({
    code: "visit", why: "written refusal | 书面拒绝",
  });
});

test("A payment without a stop needs an account, and its receipt carries no account tag.", async () => {
  const { phone } = await aDay();
  expect((await refusal(phone.collect("", { amountMinor: 100, method: "cash", walkUp: true }))).key).toBe("refused-walk-up-account");
  const recorded = await phone.collect("", { amountMinor: 100, method: "cash", walkUp: true, account: "AC-77", customer: "CU-77" });
  expect(keys(recorded)).toContain("walk-up");
  expect(await last(phone)).toMatchObject({ visit: "", account: "AC-77", customer: "CU-77" });
  expect(readReceipt(fromDigits(recorded.receipt?.digits ?? "")).body.tag).toBe("00000000");
  await phone.collect("V1", { amountMinor: 100, method: "cash", walkUp: true });
  expect(await last(phone)).toMatchObject({ visit: "V1", account: "AC-V1" });
});

test("A payment is taken back once, by number, short number or series, with a receipt of its own.", async () => {
  const { phone, office } = await aDay();
  await phone.start("V1");
  const paid = await phone.collect("V1", { amountMinor: 20_000, method: "cash" });
  const { series = "", short = "" } = paid.receipt ?? {};
  expect((await refusal(phone.void("99", { reason: "other" }))).key).toBe("refused-receipt-unknown");
  const taken = await phone.void(short.toLowerCase(), { reason: "typing_error" });
  expect(taken.receipt).toMatchObject({ kind: "void", number: 2, voids: series, amountMinor: 20_000 });
  expect(keys(taken)).toContain("void-unconfirmed");
  expect((await phone.receipt(series)).voidedBy).toBe(taken.receipt?.series);
  expect((await refusal(phone.void(series, { reason: "other" }))).key).toBe("refused-voided-already");
  expect((await refusal(phone.void("2", { reason: "other" }))).key).toBe("refused-void-of-void");
  await phone.collect("V1", { amountMinor: 300, method: "card" });
  const confirmed = await phone.void("3", { reason: "customer_changed_mind", voidCode: "771" });
  expect(keys(confirmed)).not.toContain("void-unconfirmed");
  await phone.synchronise();
  expect(office.sideRecords.size).toBe(1);
  expect((await phone.summary()).voided).toBe(2);
});

test("No receipt without persistent storage; where the browser cannot know, the agent may work.", async () => {
  const { phone, world } = await aDay();
  await phone.start("V1");
  const paid = await phone.collect("V1", { amountMinor: 20_000, method: "cash" });
  world.persisted = false;
  expect((await refusal(phone.collect("V1", { amountMinor: 100, method: "cash" }))).key).toBe("refused-phone-storage");
  expect((await refusal(phone.void(paid.receipt?.series ?? "", { reason: "other" }))).key).toBe("refused-phone-storage");
  await phone.note("V1", "notes go on");
  world.persisted = null;
  await phone.collect("V1", { amountMinor: 100, method: "cash" });
  world.persisted = false;
  expect((await phone.askPersistence()).persisted).toBe(true);
  await phone.collect("V1", { amountMinor: 100, method: "cash" });
});

test("A letter is delivered with evidence: photo, signature and the name of whoever took it, each a side record.", async () => {
  const { phone, office } = await aDay();
  const notice = { notice: "N1", version: 3, account: "AC-V2", title: "逾期通知", content_sha256: "c".repeat(64), amount_minor: 1, currency: "CNY", issued_on: DAY };
  office.put("notice/N1", notice);
  await phone.synchronise();
  await phone.start("V2");
  await phone.deliver("V2", { manner: "handed_sealed", recipient: "household", recipientName: "李强", photo: PHOTO, signature: PHOTO });
  const body = (await last(phone)) as { evidence: string[] };
  expect(body).toMatchObject({ kind: "NoticeDelivered", notice: "N1", version: 3, account: "AC-V2" });
  expect(body.evidence).toHaveLength(3);
  const open = await phone.deliver("V2", { manner: "handed_open", recipient: "neighbour", version: 2 });
  expect(keys(open)).toEqual(expect.arrayContaining(["notice-version", "notice-disclosed"]));
  office.put("notice/N1", { ...notice, withdrawn: true });
  await phone.synchronise();
  expect(keys(await phone.deliver("V2", { manner: "posted", recipient: "nobody" }))).toContain("notice-withdrawn");
  expect(new TextDecoder().decode(contentOf(office.sideRecords.get(body.evidence[2] ?? "") as Uint8Array))).toBe("李强");
  await phone.conclude("V2", "delivered");
  await phone.start("V1");
  expect((await refusal(phone.deliver("V1", { manner: "posted", recipient: "nobody" }))).key).toBe("refused-no-notice");
  expect((await refusal(phone.deliver("V1", { manner: "posted", recipient: "nobody", notice: "N9" }))).key).toBe("refused-notice-version");
});

test("Promises have an amount and a day that is not past; plans are agreed within the agent's authority.", async () => {
  const { phone } = await aDay();
  await phone.start("V1");
  expect((await refusal(phone.promise("V1", 100, "2026-11-22"))).key).toBe("refused-promise-past");
  expect((await refusal(phone.promise("V1", 100, "2026-02-30"))).code).toBe("ARGUMENT-WRONG");
  await phone.promise("V1", 50_000, "2026-12-01");
  const wish = { scheme: "equal_instalments", firstDue: "2026-12-20", totalMinor: 0, periods: 3, rateBp: 0, reductionBp: 0, deferralMonths: 0 } as const;
  const comparison = await phone.comparePlans("V1", [wish, { ...wish, scheme: "equal_principal", periods: 60 }]);
  expect(comparison.columns).toHaveLength(2);
  expect(keys(await phone.proposePlan("V1", wish, "in words"))).toContain("plan-agreed");
  expect(await last(phone)).toMatchObject({ total_minor: 500_000, periods: 3, scheme: "equal_instalments" });
  expect(keys(await phone.proposePlan("V1", { ...wish, periods: 60 }))).toEqual(expect.arrayContaining(["plan-beyond", "plan-pending"]));
  expect((await refusal(phone.proposePlan("V1", { ...wish, periods: 61 }))).key).toBe("refused-periods");
  expect((await phone.stop("V1")).promised).toEqual(["2026-12-01"]);
});

test("Contacts, details, notes and safety are recorded; texts that say nothing or too much are refused.", async () => {
  const { phone } = await aDay();
  const contact = await phone.contact("V3", "call", true);
  expect(await last(phone)).toMatchObject({ kind: "ContactMade", customer: "CU-V3", channel: "call", effective: true });
  expect(contact.seq).toBe(1);
  await phone.note("V3", "rang twice");
  await phone.start("V1");
  await phone.reportDetails("V1", "phone", "+8611100000002");
  expect((await refusal(phone.note("V1", "  "))).code).toBe("ARGUMENT-WRONG");
  expect((await refusal(phone.note("V1", "x".repeat(4001)))).code).toBe("ARGUMENT-WRONG");
  await phone.safety("threatened", { visit: "V1", note: "he shouted" });
  expect(await last(phone)).toMatchObject({ kind: "SafetyRaised", level: "threatened", visit: "V1" });
  expect(JSON.stringify(await lines(phone))).not.toContain("shouted");
});

test("Contacts beyond the limit of a day are advised against and recorded all the same.", async () => {
  const { phone } = await aDay();
  for (let call = 0; call < 3; call += 1) await phone.contact("V1", "call", true);
  const fourth = await phone.contact("V1", "call", true);
  expect(fourth.advice.some(({ key, values }) => key === "conduct" && String(values["rule"]).includes("CN"))).toBe(true);
});

test("At night the rules of conduct warn, and the record stands.", async () => {
  const { phone, world } = await aDay();
  world.pass(14 * 3_600_000);
  await phone.unlock(PIN).catch(() => undefined);
  const recorded = await phone.start("V1");
  expect(recorded.advice.find(({ key }) => key === "conduct")?.values["rule"]).toBe("CN-HOURS");
});

test("A visit ends only with a reason that something recorded there supports.", async () => {
  const { phone } = await aDay();
  await phone.start("V1");
  expect((await refusal(phone.conclude("V1", "paid"))).key).toBe("refused-no-payment");
  expect((await refusal(phone.conclude("V1", "promised"))).key).toBe("refused-no-promise");
  expect((await refusal(phone.conclude("V1", "delivered"))).key).toBe("refused-no-delivery");
  await phone.collect("V1", { amountMinor: 100, method: "cash" });
  const concluded = await phone.conclude("V1", "part_paid", { subReason: "rest later", nextAction: "call" });
  expect(keys(concluded)).toContain("identity-skipped");
  expect(await last(phone)).toMatchObject({ reason: "part_paid", sub_reason: "rest later", next_action: "call" });
});

test("The day ends with its figures, and again only when something came after.", async () => {
  const { phone } = await aDay();
  await phone.start("V1");
  await phone.collect("V1", { amountMinor: 20_000, method: "cash" });
  await phone.collect("V1", { amountMinor: 5_000, method: "wechat" });
  const ended = await phone.endDay();
  expect(ended.advice).toEqual([{ key: "still-open", values: { visit: "V1" } }]);
  expect(await last(phone)).toEqual({
    kind: "DayEnded", seq: 4, receipt_last: 2, receipts: 2, cash_minor: 40_000, currency: "CNY", concluded: 0,
  });
  expect((await refusal(phone.endDay())).key).toBe("refused-day-ended");
  expect(keys(await phone.conclude("V1", "part_paid"))).toContain("day-ended");
  await phone.endDay();
  expect(await last(phone)).toMatchObject({ seq: 6, concluded: 1 });
  expect(await phone.summary()).toMatchObject({
    serviceDay: DAY, visits: 3, concluded: 1, receipts: 2, byMethod: { cash: 20_000, wechat: 5_000 }, cashMinor: 40_000,
    floatMinor: 20_000, cashLimitMinor: 5_000_000, afterEnd: 0,
  });
});

test("Cash leaves by hand-over, deposit, transfer and loss; more than is known of is advised against.", async () => {
  const { phone, office } = await aDay();
  expect((await refusal(phone.handOver([{ face_minor: 100, count: 2 }], { amountMinor: 300 }))).key).toBe("refused-denominations");
  expect((await refusal(phone.handOver([{ face_minor: 0, count: 2 }]))).code).toBe("ARGUMENT-WRONG");
  const coins = Array.from({ length: 400 }, (_, face) => ({ face_minor: face + 1, count: 1 }));
  expect((await refusal(phone.handOver(coins))).code).toBe("OPERATION-TOO-LARGE");
  expect((await refusal(phone.transfer("T1", 100, {}))).key).toBe("refused-transfer-side");
  await phone.transfer("T1", 1_000, { fromAgent: "AG02" });
  await phone.transfer("T2", 500, { toAgent: "AG02" });
  await phone.deposit(2_000, "Bank", { slip: PHOTO, slipNumber: "S-1" });
  const { slip } = (await last(phone)) as { slip: string };
  await phone.loss(100, "counterfeit", { note: "one note" });
  expect((await phone.summary()).cashMinor).toBe(20_000 + 1_000 - 500 - 2_000 - 100);
  const over = await phone.handOver([{ face_minor: 10_000, count: 2 }]);
  expect(keys(over)).toContain("more-than-held");
  expect(await phone.summary()).toMatchObject({ handedOverMinor: 20_000, cashMinor: -1_600 });
  await phone.synchronise();
  expect(office.sideRecords.get(slip)).toHaveLength(PHOTO.bytes.length + 16);
});

test("Cash above the limit is advised against with each payment that passes it.", async () => {
  const { phone } = await aDay();
  await phone.start("V1");
  const recorded = await phone.collect("V1", { amountMinor: 4_990_000, method: "cash" });
  expect(recorded.advice.find(({ key }) => key === "cash-limit")?.values).toEqual({ held: "50,100.00 CNY", limit: "50,000.00 CNY" });
});

test("The route, a stop and the status show what was done and what became of it.", async () => {
  const { phone, office } = await aDay();
  await phone.start("V1");
  const paid = await phone.collect("V1", { amountMinor: 20_000, method: "cash" });
  const route = await phone.route();
  expect(route.stops.map((stop) => [stop.document.visit, stop.state, stop.paidMinor])).toEqual([
    ["V1", "open", 20_000], ["V2", "to_do", 0], ["V3", "to_do", 0],
  ]);
  expect(route).toMatchObject({ complete: true, held: 4, total: 4, missing: [], syncedMs: SERVER_MS });
  await phone.synchronise();
  office.put(`journal/${DEVICE}/1`, { device: DEVICE, epoch: 1, reconciled_seq: 2 });
  office.put(`verdict/${paid.hash}`, {
    hash: paid.hash, seq: 2, epoch: 1, verdict: "disputed", rule: "PAY-TWICE", title: "Twice", title_zh: "重复", sentence: "s", holds: "h",
  });
  await phone.synchronise();
  const stop = await phone.stop("V1");
  expect(stop.records.map((record) => [record.kind, record.state])).toEqual([["VisitStarted", "applied"], ["PaymentCollected", "disputed"]]);
  expect(stop.receipts).toHaveLength(1);
  const status = await phone.status();
  expect(status.records).toEqual([expect.objectContaining({ rule: "PAY-TWICE", amountMinor: 20_000, title: { en: "Twice", zh: "重复" } })]);
  expect(status).toMatchObject({ receiptLast: 1, seq: 2, daysNotEnded: [DAY], unsent: 0 });
  expect((await phone.status(true)).records).toHaveLength(2);
  expect(await phone.days()).toEqual([DAY]);
  expect((await refusal(phone.route("2026-01-01"))).code).toBe("PACK-MISSING");
});

test("The check before departure tells what is missing.", async () => {
  const { phone, world } = await aDay();
  const ok = async () => Object.fromEntries((await phone.departure()).map((check) => [check.key, check.ok]));
  // The office's clock stands still at ten past seven while the phone shows nine.
  expect(await ok()).toMatchObject({ pack: true, fresh: true, storage: true, space: true, cash: true, unsent: true, installed: true, clock: false });
  world.office.serverMs = world.wallMs;
  await phone.synchronise();
  expect(await ok()).toMatchObject({ clock: true });
  await phone.start("V1");
  world.persisted = false;
  world.pass(4 * 60_000);
  phone.touch();
  expect(await ok()).toMatchObject({ unsent: false, storage: false, space: true });
  world.persisted = true;
  world.estimate = { usageBytes: 950_000_000, quotaBytes: 1_000_000_000 };
  expect(await ok()).toMatchObject({ storage: true, space: false });
  world.estimate = { usageBytes: 0, quotaBytes: 0 };
  world.persisted = null;
  expect(await ok()).toMatchObject({ storage: null, space: null });
});
