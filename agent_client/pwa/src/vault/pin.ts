/** What the agent types: the same from every keyboard, and, when it is new, not easy to guess. */
import { DoorstepError } from "../core/errors";
import { PIN_DIGITS_MAX, PIN_DIGITS_MIN } from "./limits";

/** Full-width digits become plain ones (NFKC); spaces around it go. */
export function normalForm(text: string): string {
  return text.trim().normalize("NFKC");
}

/** A new PIN in normal form; SECRET-WEAK when it is short, not digits, or a plain sequence. */
export function checkNewPin(text: string): string {
  const digits = normalForm(text);
  if (!/^[0-9]*$/.test(digits) || digits === "") throw new DoorstepError("SECRET-WEAK", "a PIN has digits only");
  if (digits.length < PIN_DIGITS_MIN || digits.length > PIN_DIGITS_MAX) {
    const cause = `a PIN has ${PIN_DIGITS_MIN} to ${PIN_DIGITS_MAX} digits, this one ${digits.length}`;
    throw new DoorstepError("SECRET-WEAK", cause);
  }
  const steps = new Set<number>();
  for (let index = 1; index < digits.length; index += 1) {
    steps.add((Number(digits[index]) - Number(digits[index - 1]) + 10) % 10);
  }
  if (steps.size === 1 && [0, 1, 9].includes([...steps][0] as number)) {
    throw new DoorstepError("SECRET-WEAK", "the PIN's digits all repeat, or count up or down");
  }
  return digits;
}
