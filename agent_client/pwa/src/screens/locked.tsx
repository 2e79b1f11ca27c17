/** The PIN before anything else; what is known without it: how many records wait, how many tries are left. */
import { useEffect, useState } from "preact/hooks";
import { DoorstepError } from "../core/errors";
import type { PhoneState } from "../phone/contract";
import { Banner } from "./parts/banner";
import { FaultNote } from "./parts/fault";
import { Icon } from "./parts/icon";
import { LanguageSwitch } from "./parts/language_switch";
import { Mark } from "./parts/mark";
import { OFFICE_PHONE } from "./parts/office_phone";
import { PIN_DIGITS_MIN } from "./parts/pin_rules";
import { PinPad } from "./parts/pin_pad";
import { telLink } from "./parts/position";
import { Action, Link } from "./parts/press";
import { Screen } from "./parts/screen";
import { useTask } from "./parts/task";
import { countdown } from "./parts/time";
import { to } from "./routing";
import { useShared, useWords } from "./state";

/** Below so many tries are left, their number is said. */
const TRIES_WARN = 7;

export function Locked({ state }: { state: Extract<PhoneState, { at: "locked" }> }) {
  const shared = useShared();
  const words = useWords();
  const task = useTask();
  const [pin, setPin] = useState("");
  const wait = useCountdown(state.waitMs, `${state.triesLeft}`);
  const shut = wait > 0 || state.triesLeft <= 0;
  const number = shared.memory.get(OFFICE_PHONE) ?? "";
  const wrong = task.error instanceof DoorstepError && task.error.code === "PIN-WRONG";
  const open = (): void => {
    if (shut || pin.length < PIN_DIGITS_MIN) return;
    task.run(async () => {
      try {
        await shared.phone.unlock(pin);
      } finally {
        setPin("");
      }
    });
  };
  return (
    <Screen
      title={words.locked.title}
      closed
      beside={<LanguageSwitch />}
      action={<Action icon="lock" onPress={open} busy={task.busy} dim={shut || pin.length < PIN_DIGITS_MIN}>{words.locked.unlock}</Action>}
    >
      <div class="row">
        <Mark />
        <div class="fill">
          <p class={state.unsent > 0 ? "strong" : "muted"}>{state.unsent > 0 ? words.locked.unsent(state.unsent) : words.locked.allSent}</p>
          <p class="muted small">{words.locked.device(state.device)}</p>
        </div>
      </div>
      {wait > 0 && <Banner tone="danger" icon="clock" live><p class="figures">{words.locked.wait(countdown(wait))}</p></Banner>}
      {state.triesLeft <= 0 && <Banner tone="danger" icon="lock"><p>{words.locked.noTries}</p></Banner>}
      {!shut && !wrong && <FaultNote error={task.error} />}
      <p class="fault centred" role="alert">
        {!shut && wrong && `${words.locked.wrong} · ${words.locked.triesLeft(state.triesLeft)}`}
        {!wrong && state.triesLeft > 0 && state.triesLeft < TRIES_WARN && words.locked.triesLeft(state.triesLeft)}
      </p>
      <div class="grow" />
      <PinPad
        pin={pin}
        label={words.locked.title}
        disabled={shut}
        onPin={(typed) => {
          task.clear();
          setPin(typed);
        }}
        onEnter={open}
      />
      <div class="buttons">
        <Link to={to.plain("forgot-pin")} go={shared.go} class="button"><Icon name="key" />{words.locked.forgot}</Link>
        {number !== "" && <a class="button" href={telLink(number)}><Icon name="phone" />{words.safety.office}</a>}
      </div>
    </Screen>
  );
}

/** Milliseconds left of a wait that began when the screen learned of it. */
function useCountdown(waitMs: number, key: string): number {
  const shared = useShared();
  const [until, setUntil] = useState(shared.now() + waitMs);
  const [now, setNow] = useState(shared.now());
  useEffect(() => {
    setUntil(shared.now() + waitMs);
    setNow(shared.now());
    if (waitMs <= 0) return undefined;
    const timer = setInterval(() => setNow(shared.now()), 500);
    return () => clearInterval(timer);
  }, [waitMs, key]);
  return waitMs <= 0 ? 0 : Math.max(0, until - now);
}
