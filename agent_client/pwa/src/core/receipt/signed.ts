/** Signing, reading and checking the 120 bytes of a receipt: 56 of body, 64 of signature. */
import { b64, concat, sha256Hex, unb64 } from "../encoding";
import { DoorstepError } from "../errors";
import { sign, TAG_RECEIPT, verify } from "../signing";
import { BODY_BYTES, decodeBody, encodeBody, type ReceiptBody, seriesText } from "./body";
import { RECEIPT_BYTES } from "./digits";

/**
 * A receipt's bytes, taken apart. `text` is what operations carry (base64url), `identity` the SHA-256 of the body, because
 * ES256 signatures are not unique, and `series` is `key id/epoch/number`.
 */
export interface Receipt {
  data: Uint8Array<ArrayBuffer>;
  text: string;
  body: ReceiptBody;
  identity: string;
  series: string;
}

/** Pack and sign; the caller commits the operation that carries it before it is shown. */
export async function signReceipt(privateKey: CryptoKey, body: ReceiptBody): Promise<Receipt> {
  const packed = encodeBody(body);
  return takenApart(concat(packed, await sign(privateKey, TAG_RECEIPT, packed)), body);
}

/** Take 120 bytes (or their base64url) apart without checking the signature; else RECEIPT-MALFORMED. */
export function readReceipt(given: Uint8Array | string): Receipt {
  const data = typeof given === "string" ? fromText(given) : concat(given);
  if (data.length !== RECEIPT_BYTES) throw new DoorstepError("RECEIPT-MALFORMED", `a receipt has ${RECEIPT_BYTES} bytes, not ${data.length}`);
  return takenApart(data, decodeBody(data.subarray(0, BODY_BYTES)));
}

/** Resolve if the device's key signed it, else reject with RECEIPT-FORGED. */
export async function verifyReceipt(receipt: Receipt, publicKey: CryptoKey): Promise<void> {
  try {
    await verify(publicKey, TAG_RECEIPT, receipt.data.slice(0, BODY_BYTES), receipt.data.slice(BODY_BYTES));
  } catch (error) {
    if (!(error instanceof DoorstepError) || error.code !== "SIGNATURE-WRONG") throw error;
    throw new DoorstepError("RECEIPT-FORGED", `receipt ${receipt.series} is not signed by its key`);
  }
}

function fromText(text: string): Uint8Array<ArrayBuffer> {
  try {
    return concat(unb64(text, RECEIPT_BYTES));
  } catch (error) {
    throw new DoorstepError("RECEIPT-MALFORMED", error instanceof DoorstepError ? error.cause : String(error));
  }
}

function takenApart(data: Uint8Array<ArrayBuffer>, body: ReceiptBody): Receipt {
  return { data, text: b64(data), body, identity: sha256Hex(data.subarray(0, BODY_BYTES)), series: seriesText(body) };
}
