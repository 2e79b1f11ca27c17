/** A contact outside of the visit, or an attempt: it counts for the daily limits. */
import { useState } from "preact/hooks";
import { CONTACT_CHANNELS, type ContactChannel } from "../core/generated/types";
import type { StopView } from "../phone/contract";
import { Choice } from "./parts/choice";
import { FaultNote } from "./parts/fault";
import type { IconName } from "./parts/icon";
import { Action } from "./parts/press";
import { Screen } from "./parts/screen";
import { useTask } from "./parts/task";
import { WhoLine, WithStop } from "./parts/with_stop";
import { to } from "./routing";
import { useShared, useWords } from "./state";

const ICONS: Record<ContactChannel, IconName> = { visit: "door", call: "phone", message: "message", letter: "letter" };

export function ContactReport({ visit }: { visit: string }) {
  const words = useWords();
  return (
    <WithStop visit={visit} title={words.contact.title} needsOpen={false}>
      {(view) => <ContactForm view={view} />}
    </WithStop>
  );
}

function ContactForm({ view }: { view: StopView }) {
  const shared = useShared();
  const words = useWords();
  const task = useTask();
  const visit = view.stop.document.visit;
  const [channel, setChannel] = useState<ContactChannel>("call");
  const [reached, setReached] = useState<"yes" | "no" | "">("");
  const submit = (): void => {
    if (reached === "") return;
    task.run(async () => {
      const done = await shared.phone.contact(visit, channel, reached === "yes");
      shared.recorded(done, words.app.recorded);
      shared.back(to.stop(visit));
    });
  };
  return (
    <Screen
      title={words.contact.title}
      backTo={to.stop(visit)}
      action={<Action icon="check" busy={task.busy} dim={reached === ""} onPress={submit}>{words.contact.submit}</Action>}
    >
      <WhoLine view={view} />
      <Choice legend={words.contact.channel} shape="pair" value={channel} onChoose={setChannel} options={CONTACT_CHANNELS.map((value) => ({ value, label: words.contact.channels[value], icon: ICONS[value] }))} />
      <Choice
        legend={words.contact.effective}
        shape="rows"
        value={reached}
        onChoose={setReached}
        options={[
          { value: "yes", label: words.contact.reached, icon: "check" },
          { value: "no", label: words.contact.notReached, icon: "close" },
        ]}
      />
      <p class="hint">{words.contact.lead}</p>
      <FaultNote error={task.error} />
    </Screen>
  );
}
