/** The phone's status, read once after each change however many parts of a screen show it. */
import type { PhoneStatus } from "../../phone/contract";
import { type Shared, useShared } from "../state";
import { useLoaded } from "./load";

const last = new WeakMap<Shared, { revision: number; status: Promise<PhoneStatus> }>();

function statusOf(shared: Shared): Promise<PhoneStatus> {
  const revision = shared.revision.value;
  const known = last.get(shared);
  if (known !== undefined && known.revision === revision) return known.status;
  const status = shared.phone.status();
  last.set(shared, { revision, status });
  return status;
}

/** Null until it was read for the first time. */
export function useStatus(): PhoneStatus | null {
  const shared = useShared();
  return useLoaded(() => statusOf(shared), "status").value;
}
