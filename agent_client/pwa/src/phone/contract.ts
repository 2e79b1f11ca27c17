/**
 * What a screen may ask of the phone, and nothing else: screens know this file, `create.ts` builds the real thing.
 *
 * Every step resolves only once its operation is durable (strict IndexedDB transaction); only then may anything be shown.
 * Every step that is refused rejects with a `DoorstepError` (stable code, cause, remedy, text key). Amounts are integer
 * minor units; times are milliseconds since 1970 unless a name ends in `_s` (seconds since local midnight of the service
 * day in the pack's zone). Names of members that come from the wire are the wire's (snake_case); ours are camelCase.
 */
import type {
  Currency, Denomination, IdentityMethod, IdentityResult, Manner, Method, NoticeDocument, Pack, Position, Recipient,
  SafetyLevel, Scheme, VisitDocument, VisitReason, VoidReason, ContactChannel, DetailField, LossCause, Payer,
} from "../core/generated/types";
import type { Comparison } from "../core/repayment/comparing";

export type Language = "zh" | "en";

/** Something to know about a step that was recorded all the same: a key of the shared texts, and its values. */
export interface Advice { key: string; values: Record<string, string | number> }

/** Where the phone stands as a whole; decides which screen may be shown at all. */
export type PhoneState =
  | { at: "starting" }
  /**
   * `missing`: what this browser lacks (`indexeddb`, `webcrypto`, `locks`, `serviceworker`), or why its memory does not open:
   * a newer version of the app wrote it (`update`), another tab with an older one holds it (`othertab`). Nothing can be recorded.
   */
  | { at: "unsupported"; missing: string[] }
  /** Not enrolled. `lost`: this browser was enrolled before and its storage is gone; the office must hear of it. */
  | { at: "blank"; lost: boolean; lostDevice: string }
  /** Enrolled and locked by PIN. `waitMs` > 0: too many tries, wait. `unsent` is known without the PIN. */
  | { at: "locked"; device: string; triesLeft: number; waitMs: number; unsent: number }
  | { at: "open"; device: string; agent: string; agentName: string; branch: string; officeUrl: string;
      /** The office locked this phone: only uploading, ending the day and safety go on. */
      lockedByOffice: boolean;
      /** Whether another tab is writing at this moment; reading goes on. */
      otherWriter: boolean };

export interface StorageReport { persisted: boolean; usageBytes: number; quotaBytes: number; installed: boolean }

/** A payment's or void's receipt, ready to be shown. */
export interface ShownReceipt {
  number: number; short: string; series: string; identity: string; kind: "payment" | "void";
  amountMinor: number; currency: Currency; amountInWords: Record<Language, string>; method: Method;
  at: string; takenMs: number; offsetMinutes: number; visit: string; account: string; lastFour: string;
  agentName: string; agentNumber: string; creditorName: string; officePhone: string; officialAddress: string;
  identified: boolean; confirmed: boolean; clockTrusted: boolean; voids: string; voidedBy: string; operation: string;
  /** The QR's text: `PREFIX` (byte segment) and 292 digits (numeric segment). */
  prefix: string; digits: string;
}

/** An operation that is on disk. */
export interface Recorded {
  hash: string; epoch: number; seq: number; kind: string; at: string; receipt: ShownReceipt | null; advice: Advice[];
}

export interface RouteStop {
  document: VisitDocument; notice: NoticeDocument | null;
  state: "to_do" | "open" | VisitReason; paidMinor: number; removed: boolean;
}
export interface Route {
  pack: Pack; stops: RouteStop[]; missing: string[]; complete: boolean; held: number; total: number; syncedMs: number;
}
/** One stop with what was done there, oldest first. */
export interface StopView {
  stop: RouteStop; pack: Pack; startedAt: string; identity: "" | IdentityResult; receipts: ShownReceipt[];
  delivered: string[]; promised: string[]; records: RecordStatus[]; advice: Advice[];
}
export interface DaySummary {
  serviceDay: string; pack: string; currency: Currency; visits: number; concluded: number; open: string[];
  receipts: number; voided: number; byMethod: Partial<Record<Method, number>>; cashMinor: number; floatMinor: number;
  cashLimitMinor: number; handedOverMinor: number; endedAt: string; afterEnd: number;
}
export type RecordState = "on_phone" | "at_office" | "applied" | "held" | "disputed";
export interface RecordStatus {
  epoch: number; seq: number; hash: string; kind: string; at: string; visit: string; amountMinor: number; currency: string;
  state: RecordState; rule: string; title: Record<Language, string>; sentence: Record<Language, string>;
  holds: Record<Language, string>;
}
export interface PhoneStatus {
  epoch: number; seq: number; receiptLast: number; unsent: number; unsentPhotos: number; unsentPhotoBytes: number;
  heldDocuments: number; totalDocuments: number; complete: boolean; syncedMs: number; wiped: boolean;
  daysNotEnded: string[]; records: RecordStatus[];
}
export interface SyncProgress { phase: "sending" | "receiving" | "photos" | "waiting"; done: number; total: number; waitS: number }
export interface SyncReport {
  acknowledged: number; documents: number; photos: number; resent: number; epoch: number; unsent: number; held: number;
  total: number; complete: boolean; locked: boolean; wiped: boolean; downloadsRefused: boolean;
  /** The office was set back to a backup: it takes everything, and gives documents again once it has confirmed its revocations. */
  documentsWait: boolean;
}
export type SyncState =
  | { at: "idle"; lastMs: number; lastError: { code: string; cause: string; remedy: string } | null }
  | { at: "running"; progress: SyncProgress };

