/** Cash between two agents: both phones record the same number, so that it is posted once. */
import { useState } from "preact/hooks";
import type { DaySummary } from "../phone/contract";
import { minorOf } from "./parts/amount_entry";
import { AmountStage } from "./parts/amount_stage";
import { Choice } from "./parts/choice";
import { FaultNote } from "./parts/fault";
import { Field } from "./parts/field";
import { formatMoney } from "./parts/money";
import { Action, Button } from "./parts/press";
import { Screen } from "./parts/screen";
import { useTask } from "./parts/task";
import { newTransferId } from "./parts/transfer_id";
import { WithDay } from "./parts/with_day";
import { to } from "./routing";
import { useShared, useWords } from "./state";

export function Transfer() {
  const words = useWords();
  return <WithDay title={words.transfer.title}>{(summary) => <TransferForm summary={summary} />}</WithDay>;
}

const drawId = (): string => newTransferId(crypto.getRandomValues(new Uint8Array(8)));

function TransferForm({ summary }: { summary: DaySummary }) {
  const shared = useShared();
  const words = useWords();
  const task = useTask();
  const [entry, setEntry] = useState("");
  const [side, setSide] = useState<"give" | "take">("give");
  const [who, setWho] = useState("");
  const [given, setGiven] = useState(drawId);
  const [taken, setTaken] = useState("");
  const [asked, setAsked] = useState(false);
  const amount = minorOf(entry, summary.currency);
  if (shared.stage.value === 0) {
    return (
      <AmountStage title={words.transfer.title} label={words.cash.amount} entry={entry} currency={summary.currency} onEntry={setEntry}
        next={words.app.next} onNext={shared.deeper} backTo={to.cash()}
        above={
          <Choice legend={words.transfer.title} hideLegend shape="pair" value={side} onChoose={setSide}
            options={[{ value: "give", label: words.transfer.give }, { value: "take", label: words.transfer.take }]} />
        } />
    );
  }
  const id = side === "give" ? given : taken.trim().toUpperCase();
  const ready = who.trim() !== "" && id !== "";
  const money = formatMoney(amount, summary.currency, shared.language.value);
  const submit = (): void => {
    setAsked(true);
    if (!ready) return;
    task.run(async () => {
      const done = await shared.phone.transfer(id, amount, {
        ...(side === "give" ? { toAgent: who.trim() } : { fromAgent: who.trim() }),
        day: summary.serviceDay,
      });
      shared.recorded(done, words.app.recorded);
      shared.back(to.cash());
    });
  };
  return (
    <Screen
      key="who"
      title={side === "give" ? words.transfer.give : words.transfer.take}
      onBack={shared.shallower}
      action={<Action icon="swap" busy={task.busy} dim={!ready} onPress={submit}>{side === "give" ? words.transfer.submitGive(money) : words.transfer.submitTake(money)}</Action>}
    >
      <Field label={words.transfer.who} value={who} onInput={setWho} maxLength={40} fault={asked && who.trim() === "" ? words.transfer.whoMissing : undefined} />
      {side === "give" ? (
        <section class="card">
          <p class="muted">{words.transfer.show}</p>
          <p class="transfer-id figures" aria-live="polite">{given}</p>
          <Button icon="sync" onPress={() => setGiven(drawId())}>{words.transfer.newId}</Button>
        </section>
      ) : (
        <Field label={words.transfer.id} value={taken} onInput={setTaken} look="code" maxLength={20} fault={asked && id === "" ? words.transfer.idMissing : undefined} />
      )}
      <p class="hint">{words.transfer.idHint}</p>
      <FaultNote error={task.error} />
    </Screen>
  );
}
