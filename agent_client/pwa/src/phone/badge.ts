/**
 * The agent's badge: the office's certificate for today, with this phone's signature over the present minute.
 *
 * Nothing is written and nothing needs the office. The minute is the office's, where its signed time was seen since this page
 * was loaded, because customers' phones compare it with the office's clock; else this phone's own.
 */
import { badgeDigits, MINUTE_MS, readCertificate, signBadge, type SignedCertificate } from "../core/badge";
import { refuse } from "../core/errors";
import type { BadgeDocument } from "../core/generated/types";
import { BADGE_MINUTES_MAX } from "../core/limits";
import { deviceOf, type Desk } from "../store/desk";
import { badgesOf, daysOf } from "../store/documents";
import { officeMs, syncOf } from "../store/state";

/** The badge's code, and when by this phone's clock it is stale; null when the office certified none for this moment. */
export async function showBadge(desk: Desk): Promise<{ prefix: string; digits: string; staleMs: number } | null> {
  const view = await desk.memory.view();
  const state = await syncOf(view);
  if (state.locked) throw refuse("locked");
  const reading = desk.environment.clock();
  const nowMs = officeMs(state, reading);
  const certificate = validAt(await badgesOf(view), deviceOf(desk), nowMs);
  if (certificate === null) return null;
  const badge = await signBadge(desk.signingKey, certificate, nowMs);
  const pack = (await daysOf(view)).find((day) => day.service_day === certificate.body.serviceDay);
  const address = (pack?.public_url || desk.enrolment.answer.public_url).replace(/\/+$/, "");
  const staleMs = Math.min((badge.minute + BADGE_MINUTES_MAX + 1) * MINUTE_MS, certificate.body.untilS * 1000);
  return { prefix: `${address}/agent#`, digits: badgeDigits(badge), staleMs: staleMs + reading.wallMs - nowMs };
}

function validAt(documents: readonly BadgeDocument[], device: string, nowMs: number): SignedCertificate | null {
  for (const { certificates } of documents) {
    for (const given of certificates) {
      if (given.device !== device) continue;
      const certificate = readCertificate(given.certificate);
      const { fromS, untilS } = certificate.body;
      if (fromS * 1000 <= nowMs && nowMs < untilS * 1000) return certificate;
    }
  }
  return null;
}
