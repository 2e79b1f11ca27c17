/** The day's stops in driving order, where the day stands, and the way to the next one. */
import { useEffect, useState } from "preact/hooks";
import { oneLanguage } from "../core/texts";
import type { DaySummary, Route, RouteStop } from "../phone/contract";
import { Banner } from "./parts/banner";
import { FaultNote } from "./parts/fault";
import { Icon } from "./parts/icon";
import { useLoaded } from "./parts/load";
import { formatMoney } from "./parts/money";
import { rememberOfficePhone } from "./parts/office_phone";
import { Action, Button, Link } from "./parts/press";
import { RoutePicture } from "./parts/route_picture";
import { Screen } from "./parts/screen";
import { Empty, Once } from "./parts/states";
import { doneCount, forbiddenGroups, isDone, nextStop } from "./parts/stops";
import { SyncChip } from "./parts/sync_chip";
import { synchronise, SyncProgressBar } from "./parts/sync_panel";
import { useTask } from "./parts/task";
import { clockOf, dayAt, formatDay, formatInstant } from "./parts/time";
import { to } from "./routing";
import { useShared, useWords } from "./state";

export function RouteScreen({ day }: { day: string }) {
  const shared = useShared();
  const words = useWords();
  const language = shared.language.value;
  const task = useTask();
  const loaded = useLoaded(async () => {
    const days = await shared.phone.days();
    if (days.length === 0) return { route: null, summary: null };
    const chosen = day === "" ? undefined : day;
    return { route: await shared.phone.route(chosen), summary: await shared.phone.summary(chosen) };
  }, `route ${day}`);
  const route = loaded.value?.route ?? null;
  useEffect(() => {
    if (route !== null) rememberOfficePhone(shared.memory, route.pack.office_phone);
  }, [route]);
  const next = route === null ? null : nextStop(route);
  const title = route === null ? words.route.title : formatDay(route.pack.service_day, language);
  return (
    <Screen title={title} tab="route" beside={<SyncChip />} action={mainAction()}>
      <Once loaded={loaded}>
        {({ route: found, summary }) =>
          found === null ? (
            <>
              <Empty icon="route" title={words.route.empty}><p>{words.route.emptyText}</p></Empty>
              <SyncProgressBar />
              <FaultNote error={task.error} />
            </>
          ) : (
            <DayView route={found} summary={summary} next={next} />
          )
        }
      </Once>
    </Screen>
  );

  function mainAction() {
    if (loaded.value === null) return undefined;
    if (route === null) return <Action icon="sync" busy={task.busy} onPress={() => synchronise(shared, words, task)}>{words.sync.now}</Action>;
    if (next === null) return <Action icon="check" onPress={() => shared.go(to.plain("end-of-day"))}>{words.route.endDay}</Action>;
    const label = next.state === "open" ? words.route.open(next.document.position) : words.route.go(next.document.position);
    return <Action icon="chevron" onPress={() => shared.go(to.stop(next.document.visit))}>{label}</Action>;
  }
}

function DayView({ route, summary, next }: { route: Route; summary: DaySummary | null; next: RouteStop | null }) {
  const shared = useShared();
  const words = useWords();
  const language = shared.language.value;
  const [map, setMap] = useState(true);
  const { pack } = route;
  const done = doneCount(route);
  const all = route.stops.length;
  const today = dayAt(shared.now(), pack.zone);
  return (
    <>
      {today !== pack.service_day && <Banner tone="warn" icon="calendar"><p>{words.route.otherDay(formatDay(pack.service_day, language))}</p></Banner>}
      {!route.complete && <Banner tone="warn" icon="sync"><p>{words.route.incomplete(route.held, route.total)}</p></Banner>}
      {route.missing.length > 0 && <Banner tone="warn" icon="sync"><p>{words.route.missing(route.missing.length)}</p></Banner>}
      <section class="card">
        <div class="row between wrap-row">
          <p class="strong">{done === all ? words.route.allDone : words.route.progress(done, all)}</p>
          {pack.distance_m > 0 && <p class="muted small">{words.route.distance((pack.distance_m / 1000).toFixed(1))}</p>}
        </div>
        <div class="progress" aria-hidden="true"><span style={{ transform: `scaleX(${all === 0 ? 0 : done / all})` }} /></div>
        {summary !== null && <CashLine summary={summary} />}
      </section>
      {map && <RoutePicture route={route} next={next} />}
      <div class="row between">
        <h2>{words.route.list}</h2>
        <Button icon="route" onPress={() => setMap(!map)}>{map ? words.route.hidePicture : words.route.showPicture}</Button>
      </div>
      <ol class="stack">
        {route.stops.map((stop) => (
          <li key={stop.document.visit}><StopRow stop={stop} next={next?.document.visit === stop.document.visit} /></li>
        ))}
      </ol>
      {route.syncedMs > 0 && <p class="muted small">{words.route.fresh(formatInstant(route.syncedMs, language, pack.zone))}</p>}
    </>
  );
}

