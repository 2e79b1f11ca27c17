/** encoding.json, clock.json, money.json, keys.json. */
import { expect } from "vitest";
import { effectiveInterval, formatWall, hlcFormat, hlcParse, parseWall, type Seen, tick } from "../../../src/core/clock";
import { b64, canonicalJson, hex, type Json, sha256, unb64, unhex, utf8 } from "../../../src/core/encoding";
import { formatAmount, parseAmount } from "../../../src/core/money";
import { importPublic } from "../../../src/core/signing";
import { codeOf, load, type TestKey } from "./files";

export function encoding(): void {
  const vectors = load<{
    base64url: { hex: string; text: string }[];
    base64url_refused: string[];
    canonical_json: { value: Json; text: string }[];
  }>("encoding.json");
  for (const { hex: bytes, text } of vectors.base64url) {
    expect(b64(unhex(bytes))).toBe(text);
    expect(hex(unb64(text))).toBe(bytes);
  }
  for (const text of vectors.base64url_refused) expect(codeOf(() => unb64(text)), text).toBe("ARGUMENT-WRONG");
  for (const { value, text } of vectors.canonical_json) expect(canonicalJson(value)).toBe(text);
}

interface IntervalCase {
  boot: string; mono_ms: number; seen: Seen | null; received_ms: number | null; received_boot: string; received_mono_ms: number;
  low_ms: number | null; high_ms: number | null;
}

export function clock(): void {
  const vectors = load<{
    wall: { ms: number; offset_minutes: number; text: string }[];
    wall_refused: string[];
    hlc: { ms: number; counter: number; text: string }[];
    hlc_refused: string[];
    hlc_sequences: { walls_ms: number[]; values: string[] }[];
    hlc_overflow: { last: string; wall_ms: number; next: string };
    intervals: IntervalCase[];
  }>("clock.json");
  for (const { ms, offset_minutes, text } of vectors.wall) {
    expect(formatWall(ms, offset_minutes)).toBe(text);
    expect(parseWall(text)).toEqual({ wallMs: ms, offsetMinutes: offset_minutes });
  }
  for (const text of vectors.wall_refused) expect(codeOf(() => parseWall(text)), text).toBe("ARGUMENT-WRONG");
  for (const { ms, counter, text } of vectors.hlc) {
    expect(hlcFormat(ms, counter)).toBe(text);
    expect(hlcParse(text)).toEqual({ ms, counter });
  }
  for (const text of vectors.hlc_refused) expect(codeOf(() => hlcParse(text)), text).toBe("ARGUMENT-WRONG");
  for (const { walls_ms, values } of vectors.hlc_sequences) {
    let last: string | null = null;
    walls_ms.forEach((wallMs, index) => {
      last = tick(last, wallMs);
      expect(last).toBe(values[index]);
    });
  }
  expect(tick(vectors.hlc_overflow.last, vectors.hlc_overflow.wall_ms)).toBe(vectors.hlc_overflow.next);
  for (const one of vectors.intervals) {
    const found = effectiveInterval({
      boot: one.boot, monoMs: one.mono_ms, seen: one.seen, receivedMs: one.received_ms, receivedBoot: one.received_boot,
      receivedMonoMs: one.received_mono_ms,
    });
    expect(found).toEqual({ lowMs: one.low_ms, highMs: one.high_ms });
  }
}

export function money(): void {
  const vectors = load<{
    parse: { text: string; currency: string; minor: number }[];
    parse_refused: { text: string; currency: string }[];
    format: { minor: number; currency: string; text: string }[];
  }>("money.json");
  for (const { text, currency, minor } of vectors.parse) expect(parseAmount(text, currency)).toBe(minor);
  for (const { text, currency } of vectors.parse_refused) expect(codeOf(() => parseAmount(text, currency)), text).toBe("ARGUMENT-WRONG");
  for (const { minor, currency, text } of vectors.format) expect(formatAmount(minor, currency)).toBe(text);
}

export async function keys(): Promise<void> {
  for (const key of load<TestKey[]>("keys.json")) {
    expect(hex(unb64(key.d, 32))).toBe(hex(sha256(utf8(`doorstep test key: ${key.name}`))));
    expect(hex(unb64(key.public_key, 65))).toBe(`04${hex(unb64(key.x, 32))}${hex(unb64(key.y, 32))}`);
    await importPublic(unb64(key.public_key, 65));
  }
}
