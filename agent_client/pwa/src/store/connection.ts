/** The database's connection: opened when it is needed, opened again when the browser has closed it. */
import type { Environment } from "./environment";
import { readable } from "./requests";
import { openDatabase } from "./schema";

export class Connection {
  private opening: Promise<IDBDatabase> | null = null;

  constructor(private readonly environment: Environment) {}

  /** Use the database; errors of IndexedDB come as ours. */
  async use<T>(work: (database: IDBDatabase) => Promise<T>): Promise<T> {
    let again = true;
    for (;;) {
      const database = await this.open();
      try {
        return await work(database);
      } catch (error) {
        // The browser may have closed the connection unnoticed (Safari does after a suspend): once is tried anew.
        if (!again || !isClosed(error)) throw readable(error);
        again = false;
        this.forget();
      }
    }
  }

  /** Close it; the next use opens it again. */
  close(): void {
    const opening = this.opening;
    this.forget();
    opening?.then(
      (database) => database.close(),
      () => undefined,
    );
  }

  private open(): Promise<IDBDatabase> {
    if (this.opening === null) {
      const opening = openDatabase(this.environment, () => {
        if (this.opening === opening) this.forget();
      });
      opening.catch(() => {
        if (this.opening === opening) this.forget();
      });
      this.opening = opening;
    }
    return this.opening;
  }

  private forget(): void {
    this.opening = null;
  }
}

/** Thrown by `IDBDatabase.transaction` on a closed connection, before anything was written. */
function isClosed(error: unknown): boolean {
  return (error as { name?: unknown } | null)?.name === "InvalidStateError";
}
