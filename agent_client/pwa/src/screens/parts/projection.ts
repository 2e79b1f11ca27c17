/**
 * From coordinates to a picture: an equirectangular projection around the middle, true to scale within a town (below 0.1 %
 * over 50 km), north up. Stops that lie on each other are moved apart, so that each number can be read.
 */

export interface Place {
  lat_e7: number;
  lon_e7: number;
}

export interface Point {
  x: number;
  y: number;
}

export interface Projected {
  points: Point[];
  width: number;
  height: number;
  metersPerUnit: number;
}

const METERS_PER_DEGREE = 111_320;
/** A single stop needs some ground around it. */
const SPAN_METERS_MIN = 400;

/** Projects into `width` units; the height follows from the ground between `heightMin` and `heightMax`. */
export function project(
  places: readonly Place[],
  frame: { width: number; heightMin: number; heightMax: number; margin: number; apart: number },
): Projected {
  if (places.length === 0) return { points: [], width: frame.width, height: frame.heightMin, metersPerUnit: 1 };
  const latitudes = places.map((place) => place.lat_e7 / 1e7);
  const longitudes = places.map((place) => place.lon_e7 / 1e7);
  const middle = (Math.min(...latitudes) + Math.max(...latitudes)) / 2;
  const shrink = Math.cos((middle * Math.PI) / 180);
  const east = longitudes.map((longitude) => longitude * METERS_PER_DEGREE * shrink);
  const north = latitudes.map((latitude) => latitude * METERS_PER_DEGREE);
  const spanX = Math.max(Math.max(...east) - Math.min(...east), SPAN_METERS_MIN);
  const spanY = Math.max(Math.max(...north) - Math.min(...north), SPAN_METERS_MIN / 2);
  const inner = frame.width - 2 * frame.margin;
  const innerMax = frame.heightMax - 2 * frame.margin;
  const metersPerUnit = Math.max(spanX / inner, spanY / innerMax);
  const height = Math.max(frame.heightMin, spanY / metersPerUnit + 2 * frame.margin);
  const middleX = (Math.max(...east) + Math.min(...east)) / 2;
  const middleY = (Math.max(...north) + Math.min(...north)) / 2;
  const points = places.map((_, index) => ({
    x: frame.width / 2 + ((east[index] ?? 0) - middleX) / metersPerUnit,
    y: height / 2 - ((north[index] ?? 0) - middleY) / metersPerUnit,
  }));
  return { points: movedApart(points, frame.apart, frame.width, height), width: frame.width, height, metersPerUnit };
}

/** Pushes points that overlap away from each other, a bounded number of times, within the picture. */
function movedApart(points: Point[], apart: number, width: number, height: number): Point[] {
  const moved = points.map((point) => ({ ...point }));
  for (let round = 0; round < 40; round += 1) {
    let quiet = true;
    for (let left = 0; left < moved.length; left += 1) {
      for (let right = left + 1; right < moved.length; right += 1) {
        const one = moved[left] as Point;
        const other = moved[right] as Point;
        const distance = Math.hypot(other.x - one.x, other.y - one.y);
        if (distance >= apart) continue;
        quiet = false;
        // Two at the very same place part along a direction that depends on their numbers only.
        const angle = distance < 0.01 ? (left * 2.4 + right) % (2 * Math.PI) : Math.atan2(other.y - one.y, other.x - one.x);
        const push = (apart - distance) / 2 + 0.1;
        one.x -= Math.cos(angle) * push;
        one.y -= Math.sin(angle) * push;
        other.x += Math.cos(angle) * push;
        other.y += Math.sin(angle) * push;
      }
    }
    for (const point of moved) {
      point.x = Math.min(width - apart / 2, Math.max(apart / 2, point.x));
      point.y = Math.min(height - apart / 2, Math.max(apart / 2, point.y));
    }
    if (quiet) break;
  }
  return moved;
}

/** A round length for the scale bar, at most `unitsMax` long. */
export function scaleBar(metersPerUnit: number, unitsMax: number): { units: number; meters: number } {
  const most = metersPerUnit * unitsMax;
  const power = 10 ** Math.floor(Math.log10(most));
  const step = [5, 2, 1].find((factor) => factor * power <= most) ?? 1;
  const meters = step * power;
  return { units: meters / metersPerUnit, meters };
}

/** `250` → `250 m`, `2000` → `2 km`. */
export function formatMeters(meters: number): string {
  return meters >= 1000 ? `${Number((meters / 1000).toFixed(1))} km` : `${Math.round(meters)} m`;
}
