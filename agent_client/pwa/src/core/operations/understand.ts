/**
 * From stored bytes to a typed operation, or to the reason why it is held.
 *
 * An authentic operation is stored first and understood second. What cannot be understood is held, never dropped:
 * OPERATION-MALFORMED when it breaks the rules of this version, SCHEMA-NEWER when a later version may understand it.
 * Understanding is a pure function of the bytes, and the same one on both sides.
 */
import { hlcParse, parseWall } from "../clock";
import { characters, fromUtf8 } from "../encoding";
import { DoorstepError } from "../errors";
import { ENVELOPE, FIELD_KINDS, KIND_PARTS, KINDS, SCHEMA_VERSION } from "../generated/kinds";
import { AMOUNT_MINOR_MAX, SEQ_MAX, TEXT_LENGTH_MAX } from "../generated/limits";
import type { Operation } from "../generated/types";
import { isCurrency } from "../money";
import { type JsonNode, jsonFault, memberOf, numberFault, scanJson, sliceOf } from "../raw_json";
import { type Plain, readStruct } from "../shape";
import { isDay } from "../days";

/** Why an operation is stored but has no effect: the rule's code and a sentence. */
export interface Held {
  held: true;
  rule: "OPERATION-MALFORMED" | "SCHEMA-NEWER";
  sentence: string;
}

const LAT_E7_MAX = 900_000_000;
const LON_E7_MAX = 1_800_000_000;
/** Days that a device states; the office's own come from its calendar. */
const DAYS = new Set(["PromiseMade.due", "PlanProposed.first_due"]);
const DEVICE_KINDS: ReadonlySet<string> = new Set(FIELD_KINDS);

/** Whether `understand` answered that it is held. */
export function isHeld(found: Operation | Held): found is Held {
  return "held" in found;
}

/** Decode strictly: typed members, no unknown ones, no duplicate keys, integers within 2^53, sane values. */
export function understand(data: Uint8Array | string): Operation | Held {
  let text: string;
  let root: JsonNode;
  try {
    text = typeof data === "string" ? data : fromUtf8(data);
    root = scanJson(text);
  } catch (error) {
    return malformed(error instanceof Error ? error.message : String(error));
  }
  const fault = jsonFault(text, root);
  if (fault !== null) return malformed(fault);
  let operation: Operation;
  try {
    operation = readOperation(text, root);
  } catch (error) {
    return heldFor(text, root, error instanceof Error ? error.message : String(error));
  }
  if (operation.v < 1) return malformed(`version ${operation.v} was never written`);
  if (operation.v > SCHEMA_VERSION) return newer(operation.v, operation.body.kind);
  const wrong = valueFault(operation);
  return wrong === null ? operation : malformed(wrong);
}

function readOperation(text: string, root: JsonNode): Operation {
  const envelope = readStruct(text, root, ENVELOPE, KIND_PARTS, true);
  const body = memberOf(root, "body");
  const kind = body === undefined ? undefined : memberOf(body, "kind");
  if (body?.kind !== "object" || kind?.kind !== "string") throw new Error("body is no object with a kind");
  const struct = Object.hasOwn(KINDS, kind.value) ? KINDS[kind.value] : undefined;
  if (struct === undefined) throw new Error(`the kind ${JSON.stringify(kind.value.slice(0, 40))} is not known`);
  const rest: JsonNode = { ...body, members: body.members.filter(([name]) => name !== "kind") };
  const members = readStruct(text, rest, struct, KIND_PARTS, true);
  return { ...envelope, body: { kind: kind.value, ...members } } as unknown as Operation;
}

function heldFor(text: string, root: JsonNode, reason: string): Held {
  const given = memberOf(root, "v");
  const integer = given?.kind === "number" && numberFault(sliceOf(text, given)) === null;
  const version = integer ? Number(sliceOf(text, given)) : 0;
  const body = memberOf(root, "body");
  const named = body === undefined ? undefined : memberOf(body, "kind");
  const kind = named?.kind === "string" ? named.value : "";
  if (version > SCHEMA_VERSION || (version === SCHEMA_VERSION && kind !== "" && !Object.hasOwn(KINDS, kind))) {
    return newer(version, kind);
  }
  return malformed(reason);
}

function malformed(fault: string): Held {
  return { held: true, rule: "OPERATION-MALFORMED", sentence: `It is kept, but has no effect: ${fault}.` };
}

function newer(version: number, kind: string): Held {
  const sentence =
    "It is kept and will be looked at again after an upgrade: " +
    `kind ${JSON.stringify(kind.slice(0, 40))} of version ${version} is newer than this app's version ${SCHEMA_VERSION}.`;
  return { held: true, rule: "SCHEMA-NEWER", sentence };
}

function valueFault(operation: Operation): string | null {
  try {
    parseWall(operation.at);
    hlcParse(operation.hlc);
  } catch (error) {
    if (error instanceof DoorstepError) return error.cause;
    throw error;
  }
  for (const name of ["device", "boot", "pack", "policy"] as const) {
    if (tooLong(operation[name])) return `${name} has more than ${TEXT_LENGTH_MAX} characters`;
  }
  if (operation.mono_ms < 0) return `a monotonic clock of ${operation.mono_ms}`;
  const where = operation.position;
  if (where !== null && (Math.abs(where.lat_e7) > LAT_E7_MAX || Math.abs(where.lon_e7) > LON_E7_MAX || where.accuracy_m < 0)) {
    return "the position is not on Earth";
  }
  return bodyFault(operation.body as unknown as Plain & { kind: string });
}

function bodyFault(body: Plain & { kind: string }): string | null {
  const ofDevice = DEVICE_KINDS.has(body.kind);
  for (const [name, value] of Object.entries(body)) {
    let fault: string | null = null;
    if (name === "kind") continue;
    if (typeof value === "string") fault = textFault(body.kind, name, value);
    else if (typeof value === "number" && (ofDevice || name === "amount_minor")) {
      // All integers of a device are counts or amounts; the office also states balances and places.
      const most = name.endsWith("_minor") ? AMOUNT_MINOR_MAX : SEQ_MAX;
      fault = value >= 0 && value <= most ? null : "out of range";
    }
    if (fault !== null) return `${name} ${JSON.stringify(String(value).slice(0, 40))} is ${fault}`;
  }
  return body.kind === "PaymentCollected" && body["amount_minor"] === 0 ? "a payment of zero" : null;
}

function textFault(kind: string, name: string, value: string): string | null {
  if (tooLong(value)) return `longer than ${TEXT_LENGTH_MAX} characters`;
  if (name === "currency" && !isCurrency(value)) return "not a currency that receipts carry";
  return DAYS.has(`${kind}.${name}`) && !isDay(value) ? "not a day (YYYY-MM-DD)" : null;
}

function tooLong(value: string): boolean {
  return value.length > TEXT_LENGTH_MAX && characters(value) > TEXT_LENGTH_MAX;
}
