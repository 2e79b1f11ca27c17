/** The spare: a database that the browser threw away comes back whole, whichever of the two it was, at whatever moment. */
import { IDBFactory } from "fake-indexeddb";
import { expect, test } from "vitest";
import { createPhone } from "../../src/phone/create";
import { openDatabase, SPARE_DATABASE } from "../../src/store/schema";
import { finished, settled } from "../../src/store/requests";
import { later, type Standing } from "../../src/store/spare";
import { CODE, DEVICE, PIN } from "./documents";
import { FakeOffice } from "./fake_office";
import { Mortal } from "./mortal";
import { aDay, enrolled, TestLocks, withEach, World } from "./world";

const PHOTO = { bytes: new Uint8Array(9000).fill(9), mime: "image/jpeg" } as const;

/** Everything that lies in a database, keys beside rows. */
async function everything(factory: IDBFactory, name: string): Promise<Record<string, [IDBValidKey, unknown][]>> {
  const database = await openDatabase({ indexedDB: factory }, () => undefined, { name });
  const stores = [...database.objectStoreNames];
  const transaction = database.transaction(stores, "readonly");
  const found = await Promise.all(
    stores.map(async (store) => {
      const [keys, rows] = await Promise.all([
        settled(transaction.objectStore(store).getAllKeys()),
        settled(transaction.objectStore(store).getAll()),
      ]);
      return [store, keys.map((key, at) => [key, rows[at] as unknown])] as const;
    }),
  );
  database.close();
  return Object.fromEntries(found) as Record<string, [IDBValidKey, unknown][]>;
}

async function bothOf(world: World): Promise<[unknown, unknown]> {
  return [await everything(world.indexedDB, "doorstep"), await everything(world.spare as IDBFactory, SPARE_DATABASE)];
}

test("After every step, the spare holds what the first holds: rows, photos, keys, tries.", async () => {
  const { phone, world } = await aDay();
  const steps = [
    () => phone.start("V1"),
    () => phone.collect("V1", { amountMinor: 20_000, method: "cash" }),
    () => phone.deposit(5_000, "Bank", { slip: PHOTO }),
    () => phone.recoveryRequest(),
    () => phone.synchronise(),
    () => phone.changePin(PIN, "550912"),
    () => world.tab().then((other) => other.unlock("000000").catch(() => undefined)),
  ];
  for (const step of steps) {
    await step();
    const [first, spare] = await bothOf(world);
    expect(spare).toEqual(first);
  }
});

test.each(["first", "spare", "first, then spare"])("Thrown away (%s), nothing is missing afterwards.", async (which) => {
  const { phone, world, office } = await aDay();
  await phone.start("V1");
  await phone.collect("V1", { amountMinor: 20_000, method: "cash" });
  await phone.deposit(5_000, "Bank", { slip: PHOTO });
  const before = await phone.exportJournal();
  if (which.startsWith("first")) world.indexedDB = new IDBFactory();
  if (which === "spare") world.spare = new IDBFactory();
  if (which === "first, then spare") {
    expect((await world.tab()).state.at).toBe("locked");
    world.spare = new IDBFactory();
  }
  const again = await world.openTab();
  expect(again.state).toMatchObject({ at: "open", device: DEVICE });
  expect(await again.exportJournal()).toBe(before);
  expect((await again.collect("V1", { amountMinor: 100, method: "cash" })).receipt?.number).toBe(2);
  expect(await again.synchronise()).toMatchObject({ unsent: 0, epoch: 0 });
  expect(office.epochRequests).toEqual([]);
  expect(office.sideRecords.size).toBe(1);
  const [first, spare] = await bothOf(world);
  expect(spare).toEqual(first);
});

test("Killed at every touch of a step, and then one of the two is gone: what was shown is there.", { timeout: 240_000 }, async () => {
  for (const gone of ["indexedDB", "spare"] as const) {
    for (let dieAt = 1; ; dieAt += 1) {
      const office = await FakeOffice.open();
      const world = new World(office);
      await (await world.tab()).enrol(CODE, PIN, "test");
      const mortal = new Mortal(dieAt);
      const phone = createPhone(mortal.of(world.environment()));
      let shown = "";
      const live = async (): Promise<void> => {
        await phone.started;
        await phone.unlock(PIN);
        const { hash } = await phone.safety("uneasy");
        if (!mortal.dead) shown = hash;
      };
      await Promise.race([live().catch((error: unknown) => (mortal.dead ? mortal.died : Promise.reject(error))), mortal.died]);
      await new Promise((resolve) => setTimeout(resolve, 0));
      world.locks = new TestLocks();
      world.timers.clear();
      world.channels.clear();
      world[gone] = new IDBFactory();
      const after = await world.openTab();
      const { records, seq } = await after.status(true);
      expect(records.map(({ hash }) => hash), `killed at ${dieAt}`).toEqual(shown === "" ? expect.anything() : [shown]);
      expect((await after.safety("uneasy")).seq).toBe(seq + 1);
      if (!mortal.dead) break;
      expect(dieAt).toBeLessThan(500);
    }
  }
});

