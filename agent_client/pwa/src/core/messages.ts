/**
 * What travels in an exchange, in enrolment and in a route pack (PROTOCOL 8 and 9): hostile until it was read here.
 *
 * A signed message is `{"payload": {…}, "signature": "…", "key": "…"}`; the signature covers the *exact bytes* of the
 * payload as it stands in the message, so a payload is read as its text and never written again. Readers ignore members
 * that they do not know; members with a default may be missing and are filled in.
 */
import { unb64, utf8 } from "./encoding";
import { argumentWrong, DoorstepError } from "./errors";
import { MESSAGES } from "./generated/messages";
import type * as Types from "./generated/types";
import { scanJson } from "./raw_json";
import { readStruct, ShapeFault, writeStruct } from "./shape";
import { importPublic, TAG_ACKNOWLEDGEMENT, verify } from "./signing";

export const PROTOCOL_VERSION = 1;

/** Message or document by its name. */
export interface Messages {
  Acknowledgement: Types.Acknowledgement;
  BadgeDocument: Types.BadgeDocument;
  Claims: Types.Claims;
  ClockClaim: Types.ClockClaim;
  Cursor: Types.Cursor;
  EnrolAnswer: Types.EnrolAnswer;
  EnrolRequest: Types.EnrolRequest;
  EpochGrant: Types.EpochGrant;
  EpochRequest: Types.EpochRequest;
  ExchangeAnswer: Types.ExchangeAnswer;
  ExchangeRequest: Types.ExchangeRequest;
  JournalDocument: Types.JournalDocument;
  NoticeDocument: Types.NoticeDocument;
  Pack: Types.Pack;
  PublishedKeys: Types.PublishedKeys;
  RecoveryAnswer: Types.RecoveryAnswer;
  RecoveryRequest: Types.RecoveryRequest;
  Signed: Types.Signed;
  VerdictDocument: Types.VerdictDocument;
  VisitDocument: Types.VisitDocument;
}
export type MessageName = keyof Messages;

/** What an agent holds for the day, by the first part of its name. */
const DOCUMENTS = {
  pack: "Pack",
  visit: "VisitDocument",
  notice: "NoticeDocument",
  badge: "BadgeDocument",
  journal: "JournalDocument",
  verdict: "VerdictDocument",
} as const satisfies Record<string, MessageName>;

/** Read a message; throws ANSWER-UNTRUSTED for a text that is not one. */
export function readMessage<Name extends MessageName>(name: Name, text: string): Messages[Name] {
  try {
    return readStruct(text, scanJson(text), structOf(name), MESSAGES, false) as unknown as Messages[Name];
  } catch (fault) {
    throw new DoorstepError("ANSWER-UNTRUSTED", `this is no ${name}: ${fault instanceof Error ? fault.message : String(fault)}`);
  }
}

/** Write a message in the order of PROTOCOL.md, defaults left out; throws ARGUMENT-WRONG for what it may not hold. */
export function writeMessage<Name extends MessageName>(
  name: Name,
  value: Types.Draft<Messages[Name], Name extends keyof Types.Defaulted ? Types.Defaulted[Name] : never>,
): string {
  try {
    return writeStruct(value, structOf(name), MESSAGES);
  } catch (fault) {
    if (fault instanceof ShapeFault) throw argumentWrong(`${name} cannot be written: ${fault.message}`);
    throw fault;
  }
}

/** Read a document by its name; one of a kind that is not known yet is kept as plain JSON. Else ANSWER-UNTRUSTED. */
export function readDocument(name: string, text: string): unknown {
  const first = name.slice(0, Math.max(name.indexOf("/"), 0));
  if (Object.hasOwn(DOCUMENTS, first)) return readMessage(DOCUMENTS[first as keyof typeof DOCUMENTS], text);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new DoorstepError("ANSWER-UNTRUSTED", `the document ${name.slice(0, 40)} is not JSON`);
  }
}

/** Verify and read an acknowledgement; rejects with SIGNATURE-WRONG or ANSWER-UNTRUSTED. `officePoint` is 65 bytes. */
export async function readAcknowledgement(officePoint: Uint8Array, signed: Types.Signed): Promise<Types.Acknowledgement> {
  await verify(await importPublic(officePoint), TAG_ACKNOWLEDGEMENT, utf8(signed.payload), signatureBytes(signed.signature));
  return readMessage("Acknowledgement", signed.payload);
}

/** The 64 bytes of a signature; SIGNATURE-WRONG for a text that is none. */
export function signatureBytes(text: string): Uint8Array {
  try {
    return unb64(text, 64);
  } catch (error) {
    throw new DoorstepError("SIGNATURE-WRONG", `no signature: ${error instanceof DoorstepError ? error.cause : String(error)}`);
  }
}

function structOf(name: MessageName): (typeof MESSAGES)[string] {
  const struct = MESSAGES[name];
  if (struct === undefined) throw new Error(`no message ${name} was generated`);
  return struct;
}
