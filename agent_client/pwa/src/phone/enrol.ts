/**
 * Enrolment: a one-time code makes an empty browser into an agent's phone.
 *
 * The key is on disk before the code is used, so that a lost answer, or a killed browser, only means to type the same code
 * again: the same code with the same key gives the same device. Vault, journal head and first server time are then written
 * in one transaction: an interruption leaves either no phone or a whole one.
 */
import { sha256Hex, unb64, utf8 } from "../core/encoding";
import { DoorstepError } from "../core/errors";
import { GENESIS } from "../core/operations/envelope";
import { exportPublic } from "../core/signing";
import { checkOffice, enrolAtOffice, parseEnrolmentCode } from "../exchange/enrolment";
import { Cipher } from "../store/cipher";
import type { Connection } from "../store/connection";
import type { Environment } from "../store/environment";
import { headRow } from "../store/journal";
import { writeMark } from "../store/marker";
import { finished, settled } from "../store/requests";
import { FRESH_SYNC, type Enrolment, type SyncState } from "../store/state";
import { checkNewPin } from "../vault/pin";
import { getMeta, makeVault, putMeta, type Unlocked } from "../vault/vault";

/** A key that waits for its code's answer. */
interface Enrolling {
  codeSha256: string;
  pair: CryptoKeyPair;
}

/** Make this browser an agent's phone; VAULT-EXISTS when it is one already, SECRET-WEAK, and what the office says. */
export async function enrol(
  environment: Environment,
  connection: Connection,
  text: string,
  pin: string,
  model: string,
): Promise<{ unlocked: Unlocked; recoverySeal: Uint8Array }> {
  const { code, url } = parseEnrolmentCode(text);
  checkOffice(url, environment.origin);
  checkNewPin(pin);
  if ((await getMeta(connection, "slots")) !== undefined) throw exists();
  const pair = await keyFor(environment, connection, code);
  const key = { privateKey: pair.privateKey, publicBytes: await exportPublic(pair.publicKey) };
  const answer = await enrolAtOffice(environment, code, key, model);
  const reading = environment.clock();
  const { meta, unlocked } = await makeVault(environment, answer.device, pin, pair.privateKey);
  const recoverySeal = await unlocked.sealFor(unb64(answer.recovery_key.public_key, 65));
  const enrolment: Enrolment = { officeUrl: environment.origin, answer };
  const sync: SyncState = {
    ...FRESH_SYNC,
    seen: { at_ms: answer.server_ms, boot: reading.boot, mono_ms: reading.monoMs },
    syncedMs: answer.server_ms,
  };
  const cipher = new Cipher(environment, unlocked.dataKey);
  const rows = await Promise.all(
    Object.entries({ enrolment, sync }).map(async ([name, value]) => ({
      name,
      sealed: await cipher.seal("state", name, utf8(JSON.stringify(value))),
    })),
  );
  await connection.use(async (database) => {
    const transaction = database.transaction(["meta", "state", "head", "recovery"], "readwrite", { durability: "strict" });
    const done = finished(transaction);
    const store = transaction.objectStore("meta");
    if ((await settled(store.getKey("slots"))) !== undefined) throw exists();
    for (const [name, value] of Object.entries(meta)) store.put(value, name);
    store.put(1, "revision");
    store.delete("enrolling");
    for (const row of rows) transaction.objectStore("state").put(row);
    const head = { device: answer.device, epoch: answer.epoch, seq: 0, hash: GENESIS, hlc: null };
    transaction.objectStore("head").put(headRow(head, 0));
    transaction.objectStore("recovery").put({ only: "recovery", seal: recoverySeal });
    await done;
  });
  writeMark(environment, { device: answer.device, epoch: answer.epoch, seq: 0 });
  return { unlocked, recoverySeal };
}

async function keyFor(environment: Environment, connection: Connection, code: string): Promise<CryptoKeyPair> {
  const codeSha256 = sha256Hex(code);
  const waiting = await getMeta<Enrolling>(connection, "enrolling");
  if (waiting?.codeSha256 === codeSha256) return waiting.pair;
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const pair = await environment.subtle.generateKey(algorithm, false, ["sign", "verify"]);
  const enrolling: Enrolling = { codeSha256, pair };
  await putMeta(connection, { enrolling });
  return pair;
}

function exists(): DoorstepError {
  return new DoorstepError("VAULT-EXISTS", "this browser is an agent's phone already");
}
