/**
 * Sealing: bytes that only the holder of one private key can open (ECIES on P-256; PROTOCOL 10).
 *
 * A *seal* is a letter box: anybody who knows the recipient's public key can put something in, only the private key takes
 * it out, and the sender keeps nothing that could open it again. It opens only with the same associated data.
 *
 *     sealed  = 0x01 ‖ E ‖ AES-256-GCM(key, nonce, plaintext, associated data)   66 + length + 16 bytes
 *     E       = the ephemeral public key, uncompressed point, 65 bytes
 *     shared  = ECDH(ephemeral private, recipient public)                        the x coordinate, 32 bytes
 *     okm     = HKDF-SHA-256(shared, salt empty, info "doorstep/seal/1" ‖ 0x00 ‖ E ‖ R, 44 bytes)
 *     key     = okm[0:32], nonce = okm[32:44], R = the recipient's public key, 65 bytes
 *
 * The nonce may follow from the key exchange because an ephemeral key is used **once**: a fresh one is made for each seal
 * and forgotten; only vectors bring their own.
 */
import { concat, utf8 } from "./encoding";
import { argumentWrong } from "./errors";
import { POINT_BYTES } from "./signing";

/** What a seal adds to its content: version, ephemeral public key, authentication tag. */
export const SEAL_OVERHEAD_BYTES = 1 + POINT_BYTES + 16;

const VERSION = 1;
const HEADER_BYTES = 1 + POINT_BYTES;
const INFO = "doorstep/seal/1\0";
const CURVE = { name: "ECDH", namedCurve: "P-256" } as const;

/** A key for one seal; its private part cannot be read. */
export async function freshEphemeral(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
}

/** Seal to the recipient (65-byte point). Resolves with `content.length + SEAL_OVERHEAD_BYTES` bytes. */
export async function seal(
  recipientPublic: Uint8Array,
  content: Uint8Array,
  associated: Uint8Array,
  given?: CryptoKeyPair,
): Promise<Uint8Array<ArrayBuffer>> {
  const ephemeral = given ?? (await freshEphemeral());
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", ephemeral.publicKey));
  const { key, nonce } = await derive(ephemeral.privateKey, recipientPublic, point, recipientPublic);
  const gcm = { name: "AES-GCM", iv: nonce, additionalData: concat(associated) };
  const sealed = new Uint8Array(await crypto.subtle.encrypt(gcm, key, concat(content)));
  return concat(Uint8Array.of(VERSION), point, sealed);
}

/** The content of a seal made for this private key (its own point beside it) with the same associated data; else ARGUMENT-WRONG. */
export async function unseal(
  privateKey: CryptoKey,
  ownPoint: Uint8Array,
  sealed: Uint8Array,
  associated: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  if (sealed.length < SEAL_OVERHEAD_BYTES) {
    throw argumentWrong(`a seal has at least ${SEAL_OVERHEAD_BYTES} bytes, this one ${sealed.length}`);
  }
  if (sealed[0] !== VERSION) throw argumentWrong(`a seal of version ${sealed[0] ?? 0} is not known here`);
  const point = sealed.subarray(1, HEADER_BYTES);
  const { key, nonce } = await derive(privateKey, point, point, ownPoint);
  const gcm = { name: "AES-GCM", iv: nonce, additionalData: concat(associated) };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(gcm, key, concat(sealed.subarray(HEADER_BYTES))));
  } catch {
    throw argumentWrong("the seal does not open with this key and associated data");
  }
}

async function derive(
  ownPrivate: CryptoKey,
  theirPoint: Uint8Array,
  ephemeral: Uint8Array,
  recipient: Uint8Array,
): Promise<{ key: CryptoKey; nonce: Uint8Array<ArrayBuffer> }> {
  const theirs = await importPoint(theirPoint);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, ownPrivate, 256);
  const secret = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveBits"]);
  const info = concat(utf8(INFO), ephemeral, recipient);
  const hkdf = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info };
  const okm = new Uint8Array(await crypto.subtle.deriveBits(hkdf, secret, 44 * 8));
  const key = await crypto.subtle.importKey("raw", okm.slice(0, 32), "AES-GCM", false, ["encrypt", "decrypt"]);
  return { key, nonce: okm.slice(32) };
}

async function importPoint(point: Uint8Array): Promise<CryptoKey> {
  if (point.length !== POINT_BYTES || point[0] !== 4) throw argumentWrong(`not a P-256 public key: ${point.length} bytes`);
  try {
    return await crypto.subtle.importKey("raw", concat(point), CURVE, true, []);
  } catch {
    throw argumentWrong("not a P-256 public key: the point is not on the curve");
  }
}
