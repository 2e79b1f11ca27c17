/** Which steps a stop asks for, which are done, and which one comes next. */
import type { StopView } from "../../phone/contract";
import type { StopStep } from "../routing";

export interface Step {
  step: StopStep;
  done: boolean;
  forbidden: boolean;
}

/** Tasks of the office, in the order in which they are done at a door. */
const TASK_STEPS: readonly { task: string; step: StopStep }[] = [
  { task: "identity", step: "identity" },
  { task: "collect", step: "collect" },
  { task: "notice", step: "deliver" },
  { task: "negotiate", step: "plan" },
  { task: "update_details", step: "details" },
];
const ALL: readonly StopStep[] = ["identity", "collect", "deliver", "promise", "plan", "details", "companion", "contact", "note", "conclude"];
/** What needs no open visit. */
const ANYTIME: readonly StopStep[] = ["contact", "note"];

/** `asked`: the office's tasks and the end of the visit; `others`: all else; `next`: the first that is left. */
export function stepsOf(view: StopView): { asked: Step[]; others: Step[]; anytime: Step[]; next: StopStep } {
  const { document } = view.stop;
  const task = (step: StopStep): string => TASK_STEPS.find((one) => one.step === step)?.task ?? step;
  const forbidden = (step: StopStep): boolean => document.forbidden.includes(task(step));
  const done = (step: StopStep): boolean => isStepDone(view, step);
  const make = (step: StopStep): Step => ({ step, done: done(step), forbidden: forbidden(step) });
  const wanted = TASK_STEPS.filter((one) => document.tasks.includes(one.task)).map((one) => one.step);
  // Whoever pays or agrees is asked who they are, whether or not the office listed it.
  const needsIdentity = wanted.some((step) => step === "collect" || step === "plan");
  const asked: StopStep[] = [...new Set<StopStep>([...(needsIdentity ? (["identity"] as const) : []), ...wanted, "conclude"])];
  const left = asked.find((step) => step !== "conclude" && !done(step) && !forbidden(step));
  return {
    asked: asked.map(make),
    others: ALL.filter((step) => !asked.includes(step)).map(make),
    anytime: ANYTIME.map(make),
    next: left ?? "conclude",
  };
}

function isStepDone(view: StopView, step: StopStep): boolean {
  if (step === "identity") return view.identity !== "";
  if (step === "collect") return view.receipts.some((receipt) => receipt.kind === "payment" && receipt.voidedBy === "");
  if (step === "deliver") return view.delivered.length > 0;
  if (step === "promise") return view.promised.length > 0;
  const kinds: Partial<Record<StopStep, string>> = { plan: "PlanProposed", details: "DetailsReported", companion: "CompanionConfirmed", contact: "ContactMade", note: "NoteTaken" };
  const kind = kinds[step];
  return kind !== undefined && view.records.some((record) => record.kind === kind);
}
