/** Photos travel apart, in parts that a weak signal carries. */
import { expect, test } from "vitest";
import { PART_BYTES, SYNC_TRIES_MAX, UPLOADED_KEPT_MS } from "../../src/exchange/limits";
import type { RunningPhone } from "../../src/phone/create";
import { aDay, refusal } from "./world";

const photo = (size: number, fill = 7) => ({ bytes: new Uint8Array(size).fill(fill), mime: "image/jpeg" }) as const;

async function deposit(phone: RunningPhone, size: number, fill = 7): Promise<string> {
  await phone.deposit(100, "Bank", { slip: photo(size, fill) });
  const line = (await phone.exportJournal()).trim().split("\n").at(-1) ?? "";
  return (JSON.parse(line) as { body: { slip: string } }).body.slip;
}

test("A photo goes after the operation that names it, part by part, and its progress can be watched.", async () => {
  const { phone, office } = await aDay();
  const slip = await deposit(phone, 3 * PART_BYTES);
  const seen = new Set<number>();
  phone.subscribe(() => {
    if (phone.sync.at === "running" && phone.sync.progress.phase === "photos") seen.add(phone.sync.progress.done);
  });
  const report = await phone.synchronise();
  expect(report).toMatchObject({ photos: 1, unsent: 0 });
  expect(office.parts.map(({ method, offset, bytes }) => [method, offset, bytes])).toEqual([
    ["HEAD", "", 0],
    ["PATCH", "0", PART_BYTES],
    ["PATCH", String(PART_BYTES), PART_BYTES],
    ["PATCH", String(2 * PART_BYTES), PART_BYTES],
    ["PATCH", String(3 * PART_BYTES), 16],
  ]);
  expect(office.sideRecords.get(slip)).toHaveLength(3 * PART_BYTES + 16);
  expect([...seen]).toEqual([0, PART_BYTES, 2 * PART_BYTES, 3 * PART_BYTES, 3 * PART_BYTES + 16]);
  expect(await phone.status()).toMatchObject({ unsentPhotos: 0, unsentPhotoBytes: 0 });
});

test("When the signal drops the next sync goes on from where the office is.", async () => {
  const { phone, office } = await aDay();
  const slip = await deposit(phone, 3 * PART_BYTES);
  office.before = (path) => {
    // Two parts arrive, the answer to the second is lost, and then there is no signal.
    if (!path.includes("side-records") || office.partial.get(slip)?.length !== 2 * PART_BYTES) return;
    office.fail = Array.from({ length: SYNC_TRIES_MAX }, () => new TypeError("no route"));
    throw new TypeError("the signal dropped");
  };
  expect((await refusal(phone.synchronise())).code).toBe("NETWORK-DOWN");
  expect(await phone.status()).toMatchObject({ unsent: 0, unsentPhotos: 1 });
  office.before = () => undefined;
  office.fail = [];
  office.parts.length = 0;
  expect((await phone.synchronise()).photos).toBe(1);
  expect(office.parts.map(({ method, offset }) => [method, offset])).toEqual([
    ["HEAD", ""], ["PATCH", String(2 * PART_BYTES)], ["PATCH", String(3 * PART_BYTES)],
  ]);
  expect(office.sideRecords.has(slip)).toBe(true);
});

test("An office that forgot an upload is sent it from the beginning.", async () => {
  const { phone, office } = await aDay();
  const slip = await deposit(phone, 2 * PART_BYTES);
  let forgot = false;
  office.before = (path) => {
    if (forgot || !path.includes("side-records") || office.partial.get(slip)?.length !== PART_BYTES) return;
    forgot = true;
    office.partial.delete(slip);
  };
  expect((await phone.synchronise()).photos).toBe(1);
  expect(office.sideRecords.has(slip)).toBe(true);
});

test("A photo that the office holds already is not sent again.", async () => {
  const { phone, office } = await aDay();
  const slip = await deposit(phone, 2 * PART_BYTES);
  office.sideRecords.set(slip, new Uint8Array(2 * PART_BYTES + 16));
  expect((await phone.synchronise()).photos).toBe(1);
  expect(office.parts.map(({ method }) => method)).toEqual(["HEAD"]);
});

test("An office that knows no parts is sent the whole.", async () => {
  const { phone, office } = await aDay();
  office.knowsParts = false;
  const slip = await deposit(phone, 2 * PART_BYTES);
  expect((await phone.synchronise()).photos).toBe(1);
  expect(office.parts.map(({ method }) => method)).toEqual(["HEAD", "PUT"]);
  expect(office.sideRecords.has(slip)).toBe(true);
});

test("Several photos go one after the other; the vault's way in closes only after the last.", async () => {
  const { phone, office } = await aDay();
  await deposit(phone, PART_BYTES, 1);
  await deposit(phone, PART_BYTES, 2);
  office.fail = [];
  let puts = 0;
  office.before = (path) => {
    if (!path.includes("side-records")) return;
    puts += 1;
    if (puts > 3) office.fail = Array.from({ length: SYNC_TRIES_MAX }, () => new TypeError("no route"));
  };
  await refusal(phone.synchronise());
  expect(await phone.status()).toMatchObject({ unsent: 0, unsentPhotos: 1 });
  expect(await phone.recoveryRequest()).toContain("recovery_slot");
  office.before = () => undefined;
  office.fail = [];
  await phone.synchronise();
  expect(office.sideRecords.size).toBe(2);
  expect((await refusal(phone.recoveryRequest())).code).toBe("RECOVERY-WRONG");
});

test("A photo beyond what the office takes is refused before anything is written.", async () => {
  const { phone } = await aDay();
  expect((await refusal(phone.deposit(100, "Bank", { slip: photo(2 * 1024 * 1024) }))).code).toBe("ARGUMENT-WRONG");
  expect((await phone.status()).seq).toBe(0);
});

test("Photos stay for two weeks after they arrived, so that an office restored from a backup can ask for them, and then go.", async () => {
  const { phone, office } = await aDay();
  const slip = await deposit(phone, PART_BYTES);
  await phone.note("V1", "a note stays as long");
  await phone.synchronise();
  office.serverMs += UPLOADED_KEPT_MS;
  office.sideRecords.clear();
  office.partial.clear();
  office.missing = [slip];
  await phone.synchronise();
  office.missing = [];
  expect([...office.sideRecords.keys()]).toEqual([slip]);
  office.serverMs += UPLOADED_KEPT_MS + 1;
  await phone.synchronise();
  office.sideRecords.clear();
  office.partial.clear();
  office.missing = [slip];
  expect((await phone.synchronise()).photos).toBe(0);
  expect((await phone.status()).unsentPhotos).toBe(0);
});
