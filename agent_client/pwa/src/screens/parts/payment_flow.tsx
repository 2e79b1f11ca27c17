/**
 * A payment from the amount to the receipt: amount, then method with what belongs to it, then a sheet that is read to the
 * customer. The receipt is shown only once its operation is on disk. A half-typed amount is kept if the screen is left.
 */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { METHODS, type Currency, type Method, type Payer } from "../../core/generated/types";
import { amountInWords } from "../../core/money";
import type { Recorded } from "../../phone/contract";
import { to } from "../routing";
import { useShared, useWords } from "../state";
import { changeOf, entryOf, likelyTendered, minorOf } from "./amount_entry";
import { AmountStage } from "./amount_stage";
import { Banner } from "./banner";
import { Choice } from "./choice";
import { FaultNote } from "./fault";
import { Field } from "./field";
import { Icon, type IconName } from "./icon";
import { useLoaded } from "./load";
import { exponentOf, formatMoney, parseTyped } from "./money";
import { Action } from "./press";
import { Screen } from "./screen";
import { Sheet } from "./sheet";
import { useTask } from "./task";

/** What the customer gave, as `Phone.collect` takes it. */
export interface Payment {
  amountMinor: number;
  method: Method;
  currency: Currency;
  providerOrder?: string;
  providerConfirmed?: boolean;
  cheque?: string;
  payer: Payer;
}

const METHOD_ICONS: Record<Method, IconName> = { cash: "cash", alipay: "qr", wechat: "message", transfer: "bank", card: "receipt", cheque: "note" };
/** Methods whose provider knows the payment by a number of its own. */
const PROVIDED: readonly Method[] = ["alipay", "wechat", "transfer", "card"];
const DRAFT = "doorstep-draft:";

