/**
 * One state of the phone's memory, and changes drafted on it.
 *
 * A `View` never changes: it is what one reading found. A `Draft` begins as a view, is changed in memory, can be read
 * meanwhile, and is written by `Memory.change` as a whole or not at all.
 */
import { utf8 } from "../core/encoding";
import { DoorstepError } from "../core/errors";
import type { Cipher } from "./cipher";
import { KEY_OF, MIRRORED, type Key, type MirroredName, type Rows, type StoreName } from "./rows";

/** All mirrored rows by store and key, in order of key. */
export type Mirror = { [S in MirroredName]: ReadonlyMap<Key, Rows[S]> };

/** One row to be written, or (`row` absent) removed. */
export interface Change {
  store: StoreName;
  key: Key;
  row?: Rows[StoreName];
}

const opened = new WeakMap<Uint8Array, Promise<Uint8Array>>();
const texts = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export class View {
  constructor(
    readonly revision: number,
    protected mirror: Mirror,
    protected readonly cipher: Cipher,
  ) {}

  /** A row by its key. */
  one<S extends MirroredName>(store: S, key: Key): Rows[S] | undefined {
    return this.mirror[store].get(key) as Rows[S] | undefined;
  }

  /** All rows of a store, in order of key. */
  all<S extends MirroredName>(store: S): Rows[S][] {
    return [...(this.mirror[store] as ReadonlyMap<Key, Rows[S]>).values()];
  }

  /** How many rows a store has. */
  size(store: MirroredName): number {
    return this.mirror[store].size;
  }

  /** What a sealed value holds; each is opened once. */
  bytes(store: StoreName, key: Key, sealed: Uint8Array): Promise<Uint8Array> {
    let plain = opened.get(sealed);
    if (plain === undefined) {
      plain = this.cipher.open(store, key, sealed);
      opened.set(sealed, plain);
    }
    return plain;
  }

  /** A sealed JSON value. */
  async json<T>(store: StoreName, key: Key, sealed: Uint8Array): Promise<T> {
    const plain = await this.bytes(store, key, sealed);
    try {
      return JSON.parse(texts.decode(plain)) as T;
    } catch {
      throw new DoorstepError("STORE-CORRUPT", `${store}/${key} is not the text that was written`);
    }
  }

  /** The rows, for a draft. */
  protected rows(): Mirror {
    return this.mirror;
  }

  static rowsOf(view: View): Mirror {
    return view.rows();
  }
}

export class Draft extends View {
  readonly changes: Change[] = [];
  private readonly copied = new Set<MirroredName>();

  constructor(view: View, cipher: Cipher) {
    super(view.revision, { ...View.rowsOf(view) }, cipher);
  }

  /** Write a row, over another of its key. */
  put<S extends StoreName>(store: S, row: Rows[S]): void {
    const key = row[KEY_OF[store] as keyof Rows[S]] as Key;
    this.changes.push({ store, key, row });
    this.copy(store)?.set(key, row);
  }

  /** Remove a row, if it is there. */
  remove(store: StoreName, key: Key): void {
    this.changes.push({ store, key });
    this.copy(store)?.delete(key);
  }

  seal(store: StoreName, key: Key, plain: Uint8Array): Promise<Uint8Array> {
    return this.cipher.seal(store, key, plain);
  }

  sealJson(store: StoreName, key: Key, value: unknown): Promise<Uint8Array> {
    return this.cipher.seal(store, key, utf8(JSON.stringify(value)));
  }

  /** The state after these changes were written. */
  after(): View {
    return new View(this.revision + (this.changes.length ? 1 : 0), this.mirror, this.cipher);
  }

  private copy(store: StoreName): Map<Key, unknown> | null {
    if (store === "content") return null;
    if (!this.copied.has(store)) {
      this.copied.add(store);
      this.mirror = { ...this.mirror, [store]: new Map(this.mirror[store] as ReadonlyMap<Key, never>) };
    }
    return this.mirror[store] as Map<Key, unknown>;
  }
}

/** Rows as read, in order of key; values that were open before stay open. */
export function mirrorOf(read: { [S in MirroredName]: Rows[S][] }, before: View | null): Mirror {
  const mirror = {} as Record<MirroredName, ReadonlyMap<Key, unknown>>;
  for (const store of MIRRORED) {
    const known = before === null ? null : View.rowsOf(before)[store];
    const rows = read[store] as { sealed?: Uint8Array }[];
    mirror[store] = new Map(
      rows.map((row) => {
        const key = (row as Record<string, unknown>)[KEY_OF[store]] as Key;
        const old = known?.get(key) as { sealed?: Uint8Array } | undefined;
        if (old?.sealed && row.sealed && same(old.sealed, row.sealed)) row.sealed = old.sealed;
        return [key, row];
      }),
    );
  }
  return mirror as Mirror;
}

function same(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  // The nonce is random, so equal first bytes are the same seal.
  for (let index = 0; index < 12; index += 1) if (one[index] !== other[index]) return false;
  return true;
}
