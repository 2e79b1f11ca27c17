/** Whole syncs against an office in memory, well behaved and not. */
import { expect, test } from "vitest";
import { utf8 } from "../../src/core/encoding";
import { EXCHANGE_OPERATIONS_MAX_WRITER } from "../../src/core/limits";
import { contentOf } from "../../src/core/side_records";
import { unseal } from "../../src/core/sealing";
import { answerBinding } from "../../src/core/visit_code";
import { SYNC_TRIES_MAX } from "../../src/exchange/limits";
import { pauseBefore } from "../../src/exchange/waiting";
import type { RunningPhone } from "../../src/phone/create";
import { aVisit, DEVICE, SERVER_MS } from "./documents";
import { problem } from "./fake_office";
import { aDay, refusal } from "./world";

async function work(phone: RunningPhone, count: number): Promise<void> {
  await phone.start("V1");
  for (let done = 1; done < count; done += 1) await phone.collect("V1", { amountMinor: 100, method: "cash" });
}

const unsent = async (phone: RunningPhone): Promise<number> => (await phone.status()).unsent;

test("Everything recorded arrives byte for byte and is acknowledged; then the branch's way in is closed again.", async () => {
  const { phone, office, world } = await aDay();
  await work(phone, 5);
  expect(await phone.recoveryRequest()).toContain(DEVICE);
  const report = await phone.synchronise();
  expect(report).toMatchObject({ acknowledged: 5, unsent: 0, complete: true });
  const decoder = new TextDecoder();
  const lines = office.chain().map((placed) => `${decoder.decode(placed.data)}\n`).join("");
  expect(await phone.exportJournal()).toBe(lines);
  expect((await refusal(phone.recoveryRequest())).code).toBe("RECOVERY-WRONG");
  await phone.note("V1", "later");
  expect(await phone.recoveryRequest()).toContain(DEVICE);
  expect(world.slept).toEqual([]);
});

test("Upload needs nothing else: without pull the records go and no document comes.", async () => {
  const { phone, office } = await aDay();
  await work(phone, 2);
  office.put("visit/V4", aVisit("V4", 4));
  expect(await phone.synchronise({ pull: false })).toMatchObject({ acknowledged: 2, documents: 0 });
  expect(await phone.synchronise()).toMatchObject({ documents: 1 });
});

test("More operations than one request may carry go in several, each signed over its own last one.", async () => {
  const { phone, office } = await aDay();
  await work(phone, EXCHANGE_OPERATIONS_MAX_WRITER + 5);
  const before = office.requests.length;
  expect((await phone.synchronise()).unsent).toBe(0);
  const sizes = office.requests.slice(before).map((request) => request.operations.length);
  expect(sizes.slice(0, 2)).toEqual([EXCHANGE_OPERATIONS_MAX_WRITER, 5]);
});

test("The phone pages until nothing more comes, and can then say: complete, n of n.", async () => {
  const { phone, office } = await aDay();
  office.page = 3;
  for (let number = 10; number <= 20; number += 1) office.put(`visit/V${number}`, aVisit(`V${number}`, number));
  const report = await phone.synchronise();
  expect(report).toMatchObject({ documents: 11, held: 15, total: 15, complete: true });
});

test("A lost answer changes nothing: each try has a fresh nonce, and all is acknowledged once.", async () => {
  const { phone, office } = await aDay();
  await work(phone, 4);
  office.loseAnswers = 2;
  expect(await phone.synchronise()).toMatchObject({ acknowledged: 4, unsent: 0 });
  expect(office.again).toBe(8);
  expect(office.chain()).toHaveLength(4);
  expect(office.nonces.size).toBe(office.requests.length);
});

test("Without signal the sync ends with one error after a few pauses, each at most twice the one before.", async () => {
  const { phone, office, world } = await aDay();
  await work(phone, 2);
  office.fail = Array.from({ length: SYNC_TRIES_MAX }, () => new TypeError("no route"));
  expect((await refusal(phone.synchronise())).code).toBe("NETWORK-DOWN");
  expect(world.slept).toEqual([0.5, 1, 2, 4]);
  expect(await unsent(phone)).toBe(2);
  expect(phone.sync).toMatchObject({ at: "idle", lastError: { code: "NETWORK-DOWN" } });
});

