/** Which outcomes of a visit fit what was recorded there; the others are refused, so they come last and say what is missing. */
import { VISIT_REASONS, type VisitReason } from "../../core/generated/types";
import type { StopView } from "../../phone/contract";

export type Missing = "payment" | "promise" | "delivery";

export interface Outcome {
  reason: VisitReason;
  missing: Missing | null;
}

/** All outcomes, likeliest first: those that what was recorded supports, then those of a door without result. */
export function outcomesOf(view: Pick<StopView, "stop" | "receipts" | "delivered" | "promised" | "identity">): { fitting: Outcome[]; others: Outcome[] } {
  const paid = view.receipts.some((receipt) => receipt.kind === "payment" && receipt.voidedBy === "");
  const missing = (reason: VisitReason): Missing | null => {
    if ((reason === "paid" || reason === "part_paid") && !paid) return "payment";
    if (reason === "promised" && view.promised.length === 0) return "promise";
    if (reason === "delivered" && view.delivered.length === 0) return "delivery";
    return null;
  };
  const first: VisitReason[] = [];
  if (paid) first.push(...paidOrder(view));
  if (view.promised.length > 0) first.push("promised");
  if (view.delivered.length > 0) first.push("delivered");
  if (view.identity === "third_party") first.push("third_party");
  if (view.identity === "refused") first.push("refused");
  const possible = VISIT_REASONS.filter((reason) => missing(reason) === null);
  const fitting = first.length > 0 ? first : possible;
  const rest = [...possible, ...VISIT_REASONS.filter((reason) => missing(reason) !== null)].filter((reason) => !fitting.includes(reason));
  const outcome = (reason: VisitReason): Outcome => ({ reason, missing: missing(reason) });
  return { fitting: fitting.map(outcome), others: rest.map(outcome) };
}

/** Whether what was taken covers the minimum decides which of the two stands first. */
function paidOrder(view: Pick<StopView, "stop">): VisitReason[] {
  const { document, paidMinor } = view.stop;
  const asked = document.booked_minor > 0 ? document.booked_minor : document.minimum_due_minor;
  return paidMinor >= asked ? ["paid", "part_paid"] : ["part_paid", "paid"];
}
