/** The phone's memory: strict, conditional, whole or not at all, and honest when it was lost. */
import { expect, test, vi } from "vitest";
import { IDBFactory } from "fake-indexeddb";
import { verifyChain } from "../../src/core/journal";
import { utf8 } from "../../src/core/encoding";
import { openDatabase, VERSION } from "../../src/store/schema";
import { finished, settled } from "../../src/store/requests";
import { aVisit, CODE, DEVICE, PIN } from "./documents";
import { aDay, enrolled, refusal, withEach, World } from "./world";

const IDBDatabaseClass = globalThis.IDBDatabase ?? (await import("fake-indexeddb")).IDBDatabase;

test("Every write that is shown or acknowledged asks for strict durability.", async () => {
  const asked: [string, unknown][] = [];
  const spy = vi.spyOn(IDBDatabaseClass.prototype, "transaction").mockImplementation(function (
    this: IDBDatabase, ...given: unknown[]
  ) {
    const [, mode, options] = given as [unknown, string | undefined, { durability?: string } | undefined];
    if (mode === "readwrite" && this.name === "doorstep") asked.push([mode, options?.durability]);
    return original.apply(this, given as Parameters<typeof original>);
  });
  const { phone } = await aDay();
  await phone.start("V1");
  await phone.collect("V1", { amountMinor: 100, method: "cash" });
  await phone.synchronise();
  await phone.changePin(PIN, "550912");
  spy.mockRestore();
  expect(asked.length).toBeGreaterThan(8);
  expect(new Set(asked.map(([, durability]) => durability))).toEqual(new Set(["strict"]));
});
const original = IDBDatabaseClass.prototype.transaction;

test("A full disk is STORE-FULL; nothing is half-written, and the next step goes on.", async () => {
  const { phone, world } = await aDay();
  await phone.start("V1");
  const before = await phone.exportJournal();
  const full = await world.openTab({ indexedDB: overQuota(world.indexedDB) });
  expect((await refusal(full.deposit(100, "Bank", { slip: { bytes: new Uint8Array(9000), mime: "image/png" } }))).code).toBe("STORE-FULL");
  expect((await refusal(full.collect("V1", { amountMinor: 100, method: "cash" }))).code).toBe("STORE-FULL");
  const next = await world.openTab();
  expect(await next.exportJournal()).toBe(before);
  expect((await next.collect("V1", { amountMinor: 100, method: "cash" })).receipt?.number).toBe(1);
});

/** A browser that finds at the commit of every change of the journal that there is no room for it. */
function overQuota(factory: IDBFactory): IDBFactory {
  return withEach(factory, (database) => {
    const transaction = database.transaction.bind(database);
    database.transaction = (...asked: Parameters<typeof transaction>) => {
      const made = transaction(...asked);
      if (asked[1] === "readwrite" && [...made.objectStoreNames].includes("operation")) failAtEnd(made);
      return made;
    };
  });
}

/** What a full disk does: every request succeeds, and the transaction is aborted with this error when it should commit. */
function failAtEnd(transaction: IDBTransaction): void {
  Object.defineProperty(transaction, "error", { value: new DOMException("no room", "QuotaExceededError") });
  const store = transaction.objectStore.bind(transaction);
  transaction.objectStore = (name: string) => {
    const found = store(name);
    if (name !== "meta") return found;
    const put = found.put.bind(found);
    found.put = (...given: Parameters<typeof put>) => {
      const request = put(...given);
      request.addEventListener("success", () => transaction.abort());
      return request;
    };
    return found;
  };
}

test("A phone whose storage was thrown away says so, and names the device that the office must hear of.", async () => {
  const { world, office } = await aDay();
  world.indexedDB = new IDBFactory();
  world.spare = new IDBFactory();
  const lost = await world.tab();
  expect(lost.state).toEqual({ at: "blank", lost: true, lostDevice: DEVICE });
  office.deviceKey = null;
  await lost.enrol(CODE, PIN, "again");
  expect(lost.state).toMatchObject({ at: "open" });
  expect((await world.tab()).state.at).toBe("locked");
});

test("The mark outside the database says nothing but the device and how far its journal came.", async () => {
  const { phone, world } = await aDay();
  await phone.start("V1");
  expect([...world.marks]).toEqual([["doorstep.phone", JSON.stringify({ device: DEVICE, epoch: 1, seq: 1 })]]);
});

