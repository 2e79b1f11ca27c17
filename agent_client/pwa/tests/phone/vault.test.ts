/** What opens the phone, and how often somebody may try. */
import { expect, test, vi } from "vitest";
import { DELAY_MS_AFTER_WRONG, TRIES_MAX } from "../../src/vault/limits";
import { checkNewPin } from "../../src/vault/pin";
import { IDLE_LOCK_MS } from "../../src/phone/limits";
import { CODE, DEVICE, PIN } from "./documents";
import { FakeOffice } from "./fake_office";
import { aDay, enrolled, refusal, World } from "./world";

test("A phone is blank, then open after enrolment, and locked in the next page load.", async () => {
  const world = new World(await FakeOffice.open());
  const phone = await world.tab();
  expect(phone.state).toEqual({ at: "blank", lost: false, lostDevice: "" });
  await phone.enrol(CODE, PIN, "test");
  expect(phone.state).toMatchObject({ at: "open", device: DEVICE, agent: "AG01", officeUrl: "https://office.example" });
  const again = await world.tab();
  expect(again.state).toEqual({ at: "locked", device: DEVICE, triesLeft: TRIES_MAX, waitMs: 0, unsent: 0 });
  await again.unlock(` ${PIN.replace("7", "７")} `);
  expect(again.state.at).toBe("open");
});

test("A browser that lacks something needed records nothing and says what.", async () => {
  const world = new World(await FakeOffice.open());
  world.missing = ["locks"];
  expect((await world.tab()).state).toEqual({ at: "unsupported", missing: ["locks"] });
});

test("The enrolment code may come as a QR text of this office, and of no other.", async () => {
  const world = new World(await FakeOffice.open());
  const phone = await world.tab();
  const of = (url: string): string => `doorstep:ENROL?url=${encodeURIComponent(url)}&code=${CODE}`;
  expect((await refusal(phone.enrol(of("https://other.example"), PIN, ""))).key).toBe("refused-phone-other-office");
  expect((await refusal(phone.enrol("doorstep:ENROL?url=x", PIN, ""))).code).toBe("ARGUMENT-WRONG");
  expect((await refusal(phone.enrol("  ", PIN, ""))).code).toBe("ARGUMENT-WRONG");
  await phone.enrol(of("https://office.example/"), PIN, "");
  expect(phone.state.at).toBe("open");
});

test("A wrong code, a weak PIN and a second enrolment are refused, and change nothing.", async () => {
  const world = new World(await FakeOffice.open());
  const phone = await world.tab();
  expect((await refusal(phone.enrol("NOPE", PIN, ""))).code).toBe("ENROL-CODE-WRONG");
  expect((await refusal(phone.enrol(CODE, "123456", ""))).code).toBe("SECRET-WEAK");
  expect(phone.state.at).toBe("blank");
  await phone.enrol(CODE, PIN, "");
  expect((await refusal(phone.enrol(CODE, PIN, ""))).code).toBe("VAULT-EXISTS");
});

test("When enrolment's answer is lost, even with the page, the same code gives the same device.", async () => {
  const world = new World(await FakeOffice.open());
  const phone = await world.tab();
  world.office.before = () => {
    throw new TypeError("the signal dropped");
  };
  expect((await refusal(phone.enrol(CODE, PIN, ""))).code).toBe("NETWORK-DOWN");
  world.office.before = () => undefined;
  const next = await world.tab();
  await next.enrol(CODE, PIN, "");
  expect(next.state).toMatchObject({ at: "open", device: DEVICE });
});

test("An enrolment answer with a key that is none is not kept.", async () => {
  const world = new World(await FakeOffice.open());
  const phone = await world.tab();
  world.office.identityKey.point = new Uint8Array(65);
  expect((await refusal(phone.enrol(CODE, PIN, ""))).code).toBe("ANSWER-UNTRUSTED");
  expect(phone.state.at).toBe("blank");
});

test("PINs have six to sixteen digits and are no plain sequence.", () => {
  for (const weak of ["", "12345", "123456", "000000", "987654", "890123", "12a456", "1".repeat(17)]) {
    expect(() => checkNewPin(weak), weak).toThrow(/SECRET-WEAK/);
  }
  expect(checkNewPin(" ７40261 ")).toBe("740261");
});

test("Wrong tries are counted, wait longer and longer, and in the end only the office helps.", async () => {
  const { world } = await enrolled();
  const phone = await world.tab();
  for (let tries = 1; tries < TRIES_MAX; tries += 1) {
    const refused = await refusal(phone.unlock("999111"));
    expect(refused.code).toBe("PIN-WRONG");
    const waitMs = DELAY_MS_AFTER_WRONG[tries] as number;
    expect(phone.state).toMatchObject({ at: "locked", triesLeft: TRIES_MAX - tries, waitMs });
    if (waitMs > 0) {
      expect((await refusal(phone.unlock(PIN))).code).toBe("PIN-LOCKED");
      world.pass(waitMs);
    }
  }
  expect((await refusal(phone.unlock("999111"))).cause).toContain("only recovery");
  world.pass(10 * 3_600_000);
  expect((await refusal(phone.unlock(PIN))).code).toBe("PIN-LOCKED");
  expect(phone.state).toMatchObject({ at: "locked", triesLeft: 0 });
});

test("A right PIN forgets the wrong tries before it.", async () => {
  const { world } = await enrolled();
  const phone = await world.tab();
  await refusal(phone.unlock("999111"));
  await phone.unlock(PIN);
  expect((await world.tab()).state).toMatchObject({ triesLeft: TRIES_MAX });
});

