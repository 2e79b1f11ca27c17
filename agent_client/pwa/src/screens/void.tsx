/** Taking a payment back: why, with the customer's code if they have one, and in plain words what follows. */
import { useState } from "preact/hooks";
import { VOID_REASONS, type VoidReason } from "../core/generated/types";
import type { ShownReceipt } from "../phone/contract";
import { Choice } from "./parts/choice";
import { FaultNote } from "./parts/fault";
import { Field } from "./parts/field";
import { useLoaded } from "./parts/load";
import { formatMoney } from "./parts/money";
import { Action } from "./parts/press";
import { Screen } from "./parts/screen";
import { Once } from "./parts/states";
import { useTask } from "./parts/task";
import { usePosition } from "./parts/use_position";
import { to } from "./routing";
import { useShared, useWords } from "./state";

export function VoidScreen({ series }: { series: string }) {
  const shared = useShared();
  const words = useWords();
  const loaded = useLoaded(() => shared.phone.receipt(series), `receipt ${series}`);
  const receipt = loaded.value;
  if (receipt === null) {
    return <Screen title={words.void.title} backTo={to.receipt(series)}><Once loaded={loaded}>{() => null}</Once></Screen>;
  }
  return <VoidForm receipt={receipt} />;
}

function VoidForm({ receipt }: { receipt: ShownReceipt }) {
  const shared = useShared();
  const words = useWords();
  const task = useTask();
  const position = usePosition();
  const [reason, setReason] = useState<VoidReason | "">("");
  const [code, setCode] = useState("");
  const [asked, setAsked] = useState(false);
  const money = formatMoney(receipt.amountMinor, receipt.currency, shared.language.value);
  const submit = (): void => {
    setAsked(true);
    if (reason === "") return;
    task.run(async () => {
      const done = await shared.phone.void(receipt.series, {
        reason,
        ...(code.trim() === "" ? {} : { voidCode: code.trim() }),
        position: position(),
      });
      shared.recorded(done, words.app.recorded);
      shared.go(done.receipt === null ? to.plain("receipts") : to.receipt(done.receipt.series), { replace: true });
    });
  };
  return (
    <Screen
      title={words.void.title}
      backTo={to.receipt(receipt.series)}
      action={<Action tone="danger" busy={task.busy} dim={reason === ""} onPress={submit}>{words.void.confirm(money)}</Action>}
    >
      <div class="row between wrap-row">
        <span class="muted">{receipt.short}</span>
        <strong class="amount figures">{money}</strong>
      </div>
      <section class="card">
        <p>{words.void.lead}</p>
        <ol class="steps">{words.void.steps.map((step) => <li key={step}><span>{step}</span></li>)}</ol>
      </section>
      <Choice
        legend={words.void.reason}
        shape="rows"
        value={reason}
        onChoose={setReason}
        options={VOID_REASONS.map((value) => ({ value, label: words.void.reasons[value] }))}
      />
      {asked && reason === "" && <p class="fault" role="alert">{words.void.reason}</p>}
      <Field label={words.void.code} hint={words.void.codeHint} value={code} onInput={setCode} optional look="code" maxLength={32} />
      <FaultNote error={task.error} />
    </Screen>
  );
}
