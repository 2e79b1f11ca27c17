/** Stands in for `node:fs`, `node:path` and `Buffer` in a browser: the vectors' files come with the page. */
declare global {
  /** Name of a file of vectors → its bytes as text, one character a byte. */
  var vectorFileBytes: Record<string, string>;
}

export function readdirSync(): string[] {
  return Object.keys(globalThis.vectorFileBytes);
}

export function readFileSync(path: string, encoding?: "utf8"): string | Uint8Array {
  const latin = globalThis.vectorFileBytes[path.split("/").at(-1) ?? ""];
  if (latin === undefined) throw new Error(`no vectors ${path}`);
  const bytes = Uint8Array.from(latin, (character) => character.charCodeAt(0));
  return encoding === undefined ? bytes : new TextDecoder().decode(bytes);
}

export function join(...parts: string[]): string {
  return parts.filter((part) => part !== undefined).join("/");
}

export const Buffer = { alloc: (length: number): Uint8Array => new Uint8Array(length) };
