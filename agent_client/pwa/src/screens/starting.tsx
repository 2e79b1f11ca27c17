/** While the phone's memory opens. */
import { Mark } from "./parts/mark";
import { Screen } from "./parts/screen";
import { useWords } from "./state";

export function Starting() {
  const words = useWords();
  return (
    <Screen title={words.starting.title} closed>
      <div class="centre" role="status">
        <Mark />
        <span class="spinner" aria-hidden="true" />
        <p class="muted">{words.starting.text}</p>
      </div>
    </Screen>
  );
}
