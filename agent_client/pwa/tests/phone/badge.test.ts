/** The badge: what a customer scans at the door. */
import { expect, test } from "vitest";
import { agentHash, encodeCertificate, isFresh, readBadgeDigits, verifyBadge } from "../../src/core/badge";
import { b64, concat, unb64 } from "../../src/core/encoding";
import { importPublic, sign, TAG_BADGE } from "../../src/core/signing";
import { AGENT, DAY, DEVICE, SERVER_MS } from "./documents";
import type { FakeOffice } from "./fake_office";
import { aDay, refusal } from "./world";

async function certify(office: FakeOffice, device: string): Promise<void> {
  const fromS = SERVER_MS / 1000 - 3_600;
  const body = encodeCertificate({
    officeKey: "00".repeat(8), device, agentHash: agentHash(AGENT), serviceDay: DAY, fromS, untilS: fromS + 86_400,
  });
  const certificate = b64(concat(body, await sign(office.officeKey.pair.privateKey, TAG_BADGE, body)));
  office.put(`badge/${AGENT}/${DAY}`, { agent: AGENT, service_day: DAY, certificates: [{ device, certificate }] });
}

test("Without a certificate of the office, or with another phone's, there is no badge.", async () => {
  const { phone, office } = await aDay();
  expect(await phone.badge()).toBeNull();
  await certify(office, "00000000000000b2");
  await phone.synchronise();
  expect(await phone.badge()).toBeNull();
});

test("A badge verifies under both keys, is fresh by the office's clock, and is another one in the next minute.", async () => {
  const { phone, office, world } = await aDay();
  await certify(office, DEVICE);
  await phone.synchronise();
  const shown = await phone.badge();
  expect(shown?.prefix).toBe("https://pay.example/agent#");
  const badge = readBadgeDigits(shown?.digits ?? "");
  const [ours, device] = [await importPublic(office.officeKey.point), await importPublic(unb64(office.devicePoint))];
  await verifyBadge(badge, ours, device);
  expect(isFresh(badge, SERVER_MS)).toBe(true);
  // The phone's clock shows nine while the office's stands at ten past seven: staleness is told by the phone's own.
  expect((shown?.staleMs ?? 0) - world.wallMs).toBe(6 * 60_000);
  world.pass(60_000);
  expect((await phone.badge())?.digits).not.toBe(shown?.digits);
});

test("A phone that the office locked shows no badge.", async () => {
  const { phone, office } = await aDay();
  await certify(office, DEVICE);
  office.lock = true;
  await phone.synchronise();
  expect((await refusal(phone.badge())).key).toBe("refused-locked");
});
