/** A way out of arrears: four schemes side by side for the same debt, the chosen one's schedule, and who may agree to it. */
import { useState } from "preact/hooks";
import type { Scheme } from "../core/generated/types";
import { DEFERRAL_MONTHS_MAX, PERIODS_MAX } from "../core/limits";
import type { Column, Comparison } from "../core/repayment/comparing";
import type { PlanWish, StopView } from "../phone/contract";
import { entryOf } from "./parts/amount_entry";
import { Banner } from "./parts/banner";
import { FaultNote } from "./parts/fault";
import { Field } from "./parts/field";
import { formatMoney, parseTyped } from "./parts/money";
import { Action, Button } from "./parts/press";
import { Screen } from "./parts/screen";
import { Stepper } from "./parts/stepper";
import { useTask } from "./parts/task";
import { addMonths, formatDayShort } from "./parts/time";
import { WhoLine, WithStop } from "./parts/with_stop";
import { to } from "./routing";
import { useShared, useWords } from "./state";

const PERIODS_FIRST = 12;

export function Plan({ visit }: { visit: string }) {
  const words = useWords();
  return (
    <WithStop visit={visit} title={words.plan.title}>
      {(view) => <PlanForm view={view} />}
    </WithStop>
  );
}

interface Found {
  wishes: PlanWish[];
  comparison: Comparison;
}

function PlanForm({ view }: { view: StopView }) {
  const shared = useShared();
  const words = useWords();
  const task = useTask();
  const { document } = view.stop;
  const [total, setTotal] = useState(entryOf(document.payoff_minor, document.currency));
  const [periods, setPeriods] = useState(PERIODS_FIRST);
  const [months, setMonths] = useState(2);
  const [firstDue, setFirstDue] = useState(addMonths(view.pack.service_day, 1));
  const [rate, setRate] = useState("0");
  const [reduction, setReduction] = useState("0");
  const [found, setFound] = useState<Found | null>(null);
  const [fault, setFault] = useState(false);

  const compare = (): void => {
    const wishes = wishesOf({ total: parseTyped(total, document.currency), periods, months, firstDue, rate, reduction });
    setFault(wishes === null);
    if (wishes === null) return;
    task.run(async () => {
      setFound({ wishes, comparison: await shared.phone.comparePlans(document.visit, wishes) });
      shared.deeper();
    });
  };
  if (found !== null && shared.stage.value > 0) return <Schemes view={view} found={found} onChange={shared.shallower} />;
  return (
    <Screen
      title={words.plan.title}
      backTo={to.stop(document.visit)}
      action={<Action icon="plan" busy={task.busy} onPress={compare}>{words.plan.compare}</Action>}
    >
      <WhoLine view={view} />
      <Field label={words.plan.total} value={total} onInput={setTotal} mode="decimal" maxLength={16} />
      <Field label={words.plan.firstDue} value={firstDue} onInput={setFirstDue} mode="date" />
      <Stepper label={words.plan.periods} value={periods} least={1} most={PERIODS_MAX} onValue={setPeriods} />
      <Stepper label={words.plan.months} value={months} least={0} most={DEFERRAL_MONTHS_MAX} onValue={setMonths} />
      <div class="tiles pair">
        <Field label={words.plan.rate} value={rate} onInput={setRate} mode="decimal" maxLength={6} />
        <Field label={words.plan.reduction} value={reduction} onInput={setReduction} mode="decimal" maxLength={5} />
      </div>
      {fault && <p class="fault" role="alert">{words.plan.invalid}</p>}
      <FaultNote error={task.error} />
    </Screen>
  );
}

/** The same wish in each scheme that it makes sense for; null when a number is none. */
export function wishesOf(wish: { total: number | null; periods: number; months: number; firstDue: string; rate: string; reduction: string }): PlanWish[] | null {
  const rateBp = basisPoints(wish.rate);
  const reductionBp = basisPoints(wish.reduction);
  if (wish.total === null || wish.total <= 0 || rateBp === null || reductionBp === null || !/^\d{4}-\d{2}-\d{2}$/.test(wish.firstDue)) return null;
  const base = { firstDue: wish.firstDue, totalMinor: wish.total, rateBp };
  const wishes: PlanWish[] = [
    { ...base, scheme: "equal_instalments", periods: wish.periods, reductionBp: 0, deferralMonths: 0 },
    { ...base, scheme: "equal_principal", periods: wish.periods, reductionBp: 0, deferralMonths: 0 },
  ];
  if (wish.months > 0) wishes.push({ ...base, scheme: "deferral", periods: 1, reductionBp: 0, deferralMonths: wish.months });
  if (reductionBp > 0) wishes.push({ ...base, scheme: "reduction", periods: wish.periods, reductionBp, deferralMonths: 0 });
  return wishes;
}

/** `3.65` percent → 365 basis points. */
function basisPoints(text: string): number | null {
  const match = /^(\d{1,3})(?:\.(\d{0,2}))?$/.exec(text.trim() === "" ? "0" : text.trim());
  if (match === null) return null;
  const value = Number(match[1]) * 100 + Number((match[2] ?? "").padEnd(2, "0"));
  return value <= 10_000 ? value : null;
}

