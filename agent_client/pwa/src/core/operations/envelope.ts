/**
 * The envelope of every operation: where it stands in its journal, and what its author's clocks said.
 *
 * An operation *is* its bytes: one line of UTF-8 JSON, exactly as its author wrote it. Nobody re-encodes it; its hash is
 * the SHA-256 over those bytes. `encodeOperation` writes the line that this phone authors itself, members in the order of
 * PROTOCOL 3, those that have their default left out: the same bytes as the office's own code writes.
 */
import { argumentWrong } from "../errors";
import { ENVELOPE, KIND_PARTS, KINDS } from "../generated/kinds";
import type { Actor, BodyDraft, Operation, Position, Seen } from "../generated/types";
import { ShapeFault, writeStruct } from "../shape";

export { FIELD_KINDS, GENESIS, SCHEMA_VERSION } from "../generated/kinds";
export type { BodyDraft, FieldBody, Operation, Position, Seen } from "../generated/types";

/** The members before the body, as an author gives them; what has a default may be missing. */
export interface Envelope {
  v: number;
  device: string;
  epoch: number;
  seq: number;
  prev: string;
  at: string;
  hlc: string;
  boot: string;
  mono_ms: number;
  seen?: Seen | null;
  pack?: string;
  policy?: string;
  position?: Position | null;
  by?: Actor | null;
  rests_on?: readonly string[];
}

/** The line of an operation, without its line end; throws ARGUMENT-WRONG for what no member may hold. */
export function encodeOperation(envelope: Envelope, body: BodyDraft | { kind: string; [member: string]: unknown }): string {
  const { kind, ...members } = body;
  const struct = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (struct === undefined) throw argumentWrong(`${kind} is no kind of operation`);
  try {
    const rest = writeStruct(members, struct, KIND_PARTS).slice(1);
    const written = `{"kind":${JSON.stringify(kind)}${rest === "}" ? "" : ","}${rest}`;
    return writeStruct({ ...envelope, body: written }, ENVELOPE, KIND_PARTS);
  } catch (fault) {
    if (fault instanceof ShapeFault) throw argumentWrong(`${kind} cannot be written: ${fault.message}`);
    throw fault;
  }
}

/** The kind's name, as on the wire. */
export function kindOf(operation: Operation): string {
  return operation.body.kind;
}
