/**
 * The vault: what opens the phone's memory, and how often somebody may try.
 *
 * Each step that changes a secret is one strict transaction, made when everything that the new content needs is there. A
 * try is counted on disk *before* it is made, so that killing the browser does not give another one.
 */
import { DoorstepError } from "../core/errors";
import { makeRecoverySlot } from "../core/recovery";
import type { Connection } from "../store/connection";
import type { Environment } from "../store/environment";
import { DATA_KEY_BYTES } from "../store/limits";
import { settled } from "../store/requests";
import { checkNewPin, normalForm } from "./pin";
import { importDataKey, makeDeviceKey, makeSlots, openSlots, type Slots } from "./slots";
import { allowedAtMs, atPresent, isLocked, triesLeft, type Tries } from "./tries";

/** A vault whose key is in use. `recoverySeal`: the data key sealed to the branch. */
export interface Unlocked {
  device: string;
  dataKey: CryptoKey;
  signingKey: CryptoKey;
  /** The data key sealed to the branch (its 65-byte point); to be called once, then the key's bytes are forgotten. */
  sealFor(recoveryPublic: Uint8Array): Promise<Uint8Array>;
}

/** What can be told without a PIN. */
export interface VaultStatus {
  device: string;
  triesLeft: number;
  /** When the next try is allowed; null: only recovery unlocks. */
  allowedAtMs: number | null;
  unsent: number;
}

/** A new vault, not stored yet: what goes into `meta`, and its keys in use. */
export interface NewVault {
  meta: Record<string, unknown>;
  unlocked: Unlocked;
}

/** Make a vault in memory; SECRET-WEAK for a PIN that is easy to guess. */
export async function makeVault(
  environment: Environment,
  device: string,
  pin: string,
  signingKey: CryptoKey,
): Promise<NewVault> {
  const checked = checkNewPin(pin);
  const bytes = environment.random(DATA_KEY_BYTES);
  const deviceKey = await makeDeviceKey(environment);
  const slots = await makeSlots(environment, device, checked, deviceKey, bytes);
  const tries: Tries = { tries: 0, lastTryMs: 0 };
  return {
    meta: { slots, tries, "device-key": deviceKey, "signing-key": signingKey },
    unlocked: await inUse(environment, device, bytes, signingKey),
  };
}

/** The state that anybody may see, or null when there is no vault. */
export async function vaultStatus(connection: Connection): Promise<VaultStatus | null> {
  return connection.use(async (database) => {
    const transaction = database.transaction(["meta", "operation"], "readonly");
    const meta = transaction.objectStore("meta");
    const [slots, tries, unsent] = await Promise.all([
      settled(meta.get("slots")) as Promise<Slots | undefined>,
      settled(meta.get("tries")) as Promise<Tries | undefined>,
      settled(transaction.objectStore("operation").index("acknowledged").count(0)),
    ]);
    if (slots === undefined) return null;
    const counted = tries ?? { tries: 0, lastTryMs: 0 };
    const allowed = isLocked(counted.tries) ? null : allowedAtMs(counted);
    return { device: slots.device, triesLeft: triesLeft(counted.tries), allowedAtMs: allowed, unsent };
  });
}

/** Open the vault with what the agent typed: PIN-WRONG, PIN-LOCKED, VAULT-MISSING, VAULT-CORRUPT, KEYSTORE-MISSING. */
export async function unlockVault(environment: Environment, connection: Connection, pin: string): Promise<Unlocked> {
  const opened = await openWith(environment, connection, pin);
  if (opened.slots.iterations < environment.iterations) {
    // Not through `checkNewPin`: a PIN set under milder rules must go on opening its vault.
    const slots = await makeSlots(environment, opened.slots.device, normalForm(pin), opened.deviceKey, opened.bytes);
    await putMeta(connection, { slots });
  }
  return inUse(environment, opened.slots.device, opened.bytes, opened.signingKey);
}

/** Set another PIN; the old one opens nothing any more. */
export async function changePin(
  environment: Environment,
  connection: Connection,
  old: string,
  fresh: string,
): Promise<void> {
  const checked = checkNewPin(fresh);
  const { slots, deviceKey, bytes } = await openWith(environment, connection, old);
  const made = await makeSlots(environment, slots.device, checked, deviceKey, bytes);
  bytes.fill(0);
  await putMeta(connection, { slots: made, tries: { tries: 0, lastTryMs: 0 } });
}

