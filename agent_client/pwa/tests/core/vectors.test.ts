/** Every file of golden vectors is run here; a file that nobody knows is a failure, and none can be skipped. */
import { describe, expect, test } from "vitest";
import { badges } from "./vectors/badges";
import { exchange, sealing, sideRecords } from "./vectors/exchanges";
import { vectorFiles } from "./vectors/files";
import { batches, exported, kinds, segments } from "./vectors/journals";
import { receipts } from "./vectors/receipts";
import { policy, repayment, words } from "./vectors/rules";
import { clock, encoding, keys, money } from "./vectors/text";

const CHECKS: Readonly<Record<string, () => void | Promise<void>>> = {
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

describe("golden vectors", () => {
  test("every file has its check, and every check its file", () => {
    expect(vectorFiles()).toEqual(Object.keys(CHECKS).sort());
  });

  test.each(Object.entries(CHECKS))("%s", async (_name, check) => {
    await check();
  });
});
