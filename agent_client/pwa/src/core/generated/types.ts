/** Types of operations, messages and documents, and the words that they may hold. Written by `python -m agent_client.pwa_types`; never edited by hand. */

export const CONTACT_CHANNELS = ["visit", "call", "message", "letter"] as const;
export type ContactChannel = (typeof CONTACT_CHANNELS)[number];

export const CURRENCIES = ["CNY", "EUR", "GBP", "HKD", "INR", "JPY", "TWD", "USD"] as const;
export type Currency = (typeof CURRENCIES)[number];

export const DETAIL_FIELDS = ["phone", "address", "email", "employer", "language"] as const;
export type DetailField = (typeof DETAIL_FIELDS)[number];

export const EPOCH_REASONS = ["fork", "restored", "requested"] as const;
export type EpochReason = (typeof EPOCH_REASONS)[number];

export const IDENTITY_METHODS = ["visit_code", "document_digits", "signature", "photo"] as const;
export type IdentityMethod = (typeof IDENTITY_METHODS)[number];

export const IDENTITY_RESULTS = ["answered", "refused", "third_party"] as const;
export type IdentityResult = (typeof IDENTITY_RESULTS)[number];

export const KEY_USES = ["receipt", "acknowledgement", "identity", "recovery"] as const;
export type KeyUse = (typeof KEY_USES)[number];

export const LOSS_CAUSES = ["lost", "stolen", "counterfeit"] as const;
export type LossCause = (typeof LOSS_CAUSES)[number];

export const MANNERS = ["handed_sealed", "handed_open", "posted", "refused"] as const;
export type Manner = (typeof MANNERS)[number];

export const METHODS = ["cash", "alipay", "wechat", "transfer", "card", "cheque"] as const;
export type Method = (typeof METHODS)[number];

export const PAYERS = ["customer", "third_party"] as const;
export type Payer = (typeof PAYERS)[number];

export const RECIPIENTS = ["customer", "household", "neighbour", "nobody"] as const;
export type Recipient = (typeof RECIPIENTS)[number];

export const SAFETY_LEVELS = ["uneasy", "threatened", "emergency"] as const;
export type SafetyLevel = (typeof SAFETY_LEVELS)[number];

export const SCHEMES = ["deferral", "equal_instalments", "equal_principal", "reduction"] as const;
export type Scheme = (typeof SCHEMES)[number];

export const VERDICT_WORDS = ["held", "disputed"] as const;
export type VerdictWord = (typeof VERDICT_WORDS)[number];

export const VISIT_REASONS = ["paid", "part_paid", "promised", "refused", "nobody_home", "moved", "third_party", "delivered", "unsafe"] as const;
export type VisitReason = (typeof VISIT_REASONS)[number];

export const VOID_REASONS = ["typing_error", "customer_changed_mind", "wrong_account", "instrument_failed", "other"] as const;
export type VoidReason = (typeof VOID_REASONS)[number];

/** The last signed server time that a device had seen, and its own clock at that moment. */
export interface Seen {
  at_ms: number;
  boot: string;
  mono_ms: number;
}

/** WGS-84 in ten-millionths of a degree, accuracy radius in metres (68 %). */
export interface Position {
  lat_e7: number;
  lon_e7: number;
  accuracy_m: number;
}

/** Who at the office did it, in which role; `system` acts without a person. */
export interface Actor {
  user: string;
  role: string;
}

/** So many pieces of one face value. */
export interface Denomination {
  face_minor: number;
  count: number;
}

/** The agent arrived; the envelope's position says where. */
export interface VisitStarted {
  kind: "VisitStarted";
  visit: string;
}

/** The second person confirmed with their own badge. */
export interface CompanionConfirmed {
  kind: "CompanionConfirmed";
  visit: string;
  companion: string;
  proof: string;
}

/** A check at the door; `sealed` names the side record with the answer, sealed to the office. */
export interface IdentityChecked {
  kind: "IdentityChecked";
  visit: string;
  account: string;
  customer: string;
  method: IdentityMethod;
  result: IdentityResult;
  sealed: string;
}

/** Money taken; `receipt` is the 120 signed bytes (base64url) that the customer was shown. */
export interface PaymentCollected {
  kind: "PaymentCollected";
  visit: string;
  account: string;
  customer: string;
  amount_minor: number;
  currency: Currency;
  method: Method;
  receipt: string;
  provider_order: string;
  cheque: string;
  payer: Payer;
}