test("The office's own pause counts; one that is longer than a sync may last ends the sync.", async () => {
  const { phone, office, world } = await aDay();
  office.fail = [problem(503, "STORE-LOCKED", "busy", { "Retry-After": "7" })];
  await phone.synchronise();
  expect(world.slept).toEqual([7]);
  office.fail = [problem(429, "RATE-LIMITED", "slow down", { "Retry-After": "3600" })];
  expect((await refusal(phone.synchronise())).cause).toBe("slow down");
  expect(world.slept).toEqual([7]);
});

test("Pauses have full jitter under a doubling bound.", () => {
  expect(pauseBefore(1, 0, null)).toBe(0);
  expect([1, 2, 7].map((attempt) => pauseBefore(attempt, 1, null))).toEqual([0.5, 1, 20]);
  expect(pauseBefore(3, 0.5, 30)).toBe(30);
});

test("An answer under another key than the enrolled one changes nothing.", async () => {
  const { phone, office } = await aDay();
  await work(phone, 2);
  office.wrongKey = true;
  expect((await refusal(phone.synchronise())).code).toBe("ANSWER-UNTRUSTED");
  expect(await unsent(phone)).toBe(2);
});

test("An answer recorded earlier and played again has another nonce, and is refused.", async () => {
  const { phone, office } = await aDay();
  office.wrongNonce = true;
  expect((await refusal(phone.synchronise())).cause).toContain("another request");
});

test("An acknowledgement of a hash that the phone does not have there is not honoured.", async () => {
  const { phone, office } = await aDay();
  await work(phone, 2);
  office.acknowledgeHash = "f".repeat(64);
  expect((await refusal(phone.synchronise())).cause).toContain("did not write");
  expect(await unsent(phone)).toBe(2);
});

test("Documents land only on the cursor that was asked with: of two tabs that interleave, one leaves them alone.", async () => {
  const { phone, office, world } = await aDay();
  const other = await world.openTab();
  office.put("visit/V5", aVisit("V5", 5));
  let between: Promise<unknown> | null = null;
  office.before = (path) => {
    if (path !== "/api/v1/sync" || between !== null) return;
    between = other.synchronise();
  };
  // The first tab's answer waits until the second tab has asked, got and applied its own.
  const fetch = office.fetch.bind(office);
  const slow = async (path: string, init: RequestInit): Promise<Response> => {
    const answer = await fetch(path, init);
    await between;
    return answer;
  };
  const first = await world.openTab({ fetch: slow });
  const report = await first.synchronise();
  expect(report.documents).toBe(0);
  expect(report.complete).toBe(true);
  expect((await phone.route()).held).toBe(5);
});

test("An answer is applied whole or not at all: a document that cannot be read takes everything with it.", async () => {
  const { phone, office } = await aDay();
  await work(phone, 1);
  office.put("visit/V6", aVisit("V6", 6));
  office.put("pack/broken", { no: "pack" });
  expect((await refusal(phone.synchronise())).code).toBe("ANSWER-UNTRUSTED");
  expect(await unsent(phone)).toBe(1);
  expect((await refusal(phone.stop("V6"))).key).toBe("refused-visit-unknown");
});

test("`resend_from` makes acknowledged operations unsent again, and the next page brings them.", async () => {
  const { phone, office } = await aDay();
  await work(phone, 6);
  await phone.synchronise();
  for (let seq = 3; seq <= 6; seq += 1) office.held.delete(`1/${seq}`);
  office.resend = { epoch: 1, seq: 3 };
  const report = await phone.synchronise();
  expect(report).toMatchObject({ resent: 4, unsent: 0 });
  expect(office.chain()).toHaveLength(6);
});

