/** How small a picture is made before it is kept: pure numbers, used by `pictures.ts`. */
import { SIDE_RECORD_BYTES_MAX, SIDE_RECORD_SALT_BYTES } from "../../core/limits";

/** Enough to read a door number or a bank's slip; a modern camera's twelve megapixels would be six times as much. */
export const PHOTO_SIDE_MAX = 1600;
/** A signature stays legible at this width, and small enough to travel with the next exchange's photos. */
export const SIGNATURE_WIDTH_MAX = 480;

/** Side and quality of each attempt, best first; the first whose bytes fit is kept. */
export const PHOTO_ATTEMPTS: readonly { side: number; quality: number }[] = [
  { side: PHOTO_SIDE_MAX, quality: 0.82 },
  { side: PHOTO_SIDE_MAX, quality: 0.65 },
  { side: 1200, quality: 0.65 },
  { side: 800, quality: 0.6 },
  { side: 480, quality: 0.5 },
];

/** Bytes that a picture may have: the side record's limit less its salt and the seal of an identity answer. */
export const PICTURE_BYTES_MAX = SIDE_RECORD_BYTES_MAX - SIDE_RECORD_SALT_BYTES - 256;

/** The size that keeps the shape and has no side above `most`; never larger than it was, never below one. */
export function fitWithin(width: number, height: number, most: number): { width: number; height: number } {
  const factor = Math.min(1, most / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) };
}

/** The smallest rectangle around what was drawn, with some air; null when nothing was. */
export function inkBounds(
  points: readonly { x: number; y: number }[],
  air: number,
): { left: number; top: number; width: number; height: number } | null {
  if (points.length < 2) return null;
  const xs = points.map((point) => point.x);
  const ys = points.map((point) => point.y);
  const left = Math.max(0, Math.min(...xs) - air);
  const top = Math.max(0, Math.min(...ys) - air);
  return { left, top, width: Math.max(...xs) + air - left, height: Math.max(...ys) + air - top };
}
