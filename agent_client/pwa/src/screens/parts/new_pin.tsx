/** Choosing a new PIN: typed once, and once more; its weakness is said while it is typed. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { useWords } from "../state";
import { FaultNote } from "./fault";
import { PIN_DIGITS_MIN, pinFault } from "./pin_rules";
import { PinPad } from "./pin_pad";
import { Action } from "./press";
import { Screen } from "./screen";
import type { Task } from "./task";

export function NewPin({ title, lead, finish, task, onPin, onBack, above, closed = true }: {
  title: string;
  lead: string;
  finish: string;
  task: Task;
  onPin: (pin: string) => void;
  onBack: () => void;
  above?: ComponentChildren;
  closed?: boolean;
}) {
  const words = useWords();
  const [first, setFirst] = useState("");
  const [pin, setPin] = useState("");
  const [message, setMessage] = useState("");
  const again = first !== "";
  const next = (): void => {
    if (!again) {
      const fault = pinFault(pin);
      if (fault !== null) {
        setMessage(fault === "short" ? words.enrol.pinShort(PIN_DIGITS_MIN) : words.enrol.pinPlain);
        return;
      }
      setFirst(pin);
    } else if (pin !== first) {
      setFirst("");
      setMessage(words.enrol.pinDiffers);
      setPin("");
      return;
    } else {
      onPin(pin);
      return;
    }
    setMessage("");
    setPin("");
  };
  return (
    <Screen
      key={again ? "again" : "first"}
      title={again ? words.enrol.pinAgain : title}
      closed={closed}
      onBack={again ? () => {
        setFirst("");
        setPin("");
      } : onBack}
      action={<Action onPress={next} busy={task.busy} dim={pinFault(pin) !== null}>{again ? finish : words.app.next}</Action>}
    >
      {!again && above}
      <p class="muted">{lead}</p>
      <div class="grow" />
      <p class="fault centred" role="status">{message}</p>
      <PinPad
        pin={pin}
        label={again ? words.enrol.pinAgain : title}
        onPin={(typed) => {
          setMessage("");
          task.clear();
          setPin(typed);
        }}
        onEnter={next}
      />
      <FaultNote error={task.error} />
    </Screen>
  );
}
