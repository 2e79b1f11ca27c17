/** Every file of golden vectors with its check. */
import { badges } from "./badges";
import { exchange, sealing, sideRecords } from "./exchanges";
import { batches, exported, kinds, segments } from "./journals";
import { receipts } from "./receipts";
import { policy, repayment, words } from "./rules";
import { clock, encoding, keys, money } from "./text";

export const CHECKS: Readonly<Record<string, () => void | Promise<void>>> = {
  "badge.json": badges,
  "clock.json": clock,
  "encoding.json": encoding,
  "exchange.json": exchange,
  "journal.json": batches,
  "journal.ndjson": exported,
  "keys.json": keys,
  "kinds.json": kinds,
  "money.json": money,
  "policy.json": policy,
  "receipts.json": receipts,
  "repayment.json": repayment,
  "sealing.json": sealing,
  "segments.json": segments,
  "side_records.json": sideRecords,
  "words.json": words,
};
