/** A screen that asks for an amount alone: the figures, shortcuts to what is owed, big keys. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { useShared, useWords } from "../state";
import { entryOf, minorOf, tooMuch } from "./amount_entry";
import { Entry, Keypad } from "./keypad";
import { formatMoney } from "./money";
import { Action } from "./press";
import { Screen } from "./screen";

export function AmountStage({ title, label, entry, currency, onEntry, shortcuts = [], next, onNext, backTo, above, below }: {
  title: string;
  label: string;
  entry: string;
  currency: string;
  onEntry: (entry: string) => void;
  shortcuts?: readonly { label: string; minor: number }[];
  next: string;
  onNext: () => void;
  backTo: string;
  above?: ComponentChildren;
  below?: ComponentChildren;
}) {
  const language = useShared().language.value;
  const words = useWords();
  const [asked, setAsked] = useState(false);
  const minor = minorOf(entry, currency);
  const fine = minor > 0 && !tooMuch(minor);
  return (
    <Screen
      title={title}
      backTo={backTo}
      action={
        <Action
          dim={!fine}
          onPress={() => {
            setAsked(true);
            if (fine) onNext();
          }}
        >
          {next}
        </Action>
      }
    >
      {above}
      <div class="grow amount-place">
        <Entry entry={entry} currency={currency} label={label} onEntry={onEntry} />
        <div class="centred" role="status">
          {tooMuch(minor) && <p class="fault">{words.collect.tooMuch}</p>}
          {asked && minor === 0 && <p class="fault">{words.collect.enter}</p>}
          {below}
        </div>
      </div>
      {shortcuts.length > 0 && (
        <div class="shortcuts">
          {shortcuts.map((shortcut) => (
            <button
              type="button"
              class="shortcut"
              key={shortcut.label}
              aria-pressed={minor === shortcut.minor}
              onClick={() => onEntry(entryOf(shortcut.minor, currency))}
            >
              <small>{shortcut.label}</small>
              <strong class="figures">{formatMoney(shortcut.minor, currency, language, { short: true })}</strong>
            </button>
          ))}
        </div>
      )}
      <Keypad entry={entry} currency={currency} onEntry={onEntry} />
    </Screen>
  );
}
