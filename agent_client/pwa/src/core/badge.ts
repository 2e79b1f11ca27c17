/**
 * Badges: how a customer sees that the agent at the door is genuine (PROTOCOL 10).
 *
 * The office certifies that a phone speaks for an agent on one service day (35 bytes and its signature); the phone signs the
 * present minute under that certificate and shows both as 406 digits behind `https://HOST/agent#`. All integers are
 * big-endian.
 *
 *     offset length content
 *     0      1      version (high four bits, now 1) and algorithm (low four bits, 1 = ES256)
 *     1      8      id of the office's key that signs
 *     9      8      key id: the device's id, whose key signs the minutes
 *     17     8      the first 8 bytes of the SHA-256 of the agent's id
 *     25     2      service day, days since 1970-01-01
 *     27     4      valid from, seconds since 1970 UTC
 *     31     4      valid until (not included), seconds since 1970 UTC
 *     35     64     the office's signature over bytes 0 … 34
 *     99     4      the minute: whole minutes since 1970 UTC
 *     103    64     the device's signature over bytes 0 … 34 followed by bytes 99 … 102
 */
import { dayNumber, dayText } from "./days";
import { decodeDigits, digitsOf, encodeDigits } from "./digits";
import { concat, hex, sha256, unb64, unhex, utf8 } from "./encoding";
import { DoorstepError } from "./errors";
import { BADGE_MINUTES_MAX } from "./generated/limits";
import { sign, TAG_BADGE, TAG_BADGE_MINUTE, verify } from "./signing";

export const BADGE_BYTES = 167;
export const BADGE_DIGITS = digitsOf(BADGE_BYTES);
export const CERTIFICATE_BYTES = 99;

const VERSION = 0x11;
const BODY_BYTES = 35;
const SIGNED_BYTES = CERTIFICATE_BYTES + 4;
export const MINUTE_MS = 60_000;

/** What a certificate says; `officeKey`, `device` and `agentHash` are hexadecimal (8 bytes each). */
export interface Certificate {
  officeKey: string;
  device: string;
  agentHash: string;
  serviceDay: string;
  fromS: number;
  untilS: number;
}

/** A certificate's 99 bytes, taken apart. */
export interface SignedCertificate {
  data: Uint8Array<ArrayBuffer>;
  body: Certificate;
}

/** A badge's bytes, taken apart; `minute` counts from 1970 UTC. */
export interface Badge {
  data: Uint8Array<ArrayBuffer>;
  certificate: SignedCertificate;
  minute: number;
}

/** The first 8 bytes of the SHA-256 of an agent's id (UTF-8), in hexadecimal. */
export function agentHash(agent: string): string {
  return hex(sha256(utf8(agent)).subarray(0, 8));
}

/** 35 bytes; throws BADGE-MALFORMED when a value does not fit its place. */
export function encodeCertificate(body: Certificate): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(BODY_BYTES);
  const view = new DataView(data.buffer);
  view.setUint8(0, VERSION);
  try {
    [body.officeKey, body.device, body.agentHash].forEach((text, index) => data.set(unhex(text, 8), 1 + 8 * index));
    fitted(dayNumber(body.serviceDay), 2 ** 16, (value) => view.setUint16(25, value));
    fitted(body.fromS, 2 ** 32, (value) => view.setUint32(27, value));
    fitted(body.untilS, 2 ** 32, (value) => view.setUint32(31, value));
  } catch (error) {
    throw malformed(`a value does not fit a certificate: ${error instanceof DoorstepError ? error.cause : String(error)}`);
  }
  decodeCertificate(data);
  return data;
}

function fitted(value: number, end: number, put: (value: number) => void): void {
  if (!Number.isInteger(value) || value < 0 || value >= end) throw malformed(`${value} does not fit its place`);
  put(value);
}

/** Inverse of `encodeCertificate`; throws BADGE-MALFORMED for another version or impossible values. */
export function decodeCertificate(data: Uint8Array): Certificate {
  if (data.length !== BODY_BYTES || data[0] !== VERSION) throw malformed("not a badge of version 1");
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const [fromS, untilS] = [view.getUint32(27), view.getUint32(31)];
  if (fromS >= untilS) throw malformed(`a badge that is valid from ${fromS} until ${untilS} is valid never`);
  const [officeKey, device, agent] = [hex(data.subarray(1, 9)), hex(data.subarray(9, 17)), hex(data.subarray(17, 25))];
  return { officeKey, device, agentHash: agent, serviceDay: dayText(view.getUint16(25)), fromS, untilS };
}

