/** Buttons. One that cannot be used now says why when it is pressed, instead of being dead under the thumb. */
import type { ComponentChildren } from "preact";
import { useWords } from "../state";
import { Icon, type IconName } from "./icon";

interface PressProps {
  onPress: () => void;
  children: ComponentChildren;
  busy?: boolean;
  /** Looks unavailable; a press still reaches `onPress`, which tells what is missing. */
  dim?: boolean;
  icon?: IconName;
  tone?: "plain" | "danger";
  wide?: boolean;
}

/** The one main action of a screen. */
export function Action({ onPress, children, busy = false, dim = false, icon, tone = "plain", wide = false }: PressProps) {
  const words = useWords();
  return (
    <button
      type="button"
      class={`action${tone === "danger" ? " danger" : ""}${wide ? " wide" : ""}`}
      aria-disabled={dim || busy ? "true" : undefined}
      aria-busy={busy ? "true" : undefined}
      onClick={() => {
        if (!busy) onPress();
      }}
    >
      {busy ? <span class="spinner" aria-hidden="true" /> : icon !== undefined && <Icon name={icon} />}
      <span>{busy ? words.app.working : children}</span>
    </button>
  );
}

/** Any other button with a word on it. */
export function Button({ onPress, children, busy = false, dim = false, icon, tone = "plain", wide = false }: PressProps) {
  return (
    <button
      type="button"
      class={`button${tone === "danger" ? " danger" : ""}${wide ? " wide" : ""}`}
      aria-disabled={dim || busy ? "true" : undefined}
      aria-busy={busy ? "true" : undefined}
      onClick={() => {
        if (!busy) onPress();
      }}
    >
      {busy ? <span class="spinner" aria-hidden="true" /> : icon !== undefined && <Icon name={icon} />}
      <span>{children}</span>
    </button>
  );
}

export function IconButton({ icon, label, onPress }: { icon: IconName; label: string; onPress: () => void }) {
  return (
    <button type="button" class="icon-button" aria-label={label} title={label} onClick={onPress}>
      <Icon name={icon} />
    </button>
  );
}

/** A link within the app: a real address, so that it can be read out and held, followed without loading the page. */
export function Link({ to, go, class: look, children, current, label }: {
  to: string;
  go: (path: string) => void;
  class?: string;
  children: ComponentChildren;
  current?: boolean;
  label?: string;
}) {
  return (
    <a
      href={to}
      class={look}
      aria-current={current === true ? "page" : undefined}
      aria-label={label}
      onClick={(event: MouseEvent) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        go(to);
      }}
    >
      {children}
    </a>
  );
}
