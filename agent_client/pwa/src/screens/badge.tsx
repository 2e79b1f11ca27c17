/** The agent's badge of this minute: the customer scans it and sees who is at the door. It is renewed before it goes stale. */
import { useEffect, useState } from "preact/hooks";
import { FaultNote } from "./parts/fault";
import { useLoaded } from "./parts/load";
import { Action } from "./parts/press";
import { Qr } from "./parts/qr";
import { Screen } from "./parts/screen";
import { Empty, Once } from "./parts/states";
import { synchronise } from "./parts/sync_panel";
import { useTask } from "./parts/task";
import { useWakeLock } from "./parts/wake_lock";
import { to } from "./routing";
import { useShared, useWords } from "./state";

/** Renewed so long before it goes stale: a scan takes some seconds. */
const RENEW_BEFORE_MS = 30_000;

export function Badge() {
  const shared = useShared();
  const words = useWords();
  const task = useTask();
  useWakeLock();
  const [turn, setTurn] = useState(0);
  const [now, setNow] = useState(shared.now());
  const loaded = useLoaded(async () => ({ badge: await shared.phone.badge() }), `badge ${turn}`);
  const [shown, setShown] = useState<Awaited<ReturnType<typeof shared.phone.badge>>>(null);
  useEffect(() => {
    if (loaded.value !== null) setShown(loaded.value.badge);
  }, [loaded.value]);
  useEffect(() => {
    const timer = setInterval(() => setNow(shared.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const left = shown === null ? 0 : Math.max(0, Math.floor((shown.staleMs - RENEW_BEFORE_MS - now) / 1000));
  useEffect(() => {
    if (shown !== null && left === 0) setTurn((count) => count + 1);
  }, [left === 0, shown]);
  const { state } = shared.phone;
  const name = state.at === "open" ? state.agentName : "";
  const number = state.at === "open" ? state.agent : "";
  return (
    <Screen
      title={words.badge.title}
      paper
      backTo={to.plain("settings")}
      action={
        shown === null ? (
          <Action icon="sync" busy={task.busy} onPress={() => synchronise(shared, words, task)}>{words.sync.now}</Action>
        ) : (
          <Action icon="check" onPress={() => shared.back(to.plain("settings"))}>{words.app.done}</Action>
        )
      }
    >
      <p class="badge-name">{name}</p>
      <p class="centred"><span class="muted">{words.badge.number}</span> <strong>{number}</strong></p>
      {shown !== null ? (
        <>
          <Qr prefix={shown.prefix} digits={shown.digits} label={words.badge.qr} />
          <p class="centred strong">{words.badge.lead}</p>
          <p class="centred muted figures">{words.badge.until(left)}</p>
        </>
      ) : (
        <Once loaded={loaded}>{() => <Empty icon="person" title={words.badge.none}><p>{words.badge.noneText}</p></Empty>}</Once>
      )}
      <FaultNote error={task.error} />
    </Screen>
  );
}
