/** A receipt for the customer's eyes: white, the code as big as fits, the amount in figures and words, in their language. */
import { useState } from "preact/hooks";
import type { Language, Phone, ShownReceipt } from "../phone/contract";
import { Banner } from "./parts/banner";
import { Icon } from "./parts/icon";
import { useLoaded } from "./parts/load";
import { Action, Button, Link } from "./parts/press";
import { Qr } from "./parts/qr";
import { receiptPicture } from "./parts/receipt_picture";
import { receiptText } from "./parts/receipt_text";
import { Screen } from "./parts/screen";
import { shareFile } from "./parts/sharing";
import { Once } from "./parts/states";
import { useTask } from "./parts/task";
import { useWakeLock } from "./parts/wake_lock";
import { to } from "./routing";
import { useShared, useWords } from "./state";

export function ReceiptScreen({ series }: { series: string }) {
  const shared = useShared();
  const words = useWords();
  const loaded = useLoaded(async () => {
    const found = await shared.phone.receipt(series);
    return { found, tongue: await customersLanguage(shared.phone, found) };
  }, `receipt ${series}`);
  if (loaded.value === null) {
    return <Screen title={words.receipt.title} paper backTo={to.plain("receipts")}><Once loaded={loaded}>{() => null}</Once></Screen>;
  }
  return <Paper receipt={loaded.value.found} customers={loaded.value.tongue} />;
}

/** The language that the customer reads, where the stop says so; a stop that left the phone meanwhile says nothing. */
async function customersLanguage(phone: Phone, receipt: ShownReceipt): Promise<Language | null> {
  if (receipt.visit === "") return null;
  const view = await phone.stop(receipt.visit).catch(() => null);
  const spoken = view?.stop.document.language.slice(0, 2);
  return spoken === "zh" || spoken === "en" ? spoken : null;
}

function Paper({ receipt, customers }: { receipt: ShownReceipt; customers: Language | null }) {
  const shared = useShared();
  const words = useWords();
  const task = useTask();
  const awake = useWakeLock();
  const [tongue, setTongue] = useState<Language>(customers ?? shared.language.value);
  const text = receiptText(receipt, tongue);
  const other: Language = tongue === "zh" ? "en" : "zh";
  const leave = receipt.visit === "" ? to.route() : to.stop(receipt.visit);
  const share = (): void =>
    task.run(async () => {
      const bytes = await receiptPicture(receipt, tongue);
      const how = await shareFile(bytes, `${receipt.short}.png`, "image/png");
      if (how === "saved") shared.tell({ text: words.receipt.saved });
    });
  return (
    <Screen
      title={text.title}
      paper
      backTo={leave}
      beside={
        <button type="button" class="button" lang={other === "zh" ? "zh-CN" : "en"} onClick={() => setTongue(other)}>
          <Icon name="language" size={20} />
          {other === "zh" ? "中文" : "English"}
        </button>
      }
      action={<Action icon="check" onPress={() => shared.back(leave)}>{words.receipt.finish}</Action>}
    >
      <div lang={tongue === "zh" ? "zh-CN" : "en"} class="stack">
        <p class="centred strong">{text.creditor}<span class="only-print">{text.title}</span></p>
        {(text.void || text.voided) && <Banner tone="danger"><p class="strong">{text.void ? text.title : text.note}</p></Banner>}
        <Qr prefix={receipt.prefix} digits={receipt.digits} label={words.receipt.qrLabel(receipt.short)} />
        <div class="receipt-amount">
          <p class="muted small">{text.amountLabel}</p>
          <p class={`amount-big figures${text.void || text.voided ? " voided-amount" : ""}`}>{text.amount}</p>
          <p class="receipt-words">{text.inWords}</p>
        </div>
        <p class="short-number figures">{receipt.short}</p>
        <p class="centred strong">{text.scan}</p>
      </div>
      <p class="hint centred row no-print bright"><Icon name="sun" size={20} /><span>{words.receipt.bright}{awake ? ` · ${words.receipt.awake}` : ""}</span></p>
      <div class="buttons no-print">
        <Button icon="share" busy={task.busy} onPress={share}>{words.receipt.share}</Button>
        <Button icon="print" onPress={() => window.print()}>{words.receipt.print}</Button>
      </div>
      <p class="fault no-print" role="alert">{task.error === null ? "" : words.receipt.shareFailed}</p>
      <div lang={tongue === "zh" ? "zh-CN" : "en"} class="stack">
        <p class={`banner ${text.open ? "warn" : "good"}`}>{text.note}</p>
        <dl class="facts">
          {text.rows.map((row) => (
            <div class="fact" key={row.label}><dt>{row.label}</dt><dd>{row.value}</dd></div>
          ))}
        </dl>
      </div>
      {receipt.kind === "payment" && receipt.voidedBy === "" && (
        <p class="centred no-print"><Link to={to.receipt(receipt.series, true)} go={shared.go} class="link-button">{words.receipt.voidThis}</Link></p>
      )}
    </Screen>
  );
}