test("An office that asks for the same operations again and again is given up, and they are kept.", async () => {
  const { phone, office } = await aDay();
  await work(phone, 2);
  await phone.synchronise();
  office.before = () => {
    office.held.clear();
    office.resend = { epoch: 1, seq: 1 };
  };
  office.resend = { epoch: 1, seq: 1 };
  expect((await refusal(phone.synchronise())).code).not.toBe("");
  expect(await unsent(phone)).toBe(2);
});

test("A granted epoch goes on by hash, counts receipts anew, and both epochs arrive.", async () => {
  const { phone, office } = await aDay();
  await work(phone, 3);
  const { records } = await phone.status();
  const head = records.at(-1)?.hash ?? "";
  office.grant = { epoch: 2, continues: head, reason: "fork" };
  expect((await phone.synchronise()).epoch).toBe(2);
  const recorded = await phone.collect("V1", { amountMinor: 700, method: "cash" });
  expect(recorded).toMatchObject({ epoch: 2, seq: 1, receipt: { number: 1, series: `${DEVICE}/2/1` } });
  expect((await phone.synchronise()).unsent).toBe(0);
  expect(office.chain().at(-1)?.header).toMatchObject({ epoch: 2, seq: 1, prev: head });
});

test("An epoch that continues another head is not entered.", async () => {
  const { phone, office } = await aDay();
  await work(phone, 2);
  office.grant = { epoch: 2, continues: "a".repeat(64), reason: "fork" };
  expect((await phone.synchronise()).epoch).toBe(0);
  expect((await phone.start("V3")).epoch).toBe(1);
});

test("An unknown epoch is answered by asking for a new one, with one id however often the answer is lost.", async () => {
  const { phone, office } = await aDay();
  await work(phone, 1);
  office.fail = [problem(409, "EPOCH-UNKNOWN", "epoch 1 was not assigned")];
  let lost = false;
  office.before = (path) => {
    if (path !== "/api/v1/epoch" || lost) return;
    lost = true;
    throw new TypeError("gone");
  };
  expect(await phone.synchronise()).toMatchObject({ epoch: 2, unsent: 0 });
  expect(office.epochLast).toBe(2);
  expect(office.epochRequests).toHaveLength(2);
});

test("Unsent operations of two epochs go in order.", async () => {
  const { phone, office } = await aDay();
  await work(phone, 2);
  // The epoch is granted, and then the signal is gone.
  office.fail = [problem(409, "EPOCH-UNKNOWN", "epoch 1 was not assigned")];
  office.before = (path) => {
    if (path === "/api/v1/epoch") office.fail = downs();
  };
  await refusal(phone.synchronise());
  await phone.collect("V1", { amountMinor: 700, method: "cash" });
  office.requests.length = 0;
  expect((await phone.synchronise()).unsent).toBe(0);
  expect(office.requests.map((request) => request.operations.length)).toEqual([2, 1]);
});

function downs(): Error[] {
  return Array.from({ length: SYNC_TRIES_MAX }, () => new TypeError("no route"));
}

test("Requests that are too large for the office are halved.", async () => {
  const { phone, office } = await aDay();
  await work(phone, 8);
  office.fail = [problem(413, "EXCHANGE-TOO-MANY", "fewer please")];
  const before = office.requests.length;
  await phone.synchronise();
  expect(office.requests[before]?.operations).toHaveLength(8);
  expect(await unsent(phone)).toBe(0);
});

test("Another incarnation means everything anew; what it does not know any more goes when that is complete.", async () => {
  const { phone, office } = await aDay();
  office.put("visit/V8", aVisit("V8", 8));
  await phone.synchronise();
  office.incarnation = "two";
  office.documents.delete("visit/V8");
  office.page = 2;
  expect((await phone.synchronise()).complete).toBe(true);
  expect((await refusal(phone.stop("V8"))).key).toBe("refused-visit-unknown");
  expect((await phone.stop("V1")).stop.document.visit).toBe("V1");
});

