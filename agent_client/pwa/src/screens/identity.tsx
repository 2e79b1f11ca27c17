/** Whom one speaks to: the customer's answer goes sealed to the office, which alone says whether it matches. */
import { useRef, useState } from "preact/hooks";
import type { IdentityMethod } from "../core/generated/types";
import type { Picture, StopView } from "../phone/contract";
import { Choice } from "./parts/choice";
import { FaultNote } from "./parts/fault";
import { Field } from "./parts/field";
import { Glass, type GlassHandle } from "./parts/glass";
import { Photo } from "./parts/photo";
import { Action, Button } from "./parts/press";
import { Screen } from "./parts/screen";
import { Sheet } from "./parts/sheet";
import { useTask } from "./parts/task";
import { usePosition } from "./parts/use_position";
import { WhoLine, WithStop } from "./parts/with_stop";
import { to } from "./routing";
import { useShared, useWords } from "./state";

const DIGITS = 4;
const ANSWER_CHARACTERS_MAX = 32;

export function Identity({ visit }: { visit: string }) {
  const words = useWords();
  return (
    <WithStop visit={visit} title={words.identity.title}>
      {(view) => <IdentityForm view={view} />}
    </WithStop>
  );
}

function IdentityForm({ view }: { view: StopView }) {
  const shared = useShared();
  const words = useWords();
  const task = useTask();
  const position = usePosition();
  const { document } = view.stop;
  const hasCode = document.code_bits >= 0;
  const [method, setMethod] = useState<IdentityMethod>(hasCode ? "visit_code" : "document_digits");
  const [answer, setAnswer] = useState("");
  const [photo, setPhoto] = useState<Picture | null>(null);
  const [fault, setFault] = useState("");
  const [instead, setInstead] = useState<"" | "refused" | "third_party">("");
  const glass = useRef<GlassHandle>(null);
  const visit = document.visit;

  const record = (result: "answered" | "refused" | "third_party"): void =>
    task.run(async () => {
      let picture: Picture | null = null;
      if (result === "answered") {
        picture = method === "signature" ? ((await glass.current?.picture()) ?? null) : method === "photo" ? photo : null;
        if (method === "signature" && picture === null) return setFault(words.identity.unsigned);
        if (method === "photo" && picture === null) return setFault(words.identity.photoNone);
        if (method === "document_digits" && !/^\d{3}[\dXx]$/.test(answer.trim())) return setFault(words.identity.digitsLabel);
        if (method === "visit_code" && answer.trim() === "") return setFault(words.identity.codeHint);
      }
      const typed = result === "answered" && (method === "visit_code" || method === "document_digits");
      const done = await shared.phone.checkIdentity(visit, {
        method,
        result,
        ...(typed ? { answer: answer.trim() } : {}),
        picture,
        position: position(),
      });
      const said = result === "answered" ? words.stop.identityDone : result === "refused" ? words.stop.identityRefused : words.stop.identityThird;
      shared.recorded(done, said);
      shared.back(to.stop(visit));
    });

  return (
    <Screen
      title={words.identity.title}
      backTo={to.stop(visit)}
      action={<Action icon="check" busy={task.busy} onPress={() => record("answered")}>{words.identity.submit}</Action>}
    >
      <WhoLine view={view} />
      <Choice
        legend={words.identity.how}
        shape="pair"
        value={method}
        onChoose={(chosen) => {
          setMethod(chosen);
          setAnswer("");
          setFault("");
          task.clear();
        }}
        options={[
          { value: "visit_code", label: words.identity.methods.visit_code, icon: "key", disabled: !hasCode },
          { value: "document_digits", label: words.identity.methods.document_digits, icon: "person" },
          { value: "signature", label: words.identity.methods.signature, icon: "pen" },
          { value: "photo", label: words.identity.methods.photo, icon: "camera" },
        ]}
      />
      {!hasCode && <p class="hint">{words.identity.noCode}</p>}
      {method === "visit_code" && (
        <Field label={words.identity.codeLabel} hint={words.identity.codeHint} value={answer} onInput={typed(setAnswer, setFault)} mode="numeric" look="code" maxLength={ANSWER_CHARACTERS_MAX} fault={fault === "" ? undefined : fault} />
      )}
      {method === "document_digits" && (
        <Field label={words.identity.digitsLabel} hint={words.identity.digitsHint} value={answer} onInput={typed(setAnswer, setFault)} look="code" maxLength={DIGITS} fault={fault === "" ? undefined : fault} />
      )}
      {method === "signature" && <Glass handle={glass} label={words.identity.signHere} />}
      {method === "photo" && <Photo label={words.identity.methods.photo} value={photo} onTake={setPhoto} />}
      {(method === "signature" || method === "photo") && fault !== "" && <p class="fault" role="alert">{fault}</p>}
      <p class="hint">{words.identity.lead}</p>
      <FaultNote error={instead === "" ? task.error : null} />
      <h2 class="section-title">{words.identity.instead}</h2>
      <div class="buttons">
        <Button onPress={() => setInstead("refused")}>{words.identity.refused}</Button>
        <Button onPress={() => setInstead("third_party")}>{words.identity.third}</Button>
      </div>
      {instead !== "" && (
        <Sheet title={instead === "refused" ? words.identity.refused : words.identity.third} onClose={() => setInstead("")}>
          <p>{instead === "refused" ? words.identity.refusedText : words.identity.thirdText}</p>
          <FaultNote error={task.error} />
          <Action wide busy={task.busy} onPress={() => record(instead)}>{words.identity.submit}</Action>
        </Sheet>
      )}
    </Screen>
  );
}

/** Typing takes the fault away. */
function typed(set: (value: string) => void, fault: (message: string) => void): (value: string) => void {
  return (value) => {
    fault("");
    set(value);
  };
}