test("A try is on disk before it is made: killing the page gives no other one.", async () => {
  const { world } = await enrolled();
  const never = new Promise<never>(() => undefined);
  const subtle = new Proxy(crypto.subtle, {
    get: (target, name) => {
      const member = Reflect.get(target, name) as (...given: unknown[]) => unknown;
      return name === "deriveKey" ? () => never : member.bind(target);
    },
  });
  const dying = await world.tab({ subtle });
  void dying.unlock("999111");
  await vi.waitFor(async () => expect((await world.tab()).state).toMatchObject({ triesLeft: TRIES_MAX - 1 }), 10_000);
});

test("A clock that was once years ahead does not lock the phone for years.", async () => {
  const { world } = await enrolled();
  const phone = await world.tab();
  const present = world.wallMs;
  world.wallMs += 10 * 365 * 86_400_000;
  for (let tries = 0; tries < 3; tries += 1) await refusal(phone.unlock("999111"));
  world.wallMs = present;
  expect((await refusal(phone.unlock(PIN))).code).toBe("PIN-LOCKED");
  world.pass(5_000);
  await phone.unlock(PIN);
  expect(phone.state.at).toBe("open");
});

test("Another PIN opens the phone and the old one does not.", async () => {
  const { world, phone } = await enrolled();
  expect((await refusal(phone.changePin("999111", "550912"))).code).toBe("PIN-WRONG");
  expect((await refusal(phone.changePin(PIN, "111111"))).code).toBe("SECRET-WEAK");
  await phone.changePin(PIN, "550912");
  const next = await world.tab();
  expect((await refusal(next.unlock(PIN))).code).toBe("PIN-WRONG");
  await next.unlock("550912");
  expect(next.state.at).toBe("open");
});

test("A PIN that was set when guessing was cheaper is derived anew in passing.", async () => {
  const { world } = await enrolled();
  world.iterations = 50;
  await world.openTab();
  world.iterations = 10;
  const phone = await world.openTab();
  expect(phone.state.at).toBe("open");
});

test("Locking drops the keys; what is asked then is refused, and nothing is deleted.", async () => {
  const { phone, world } = await aDay();
  await phone.start("V1");
  phone.lock();
  expect((await refusal(phone.route())).code).toBe("STATE-FORBIDS");
  await vi.waitFor(() => expect(phone.state).toMatchObject({ at: "locked", unsent: 1 }), 10_000);
  await phone.unlock(PIN);
  expect((await phone.route()).stops[0]?.state).toBe("open");
  expect(world.marks.get("doorstep.phone")).toContain(DEVICE);
});

test("A phone without a touch locks itself; a touch puts it off.", async () => {
  const { phone, world } = await aDay();
  world.pass(IDLE_LOCK_MS - 1);
  phone.touch();
  world.pass(IDLE_LOCK_MS - 1);
  expect(phone.state.at).toBe("open");
  world.pass(1);
  await vi.waitFor(() => expect(phone.state.at).toBe("locked"), 10_000);
});

test("A forgotten PIN: the office answers the request, and the phone opens under a new PIN with everything unsent.", async () => {
  const { phone, office, world } = await aDay();
  await phone.start("V1");
  await phone.collect("V1", { amountMinor: 20_000, method: "cash" });
  const next = await world.tab();
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    await refusal(next.unlock("999111"));
    world.pass(3_600_000);
  }
  const request = await next.recoveryRequest();
  expect(await next.recoveryRequest()).toBe(request);
  const answer = await office.answerRecovery(request);
  expect((await refusal(next.recoveryFinish(answer.replace("a1", "a2"), "550912"))).code).toBe("RECOVERY-WRONG");
  expect((await refusal(next.recoveryFinish("{}", "550912"))).code).toBe("RECOVERY-WRONG");
  expect((await refusal(next.recoveryFinish(answer, "222222"))).code).toBe("SECRET-WEAK");
  await next.recoveryFinish(`${answer}\n`, "550912");
  expect(next.state.at).toBe("open");
  expect((await next.status()).unsent).toBe(2);
  expect((await refusal(next.recoveryFinish(answer, "550912"))).code).toBe("RECOVERY-WRONG");
  const third = await world.tab();
  expect(third.state).toMatchObject({ triesLeft: TRIES_MAX });
  await third.unlock("550912");
});

test("Nothing personal and no amount lies in the storage in clear.", async () => {
  const { phone, world } = await aDay();
  await phone.start("V1");
  await phone.checkIdentity("V1", { method: "visit_code", result: "answered", answer: "482107" });
  await phone.note("V1", "Dog in the yard");
  await phone.collect("V1", { amountMinor: 123_456, method: "cash" });
  const stored = await everything(world);
  for (const secret of ["李敏", "人民路", "8611100000001", "Dog in the yard", "123456", "482107", "王秀英", "AC-V1", "CU-V1"]) {
    expect(stored, secret).not.toContain(secret);
  }
  expect(stored).toContain("PaymentCollected");
});

/** Every row of every store, as text: bytes as both Latin-1 and UTF-8. */
async function everything(world: World): Promise<string> {
  const database = await new Promise<IDBDatabase>((resolve) => {
    const request = world.indexedDB.open("doorstep");
    request.onsuccess = () => resolve(request.result);
  });
  const pieces: string[] = [];
  for (const name of database.objectStoreNames) {
    const rows = await new Promise<unknown[]>((resolve) => {
      const request = database.transaction(name).objectStore(name).getAll();
      request.onsuccess = () => resolve(request.result);
    });
    pieces.push(
      JSON.stringify(rows, (_key, value: unknown) =>
        value instanceof Uint8Array ? Buffer.from(value).toString("latin1") + Buffer.from(value).toString("utf8") : value,
      ),
    );
  }
  database.close();
  return pieces.join("\n");
}
