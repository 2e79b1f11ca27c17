/** badge.json. */
import { expect } from "vitest";
import {
  agentHash, badgeDigits, type Certificate, decodeCertificate, encodeCertificate, isFresh, readBadge, readBadgeDigits, readCertificate,
  signBadge, verifyBadge, verifyCertificate,
} from "../../../src/core/badge";
import { hex, unhex } from "../../../src/core/encoding";
import { codeOf, codeOfLater, load, publicKey, signingKey } from "./files";

interface Fields {
  office_key: string; device: string; agent_hash: string; service_day: string; from_s: number; until_s: number;
}

export async function badges(): Promise<void> {
  const vectors = load<{
    office_key: string; device_key: string; prefix: string; agents: { agent: string; agent_hash: string }[];
    badges: {
      fields: Fields; minute: number; certificate_hex: string; office_signature_hex: string; certificate: string; device_signature_hex: string;
      badge_hex: string; digits: string; qr: string;
    }[];
    fresh: { badge_hex: string; now_ms: number; fresh: boolean }[];
    digits_refused: string[]; digits_appended: { text: string; digits: string }[]; certificates_refused: string[];
    forged: { why: string; badge_hex: string }[];
  }>("badge.json");
  const [office, device] = [await publicKey(vectors.office_key), await publicKey(vectors.device_key)];
  for (const { agent, agent_hash } of vectors.agents) expect(agentHash(agent)).toBe(agent_hash);
  for (const one of vectors.badges) {
    const body = bodyOf(one.fields);
    expect(hex(encodeCertificate(body))).toBe(one.certificate_hex);
    expect(decodeCertificate(unhex(one.certificate_hex))).toEqual(body);
    const certificate = readCertificate(one.certificate);
    expect(hex(certificate.data)).toBe(one.certificate_hex + one.office_signature_hex);
    await verifyCertificate(certificate, office);
    const badge = readBadge(unhex(one.badge_hex));
    expect([badge.minute, badgeDigits(badge), vectors.prefix + one.digits]).toEqual([one.minute, one.digits, one.qr]);
    expect(hex(badge.data).endsWith(one.device_signature_hex)).toBe(true);
    expect(readBadgeDigits(one.digits)).toEqual(badge);
    await verifyBadge(badge, office, device);
    const own = await signBadge(await signingKey(vectors.device_key), certificate, one.minute * 60_000 + 59_999);
    expect(own.minute).toBe(one.minute);
    await verifyBadge(own, office, device);
  }
  for (const { badge_hex, now_ms, fresh } of vectors.fresh) expect(isFresh(readBadge(unhex(badge_hex)), now_ms)).toBe(fresh);
  for (const text of vectors.digits_refused) expect(codeOf(() => readBadgeDigits(text)), text).toBe("BADGE-MALFORMED");
  for (const { text, digits } of vectors.digits_appended) expect(badgeDigits(readBadgeDigits(text))).toBe(digits);
  for (const body of vectors.certificates_refused) expect(codeOf(() => decodeCertificate(unhex(body))), body).toBe("BADGE-MALFORMED");
  for (const { why, badge_hex } of vectors.forged) {
    expect(await codeOfLater(verifyBadge(readBadge(unhex(badge_hex)), office, device)), why).toBe("BADGE-FORGED");
  }
}

function bodyOf(fields: Fields): Certificate {
  return {
    officeKey: fields.office_key, device: fields.device, agentHash: fields.agent_hash, serviceDay: fields.service_day,
    fromS: fields.from_s, untilS: fields.until_s,
  };
}