/** The agent takes a payment back; `payment` is the hash of its operation, `receipt` the void's own. */
export interface PaymentVoided {
  kind: "PaymentVoided";
  visit: string;
  account: string;
  payment: string;
  voided: string;
  reason: VoidReason;
  receipt: string;
  void_code: string;
}

/** A letter left the agent's hands. */
export interface NoticeDelivered {
  kind: "NoticeDelivered";
  visit: string;
  account: string;
  notice: string;
  version: number;
  manner: Manner;
  recipient: Recipient;
  evidence: string[];
}

/** A contact outside a visit, or an attempt. */
export interface ContactMade {
  kind: "ContactMade";
  customer: string;
  account: string;
  channel: ContactChannel;
  effective: boolean;
  visit: string;
}

/** The visit is over; `reason` is the coded outcome. */
export interface VisitConcluded {
  kind: "VisitConcluded";
  visit: string;
  account: string;
  customer: string;
  reason: VisitReason;
  sub_reason: string;
  next_action: string;
}

/** The customer promises to pay by a day (`YYYY-MM-DD`). */
export interface PromiseMade {
  kind: "PromiseMade";
  visit: string;
  account: string;
  customer: string;
  amount_minor: number;
  currency: Currency;
  due: string;
}

/** Terms of a repayment plan that the agent and the customer drew up (`sync.repayment.Terms`). `total_minor` is the debt that the plan is about, before any reduction; the first instalment is due on `first_due`, or so many months later in a deferral. Before `deferral_months` was there, a deferral gave its months as `periods`, and a reduction did not say how much it waives. */
export interface PlanProposed {
  kind: "PlanProposed";
  visit: string;
  account: string;
  customer: string;
  scheme: Scheme;
  total_minor: number;
  currency: Currency;
  periods: number;
  first_due: string;
  terms_sha256: string;
  rate_bp: number;
  reduction_bp: number;
  deferral_months: number;
}

/** A contact field as told at the door; `value` names a side record. */
export interface DetailsReported {
  kind: "DetailsReported";
  visit: string;
  customer: string;
  field: DetailField;
  value: string;
}

/** A note; its text is a side record. */
export interface NoteTaken {
  kind: "NoteTaken";
  visit: string;
  note: string;
}

/** The agent felt unsafe or called for help. */
export interface SafetyRaised {
  kind: "SafetyRaised";
  level: SafetyLevel;
  visit: string;
  note: string;
}

/** What the agent declares to hand over, by denomination; the cashier counts blind. */
export interface CashHandedOver {
  kind: "CashHandedOver";
  amount_minor: number;
  currency: Currency;
  denominations: Denomination[];
}

/** The agent's own deposit at a bank; `slip` names the photo of the slip. */
export interface CashDeposited {
  kind: "CashDeposited";
  amount_minor: number;
  currency: Currency;
  bank: string;
  slip: string;
  slip_number: string;
}

/** Cash from one agent to another; both phones journal the same transfer id. */
export interface CashTransferred {
  kind: "CashTransferred";
  transfer: string;
  from_agent: string;
  to_agent: string;
  amount_minor: number;
  currency: Currency;
}

/** Lost, stolen or counterfeit cash; counts only when two persons at the office approve. */
export interface CashLossReported {
  kind: "CashLossReported";
  amount_minor: number;
  currency: Currency;
  cause: LossCause;
  note: string;
}

/** The tail of a day: what the office may expect to hold. `seq` is this operation's own number. */
export interface DayEnded {
  kind: "DayEnded";
  seq: number;
  receipt_last: number;
  receipts: number;
  cash_minor: number;
  currency: Currency;
  concluded: number;
}

/** Every body that a device may author, for its own agent. */
export type FieldBody =
  | VisitStarted
  | CompanionConfirmed
  | IdentityChecked
  | PaymentCollected
  | PaymentVoided
  | NoticeDelivered
  | ContactMade
  | VisitConcluded
  | PromiseMade
  | PlanProposed
  | DetailsReported
  | NoteTaken
  | SafetyRaised
  | CashHandedOver
  | CashDeposited
  | CashTransferred
  | CashLossReported
  | DayEnded;

/** A body of the office; the phone never writes one and reads no member of it. */
export interface OfficeBody { kind: string }

/** One thing that happened. Fields stand on the wire in this order; defaults are left out. `pack` is ``YYYY-MM-DD/agent`` or empty; service day and drawer come from it, never from a clock. */
export interface Operation {
  v: number;
  device: string;
  epoch: number;
  seq: number;
  prev: string;
  at: string;
  hlc: string;
  boot: string;
  mono_ms: number;
  seen: Seen | null;
  pack: string;
  policy: string;
  position: Position | null;
  by: Actor | null;
  rests_on: string[];
  body: FieldBody | OfficeBody;
}

