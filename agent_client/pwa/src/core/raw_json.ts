/**
 * JSON that keeps its exact text: signatures and hashes are over bytes as their author wrote them.
 *
 * `scanJson` follows RFC 8259 and says where each value stands, so that a payload or an operation can be cut out
 * unaltered. `jsonFault` names what the protocol forbids in operations though it is JSON: a member that stands twice,
 * fractions and exponents, integers beyond 2^53 - 1, a surrogate that stands alone.
 */
import { hasLoneSurrogate } from "./encoding";
import { INTEGER_MAX } from "./generated/limits";

/** A value's place in the text: from `start` up to but not at `end`. */
export type JsonNode =
  | { kind: "object"; start: number; end: number; members: [string, JsonNode][] }
  | { kind: "array"; start: number; end: number; items: JsonNode[] }
  | { kind: "string"; start: number; end: number; value: string }
  | { kind: "number"; start: number; end: number }
  | { kind: "true" | "false" | "null"; start: number; end: number };

/** What is not JSON, or not JSON that the protocol allows. */
export class JsonFault extends Error {
  override readonly name = "JsonFault";
}

/** No message of ours is nested deeper than six; more is an attack on whoever reads it. */
const DEPTH_MAX = 500;

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
// Control characters are forbidden inside strings, and a backslash starts one of nine escapes.
// eslint-disable-next-line no-control-regex
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const WORD = /true|false|null/y;

/** Where every value of a JSON text stands; throws JsonFault for what is not JSON or nested too deeply. */
export function scanJson(text: string): JsonNode {
  const scanner = new Scanner(text);
  const node = scanner.value(0);
  scanner.skipSpace();
  if (scanner.at < text.length) throw scanner.fault();
  return node;
}

class Scanner {
  at = 0;

  constructor(private readonly text: string) {}

  value(depth: number): JsonNode {
    if (depth > DEPTH_MAX) throw new JsonFault(`it is nested deeper than ${DEPTH_MAX}`);
    this.skipSpace();
    const start = this.at;
    const first = this.text.charAt(start);
    if (first === "{") return this.object(start, depth);
    if (first === "[") return this.array(start, depth);
    if (first === '"') return { kind: "string", start, value: this.string(), end: this.at };
    const word = this.take(WORD);
    if (word !== null) return { kind: word as "true" | "false" | "null", start, end: this.at };
    if (this.take(NUMBER) !== null) return { kind: "number", start, end: this.at };
    throw this.fault();
  }

  private object(start: number, depth: number): JsonNode {
    const members: [string, JsonNode][] = [];
    this.at += 1;
    this.skipSpace();
    while (!this.skip("}")) {
      if (members.length > 0) this.expect(",");
      this.skipSpace();
      const name = this.string();
      this.skipSpace();
      this.expect(":");
      members.push([name, this.value(depth + 1)]);
      this.skipSpace();
    }
    return { kind: "object", start, end: this.at, members };
  }

  private array(start: number, depth: number): JsonNode {
    const items: JsonNode[] = [];
    this.at += 1;
    this.skipSpace();
    while (!this.skip("]")) {
      if (items.length > 0) this.expect(",");
      items.push(this.value(depth + 1));
      this.skipSpace();
    }
    return { kind: "array", start, end: this.at, items };
  }

  private string(): string {
    const found = this.take(STRING);
    if (found === null) throw this.fault();
    return found.includes("\\") ? (JSON.parse(found) as string) : found.slice(1, -1);
  }

  skipSpace(): void {
    this.take(SPACE);
  }

  private skip(character: string): boolean {
    if (this.text.charAt(this.at) !== character) return false;
    this.at += 1;
    return true;
  }

  private expect(character: string): void {
    if (!this.skip(character)) throw this.fault();
  }

  private take(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null) return null;
    this.at = pattern.lastIndex;
    return found[0];
  }

  fault(): JsonFault {
    return new JsonFault(`it is not JSON at character ${this.at}`);
  }
}

/** The exact text of a value. */
export function sliceOf(text: string, node: JsonNode): string {
  return text.slice(node.start, node.end);
}

/** A member of an object by name, the last one where it stands twice; undefined where there is none. */
export function memberOf(node: JsonNode, name: string): JsonNode | undefined {
  if (node.kind !== "object") return undefined;
  let found: JsonNode | undefined;
  for (const [one, member] of node.members) if (one === name) found = member;
  return found;
}

/** Why these values may not be understood, or null. */
export function jsonFault(text: string, node: JsonNode): string | null {
  switch (node.kind) {
    case "object": {
      const names = new Set<string>();
      for (const [name, member] of node.members) {
        if (names.has(name)) return `the key ${JSON.stringify(name)} stands twice`;
        names.add(name);
        if (hasLoneSurrogate(name)) return "a surrogate stands alone";
        const fault = jsonFault(text, member);
        if (fault !== null) return fault;
      }
      return null;
    }
    case "array":
      for (const item of node.items) {
        const fault = jsonFault(text, item);
        if (fault !== null) return fault;
      }
      return null;
    case "string":
      return hasLoneSurrogate(node.value) ? "a surrogate stands alone" : null;
    case "number":
      return numberFault(sliceOf(text, node));
    default:
      return null;
  }
}

/** Why a number is not an integer of the protocol, or null. */
export function numberFault(digits: string): string | null {
  if (/[.eE]/.test(digits)) return `the number ${digits.slice(0, 24)} has a fraction or an exponent`;
  return Math.abs(Number(digits)) > INTEGER_MAX ? `the integer ${digits.slice(0, 24)} is beyond 2^53 - 1` : null;
}