test("A memory from before, put back by a backup, goes on in a new epoch and forks nothing afterwards.", async () => {
  const { phone, world, office } = await aDay();
  await phone.start("V1");
  await phone.synchronise();
  world.marks.set("doorstep.phone", JSON.stringify({ device: DEVICE, epoch: 1, seq: 7 }));
  const restored = await world.openTab();
  expect((await refusal(restored.collect("V1", { amountMinor: 100, method: "cash" }))).key).toBe("refused-phone-restored");
  expect(await restored.synchronise()).toMatchObject({ epoch: 2 });
  expect(office.epochRequests).toEqual([expect.objectContaining({ reason: "restored", epoch: 1, seq: 1 })]);
  expect((await restored.collect("V1", { amountMinor: 100, method: "cash" })).epoch).toBe(2);
  expect((await restored.synchronise()).epoch).toBe(0);
  expect(office.epochRequests).toHaveLength(1);
});

test("A blocked localStorage takes nothing from the phone.", async () => {
  const { world } = await enrolled();
  const blocked = (): never => {
    throw new DOMException("blocked", "SecurityError");
  };
  const phone = await world.openTab({ storage: { getItem: blocked, setItem: blocked, removeItem: blocked } });
  await phone.synchronise();
  expect((await phone.safety("uneasy")).seq).toBe(1);
});

test("A database of the first version keeps its unsent records, and they are sent.", async () => {
  const { phone, world, office } = await aDay();
  await phone.start("V1");
  await phone.note("V1", "from before the upgrade");
  await phone.collect("V1", { amountMinor: 20_000, method: "cash" });
  const before = await phone.exportJournal();
  world.indexedDB = await asFirstVersion(world);
  const upgraded = await world.openTab();
  expect(await upgraded.exportJournal()).toBe(before);
  expect(await upgraded.status()).toMatchObject({ unsent: 3, unsentPhotos: 1, receiptLast: 1 });
  expect(await upgraded.synchronise()).toMatchObject({ acknowledged: 3, unsent: 0 });
  expect(office.sideRecords.size).toBe(1);
  expect((await upgraded.collect("V1", { amountMinor: 100, method: "cash" })).receipt?.number).toBe(2);
});

/** The same rows in a database as the first version made it: contents inside the side records' rows. */
async function asFirstVersion(world: World): Promise<IDBFactory> {
  const now = await openDatabase(world.environment(), () => undefined);
  const factory = new IDBFactory();
  const first = await openDatabase(world.environment({ indexedDB: factory }), () => undefined, { version: 1 });
  expect([now.version, first.version]).toEqual([VERSION, 1]);
  expect([...first.objectStoreNames]).not.toContain("content");
  for (const name of first.objectStoreNames) {
    const from = now.transaction([name, "content"]);
    const rows = await settled(from.objectStore(name).getAll());
    const keys = await settled(from.objectStore(name).getAllKeys());
    const contents = new Map((await settled(from.objectStore("content").getAll())).map((row) => [row.sha256, row.sealed]));
    const into = first.transaction(name, "readwrite");
    const done = finished(into);
    rows.forEach((row, at) => {
      const { uploadedMs: _, ...before } = row as { uploadedMs?: number };
      if (name === "side") into.objectStore(name).put({ ...before, sealed: contents.get(row.sha256) });
      else if (name === "meta") into.objectStore(name).put(row, keys[at]);
      else into.objectStore(name).put(row);
    });
    await done;
  }
  now.close();
  first.close();
  return factory;
}

test("A database of a newer app is not opened, and nothing in it is touched.", async () => {
  const { world } = await enrolled();
  (await openDatabase(world.environment(), () => undefined)).close();
  const newer = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = world.indexedDB.open("doorstep", VERSION + 1);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  newer.close();
  const phone = await world.tab();
  expect(phone.state).toEqual({ at: "unsupported", missing: ["update"] });
  expect((await refusal(phone.unlock(PIN))).code).toBe("STORE-VERSION");
});

test("A connection that the browser closed is opened again without anybody noticing.", async () => {
  const { phone, world } = await aDay();
  const databases: IDBDatabase[] = [];
  const tab = await world.openTab({ indexedDB: withEach(world.indexedDB, (database) => databases.push(database)) });
  for (const database of databases) database.close();
  expect((await tab.start("V1")).seq).toBe(1);
  expect(databases).toHaveLength(2);
  expect((await phone.route()).stops[0]?.state).toBe("open");
});

