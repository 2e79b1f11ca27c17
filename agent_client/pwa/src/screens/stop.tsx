/** One stop: first what may not be done there, then who and where, what is owed, and the steps, the likeliest at the thumb. */
import { useState } from "preact/hooks";
import { oneLanguage } from "../core/texts";
import type { StopView } from "../phone/contract";
import { AdviceLines, Banner } from "./parts/banner";
import { FaultNote } from "./parts/fault";
import { Icon, type IconName } from "./parts/icon";
import { useLoaded } from "./parts/load";
import { formatMoney } from "./parts/money";
import { locate, navigationLink, telLink } from "./parts/position";
import { Action, Button, Link } from "./parts/press";
import { RecordRow } from "./parts/record_row";
import { Screen } from "./parts/screen";
import { Once } from "./parts/states";
import { forbiddenGroups, isDone } from "./parts/stops";
import { type Step, stepsOf } from "./parts/steps";
import { useTask } from "./parts/task";
import { clockOf, clockOfWall, formatDay, formatInstant } from "./parts/time";
import { type StopStep, to } from "./routing";
import { useShared, useWords } from "./state";

export function Stop({ visit }: { visit: string }) {
  const shared = useShared();
  const words = useWords();
  const task = useTask();
  const [locating, setLocating] = useState(false);
  const loaded = useLoaded(() => shared.phone.stop(visit), `stop ${visit}`);
  const view = loaded.value;

  const checkIn = (again: boolean): void =>
    task.run(async () => {
      setLocating(true);
      const position = await locate();
      setLocating(false);
      const done = await shared.phone.start(visit, { again, position });
      shared.recorded(done, position === null ? words.stop.positionNone : words.stop.positionTaken(position.accuracy_m));
    });

  return (
    <Screen title={view === null ? words.stop.walkUpTitle : words.stop.title(view.stop.document.position)} backTo={to.route()} action={mainAction()}>
      <FaultNote error={task.error} />
      <Once loaded={loaded}>{(found) => <StopFacts view={found} onAgain={() => checkIn(true)} busy={task.busy} />}</Once>
    </Screen>
  );

  function mainAction() {
    if (view === null) return undefined;
    if (view.stop.state === "open") {
      const step = stepsOf(view).next;
      return <Action icon={STEP_ICONS[step]} onPress={() => shared.go(to.stop(visit, step))}>{words.stop[step]}</Action>;
    }
    if (isDone(view.stop)) return <Action icon="route" onPress={() => shared.go(to.route())}>{words.conclude.toRoute}</Action>;
    return (
      <Action icon="pin" busy={task.busy} onPress={() => checkIn(false)}>
        {locating ? words.stop.checkingIn : words.stop.checkIn}
      </Action>
    );
  }
}

const STEP_ICONS: Record<StopStep, IconName> = {
  identity: "person",
  collect: "cash",
  deliver: "letter",
  promise: "calendar",
  plan: "plan",
  contact: "phone",
  note: "note",
  details: "edit",
  companion: "people",
  conclude: "flag",
};

