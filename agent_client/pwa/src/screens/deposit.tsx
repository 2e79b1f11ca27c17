/** The agent pays cash in at a bank; the slip's number is what the bank's statement shows it under. */
import { useState } from "preact/hooks";
import type { DaySummary, Picture } from "../phone/contract";
import { minorOf } from "./parts/amount_entry";
import { AmountStage } from "./parts/amount_stage";
import { FaultNote } from "./parts/fault";
import { Field } from "./parts/field";
import { formatMoney } from "./parts/money";
import { Photo } from "./parts/photo";
import { Action } from "./parts/press";
import { Screen } from "./parts/screen";
import { useTask } from "./parts/task";
import { WithDay } from "./parts/with_day";
import { to } from "./routing";
import { useShared, useWords } from "./state";

export function Deposit() {
  const words = useWords();
  return <WithDay title={words.deposit.title}>{(summary) => <DepositForm summary={summary} />}</WithDay>;
}

function DepositForm({ summary }: { summary: DaySummary }) {
  const shared = useShared();
  const words = useWords();
  const task = useTask();
  const [entry, setEntry] = useState("");
  const [bank, setBank] = useState("");
  const [slipNumber, setSlipNumber] = useState("");
  const [slip, setSlip] = useState<Picture | null>(null);
  const [asked, setAsked] = useState(false);
  const amount = minorOf(entry, summary.currency);
  if (shared.stage.value === 0) {
    return (
      <AmountStage title={words.deposit.title} label={words.cash.amount} entry={entry} currency={summary.currency} onEntry={setEntry}
        shortcuts={summary.cashMinor > 0 ? [{ label: words.cash.inHand, minor: summary.cashMinor }] : []}
        next={words.app.next} onNext={shared.deeper} backTo={to.cash()} />
    );
  }
  const missing = bank.trim() === "";
  const submit = (): void => {
    setAsked(true);
    if (missing) return;
    task.run(async () => {
      const done = await shared.phone.deposit(amount, bank.trim(), {
        slip,
        ...(slipNumber.trim() === "" ? {} : { slipNumber: slipNumber.trim() }),
        day: summary.serviceDay,
      });
      shared.recorded(done, words.app.recorded);
      shared.back(to.cash());
    });
  };
  return (
    <Screen
      key="slip"
      title={words.deposit.title}
      onBack={shared.shallower}
      action={<Action icon="bank" busy={task.busy} dim={missing} onPress={submit}>{words.deposit.submit(formatMoney(amount, summary.currency, shared.language.value))}</Action>}
    >
      <Field label={words.deposit.bank} value={bank} onInput={setBank} maxLength={60} fault={asked && missing ? words.deposit.bankMissing : undefined} />
      <Field label={words.deposit.slipNumber} hint={words.deposit.slipHint} value={slipNumber} onInput={setSlipNumber} maxLength={64} optional />
      <Photo label={words.deposit.slip} value={slip} onTake={setSlip} optional />
      <FaultNote error={task.error} />
    </Screen>
  );
}
