/** The visit is over: its outcome, those first that fit what was recorded; then the way to the next stop. */
import { useState } from "preact/hooks";
import type { VisitReason } from "../core/generated/types";
import type { Recorded, StopView } from "../phone/contract";
import { AdviceLines, Banner } from "./parts/banner";
import { Choice } from "./parts/choice";
import { outcomesOf } from "./parts/conclusions";
import { FaultNote } from "./parts/fault";
import { Icon } from "./parts/icon";
import { useLoaded } from "./parts/load";
import { Action, Button } from "./parts/press";
import { Screen } from "./parts/screen";
import { nextStop } from "./parts/stops";
import { useTask } from "./parts/task";
import { usePosition } from "./parts/use_position";
import { WhoLine, WithStop } from "./parts/with_stop";
import { to } from "./routing";
import { useShared, useWords } from "./state";

export function Conclude({ visit }: { visit: string }) {
  const words = useWords();
  return (
    <WithStop visit={visit} title={words.conclude.title}>
      {(view) => <ConcludeForm view={view} />}
    </WithStop>
  );
}

function ConcludeForm({ view }: { view: StopView }) {
  const shared = useShared();
  const words = useWords();
  const task = useTask();
  const position = usePosition();
  const visit = view.stop.document.visit;
  const { fitting, others } = outcomesOf(view);
  const [reason, setReason] = useState<VisitReason | "">("");
  const [detail, setDetail] = useState("");
  const [next, setNext] = useState("");
  const [done, setDone] = useState<Recorded | null>(null);
  const paidWithoutCheck = view.identity === "" && view.receipts.some((receipt) => receipt.kind === "payment" && receipt.voidedBy === "");

  if (done !== null) return <Concluded view={view} done={done} reason={reason} />;
  const choose = (chosen: VisitReason): void => {
    setReason(chosen);
    setDetail("");
  };
  const submit = (): void => {
    if (reason === "") return;
    task.run(async () => {
      setDone(
        await shared.phone.conclude(visit, reason, {
          ...(detail === "" ? {} : { subReason: detail }),
          ...(next === "" ? {} : { nextAction: next }),
          position: position(),
        }),
      );
    });
  };
  const details = reason === "" ? [] : Object.entries(words.conclude.details[reason] ?? {});
  return (
    <Screen
      title={words.conclude.title}
      backTo={to.stop(visit)}
      action={<Action icon="flag" busy={task.busy} dim={reason === ""} onPress={submit}>{words.conclude.submit}</Action>}
    >
      <WhoLine view={view} />
      {paidWithoutCheck && <Banner tone="warn"><p>{words.conclude.unidentified}</p></Banner>}
      <Choice
        legend={words.conclude.fits}
        shape="pair"
        value={reason}
        onChoose={choose}
        options={fitting.map((outcome) => ({ value: outcome.reason, label: words.states[outcome.reason] ?? outcome.reason }))}
      />
      {details.length > 0 && (
        <Choice legend={words.conclude.detail} shape="pair" value={detail} onChoose={setDetail} options={details.map(([value, label]) => ({ value, label }))} />
      )}
      {reason !== "" && (
        <Choice legend={words.conclude.next} shape="pair" value={next} onChoose={setNext} options={Object.entries(words.conclude.nexts).map(([value, label]) => ({ value, label }))} />
      )}
      {others.length > 0 && (
        <Choice
          legend={words.conclude.others}
          shape="pair"
          value={reason}
          onChoose={choose}
          options={others.map((outcome) => ({
            value: outcome.reason,
            label: words.states[outcome.reason] ?? outcome.reason,
            disabled: outcome.missing !== null,
            ...(outcome.missing === null ? {} : { hint: words.conclude.notFitting[outcome.missing] }),
          }))}
        />
      )}
      <FaultNote error={task.error} />
    </Screen>
  );
}

function Concluded({ view, done, reason }: { view: StopView; done: Recorded; reason: VisitReason | "" }) {
  const shared = useShared();
  const words = useWords();
  const loaded = useLoaded(() => shared.phone.route(view.pack.service_day), `route ${view.pack.service_day}`);
  const route = loaded.value;
  const next = route === null ? null : nextStop(route);
  return (
    <Screen
      key="concluded"
      title={words.conclude.ended}
      backTo={to.route()}
      action={
        // Until the route is read nobody knows what comes next: an action that turned into another under the finger would lead
        // to a door nobody asked for. Keys of their own make each of them another button, which half a tap does not press.
        route === null && loaded.error === null ? (
          <Action key="unknown" icon="route" busy onPress={() => undefined}>{words.conclude.toRoute}</Action>
        ) : next === null ? (
          <Action key="route" icon="route" onPress={() => shared.go(to.route(), { replace: true })}>{words.conclude.toRoute}</Action>
        ) : (
          <Action key="next" icon="chevron" onPress={() => shared.go(to.stop(next.document.visit), { replace: true })}>{words.conclude.nextStop(next.document.name)}</Action>
        )
      }
    >
      <div class="centre" role="status">
        <span class="number done big"><Icon name="check" size={40} /></span>
        <p class="name">{view.stop.document.name}</p>
        <p class="strong">{words.stop.concluded(words.states[reason] ?? reason)}</p>
      </div>
      {next !== null && (
        <section class="card">
          <p class="muted small">{words.conclude.nextLabel}</p>
          <p class="name">{next.document.name}</p>
          <p>{next.document.address}</p>
        </section>
      )}
      {done.advice.length > 0 && <Banner tone="warn" live><p class="strong">{words.app.adviceTitle}</p><AdviceLines advice={done.advice} /></Banner>}
      {next !== null && <Button icon="route" onPress={() => shared.go(to.route(), { replace: true })}>{words.conclude.toRoute}</Button>}
    </Screen>
  );
}
