/**
 * Journals: the operations of one device, numbered and chained by hash (PROTOCOL 3 and 5).
 *
 * The chain is checked over exact bytes: each operation's `prev` is the SHA-256 of the line before it, so that
 * `sha256sum` is enough to follow it by hand. An export is those lines, one operation each (NDJSON). `append` writes the
 * next operation and refuses whatever a reader would hold, because a journal cannot be mended; `verifyChain` follows an
 * export; `checkBatch` looks at what one exchange brings.
 */
import { formatWall, type Reading, tick } from "./clock";
import { fromUtf8, isHash, sha256Hex, utf8 } from "./encoding";
import { argumentWrong, DoorstepError } from "./errors";
import { EPOCH_MAX, OPERATION_BYTES_MAX, OPERATION_BYTES_MAX_WRITER, SEQ_MAX } from "./generated/limits";
import type { BodyDraft, Operation, Position, Seen } from "./generated/types";
import { encodeOperation, SCHEMA_VERSION } from "./operations/envelope";
import { isHeld, understand } from "./operations/understand";
import { memberOf, numberFault, scanJson, sliceOf, type JsonNode } from "./raw_json";

/** The place a journal has reached; `hlc` feeds the next operation (null: none was written yet). */
export interface JournalHead {
  device: string;
  epoch: number;
  seq: number;
  hash: string;
  hlc: string | null;
}

/** A freshly written operation: its bytes, hash, what they say, and the head after it. */
export interface Entry {
  data: Uint8Array<ArrayBuffer>;
  hash: string;
  operation: Operation;
  head: JournalHead;
}

/** The place of an operation in its journal; everything else in the bytes is left unread. */
export interface Header {
  device: string;
  epoch: number;
  seq: number;
  prev: string;
  pack: string;
}

/** An operation's bytes with its hash and its place, checked but not understood. */
export interface Placed {
  data: Uint8Array;
  hash: string;
  header: Header;
}

/** Under what an operation is written. */
export interface Circumstances {
  seen?: Seen | null;
  pack?: string;
  policy?: string;
  position?: Position | null;
}

/**
 * Write the next operation of a journal; nothing is stored.
 *
 * Throws STATE-FORBIDS when the journal's numbers are used up, OPERATION-TOO-LARGE beyond what a client may write, and
 * ARGUMENT-WRONG for a body that would be held.
 */
export function append(head: JournalHead, body: BodyDraft, reading: Reading, circumstances: Circumstances = {}): Entry {
  if (head.seq >= SEQ_MAX) {
    throw new DoorstepError("STATE-FORBIDS", `journal ${head.device}/${head.epoch} is full; open a new epoch`);
  }
  const hlc = tick(head.hlc, reading.wallMs);
  const envelope = {
    v: SCHEMA_VERSION,
    device: head.device,
    epoch: head.epoch,
    seq: head.seq + 1,
    prev: head.hash,
    at: formatWall(reading.wallMs, reading.offsetMinutes),
    hlc,
    boot: reading.boot,
    mono_ms: reading.monoMs,
    ...circumstances,
  };
  const data = utf8(encodeOperation(envelope, body));
  if (data.length > OPERATION_BYTES_MAX_WRITER) {
    throw new DoorstepError(
      "OPERATION-TOO-LARGE",
      `${body.kind} would have ${data.length} bytes, allowed are ${OPERATION_BYTES_MAX_WRITER}`,
    );
  }
  const { hash } = place(data);
  const operation = understand(data);
  if (isHeld(operation)) throw argumentWrong(`${body.kind} would be held. ${operation.sentence}`);
  return { data, hash, operation, head: { device: head.device, epoch: head.epoch, seq: head.seq + 1, hash, hlc } };
}

/** Refuse what cannot stand as one line: too large, CR or LF or NUL inside, not UTF-8, no object. Returns its text. */
export function checkFraming(data: Uint8Array): string {
  if (data.length > OPERATION_BYTES_MAX) {
    throw new DoorstepError("OPERATION-TOO-LARGE", `an operation has ${data.length} bytes, allowed are ${OPERATION_BYTES_MAX}`);
  }
  if (data.includes(0x0a) || data.includes(0x0d) || data.includes(0)) {
    throw new DoorstepError("FRAMING-BROKEN", "an operation contains CR, LF or NUL");
  }
  if (data[0] !== 0x7b) throw new DoorstepError("FRAMING-BROKEN", "an operation does not start with an object");
  try {
    return fromUtf8(data);
  } catch {
    throw new DoorstepError("FRAMING-BROKEN", "an operation is not UTF-8");
  }
}