/** JSON as its author wrote it: the exact text, because signatures and hashes are over its bytes. */
export type RawText = string;

/** A payload's exact bytes, the base64url of 64 signature bytes, and the id of the key that made them. */
export interface Signed {
  payload: RawText;
  signature: string;
  key: string;
}

/** How far an agent's documents were applied: the n-th change of this incarnation of the office's store. */
export interface Cursor {
  incarnation: string;
  n: number;
}

/** The phone's clocks while it sends. */
export interface ClockClaim {
  at: string;
  boot: string;
  mono_ms: number;
}

/** What the device signs. `seq` and `hash` are of the last operation in this request (or the last ever written). */
export interface Claims {
  device: string;
  epoch: number;
  seq: number;
  hash: string;
  clock: ClockClaim;
  nonce: string;
  cursor: Cursor | null;
  pull: boolean;
}

/** A small side record: its hash and its salted bytes as base64url. */
export interface SideRecordMessage {
  sha256: string;
  data: string;
}

/** `operations` are exact lines: the slices between the commas are what is hashed and stored. */
export interface ExchangeRequest {
  protocol: number;
  claims: RawText;
  signature: string;
  operations: RawText[];
  side_records: SideRecordMessage[];
  acknowledged: Signed | null;
}

/** Everything up to this place is durable at the office. Honoured only if the device's own hash there is equal. */
export interface Acknowledgement {
  device: string;
  epoch: number;
  seq: number;
  hash: string;
  nonce: string;
  server_ms: number;
}

/** From where on the office lacks operations. */
export interface Resend {
  epoch: number;
  seq: number;
}

/** A new epoch; its first operation names `continues` as the one before. */
export interface EpochGrant {
  epoch: number;
  continues: string;
  reason: string;
}

/** A document that changed, or left the scope (`document` is missing or null), as the n-th change. */
export interface DocumentChange {
  n: number;
  name: string;
  document: RawText;
}

/** One answer; it is applied whole, in one transaction, and only onto the cursor that was asked with. */
export interface ExchangeAnswer {
  acknowledgement: Signed;
  documents: DocumentChange[];
  cursor: Cursor | null;
  more: boolean;
  total: number;
  resend_from: Resend | null;
  epoch: EpochGrant | null;
  lock: boolean;
  wipe_after_upload: boolean;
  missing_side_records: string[];
  documents_wait: boolean;
}

/** Ask for a new epoch after a restore; the same `request` and head get the same epoch again. */
export interface EpochRequest {
  device: string;
  epoch: number;
  seq: number;
  hash: string;
  request: string;
  reason: EpochReason;
}

/** One-time code and the new public key (65 bytes, base64url), proven by a signature over the payload. */
export interface EnrolRequest {
  code: string;
  public_key: string;
  model: string;
}

/** A key with its validity; `use` says what it signs. `not_after_ms` 0 means open. */
export interface PublishedKey {
  key: string;
  use: KeyUse;
  public_key: string;
  not_before_ms: number;
  not_after_ms: number;
  revoked: boolean;
}

/** All keys that anybody needs to check receipts and acknowledgements. */
export interface PublishedKeys {
  keys: PublishedKey[];
}

/** What a phone is told once: who it is, and the office's keys. */
export interface EnrolAnswer {
  device: string;
  agent: string;
  agent_name: string;
  branch: string;
  epoch: number;
  public_url: string;
  office_key: PublishedKey;
  identity_key: PublishedKey;
  recovery_key: PublishedKey;
  server_ms: number;
}

/** The day's frame for an agent; `visits` names the stops in driving order, each a document of its own. */
export interface Pack {
  pack: string;
  agent: string;
  agent_name: string;
  branch: string;
  service_day: string;
  zone: string;
  visits: string[];
  shift_starts_s: number;
  shift_ends_s: number;
  home_lat_e7: number;
  home_lon_e7: number;
  distance_m: number;
  cash_limit_minor: number;
  float_minor: number;
  currency: string;
  policy: string;
  public_url: string;
  office_phone: string;
  creditor_name: string;
  issued_ms: number;
}

