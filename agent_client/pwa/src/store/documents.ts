/** Documents that the office sent, by name, and the frames of the days that this phone worked on. */
import type {
  BadgeDocument, JournalDocument, NoticeDocument, Pack, VerdictDocument, VisitDocument,
} from "../core/generated/types";
import type { DocumentRow } from "./rows";
import type { Draft, View } from "./view";

/** A change as it was read from an answer; `document` null: it left the scope. */
export interface ReadChange {
  n: number;
  name: string;
  document: unknown;
}

/** One stop, or null; one that left the scope while its visit is open is still given. */
export function visitOf(view: View, visit: string): Promise<VisitDocument | null> {
  return one(view, `visit/${visit}`);
}

/** The version of a notice to hand over. */
export function noticeOf(view: View, notice: string): Promise<NoticeDocument | null> {
  return one(view, `notice/${notice}`);
}

/** How far the office has reconciled an epoch. */
export function reconciledOf(view: View, device: string, epoch: number): Promise<JournalDocument | null> {
  return one(view, `journal/${device}/${epoch}`);
}

/** The certificates of the days in scope, by which a badge is shown. */
export function badgesOf(view: View): Promise<BadgeDocument[]> {
  return many<BadgeDocument>(view, "badge/");
}

/** Every operation that is held or disputed, by hash. */
export async function verdictsOf(view: View): Promise<Map<string, VerdictDocument>> {
  const found = await many<VerdictDocument>(view, "verdict/");
  return new Map(found.map((verdict) => [verdict.hash, verdict]));
}

/** The packs in scope, by service day. */
export async function packsOf(view: View): Promise<Pack[]> {
  return (await many<Pack>(view, "pack/")).sort((one, other) => compare(one.service_day, other.service_day));
}

/** Every day that this phone held a pack for, by service day. */
export async function daysOf(view: View): Promise<Pack[]> {
  const rows = view.all("day").sort((one, other) => compare(one.pack, other.pack));
  return Promise.all(rows.map((row) => view.json<Pack>("day", row.pack, row.sealed)));
}

/** Whether the office took the visit out of this phone's scope. */
export function isRemoved(view: View, visit: string): boolean {
  return view.one("document", `visit/${visit}`)?.removed === 1;
}

/** How many documents in scope are here, to compare with the manifest. */
export function heldCount(view: View, incarnation: string): number {
  return view.all("document").filter((row) => !row.removed && row.incarnation === incarnation).length;
}

/** Take in changes; `keep` names documents that stay, marked, when they leave the scope. Returns how many there were. */
export async function applyChanges(
  draft: Draft,
  changes: readonly ReadChange[],
  incarnation: string,
  keep: ReadonlySet<string>,
): Promise<number> {
  for (const { n, name, document } of changes) {
    if (document === null) {
      removeDocument(draft, name, keep);
      continue;
    }
    const sealed = await draft.sealJson("document", name, document);
    draft.put("document", { name, n, incarnation, removed: 0, sealed });
    if (name.startsWith("pack/")) {
      const { pack } = document as Pack;
      draft.put("day", { pack, sealed: await draft.sealJson("day", pack, document) });
    }
  }
  return changes.length;
}

/** Drop what was marked and is not needed any more, and what is of another incarnation. */
export function purge(draft: Draft, incarnation: string, keep: ReadonlySet<string>): void {
  for (const row of draft.all("document")) {
    if (row.removed || row.incarnation !== incarnation) removeDocument(draft, row.name, keep);
  }
}

/** Drop every document; the days' frames name no customer and stay, so that a day can still be ended. */
export function wipeDocuments(draft: Draft): void {
  for (const row of draft.all("document")) draft.remove("document", row.name);
}

/** Names of the documents that these visits are worked from. */
export async function neededBy(view: View, visits: Iterable<string>): Promise<Set<string>> {
  const names = new Set<string>();
  for (const visit of visits) {
    names.add(`visit/${visit}`);
    const document = await visitOf(view, visit);
    if (document?.notice) names.add(`notice/${document.notice}`);
  }
  return names;
}

function removeDocument(draft: Draft, name: string, keep: ReadonlySet<string>): void {
  const row = draft.one("document", name);
  if (row === undefined) return;
  if (!keep.has(name)) draft.remove("document", name);
  else if (!row.removed) draft.put("document", { ...row, removed: 1 });
}

async function one<T>(view: View, name: string): Promise<T | null> {
  const row = view.one("document", name);
  return row === undefined ? null : view.json<T>("document", name, row.sealed);
}

function many<T>(view: View, prefix: string): Promise<T[]> {
  const rows = view.all("document").filter((row: DocumentRow) => !row.removed && row.name.startsWith(prefix));
  rows.sort((one, other) => compare(one.name, other.name));
  return Promise.all(rows.map((row) => view.json<T>("document", row.name, row.sealed)));
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
