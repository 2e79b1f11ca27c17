/** Lost, stolen or counterfeit cash; it counts once two persons at the office have approved. */
import { useState } from "preact/hooks";
import { LOSS_CAUSES, type LossCause } from "../core/generated/types";
import type { DaySummary } from "../phone/contract";
import { minorOf } from "./parts/amount_entry";
import { AmountStage } from "./parts/amount_stage";
import { Choice } from "./parts/choice";
import { FaultNote } from "./parts/fault";
import { Field } from "./parts/field";
import { formatMoney } from "./parts/money";
import { Action } from "./parts/press";
import { Screen } from "./parts/screen";
import { useTask } from "./parts/task";
import { WithDay } from "./parts/with_day";
import { to } from "./routing";
import { useShared, useWords } from "./state";

export function Loss() {
  const words = useWords();
  return <WithDay title={words.loss.title}>{(summary) => <LossForm summary={summary} />}</WithDay>;
}

function LossForm({ summary }: { summary: DaySummary }) {
  const shared = useShared();
  const words = useWords();
  const task = useTask();
  const [entry, setEntry] = useState("");
  const [cause, setCause] = useState<LossCause | "">("");
  const [note, setNote] = useState("");
  const amount = minorOf(entry, summary.currency);
  if (shared.stage.value === 0) {
    return (
      <AmountStage title={words.loss.title} label={words.cash.amount} entry={entry} currency={summary.currency} onEntry={setEntry}
        next={words.app.next} onNext={shared.deeper} backTo={to.cash()} above={<p class="muted">{words.loss.lead}</p>} />
    );
  }
  const submit = (): void => {
    if (cause === "") return;
    task.run(async () => {
      const done = await shared.phone.loss(amount, cause, { ...(note.trim() === "" ? {} : { note: note.trim() }), day: summary.serviceDay });
      shared.recorded(done, words.app.recorded);
      shared.back(to.cash());
    });
  };
  return (
    <Screen
      key="cause"
      title={words.loss.title}
      onBack={shared.shallower}
      action={<Action tone="danger" busy={task.busy} dim={cause === ""} onPress={submit}>{words.loss.submit(formatMoney(amount, summary.currency, shared.language.value))}</Action>}
    >
      <Choice legend={words.loss.cause} value={cause} onChoose={setCause} options={LOSS_CAUSES.map((value) => ({ value, label: words.loss.causes[value] }))} />
      <Field label={words.loss.note} value={note} onInput={setNote} lines={5} maxLength={1000} optional />
      <FaultNote error={task.error} />
    </Screen>
  );
}
