/**
 * A small office in memory that keeps to PROTOCOL.md: enough to enrol a phone and exchange with it, with real signatures.
 *
 * It stores operations by hash, acknowledges the longest chain that it can follow, numbers document changes, takes large side
 * records in parts, and can be told to misbehave: lose answers, forget operations, grant epochs, sign with a wrong key.
 */
import { b64, concat, sha256Hex, unb64, utf8 } from "../../src/core/encoding";
import { DoorstepError } from "../../src/core/errors";
import type {
  Claims, Cursor, EnrolAnswer, EnrolRequest, EpochGrant, EpochRequest, Pack, PublishedKey, Resend, Signed, VisitDocument,
} from "../../src/core/generated/types";
import { checkBatch, type Placed } from "../../src/core/journal";
import { GENESIS } from "../../src/core/operations/envelope";
import { memberOf, scanJson, sliceOf, type JsonNode } from "../../src/core/raw_json";
import { seal, unseal } from "../../src/core/sealing";
import { checkSideRecord } from "../../src/core/side_records";
import {
  exportPublic, importPublic, sign, TAG_ACKNOWLEDGEMENT, TAG_ENROLMENT, TAG_EPOCH, TAG_EXCHANGE, TAG_SIDE_RECORD, verify,
} from "../../src/core/signing";
import { AGENT, aPack, CODE, DAY, DEVICE, SERVER_MS } from "./documents";


/** One request of an exchange, as it was received. */
export interface Received {
  claims: Claims;
  operations: string[];
  sideRecords: { sha256: string; data: string }[];
  acknowledged: string;
}

interface Key {
  pair: CryptoKeyPair;
  point: Uint8Array;
}

const ECDSA = { name: "ECDSA", namedCurve: "P-256" };
const ECDH = { name: "ECDH", namedCurve: "P-256" };

async function makeKey(algorithm: EcKeyGenParams, uses: KeyUsage[]): Promise<Key> {
  const pair = (await crypto.subtle.generateKey(algorithm, true, uses)) as CryptoKeyPair;
  return { pair, point: await exportPublic(pair.publicKey) };
}

export class FakeOffice {
  officeKey!: Key;
  identityKey!: Key;
  recoveryKey!: Key;
  otherKey!: Key;
  /** Which device an enrolment gives. */
  device = DEVICE;
  deviceKey: CryptoKey | null = null;
  devicePoint = "";
  held = new Map<string, Placed>();
  byHash = new Map<string, Placed>();
  again = 0;
  nonces = new Set<string>();
  sideRecords = new Map<string, Uint8Array>();
  partial = new Map<string, Uint8Array>();
  parts: { method: string; offset: string; bytes: number }[] = [];
  knowsParts = true;
  dropSideRecords = false;
  missing: string[] = [];
  documents = new Map<string, { n: number; text: string }>();
  n = 0;
  incarnation = "one";
  page = 200;
  serverMs = SERVER_MS;
  loseAnswers = 0;
  fail: (Response | Error)[] = [];
  resend: Resend | null = null;
  grant: EpochGrant | null = null;
  lock = false;
  wipe = false;
  /** Set back to a backup, with its revocations not confirmed yet: documents wait for everybody. */
  documentsWait = false;
  requests: Received[] = [];
  epochs = new Map<string, EpochGrant>();
  epochRequests: EpochRequest[] = [];
  epochLast = 1;
  acknowledgeHash = "";
  acknowledgeSeq = 0;
  wrongNonce = false;
  wrongKey = false;
  /** Called after a request was served and before its answer goes out. */
  before: (path: string) => void = () => undefined;
  encodings: string[] = [];

  static async open(): Promise<FakeOffice> {
    const office = new FakeOffice();
    office.officeKey = await makeKey(ECDSA, ["sign", "verify"]);
    office.otherKey = await makeKey(ECDSA, ["sign", "verify"]);
    office.identityKey = await makeKey(ECDH, ["deriveBits"]);
    office.recoveryKey = await makeKey(ECDH, ["deriveBits"]);
    return office;
  }

  /** Change or (null) remove a document. */
  put(name: string, document: unknown): void {
    this.n += 1;
    this.documents.set(name, { n: this.n, text: JSON.stringify(document) });
  }

