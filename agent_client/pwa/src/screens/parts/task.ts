/** One step under way: it cannot be started twice, and its error stays until the next try. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";

export interface Task {
  busy: boolean;
  error: unknown;
  /** Starts the work unless one is under way; success is for the work itself to show, after it resolved. */
  run(work: () => Promise<void>): void;
  fail(error: unknown): void;
  clear(): void;
}

export function useTask(): Task {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const running = useRef(false);
  const alive = useRef(true);
  useEffect(() => {
    alive.current = true;
    return () => {
      alive.current = false;
    };
  }, []);
  const run = useCallback((work: () => Promise<void>): void => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    setError(null);
    work()
      .catch((caught: unknown) => {
        if (alive.current) setError(caught);
      })
      .finally(() => {
        running.current = false;
        if (alive.current) setBusy(false);
      });
  }, []);
  const clear = useCallback(() => setError(null), []);
  return { busy, error, run, fail: setError, clear };
}