/** Write members of `meta` in one strict transaction; null removes one. */
export async function putMeta(connection: Connection, members: Record<string, unknown>): Promise<void> {
  const writes = Object.entries(members).map(([key, row]) => ({ store: "meta", key, row: row ?? undefined }));
  await connection.write([], async () => ({ writes, result: undefined }));
}

/** One member of `meta`. */
export async function getMeta<T>(connection: Connection, name: string): Promise<T | undefined> {
  return connection.use(
    (database) => settled(database.transaction("meta", "readonly").objectStore("meta").get(name)) as Promise<T | undefined>,
  );
}

/** Keys in use from the data key's bytes, which are overwritten when the branch's seal was made. */
export async function inUse(
  environment: Environment,
  device: string,
  bytes: Uint8Array,
  signingKey: CryptoKey,
): Promise<Unlocked> {
  const dataKey = await importDataKey(environment, bytes);
  let forgotten = false;
  return {
    device,
    dataKey,
    signingKey,
    async sealFor(recoveryPublic: Uint8Array): Promise<Uint8Array> {
      if (forgotten) throw new Error("the data key's bytes are gone: a seal of zeros would open nothing");
      const sealed = await makeRecoverySlot(bytes, device, recoveryPublic);
      forgotten = true;
      bytes.fill(0);
      return sealed;
    },
  };
}

interface OpenedVault {
  slots: Slots;
  deviceKey: CryptoKey;
  signingKey: CryptoKey;
  bytes: Uint8Array;
}

async function openWith(environment: Environment, connection: Connection, pin: string): Promise<OpenedVault> {
  const typed = normalForm(pin);
  if (typed === "") throw new DoorstepError("ARGUMENT-WRONG", "nothing was typed");
  const counted = await countTry(connection, environment.clock().wallMs);
  const { slots, deviceKey, signingKey, tries } = counted;
  const bytes = await openSlots(environment, slots, typed, deviceKey);
  if (bytes === null) {
    if (isLocked(tries)) throw pinLocked(null);
    const left = triesLeft(tries);
    throw new DoorstepError("PIN-WRONG", left === 1 ? "1 try is left" : `${left} tries are left`, {
      values: { tries_left: left },
    });
  }
  await putMeta(connection, { tries: { tries: 0, lastTryMs: 0 } });
  return { slots, deviceKey, signingKey, bytes };
}

/** Count a try in the transaction that found it allowed, so that two tabs cannot share one. */
async function countTry(
  connection: Connection,
  nowMs: number,
): Promise<{ slots: Slots; deviceKey: CryptoKey; signingKey: CryptoKey; tries: number }> {
  const found = await connection.write([], async (transaction) => {
    const meta = transaction.objectStore("meta");
    const [slots, stored, deviceKey, signingKey] = (await Promise.all(
      ["slots", "tries", "device-key", "signing-key"].map((name) => settled(meta.get(name))),
    )) as [Slots | undefined, Tries | undefined, CryptoKey | undefined, CryptoKey | undefined];
    if (slots === undefined) throw new DoorstepError("VAULT-MISSING", "no phone was enrolled in this browser");
    if (deviceKey === undefined || signingKey === undefined) {
      throw new DoorstepError("KEYSTORE-MISSING", "the browser lost this phone's keys");
    }
    const before = atPresent(stored ?? { tries: 0, lastTryMs: 0 }, nowMs);
    const locked = isLocked(before.tries);
    const until = allowedAtMs(before);
    const refused = locked || nowMs < until;
    const after: Tries = refused ? before : { tries: before.tries + 1, lastTryMs: nowMs };
    const writes = after === stored ? [] : [{ store: "meta", key: "tries", row: after }];
    const refusal = refused ? pinLocked(locked ? null : until) : null;
    return { writes, result: { slots, deviceKey, signingKey, tries: after.tries, refusal } };
  });
  if (found.refusal !== null) throw found.refusal;
  return found;
}

function pinLocked(untilMs: number | null): DoorstepError {
  const cause =
    untilMs === null
      ? "too many wrong tries; only recovery through the office unlocks this vault"
      : `the next try is allowed at ${new Date(Math.ceil(untilMs / 1000) * 1000).toISOString().slice(0, 19).replace("T", " ")} UTC`;
  return new DoorstepError("PIN-LOCKED", cause, untilMs === null ? {} : { values: { until_ms: untilMs } });
}
