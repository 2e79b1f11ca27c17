/**
 * IndexedDB as promises: one request, one transaction, and its errors as ours.
 *
 * A transaction here never waits for anything but its own requests, because the browser commits it otherwise. So what
 * is written is encrypted and signed before the transaction opens.
 */
import { DoorstepError } from "../core/errors";

/** The result of a request. */
export function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(readable(request.error));
  });
}

/** Resolves when the transaction is on disk, rejects when nothing of it was written. */
export function finished(transaction: IDBTransaction): Promise<void> {
  const done = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(readable(transaction.error));
  });
  // Whoever waits for a request of it hears of the failure there; nobody may be waiting here yet.
  done.catch(() => undefined);
  return done;
}

/** Undo a transaction, if it has not ended. */
export function abort(transaction: IDBTransaction): void {
  try {
    transaction.abort();
  } catch {
    // It had ended.
  }
}

/** What a storage error means to an agent: STORE-FULL, STORE-LOCKED, STORE-VERSION or STORE-CORRUPT. */
export function readable(error: unknown): DoorstepError {
  if (error instanceof DoorstepError) return error;
  const { name, message } = named(error);
  const cause = `the phone's memory: ${name}${message ? `: ${message}` : ""}`;
  switch (name) {
    case "QuotaExceededError":
      return new DoorstepError("STORE-FULL", cause);
    case "VersionError":
      return new DoorstepError("STORE-VERSION", cause);
    case "DataError":
    case "DataCloneError":
    case "ConstraintError":
    case "NotReadableError":
      return new DoorstepError("STORE-CORRUPT", cause);
    default:
      return new DoorstepError("STORE-LOCKED", cause);
  }
}

function named(error: unknown): { name: string; message: string } {
  if (error !== null && typeof error === "object" && "name" in error) {
    const { name, message } = error as { name: unknown; message?: unknown };
    return { name: String(name), message: typeof message === "string" ? message : "" };
  }
  return { name: "aborted", message: "" };
}
