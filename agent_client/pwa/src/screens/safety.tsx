/** Help, first by voice: call, send the position; then the record, which is written offline and even on a locked phone. */
import { useEffect, useState } from "preact/hooks";
import type { Position, SafetyLevel } from "../core/generated/types";
import { SAFETY_LEVELS } from "../core/generated/types";
import { AdviceLines, Banner } from "./parts/banner";
import { FaultNote } from "./parts/fault";
import { Field } from "./parts/field";
import { Icon } from "./parts/icon";
import { OFFICE_PHONE } from "./parts/office_phone";
import { locate, positionText, smsLink, telLink } from "./parts/position";
import { Button } from "./parts/press";
import { Sheet } from "./parts/sheet";
import { useTask } from "./parts/task";
import type { Recorded } from "../phone/contract";
import type { Place } from "./routing";
import { useShared, useWords } from "./state";

/** The police in China. */
const EMERGENCY = "110";

export function SafetySheet({ place }: { place: Place }) {
  const shared = useShared();
  const words = useWords();
  const task = useTask();
  const [note, setNote] = useState("");
  const [position, setPosition] = useState<Position | null>(null);
  const [looked, setLooked] = useState(false);
  const [done, setDone] = useState<Recorded | null>(null);
  const office = shared.memory.get(OFFICE_PHONE) ?? "";
  const visit = place.screen === "stop" ? place.visit : "";
  useEffect(() => {
    let current = true;
    void locate().then((found) => {
      if (!current) return;
      setPosition(found);
      setLooked(true);
    });
    return () => {
      current = false;
    };
  }, []);
  const close = (): void => {
    shared.safetyOpen.value = false;
  };
  const raise = (level: SafetyLevel): void =>
    task.run(async () => {
      setDone(
        await shared.phone.safety(level, {
          ...(visit === "" ? {} : { visit }),
          ...(note.trim() === "" ? {} : { note: note.trim() }),
          position,
        }),
      );
    });
  const message = position === null ? words.safety.smsNoPosition : words.safety.smsText(positionText(position));
  return (
    <Sheet title={words.safety.title} onClose={close}>
      <p>{words.safety.lead}</p>
      <a class="action danger wide" href={telLink(EMERGENCY)}><Icon name="phone" />{words.safety.emergency}</a>
      <div class="buttons">
        {office !== "" && <a class="button danger" href={telLink(office)}><Icon name="phone" />{words.safety.office}</a>}
        <a class="button danger" href={smsLink(office, message)}><Icon name="message" />{words.safety.sms}</a>
      </div>
      <p class="hint" role="status">
        {!looked ? words.safety.locating : position === null ? words.safety.noPosition : words.safety.positionReady(position.accuracy_m)}
      </p>
      {done === null ? (
        <section class="card">
          <h2>{words.safety.raise}</h2>
          <Field label={words.safety.note} value={note} onInput={setNote} maxLength={500} />
          <FaultNote error={task.error} />
          <div class="stack">
            {SAFETY_LEVELS.map((level) => (
              <Button key={level} wide tone={level === "uneasy" ? "plain" : "danger"} busy={task.busy} onPress={() => raise(level)}>{words.safety.levels[level]}</Button>
            ))}
          </div>
        </section>
      ) : (
        <Banner tone="good" live>
          <p class="strong">{words.safety.recorded}</p>
          <AdviceLines advice={done.advice} />
        </Banner>
      )}
    </Sheet>
  );
}
