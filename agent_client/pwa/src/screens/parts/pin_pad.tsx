/** Typing a PIN on big keys: dots for digits, never the digits themselves. A real keyboard works too. */
import { useLayoutEffect } from "preact/hooks";
import { useWords } from "../state";
import { Icon } from "./icon";
import { PIN_DIGITS_MAX, PIN_DIGITS_MIN } from "./pin_rules";

export function PinPad({ pin, onPin, label, disabled = false, onEnter }: {
  pin: string;
  onPin: (pin: string) => void;
  label: string;
  disabled?: boolean;
  onEnter?: () => void;
}) {
  const words = useWords();
  const add = (digit: string): void => {
    if (!disabled && pin.length < PIN_DIGITS_MAX) onPin(pin + digit);
  };
  const erase = (): void => {
    if (!disabled) onPin(pin.slice(0, -1));
  };
  // Before the next key is pressed: an effect after painting would still add to the digits from before.
  useLayoutEffect(() => {
    const typed = (event: KeyboardEvent): void => {
      if (event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement) return;
      if (/^\d$/.test(event.key)) add(event.key);
      else if (event.key === "Backspace") erase();
      else if (event.key === "Enter" && !(event.target instanceof HTMLButtonElement)) onEnter?.();
    };
    document.addEventListener("keydown", typed);
    return () => document.removeEventListener("keydown", typed);
  });
  const dots = Math.max(PIN_DIGITS_MIN, pin.length);
  return (
    <div class="stack">
      <div class="pin" role="img" aria-label={`${label}: ${words.locked.entered(pin.length)}`}>
        {Array.from({ length: dots }, (_, place) => <span key={place} class={place < pin.length ? "filled" : ""} />)}
      </div>
      <div class="keypad" role="group" aria-label={label}>
        {["1", "2", "3", "4", "5", "6", "7", "8", "9"].map((digit) => (
          <button type="button" key={digit} aria-label={words.locked.digit(digit)} onClick={() => add(digit)}>{digit}</button>
        ))}
        <span />
        <button type="button" aria-label={words.locked.digit("0")} onClick={() => add("0")}>0</button>
        <button type="button" class="quiet" aria-label={words.locked.erase} onClick={erase}>
          <Icon name="erase" size={28} />
        </button>
      </div>
    </div>
  );
}
