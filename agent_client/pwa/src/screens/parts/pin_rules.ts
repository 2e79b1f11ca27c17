/** What a new PIN must be, told while it is typed; the vault refuses the same (as `agent_client/vault/secret.py`). */
import { PIN_DIGITS_MAX, PIN_DIGITS_MIN } from "../../core/limits";

export type PinFault = "short" | "plain";

export { PIN_DIGITS_MAX, PIN_DIGITS_MIN };

/** Null when the PIN will do. */
export function pinFault(pin: string): PinFault | null {
  if (pin.length < PIN_DIGITS_MIN) return "short";
  const digits = [...pin].map(Number);
  const steps = new Set(digits.slice(1).map((digit, place) => (digit - (digits[place] ?? 0) + 10) % 10));
  const [step] = steps;
  return steps.size === 1 && (step === 0 || step === 1 || step === 9) ? "plain" : null;
}
