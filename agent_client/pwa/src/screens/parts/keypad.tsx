/** Big keys for an amount. */
import { useWords } from "../state";
import { type AmountKey, grouped, press } from "./amount_entry";
import { Icon } from "./icon";
import { exponentOf, signOf } from "./money";

const ROWS: readonly AmountKey[] = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

export function Keypad({ entry, currency, onEntry }: { entry: string; currency: string; onEntry: (entry: string) => void }) {
  const words = useWords();
  const key = (name: AmountKey): void => onEntry(press(entry, name, currency));
  const last: AmountKey = exponentOf(currency) === 0 ? "00" : "point";
  return (
    <div class="keypad" role="group" aria-label={words.collect.enter}>
      {ROWS.map((digit) => (
        <button type="button" key={digit} aria-label={words.collect.key(digit)} onClick={() => key(digit)}>{digit}</button>
      ))}
      <button type="button" aria-label={last === "point" ? words.collect.point : words.collect.doubleZero} onClick={() => key(last)}>
        {last === "point" ? "." : "00"}
      </button>
      <button type="button" aria-label={words.collect.key("0")} onClick={() => key("0")}>0</button>
      <button type="button" class="quiet" aria-label={words.collect.erase} onClick={() => key("erase")}>
        <Icon name="erase" size={28} />
      </button>
    </div>
  );
}

/** The amount as it is typed. A real keyboard works too, while the entry has the focus. */
export function Entry({ entry, currency, label, onEntry }: { entry: string; currency: string; label: string; onEntry: (entry: string) => void }) {
  return (
    <div
      class="entry"
      role="textbox"
      tabIndex={0}
      aria-label={label}
      aria-readonly="false"
      onKeyDown={(event: KeyboardEvent) => {
        const key = keyOf(event.key);
        if (key === null) return;
        event.preventDefault();
        onEntry(press(entry, key, currency));
      }}
    >
      <span class="sign" aria-hidden="true">{signOf(currency)}</span>
      <output class={`amount-big figures${entry === "" ? " muted" : ""}`} aria-live="polite">{entry === "" ? "0" : grouped(entry)}</output>
    </div>
  );
}

function keyOf(key: string): AmountKey | null {
  if (/^\d$/.test(key)) return key as AmountKey;
  if (key === "." || key === ",") return "point";
  return key === "Backspace" ? "erase" : null;
}
