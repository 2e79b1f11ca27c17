/**
 * Reading and writing JSON by its shape: hostile until checked, and written in one order with defaults left out.
 *
 * A struct lists its members as they are written: name, shape, and the default where the member may be left out. Reading
 * fills defaults in, keeps `raw` values as their exact text, and throws `ShapeFault` for anything that does not fit.
 * Operations are read `strict` (a member that is not listed does not fit); messages ignore what they do not know.
 */
import { hasLoneSurrogate } from "./encoding";
import { type JsonNode, numberFault, sliceOf } from "./raw_json";

export type Shape =
  | "text"
  | "integer"
  | "boolean"
  | "raw"
  | { readonly words: readonly string[] }
  | { readonly list: Shape }
  | { readonly maybe: Shape }
  | { readonly part: string };
export type Member = readonly [name: string, shape: Shape] | readonly [name: string, shape: Shape, fallback: unknown];
export type Struct = readonly Member[];
export type Structs = Readonly<Record<string, Struct>>;
export type Plain = Record<string, unknown>;

/** Something does not fit; the message names the member. */
export class ShapeFault extends Error {
  override readonly name = "ShapeFault";
}

/** Read an object that stands at `node` in `text`; `parts` are the structs that shapes name. */
export function readStruct(text: string, node: JsonNode, struct: Struct, parts: Structs, strict: boolean): Plain {
  return new Reader(text, parts, strict).struct(node, struct, "");
}

class Reader {
  constructor(
    private readonly text: string,
    private readonly parts: Structs,
    private readonly strict: boolean,
  ) {}

  struct(node: JsonNode, struct: Struct, where: string): Plain {
    if (node.kind !== "object") throw new ShapeFault(`${where || "it"} is no object`);
    const given = new Map(node.members);
    const found: Plain = {};
    for (const [name, shape, ...fallback] of struct) {
      const member = given.get(name);
      given.delete(name);
      if (member !== undefined) found[name] = this.value(member, shape, where === "" ? name : `${where}.${name}`);
      else if (fallback.length === 0) throw new ShapeFault(`${where === "" ? "" : `${where}.`}${name} is missing`);
      else found[name] = Array.isArray(fallback[0]) ? [] : fallback[0];
    }
    const [unknown] = given.keys();
    if (this.strict && unknown !== undefined) throw new ShapeFault(`${unknown.slice(0, 40)} is not a member of ${where || "it"}`);
    return found;
  }

  private value(node: JsonNode, shape: Shape, where: string): unknown {
    if (shape === "raw") return sliceOf(this.text, node);
    if (shape === "text") {
      if (node.kind !== "string") throw new ShapeFault(`${where} is no text`);
      return node.value;
    }
    if (shape === "integer") return this.integer(node, where);
    if (shape === "boolean") {
      if (node.kind !== "true" && node.kind !== "false") throw new ShapeFault(`${where} is neither true nor false`);
      return node.kind === "true";
    }
    if ("words" in shape) {
      if (node.kind !== "string" || !shape.words.includes(node.value)) throw new ShapeFault(`${where} is none of its words`);
      return node.value;
    }
    if ("list" in shape) {
      if (node.kind !== "array") throw new ShapeFault(`${where} is no list`);
      return node.items.map((item, place) => this.value(item, shape.list, `${where}[${place}]`));
    }
    if ("maybe" in shape) return node.kind === "null" ? null : this.value(node, shape.maybe, where);
    return this.struct(node, partOf(this.parts, shape.part), where);
  }

  private integer(node: JsonNode, where: string): number {
    if (node.kind !== "number") throw new ShapeFault(`${where} is no number`);
    const digits = sliceOf(this.text, node);
    const fault = numberFault(digits);
    if (fault !== null) throw new ShapeFault(`${where}: ${fault}`);
    return Number(digits) + 0; // turns minus zero into zero
  }
}

/** Write an object: members in the struct's order, defaults left out; `raw` values stand as they are. */
export function writeStruct(value: object, struct: Struct, parts: Structs): string {
  const given = value as Plain;
  const names = new Set(struct.map(([name]) => name));
  for (const name of Object.keys(given)) {
    if (!names.has(name) && given[name] !== undefined) throw new ShapeFault(`${name} is not a member`);
  }
  const written: string[] = [];
  for (const [name, shape, ...fallback] of struct) {
    const member = given[name];
    const optional = fallback.length > 0;
    if (member === undefined && !optional) throw new ShapeFault(`${name} is missing`);
    if (member === undefined || (optional && isDefault(member, fallback[0]))) continue;
    written.push(`${JSON.stringify(name)}:${writeValue(member, shape, parts, name)}`);
  }
  return `{${written.join(",")}}`;
}

function isDefault(member: unknown, fallback: unknown): boolean {
  return member === fallback || (Array.isArray(fallback) && Array.isArray(member) && member.length === 0);
}

function writeValue(value: unknown, shape: Shape, parts: Structs, where: string): string {
  if (shape === "raw" || shape === "text") {
    if (typeof value !== "string") throw new ShapeFault(`${where} is no text`);
    return shape === "raw" ? value : writeText(value, where);
  }
  if (shape === "integer") {
    if (!Number.isSafeInteger(value)) throw new ShapeFault(`${where} ${String(value)} is no integer within 2^53 - 1`);
    return JSON.stringify(value);
  }
  if (shape === "boolean") {
    if (typeof value !== "boolean") throw new ShapeFault(`${where} is neither true nor false`);
    return JSON.stringify(value);
  }
  if ("words" in shape) {
    if (typeof value !== "string" || !shape.words.includes(value)) throw new ShapeFault(`${where} ${String(value)} is none of its words`);
    return JSON.stringify(value);
  }
  if ("list" in shape) {
    if (!Array.isArray(value)) throw new ShapeFault(`${where} is no list`);
    return `[${value.map((item: unknown, place) => writeValue(item, shape.list, parts, `${where}[${place}]`)).join(",")}]`;
  }
  if ("maybe" in shape) return value === null ? "null" : writeValue(value, shape.maybe, parts, where);
  if (typeof value !== "object" || value === null) throw new ShapeFault(`${where} is no object`);
  return writeStruct(value, partOf(parts, shape.part), parts);
}

function writeText(value: string, where: string): string {
  if (hasLoneSurrogate(value)) throw new ShapeFault(`${where} holds half a character`);
  return JSON.stringify(value);
}

function partOf(parts: Structs, name: string): Struct {
  const part = parts[name];
  if (part === undefined) throw new Error(`no part ${name} was generated`);
  return part;
}