function CashLine({ summary }: { summary: DaySummary }) {
  const words = useWords();
  const shared = useShared();
  const language = shared.language.value;
  const limit = summary.cashLimitMinor;
  const over = limit > 0 && summary.cashMinor > limit;
  return (
    <Link to={to.cash()} go={shared.go} class="cash-line">
      <Icon name="cash" />
      <span class="fill">
        {words.route.cash} <strong class="figures">{formatMoney(summary.cashMinor, summary.currency, language)}</strong>
        {limit > 0 && <span class="muted"> / {words.route.limit(formatMoney(limit, summary.currency, language, { short: true }))}</span>}
        {over && <span class="fault"> {words.route.overLimit}</span>}
      </span>
      <Icon name="chevron" size={20} />
    </Link>
  );
}

function StopRow({ stop, next }: { stop: RouteStop; next: boolean }) {
  const shared = useShared();
  const words = useWords();
  const language = shared.language.value;
  const { document } = stop;
  const done = isDone(stop);
  const stopped = document.forbidden.includes("visit");
  const look = next ? " next" : done ? " done" : stopped ? " stopped" : "";
  // What may not be asked for is not shown as something to collect.
  const mayCollect = !stopped && !document.forbidden.includes("collect");
  const owed = document.overdue_minor > 0 ? document.overdue_minor : document.minimum_due_minor;
  return (
    <Link to={to.stop(document.visit)} go={shared.go} class={`stop-row${look}`}>
      <span class={`number${look}`}>
        {done ? <Icon name="check" size={20} /> : stopped ? <Icon name="stop" size={20} /> : document.position}
        {(done || stopped) && <span class="unseen">{words.route.stopNumber(document.position)}</span>}
      </span>
      <span class="fill">
        <span class="row between">
          <span class="who">{document.name}</span>
          {!done && mayCollect && <span class="amount-row figures">{formatMoney(owed, document.currency, language)}</span>}
          {done && stop.paidMinor > 0 && <span class="amount-row figures">{words.route.paid(formatMoney(stop.paidMinor, document.currency, language))}</span>}
        </span>
        <span class="row between small">
          <span class="figures strong">{words.route.window(clockOf(document.window_starts_s), clockOf(document.window_ends_s))}</span>
          {!done && mayCollect && <span class="muted">{document.overdue_minor > 0 ? words.route.owedOverdue : words.route.owedMinimum}</span>}
        </span>
        {!done && <span class="where muted small">{document.address}</span>}
        <span class="row wrap-row">
          {stop.state !== "to_do" && <span class={`chip ${stop.state === "open" ? "brand" : "good"}`}>{words.states[stop.state] ?? stop.state}</span>}
          {!done && document.eta_s > 0 && <span class="chip">{words.route.eta(clockOf(document.eta_s))}</span>}
          {!done && document.origin === "booking" && (
            <span class="chip brand">{document.booked_minor > 0 ? words.route.booked(formatMoney(document.booked_minor, document.currency, language, { short: true })) : words.route.booking}</span>
          )}
          {!done && document.mandatory && <span class="chip warn">{words.route.mandatory}</span>}
          {!done && document.tasks.map((task) => <span class="chip" key={task}>{words.tasks[task] ?? task}</span>)}
          {stop.removed && <span class="chip danger">{words.route.removed}</span>}
        </span>
        {!done && stop.notice !== null && (
          <span class={`letter-line small${stop.notice.withdrawn ? " fault" : ""}`}>
            <Icon name="letter" size={18} />
            <span>{stop.notice.withdrawn ? words.stop.noticeWithdrawn : words.stop.notice(stop.notice.title, stop.notice.version)}</span>
          </span>
        )}
        {!done && forbiddenGroups(document).map(({ codes, why }) => (
          <span class="forbidden small" key={why}>
            <Icon name="stop" size={18} />
            <span><strong>{words.route.forbiddenTasks(codes.map((code) => words.tasks[code] ?? code))}</strong><br />{oneLanguage(why, language)}</span>
          </span>
        ))}
      </span>
    </Link>
  );
}