  /** A pack and its visits. */
  giveDay(visits: VisitDocument[], day = DAY, changes: Partial<Pack> = {}): void {
    for (const visit of visits) this.put(`visit/${visit.visit}`, visit);
    const pack = aPack(visits.map((visit) => visit.visit), day, changes);
    this.put(`pack/${pack.pack}`, pack);
  }

  /** For `environment.fetch`. */
  readonly fetch = async (path: string, init: RequestInit): Promise<Response> => {
    const failure = this.fail.shift();
    if (failure instanceof Error) throw failure;
    if (failure !== undefined) return failure;
    const headers = new Headers(init.headers);
    let body = (init.body as Uint8Array | null) ?? new Uint8Array(0);
    this.encodings.push(headers.get("Content-Encoding") ?? "");
    if (headers.get("Content-Encoding") === "gzip") {
      const stream = new Blob([body as BlobPart]).stream().pipeThrough(new DecompressionStream("gzip"));
      body = new Uint8Array(await new Response(stream).arrayBuffer());
    }
    try {
      const answer = await this.route(path, init.method ?? "GET", headers, body);
      this.before(path);
      if (path === "/api/v1/sync" && this.loseAnswers > 0) {
        this.loseAnswers -= 1;
        throw new TypeError("the signal dropped");
      }
      return answer;
    } catch (error) {
      if (!(error instanceof DoorstepError)) throw error;
      return problem(error.status, error.code, error.cause);
    }
  };

  /** Everything held, by epoch and number. */
  chain(): Placed[] {
    return [...this.held.values()].sort(
      (one, other) => one.header.epoch - other.header.epoch || one.header.seq - other.header.seq,
    );
  }

  /** What the office does with a recovery request. */
  async answerRecovery(request: string): Promise<string> {
    const asked = JSON.parse(request) as { device: string; one_time_public: string; recovery_slot: string };
    const { pair, point } = this.recoveryKey;
    const key = await unseal(pair.privateKey, point, unb64(asked.recovery_slot), utf8(asked.device));
    const oneTime = unb64(asked.one_time_public);
    const associated = concat(utf8("doorstep/recovery-answer/1\0"), oneTime, utf8(asked.device));
    return JSON.stringify({ device: asked.device, sealed: b64(await seal(oneTime, key, associated)), version: 1 });
  }

  private async route(path: string, method: string, headers: Headers, body: Uint8Array): Promise<Response> {
    const text = new TextDecoder().decode(body);
    if (path === "/api/v1/enrol") return json(await this.enrol(text));
    if (path === "/api/v1/sync") return json(await this.sync(text));
    if (path === "/api/v1/epoch") return json(await this.epoch(text));
    if (path.startsWith("/api/v1/side-records/")) return this.sideRecord(path.slice(21), method, headers, body);
    throw new DoorstepError("NOT-FOUND", path);
  }

  private published(key: string, use: PublishedKey["use"], { point }: Key): PublishedKey {
    return { key, use, public_key: b64(point), not_before_ms: 0, not_after_ms: 0, revoked: false };
  }

  private async enrol(text: string): Promise<EnrolAnswer> {
    const { payload, signature } = signed(text);
    const request = JSON.parse(payload) as EnrolRequest;
    const key = await importPublic(unb64(request.public_key));
    await verify(key, TAG_ENROLMENT, utf8(payload), unb64(signature));
    if (request.code !== CODE) throw new DoorstepError("ENROL-CODE-WRONG", "as the test arranged");
    // The same code with the same key again gives the same device.
    if (this.deviceKey !== null && this.devicePoint !== request.public_key) {
      throw new DoorstepError("ENROL-CODE-USED", "as the test arranged");
    }
    this.deviceKey = key;
    this.devicePoint = request.public_key;
    return {
      device: this.device, agent: AGENT, agent_name: "王秀英", branch: "YC", epoch: 1, public_url: "https://pay.example",
      office_key: this.published("office", "acknowledgement", this.officeKey),
      identity_key: this.published("identity", "identity", this.identityKey),
      recovery_key: this.published("recovery", "recovery", this.recoveryKey),
      server_ms: this.serverMs,
    };
  }