test("Tabs that write and open at once leave both the same.", async () => {
  const { phone, world } = await aDay();
  const other = await world.openTab();
  await phone.start("V1");
  // Which PIN holds when the third tab is opened is a matter of luck.
  const third = world.openTab().catch(() => undefined);
  await Promise.all([
    phone.note("V1", "one"), third, other.note("V1", "two"), phone.changePin(PIN, "550912"), world.tab(),
    other.safety("uneasy"), phone.collect("V1", { amountMinor: 100, method: "cash" }), world.tab(),
  ]);
  const [first, spare] = await bothOf(world);
  expect(spare).toEqual(first);
  expect((await phone.status()).seq).toBe(5);
});

test("A spare that cannot be opened or written keeps nobody from working, and is made up for later.", async () => {
  const { world } = await enrolled();
  const { spare } = world;
  for (const broken of [async () => null, () => Promise.reject(new Error("denied")), async () => deaf(spare as IDBFactory)]) {
    const phone = await world.openTab({ spare: broken });
    await phone.safety("uneasy");
    await phone.safety("uneasy");
    phone.lock();
    const [first, second] = await bothOf(world);
    expect(second).not.toEqual(first);
    await world.tab();
    expect((await bothOf(world))[1]).toEqual(first);
  }
});

/** A place with no room for anything. */
function deaf(factory: IDBFactory): IDBFactory {
  return withEach(factory, (database) => {
    const transaction = database.transaction.bind(database);
    database.transaction = (...asked: Parameters<typeof transaction>) => {
      if (asked[1] === "readwrite") throw new DOMException("no room", "QuotaExceededError");
      return transaction(...asked);
    };
  });
}

test("A full disk met while the lost one is brought back is told, and the spare stays whole.", async () => {
  const { phone, world } = await aDay();
  await phone.start("V1");
  const before = await everything(world.spare as IDBFactory, SPARE_DATABASE);
  world.indexedDB = new IDBFactory();
  const tab = await world.tab({ indexedDB: deaf(world.indexedDB) });
  expect(tab.state).toEqual({ at: "unsupported", missing: ["indexeddb"] });
  expect(await everything(world.spare as IDBFactory, SPARE_DATABASE)).toEqual(before);
  expect((await (await world.openTab()).status()).seq).toBe(1);
});

test("Another device's spare is replaced once it was sent, and kept apart before.", async () => {
  for (const isSent of [true, false]) {
    const { phone, world, office } = await enrolled();
    await phone.safety("uneasy");
    if (isSent) await phone.synchronise();
    const old = await everything(world.spare as IDBFactory, SPARE_DATABASE);
    const { spare } = world;
    world.indexedDB = new IDBFactory();
    world.spare = null;
    office.deviceKey = null;
    office.device = "fedcba9876543210";
    await (await world.tab()).enrol(CODE, PIN, "again");
    world.spare = spare;
    await world.openTab();
    const [first, kept] = await bothOf(world);
    expect(kept).toEqual(isSent ? first : old);
  }
});

test("The later of two is told by the device first, then by how far it came.", () => {
  const at = (device: string | null, revision: number, unsent = 0): Standing => ({ device, revision, unsent });
  expect(later(at(null, 0), at(null, 0))).toBe("same");
  expect(later(at("a", 7), at("a", 7))).toBe("same");
  expect(later(at("a", 8), at("a", 7))).toBe("main");
  expect(later(at("a", 7), at("a", 8))).toBe("spare");
  expect(later(at(null, 9), at("a", 8))).toBe("spare");
  expect(later(at("a", 1), at(null, 8))).toBe("main");
  expect(later(at("a", 1), at("b", 8))).toBe("main");
  expect(later(at("a", 1), at("b", 8, 1))).toBe("apart");
});

test("Rows from before the spare was invented are in it from the first opening on.", async () => {
  const { phone, world } = await aDay();
  await phone.start("V1");
  const database = await openDatabase({ indexedDB: world.indexedDB }, () => undefined);
  const transaction = database.transaction("meta", "readwrite");
  const done = finished(transaction);
  transaction.objectStore("meta").put(1, "revision");
  await done;
  database.close();
  world.spare = new IDBFactory();
  await world.tab();
  const [first, spare] = await bothOf(world);
  expect(spare).toEqual(first);
});
