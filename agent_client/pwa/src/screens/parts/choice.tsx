/** One of several as big tiles: real radio buttons, so that keys and readers work as everywhere. */
import { useId } from "preact/hooks";
import { Icon, type IconName } from "./icon";

export interface Option<Value extends string> {
  value: Value;
  label: string;
  hint?: string;
  icon?: IconName;
  disabled?: boolean;
}

export function Choice<Value extends string>({ legend, options, value, onChoose, shape = "tiles", hideLegend = false }: {
  legend: string;
  options: readonly Option<Value>[];
  value: Value | "";
  onChoose: (value: Value) => void;
  shape?: "tiles" | "pair" | "rows";
  hideLegend?: boolean;
}) {
  const name = useId();
  return (
    <fieldset class="choices">
      <legend class={hideLegend ? "unseen" : undefined}>{legend}</legend>
      <div class={`tiles${shape === "tiles" ? "" : ` ${shape}`}`}>
        {options.map((option) => (
          <label class="tile" key={option.value}>
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              disabled={option.disabled === true}
              onChange={() => onChoose(option.value)}
            />
            <span>
              {option.icon !== undefined && <Icon name={option.icon} />}
              <span>
                {option.label}
                {option.hint !== undefined && <span class="hint"> {option.hint}</span>}
              </span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