function Schemes({ view, found, onChange }: { view: StopView; found: Found; onChange: () => void }) {
  const shared = useShared();
  const words = useWords();
  const task = useTask();
  const [chosen, setChosen] = useState(found.comparison.lightest);
  const [terms, setTerms] = useState("");
  const { document } = view.stop;
  const column = found.comparison.columns[chosen];
  const wish = found.wishes[chosen];
  const within = column?.authority?.within ?? true;
  const submit = (): void => {
    if (wish === undefined) return;
    task.run(async () => {
      const done = await shared.phone.proposePlan(document.visit, wish, terms.trim() === "" ? undefined : terms.trim());
      shared.recorded(done, words.app.recorded);
      shared.back(to.stop(document.visit));
    });
  };
  return (
    <Screen
      key="schemes"
      title={words.plan.comparing}
      onBack={onChange}
      action={<Action icon="check" busy={task.busy} onPress={submit}>{within ? words.plan.submit : words.plan.submitWaits}</Action>}
    >
      <WhoLine view={view} />
      <fieldset class="choices">
        <legend class="unseen">{words.plan.choose}</legend>
        <div class="tiles rows">
          {found.comparison.columns.map((one, place) => (
            <SchemeTile key={one.schedule.terms.scheme} column={one} currency={document.currency} checked={place === chosen} onChoose={() => setChosen(place)}
              cheapest={place === found.comparison.cheapest} lightest={place === found.comparison.lightest} />
          ))}
        </div>
      </fieldset>
      {column?.authority !== null && column?.authority !== undefined && column.authority.excess.length > 0 && <Beyond column={column} currency={document.currency} />}
      {column !== undefined && <ScheduleTable column={column} currency={document.currency} />}
      <Field label={words.plan.terms} value={terms} onInput={setTerms} optional lines={3} maxLength={1000} />
      <FaultNote error={task.error} />
      <Button onPress={onChange}>{words.plan.change}</Button>
    </Screen>
  );
}

function SchemeTile({ column, currency, checked, onChoose, cheapest, lightest }: {
  column: Column;
  currency: string;
  checked: boolean;
  onChoose: () => void;
  cheapest: boolean;
  lightest: boolean;
}) {
  const words = useWords();
  const language = useShared().language.value;
  const money = (minor: number): string => formatMoney(minor, currency, language);
  const scheme: Scheme = column.schedule.terms.scheme;
  return (
    <label class="tile">
      <input type="radio" name="scheme" checked={checked} onChange={onChoose} />
      <span class="scheme">
        <span class="row between wrap-row">
          <strong>{words.plan.schemes[scheme]}</strong>
          <span class="hint">{words.plan.schemeHints[scheme]}</span>
        </span>
        <span class="row wrap-row">
          <span class="amount figures">{money(column.highestMinor)}</span>
          <span class="hint">{words.plan.highest} · {words.plan.instalments(column.instalments)}</span>
        </span>
        <span class="hint figures">
          {words.plan.allIn} {money(column.totalMinor)}
          {column.interestMinor > 0 && ` · ${words.plan.interest} ${money(column.interestMinor)}`}
          {column.waivedMinor > 0 && ` · ${words.plan.waived} ${money(column.waivedMinor)}`}
        </span>
        <span class="row wrap-row">
          {cheapest && <span class="chip good">{words.plan.cheapest}</span>}
          {lightest && <span class="chip good">{words.plan.lightest}</span>}
          {column.authority !== null && <span class={`chip ${column.authority.within ? "brand" : "warn"}`}>{column.authority.within ? words.plan.within : words.plan.waits}</span>}
        </span>
      </span>
    </label>
  );
}

function Beyond({ column, currency }: { column: Column; currency: string }) {
  const words = useWords();
  const language = useShared().language.value;
  const said = (limit: string, value: number): string => {
    if (limit === "total_max_minor") return formatMoney(value, currency, language);
    return limit === "reduction_max_bp" ? `${value / 100}%` : String(value);
  };
  return (
    <Banner tone="warn">
      <p class="strong">{words.plan.whyWaits}</p>
      {column.authority?.excess.map((one) => <p key={one.limit}>{words.plan.beyond[one.limit](said(one.limit, one.value), said(one.limit, one.allowed))}</p>)}
    </Banner>
  );
}

function ScheduleTable({ column, currency }: { column: Column; currency: string }) {
  const words = useWords();
  const language = useShared().language.value;
  return (
    <section class="card">
      <h2>{words.plan.schedule}</h2>
      <table class="table">
        <thead>
          <tr><th scope="col">{words.plan.number}</th><th scope="col">{words.plan.due}</th><th scope="col">{words.plan.pay}</th></tr>
        </thead>
        <tbody>
          {column.schedule.instalments.map((instalment) => (
            <tr key={instalment.number}>
              <td>{instalment.number}</td>
              <td>{formatDayShort(instalment.due, language)}</td>
              <td class="strong">{formatMoney(instalment.totalMinor, currency, language)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
