/** The golden vectors that Python and TypeScript share: `fixtures/vectors` of the repository. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { unb64 } from "../../../src/core/encoding";
import { DoorstepError } from "../../../src/core/errors";
import { importPublic } from "../../../src/core/signing";

export const FOLDER = join(import.meta.dirname, "../../../../../fixtures/vectors");

/** Every file but the description. */
export function vectorFiles(): string[] {
  return readdirSync(FOLDER).filter((name) => name !== "README.md").sort();
}

/** One file's content; what stands in it is checked by what is asked of it. */
export function load<T>(name: string): T {
  return JSON.parse(readFileSync(join(FOLDER, name), "utf8")) as T;
}

/** The lines of the exported journal. */
export function journalLines(): Buffer[] {
  const content = readFileSync(join(FOLDER, "journal.ndjson"));
  const lines: Buffer[] = [];
  for (let start = 0; start < content.length; ) {
    const end = content.indexOf(0x0a, start);
    lines.push(content.subarray(start, end));
    start = end + 1;
  }
  return lines;
}

export interface TestKey {
  name: string;
  d: string;
  x: string;
  y: string;
  public_key: string;
}

/** A test key by its name. */
export function testKey(name: string): TestKey {
  const found = load<TestKey[]>("keys.json").find((key) => key.name === name);
  if (found === undefined) throw new Error(`no test key ${name}`);
  return found;
}

/** Its public half, for verifying. */
export function publicKey(name: string): Promise<CryptoKey> {
  return importPublic(unb64(testKey(name).public_key, 65));
}

/** Its private half, for signing. */
export function signingKey(name: string): Promise<CryptoKey> {
  return crypto.subtle.importKey("jwk", jwk(name), { name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
}

/** Both halves, for sealing and opening. */
export async function sealingKeys(name: string): Promise<CryptoKeyPair> {
  const { d, ...rest } = jwk(name);
  const curve = { name: "ECDH", namedCurve: "P-256" };
  return {
    privateKey: await crypto.subtle.importKey("jwk", { ...rest, d }, curve, false, ["deriveBits"]),
    publicKey: await crypto.subtle.importKey("jwk", rest, curve, true, []),
  };
}

function jwk(name: string): JsonWebKey & { d: string } {
  const { d, x, y } = testKey(name);
  return { kty: "EC", crv: "P-256", d, x, y };
}

/** The code with which a call refuses; empty when it does not. */
export function codeOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof DoorstepError) return error.code;
    throw error;
  }
  return "";
}

/** The code with which a promise is rejected; empty when it is not. */
export async function codeOfLater(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof DoorstepError) return error.code;
    throw error;
  }
  return "";
}