test("A visit that leaves the scope stays while it is open, marked, and goes afterwards.", async () => {
  const { phone, office } = await aDay();
  await phone.start("V1");
  office.put("visit/V1", null);
  office.put("visit/V3", null);
  await phone.synchronise();
  const route = await phone.route();
  expect(route.missing).toEqual(["V3"]);
  expect(route.stops.map((stop) => [stop.document.visit, stop.removed])).toEqual([["V1", true], ["V2", false]]);
  const concluded = await phone.conclude("V1", "nobody_home");
  expect(concluded.advice.map((advice) => advice.key)).toContain("removed");
  await phone.synchronise();
  expect((await refusal(phone.stop("V1"))).key).toBe("refused-visit-unknown");
});

test("A locked phone still sends; nothing new is recorded but the day's end and safety, and unlocking lets work go on.", async () => {
  const { phone, office } = await aDay();
  await work(phone, 2);
  office.lock = true;
  expect(await phone.synchronise()).toMatchObject({ locked: true, unsent: 0 });
  expect(phone.state).toMatchObject({ at: "open", lockedByOffice: true });
  expect((await refusal(phone.collect("V1", { amountMinor: 100, method: "cash" }))).key).toBe("refused-locked");
  expect((await phone.safety("uneasy")).seq).toBe(3);
  expect((await phone.endDay()).seq).toBe(4);
  office.lock = false;
  await phone.synchronise();
  expect((await phone.collect("V1", { amountMinor: 100, method: "cash" })).seq).toBe(5);
});

test("Wiping waits until everything is acknowledged: documents go, operations stay.", async () => {
  const { phone, office } = await aDay();
  await phone.start("V1");
  office.wipe = true;
  let wrote: Promise<unknown> | null = null;
  office.before = (path) => {
    if (path === "/api/v1/sync" && wrote === null) wrote = phone.note("V1", "written while the request was under way");
  };
  const report = await phone.synchronise({ pull: false });
  await wrote;
  const final = report.wiped ? report : await phone.synchronise({ pull: false });
  expect(final).toMatchObject({ wiped: true, unsent: 0 });
  expect((await refusal(phone.stop("V1"))).key).toBe("refused-visit-unknown");
  const status = await phone.status(true);
  expect(status.records).toHaveLength(2);
  expect(status.unsentPhotos).toBe(0);
});

test("A wish to wipe that the office takes back before it was done is not done.", async () => {
  const { phone, office } = await aDay();
  await phone.start("V1");
  await phone.note("V1", "kept back by the office");
  office.dropSideRecords = true;
  office.wipe = true;
  office.acknowledgeHash = "e".repeat(64);
  await refusal(phone.synchronise());
  office.acknowledgeHash = "";
  office.wipe = false;
  expect(await phone.synchronise()).toMatchObject({ wiped: false, unsent: 0 });
  expect((await phone.stop("V1")).stop.document.visit).toBe("V1");
});

test("A revoked phone sends without asking for documents.", async () => {
  const { phone, office } = await aDay();
  await work(phone, 2);
  office.fail = [problem(403, "DEVICE-REVOKED", "reported lost")];
  expect(await phone.synchronise()).toMatchObject({ downloadsRefused: true, unsent: 0 });
  expect(office.requests.at(-1)?.claims.pull).toBe(false);
});

test("An office that was set back takes everything, and its documents wait without anything being taken away.", async () => {
  const { phone, office } = await aDay();
  await work(phone, 2);
  office.documentsWait = true;
  expect(await phone.synchronise()).toMatchObject({ documentsWait: true, complete: false, unsent: 0 });
  expect((await phone.route()).stops.length).toBeGreaterThan(0);
  office.documentsWait = false;
  expect(await phone.synchronise()).toMatchObject({ documentsWait: false, complete: true });
});

test("Small side records travel with their operations.", async () => {
  const { phone, office } = await aDay();
  await phone.start("V1");
  await phone.note("V1", "Dog in the yard");
  await phone.synchronise();
  const [data] = [...office.sideRecords.values()];
  expect(contentOf(data as Uint8Array)).toEqual(utf8("Dog in the yard"));
  expect((await phone.status()).unsentPhotos).toBe(0);
});

