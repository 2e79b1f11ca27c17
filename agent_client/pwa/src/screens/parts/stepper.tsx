/** A small whole number: minus, the number itself, plus. */
import { useId } from "preact/hooks";
import { Icon } from "./icon";

export function Stepper({ label, value, least, most, onValue, more, less, hideLabel = false }: {
  label: string;
  value: number;
  least: number;
  most: number;
  onValue: (value: number) => void;
  more?: string;
  less?: string;
  hideLabel?: boolean;
}) {
  const id = useId();
  const held = (wanted: number): number => Math.min(most, Math.max(least, Number.isFinite(wanted) ? Math.trunc(wanted) : least));
  return (
    <div class="row between">
      <label for={id} class={hideLabel ? "unseen" : "strong"}>{label}</label>
      <div class="stepper">
        <button type="button" aria-label={less ?? `${label} −1`} onClick={() => onValue(held(value - 1))}><Icon name="minus" /></button>
        <input
          id={id}
          inputMode="numeric"
          autocomplete="off"
          value={String(value)}
          onFocus={(event) => event.currentTarget.select()}
          onInput={(event) => onValue(held(Number(event.currentTarget.value.replace(/\D/g, ""))))}
        />
        <button type="button" aria-label={more ?? `${label} +1`} onClick={() => onValue(held(value + 1))}><Icon name="plus" /></button>
      </div>
    </div>
  );
}