/** Check framing and read the place; throws ENVELOPE-BROKEN where it cannot be read or is out of range. */
export function place(data: Uint8Array): Placed {
  const text = checkFraming(data);
  const header = readHeader(text);
  const within = header.epoch > 0 && header.epoch <= EPOCH_MAX && header.seq > 0 && header.seq <= SEQ_MAX;
  if (!within || !isHash(header.prev)) throw new DoorstepError("ENVELOPE-BROKEN", "epoch, seq or prev is out of range");
  return { data, hash: sha256Hex(data), header };
}

function readHeader(text: string): Header {
  let root: JsonNode;
  try {
    root = scanJson(text);
  } catch (error) {
    throw new DoorstepError("ENVELOPE-BROKEN", `an operation's place cannot be read: ${(error as Error).message}`);
  }
  const pack = memberOf(root, "pack");
  return {
    device: textMember(root, "device"),
    epoch: integerMember(text, root, "epoch"),
    seq: integerMember(text, root, "seq"),
    prev: textMember(root, "prev"),
    // A `pack` that is no text is read as none: it is no envelope fault, and the operation is held for it later.
    pack: pack?.kind === "string" ? pack.value : "",
  };
}

function textMember(root: JsonNode, name: string): string {
  const node = memberOf(root, name);
  if (node?.kind !== "string") throw new DoorstepError("ENVELOPE-BROKEN", `an operation's ${name} is no text`);
  return node.value;
}

function integerMember(text: string, root: JsonNode, name: string): number {
  const node = memberOf(root, name);
  if (node?.kind !== "number" || numberFault(sliceOf(text, node)) !== null) {
    throw new DoorstepError("ENVELOPE-BROKEN", `an operation's ${name} is no integer`);
  }
  return Number(sliceOf(text, node));
}

/**
 * What an exchange brings must be one chain of this device: in order, each naming the one before.
 *
 * It may cross into a later epoch, but even there the first operation names the one before it. Throws ENVELOPE-BROKEN,
 * FRAMING-BROKEN, OPERATION-TOO-LARGE or CHAIN-BROKEN.
 */
export function checkBatch(device: string, lines: readonly Uint8Array[]): Placed[] {
  const placed = lines.map((line) => place(line));
  placed.forEach((one, index) => {
    const { header } = one;
    if (header.device !== device) {
      throw new DoorstepError("CHAIN-BROKEN", `seq ${header.seq} is of device ${header.device.slice(0, 32)}, the request of ${device}`);
    }
    const before = placed[index - 1];
    if (before !== undefined && !(numberedAfter(header, before.header) && header.prev === before.hash)) {
      const last = before.header;
      throw new DoorstepError("CHAIN-BROKEN", `${header.epoch}/${header.seq} does not follow ${last.epoch}/${last.seq} by hash`);
    }
  });
  return placed;
}

/**
 * Follow an export from its first line; `prev` is what the first must name, if known.
 *
 * Each line follows the line before it; the first of a later epoch may instead continue an earlier line, as after a fork.
 * Throws CHAIN-BROKEN with the number of the first line (from 1) that does not follow.
 */
export function verifyChain(lines: readonly Uint8Array[], prev?: string): Placed[] {
  const placed: Placed[] = [];
  const seen = new Set<string>();
  for (const [index, line] of lines.entries()) {
    const one = place(line);
    const last = placed.at(-1);
    const follows = last === undefined ? prev === undefined || one.header.prev === prev : followsLine(one.header, last, seen);
    if (!follows) {
      throw new DoorstepError("CHAIN-BROKEN", `line ${index + 1} (seq ${one.header.seq}) does not follow the lines before it`);
    }
    placed.push(one);
    seen.add(one.hash);
  }
  return placed;
}

function followsLine(header: Header, last: Placed, seen: ReadonlySet<string>): boolean {
  if (header.device !== last.header.device || !numberedAfter(header, last.header)) return false;
  return header.prev === last.hash || (header.seq === 1 && seen.has(header.prev));
}

function numberedAfter(header: Header, last: Header): boolean {
  return header.epoch === last.epoch ? header.seq === last.seq + 1 : header.epoch > last.epoch && header.seq === 1;
}