/** One line of the check before departure; `key` is a text of the screens, `ok` null: cannot be told. */
export interface DepartureCheck { key: "pack" | "fresh" | "clock" | "storage" | "space" | "cash" | "unsent" | "installed"; ok: boolean | null; values: Record<string, string | number> }

export interface PlanWish { scheme: Scheme; firstDue: string; totalMinor: number; periods: number; rateBp: number; reductionBp: number; deferralMonths: number }

/** A photo or a signature; bytes are shrunk before they come here (JPEG or PNG). */
export interface Picture { bytes: Uint8Array; mime: "image/jpeg" | "image/png" }

export interface Phone {
  /** The present state; `subscribe` calls back after every change of state, sync state or records; returns an undo. */
  readonly state: PhoneState;
  readonly sync: SyncState;
  subscribe(listener: () => void): () => void;

  enrol(text: string, pin: string, model: string): Promise<void>;
  unlock(pin: string): Promise<void>;
  /** Log-out: keys leave memory, nothing is deleted. */
  lock(): void;
  /** Tells the phone that a person is there; it locks itself after the idle limit without one. */
  touch(): void;
  changePin(old: string, fresh: string): Promise<void>;
  recoveryRequest(): Promise<string>;
  recoveryFinish(answer: string, fresh: string): Promise<void>;

  synchronise(options?: { pull?: boolean }): Promise<SyncReport>;
  storage(): Promise<StorageReport>;
  askPersistence(): Promise<StorageReport>;
  departure(): Promise<DepartureCheck[]>;

  days(): Promise<string[]>;
  route(day?: string): Promise<Route>;
  stop(visit: string): Promise<StopView>;
  summary(day?: string): Promise<DaySummary>;
  status(everything?: boolean): Promise<PhoneStatus>;
  receipts(day?: string): Promise<ShownReceipt[]>;
  receipt(series: string): Promise<ShownReceipt>;
  /** The badge's QR text at this moment, and when it goes stale; null when the pack brought no certificate. */
  badge(): Promise<{ prefix: string; digits: string; staleMs: number } | null>;
  /** The exact lines of this phone's journal (NDJSON). */
  exportJournal(): Promise<string>;

  start(visit: string, options?: { again?: boolean; position?: Position | null }): Promise<Recorded>;
  companion(visit: string, companion: string, proof: string): Promise<Recorded>;
  checkIdentity(visit: string, check: { method: IdentityMethod; result: IdentityResult; answer?: string; picture?: Picture | null; position?: Position | null }): Promise<Recorded>;
  collect(visit: string, payment: {
    amountMinor: number; method: Method; currency?: Currency; walkUp?: boolean; account?: string; customer?: string;
    providerOrder?: string; providerConfirmed?: boolean; cheque?: string; payer?: Payer; position?: Position | null;
  }): Promise<Recorded>;
  void(series: string, options: { reason: VoidReason; voidCode?: string; position?: Position | null }): Promise<Recorded>;
  deliver(visit: string, letter: { manner: Manner; recipient: Recipient; recipientName?: string; notice?: string; version?: number; photo?: Picture | null; signature?: Picture | null; position?: Position | null }): Promise<Recorded>;
  promise(visit: string, amountMinor: number, due: string): Promise<Recorded>;
  comparePlans(visit: string, wishes: PlanWish[]): Promise<Comparison>;
  proposePlan(visit: string, wish: PlanWish, terms?: string): Promise<Recorded>;
  contact(visit: string, channel: ContactChannel, effective: boolean): Promise<Recorded>;
  reportDetails(visit: string, field: DetailField, value: string): Promise<Recorded>;
  note(visit: string, text: string): Promise<Recorded>;
  safety(level: SafetyLevel, options?: { visit?: string; note?: string; position?: Position | null }): Promise<Recorded>;
  conclude(visit: string, reason: VisitReason, options?: { subReason?: string; nextAction?: string; position?: Position | null }): Promise<Recorded>;
  endDay(day?: string): Promise<Recorded>;
  handOver(denominations: Denomination[], options?: { amountMinor?: number; day?: string }): Promise<Recorded>;
  deposit(amountMinor: number, bank: string, options?: { slip?: Picture | null; slipNumber?: string; day?: string }): Promise<Recorded>;
  transfer(transfer: string, amountMinor: number, side: { toAgent?: string; fromAgent?: string; day?: string }): Promise<Recorded>;
  loss(amountMinor: number, cause: LossCause, options?: { note?: string; day?: string }): Promise<Recorded>;
}
