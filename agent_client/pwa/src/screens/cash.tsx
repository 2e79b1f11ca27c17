/** The cash that the agent holds, against the limit, and the ways that it leaves the hand. */
import type { DaySummary } from "../phone/contract";
import { Icon, type IconName } from "./parts/icon";
import { formatMoney } from "./parts/money";
import { Link } from "./parts/press";
import { Screen } from "./parts/screen";
import { SyncChip } from "./parts/sync_chip";
import { WithDay } from "./parts/with_day";
import { type CashStep, to } from "./routing";
import { useShared, useWords } from "./state";

const WAYS: readonly { step: CashStep; icon: IconName; word: "handOver" | "deposit" | "transfer" | "loss" }[] = [
  { step: "hand-over", icon: "door", word: "handOver" },
  { step: "deposit", icon: "bank", word: "deposit" },
  { step: "transfer", icon: "swap", word: "transfer" },
  { step: "loss", icon: "warn", word: "loss" },
];

export function Cash() {
  const words = useWords();
  return (
    <WithDay title={words.cash.title} tab="cash">
      {(summary) => <CashView summary={summary} />}
    </WithDay>
  );
}

function CashView({ summary }: { summary: DaySummary }) {
  const shared = useShared();
  const words = useWords();
  const language = shared.language.value;
  const money = (minor: number): string => formatMoney(minor, summary.currency, language);
  const limit = summary.cashLimitMinor;
  const over = limit > 0 ? summary.cashMinor - limit : 0;
  return (
    <Screen title={words.cash.title} tab="cash" beside={<SyncChip />}>
      <section class="card">
        <h2>{words.cash.inHand}</h2>
        <p class="amount-big figures">{money(summary.cashMinor)}</p>
        {limit > 0 && (
          <>
            <div class={`progress${over > 0 ? " over" : ""}`} aria-hidden="true"><span style={{ transform: `scaleX(${Math.min(1, Math.max(0, summary.cashMinor) / limit)})` }} /></div>
            <p class="row between wrap-row">
              <span class="muted">{words.cash.limit(money(limit))}</span>
              <span class={over > 0 ? "fault" : "muted"}>{over > 0 ? words.cash.over(money(over)) : words.cash.left(money(-over))}</span>
            </p>
          </>
        )}
        <dl class="facts">
          <div class="fact"><dt>{words.cash.opening}</dt><dd class="figures">{money(summary.floatMinor)}</dd></div>
          <div class="fact"><dt>{words.cash.collected}</dt><dd class="figures">{money(summary.byMethod.cash ?? 0)}</dd></div>
          <div class="fact"><dt>{words.cash.handedOver}</dt><dd class="figures">{money(summary.handedOverMinor)}</dd></div>
        </dl>
      </section>
      <h2 class="section-title">{words.cash.moves}</h2>
      <ul class="list">
        {WAYS.map(({ step, icon, word }) => (
          <li key={step}>
            <Link to={to.cash(step)} go={shared.go} class="list-row">
              <Icon name={icon} />
              <span class="fill strong">{words.cash[word]}</span>
              <Icon name="chevron" size={20} />
            </Link>
          </li>
        ))}
      </ul>
      <ul class="list">
        <li>
          <Link to={to.plain("receipts")} go={shared.go} class="list-row">
            <Icon name="receipt" />
            <span class="fill strong">{words.cash.receipts}</span>
            <span class="chip">{summary.receipts}</span>
            <Icon name="chevron" size={20} />
          </Link>
        </li>
      </ul>
    </Screen>
  );
}
