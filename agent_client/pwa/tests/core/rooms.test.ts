/** Who may import whom, as the README's table says, and what the pure core must not know. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { describe, expect, test } from "vitest";

const SOURCE = join(import.meta.dirname, "../../src");

/** Room → rooms that it may import besides itself; a room is the first folder, or the file at the top. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  core: [],
  store: ["core"],
  vault: ["core", "store"],
  exchange: ["core", "store"],
  work: ["core", "store"],
  phone: ["core", "store", "vault", "exchange", "work"],
  screens: ["core", "phone/contract"],
  styles: [],
  worker: ["core"],
  "main.tsx": ["screens", "phone", "styles"],
  "files.d.ts": [],
};

/** Packages that a room may use. */
const PACKAGES: Readonly<Record<string, readonly RegExp[]>> = {
  core: [/^@noble\/hashes\//],
  store: [/^idb$/],
  screens: [/^preact/, /^@preact\/signals$/, /^qrcode-generator$/],
  "main.tsx": [/^preact/, /^@preact\/signals$/],
};

interface Import {
  from: string;
  to: string;
}

function sources(): string[] {
  return (readdirSync(SOURCE, { recursive: true }) as string[]).filter((name) => /\.tsx?$/.test(name)).map((name) => name.split(sep).join("/"));
}

/** A file's code without its comments, in which anything may be named. */
function codeOf(name: string): string {
  return readFileSync(join(SOURCE, name), "utf8").replace(/\/\*[^]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "");
}

function roomOf(path: string): string {
  return path.split("/")[0] ?? path;
}

function imports(): Import[] {
  return sources().flatMap((from) => {
    const text = readFileSync(join(SOURCE, from), "utf8");
    return [...text.matchAll(/(?:^|\n)\s*(?:import|export)\s[^;"']*?from\s*["']([^"']+)["']|(?:^|\n)\s*import\s*["']([^"']+)["']|import\(\s*["']([^"']+)["']/g)]
      .map((match) => ({ from, to: match[1] ?? match[2] ?? match[3] ?? "" }));
  });
}

function isAllowed({ from, to }: Import): boolean {
  const room = roomOf(from);
  if (!to.startsWith(".")) return (PACKAGES[room] ?? []).some((pattern) => pattern.test(to));
  const target = relative(SOURCE, resolve(SOURCE, dirname(from), to)).split(sep).join("/");
  return roomOf(target) === room || (ALLOWED[room] ?? []).some((allowed) => target === allowed || target.startsWith(`${allowed}/`));
}

describe("rooms", () => {
  test("every room is known", () => {
    expect([...new Set(sources().map(roomOf))].filter((room) => !(room in ALLOWED))).toEqual([]);
  });

  test("imports flow one way", () => {
    expect(imports().filter((one) => !isAllowed(one)).map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  test("the core knows no document, no storage, no clock and no chance", () => {
    const forbidden = /\b(?:document\.[a-z]+\(|document\.body|window\.|localStorage|indexedDB|fetch\(|Date\.now|new Date\(\)|Math\.random|getRandomValues|performance\.|navigator\.|setTimeout)/;
    const found = sources().filter((name) => name.startsWith("core/") && forbidden.test(codeOf(name)));
    expect(found).toEqual([]);
  });

  test("nothing makes code from text or puts markup into the page", () => {
    const forbidden = /\beval\(|new Function\(|innerHTML|outerHTML|insertAdjacentHTML|document\.write|dangerouslySetInnerHTML/;
    expect(sources().filter((name) => forbidden.test(codeOf(name)))).toEqual([]);
  });
});
