/** A note about a stop; only the office reads it. */
import { useState } from "preact/hooks";
import { NOTE_BYTES_MAX } from "../core/limits";
import type { StopView } from "../phone/contract";
import { FaultNote } from "./parts/fault";
import { Field } from "./parts/field";
import { Action } from "./parts/press";
import { Screen } from "./parts/screen";
import { useTask } from "./parts/task";
import { WhoLine, WithStop } from "./parts/with_stop";
import { to } from "./routing";
import { useShared, useWords } from "./state";

/** A Chinese character is three bytes. */
const CHARACTERS_MAX = Math.floor(NOTE_BYTES_MAX / 3);

export function NoteScreen({ visit }: { visit: string }) {
  const words = useWords();
  return (
    <WithStop visit={visit} title={words.note.title} needsOpen={false}>
      {(view) => <NoteForm view={view} />}
    </WithStop>
  );
}

function NoteForm({ view }: { view: StopView }) {
  const shared = useShared();
  const words = useWords();
  const task = useTask();
  const visit = view.stop.document.visit;
  const [text, setText] = useState("");
  const [asked, setAsked] = useState(false);
  const empty = text.trim() === "";
  const submit = (): void => {
    setAsked(true);
    if (empty) return;
    task.run(async () => {
      const done = await shared.phone.note(visit, text.trim());
      shared.recorded(done, words.app.recorded);
      shared.back(to.stop(visit));
    });
  };
  return (
    <Screen
      title={words.note.title}
      backTo={to.stop(visit)}
      action={<Action icon="check" busy={task.busy} dim={empty} onPress={submit}>{words.note.submit}</Action>}
    >
      <WhoLine view={view} />
      <Field label={words.note.label} hint={words.note.hint} value={text} onInput={setText} lines={7} maxLength={CHARACTERS_MAX} fault={asked && empty ? words.note.empty : undefined} />
      <FaultNote error={task.error} />
    </Screen>
  );
}
