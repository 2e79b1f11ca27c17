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
import { settled } from "../store/requests";
import type { Write } from "../store/spare";
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
  const head = { device: answer.device, epoch: answer.epoch, seq: 0, hash: GENESIS, hlc: null };
  const writes: Write[] = [
    ...Object.entries(meta).map(([name, value]) => ({ store: "meta", key: name, row: value })),
    { store: "meta", key: "enrolling" },
    ...rows.map((row) => ({ store: "state", key: row.name, row })),
    { store: "head", key: "head", row: headRow(head, 0) },
    { store: "recovery", key: "recovery", row: { only: "recovery", seal: recoverySeal } },
  ];
  const made = await connection.write(["state", "head", "recovery"], async (transaction) => {
    const isFree = (await settled(transaction.objectStore("meta").getKey("slots"))) === undefined;
    return { writes: isFree ? writes : [], result: isFree };
  });
  if (!made) throw exists();
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
