/**
 * What an operation touches by its own bytes, and the side records that it names.
 *
 * A touch is a key `family:identifier`: `account`, `visit`, `customer`, `drawer` (agent/service day), `payment` (receipt
 * series), `transfer`, `loss` (device/epoch/seq), `settlement` (provider/order), `notice`. Here stand the kinds that a
 * device authors; what the office's own kinds touch only the office needs to know.
 */
import { hex, isHash, unb64 } from "../encoding";
import type { FieldBody, Operation, PaymentCollected } from "../generated/types";
import { FIELD_KINDS } from "../generated/kinds";

const RECEIPT_CHARACTERS = 160;
const SIDE_RECORD_MEMBERS = ["sealed", "void_code", "evidence", "value", "note", "slip", "terms_sha256", "details", "photo", "code"];

/** `key id/epoch/number` of a receipt (120 bytes as base64url), or empty if it is not one. */
export function seriesOf(receipt: string): string {
  if (receipt.length !== RECEIPT_CHARACTERS) return "";
  try {
    const view = unb64(receipt.slice(0, 28));
    const data = new DataView(view.buffer, view.byteOffset, view.byteLength);
    return `${hex(view.subarray(1, 9))}/${data.getUint16(9)}/${data.getUint32(15)}`;
  } catch {
    return "";
  }
}

/** Hashes of the side records that the operation names, in the order of its members. */
export function sideRecordsOf(operation: Operation): string[] {
  const body = operation.body as unknown as Record<string, unknown>;
  return SIDE_RECORD_MEMBERS.flatMap((name) => body[name] ?? []).filter(
    (value): value is string => typeof value === "string" && isHash(value),
  );
}

/** `drawer:agent/YYYY-MM-DD` of the pack that an operation names; empty without one. */
export function drawerKey(pack: string): string {
  const place = pack.indexOf("/");
  const [day, agent] = place < 0 ? [pack, ""] : [pack.slice(0, place), pack.slice(place + 1)];
  return agent === "" ? "" : `drawer:${agent}/${day}`;
}

/** The aggregates that a device's operation touches by its own bytes, sorted by code unit, each once. */
export function touches(operation: Operation): string[] {
  const body = operation.body;
  if (!isFieldBody(body)) return [];
  const keys = new Set(bodyTouches(body));
  if (body.kind === "CashLossReported") keys.add(`loss:${operation.device}/${operation.epoch}/${operation.seq}`);
  keys.add(drawerKey(operation.pack));
  keys.delete("");
  return [...keys].sort();
}

function isFieldBody(body: Operation["body"]): body is FieldBody {
  return (FIELD_KINDS as readonly string[]).includes(body.kind);
}

function bodyTouches(body: FieldBody): string[] {
  switch (body.kind) {
    case "PaymentCollected":
      return [`account:${body.account}`, settlementKey(body), ...visitKey(body), ...paymentKey(seriesOf(body.receipt))];
    case "PaymentVoided":
      return [`account:${body.account}`, `payment:${body.voided}`, ...visitKey(body), ...paymentKey(seriesOf(body.receipt))];
    case "NoticeDelivered":
      return [`visit:${body.visit}`, `notice:${body.notice}`];
    case "ContactMade":
    case "VisitConcluded":
      return [`customer:${body.customer}`, ...visitKey(body)];
    case "PromiseMade":
    case "PlanProposed":
      return [`visit:${body.visit}`, `account:${body.account}`];
    case "DetailsReported":
      return [`customer:${body.customer}`];
    case "VisitStarted":
    case "CompanionConfirmed":
    case "IdentityChecked":
    case "NoteTaken":
    case "SafetyRaised":
      return visitKey(body);
    case "CashDeposited":
      return body.slip_number === "" ? [] : [`settlement:deposit/${body.slip_number}`];
    case "CashTransferred":
      return [`transfer:${body.transfer}`];
    case "CashHandedOver":
    case "CashLossReported":
    case "DayEnded":
      return [];
  }
}

/** `settlement:provider/order` under which a statement will name this payment; empty for cash. */
function settlementKey(body: PaymentCollected): string {
  if (body.method === "cash") return "";
  const order = (body.method === "cheque" ? body.cheque : "") || body.provider_order;
  return `settlement:${body.method}/${order || `receipt/${seriesOf(body.receipt)}`}`;
}

function paymentKey(series: string): string[] {
  return series === "" ? [] : [`payment:${series}`];
}

function visitKey(body: { visit: string }): string[] {
  return body.visit === "" ? [] : [`visit:${body.visit}`];
}
