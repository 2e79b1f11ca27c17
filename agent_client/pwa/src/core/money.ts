/** Money: integer minor units with an ISO 4217 currency. No fractions anywhere. */
import { argumentWrong, DoorstepError } from "./errors";
import { AMOUNT_MINOR_MAX } from "./generated/limits";
import type { Currency } from "./generated/types";

export { amountInWords } from "./money_words";

/** ISO 4217: letters, number, and how many digits the minor unit has. */
export interface CurrencyEntry {
  code: Currency;
  number: number;
  exponent: number;
}

/** The currencies that receipts can carry: number and digits of the minor unit. */
const ENTRIES: Readonly<Record<Currency, readonly [number, number]>> = {
  CNY: [156, 2],
  EUR: [978, 2],
  GBP: [826, 2],
  HKD: [344, 2],
  INR: [356, 2],
  JPY: [392, 0],
  TWD: [901, 2],
  USD: [840, 2],
};
const AMOUNT = /^([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.([0-9]+))?$/;
/** More digits than any amount within the limit has. */
const WHOLE_DIGITS_MAX = 15;

/** Whether receipts can carry a currency. */
export function isCurrency(code: string): code is Currency {
  return Object.hasOwn(ENTRIES, code);
}

/** The currency of three letters; throws ARGUMENT-WRONG for one that is not carried. */
export function currency(code: string): CurrencyEntry {
  if (!isCurrency(code)) throw argumentWrong(`currency ${JSON.stringify(code)} is not one of ${Object.keys(ENTRIES).sort().join(", ")}`);
  const [number, exponent] = ENTRIES[code];
  return { code, number, exponent };
}

/** The currency of an ISO 4217 number; throws RECEIPT-MALFORMED, since only receipts carry numbers. */
export function currencyByNumber(number: number): CurrencyEntry {
  const code = (Object.keys(ENTRIES) as Currency[]).find((one) => ENTRIES[one][0] === number);
  if (code === undefined) throw new DoorstepError("RECEIPT-MALFORMED", `ISO 4217 number ${number} is not known here`);
  return currency(code);
}

/** Return the amount if it is whole, positive (or zero where allowed) and not beyond the limit. */
export function checkAmount(amountMinor: number, options: { zero?: boolean } = {}): number {
  if (!Number.isInteger(amountMinor)) throw argumentWrong(`amount ${amountMinor} is not a whole number of minor units`);
  if (amountMinor < 0 || (amountMinor === 0 && options.zero !== true)) throw argumentWrong(`amount ${amountMinor} is not above zero`);
  if (amountMinor > AMOUNT_MINOR_MAX) throw argumentWrong(`amount ${amountMinor} is beyond the limit of ${AMOUNT_MINOR_MAX}`);
  return amountMinor;
}

/** `123456, "CNY"` → `1,234.56 CNY`: for sentences; screens localise by themselves. */
export function formatAmount(amountMinor: number, code: string): string {
  const digits = isCurrency(code) ? currency(code).exponent : 2;
  const plain = String(Math.abs(amountMinor)).padStart(digits + 1, "0");
  const whole = plain.slice(0, plain.length - digits).replace(/\B(?=(?:[0-9]{3})+$)/g, ",");
  const rest = digits > 0 ? `.${plain.slice(plain.length - digits)}` : "";
  return `${amountMinor < 0 ? "-" : ""}${whole}${rest} ${code}`;
}

/** `"1,234.56"` → minor units; refuses fractions finer than the minor unit, signs and anything else (ARGUMENT-WRONG). */
export function parseAmount(text: string, code: string): number {
  const digits = currency(code).exponent;
  const match = AMOUNT.exec(text.trim());
  const whole = (match?.[1] ?? "").replaceAll(",", "");
  const rest = match?.[2] ?? "";
  // Commas count only between groups of three: "12,50" is somebody's twelve and a half, not 1,250.
  if (match === null || rest.length > digits || whole.length > WHOLE_DIGITS_MAX) {
    throw argumentWrong(`${JSON.stringify(text.slice(0, 40))} is not an amount in ${code} with at most ${digits} decimals`);
  }
  return checkAmount(Number(whole) * 10 ** digits + Number(rest.padEnd(digits, "0") || "0"));
}
