/** A contact field as the customer told it; it changes once the office has verified it. */
import { useState } from "preact/hooks";
import { DETAIL_FIELDS, type DetailField } from "../core/generated/types";
import type { StopView } from "../phone/contract";
import { Choice } from "./parts/choice";
import { FaultNote } from "./parts/fault";
import { Field } from "./parts/field";
import type { IconName } from "./parts/icon";
import { Action } from "./parts/press";
import { Screen } from "./parts/screen";
import { useTask } from "./parts/task";
import { WhoLine, WithStop } from "./parts/with_stop";
import { to } from "./routing";
import { useShared, useWords } from "./state";

const ICONS: Record<DetailField, IconName> = { phone: "phone", address: "pin", email: "letter", employer: "people", language: "language" };

export function Details({ visit }: { visit: string }) {
  const words = useWords();
  return (
    <WithStop visit={visit} title={words.details.title}>
      {(view) => <DetailsForm view={view} />}
    </WithStop>
  );
}

function DetailsForm({ view }: { view: StopView }) {
  const shared = useShared();
  const words = useWords();
  const task = useTask();
  const visit = view.stop.document.visit;
  const [field, setField] = useState<DetailField>("phone");
  const [value, setValue] = useState("");
  const [asked, setAsked] = useState(false);
  const empty = value.trim() === "";
  const submit = (): void => {
    setAsked(true);
    if (empty) return;
    task.run(async () => {
      const done = await shared.phone.reportDetails(visit, field, value.trim());
      shared.recorded(done, words.app.recorded);
      shared.back(to.stop(visit));
    });
  };
  return (
    <Screen
      title={words.details.title}
      backTo={to.stop(visit)}
      action={<Action icon="check" busy={task.busy} dim={empty} onPress={submit}>{words.details.submit}</Action>}
    >
      <WhoLine view={view} />
      <Choice
        legend={words.details.field}
        value={field}
        onChoose={(chosen) => {
          setField(chosen);
          setValue("");
        }}
        options={DETAIL_FIELDS.map((one) => ({ value: one, label: words.details.fields[one], icon: ICONS[one] }))}
      />
      {field === "language" ? (
        <Choice legend={words.details.value} shape="pair" value={value} onChoose={setValue} options={Object.entries(words.stop.languages).map(([code, label]) => ({ value: code, label }))} />
      ) : (
        <Field
          key={field}
          label={`${words.details.value} · ${words.details.fields[field]}`}
          value={value}
          onInput={setValue}
          mode={field === "phone" ? "tel" : field === "email" ? "email" : "text"}
          lines={field === "address" ? 3 : 1}
          fault={asked && empty ? words.details.empty : undefined}
        />
      )}
      <p class="hint">{words.details.lead}</p>
      <FaultNote error={task.error} />
    </Screen>
  );
}
