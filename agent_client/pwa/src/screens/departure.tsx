/** Before leaving: is everything on the phone that the day needs, and is the phone fit to record it. */
import type { DepartureCheck } from "../phone/contract";
import { Banner } from "./parts/banner";
import { FaultNote } from "./parts/fault";
import { Icon } from "./parts/icon";
import { useLoaded } from "./parts/load";
import { withSigns } from "./parts/money";
import { Action, Button } from "./parts/press";
import { Screen } from "./parts/screen";
import { Once } from "./parts/states";
import { SyncProgressBar, synchronise } from "./parts/sync_panel";
import { useTask } from "./parts/task";
import { to } from "./routing";
import { useShared, useWords } from "./state";

export function Departure() {
  const shared = useShared();
  const words = useWords();
  const syncing = useTask();
  const storing = useTask();
  const loaded = useLoaded(() => shared.phone.departure(), "departure");
  // A tab in a browser will do for a day once its storage is protected; that it could be installed is only said.
  const bad = loaded.value?.filter((check) => check.ok === false && check.key !== "installed") ?? [];
  const ready = loaded.value !== null && bad.length === 0;
  return (
    <Screen
      title={words.departure.title}
      backTo={to.plain("settings")}
      action={
        ready ? (
          <Action icon="route" onPress={() => shared.go(to.route())}>{words.departure.good}</Action>
        ) : (
          <Action icon="sync" busy={syncing.busy} onPress={() => synchronise(shared, words, syncing)}>{words.sync.now}</Action>
        )
      }
    >
      <FaultNote error={syncing.error ?? storing.error} />
      <SyncProgressBar />
      <Once loaded={loaded}>
        {(checks) => (
          <>
            <Banner tone={bad.length === 0 ? "good" : "warn"} live><p class="strong">{bad.length === 0 ? words.departure.good : words.departure.bad(bad.length)}</p></Banner>
            <ul class="list">{checks.map((check) => <li key={check.key}><CheckRow check={check} /></li>)}</ul>
            {bad.some((check) => check.key === "storage") && (
              <Button icon="lock" busy={storing.busy} onPress={() => storing.run(async () => {
                await shared.phone.askPersistence();
                loaded.again();
              })}>{words.departure.protect}</Button>
            )}
          </>
        )}
      </Once>
    </Screen>
  );
}

function CheckRow({ check }: { check: DepartureCheck }) {
  const words = useWords();
  const line = words.departure.lines[check.key];
  const state = check.ok === null ? "unknown" : check.ok ? "ok" : "bad";
  // What cannot be told has no figures worth reading.
  const figures = check.ok === null ? "" : withSigns(words.departure.figures[check.key](check.values));
  const tone = state === "bad" && check.key === "installed" ? "unknown" : state;
  const look = { ok: { tone: "done", icon: "check" }, bad: { tone: "stopped", icon: "warn" }, unknown: { tone: "", icon: "info" } } as const;
  return (
    <div class="list-row">
      <span class={`number ${look[tone].tone}`}><Icon name={look[tone].icon} size={20} /><span class="unseen">{words.departure.states[state]}</span></span>
      <span class="fill">
        <span class="strong">{line.name}</span>
        <br />
        <span class={tone === "bad" ? "fault" : "muted"}>{line[state]}</span>
        {figures !== "" && <span class="muted small figures wrapping"> · {figures}</span>}
      </span>
    </div>
  );
}
