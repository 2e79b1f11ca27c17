/**
 * A phone that does what lines on its input say: the real app in node, over a fake IndexedDB and real HTTP.
 *
 * Each line is `{"call": "start", "with": ["V1"]}`, a method of the phone; each answer `{"value": …}` or `{"refused": {…}}`.
 * `reload` is a new page load over the same storage, `state` reads the state, `{"$bytes": n}` stands for so many bytes.
 * Arguments: the office's address, and the wall clock's milliseconds at start.
 */
import { createInterface } from "node:readline";
import { DoorstepError } from "../../src/core/errors";
import { createPhone, type RunningPhone } from "../../src/phone/create";
import { FakeOffice } from "./fake_office";
import { World } from "./world";

const [origin = "", startMs = "0"] = process.argv.slice(2);
const began = performance.now();
const world = new World(new FakeOffice());
world.origin = origin;
world.compress = async (data) => {
  const packed = new Blob([data as BlobPart]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(packed).arrayBuffer());
};

let loads = 0;
let phone = load();

function load(): RunningPhone {
  loads += 1;
  const boot = `driver-${loads}`;
  return createPhone(
    world.environment({
      random: (length) => crypto.getRandomValues(new Uint8Array(length)),
      clock: () => {
        const monoMs = Math.floor(performance.now() - began);
        return { wallMs: Number(startMs) + monoMs, offsetMinutes: 480, boot, monoMs };
      },
      fetch: (path, init) => fetch(new URL(path, origin), init),
    }),
  );
}

async function answer(line: string): Promise<unknown> {
  const { call, with: given = [] } = JSON.parse(line, revive) as { call: string; with?: unknown[] };
  if (call === "reload") phone = load();
  await phone.started;
  if (call === "reload" || call === "state") return phone.state;
  const method = phone[call as keyof RunningPhone];
  if (typeof method !== "function") throw new TypeError(`the phone has no ${call}`);
  return (method as (...values: unknown[]) => unknown).apply(phone, given);
}

function revive(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== "object" || !("$bytes" in value)) return value;
  return new Uint8Array(value.$bytes as number).fill(7);
}

for await (const line of createInterface({ input: process.stdin })) {
  let said: unknown;
  try {
    said = { value: (await answer(line)) ?? null };
  } catch (error) {
    const { code, key, cause } = error instanceof DoorstepError ? error : { code: "", key: "", cause: String(error) };
    said = { refused: { code, key, cause } };
  }
  process.stdout.write(`${JSON.stringify(said)}\n`);
}
