/** A labelled field for text, with its hint and its fault tied to it. */
import { useId } from "preact/hooks";
import { useWords } from "../state";

export function Field({ label, value, onInput, hint, fault, mode = "text", optional = false, lines = 1, look = "", autocomplete = "off", maxLength = 200 }: {
  label: string;
  value: string;
  onInput: (value: string) => void;
  hint?: string | undefined;
  fault?: string | undefined;
  mode?: "text" | "numeric" | "decimal" | "tel" | "email" | "date";
  optional?: boolean;
  lines?: number;
  look?: string;
  autocomplete?: string;
  maxLength?: number;
}) {
  const id = useId();
  const words = useWords();
  const described = [hint === undefined ? "" : `${id}-hint`, fault === undefined ? "" : `${id}-fault`].filter((one) => one !== "").join(" ");
  const shared = {
    id,
    value,
    maxLength,
    autocomplete,
    spellcheck: false,
    "aria-invalid": fault === undefined ? undefined : ("true" as const),
    "aria-describedby": described === "" ? undefined : described,
  };
  return (
    <div class="field">
      <label for={id}>
        {label}
        {optional && <span class="hint"> {words.app.optional}</span>}
      </label>
      {lines > 1 ? (
        <textarea {...shared} class="area" rows={lines} onInput={(event) => onInput(event.currentTarget.value)} />
      ) : mode === "date" ? (
        <input {...shared} class="input" type="date" onInput={(event) => onInput(event.currentTarget.value)} />
      ) : (
        // The kind of keyboard is `inputMode`'s; other types than text would judge what is typed by rules of their own.
        <input {...shared} class={`input ${look}`} type="text" inputMode={mode} onInput={(event) => onInput(event.currentTarget.value)} />
      )}
      {hint !== undefined && <p class="hint" id={`${id}-hint`}>{hint}</p>}
      {fault !== undefined && <p class="fault" id={`${id}-fault`}>{fault}</p>}
    </div>
  );
}
