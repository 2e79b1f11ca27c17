/** Paths under /app/ and the screens that they mean. Only ids stand in them, nothing personal. */

export const STOP_STEPS = ["identity", "collect", "deliver", "promise", "plan", "contact", "note", "details", "companion", "conclude"] as const;
export type StopStep = (typeof STOP_STEPS)[number];
export const PLAIN = ["walk-up", "cash", "end-of-day", "records", "departure", "badge", "settings", "receipts", "forgot-pin"] as const;
export type PlainScreen = (typeof PLAIN)[number];
export const CASH_STEPS = ["hand-over", "deposit", "transfer", "loss"] as const;
export type CashStep = (typeof CASH_STEPS)[number];

export type Place =
  | { screen: "route"; day: string }
  | { screen: "stop"; visit: string; step: StopStep | "" }
  | { screen: "receipt"; series: string; voiding: boolean }
  | { screen: "cash-step"; step: CashStep }
  | { screen: "change-pin" }
  | { screen: PlainScreen };

const BASE = "/app/";

/** Reads a path; what is not known is the route. */
export function placeOf(path: string): Place {
  const inside = path.startsWith(BASE) ? path.slice(BASE.length) : "";
  const parts = inside.split("/").filter((part) => part !== "").map(decoded);
  const [first = "", second = "", third = "", fourth = "", fifth = ""] = parts;
  if (first === "day" && /^\d{4}-\d{2}-\d{2}$/.test(second)) return { screen: "route", day: second };
  if (first === "stop" && second !== "") {
    const step = STOP_STEPS.find((name) => name === third);
    return { screen: "stop", visit: second, step: step ?? "" };
  }
  if (first === "receipt" && fourth !== "") {
    return { screen: "receipt", series: `${second}/${third}/${fourth}`, voiding: fifth === "void" };
  }
  if (first === "settings" && second === "pin") return { screen: "change-pin" };
  const cash = CASH_STEPS.find((name) => first === "cash" && name === second);
  if (cash !== undefined) return { screen: "cash-step", step: cash };
  const plain = PLAIN.find((name) => name === first);
  return plain === undefined ? { screen: "route", day: "" } : { screen: plain };
}

export const to = {
  route: (day = ""): string => (day === "" ? BASE : `${BASE}day/${day}`),
  stop: (visit: string, step: StopStep | "" = ""): string =>
    `${BASE}stop/${encodeURIComponent(visit)}${step === "" ? "" : `/${step}`}`,
  receipt: (series: string, voiding = false): string =>
    `${BASE}receipt/${series.split("/").map(encodeURIComponent).join("/")}${voiding ? "/void" : ""}`,
  cash: (step: CashStep | "" = ""): string => `${BASE}cash${step === "" ? "" : `/${step}`}`,
  plain: (screen: PlainScreen): string => `${BASE}${screen}`,
  changePin: (): string => `${BASE}settings/pin`,
};

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}
