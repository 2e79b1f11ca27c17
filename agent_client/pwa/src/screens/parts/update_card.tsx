/** A newer version waits: now, or once the day is ended. It is never applied by itself while somebody works. */
import { useState } from "preact/hooks";
import { useShared, useWords } from "../state";
import { FaultNote } from "./fault";
import { Icon } from "./icon";
import { Button } from "./press";
import { useTask } from "./task";

export function UpdateCard() {
  const shared = useShared();
  const words = useWords();
  const task = useTask();
  const [refused, setRefused] = useState(false);
  const update = shared.update.value;
  if (update === null) return null;
  return (
    <section class="card accent">
      <h2><Icon name="download" />{words.settings.update}</h2>
      <p>{words.settings.updateText}</p>
      {refused && <p class="fault" role="status">{words.settings.updateBusy}</p>}
      <FaultNote error={task.error} />
      <div class="buttons">
        <Button icon="sync" busy={task.busy} onPress={() => task.run(async () => setRefused(!(await update.apply())))}>{words.settings.updateNow}</Button>
        {!shared.updateLater.value && (
          <Button
            onPress={() => {
              shared.updateLater.value = true;
            }}
          >
            {words.settings.updateLater}
          </Button>
        )}
      </div>
    </section>
  );
}