/** Take 99 bytes (or their base64url) apart without checking the signature; else BADGE-MALFORMED. */
export function readCertificate(given: Uint8Array | string): SignedCertificate {
  let data: Uint8Array<ArrayBuffer>;
  try {
    data = concat(typeof given === "string" ? unb64(given, CERTIFICATE_BYTES) : given);
  } catch (error) {
    throw malformed(error instanceof DoorstepError ? error.cause : String(error));
  }
  if (data.length !== CERTIFICATE_BYTES) throw malformed(`a certificate has ${CERTIFICATE_BYTES} bytes, not ${data.length}`);
  return { data, body: decodeCertificate(data.subarray(0, BODY_BYTES)) };
}

/** Resolve if the office's key signed it, else reject with BADGE-FORGED. */
export async function verifyCertificate({ data }: SignedCertificate, office: CryptoKey): Promise<void> {
  await genuine(verify(office, TAG_BADGE, data.subarray(0, BODY_BYTES), data.subarray(BODY_BYTES)), "certificate is not signed by the office");
}

/** The minute since 1970 UTC that a moment lies in. */
export function badgeMinute(nowMs: number): number {
  return Math.floor(nowMs / MINUTE_MS);
}

/** Sign the present minute; rejects with BADGE-MALFORMED for a time that no minute of a badge is. */
export async function signBadge(device: CryptoKey, certificate: SignedCertificate, nowMs: number): Promise<Badge> {
  const minute = badgeMinute(nowMs);
  const written = new Uint8Array(4);
  fitted(minute, 2 ** 32, (value) => new DataView(written.buffer).setUint32(0, value));
  const signature = await sign(device, TAG_BADGE_MINUTE, concat(certificate.data.subarray(0, BODY_BYTES), written));
  return { data: concat(certificate.data, written, signature), certificate, minute };
}

/** Take 167 bytes apart without checking the signatures; else BADGE-MALFORMED. */
export function readBadge(data: Uint8Array): Badge {
  if (data.length !== BADGE_BYTES) throw malformed(`a badge has ${BADGE_BYTES} bytes, not ${data.length}`);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return { data: concat(data), certificate: readCertificate(data.subarray(0, CERTIFICATE_BYTES)), minute: view.getUint32(CERTIFICATE_BYTES) };
}

/** 167 bytes → 406 digits. */
export function badgeDigits(badge: Badge): string {
  return encodeDigits(badge.data);
}

/** 406 digits, with whatever a scanner appended; else BADGE-MALFORMED. */
export function readBadgeDigits(text: string): Badge {
  return readBadge(decodeDigits(text, BADGE_BYTES, "BADGE-MALFORMED", "a badge"));
}

/** Resolve if the office signed the certificate and the device the minute, else reject with BADGE-FORGED. */
export async function verifyBadge(badge: Badge, office: CryptoKey, device: CryptoKey): Promise<void> {
  await verifyCertificate(badge.certificate, office);
  const signed = concat(badge.data.subarray(0, BODY_BYTES), badge.data.subarray(CERTIFICATE_BYTES, SIGNED_BYTES));
  const checked = verify(device, TAG_BADGE_MINUTE, signed, badge.data.subarray(SIGNED_BYTES));
  await genuine(checked, "minute is not signed by the phone that it names");
}

/** Whether the minute is at most `BADGE_MINUTES_MAX` away from the present one, and within the certificate's time. */
export function isFresh({ certificate, minute }: Badge, nowMs: number): boolean {
  const { fromS, untilS } = certificate.body;
  return Math.abs(badgeMinute(nowMs) - minute) <= BADGE_MINUTES_MAX && fromS <= minute * 60 && minute * 60 < untilS;
}

async function genuine(checked: Promise<void>, otherwise: string): Promise<void> {
  try {
    await checked;
  } catch (error) {
    if (!(error instanceof DoorstepError) || error.code !== "SIGNATURE-WRONG") throw error;
    throw new DoorstepError("BADGE-FORGED", `the badge's ${otherwise}`);
  }
}

function malformed(why: string): DoorstepError {
  return new DoorstepError("BADGE-MALFORMED", why);
}
