/** What can be said of a day's stops as a whole. */
import type { Route, RouteStop } from "../../phone/contract";

/** A stop is done when it was concluded, whatever came of it. */
export function isDone(stop: RouteStop): boolean {
  return stop.state !== "to_do" && stop.state !== "open";
}

/** The stop to go on with: one that was begun, else the first to do that the office has not taken away or forbidden. */
export function nextStop(route: Route): RouteStop | null {
  const left = route.stops.filter((stop) => !isDone(stop));
  return (
    left.find((stop) => stop.state === "open") ??
    left.find((stop) => !stop.removed && !stop.document.forbidden.includes("visit")) ??
    null
  );
}

export function doneCount(route: Route): number {
  return route.stops.filter(isDone).length;
}

/** Reasons behind what is forbidden, each said once with the tasks that it forbids. */
export function forbiddenGroups(document: RouteStop["document"]): { codes: string[]; why: string }[] {
  const groups = new Map<string, string[]>();
  document.forbidden.forEach((code, place) => {
    const why = document.forbidden_why[place] ?? document.forbidden_why[0] ?? "";
    groups.set(why, [...(groups.get(why) ?? []), code]);
  });
  return [...groups].map(([why, codes]) => ({ codes, why }));
}
