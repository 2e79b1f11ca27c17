/** What an operation on this phone says; each is understood once. */
import type { Operation } from "../core/generated/types";
import { isHeld, understand } from "../core/operations/understand";
import type { Stored } from "../store/journal";

const understood = new WeakMap<Uint8Array, Operation | null>();

/** The operation, or null for one that this version does not understand. */
export function operationOf(stored: Stored): Operation | null {
  let operation = understood.get(stored.data);
  if (operation === undefined) {
    const looked = understand(stored.data);
    operation = isHeld(looked) ? null : looked;
    understood.set(stored.data, operation);
  }
  return operation;
}
