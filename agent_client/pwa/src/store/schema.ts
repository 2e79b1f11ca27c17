/**
 * The database as numbered steps: a step is never changed once it was released, and none drops what was not sent.
 *
 * `meta` holds what is needed before the PIN: the revision (raised by every change, so that writers notice each other),
 * key slots, tries, and keys that the browser keeps and never shows (CryptoKey).
 */
import { readable } from "./requests";
import { DoorstepError } from "../core/errors";

export const DATABASE = "doorstep";

/** The name of the spare (`spare.ts`), which has the same steps. */
export const SPARE_DATABASE = "doorstep-spare";

type Step = (database: IDBDatabase, transaction: IDBTransaction) => void;

/** Operations, head, documents, side records with their content, state. */
function journal(database: IDBDatabase): void {
  database.createObjectStore("meta");
  const operation = database.createObjectStore("operation", { keyPath: "id" });
  operation.createIndex("place", ["epoch", "seq"], { unique: true });
  operation.createIndex("hash", "hash", { unique: true });
  operation.createIndex("acknowledged", "acknowledged");
  database.createObjectStore("head", { keyPath: "only" });
  database.createObjectStore("document", { keyPath: "name" });
  database.createObjectStore("day", { keyPath: "pack" });
  const side = database.createObjectStore("side", { keyPath: "sha256" });
  side.createIndex("uploaded", "uploaded");
  database.createObjectStore("state", { keyPath: "name" });
  database.createObjectStore("recovery", { keyPath: "only" });
}

/** Photos made side records large: their content moves to a store of its own, which only sending reads. */
function contentApart(database: IDBDatabase, transaction: IDBTransaction): void {
  const content = database.createObjectStore("content", { keyPath: "sha256" });
  const walk = transaction.objectStore("side").openCursor();
  walk.onsuccess = () => {
    const cursor = walk.result;
    if (cursor === null) return;
    const { sealed, ...row } = cursor.value as { sha256: string; sealed?: Uint8Array };
    if (sealed !== undefined) {
      content.put({ sha256: row.sha256, sealed });
      cursor.update({ ...row, uploadedMs: 0 });
    }
    cursor.continue();
  };
}

const STEPS: readonly Step[] = [journal, contentApart];

/** The schema that this version writes. */
export const VERSION = STEPS.length;

/**
 * Open the database, brought to `version`. Raises STORE-VERSION when a newer app wrote it, STORE-LOCKED while another tab
 * with an older app holds it. `onLost` is called when the browser closes the connection or another tab needs it.
 */
export function openDatabase(
  { indexedDB }: { indexedDB: IDBFactory },
  onLost: () => void,
  { version = VERSION, name = DATABASE }: { version?: number; name?: string } = {},
): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    let request: IDBOpenDBRequest;
    try {
      request = indexedDB.open(name, version);
    } catch (error) {
      reject(readable(error));
      return;
    }
    request.onupgradeneeded = (event) => {
      const transaction = request.transaction;
      if (transaction === null) return;
      for (const step of STEPS.slice(event.oldVersion, version)) step(request.result, transaction);
    };
    request.onblocked = () =>
      reject(new DoorstepError("STORE-LOCKED", "another tab holds the phone's memory with an older version; close it"));
    request.onerror = () => reject(readable(request.error));
    request.onsuccess = () => {
      const database = request.result;
      database.onversionchange = () => {
        database.close();
        onLost();
      };
      database.onclose = onLost;
      resolve(database);
    };
  });
}
