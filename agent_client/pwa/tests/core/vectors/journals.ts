/** journal.json, journal.ndjson, kinds.json, segments.json. */
import { expect } from "vitest";
import { fromUtf8, sha256Hex, utf8 } from "../../../src/core/encoding";
import { FIELD_KINDS, KINDS } from "../../../src/core/generated/kinds";
import type { Operation } from "../../../src/core/generated/types";
import { checkBatch, verifyChain } from "../../../src/core/journal";
import { encodeOperation, kindOf } from "../../../src/core/operations/envelope";
import { touches } from "../../../src/core/operations/kinds";
import { isHeld, understand } from "../../../src/core/operations/understand";
import { isForked, isWhole, missing, reach, summarise, type SegmentPlace } from "../../../src/core/segments";
import { codeOf, journalLines, load } from "./files";

/** Understood, and written again from its values. */
export function written(line: Uint8Array | string): string {
  const operation = understand(line);
  if (isHeld(operation)) throw new Error(operation.sentence);
  const { body, ...envelope } = operation;
  return encodeOperation(envelope, body as Operation["body"] & Record<string, unknown>);
}

interface JournalVectors {
  device: string;
  genesis: string;
  lines: { sha256: string; bytes: number; epoch: number; seq: number; prev: string; hlc: string; kind: string; touches: string[] }[];
  batches: { lines: string[]; refused: string }[];
}

export function exported(): void {
  const vectors = load<JournalVectors>("journal.json");
  const placed = verifyChain(journalLines(), vectors.genesis);
  expect(placed).toHaveLength(vectors.lines.length);
  placed.forEach((item, index) => {
    const wanted = vectors.lines[index];
    const operation = understand(item.data);
    if (wanted === undefined || isHeld(operation)) throw new Error(`line ${index + 1}`);
    const { epoch, seq, prev } = item.header;
    expect({ sha256: item.hash, bytes: item.data.length, epoch, seq, prev, hlc: operation.hlc, kind: kindOf(operation), touches: touches(operation) })
      .toEqual(wanted);
    expect(written(item.data)).toBe(fromUtf8(item.data));
  });
}

export function batches(): void {
  const vectors = load<JournalVectors>("journal.json");
  const refused = new Set<string>();
  for (const batch of vectors.batches) {
    const found = codeOf(() => checkBatch(vectors.device, batch.lines.map((line) => utf8(line))));
    expect(found).toBe(batch.refused);
    refused.add(found);
  }
  expect(refused).toEqual(new Set(["", "CHAIN-BROKEN", "ENVELOPE-BROKEN", "FRAMING-BROKEN", "OPERATION-TOO-LARGE"]));
}

export function kinds(): void {
  const vectors = load<{
    kinds: Record<string, { line: string; sha256: string }>;
    held: { line: string; rule: string }[];
  }>("kinds.json");
  expect(Object.keys(vectors.kinds).sort()).toEqual(Object.keys(KINDS).sort());
  for (const kind of FIELD_KINDS) expect(vectors.kinds).toHaveProperty(kind);
  for (const [kind, { line, sha256 }] of Object.entries(vectors.kinds)) {
    expect(written(line), kind).toBe(line);
    expect(sha256Hex(line)).toBe(sha256);
  }
  for (const { line, rule } of vectors.held) {
    const found = understand(utf8(line));
    expect(isHeld(found) ? found.rule : "", line).toBe(rule);
  }
}

interface SegmentCase {
  name: string; places: SegmentPlace[]; starts: { seq: number; prev: string }[]; ends: { seq: number; hash: string }[];
  heads: [number, string][]; missing: [number, number][]; forked: boolean; reach: number; whole: boolean;
}

export function segments(): void {
  for (const one of load<SegmentCase[]>("segments.json")) {
    const summary = summarise(one.places);
    expect(summary, one.name).toEqual({ starts: one.starts, ends: one.ends });
    expect(summarise([...one.places].reverse()), one.name).toEqual(summary);
    expect(summary.ends.map(({ seq, hash }) => [seq, hash])).toEqual(one.heads);
    expect([missing(summary), isForked(summary), reach(summary), isWhole(summary)], one.name)
      .toEqual([one.missing, one.forked, one.reach, one.whole]);
  }
}
