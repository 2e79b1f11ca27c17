/**
 * Enrolment's exchange: a one-time code, and the first signature of a new key.
 *
 * The code comes as text or as a QR code, `doorstep:ENROL?url=https%3A%2F%2Foffice.example&code=7KQ2-...`. The office that the
 * code names must be the one that this app was loaded from.
 */
import { b64, unb64, utf8 } from "../core/encoding";
import { DoorstepError, refuse } from "../core/errors";
import type { EnrolAnswer } from "../core/generated/types";
import { readMessage, writeMessage } from "../core/messages";
import { importPublic, sign, TAG_ENROLMENT } from "../core/signing";
import type { Environment } from "../store/environment";
import { notOurs, post } from "./transport";
import { withTries } from "./waiting";

const SCHEME = "doorstep:enrol?";
const PATH = "/api/v1/enrol";

/** The one-time code, and the office's address where the text named one. */
export interface EnrolmentCode {
  code: string;
  url: string;
}

/** Read what a QR code or a person says; refuses (ARGUMENT-WRONG) nothing, and a QR text without a code. */
export function parseEnrolmentCode(text: string): EnrolmentCode {
  const cleaned = text.trim();
  if (!cleaned) throw new DoorstepError("ARGUMENT-WRONG", "an enrolment code is needed");
  if (!cleaned.toLowerCase().startsWith(SCHEME)) return { code: cleaned, url: "" };
  const members = new URLSearchParams(cleaned.slice(SCHEME.length));
  const code = members.get("code") ?? "";
  const url = members.get("url") ?? "";
  if (!code || !url) throw new DoorstepError("ARGUMENT-WRONG", `'${cleaned.slice(0, 60)}' has no url or no code`);
  return { code, url };
}

/** Refuse a code of another office: this app talks only to where it came from. */
export function checkOffice(url: string, origin: string): void {
  if (!url) return;
  const named = URL.canParse(url) ? new URL(url).origin : "";
  if (named !== origin) throw refuse("phone-other-office", { office: named || url.slice(0, 60), here: origin });
}

/** Use a code: ENROL-CODE-WRONG, -USED, -EXPIRED, NETWORK-DOWN, ANSWER-UNTRUSTED for an answer that makes no sense. */
export async function enrolAtOffice(
  environment: Environment,
  code: string,
  key: { privateKey: CryptoKey; publicBytes: Uint8Array },
  model: string,
): Promise<EnrolAnswer> {
  const payload = writeMessage("EnrolRequest", { code, public_key: b64(key.publicBytes), model });
  const signature = b64(await sign(key.privateKey, TAG_ENROLMENT, utf8(payload)));
  const body = utf8(writeMessage("Signed", { payload, signature, key: "" }));
  const answer = await withTries(environment, async () => readAnswer(await post(environment, PATH, body)));
  await checkAnswer(answer);
  return answer;
}

function readAnswer(text: string): EnrolAnswer {
  try {
    return readMessage("EnrolAnswer", text);
  } catch (error) {
    throw notOurs(PATH, error);
  }
}

/** Every key must be one, and the device id must fit a receipt, before anything is kept. */
async function checkAnswer(answer: EnrolAnswer): Promise<void> {
  try {
    for (const { public_key } of [answer.office_key, answer.identity_key, answer.recovery_key]) {
      await importPublic(unb64(public_key, 65));
    }
    if (!/^[0-9a-f]{16}$/.test(answer.device) || answer.epoch < 1) {
      throw new Error(`device ${answer.device.slice(0, 32)}, epoch ${answer.epoch}`);
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new DoorstepError("ANSWER-UNTRUSTED", `the enrolment answer cannot be used: ${why}`);
  }
}
