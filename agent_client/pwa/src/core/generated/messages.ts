/** What each message and document consists of. Written by `python -m agent_client.pwa_types`; never edited by hand. */

import type { Struct } from "../shape";

export const MESSAGES: Readonly<Record<string, Struct>> = {
  Acknowledgement: [["device", "text"], ["epoch", "integer"], ["seq", "integer"], ["hash", "text"], ["nonce", "text"], ["server_ms", "integer"]],
  BadgeCertificate: [["device", "text"], ["certificate", "text"]],
  BadgeDocument: [["agent", "text"], ["service_day", "text"], ["certificates", { list: { part: "BadgeCertificate" } }]],
  Claims: [["device", "text"], ["epoch", "integer"], ["seq", "integer"], ["hash", "text"], ["clock", { part: "ClockClaim" }], ["nonce", "text"], ["cursor", { maybe: { part: "Cursor" } }, null], ["pull", "boolean", true]],
  ClockClaim: [["at", "text"], ["boot", "text"], ["mono_ms", "integer"]],
  Cursor: [["incarnation", "text"], ["n", "integer"]],
  DocumentChange: [["n", "integer"], ["name", "text"], ["document", "raw", "null"]],
  EnrolAnswer: [["device", "text"], ["agent", "text"], ["agent_name", "text"], ["branch", "text"], ["epoch", "integer"], ["public_url", "text"], ["office_key", { part: "PublishedKey" }], ["identity_key", { part: "PublishedKey" }], ["recovery_key", { part: "PublishedKey" }], ["server_ms", "integer"]],
  EnrolRequest: [["code", "text"], ["public_key", "text"], ["model", "text", ""]],
  EpochGrant: [["epoch", "integer"], ["continues", "text"], ["reason", "text"]],
  EpochRequest: [["device", "text"], ["epoch", "integer"], ["seq", "integer"], ["hash", "text"], ["request", "text"], ["reason", { words: ["fork", "requested", "restored"] }, "requested"]],
  ExchangeAnswer: [["acknowledgement", { part: "Signed" }], ["documents", { list: { part: "DocumentChange" } }, []], ["cursor", { maybe: { part: "Cursor" } }, null], ["more", "boolean", false], ["total", "integer", 0], ["resend_from", { maybe: { part: "Resend" } }, null], ["epoch", { maybe: { part: "EpochGrant" } }, null], ["lock", "boolean", false], ["wipe_after_upload", "boolean", false], ["missing_side_records", { list: "text" }, []], ["documents_wait", "boolean", false]],
  ExchangeRequest: [["protocol", "integer"], ["claims", "raw"], ["signature", "text"], ["operations", { list: "raw" }, []], ["side_records", { list: { part: "SideRecordMessage" } }, []], ["acknowledged", { maybe: { part: "Signed" } }, null]],
  JournalDocument: [["device", "text"], ["epoch", "integer"], ["reconciled_seq", "integer"]],
  NoticeDocument: [["notice", "text"], ["version", "integer"], ["account", "text"], ["title", "text"], ["content_sha256", "text"], ["amount_minor", "integer"], ["currency", "text"], ["issued_on", "text"], ["withdrawn", "boolean", false]],
  Pack: [["pack", "text"], ["agent", "text"], ["agent_name", "text"], ["branch", "text"], ["service_day", "text"], ["zone", "text"], ["visits", { list: "text" }], ["shift_starts_s", "integer"], ["shift_ends_s", "integer"], ["home_lat_e7", "integer"], ["home_lon_e7", "integer"], ["distance_m", "integer"], ["cash_limit_minor", "integer"], ["float_minor", "integer"], ["currency", "text"], ["policy", "text"], ["public_url", "text"], ["office_phone", "text"], ["creditor_name", "text"], ["issued_ms", "integer"]],
  PublishedKey: [["key", "text"], ["use", { words: ["acknowledgement", "identity", "receipt", "recovery"] }], ["public_key", "text"], ["not_before_ms", "integer"], ["not_after_ms", "integer", 0], ["revoked", "boolean", false]],
  PublishedKeys: [["keys", { list: { part: "PublishedKey" } }]],
  RecoveryAnswer: [["device", "text"], ["sealed", "text"], ["version", "integer", 1]],
  RecoveryRequest: [["device", "text"], ["one_time_public", "text"], ["recovery_slot", "text"], ["version", "integer", 1]],
  Resend: [["epoch", "integer"], ["seq", "integer"]],
  SideRecordMessage: [["sha256", "text"], ["data", "text"]],
  Signed: [["payload", "raw"], ["signature", "text"], ["key", "text", ""]],
  VerdictDocument: [["hash", "text"], ["seq", "integer"], ["epoch", "integer"], ["verdict", { words: ["disputed", "held"] }], ["rule", "text"], ["title", "text"], ["title_zh", "text"], ["sentence", "text"], ["sentence_zh", "text", ""], ["holds", "text"], ["holds_zh", "text", ""]],
  VisitDocument: [["visit", "text"], ["position", "integer"], ["account", "text"], ["customer", "text"], ["name", "text"], ["phone", "text"], ["address", "text"], ["language", "text"], ["lat_e7", "integer"], ["lon_e7", "integer"], ["tasks", { list: "text" }], ["window_starts_s", "integer"], ["window_ends_s", "integer"], ["service_s", "integer"], ["eta_s", "integer"], ["leg_m", "integer"], ["mandatory", "boolean"], ["origin", "text"], ["booked_minor", "integer"], ["currency", "text"], ["minimum_due_minor", "integer"], ["overdue_minor", "integer"], ["statement_minor", "integer"], ["payoff_minor", "integer"], ["as_of_ms", "integer"], ["due", "text"], ["months_late", "integer"], ["last_four", "text"], ["account_tag", "text"], ["creditor", "text"], ["notice", "text", ""], ["forbidden", { list: "text" }, []], ["forbidden_why", { list: "text" }, []], ["code_salt", "text", ""], ["code_bits", "integer", -1], ["zone", "text", ""]],
};
