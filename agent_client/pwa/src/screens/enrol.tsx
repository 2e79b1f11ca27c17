/** Making this phone an agent's: the office's code, then a PIN typed twice. */
import { useState } from "preact/hooks";
import { Banner } from "./parts/banner";
import { FaultNote } from "./parts/fault";
import { Field } from "./parts/field";
import { LanguageSwitch } from "./parts/language_switch";
import { Mark } from "./parts/mark";
import { NewPin } from "./parts/new_pin";
import { Action, Button } from "./parts/press";
import { canScan, ScanButton } from "./parts/scan";
import { Screen } from "./parts/screen";
import { useTask } from "./parts/task";
import { to } from "./routing";
import { useShared, useWords } from "./state";

export function Enrol({ onBack }: { onBack?: () => void }) {
  const shared = useShared();
  const words = useWords();
  const task = useTask();
  const [code, setCode] = useState("");
  const [taken, setTaken] = useState(false);
  const [missing, setMissing] = useState(false);
  const take = (text: string): void => {
    setCode(text.trim());
    setTaken(text.trim() !== "");
    setMissing(text.trim() === "");
  };
  if (taken) {
    return (
      <NewPin
        title={words.enrol.pinTitle}
        lead={words.enrol.pinHint}
        finish={words.enrol.finish}
        task={task}
        above={<Banner tone="good"><p>{words.enrol.codeTaken}</p></Banner>}
        onBack={() => {
          task.clear();
          setTaken(false);
        }}
        onPin={(pin) =>
          task.run(async () => {
            await shared.phone.enrol(code, pin, modelOf(navigator.userAgent));
            shared.go(to.plain("departure"), { replace: true });
          })
        }
      />
    );
  }
  return (
    <Screen
      title={words.enrol.title}
      closed
      beside={<LanguageSwitch />}
      {...(onBack === undefined ? {} : { onBack })}
      action={<Action onPress={() => take(code)} dim={code.trim() === ""}>{words.app.next}</Action>}
    >
      <div class="row">
        <Mark />
        <p class="fill">{words.enrol.lead}</p>
      </div>
      <InstallHint />
      {canScan() && <ScanButton wide label={words.enrol.scan} onRead={take} />}
      <Field
        label={words.enrol.codeLabel}
        hint={words.enrol.codeHint}
        value={code}
        onInput={setCode}
        lines={3}
        maxLength={2000}
        fault={missing && code.trim() === "" ? words.enrol.noCode : undefined}
      />
      {typeof navigator.clipboard?.readText === "function" && (
        <Button icon="note" onPress={() => task.run(async () => take(await navigator.clipboard.readText()))}>{words.app.paste}</Button>
      )}
      <FaultNote error={task.error} />
    </Screen>
  );
}

/** An installed app keeps its storage; in a browser's tab an enrolment may be cleared away. */
function InstallHint() {
  const words = useWords();
  const installed = window.matchMedia("(display-mode: standalone)").matches;
  return installed ? null : <Banner tone="brand"><p>{words.enrol.installFirst}</p></Banner>;
}

/** What the browser says of the phone, without versions that tell people apart. */
export function modelOf(agent: string): string {
  const android = /Android [\d.]+; ([^);]+)/.exec(agent)?.[1];
  const name = android ?? /(iPhone|iPad)/.exec(agent)?.[1] ?? /\(([^;)]+)/.exec(agent)?.[1] ?? "browser";
  return name.trim().slice(0, 60);
}
