/** The check before departure: is everything on this phone that a day without a network needs? */
import type { Reading } from "../core/clock";
import { CLOCK_DRIFT_INFO_MS } from "../core/limits";
import { formatAmount } from "../core/money";
import type { Desk } from "../store/desk";
import { unsentCount } from "../store/journal";
import { unsentRecords } from "../store/side_records";
import { officeMs, syncOf, type SyncState } from "../store/state";
import { daySummary } from "../work/drawer";
import { dayRoute } from "../work/route";
import type { DepartureCheck } from "./contract";
import { FRESH_MS_MAX, STORAGE_FREE_BYTES_MIN } from "./limits";

/** One line for each thing; none of them stops the agent. */
export async function departureChecks(desk: Desk): Promise<DepartureCheck[]> {
  const { environment } = desk;
  const view = await desk.memory.view();
  const state = await syncOf(view);
  const reading = environment.clock();
  const unsent = unsentCount(view);
  const photos = unsentRecords(view).length;
  return [
    await packCheck(desk),
    freshCheck(state, reading),
    clockCheck(state, reading),
    await storageCheck(desk),
    await spaceCheck(desk),
    await cashCheck(desk),
    { key: "unsent", ok: unsent === 0 && photos === 0, values: { unsent, photos } },
    { key: "installed", ok: environment.installed(), values: {} },
  ];
}

async function packCheck(desk: Desk): Promise<DepartureCheck> {
  try {
    const { complete, held, total, missing, pack } = await dayRoute(desk);
    return { key: "pack", ok: complete, values: { held, total, missing: missing.length, day: pack.service_day } };
  } catch {
    return { key: "pack", ok: false, values: { held: 0, total: 0, missing: 0, day: "" } };
  }
}

function freshCheck(state: SyncState, reading: Reading): DepartureCheck {
  const ageMs = Math.max(0, officeMs(state, reading) - state.syncedMs);
  return { key: "fresh", ok: state.syncedMs > 0 && ageMs <= FRESH_MS_MAX, values: { minutes: Math.floor(ageMs / 60_000) } };
}

function clockCheck(state: SyncState, reading: Reading): DepartureCheck {
  if (state.seen === null || state.seen.boot !== reading.boot) return { key: "clock", ok: null, values: { seconds: 0 } };
  const driftMs = reading.wallMs - officeMs(state, reading);
  const ok = Math.abs(driftMs) <= CLOCK_DRIFT_INFO_MS;
  return { key: "clock", ok, values: { seconds: Math.round(driftMs / 1000) } };
}

async function storageCheck(desk: Desk): Promise<DepartureCheck> {
  return { key: "storage", ok: await desk.environment.keeper.persisted(), values: {} };
}

async function spaceCheck(desk: Desk): Promise<DepartureCheck> {
  const { usageBytes, quotaBytes } = await desk.environment.keeper.estimate();
  const free = Math.max(0, quotaBytes - usageBytes);
  const ok = quotaBytes === 0 ? null : free >= STORAGE_FREE_BYTES_MIN;
  return { key: "space", ok, values: { megabytes: Math.floor(free / 1_000_000) } };
}

async function cashCheck(desk: Desk): Promise<DepartureCheck> {
  try {
    const { cashMinor, cashLimitMinor, currency } = await daySummary(desk);
    const values = { held: formatAmount(cashMinor, currency), limit: formatAmount(cashLimitMinor, currency) };
    return { key: "cash", ok: !cashLimitMinor || cashMinor <= cashLimitMinor, values };
  } catch {
    return { key: "cash", ok: null, values: { held: "", limit: "" } };
  }
}