  private async sync(text: string): Promise<unknown> {
    if (this.deviceKey === null) throw new DoorstepError("DEVICE-UNKNOWN", "nobody is enrolled");
    const root = scanJson(text);
    const payload = sliceOf(text, memberOf(root, "claims") as JsonNode);
    const parsed = JSON.parse(text) as { signature: string; side_records?: { sha256: string; data: string }[] };
    await verify(this.deviceKey, TAG_EXCHANGE, utf8(payload), unb64(parsed.signature));
    const claims = { cursor: null, pull: true, ...(JSON.parse(payload) as object) } as Claims;
    if (this.nonces.has(claims.nonce)) throw new DoorstepError("NONCE-REUSED", claims.nonce);
    this.nonces.add(claims.nonce);
    const list = memberOf(root, "operations");
    const operations = list?.kind === "array" ? list.items.map((item) => sliceOf(text, item)) : [];
    const acknowledged = memberOf(root, "acknowledged");
    const shown = acknowledged === undefined ? "" : sliceOf(text, acknowledged);
    this.requests.push({ claims, operations, sideRecords: parsed.side_records ?? [], acknowledged: shown });
    const placed = checkBatch(DEVICE, operations.map((line) => utf8(line)));
    const last = placed.at(-1);
    if (last && (last.header.epoch !== claims.epoch || last.header.seq !== claims.seq || last.hash !== claims.hash)) {
      throw new DoorstepError("HEAD-MISMATCH", "the head is another");
    }
    for (const one of placed) {
      if (this.byHash.has(one.hash)) this.again += 1;
      this.byHash.set(one.hash, one);
      const at = `${one.header.epoch}/${one.header.seq}`;
      if (!this.held.has(at)) this.held.set(at, one);
    }
    for (const { sha256, data } of parsed.side_records ?? []) {
      if (!this.dropSideRecords) this.sideRecords.set(sha256, checkSideRecord(sha256, unb64(data)).data);
    }
    return this.answer(claims, this.rolledBack(shown));
  }

  /** The first operation that is lacking in the epochs that the claimed one goes back to; null: none. */
  private lackingBelow(epoch: number): Resend | null {
    const known = [...new Set([1, ...[...this.held.values()].map(({ header }) => header.epoch)])].sort((one, two) => one - two);
    for (const [at, later] of known.entries()) {
      const first = this.held.get(`${later}/1`);
      const before = known[at - 1];
      if (later > epoch || before === undefined || first === undefined || this.byHash.has(first.header.prev)) continue;
      return { epoch: before, seq: this.reached(before).seq + 1 };
    }
    return null;
  }

  /** Whether the office had signed an acknowledgement that it does not know any more: a backup was brought back. */
  private rolledBack(shown: string): boolean {
    if (!shown) return false;
    return !this.byHash.has((JSON.parse(shown) as { payload: { hash: string } }).payload.hash);
  }

  private async answer(claims: Claims, rolledBack: boolean): Promise<unknown> {
    const reached = this.reached(claims.epoch);
    const acknowledgement = JSON.stringify({
      device: this.device,
      epoch: claims.epoch,
      seq: this.acknowledgeSeq || reached.seq,
      hash: this.acknowledgeHash || reached.hash,
      nonce: this.wrongNonce ? "0".repeat(32) : claims.nonce,
      server_ms: this.serverMs,
    });
    const key = this.wrongKey ? this.otherKey : this.officeKey;
    const signature = b64(await sign(key.pair.privateKey, TAG_ACKNOWLEDGEMENT, utf8(acknowledgement)));
    const resend = this.resend ?? this.lackingBelow(claims.epoch) ?? (reached.seq < claims.seq ? { epoch: claims.epoch, seq: reached.seq + 1 } : null);
    const grant = this.grant;
    this.resend = this.grant = null;
    const { changes, cursor, more } = claims.pull && !rolledBack && !this.documentsWait ? this.changes(claims.cursor) : { changes: [], cursor: null, more: false };
    const documents = changes.map(({ n, name, text }) => `{"n":${n},"name":${JSON.stringify(name)},"document":${text}}`);
    const rest = {
      cursor, more, total: [...this.documents.values()].filter(({ text }) => text !== "null").length, resend_from: resend,
      epoch: grant, lock: this.lock, wipe_after_upload: this.wipe, documents_wait: this.documentsWait, missing_side_records: this.missing.filter((sha256) => !this.sideRecords.has(sha256)),
    };
    const ack = `{"payload":${acknowledgement},"signature":"${signature}","key":"office"}`;
    return new Raw(`{"acknowledgement":${ack},"documents":[${documents.join(",")}],${JSON.stringify(rest).slice(1)}`);
  }

