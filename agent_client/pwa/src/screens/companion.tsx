/** The second person at the door confirms with the badge on their own phone. */
import { useState } from "preact/hooks";
import type { StopView } from "../phone/contract";
import { FaultNote } from "./parts/fault";
import { Field } from "./parts/field";
import { Action } from "./parts/press";
import { ScanButton } from "./parts/scan";
import { Screen } from "./parts/screen";
import { useTask } from "./parts/task";
import { WhoLine, WithStop } from "./parts/with_stop";
import { to } from "./routing";
import { useShared, useWords } from "./state";

export function Companion({ visit }: { visit: string }) {
  const words = useWords();
  return (
    <WithStop visit={visit} title={words.companion.title}>
      {(view) => <CompanionForm view={view} />}
    </WithStop>
  );
}

function CompanionForm({ view }: { view: StopView }) {
  const shared = useShared();
  const words = useWords();
  const task = useTask();
  const visit = view.stop.document.visit;
  const [badge, setBadge] = useState("");
  const [agent, setAgent] = useState("");
  const [asked, setAsked] = useState(false);
  const ready = badge.trim() !== "" && agent.trim() !== "";
  const submit = (): void => {
    setAsked(true);
    if (!ready) return;
    task.run(async () => {
      const done = await shared.phone.companion(visit, agent.trim(), badge.trim());
      shared.recorded(done, words.app.recorded);
      shared.back(to.stop(visit));
    });
  };
  return (
    <Screen
      title={words.companion.title}
      backTo={to.stop(visit)}
      action={<Action icon="people" busy={task.busy} dim={!ready} onPress={submit}>{words.companion.submit}</Action>}
    >
      <WhoLine view={view} />
      <p>{words.companion.lead}</p>
      <ScanButton wide label={words.enrol.scan} onRead={setBadge} />
      <Field label={words.companion.badge} hint={words.companion.badgeHint} value={badge} onInput={setBadge} lines={3} maxLength={1000} />
      <Field label={words.companion.agent} value={agent} onInput={setAgent} maxLength={40} />
      {asked && !ready && <p class="fault" role="alert">{words.companion.missing}</p>}
      <FaultNote error={task.error} />
    </Screen>
  );
}