/** One stop: what the agent must know, and nothing about anybody else. */
export interface VisitDocument {
  visit: string;
  position: number;
  account: string;
  customer: string;
  name: string;
  phone: string;
  address: string;
  language: string;
  lat_e7: number;
  lon_e7: number;
  tasks: string[];
  window_starts_s: number;
  window_ends_s: number;
  service_s: number;
  eta_s: number;
  leg_m: number;
  mandatory: boolean;
  origin: string;
  booked_minor: number;
  currency: string;
  minimum_due_minor: number;
  overdue_minor: number;
  statement_minor: number;
  payoff_minor: number;
  as_of_ms: number;
  due: string;
  months_late: number;
  last_four: string;
  account_tag: string;
  creditor: string;
  notice: string;
  forbidden: string[];
  forbidden_why: string[];
  code_salt: string;
  code_bits: number;
  zone: string;
}

/** The version of a notice to hand over. */
export interface NoticeDocument {
  notice: string;
  version: number;
  account: string;
  title: string;
  content_sha256: string;
  amount_minor: number;
  currency: string;
  issued_on: string;
  withdrawn: boolean;
}

/** The certificate of one phone: the base64url of 99 bytes (`sync.badge`). */
export interface BadgeCertificate {
  device: string;
  certificate: string;
}

/** By which an agent's phones show a badge on a service day; each uses the certificate that names it. */
export interface BadgeDocument {
  agent: string;
  service_day: string;
  certificates: BadgeCertificate[];
}

/** How far an epoch is reconciled: every operation up to `reconciled_seq` without a verdict document is applied. */
export interface JournalDocument {
  device: string;
  epoch: number;
  reconciled_seq: number;
}

/** Why an operation is held or disputed, in both languages. */
export interface VerdictDocument {
  hash: string;
  seq: number;
  epoch: number;
  verdict: VerdictWord;
  rule: string;
  title: string;
  title_zh: string;
  sentence: string;
  sentence_zh: string;
  holds: string;
  holds_zh: string;
}

/** What the phone asks: `recovery_slot` (a seal) and `one_time_public` (65-byte point) in base64url. */
export interface RecoveryRequest {
  device: string;
  one_time_public: string;
  recovery_slot: string;
  version: number;
}

/** What the office answers: the database key sealed to the one-time key, in base64url. */
export interface RecoveryAnswer {
  device: string;
  sealed: string;
  version: number;
}

/** Members that a writer may leave out, because they have a default. */
export interface Defaulted {
  VisitStarted: never;
  CompanionConfirmed: never;
  IdentityChecked: "sealed";
  PaymentCollected: "provider_order" | "cheque" | "payer";
  PaymentVoided: "void_code";
  NoticeDelivered: "evidence";
  ContactMade: "visit";
  VisitConcluded: "sub_reason" | "next_action";
  PromiseMade: never;
  PlanProposed: "terms_sha256" | "rate_bp" | "reduction_bp" | "deferral_months";
  DetailsReported: never;
  NoteTaken: never;
  SafetyRaised: "visit" | "note";
  CashHandedOver: "denominations";
  CashDeposited: "slip" | "slip_number";
  CashTransferred: never;
  CashLossReported: "note";
  DayEnded: never;
  Signed: "key";
  Cursor: never;
  ClockClaim: never;
  Claims: "cursor" | "pull";
  SideRecordMessage: never;
  ExchangeRequest: "operations" | "side_records" | "acknowledged";
  Acknowledgement: never;
  Resend: never;
  EpochGrant: never;
  DocumentChange: "document";
  ExchangeAnswer: "documents" | "cursor" | "more" | "total" | "resend_from" | "epoch" | "lock" | "wipe_after_upload" | "missing_side_records" | "documents_wait";
  EpochRequest: "reason";
  EnrolRequest: "model";
  PublishedKey: "not_after_ms" | "revoked";
  PublishedKeys: never;
  EnrolAnswer: never;
  Pack: never;
  VisitDocument: "notice" | "forbidden" | "forbidden_why" | "code_salt" | "code_bits" | "zone";
  NoticeDocument: "withdrawn";
  BadgeCertificate: never;
  BadgeDocument: never;
  JournalDocument: never;
  VerdictDocument: "sentence_zh" | "holds_zh";
  RecoveryRequest: "version";
  RecoveryAnswer: "version";
}

/** What a writer gives: members with a default may be missing. */
export type Draft<Whole, Optional extends PropertyKey> =
  & Omit<Whole, Optional>
  & Partial<Pick<Whole, Extract<keyof Whole, Optional>>>;

/** A body as a step gives it. */
export type BodyDraft = { [Kind in FieldBody["kind"]]:
  Draft<Extract<FieldBody, { kind: Kind }>, Defaulted[Kind]> }[FieldBody["kind"]];