function StopFacts({ view, onAgain, busy }: { view: StopView; onAgain: () => void; busy: boolean }) {
  const shared = useShared();
  const words = useWords();
  const language = shared.language.value;
  const { document, notice } = view.stop;
  const open = view.stop.state === "open";
  const done = isDone(view.stop);
  const steps = stepsOf(view);
  return (
    <>
      <Forbidden view={view} />
      {view.advice.length > 0 && <Banner tone="warn"><AdviceLines advice={view.advice} /></Banner>}
      {view.stop.removed && <Banner tone="warn"><p>{words.route.removed}</p></Banner>}
      <section class="card">
        <p class="name">{document.name}</p>
        <p>{document.address}</p>
        <p class="row wrap-row">
          <span class="chip figures"><Icon name="clock" size={16} />{words.route.window(clockOf(document.window_starts_s), clockOf(document.window_ends_s))}</span>
          {document.origin === "booking" && <span class="chip brand">{words.route.booking}</span>}
          {document.language !== "" && document.language !== language && <span class="chip"><Icon name="language" size={16} />{words.stop.languages[document.language] ?? document.language}</span>}
          {view.startedAt !== "" && <span class="chip brand">{words.stop.startedAt(clockOfWall(view.startedAt))}</span>}
          {done && <span class="chip good">{words.states[view.stop.state] ?? view.stop.state}</span>}
          {view.identity === "answered" && <span class="chip good"><Icon name="check" size={16} />{words.stop.identityDone}</span>}
          {view.identity === "refused" && <span class="chip warn">{words.stop.identityRefused}</span>}
        </p>
        {view.identity === "third_party" && <Banner tone="danger"><p class="strong">{words.stop.identityThird}</p></Banner>}
        <div class="buttons">
          {document.phone !== "" && <a class="button" href={telLink(document.phone)}><Icon name="phone" />{words.stop.call}</a>}
          {(document.lat_e7 !== 0 || document.lon_e7 !== 0) && (
            <a class="button" href={navigationLink(document, document.address, navigator.userAgent)}><Icon name="navigate" />{words.stop.navigate}</a>
          )}
        </div>
      </section>
      {/* Whoever else looks at the screen must not learn what is owed. */}
      {view.identity !== "third_party" && <Owed view={view} />}
      {notice !== null && (
        <section class="card">
          <p class="row"><Icon name="letter" /><span class="fill strong">{words.stop.notice(notice.title, notice.version)}</span></p>
          {notice.withdrawn && <Banner tone="danger"><p>{words.stop.noticeWithdrawn}</p></Banner>}
        </section>
      )}
      {!open && !done && <p class="muted">{words.stop.startFirst}</p>}
      {open && (
        <>
          <h2 class="section-title">{words.stop.doHere}</h2>
          <StepList steps={steps.asked} visit={document.visit} />
        </>
      )}
      <h2 class="section-title">{words.stop.alsoHere}</h2>
      <StepList steps={open ? steps.others : steps.anytime} visit={document.visit} />
      {done && <Button icon="pin" busy={busy} onPress={onAgain}>{words.stop.checkInAgain}</Button>}
      {view.receipts.length > 0 && (
        <>
          <h2 class="section-title">{words.stop.receipts}</h2>
          <ul class="list">
            {view.receipts.map((receipt) => (
              <li key={receipt.series}>
                <Link to={to.receipt(receipt.series)} go={shared.go} class="list-row">
                  <Icon name="receipt" />
                  <span class="fill">
                    <span class={`strong figures${receipt.voidedBy !== "" ? " voided-amount" : ""}`}>{formatMoney(receipt.amountMinor, receipt.currency, language)}</span>
                    <span class="muted small"> {receipt.short}{receipt.kind === "void" ? ` · ${words.receipt.voidTitle}` : receipt.voidedBy !== "" ? ` · ${words.stop.voided}` : ""}</span>
                  </span>
                  <Icon name="chevron" size={20} />
                </Link>
              </li>
            ))}
          </ul>
        </>
      )}
      {view.records.length > 0 && (
        <>
          <h2 class="section-title">{words.stop.done}</h2>
          <ul class="list">{view.records.map((record) => <li key={record.hash}><RecordRow record={record} /></li>)}</ul>
        </>
      )}
      <p class="muted small">{words.stop.asOf(formatInstant(document.as_of_ms, language, document.zone === "" ? view.pack.zone : document.zone))} · {document.creditor}</p>
    </>
  );
}

function Forbidden({ view }: { view: StopView }) {
  const shared = useShared();
  const words = useWords();
  const language = shared.language.value;
  const groups = forbiddenGroups(view.stop.document);
  return (
    <>
      {groups.map(({ codes, why }) => (
        <Banner tone="danger" key={why}>
          <p class="strong">{words.stop.forbiddenTasks(codes.map((code) => words.tasks[code] ?? code))}</p>
          <p>{oneLanguage(why, language)}</p>
        </Banner>
      ))}
    </>
  );
}

function Owed({ view }: { view: StopView }) {
  const shared = useShared();
  const words = useWords();
  const language = shared.language.value;
  const { document } = view.stop;
  const money = (minor: number): string => formatMoney(minor, document.currency, language);
  return (
    <section class="card">
      <div class="row between wrap-row">
        <h2>{document.overdue_minor > 0 ? words.stop.overdue : words.stop.minimum}</h2>
        <p class="row wrap-row">
          {document.months_late > 0 && <span class="chip warn">{words.stop.monthsLate(document.months_late)}</span>}
          <span class="muted small">{words.stop.lastFour(document.last_four)}</span>
        </p>
      </div>
      <p class="amount-big figures">{money(document.overdue_minor > 0 ? document.overdue_minor : document.minimum_due_minor)}</p>
      <dl class="pair-facts">
        {document.overdue_minor > 0 && <div><dt>{words.stop.minimum}</dt><dd class="figures">{money(document.minimum_due_minor)}</dd></div>}
        <div><dt>{words.stop.payoff}</dt><dd class="figures">{money(document.payoff_minor)}</dd></div>
        {document.booked_minor > 0 && <div><dt>{words.route.booking}</dt><dd class="figures">{money(document.booked_minor)}</dd></div>}
        <div><dt>{words.stop.statement}</dt><dd class="figures">{money(document.statement_minor)}</dd></div>
        {document.due !== "" && <div><dt>{words.stop.due}</dt><dd class="figures">{formatDay(document.due, language)}</dd></div>}
      </dl>
    </section>
  );
}

function StepList({ steps, visit }: { steps: readonly Step[]; visit: string }) {
  const shared = useShared();
  const words = useWords();
  if (steps.length === 0) return null;
  return (
    <ul class="list">
      {steps.map(({ step, done, forbidden }) => (
        <li key={step}>
          <Link to={to.stop(visit, step)} go={shared.go} class="list-row">
            <Icon name={STEP_ICONS[step]} />
            <span class="fill strong">{words.stop[step]}</span>
            {forbidden && <span class="chip danger">{words.route.forbidden}</span>}
            {done && <span class="chip good"><Icon name="check" size={16} />{words.stop.doneTask}</span>}
            <Icon name="chevron" size={20} />
          </Link>
        </li>
      ))}
    </ul>
  );
}
