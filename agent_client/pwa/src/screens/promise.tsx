/** The customer promises an amount by a day. */
import { useState } from "preact/hooks";
import type { StopView } from "../phone/contract";
import { minorOf, shortcutsOf } from "./parts/amount_entry";
import { AmountStage } from "./parts/amount_stage";
import { DayPicker } from "./parts/day_picker";
import { FaultNote } from "./parts/fault";
import { formatMoney } from "./parts/money";
import { Action } from "./parts/press";
import { Screen } from "./parts/screen";
import { useTask } from "./parts/task";
import { addDays, endOfMonth, formatDay } from "./parts/time";
import { WhoLine, WithStop } from "./parts/with_stop";
import { to } from "./routing";
import { useShared, useWords } from "./state";

/** Wages are paid around this day of the month. */
const PAYDAY = 15;

export function PromiseScreen({ visit }: { visit: string }) {
  const words = useWords();
  return (
    <WithStop visit={visit} title={words.promise.title}>
      {(view) => <PromiseForm view={view} />}
    </WithStop>
  );
}

function PromiseForm({ view }: { view: StopView }) {
  const shared = useShared();
  const words = useWords();
  const task = useTask();
  const language = shared.language.value;
  const { document } = view.stop;
  const today = view.pack.service_day;
  const [entry, setEntry] = useState("");
  const [due, setDue] = useState("");
  const [asked, setAsked] = useState(false);
  const amount = minorOf(entry, document.currency);
  if (shared.stage.value === 0) {
    return (
      <AmountStage
        title={words.promise.title}
        label={words.promise.amount}
        entry={entry}
        currency={document.currency}
        onEntry={setEntry}
        shortcuts={shortcutsOf(document).map(({ key, minor }) => ({ label: words.collect[key], minor }))}
        next={words.promise.due}
        onNext={shared.deeper}
        backTo={to.stop(document.visit)}
        above={<WhoLine view={view} />}
      />
    );
  }
  const money = formatMoney(amount, document.currency, language);
  const submit = (): void => {
    setAsked(true);
    if (due === "") return;
    task.run(async () => {
      const done = await shared.phone.promise(document.visit, amount, due);
      shared.recorded(done, words.app.recorded);
      shared.back(to.stop(document.visit));
    });
  };
  return (
    <Screen
      key="day"
      title={words.promise.due}
      onBack={shared.shallower}
      action={
        <Action icon="check" busy={task.busy} dim={due === ""} onPress={submit}>
          {due === "" ? words.promise.dueHint : words.promise.submit(money, formatDay(due, language))}
        </Action>
      }
    >
      <WhoLine view={view} />
      <p class="amount figures">{money}</p>
      <div class="shortcuts">
        {likelyDays(today).map(({ key, day }) => (
          <button type="button" class="shortcut" key={key} aria-pressed={due === day} onClick={() => setDue(day)}>
            <strong>{words.promise.days[key]}</strong>
            <small>{formatDay(day, language)}</small>
          </button>
        ))}
      </div>
      <section class="card close"><DayPicker key={due.slice(0, 7)} value={due} from={today} onPick={setDue} label={words.promise.due} /></section>
      {asked && due === "" && <p class="fault" role="alert">{words.promise.incomplete}</p>}
      <FaultNote error={task.error} />
    </Screen>
  );
}

/** Days that people mean: each once, none before the day itself. */
export function likelyDays(today: string): { key: "tomorrow" | "three" | "week" | "payday" | "month"; day: string }[] {
  const payday = `${today.slice(0, 8)}${PAYDAY}`;
  const days = [
    { key: "tomorrow", day: addDays(today, 1) },
    { key: "three", day: addDays(today, 3) },
    { key: "week", day: addDays(today, 7) },
    { key: "payday", day: payday > today ? payday : addDays(endOfMonth(today), PAYDAY) },
    { key: "month", day: endOfMonth(today) },
  ] as const;
  return days.filter((one, place) => one.day > today && days.findIndex((other) => other.day === one.day) === place);
}