test("The sealed answer opens at the office only for its place.", async () => {
  const { phone, office } = await aDay();
  const start = await phone.start("V1");
  await phone.checkIdentity("V1", { method: "visit_code", result: "answered", answer: "482-107" });
  await phone.synchronise();
  const sealed = contentOf([...office.sideRecords.values()][0] as Uint8Array);
  const { pair, point } = office.identityKey;
  const opened = await unseal(pair.privateKey, point, sealed, answerBinding(DEVICE, "V1", start.hash));
  expect(new TextDecoder().decode(opened)).toBe("482107");
  await expect(unseal(pair.privateKey, point, sealed, answerBinding(DEVICE, "V2", start.hash))).rejects.toThrow();
});

test("Side records that the office says it lacks are sent again.", async () => {
  const { phone, office } = await aDay();
  await phone.start("V1");
  await phone.note("V1", "once more");
  office.dropSideRecords = true;
  await phone.synchronise();
  office.dropSideRecords = false;
  const lost = office.requests.flatMap((request) => request.sideRecords).map(({ sha256 }) => sha256);
  office.missing = lost;
  await phone.synchronise();
  office.missing = [];
  await phone.synchronise();
  expect([...office.sideRecords.keys()]).toEqual(lost);
});

test("Signed server time is remembered in the operations after it, with the phone's own clock at that moment.", async () => {
  const { phone, office, world } = await aDay();
  office.serverMs = SERVER_MS + 60_000;
  await phone.synchronise();
  await phone.start("V1");
  const line = JSON.parse(await phone.exportJournal()) as { seen: unknown };
  expect(line.seen).toEqual({ at_ms: SERVER_MS + 60_000, boot: world.boot, mono_ms: world.monoMs });
});

test("The last acknowledgement is shown to the office, and an earlier one never replaces it.", async () => {
  const { phone, office } = await aDay();
  await work(phone, 2);
  await phone.synchronise();
  await phone.synchronise();
  expect(office.requests.at(-1)?.acknowledged).toContain('"seq":2');
});

test("A captive portal's page is no answer and changes nothing.", async () => {
  const { phone, office } = await aDay();
  office.fail = Array.from({ length: SYNC_TRIES_MAX }, () => new Response("<html>Welcome to the hotel</html>"));
  const refused = await refusal(phone.synchronise());
  expect(refused.code).toBe("NETWORK-DOWN");
  expect(refused.cause).toContain("not the office's answer");
});

test("Requests are compressed where the browser can.", async () => {
  const { office, world } = await aDay();
  world.compress = async (data) => {
    const packed = new Blob([data as BlobPart]).stream().pipeThrough(new CompressionStream("gzip"));
    return new Uint8Array(await new Response(packed).arrayBuffer());
  };
  const tab = await world.openTab();
  await tab.start("V1");
  expect((await tab.synchronise()).acknowledged).toBe(1);
  expect(office.encodings.at(-1)).toBe("gzip");
});

test("An office that holds more of this epoch than the phone gives it a new one: its memory is from before.", async () => {
  const { phone, office } = await aDay();
  await phone.start("V1");
  office.acknowledgeSeq = 9;
  office.acknowledgeHash = "d".repeat(64);
  let asked = 0;
  office.before = (path) => {
    if (path !== "/api/v1/epoch") return;
    asked += 1;
    office.acknowledgeSeq = 0;
    office.acknowledgeHash = "";
  };
  const report = await phone.synchronise();
  expect(report).toMatchObject({ epoch: 2, unsent: 0 });
  expect(asked).toBe(1);
  expect(office.epochRequests[0]?.reason).toBe("restored");
});

test("Two tabs that sync at once send everything once, and end with the same.", async () => {
  const { phone, office, world } = await aDay();
  const other = await world.openTab();
  await work(phone, 3);
  const reports = await Promise.all([phone.synchronise(), other.synchronise()]);
  expect(reports.map((report) => report.unsent)).toEqual([0, 0]);
  expect(office.chain()).toHaveLength(3);
  expect(await other.exportJournal()).toBe(await phone.exportJournal());
});
