/** Chance by a seed, and any value of any shape, as hostile to a writer as the protocol allows. */
import { dayText } from "../../src/core/days";
import { AMOUNT_MINOR_MAX, SEQ_MAX, TEXT_LENGTH_MAX } from "../../src/core/generated/limits";
import { CURRENCIES } from "../../src/core/generated/types";
import type { Shape, Struct, Structs } from "../../src/core/shape";

const PIECES = [
  ..."abcXYZ 019-_/.", ..."\u0001\b\t\f\u001f\u007f\u0080", '"', "\\", "/", "甲", "乙", "é", "\u2028", "\u2029", "\ufeff", "😀", "𠮷", "﷽", "</script>",
];

/** The generator mulberry32: the same numbers for the same seed everywhere. */
export class Dice {
  constructor(private state: number) {}

  unit(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  below(end: number): number {
    return Math.floor(this.unit() * end);
  }

  one<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T;
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256));
  }

  text(): string {
    const length = this.unit() < 0.05 ? TEXT_LENGTH_MAX : this.below(12);
    return [...Array.from({ length }, () => this.one(PIECES)).join("")].slice(0, TEXT_LENGTH_MAX).join("");
  }

  /** A body's members after `kind`; those with a default are often left out. */
  members(struct: Struct, parts: Structs): Record<string, unknown> {
    const found: Record<string, unknown> = {};
    for (const [name, shape, ...fallback] of struct) {
      if (fallback.length > 0 && this.unit() < 0.4) continue;
      found[name] = this.value(shape, name, parts);
    }
    return found;
  }

  private value(shape: Shape, name: string, parts: Structs): unknown {
    if (name === "currency") return this.one(CURRENCIES);
    if (name === "due" || name === "first_due") return dayText(this.below(80_000));
    if (shape === "text" || shape === "raw") return this.text();
    if (shape === "integer") return this.one([1, 7, this.below(10 ** 6) + 1, name.endsWith("_minor") ? AMOUNT_MINOR_MAX : SEQ_MAX]);
    if (shape === "boolean") return this.unit() < 0.5;
    if ("words" in shape) return this.one(shape.words);
    if ("list" in shape) return Array.from({ length: this.below(4) }, () => this.value(shape.list, "", parts));
    if ("maybe" in shape) return this.unit() < 0.3 ? null : this.value(shape.maybe, name, parts);
    return this.members(parts[shape.part] ?? [], parts);
  }
}
