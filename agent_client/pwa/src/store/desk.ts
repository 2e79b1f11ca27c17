/** A phone at work: its memory, its keys in use, and the outside world. Lives from unlocking to locking. */
import type { Environment } from "./environment";
import type { Memory } from "./memory";
import type { Enrolment } from "./state";

export interface Desk {
  environment: Environment;
  memory: Memory;
  enrolment: Enrolment;
  /** ECDSA P-256, non-extractable. */
  signingKey: CryptoKey;
  /** The data key sealed to the branch, ready to be laid down before something new is written. */
  recoverySeal: Uint8Array;
}

/** This device's id, which is also its receipts' key id. */
export function deviceOf(desk: Desk): string {
  return desk.enrolment.answer.device;
}
