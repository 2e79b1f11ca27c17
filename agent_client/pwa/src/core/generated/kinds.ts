/** What each kind of operation consists of, in the order of writing. Written by `python -m agent_client.pwa_types`; never edited by hand. */

import type { Struct } from "../shape";

export const SCHEMA_VERSION = 1;
export const GENESIS = "0000000000000000000000000000000000000000000000000000000000000000";

export const ENVELOPE: Struct = [["v", "integer"], ["device", "text"], ["epoch", "integer"], ["seq", "integer"], ["prev", "text"], ["at", "text"], ["hlc", "text"], ["boot", "text"], ["mono_ms", "integer"], ["seen", { maybe: { part: "Seen" } }, null], ["pack", "text", ""], ["policy", "text", ""], ["position", { maybe: { part: "Position" } }, null], ["by", { maybe: { part: "Actor" } }, null], ["rests_on", { list: "text" }, []], ["body", "raw"]];

/** Kinds that a device may author. */
export const FIELD_KINDS = ["VisitStarted", "CompanionConfirmed", "IdentityChecked", "PaymentCollected", "PaymentVoided", "NoticeDelivered", "ContactMade", "VisitConcluded", "PromiseMade", "PlanProposed", "DetailsReported", "NoteTaken", "SafetyRaised", "CashHandedOver", "CashDeposited", "CashTransferred", "CashLossReported", "DayEnded"] as const;

