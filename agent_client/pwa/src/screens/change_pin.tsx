/** Another PIN for the open phone: the present one first. */
import { useState } from "preact/hooks";
import { FaultNote } from "./parts/fault";
import { NewPin } from "./parts/new_pin";
import { PIN_DIGITS_MIN } from "./parts/pin_rules";
import { PinPad } from "./parts/pin_pad";
import { Action } from "./parts/press";
import { Screen } from "./parts/screen";
import { useTask } from "./parts/task";
import { to } from "./routing";
import { useShared, useWords } from "./state";

export function ChangePin() {
  const shared = useShared();
  const words = useWords();
  const task = useTask();
  const [old, setOld] = useState("");
  const [known, setKnown] = useState(false);
  const next = (): void => setKnown(old.length >= PIN_DIGITS_MIN);
  if (known) {
    return (
      <NewPin
        title={words.settings.newPin}
        lead={words.enrol.pinHint}
        finish={words.settings.changePin}
        task={task}
        closed={false}
        onBack={() => {
          task.clear();
          setKnown(false);
          setOld("");
        }}
        onPin={(pin) =>
          task.run(async () => {
            await shared.phone.changePin(old, pin);
            shared.tell({ text: words.settings.pinChanged });
            shared.go(to.plain("settings"), { replace: true });
          })
        }
      />
    );
  }
  return (
    <Screen
      title={words.settings.oldPin}
      backTo={to.plain("settings")}
      action={<Action dim={old.length < PIN_DIGITS_MIN} onPress={next}>{words.app.next}</Action>}
    >
      <div class="grow" />
      <PinPad pin={old} onPin={setOld} label={words.settings.oldPin} onEnter={next} />
      <FaultNote error={task.error} />
    </Screen>
  );
}
