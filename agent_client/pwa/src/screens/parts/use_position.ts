/** The position at a step: looked for as soon as the step is opened, taken as far as it has come when it is recorded. */
import { useEffect, useRef } from "preact/hooks";
import type { Position } from "../../core/generated/types";
import { locate } from "./position";

export function usePosition(): () => Position | null {
  const found = useRef<Position | null>(null);
  useEffect(() => {
    let current = true;
    void locate().then((position) => {
      if (current) found.current = position;
    });
    return () => {
      current = false;
    };
  }, []);
  return () => found.current;
}
