/**
 * The key slots: how the PIN *and* a key that only this browser can use give the data key.
 *
 *     inner   = AES-256-GCM(PBKDF2(PIN, salt), data key)
 *     wrapped = AES-256-GCM(device key, inner)        the device key is a CryptoKey that cannot be taken out
 *
 * Values copied out of the storage are worthless without the device key, which the browser uses and never shows; a running
 * browser is worthless without the PIN. Only the inner seal tells whether a PIN is right.
 */
import { concat, utf8 } from "../core/encoding";
import { DoorstepError } from "../core/errors";
import type { Environment } from "../store/environment";
import { DATA_KEY_BYTES, NONCE_BYTES } from "../store/limits";
import { PIN_ITERATIONS_MAX, SALT_BYTES } from "./limits";

/** All that is kept about the opening slot; nothing in it is secret by itself. */
export interface Slots {
  version: 1;
  device: string;
  salt: Uint8Array;
  iterations: number;
  wrapped: Uint8Array;
}

/** A device key: AES-GCM, non-extractable. */
export function makeDeviceKey(environment: Environment): Promise<CryptoKey> {
  return environment.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/** A slot for a PIN that was checked (`checkNewPin`). */
export async function makeSlots(
  environment: Environment,
  device: string,
  pin: string,
  deviceKey: CryptoKey,
  dataKey: Uint8Array,
): Promise<Slots> {
  const salt = environment.random(SALT_BYTES);
  const { iterations } = environment;
  const inner = await sealed(environment, await derive(environment, pin, salt, iterations), device, dataKey);
  return { version: 1, device, salt, iterations, wrapped: await sealed(environment, deviceKey, device, inner) };
}

/** The data key's bytes, or null when the PIN is wrong; VAULT-CORRUPT when slot and device key do not fit. */
export async function openSlots(
  environment: Environment,
  slots: Slots,
  pin: string,
  deviceKey: CryptoKey,
): Promise<Uint8Array | null> {
  if (!(slots.iterations > 0 && slots.iterations <= PIN_ITERATIONS_MAX)) {
    throw new DoorstepError("VAULT-CORRUPT", `the key slot asks for ${slots.iterations} iterations`);
  }
  const inner = await opened(environment, deviceKey, slots.device, slots.wrapped);
  if (inner === null) throw new DoorstepError("VAULT-CORRUPT", "the key slot does not open with this browser's key");
  const dataKey = await opened(environment, await derive(environment, pin, slots.salt, slots.iterations), slots.device, inner);
  return dataKey !== null && dataKey.length === DATA_KEY_BYTES ? dataKey : null;
}

/** The data key in use: non-extractable. */
export function importDataKey(environment: Environment, dataKey: Uint8Array): Promise<CryptoKey> {
  return environment.subtle.importKey("raw", dataKey as BufferSource, "AES-GCM", false, ["encrypt", "decrypt"]);
}

async function derive(environment: Environment, pin: string, salt: Uint8Array, iterations: number): Promise<CryptoKey> {
  const typed = await environment.subtle.importKey("raw", utf8(pin) as BufferSource, "PBKDF2", false, ["deriveKey"]);
  return environment.subtle.deriveKey(
    { name: "PBKDF2", hash: "SHA-256", salt: salt as BufferSource, iterations },
    typed,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt", "decrypt"],
  );
}

async function sealed(environment: Environment, key: CryptoKey, device: string, plain: Uint8Array): Promise<Uint8Array> {
  const iv = environment.random(NONCE_BYTES) as BufferSource;
  const content = await environment.subtle.encrypt(
    { name: "AES-GCM", iv, additionalData: purpose(device) },
    key,
    plain as BufferSource,
  );
  return concat(iv as Uint8Array, new Uint8Array(content));
}

async function opened(
  environment: Environment,
  key: CryptoKey,
  device: string,
  content: Uint8Array,
): Promise<Uint8Array | null> {
  try {
    const plain = await environment.subtle.decrypt(
      { name: "AES-GCM", iv: content.slice(0, NONCE_BYTES), additionalData: purpose(device) },
      key,
      content.slice(NONCE_BYTES),
    );
    return new Uint8Array(plain);
  } catch {
    return null;
  }
}

function purpose(device: string): BufferSource {
  return utf8(`doorstep/vault/pin/1\0${device}`) as BufferSource;
}
