/** A letter leaves the agent's hands: which one, how, to whom, and what shows it. */
import { useRef, useState } from "preact/hooks";
import { MANNERS, type Manner, RECIPIENTS, type Recipient } from "../core/generated/types";
import type { Picture, StopView } from "../phone/contract";
import { Banner } from "./parts/banner";
import { Choice } from "./parts/choice";
import { FaultNote } from "./parts/fault";
import { Field } from "./parts/field";
import { Glass, type GlassHandle } from "./parts/glass";
import { Icon } from "./parts/icon";
import { Photo } from "./parts/photo";
import { Action, Button } from "./parts/press";
import { Screen } from "./parts/screen";
import { useTask } from "./parts/task";
import { usePosition } from "./parts/use_position";
import { WhoLine, WithStop } from "./parts/with_stop";
import { to } from "./routing";
import { useShared, useWords } from "./state";

export function Deliver({ visit }: { visit: string }) {
  const words = useWords();
  return (
    <WithStop visit={visit} title={words.deliver.title}>
      {(view) => <DeliverForm view={view} />}
    </WithStop>
  );
}

function DeliverForm({ view }: { view: StopView }) {
  const shared = useShared();
  const words = useWords();
  const task = useTask();
  const position = usePosition();
  const { document, notice } = view.stop;
  const [id, setId] = useState("");
  const [version, setVersion] = useState("1");
  const [manner, setManner] = useState<Manner>("handed_sealed");
  const [recipient, setRecipient] = useState<Recipient>("customer");
  const [name, setName] = useState("");
  const [photo, setPhoto] = useState<Picture | null>(null);
  const [signing, setSigning] = useState(false);
  const [asked, setAsked] = useState(false);
  const glass = useRef<GlassHandle>(null);
  const handed = manner === "handed_sealed" || manner === "handed_open";
  const known = notice !== null;
  const versionNumber = Number(version);
  const named = known || (id.trim() !== "" && Number.isInteger(versionNumber) && versionNumber > 0);

  const submit = (): void => {
    setAsked(true);
    if (!named) return;
    task.run(async () => {
      const signature = handed && signing ? ((await glass.current?.picture()) ?? null) : null;
      const done = await shared.phone.deliver(document.visit, {
        manner,
        recipient,
        ...(name.trim() === "" ? {} : { recipientName: name.trim() }),
        ...(known ? {} : { notice: id.trim(), version: versionNumber }),
        photo,
        signature,
        position: position(),
      });
      shared.recorded(done, words.app.recorded);
      shared.back(to.stop(document.visit));
    });
  };

  return (
    <Screen
      title={words.deliver.title}
      backTo={to.stop(document.visit)}
      action={<Action icon="letter" busy={task.busy} dim={!named} onPress={submit}>{words.deliver.submit}</Action>}
    >
      <WhoLine view={view} />
      {known ? (
        <section class="card">
          <p class="row"><Icon name="letter" /><span class="fill strong">{words.stop.notice(notice.title, notice.version)}</span></p>
          <p class="muted small">{notice.notice}</p>
        </section>
      ) : (
        <>
          <Banner tone="plain"><p class="strong">{words.deliver.none}</p><p>{words.deliver.noneText}</p></Banner>
          <Field label={words.deliver.noticeId} value={id} onInput={setId} fault={asked && id.trim() === "" ? words.deliver.noticeMissing : undefined} />
          <Field label={words.deliver.version} value={version} onInput={setVersion} mode="numeric" maxLength={4} />
        </>
      )}
      {notice?.withdrawn === true && <Banner tone="danger"><p>{words.deliver.withdrawn}</p></Banner>}
      <Choice
        legend={words.deliver.manner}
        shape="pair"
        value={manner}
        onChoose={(chosen) => {
          setManner(chosen);
          if (chosen === "posted") setRecipient("nobody");
          else if (recipient === "nobody") setRecipient("customer");
        }}
        options={MANNERS.map((value) => ({ value, label: words.deliver.manners[value] }))}
      />
      <Choice
        legend={words.deliver.recipient}
        shape="pair"
        value={recipient}
        onChoose={setRecipient}
        options={RECIPIENTS.map((value) => ({ value, label: words.deliver.recipients[value] }))}
      />
      {manner === "handed_open" && recipient !== "customer" && <Banner tone="danger"><p>{words.deliver.openWarning}</p></Banner>}
      {recipient !== "nobody" && recipient !== "customer" && (
        <Field label={words.deliver.recipientName} value={name} onInput={setName} optional maxLength={60} />
      )}
      {handed && (signing ? <Glass handle={glass} label={words.deliver.signature} /> : <Button icon="pen" onPress={() => setSigning(true)}>{words.deliver.signature}</Button>)}
      <Photo label={words.deliver.photo} hint={words.deliver.photoHint} value={photo} onTake={setPhoto} optional />
      <FaultNote error={task.error} />
    </Screen>
  );
}
