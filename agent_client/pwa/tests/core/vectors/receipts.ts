/** receipts.json. */
import { expect } from "vitest";
import { hex, unhex, utf8 } from "../../../src/core/encoding";
import type { Currency, Method } from "../../../src/core/generated/types";
import {
  decodeBody, encodeBody, fromDigits, parseShort, readReceipt, type ReceiptBody, shortNumber, toDigits, verifyReceipt,
} from "../../../src/core/receipt";
import { codeOf, codeOfLater, load, publicKey } from "./files";

interface Fields {
  key_id: string; epoch: number; seq: number; number: number; before: string; amount_minor: number; currency: Currency;
  method: Method; kind: "payment" | "void"; at_s: number; offset_minutes: number; flags: number; last_four: number; tag: string;
}

function bodyOf(fields: Fields): ReceiptBody {
  const { key_id, amount_minor, at_s, offset_minutes, last_four, ...rest } = fields;
  return { ...rest, keyId: key_id, amountMinor: amount_minor, atS: at_s, offsetMinutes: offset_minutes, lastFour: last_four };
}

export async function receipts(): Promise<void> {
  const vectors = load<{
    key: string; prefix: string;
    receipts: {
      fields: Fields; body_hex: string; signature_hex: string; identity: string; series: string; base64url: string; digits: string;
      qr: string; short: string;
    }[];
    digits_refused: string[];
    digits_appended: { text: string; digits: string }[];
    bodies_refused: string[];
    forged: { receipt: string }[];
    short_typed: { text: string; key: string; epoch: number; number: number; check: string }[];
    short_refused: string[];
    account_tags: { key_hex: string; account: string; tag: string }[];
  }>("receipts.json");
  const key = await publicKey(vectors.key);
  for (const one of vectors.receipts) {
    const body = bodyOf(one.fields);
    expect(hex(encodeBody(body))).toBe(one.body_hex);
    expect(decodeBody(unhex(one.body_hex))).toEqual(body);
    const receipt = readReceipt(unhex(one.body_hex + one.signature_hex));
    await verifyReceipt(receipt, key);
    expect([receipt.identity, receipt.text, receipt.series]).toEqual([one.identity, one.base64url, one.series]);
    expect(readReceipt(one.base64url)).toEqual(receipt);
    expect(toDigits(receipt.data)).toBe(one.digits);
    expect(hex(fromDigits(one.qr.slice(vectors.prefix.length)))).toBe(hex(receipt.data));
    expect(shortNumber(receipt)).toBe(one.short);
    expect(one.qr).toBe(vectors.prefix + one.digits);
  }
  for (const text of vectors.digits_refused) expect(codeOf(() => fromDigits(text)), text).toBe("RECEIPT-MALFORMED");
  for (const { text, digits } of vectors.digits_appended) expect(toDigits(fromDigits(text))).toBe(digits);
  for (const body of vectors.bodies_refused) expect(codeOf(() => decodeBody(unhex(body))), body).toBe("RECEIPT-MALFORMED");
  for (const { receipt } of vectors.forged) {
    expect(await codeOfLater(verifyReceipt(readReceipt(unhex(receipt)), key))).toBe("RECEIPT-FORGED");
  }
  for (const { text, ...wanted } of vectors.short_typed) expect(parseShort(text)).toEqual(wanted);
  for (const text of vectors.short_refused) expect(codeOf(() => parseShort(text)), text).toBe("RECEIPT-MALFORMED");
  // The key of account tags never leaves the office; stock cryptography makes the same tags all the same.
  for (const { key_hex, account, tag } of vectors.account_tags) {
    const secret = await crypto.subtle.importKey("raw", new Uint8Array(unhex(key_hex)), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    expect(hex(new Uint8Array(await crypto.subtle.sign("HMAC", secret, utf8(account)))).slice(0, 8)).toBe(tag);
  }
}
