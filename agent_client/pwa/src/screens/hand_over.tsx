/** Declaring what is handed over, piece by piece; the cashier counts again without seeing it. */
import { useState } from "preact/hooks";
import type { DaySummary } from "../phone/contract";
import { type Counts, COUNT_MAX, denominationsOf, facesOf, sumOf, withCount } from "./parts/denominations";
import { Banner } from "./parts/banner";
import { FaultNote } from "./parts/fault";
import { formatMoney } from "./parts/money";
import { Action } from "./parts/press";
import { Screen } from "./parts/screen";
import { Sheet } from "./parts/sheet";
import { Stepper } from "./parts/stepper";
import { useTask } from "./parts/task";
import { WithDay } from "./parts/with_day";
import { to } from "./routing";
import { useShared, useWords } from "./state";

export function HandOver() {
  const words = useWords();
  return (
    <WithDay title={words.handOver.title}>
      {(summary) => <HandOverForm summary={summary} />}
    </WithDay>
  );
}

function HandOverForm({ summary }: { summary: DaySummary }) {
  const shared = useShared();
  const words = useWords();
  const task = useTask();
  const language = shared.language.value;
  const [counts, setCounts] = useState<Counts>({});
  const { faces, coinsBelow } = facesOf(summary.currency);
  const sum = sumOf(counts);
  const money = (minor: number, short = false): string => formatMoney(minor, summary.currency, language, { short });
  const difference = sum - summary.cashMinor;
  const apart = money(Math.abs(difference));
  const compared = difference === 0 ? words.handOver.equal : difference > 0 ? words.handOver.more(apart) : words.handOver.less(apart);
  const submit = (): void =>
    task.run(async () => {
      const done = await shared.phone.handOver(denominationsOf(counts), { amountMinor: sum, day: summary.serviceDay });
      shared.recorded(done, words.app.recorded);
      shared.back(to.cash());
    });
  return (
    <Screen
      title={words.handOver.title}
      backTo={to.cash()}
      action={<Action icon="door" dim={sum === 0} onPress={() => sum > 0 && shared.deeper()}>{sum === 0 ? words.handOver.nothing : words.handOver.submit(money(sum))}</Action>}
    >
      <p class="muted">{words.handOver.lead}</p>
      <section class="card" aria-live="polite">
        <div class="row between"><h2>{words.handOver.sum}</h2><strong class="amount-big figures">{money(sum)}</strong></div>
        <p class={difference === 0 ? "chip good" : "muted"}>{compared}</p>
      </section>
      <ul class="list">
        {faces.map((face) => (
          <li key={face} class="list-row counting">
            <span class="fill"><strong class="amount figures">{money(face, true)}</strong>{face < coinsBelow && <span class="muted small"> {words.handOver.coins}</span>}</span>
            <Stepper
              label={words.handOver.countOf(money(face, true))}
              hideLabel
              value={counts[face] ?? 0}
              least={0}
              most={COUNT_MAX}
              onValue={(count) => setCounts((before) => withCount(before, face, count))}
              more={words.handOver.add(money(face, true))}
              less={words.handOver.take(money(face, true))}
            />
          </li>
        ))}
      </ul>
      {shared.stage.value > 0 && (
        <Sheet title={words.handOver.confirm} onClose={() => !task.busy && shared.shallower()}>
          <p class="amount-big figures centred">{money(sum)}</p>
          {difference !== 0 && <Banner tone="warn"><p>{compared}</p></Banner>}
          <dl class="facts">
            {denominationsOf(counts).map((piece) => (
              <div class="fact" key={piece.face_minor}><dt class="figures">{money(piece.face_minor, true)} × {piece.count}</dt><dd class="figures">{money(piece.face_minor * piece.count)}</dd></div>
            ))}
          </dl>
          <FaultNote error={task.error} />
          <Action wide icon="check" busy={task.busy} onPress={submit}>{words.handOver.submit(money(sum))}</Action>
        </Sheet>
      )}
    </Screen>
  );
}
