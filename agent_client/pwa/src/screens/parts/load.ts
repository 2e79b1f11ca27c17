/** Reads something of the phone, again after each of its changes; what was read stays shown meanwhile. */
import { useEffect, useState } from "preact/hooks";
import { useShared } from "../state";

export interface Loaded<Value> {
  value: Value | null;
  error: unknown;
  again(): void;
}

export function useLoaded<Value>(read: () => Promise<Value>, key: string): Loaded<Value> {
  const { revision } = useShared();
  const [tries, setTries] = useState(0);
  const [state, setState] = useState<{ key: string; value: Value | null; error: unknown }>({ key, value: null, error: null });
  const changes = revision.value;
  useEffect(() => {
    let current = true;
    read().then(
      (value) => current && setState({ key, value, error: null }),
      (error: unknown) => current && setState((before) => ({ key, value: before.key === key ? before.value : null, error })),
    );
    return () => {
      current = false;
    };
    // `read` is a new function each time; `key` says what it reads.
  }, [key, changes, tries]);
  const fresh = state.key === key;
  return { value: fresh ? state.value : null, error: fresh ? state.error : null, again: () => setTries((count) => count + 1) };
}
