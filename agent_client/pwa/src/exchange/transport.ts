/**
 * Talking to the office: bytes out, text or one of our errors back. The office is where this app was loaded from.
 *
 * Redirects are not followed, nothing is cached, and no cookie travels.
 */
import { fromUtf8 } from "../core/encoding";
import { DoorstepError } from "../core/errors";
import { ERRORS } from "../core/generated/errors";
import type { Environment } from "../store/environment";
import { ANSWER_BYTES_MAX, RETRY_AFTER_S_MAX, TIMEOUT_S } from "./limits";

/** What came back: status, headers, and the body as text. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

/** POST JSON, compressed where the browser can and `compressed` asks; the answer's text. Raises what the office refuses with. */
export async function post(environment: Environment, path: string, body: Uint8Array, compressed = false): Promise<string> {
  const headers: Record<string, string> = { "Content-Type": "application/json" };
  let sent = body;
  if (compressed && environment.compress !== null) {
    sent = await environment.compress(body);
    headers["Content-Encoding"] = "gzip";
  }
  return (await send(environment, "POST", path, headers, sent)).text;
}

/** One request; resolves for 2xx, else raises the office's problem as our error. */
export async function send(
  environment: Environment,
  method: string,
  path: string,
  headers: Record<string, string>,
  body: Uint8Array | null,
): Promise<Answer> {
  const stop = new AbortController();
  const stopped = environment.after(TIMEOUT_S * 1000, () => stop.abort());
  try {
    const response = await environment.fetch(path, {
      method,
      headers: { Accept: "application/json, application/problem+json", ...headers },
      body: body as BodyInit | null,
      redirect: "error",
      cache: "no-store",
      credentials: "omit",
      signal: stop.signal,
    });
    const text = await read(response);
    if (response.ok) return { status: response.status, headers: response.headers, text };
    const error = problem(response, text);
    statuses.set(error, response.status);
    throw error;
  } catch (error) {
    if (error instanceof DoorstepError) throw error;
    const { name, message } = error as { name?: string; message?: string };
    throw new DoorstepError("NETWORK-DOWN", `${name ?? "Error"}: ${message ?? String(error)}`);
  } finally {
    stopped();
  }
}

const finals = new WeakSet<DoorstepError>();
const statuses = new WeakMap<DoorstepError, number>();

/** The status with which the office answered; 0: there was no answer. */
export function statusOf(error: DoorstepError): number {
  return statuses.get(error) ?? 0;
}

/** Whether asking again later may help: no signal, a busy office, too many requests. */
export function isTransient(error: DoorstepError): boolean {
  return !finals.has(error) && (error.status >= 500 || error.status === 429) && error.code !== "ANSWER-UNTRUSTED";
}

function final(error: DoorstepError): DoorstepError {
  finals.add(error);
  return error;
}

/** What came back is no answer of ours: a captive portal's page, perhaps. */
export function notOurs(path: string, error: unknown): DoorstepError {
  const why = error instanceof Error ? error.message : String(error);
  return new DoorstepError("NETWORK-DOWN", `${path}: what came back is not the office's answer: ${why}`);
}

async function read(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return "";
  const pieces: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > ANSWER_BYTES_MAX) {
      await reader.cancel();
      throw new DoorstepError("NETWORK-DOWN", `the answer has more than ${ANSWER_BYTES_MAX} bytes`);
    }
    pieces.push(value);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  try {
    return fromUtf8(whole);
  } catch {
    throw new DoorstepError("NETWORK-DOWN", "what came back is not text");
  }
}

function problem(response: Response, text: string): DoorstepError {
  const { status } = response;
  const told = members(text);
  const cause = told.detail || told.title || `the office answered ${status}`;
  const known = Object.hasOwn(ERRORS, told.code);
  const context: { title?: string; remedy?: string; reference?: string; retryAfterS?: number } = {};
  if (told.title) context.title = told.title;
  if (told.remedy) context.remedy = told.remedy;
  if (told.reference) context.reference = told.reference;
  const retryAfterS = retryAfter(response);
  if (retryAfterS !== null) context.retryAfterS = retryAfterS;
  if (status >= 500 || status === 429) {
    const code = known ? told.code : status === 429 ? "RATE-LIMITED" : "NETWORK-DOWN";
    return new DoorstepError(code, cause, context);
  }
  // Whoever answers 4xx without a code of ours is another server: to ask it again is no use.
  if (!known) return final(new DoorstepError("NETWORK-DOWN", `${cause}; is this the office's address?`, context));
  return new DoorstepError(told.code, cause, context);
}

function members(text: string): Record<"code" | "title" | "detail" | "remedy" | "reference", string> {
  let found: unknown = null;
  try {
    found = JSON.parse(text);
  } catch {
    // A proxy's page has no members.
  }
  const given = (found !== null && typeof found === "object" ? found : {}) as Record<string, unknown>;
  const member = (name: string): string => (typeof given[name] === "string" ? (given[name] as string) : "");
  return {
    code: member("code"), title: member("title"), detail: member("detail"), remedy: member("remedy"),
    reference: member("reference"),
  };
}

/** Seconds that the office asks to wait; a date or nonsense counts as nothing. */
function retryAfter(response: Response): number | null {
  const text = response.headers.get("Retry-After")?.trim() ?? "";
  const seconds = /^[0-9]+$/.test(text) ? Number(text) : null;
  return seconds !== null && seconds <= RETRY_AFTER_S_MAX * 1000 ? seconds : null;
}
