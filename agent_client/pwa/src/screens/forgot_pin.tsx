/** A forgotten PIN: a request for the office, its answer, and a new PIN. Nothing recorded is lost by it. */
import { useState } from "preact/hooks";
import { FaultNote } from "./parts/fault";
import { Field } from "./parts/field";
import { NewPin } from "./parts/new_pin";
import { Action, Button } from "./parts/press";
import { Screen } from "./parts/screen";
import { copyText, shareText } from "./parts/sharing";
import { useTask } from "./parts/task";
import { to } from "./routing";
import { useShared, useWords } from "./state";

export function ForgotPin() {
  const shared = useShared();
  const words = useWords();
  const task = useTask();
  const [request, setRequest] = useState("");
  const [answer, setAnswer] = useState("");
  const [choosing, setChoosing] = useState(false);
  const [copied, setCopied] = useState(false);
  if (choosing) {
    return (
      <NewPin
        title={words.forgot.newPin}
        lead={words.enrol.pinHint}
        finish={words.forgot.finish}
        task={task}
        onBack={() => {
          task.clear();
          setChoosing(false);
        }}
        onPin={(pin) =>
          task.run(async () => {
            await shared.phone.recoveryFinish(answer, pin);
            shared.go(to.route(), { replace: true });
          })
        }
      />
    );
  }
  return (
    <Screen
      title={words.forgot.title}
      closed
      backTo={to.route()}
      action={
        request === "" ? (
          <Action busy={task.busy} onPress={() => task.run(async () => setRequest(await shared.phone.recoveryRequest()))}>{words.forgot.make}</Action>
        ) : (
          <Action dim={answer.trim() === ""} onPress={() => setChoosing(answer.trim() !== "")}>{words.app.next}</Action>
        )
      }
    >
      <p>{words.forgot.text}</p>
      <section class="card">
        <ol class="steps">
          {words.forgot.steps.map((step) => <li key={step}><span>{step}</span></li>)}
        </ol>
      </section>
      {request !== "" && (
        <>
          <section class="card">
            <h2>{words.forgot.request}</h2>
            <p class="mono clipped">{request}</p>
            <div class="buttons">
              <Button icon="share" onPress={() => task.run(async () => void (await shareText(request)))}>{words.app.share}</Button>
              <Button
                icon="note"
                onPress={() =>
                  task.run(async () => {
                    await copyText(request);
                    setCopied(true);
                  })
                }
              >
                {copied ? words.app.copied : words.app.copy}
              </Button>
            </div>
          </section>
          <Field label={words.forgot.answer} hint={words.forgot.answerHint} value={answer} onInput={setAnswer} lines={4} maxLength={8000} />
        </>
      )}
      <FaultNote error={task.error} />
    </Screen>
  );
}
