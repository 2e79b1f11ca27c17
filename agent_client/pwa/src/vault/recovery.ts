/** A forgotten PIN: ask the office, then set a new one. `core/recovery.ts` has the messages. */
import { b64 } from "../core/encoding";
import { DoorstepError } from "../core/errors";
import { openRecoveryAnswer, recoveryRequestText } from "../core/recovery";
import { exportPublic } from "../core/signing";
import { Cipher } from "../store/cipher";
import type { Connection } from "../store/connection";
import type { Environment } from "../store/environment";
import { settled } from "../store/requests";
import type { RecoveryRow, StateRow } from "../store/rows";
import { checkNewPin } from "./pin";
import { importDataKey, makeSlots, type Slots } from "./slots";
import { getMeta, inUse, putMeta, type Unlocked } from "./vault";

/**
 * The request to the office as text (canonical JSON). Asking again gives the same key, so that an answer to an earlier copy
 * still fits. RECOVERY-WRONG when nothing is sealed to the branch: then nothing here is unsent, and a new enrolment loses
 * nothing.
 */
export async function makeRecoveryRequest(environment: Environment, connection: Connection): Promise<string> {
  const slots = await getMeta<Slots>(connection, "slots");
  if (slots === undefined) throw new DoorstepError("VAULT-MISSING", "no phone was enrolled in this browser");
  const row = await readRow<RecoveryRow>(connection, "recovery", "recovery");
  if (row === undefined) {
    const cause = "everything here is acknowledged, so nothing is sealed to the branch; enrol again";
    throw new DoorstepError("RECOVERY-WRONG", cause);
  }
  let oneTime = await getMeta<CryptoKeyPair>(connection, "one-time");
  if (oneTime === undefined) {
    oneTime = await environment.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, false, ["deriveBits"]);
    await putMeta(connection, { "one-time": oneTime });
  }
  return recoveryRequestText(slots.device, b64(await exportPublic(oneTime.publicKey)), b64(row.seal));
}

/**
 * Open the office's answer, set a new PIN, lift a lock-out, and return the vault unlocked.
 *
 * The key is proven on the memory before the old slot is replaced; the one-time key goes in the same step.
 */
export async function finishRecovery(
  environment: Environment,
  connection: Connection,
  answer: string,
  fresh: string,
): Promise<Unlocked> {
  const checked = checkNewPin(fresh);
  const slots = await getMeta<Slots>(connection, "slots");
  const deviceKey = await getMeta<CryptoKey>(connection, "device-key");
  const signingKey = await getMeta<CryptoKey>(connection, "signing-key");
  if (slots === undefined) throw new DoorstepError("VAULT-MISSING", "no phone was enrolled in this browser");
  if (deviceKey === undefined || signingKey === undefined) {
    throw new DoorstepError("KEYSTORE-MISSING", "the browser lost this phone's keys");
  }
  const oneTime = await getMeta<CryptoKeyPair>(connection, "one-time");
  if (oneTime === undefined) {
    throw new DoorstepError("RECOVERY-WRONG", "this phone has asked for no recovery, or has finished it");
  }
  const bytes = await openRecoveryAnswer(
    answer.trim(),
    slots.device,
    oneTime.privateKey,
    await exportPublic(oneTime.publicKey),
  );
  const row = await readRow<StateRow>(connection, "state", "enrolment");
  if (row === undefined) throw new DoorstepError("VAULT-CORRUPT", "the memory does not say which phone this is");
  await new Cipher(environment, await importDataKey(environment, bytes)).open("state", "enrolment", row.sealed);
  const made = await makeSlots(environment, slots.device, checked, deviceKey, bytes);
  await putMeta(connection, { slots: made, tries: { tries: 0, lastTryMs: 0 }, "one-time": null });
  return inUse(environment, slots.device, bytes, signingKey);
}

function readRow<T>(connection: Connection, store: string, key: string): Promise<T | undefined> {
  return connection.use(
    (database) => settled(database.transaction(store, "readonly").objectStore(store).get(key)) as Promise<T | undefined>,
  );
}