  private changes(cursor: Cursor | null): {
    changes: { n: number; name: string; text: string }[];
    cursor: Cursor;
    more: boolean;
  } {
    const fresh = cursor === null || cursor.incarnation !== this.incarnation;
    const after = fresh ? 0 : cursor.n;
    const wanted = [...this.documents]
      .map(([name, { n, text }]) => ({ n, name, text }))
      .filter(({ n, text }) => n > after && !(fresh && text === "null"))
      .sort((one, other) => one.n - other.n);
    const page = wanted.slice(0, this.page);
    const more = page.length < wanted.length;
    const reached = more ? (page.at(-1)?.n ?? 0) : this.n;
    return { changes: page, cursor: { incarnation: this.incarnation, n: reached }, more };
  }

  private reached(epoch: number): { seq: number; hash: string } {
    let seq = 0;
    let hash = GENESIS;
    for (let next = this.held.get(`${epoch}/1`); next; next = this.held.get(`${epoch}/${seq + 1}`)) {
      seq += 1;
      hash = next.hash;
    }
    return { seq, hash };
  }

  private async epoch(text: string): Promise<EpochGrant> {
    const { payload, signature } = signed(text);
    const request = JSON.parse(payload) as EpochRequest;
    await verify(this.deviceKey as CryptoKey, TAG_EPOCH, utf8(payload), unb64(signature));
    this.epochRequests.push(request);
    const place = `${request.request}/${request.hash}`;
    const known = this.epochs.get(place);
    if (known !== undefined) return known;
    this.epochLast += 1;
    const grant = { epoch: this.epochLast, continues: request.hash, reason: request.reason ?? "requested" };
    this.epochs.set(place, grant);
    return grant;
  }

  private async sideRecord(sha256: string, method: string, headers: Headers, body: Uint8Array): Promise<Response> {
    const signature = unb64(headers.get("Doorstep-Signature") ?? "");
    await verify(this.deviceKey as CryptoKey, TAG_SIDE_RECORD, utf8(`${method}\n${sha256}`), signature);
    const offset = headers.get("Upload-Offset") ?? "";
    this.parts.push({ method, offset, bytes: body.length });
    if (method === "PUT") {
      this.sideRecords.set(sha256, checkSideRecord(sha256, body).data);
      return new Response(null, { status: 204 });
    }
    if (!this.knowsParts) return new Response(null, { status: 405 });
    const before = this.partial.get(sha256) ?? new Uint8Array(0);
    if (method === "PATCH" && !this.sideRecords.has(sha256)) {
      if (offset !== String(before.length)) return problem(409, "UPLOAD-OFFSET-WRONG", `at ${before.length}`);
      const whole = concat(before, body);
      this.partial.set(sha256, whole);
      if (headers.get("Upload-Complete") === "?1") {
        if (sha256Hex(whole) !== sha256) throw new DoorstepError("SIDE-RECORD-MISMATCH", "other bytes");
        this.sideRecords.set(sha256, whole);
      }
    }
    const at = this.sideRecords.get(sha256)?.length ?? this.partial.get(sha256)?.length ?? 0;
    const state = { "Upload-Offset": String(at), "Upload-Complete": this.sideRecords.has(sha256) ? "?1" : "?0" };
    return new Response(null, { status: 204, headers: state });
  }
}

/** An RFC 9457 answer. */
export function problem(status: number, code: string, detail: string, headers: Record<string, string> = {}): Response {
  const body = { code, title: code, detail, remedy: "", status };
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/problem+json", ...headers } });
}

class Raw {
  constructor(readonly text: string) {}
}

function json(value: unknown): Response {
  const text = value instanceof Raw ? value.text : JSON.stringify(value);
  return new Response(text, { status: 200, headers: { "Content-Type": "application/json" } });
}

function signed(text: string): Signed {
  const root = scanJson(text);
  const payload = sliceOf(text, memberOf(root, "payload") as JsonNode);
  return { payload, signature: (JSON.parse(text) as Signed).signature, key: "" };
}
