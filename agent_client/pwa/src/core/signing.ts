/**
 * ES256: ECDSA on P-256 with SHA-256, and a domain tag for each kind of signature (PROTOCOL 7).
 *
 * What is signed is always `tag + 0x00 + payload`; the tag names the kind, so that a signature made for one purpose never
 * verifies for another. Signatures are the 64 bytes r‖s, as WebCrypto makes them; public keys travel as the 65 bytes of
 * the uncompressed point. WebCrypto answers later, so nothing here may be awaited inside an IndexedDB transaction.
 */
import { concat, utf8 } from "./encoding";
import { argumentWrong, DoorstepError } from "./errors";

export const TAG_EXCHANGE = "doorstep/exchange/1";
export const TAG_ACKNOWLEDGEMENT = "doorstep/acknowledgement/1";
export const TAG_RECEIPT = "doorstep/receipt/1";
export const TAG_ENROLMENT = "doorstep/enrolment/1";
export const TAG_EPOCH = "doorstep/epoch/1";
export const TAG_CLOSING = "doorstep/closing/1";
export const TAG_SIDE_RECORD = "doorstep/side-record/1";
export const TAG_BADGE = "doorstep/badge/1";
export const TAG_BADGE_MINUTE = "doorstep/badge-minute/1";

/** What a signature is for; no other text is ever signed behind. */
export type Tag =
  | typeof TAG_EXCHANGE | typeof TAG_ACKNOWLEDGEMENT | typeof TAG_RECEIPT | typeof TAG_ENROLMENT | typeof TAG_EPOCH
  | typeof TAG_CLOSING | typeof TAG_SIDE_RECORD | typeof TAG_BADGE | typeof TAG_BADGE_MINUTE;

export const SIGNATURE_BYTES = 64;
export const POINT_BYTES = 65;

const CURVE = { name: "ECDSA", namedCurve: "P-256" } as const;
const ALGORITHM = { name: "ECDSA", hash: "SHA-256" } as const;

/** 64 bytes r‖s over `tag + 0x00 + payload`. */
export async function sign(privateKey: CryptoKey, tag: Tag, payload: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.sign(ALGORITHM, privateKey, signedBytes(tag, payload)));
}

/** Resolve if the signature is right, else reject with SIGNATURE-WRONG. */
export async function verify(publicKey: CryptoKey, tag: Tag, payload: Uint8Array, signature: Uint8Array): Promise<void> {
  if (signature.length !== SIGNATURE_BYTES) {
    throw new DoorstepError("SIGNATURE-WRONG", `a signature has ${SIGNATURE_BYTES} bytes, this one ${signature.length}`);
  }
  if (!(await crypto.subtle.verify(ALGORITHM, publicKey, concat(signature), signedBytes(tag, payload)))) {
    throw new DoorstepError("SIGNATURE-WRONG", `signature does not verify for ${tag}`);
  }
}

/** The key of 65 bytes; refuses what is not a point of P-256 (ARGUMENT-WRONG). */
export async function importPublic(point: Uint8Array): Promise<CryptoKey> {
  if (point.length !== POINT_BYTES || point[0] !== 4) throw argumentWrong(`not a P-256 public key: ${point.length} bytes`);
  try {
    return await crypto.subtle.importKey("raw", concat(point), CURVE, true, ["verify"]);
  } catch {
    throw argumentWrong("not a P-256 public key: the point is not on the curve");
  }
}

/** The uncompressed point of a public key: 0x04, x, y; 65 bytes. */
export async function exportPublic(key: CryptoKey): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.exportKey("raw", key));
}

/** A fresh signing key whose private part never leaves the browser. */
export async function generateSigningKey(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
}

function signedBytes(tag: Tag, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  return concat(utf8(tag), Uint8Array.of(0), payload);
}
