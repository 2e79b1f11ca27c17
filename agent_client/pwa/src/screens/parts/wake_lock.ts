/** Keeps the screen on while a code is shown; the lock ends with the page's visibility and is taken again with it. */
import { useEffect, useState } from "preact/hooks";

/** Whether the screen stays on. */
export function useWakeLock(): boolean {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (!("wakeLock" in navigator)) return undefined;
    let over = false;
    let lock: WakeLockSentinel | null = null;
    const take = async (): Promise<void> => {
      if (document.visibilityState !== "visible") return;
      const taken = await navigator.wakeLock.request("screen").catch(() => null);
      if (over) await taken?.release();
      else {
        lock = taken;
        setHeld(taken !== null);
      }
    };
    const again = (): void => void take();
    void take();
    document.addEventListener("visibilitychange", again);
    return () => {
      over = true;
      document.removeEventListener("visibilitychange", again);
      void lock?.release();
    };
  }, []);
  return held;
}