test("A record that was altered on disk is STORE-CORRUPT, and nothing is reset.", async () => {
  const { world, phone } = await aDay();
  await phone.start("V1");
  const database = await openDatabase(world.environment(), () => undefined);
  const transaction = database.transaction("operation", "readwrite");
  const row = await settled(transaction.objectStore("operation").get(1));
  (row.sealed as Uint8Array)[20] = (row.sealed as Uint8Array)[20] === 0 ? 1 : 0;
  transaction.objectStore("operation").put(row);
  await finished(transaction);
  const tab = await world.openTab();
  expect((await refusal(tab.start("V1"))).code).toBe("STORE-CORRUPT");
  const head = database.transaction("head", "readwrite");
  head.objectStore("head").put({ ...(await settled(head.objectStore("head").get("head"))), seq: 9 });
  await finished(head);
  database.close();
  const other = await world.tab();
  expect((await refusal(other.unlock(PIN))).code).toBe("STORE-CORRUPT");
  expect(other.state.at).toBe("locked");
});

test("Two tabs that write at once write one chain, each under the head that it read.", async () => {
  const { world, phone } = await aDay();
  const other = await world.openTab();
  await phone.start("V1");
  const writes = Array.from({ length: 12 }, (_, turn) =>
    (turn % 2 ? phone : other).collect("V1", { amountMinor: 100 + turn, method: "cash" }),
  );
  const numbers = (await Promise.all(writes)).map((recorded) => recorded.receipt?.number).sort((one, two) => (one ?? 0) - (two ?? 0));
  expect(numbers).toEqual(Array.from({ length: 12 }, (_, number) => number + 1));
  const lines = (await other.exportJournal()).trim().split("\n").map((line) => utf8(line));
  expect(verifyChain(lines)).toHaveLength(13);
});

test("Even without a lock between them, two tabs cannot write over each other.", async () => {
  const { world, phone } = await aDay();
  await phone.start("V1");
  const lockless = { request: async <T>(_name: string, _options: object, callback: (lock: unknown) => Promise<T>) => callback({}) };
  const one = await world.openTab({ locks: lockless });
  const two = await world.openTab({ locks: lockless });
  const writes = [1, 2, 3].flatMap((turn) => [one, two].map((tab) => tab.collect("V1", { amountMinor: turn, method: "cash" })));
  const done = await Promise.allSettled(writes);
  const written = done.filter(({ status }) => status === "fulfilled").length;
  expect(written).toBeGreaterThan(2);
  const lines = (await phone.exportJournal()).trim().split("\n").map((line) => utf8(line));
  expect(verifyChain(lines)).toHaveLength(1 + written);
});

test("Other tabs hear of a change, and of another one that writes; locking by hand locks them too.", async () => {
  const { world, phone } = await aDay();
  const other = await world.openTab();
  let told = 0;
  other.subscribe(() => {
    told += 1;
  });
  await phone.start("V1");
  await vi.waitFor(() => expect(told).toBeGreaterThan(0), 10_000);
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  void world.locks.request("doorstep-writer", {}, () => held);
  const step = other.note("V1", "waits for the other tab");
  await vi.waitFor(() => expect(other.state).toMatchObject({ at: "open", otherWriter: true }), 10_000);
  expect((await other.route()).stops).toHaveLength(3);
  release();
  await step;
  expect(other.state).toMatchObject({ at: "open", otherWriter: false });
  phone.lock();
  await vi.waitFor(() => expect(other.state.at).toBe("locked"), 10_000);
});

test("The phone sends by itself: after a step, when there is signal, when it is looked at, and again while something waits.", async () => {
  const { world, phone, office } = await aDay();
  const sent = () =>
    vi.waitFor(async () => {
      expect((await phone.status()).unsent).toBe(0);
      expect(phone.sync.at).toBe("idle");
    }, 10_000);
  await phone.start("V1");
  world.pass(4_000);
  await sent();
  await phone.note("V1", "later");
  office.fail = Array.from({ length: 5 }, () => new TypeError("no route"));
  world.happen("online");
  await vi.waitFor(() => expect(phone.sync).toMatchObject({ lastError: { code: "NETWORK-DOWN" } }), 10_000);
  expect(world.wakings).toBe(1);
  world.pass(120_000);
  await sent();
  await phone.note("V1", "and once more");
  world.happen("visible");
  await sent();
  phone.lock();
  office.put("visit/V1", aVisit("V1", 1));
  const before = office.requests.length;
  world.happen("online");
  expect(await phone.wake()).toBe(false);
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(office.requests).toHaveLength(before);
});