export const KINDS: Readonly<Record<string, Struct>> = {
  AccountImported: [["account", "text"], ["customer", "text"], ["creditor", "text"], ["currency", "text"], ["as_of_ms", "integer"], ["minimum_due_minor", "integer"], ["overdue_minor", "integer"], ["statement_minor", "integer"], ["payoff_minor", "integer"], ["due", "text"], ["months_late", "integer"], ["status", { words: ["ceased", "disputed", "moratorium", "open", "recalled", "written_off"] }], ["last_four", "text"], ["details", "text"], ["lat_e7", "integer"], ["lon_e7", "integer"], ["source", "text", ""], ["absorbs_through", "integer", 0], ["absorbs_references", { list: "text" }, []]],
  AgentRegistered: [["agent", "text"], ["branch", "text"], ["home_lat_e7", "integer"], ["home_lon_e7", "integer"], ["shift_starts_s", "integer"], ["shift_ends_s", "integer"], ["visits_max", "integer"], ["cash_limit_minor", "integer"], ["currency", "text"], ["details", "text"], ["skills", { list: "text" }, []], ["photo", "text", ""]],
  BranchCashDeposited: [["branch", "text"], ["service_day", "text"], ["amount_minor", "integer"], ["currency", "text"], ["slip", "text"], ["bank", "text", ""], ["basis", "text", ""]],
  CashCounted: [["agent", "text"], ["service_day", "text"], ["amount_minor", "integer"], ["currency", "text"], ["denominations", { list: { part: "Denomination" } }, []], ["basis", "text", ""]],
  CashDeposited: [["amount_minor", "integer"], ["currency", "text"], ["bank", "text"], ["slip", "text", ""], ["slip_number", "text", ""]],
  CashHandedOver: [["amount_minor", "integer"], ["currency", "text"], ["denominations", { list: { part: "Denomination" } }, []]],
  CashLossReported: [["amount_minor", "integer"], ["currency", "text"], ["cause", { words: ["counterfeit", "lost", "stolen"] }], ["note", "text", ""]],
  CashTransferred: [["transfer", "text"], ["from_agent", "text"], ["to_agent", "text"], ["amount_minor", "integer"], ["currency", "text"]],
  ClosingPresented: [["branch", "text"], ["service_day", "text"], ["number", "integer"], ["closing", "text"], ["books_digest", "text"], ["statement", "text"], ["document", "text"]],
  CompanionConfirmed: [["visit", "text"], ["companion", "text"], ["proof", "text"]],
  ContactMade: [["customer", "text"], ["account", "text"], ["channel", { words: ["call", "letter", "message", "visit"] }], ["effective", "boolean"], ["visit", "text", ""]],
  DayClosed: [["branch", "text"], ["service_day", "text"], ["number", "integer"], ["before", "text"], ["heads_document", "text"], ["lines_document", "text"], ["books_digest", "text"], ["agents", { list: "text" }], ["carried", { list: "text" }, []], ["second", "text", ""]],
  DayEnded: [["seq", "integer"], ["receipt_last", "integer"], ["receipts", "integer"], ["cash_minor", "integer"], ["currency", "text"], ["concluded", "integer"]],
  DetailsReported: [["visit", "text"], ["customer", "text"], ["field", { words: ["address", "email", "employer", "language", "phone"] }], ["value", "text"]],
  DetailsVerified: [["customer", "text"], ["field", { words: ["address", "email", "employer", "language", "phone"] }], ["value", "text"]],
  DeviceEnrolled: [["device", "text"], ["agent", "text"], ["branch", "text"], ["public_key", "text"]],
  DeviceLocked: [["device", "text"], ["wipe_after_upload", "boolean", false], ["reason", "text", ""], ["basis", "text", ""]],
  DeviceRevoked: [["device", "text"], ["heads", { list: { part: "Head" } }], ["witnesses", { list: "text" }, []], ["reason", "text", ""]],
  DeviceUnlocked: [["device", "text"], ["reason", "text", ""], ["basis", "text", ""]],
  DiscrepancyDecided: [["rule", "text"], ["subject", "text"], ["ground", "text"], ["outcome", { words: ["accept", "carry", "confirm_fail", "confirm_pass", "escalate", "excuse", "move", "refund", "void"] }], ["second", "text", ""], ["note", "text", ""], ["amount_minor", "integer", 0], ["account", "text", ""], ["basis", "text", ""]],
  EpochOpened: [["device", "text"], ["epoch", "integer"], ["continues", "text"], ["request", "text"], ["reason", { words: ["enrolled", "fork", "requested", "restored"] }]],
  ExchangeReceived: [["device", "text"], ["epoch", "integer"], ["first_seq", "integer"], ["last_seq", "integer"], ["last_hash", "text"], ["new", "integer"], ["again", "integer"], ["received_ms", "integer"], ["boot", "text"], ["mono_ms", "integer"], ["wall", "text"], ["pack", "text", ""]],
  ExternalPaymentRecorded: [["external", "text"], ["account", "text"], ["amount_minor", "integer"], ["currency", "text"], ["paid_ms", "integer"], ["channel", "text"], ["reference", "text", ""], ["branch", "text", ""]],
  IdentityChecked: [["visit", "text"], ["account", "text"], ["customer", "text"], ["method", { words: ["document_digits", "photo", "signature", "visit_code"] }], ["result", { words: ["answered", "refused", "third_party"] }], ["sealed", "text", ""]],
  IdentityJudged: [["visit", "text"], ["check", "text"], ["matched", "boolean"]],
  JournalLost: [["device", "text"], ["epoch", "integer"], ["from_seq", "integer"], ["to_seq", "integer"], ["pack", "text"], ["second", "text"], ["reason", "text"]],
  NoteTaken: [["visit", "text"], ["note", "text"]],
  NoticeDelivered: [["visit", "text"], ["account", "text"], ["notice", "text"], ["version", "integer"], ["manner", { words: ["handed_open", "handed_sealed", "posted", "refused"] }], ["recipient", { words: ["customer", "household", "neighbour", "nobody"] }], ["evidence", { list: "text" }, []]],
  NoticeIssued: [["notice", "text"], ["version", "integer"], ["account", "text"], ["customer", "text"], ["title", "text"], ["content_sha256", "text"], ["amount_minor", "integer"], ["currency", "text"], ["issued_on", "text"], ["basis", "text", ""]],
  NoticeWithdrawn: [["notice", "text"], ["account", "text"], ["reason", { words: ["disputed", "error", "recalled", "settled"] }], ["basis", "text", ""]],
  OfficeOpened: [["process", "text"], ["public_key", "text"], ["continues", "text", ""]],
  PackIssued: [["pack", "text"], ["agent", "text"], ["branch", "text"], ["service_day", "text"], ["visits", { list: "text" }], ["float_minor", "integer", 0], ["currency", "text", "CNY"], ["carried_minor", "integer", 0], ["cash_limit_minor", "integer", 0]],
  PaymentCollected: [["visit", "text"], ["account", "text"], ["customer", "text"], ["amount_minor", "integer"], ["currency", "text"], ["method", { words: ["alipay", "card", "cash", "cheque", "transfer", "wechat"] }], ["receipt", "text"], ["provider_order", "text", ""], ["cheque", "text", ""], ["payer", { words: ["customer", "third_party"] }, "customer"]],
  PaymentMoved: [["payment", "text"], ["series", "text"], ["from_account", "text"], ["to_account", "text"], ["rule", "text"], ["second", "text", ""]],
  PaymentRemitted: [["creditor", "text"], ["batch", "integer"], ["line", "integer"], ["payment", "text"], ["series", "text"], ["account", "text"], ["amount_minor", "integer"], ["currency", "text"], ["method", "text"], ["branch", "text"], ["day", "text"]],
  PaymentVoided: [["visit", "text"], ["account", "text"], ["payment", "text"], ["voided", "text"], ["reason", { words: ["customer_changed_mind", "instrument_failed", "other", "typing_error", "wrong_account"] }], ["receipt", "text"], ["void_code", "text", ""]],
  PlanProposed: [["visit", "text"], ["account", "text"], ["customer", "text"], ["scheme", { words: ["deferral", "equal_instalments", "equal_principal", "reduction"] }], ["total_minor", "integer"], ["currency", "text"], ["periods", "integer"], ["first_due", "text"], ["terms_sha256", "text", ""], ["rate_bp", "integer", 0], ["reduction_bp", "integer", 0], ["deferral_months", "integer", 0]],
  PromiseJudged: [["account", "text"], ["promise", "text"], ["as_of_day", "text"]],
  PromiseMade: [["visit", "text"], ["account", "text"], ["customer", "text"], ["amount_minor", "integer"], ["currency", "text"], ["due", "text"]],
  ReceiptCheckAnswered: [["series", "text"], ["matches", { words: ["last_four", "visit_code"] }], ["account", "text"], ["visit", "text"]],
  ReceiptUnreported: [["series", "text"], ["witness", "text"], ["deadline_ms", "integer"], ["ended", "text", ""], ["place", { words: ["forked", "free", "held", "taken"] }, "free"]],
  ReceiptWitnessed: [["receipt", "text"], ["scanned_ms", "integer"]],
  RecoveryAnswered: [["device", "text"], ["request", "text"], ["identified", { words: ["call_back", "in_person"] }]],
  RefundAuthorised: [["refund", "text"], ["account", "text"], ["amount_minor", "integer"], ["currency", "text"], ["source", { words: ["credit", "suspense"] }], ["decision", "text"], ["second", "text", ""], ["basis", "text", ""]],
  RefundPaid: [["refund", "text"], ["account", "text"], ["amount_minor", "integer"], ["currency", "text"], ["branch", "text"], ["service_day", "text"], ["provider", "text", ""], ["slip", "text", ""], ["basis", "text", ""]],
  RemittanceBatchNumbered: [["creditor", "text"], ["number", "integer"], ["day", "text"], ["currency", "text"], ["amount_minor", "integer"], ["lines", "integer"], ["lines_sha256", "text"], ["basis", "text", ""]],
  RemittanceRejected: [["creditor", "text"], ["batch", "integer"], ["line", "integer"], ["payment", "text"], ["series", "text"], ["account", "text"], ["reason", { words: ["account_closed", "account_unknown", "amount", "duplicate", "other", "recalled", "reference"] }], ["day", "text"], ["note", "text", ""]],
  RestoreConfirmed: [["through_ms", "integer"], ["second", "text"], ["missing", "text"], ["batches", { list: { part: "LastBatch" } }, []], ["lost", { list: "text" }, []], ["closings", { list: "text" }, []], ["basis", "text", ""]],
  RevocationsConfirmed: [["through_ms", "integer"], ["revoked", "integer"], ["basis", "text", ""]],
  RollbackNoticed: [["noticed_ms", "integer"], ["device", "text", ""], ["acknowledged", "text", ""], ["signed_ms", "integer", 0], ["reason", "text", ""]],
  SafetyRaised: [["level", { words: ["emergency", "threatened", "uneasy"] }], ["visit", "text", ""], ["note", "text", ""]],
  SettlementLineImported: [["statement", "text"], ["line", "integer"], ["provider", { words: ["alipay", "card", "cheque", "deposit", "transfer", "wechat"] }], ["order", "text"], ["amount_minor", "integer"], ["currency", "text"], ["at_ms", "integer"], ["reversed", "boolean", false], ["payer_hint", "text", ""]],
  SettlementMatched: [["provider", { words: ["alipay", "card", "cheque", "deposit", "transfer", "wechat"] }], ["order", "text"], ["series", "text"], ["means", { words: ["amount_time", "amount_time_account", "person"] }], ["confidence", "integer"], ["basis", "text", ""]],
  SettlementOverdue: [["settlement", "text"], ["deadline_ms", "integer"]],
  VisitAssigned: [["visit", "text"], ["agent", "text"], ["service_day", "text"], ["position", "integer"], ["eta_s", "integer"], ["leg_m", "integer", 0], ["basis", "text", ""]],
  VisitCancelled: [["visit", "text"], ["reason", { words: ["customer", "office", "settled", "unsafe"] }], ["basis", "text", ""]],
  VisitConcluded: [["visit", "text"], ["account", "text"], ["customer", "text"], ["reason", { words: ["delivered", "moved", "nobody_home", "paid", "part_paid", "promised", "refused", "third_party", "unsafe"] }], ["sub_reason", "text", ""], ["next_action", "text", ""]],
  VisitMoved: [["visit", "text"], ["service_day", "text"], ["window_starts_s", "integer"], ["window_ends_s", "integer"], ["basis", "text", ""]],
  VisitPlanned: [["visit", "text"], ["account", "text"], ["customer", "text"], ["branch", "text"], ["service_day", "text"], ["tasks", { list: { words: ["collect", "identity", "negotiate", "notice", "update_details"] } }], ["window_starts_s", "integer"], ["window_ends_s", "integer"], ["service_s", "integer"], ["mandatory", "boolean"], ["prize", "integer"], ["origin", { words: ["booking", "planned"] }], ["booked_minor", "integer", 0], ["notice", "text", ""], ["code", "text", ""], ["lat_e7", "integer", 0], ["lon_e7", "integer", 0], ["zone", "text", ""], ["staff_min", "integer", 0]],
  VisitStarted: [["visit", "text"]],
  VoidConfirmed: [["payment", "text"], ["voided", "text"], ["means", { words: ["registered_contact", "void_code"] }]],
};

export const KIND_PARTS: Readonly<Record<string, Struct>> = {
  Actor: [["user", "text"], ["role", "text"]],
  Denomination: [["face_minor", "integer"], ["count", "integer"]],
  Head: [["device", "text"], ["epoch", "integer"], ["seq", "integer"], ["hash", "text"]],
  LastBatch: [["creditor", "text"], ["number", "integer"]],
  Position: [["lat_e7", "integer"], ["lon_e7", "integer"], ["accuracy_m", "integer"]],
  Seen: [["at_ms", "integer"], ["boot", "text"], ["mono_ms", "integer"]],
};
