/** All receipts of the day, to show or to void one again. */
import { Icon } from "./parts/icon";
import { useLoaded } from "./parts/load";
import { formatMoney } from "./parts/money";
import { Link } from "./parts/press";
import { Screen } from "./parts/screen";
import { Empty, Once } from "./parts/states";
import { clockOfWall } from "./parts/time";
import { to } from "./routing";
import { useShared, useWords } from "./state";

export function ReceiptList() {
  const shared = useShared();
  const words = useWords();
  const language = shared.language.value;
  const loaded = useLoaded(() => shared.phone.receipts(), "receipts");
  return (
    <Screen title={words.receipt.list} backTo={to.cash()} tab="cash">
      <Once loaded={loaded}>
        {(receipts) =>
          receipts.length === 0 ? (
            <Empty icon="receipt" title={words.receipt.none}><p>{words.receipt.noneText}</p></Empty>
          ) : (
            <ul class="list">
              {receipts.map((receipt) => (
                <li key={receipt.series}>
                  <Link to={to.receipt(receipt.series)} go={shared.go} class="list-row">
                    <Icon name="receipt" />
                    <span class="fill">
                      <span class={`amount figures${receipt.kind === "void" || receipt.voidedBy !== "" ? " voided-amount" : ""}`}>{formatMoney(receipt.amountMinor, receipt.currency, language)}</span>
                      <br />
                      <span class="muted small">{clockOfWall(receipt.at)} · {words.methods[receipt.method] ?? receipt.method} · {words.stop.lastFour(receipt.lastFour)}<br /><span class="figures">{receipt.short}</span></span>
                    </span>
                    {receipt.kind === "void" && <span class="chip danger">{words.receipt.voidTitle}</span>}
                    {receipt.voidedBy !== "" && <span class="chip danger">{words.stop.voided}</span>}
                    <Icon name="chevron" size={20} />
                  </Link>
                </li>
              ))}
            </ul>
          )
        }
      </Once>
    </Screen>
  );
}
