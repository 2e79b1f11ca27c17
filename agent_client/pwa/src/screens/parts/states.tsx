/** A screen's content while it is read, when reading failed, and when there is nothing. */
import type { ComponentChildren } from "preact";
import { useWords } from "../state";
import { FaultNote } from "./fault";
import { Icon, type IconName } from "./icon";
import type { Loaded } from "./load";
import { Button } from "./press";

export function Waiting() {
  const words = useWords();
  return (
    <div class="stack" role="status">
      <span class="unseen">{words.app.loading}</span>
      {["short", "tall", "tall"].map((size, place) => (
        <div class={`skeleton ${size}`} key={place} aria-hidden="true" />
      ))}
    </div>
  );
}

/** Waits for what is read, then draws it. */
export function Once<Value>({ loaded, children }: { loaded: Loaded<Value>; children: (value: Value) => ComponentChildren }) {
  const words = useWords();
  if (loaded.value !== null) return <>{children(loaded.value)}</>;
  if (loaded.error !== null) {
    return (
      <div class="stack">
        <FaultNote error={loaded.error} />
        <Button icon="sync" onPress={loaded.again}>{words.app.retry}</Button>
      </div>
    );
  }
  return <Waiting />;
}

export function Empty({ icon, title, children }: { icon: IconName; title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <Icon name={icon} size={40} />
      <h2>{title}</h2>
      {children}
    </div>
  );
}
