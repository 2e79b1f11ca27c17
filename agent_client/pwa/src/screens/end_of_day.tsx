/** The day's end: what is open, what was taken, what is not sent; then `DayEnded`, and at once the sync. */
import { METHODS } from "../core/generated/types";
import type { DaySummary, Route } from "../phone/contract";
import { Banner } from "./parts/banner";
import { FaultNote } from "./parts/fault";
import { Icon } from "./parts/icon";
import { useLoaded } from "./parts/load";
import { useStatus } from "./parts/status";
import { formatMoney } from "./parts/money";
import { Action, Link } from "./parts/press";
import { Screen } from "./parts/screen";
import { SyncPanel, synchronise } from "./parts/sync_panel";
import { useTask } from "./parts/task";
import { clockOfWall, formatDay } from "./parts/time";
import { UpdateCard } from "./parts/update_card";
import { WithDay } from "./parts/with_day";
import { to } from "./routing";
import { useShared, useWords } from "./state";

export function EndOfDay() {
  const words = useWords();
  return (
    <WithDay title={words.endOfDay.title} backTo={to.route()}>
      {(summary) => <EndForm summary={summary} />}
    </WithDay>
  );
}

function EndForm({ summary }: { summary: DaySummary }) {
  const shared = useShared();
  const words = useWords();
  const language = shared.language.value;
  const ending = useTask();
  const syncing = useTask();
  const status = useStatus();
  const route = useLoaded(() => shared.phone.route(summary.serviceDay), `route ${summary.serviceDay}`).value;
  const ended = summary.endedAt !== "" && summary.afterEnd === 0;
  const sync = (): void => synchronise(shared, words, syncing);
  const end = (): void =>
    ending.run(async () => {
      const done = await shared.phone.endDay(summary.serviceDay);
      if (done.advice.length > 0) shared.recorded(done, words.endOfDay.endedDone);
      sync();
    });
  const earlier = (status?.daysNotEnded ?? []).filter((day) => day !== summary.serviceDay);
  return (
    <Screen
      title={`${words.endOfDay.title} · ${formatDay(summary.serviceDay, language)}`}
      backTo={to.route()}
      action={
        ended && status?.unsent === 0 ? (
          summary.cashMinor > 0 ? (
            <Action icon="door" onPress={() => shared.go(to.cash("hand-over"))}>{words.handOver.title}</Action>
          ) : (
            <Action icon="route" onPress={() => shared.go(to.route())}>{words.conclude.toRoute}</Action>
          )
        ) : ended ? (
          <Action icon="sync" busy={syncing.busy} onPress={sync}>{words.endOfDay.syncNow}</Action>
        ) : (
          <Action icon="check" busy={ending.busy} onPress={end}>{summary.endedAt === "" ? words.endOfDay.submit : words.endOfDay.again}</Action>
        )
      }
    >
      <FaultNote error={ending.error} />
      {ended && <Banner tone="good"><p class="strong">{words.endOfDay.ended(clockOfWall(summary.endedAt))}</p><p>{status?.unsent === 0 ? words.endOfDay.allSent : words.endOfDay.notSent}</p></Banner>}
      {ended && <UpdateCard />}
      {summary.afterEnd > 0 && <Banner tone="warn"><p>{words.endOfDay.afterEnd(summary.afterEnd)}</p></Banner>}
      {earlier.length > 0 && <Banner tone="warn" icon="calendar"><p>{words.endOfDay.daysNotEnded(earlier.map((day) => formatDay(day, language)).join(language === "zh" ? "、" : ", "))}</p></Banner>}
      {summary.open.length > 0 && !ended && <OpenStops summary={summary} route={route} />}
      <Summary summary={summary} />
      {summary.cashMinor > 0 && (
        <Link to={to.cash("hand-over")} go={shared.go} class="banner brand linked">
          <Icon name="cash" />
          <span class="fill">{words.endOfDay.cashLeft}</span>
          <Icon name="chevron" size={20} />
        </Link>
      )}
      <SyncPanel task={syncing} />
    </Screen>
  );
}

function OpenStops({ summary, route }: { summary: DaySummary; route: Route | null }) {
  const shared = useShared();
  const words = useWords();
  const name = (visit: string): string => route?.stops.find((stop) => stop.document.visit === visit)?.document.name ?? visit;
  return (
    <>
      <Banner tone="warn"><p class="strong">{words.endOfDay.open(summary.open.length)}</p><p>{words.endOfDay.openText}</p></Banner>
      <ul class="list">
        {summary.open.map((visit) => (
          <li key={visit}>
            <Link to={to.stop(visit, "conclude")} go={shared.go} class="list-row">
              <Icon name="flag" />
              <span class="fill strong">{name(visit)}</span>
              <Icon name="chevron" size={20} />
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}

function Summary({ summary }: { summary: DaySummary }) {
  const words = useWords();
  const language = useShared().language.value;
  const money = (minor: number): string => formatMoney(minor, summary.currency, language);
  const methods = METHODS.filter((method) => (summary.byMethod[method] ?? 0) > 0);
  return (
    <section class="card">
      <h2>{words.endOfDay.summary}</h2>
      <dl class="facts">
        <div class="fact"><dt>{words.endOfDay.visits}</dt><dd class="figures">{summary.concluded} / {summary.visits}</dd></div>
        <div class="fact"><dt>{words.endOfDay.receipts}</dt><dd>{summary.receipts}{summary.voided > 0 && <span class="muted"> {words.endOfDay.voided(summary.voided)}</span>}</dd></div>
      </dl>
      <h3>{words.endOfDay.byMethod}</h3>
      {methods.length === 0 ? (
        <p class="muted">{words.endOfDay.nothing}</p>
      ) : (
        <dl class="facts">
          {methods.map((method) => (
            <div class="fact" key={method}><dt>{words.methods[method] ?? method}</dt><dd class="figures">{money(summary.byMethod[method] ?? 0)}</dd></div>
          ))}
        </dl>
      )}
      <div class="row between"><h3>{words.endOfDay.cash}</h3><strong class="amount figures">{money(summary.cashMinor)}</strong></div>
    </section>
  );
}
