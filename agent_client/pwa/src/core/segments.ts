/**
 * Which stretches of a journal are held, where it forks and what is missing.
 *
 * One (device, epoch) is described by where held operations *start* (each child of a parent that is not held, and each child
 * beyond the first of one that is) and where they *end* (a held operation that no held one continues). Both follow from the
 * *set* of operations alone. An ordinary journal has one start (seq 1) and one end.
 */

/** The place of one held operation. */
export interface SegmentPlace {
  hash: string;
  seq: number;
  prev: string;
}

/** Starts and ends of one (device, epoch), each sorted by number, then hash. */
export interface Summary {
  starts: { seq: number; prev: string }[];
  ends: { seq: number; hash: string }[];
}

/** Starts and ends from all operations of one (device, epoch), each counted once. */
export function summarise(places: readonly SegmentPlace[]): Summary {
  const held = new Map(places.map((one) => [one.hash, one]));
  const children = new Map<string, number>();
  const keyOf = (seq: number, prev: string): string => `${seq} ${prev}`;
  for (const { seq, prev } of held.values()) children.set(keyOf(seq, prev), (children.get(keyOf(seq, prev)) ?? 0) + 1);
  const starts: Summary["starts"] = [];
  const counted = new Set<string>();
  for (const { seq, prev } of held.values()) {
    const key = keyOf(seq, prev);
    if (counted.has(key)) continue;
    counted.add(key);
    const continued = held.get(prev)?.seq === seq - 1 ? 1 : 0;
    for (let count = continued; count < (children.get(key) ?? 0); count += 1) starts.push({ seq, prev });
  }
  const ends = [...held.values()].filter(({ seq, hash }) => !children.has(keyOf(seq + 1, hash))).map(({ seq, hash }) => ({ seq, hash }));
  return {
    starts: starts.sort((left, right) => left.seq - right.seq || compareText(left.prev, right.prev)),
    ends: ends.sort((left, right) => left.seq - right.seq || compareText(left.hash, right.hash)),
  };
}

/** Whether this is one chain from seq 1 on, without gap or fork. */
export function isWhole({ starts, ends }: Summary): boolean {
  return starts.length === 1 && ends.length === 1 && starts[0]?.seq === 1;
}

/** How many operations hold each number, from 1 to the highest held; neighbours differ in copies. */
export function stretches({ starts, ends }: Summary): { firstSeq: number; lastSeq: number; copies: number }[] {
  const steps = new Map<number, number>();
  for (const { seq } of starts) steps.set(seq, (steps.get(seq) ?? 0) + 1);
  for (const { seq } of ends) steps.set(seq + 1, (steps.get(seq + 1) ?? 0) - 1);
  const found: { firstSeq: number; lastSeq: number; copies: number }[] = [];
  let [first, copies] = [1, 0];
  for (const [seq, step] of [...steps].sort(([left], [right]) => left - right)) {
    if (step === 0) continue;
    if (seq > first) found.push({ firstSeq: first, lastSeq: seq - 1, copies });
    [first, copies] = [seq, copies + step];
  }
  return found;
}

/** Numbers that nothing holds, below the highest held: [from, to] inclusive. */
export function missing(summary: Summary): [number, number][] {
  return stretches(summary).filter(({ copies }) => copies === 0).map(({ firstSeq, lastSeq }) => [firstSeq, lastSeq]);
}

/** Whether two operations hold the same number. */
export function isForked(summary: Summary): boolean {
  return stretches(summary).some(({ copies }) => copies > 1);
}

/** The highest number up to which, from 1, what is held is one chain by hash; 0 for none. */
export function reach({ starts, ends }: Summary): number {
  const [first, second] = starts;
  if (first?.seq !== 1 || second?.seq === 1) return 0;
  const branch = second === undefined ? (ends.at(-1)?.seq ?? 0) : second.seq - 1;
  return Math.min(branch, ends[0]?.seq ?? 0);
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