export function PaymentFlow(props: {
  title: string;
  who: string;
  draft: string;
  currency: string;
  payoffMinor: number;
  shortcuts: readonly { label: string; minor: number }[];
  backTo: string;
  day: string;
  identified: boolean;
  above: ComponentChildren;
  onCollect: (payment: Payment) => Promise<Recorded>;
}) {
  const shared = useShared();
  const words = useWords();
  const task = useTask();
  const language = shared.language.value;
  const currency = props.currency as Currency;
  const [entry, setEntry] = useState(shared.drafts.get(DRAFT + props.draft) ?? "");
  const [method, setMethod] = useState<Method>("cash");
  const [payer, setPayer] = useState<Payer>("customer");
  const [order, setOrder] = useState("");
  const [confirmed, setConfirmed] = useState<"shown" | "confirmed">("shown");
  const [cheque, setCheque] = useState("");
  const [tendered, setTendered] = useState("");
  const [asked, setAsked] = useState(false);
  const stage = shared.stage.value;
  const summary = useLoaded(() => shared.phone.summary(props.day), `summary ${props.day}`).value;
  const amount = minorOf(entry, currency);
  const money = (minor: number): string => formatMoney(minor, currency, language);
  const over = props.payoffMinor > 0 && amount > props.payoffMinor ? amount - props.payoffMinor : 0;
  const change = (text: string): void => {
    shared.drafts.set(DRAFT + props.draft, text);
    setEntry(text);
  };

  if (stage === 0) {
    return (
      <AmountStage
        title={props.title}
        label={words.collect.amount}
        entry={entry}
        currency={currency}
        onEntry={change}
        shortcuts={props.shortcuts}
        next={words.collect.toMethod}
        onNext={shared.deeper}
        backTo={props.backTo}
        above={props.above}
        below={over > 0 && <p class="small strong">{words.collect.overPayoff(money(over))}</p>}
      />
    );
  }

  const chequeMissing = method === "cheque" && cheque.trim() === "";
  const tenderedMinor = parseTyped(tendered, currency);
  const back = tenderedMinor === null ? null : changeOf(amount, tenderedMinor);
  const ready = !chequeMissing && (method !== "cash" || back === null || back >= 0);
  const collect = (): void =>
    task.run(async () => {
      const done = await props.onCollect({
        amountMinor: amount,
        method,
        currency,
        payer,
        ...(PROVIDED.includes(method) ? { providerOrder: order.trim(), providerConfirmed: confirmed === "confirmed" } : {}),
        ...(method === "cheque" ? { cheque: cheque.trim() } : {}),
      });
      shared.drafts.delete(DRAFT + props.draft);
      shared.recorded(done, words.app.recorded);
      if (done.receipt !== null) shared.go(to.receipt(done.receipt.series), { replace: true });
      else shared.back(props.backTo);
    });

  return (
    <Screen
      key="method"
      title={money(amount)}
      onBack={shared.shallower}
      action={
        <Action
          dim={!ready}
          onPress={() => {
            setAsked(true);
            if (ready) shared.deeper();
          }}
        >
          {words.collect.toConfirm}
        </Action>
      }
    >
      <Choice
        legend={words.collect.method}
        value={method}
        onChoose={setMethod}
        options={METHODS.map((value) => ({ value, label: words.methods[value] ?? value, icon: METHOD_ICONS[value] }))}
      />
      {method === "cash" && <Tendered amount={amount} currency={currency} value={tendered} onValue={setTendered} change={back} />}
      {PROVIDED.includes(method) && (
        <>
          <Field label={words.collect.order} hint={words.collect.orderHint} value={order} onInput={setOrder} optional mode="text" maxLength={64} />
          <Choice
            legend={words.collect.confirmed}
            shape="rows"
            value={confirmed}
            onChoose={setConfirmed}
            options={[
              { value: "shown", label: words.collect.shown },
              { value: "confirmed", label: words.collect.providerConfirmed },
            ]}
          />
        </>
      )}
      {method === "cheque" && (
        <Field label={words.collect.cheque} value={cheque} onInput={setCheque} maxLength={64} fault={asked && chequeMissing ? words.collect.chequeMissing : undefined} />
      )}
      <Choice
        legend={words.collect.payer}
        shape="pair"
        value={payer}
        onChoose={setPayer}
        options={[
          { value: "customer", label: words.collect.payers.customer, icon: "person" },
          { value: "third_party", label: words.collect.payers.third_party, icon: "people" },
        ]}
      />
      {stage === 1 && <FaultNote error={task.error} />}
      {stage > 1 && (
        <Sheet title={words.collect.check} onClose={() => !task.busy && shared.shallower()}>
          <div class="centred">
            <p class="muted">{props.who} · {words.methods[method] ?? method}</p>
            <p class="amount-big figures">{money(amount)}</p>
            <p>{amountInWords(amount, currency, language)}</p>
          </div>
          {method === "cash" && back !== null && back > 0 && (
            <p class="row between"><span>{words.collect.change}</span><strong class="amount figures">{money(back)}</strong></p>
          )}
          {!props.identified && <Banner tone="warn"><p>{words.collect.unidentified}</p></Banner>}
          {method === "cash" && summary !== null && summary.currency === currency && summary.cashLimitMinor > 0 && summary.cashMinor + amount > summary.cashLimitMinor && (
            <Banner tone="warn"><p>{words.collect.cashAfter(money(summary.cashMinor + amount), money(summary.cashLimitMinor))}</p></Banner>
          )}
          <FaultNote error={task.error} />
          <Action wide icon="check" busy={task.busy} onPress={collect}>{words.collect.confirm(money(amount))}</Action>
        </Sheet>
      )}
    </Screen>
  );
}

/** What the customer hands over and what goes back; it helps at the door and is not recorded. */
function Tendered({ amount, currency, value, onValue, change }: {
  amount: number;
  currency: string;
  value: string;
  onValue: (value: string) => void;
  change: number | null;
}) {
  const words = useWords();
  const language = useShared().language.value;
  const given = parseTyped(value, currency);
  const options = [{ label: words.collect.exact, minor: amount }, ...likelyTendered(amount, currency).map((minor) => ({ label: "", minor }))];
  return (
    <section class="card">
      <Field label={words.collect.tendered} value={value} onInput={onValue} optional mode={exponentOf(currency) === 0 ? "numeric" : "decimal"} maxLength={16} />
      <div class="shortcuts">
        {options.map(({ label, minor }) => (
          <button type="button" class="shortcut" key={minor} aria-pressed={given === minor} onClick={() => onValue(entryOf(minor, currency))}>
            {label === "" ? <strong class="figures">{formatMoney(minor, currency, language, { short: true })}</strong> : <strong>{label}</strong>}
          </button>
        ))}
      </div>
      <p class="row between" role="status">
        {change !== null && change >= 0 && (
          <>
            <span class="strong">{words.collect.change}</span>
            <strong class="amount figures">{formatMoney(change, currency, language)}</strong>
          </>
        )}
        {change !== null && change < 0 && <span class="fault row"><Icon name="warn" size={20} />{words.collect.short(formatMoney(-change, currency, language))}</span>}
      </p>
    </section>
  );
}
