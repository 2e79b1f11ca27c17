/** Installing by the browser's own question, where it offers one (`beforeinstallprompt`, Chrome); null elsewhere. */
import { useEffect, useState } from "preact/hooks";

interface InstallEvent extends Event {
  prompt(): Promise<void>;
}

let waiting: InstallEvent | null = null;
const listeners = new Set<() => void>();

/** Keeps the browser's offer until somebody presses the button; called once when the app starts. */
export function keepInstallOffer(target: EventTarget): void {
  target.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    waiting = event as InstallEvent;
    for (const listener of listeners) listener();
  });
  target.addEventListener("appinstalled", () => {
    waiting = null;
    for (const listener of listeners) listener();
  });
}

export function useInstall(): (() => void) | null {
  const [, redraw] = useState(0);
  useEffect(() => {
    const listener = (): void => redraw((count) => count + 1);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, []);
  const offer = waiting;
  return offer === null ? null : () => void offer.prompt();
}
