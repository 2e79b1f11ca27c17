/** A month to pick a day from; days before the first allowed one cannot be picked. */
import { useState } from "preact/hooks";
import { useShared, useWords } from "../state";
import { localeOf } from "./money";
import { IconButton } from "./press";
import { addMonths, formatDayLong, weeksOf } from "./time";

export function DayPicker({ value, from, onPick, label }: { value: string; from: string; onPick: (day: string) => void; label: string }) {
  const language = useShared().language.value;
  const words = useWords();
  const [month, setMonth] = useState((value === "" ? from : value).slice(0, 7));
  const named = new Intl.DateTimeFormat(localeOf(language), { year: "numeric", month: "long", timeZone: "UTC" }).format(new Date(`${month}-01T00:00:00Z`));
  const heads = Array.from({ length: 7 }, (_, place) =>
    // 2024-01-01 was a Monday.
    new Intl.DateTimeFormat(localeOf(language), { weekday: "narrow", timeZone: "UTC" }).format(new Date(Date.UTC(2024, 0, 1 + place))),
  );
  const step = (months: number): void => setMonth(addMonths(`${month}-01`, months).slice(0, 7));
  return (
    <div class="days" role="group" aria-label={label}>
      <div class="row between">
        {month > from.slice(0, 7) ? <IconButton icon="back" label={words.app.back} onPress={() => step(-1)} /> : <span class="icon-button" />}
        <span class="strong" aria-live="polite">{named}</span>
        <span class="flip"><IconButton icon="back" label={words.app.next} onPress={() => step(1)} /></span>
      </div>
      <div class="month">
        {heads.map((head, place) => <span key={`head-${place}`} class="head" aria-hidden="true">{head}</span>)}
        {weeksOf(month).flat().map((day, place) =>
          day === null ? (
            <span key={`none-${place}`} />
          ) : (
            <button
              type="button"
              key={day}
              disabled={day < from}
              aria-pressed={day === value}
              aria-label={formatDayLong(day, language)}
              onClick={() => onPick(day)}
            >
              {Number(day.slice(8))}
            </button>
          ),
        )}
      </div>
    </div>
  );
}
