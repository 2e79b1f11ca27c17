/** Where the phone is: WGS-84, bounded in time. A step never waits for it longer, and never fails for the lack of it. */
import type { Position } from "../../core/generated/types";

/** A cold start of a phone's receiver may take a minute; a person at a door waits eight seconds at most. */
export const POSITION_WAIT_MS = 8_000;
/** A position of a minute ago is the same door. */
const POSITION_AGE_MS_MAX = 60_000;
/** Beyond, the browser has guessed from the network's address. */
const ACCURACY_M_MAX = 50_000;

/** The position, or null when there is none in time, none allowed, or none that says anything. */
export function locate(geolocation: Geolocation | null | undefined = navigator.geolocation): Promise<Position | null> {
  if (geolocation === undefined || geolocation === null) return Promise.resolve(null);
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), POSITION_WAIT_MS);
    geolocation.getCurrentPosition(
      (found) => {
        clearTimeout(timer);
        resolve(positionOf(found.coords));
      },
      () => {
        clearTimeout(timer);
        resolve(null);
      },
      { enableHighAccuracy: true, timeout: POSITION_WAIT_MS, maximumAge: POSITION_AGE_MS_MAX },
    );
  });
}

export function positionOf(coords: Pick<GeolocationCoordinates, "latitude" | "longitude" | "accuracy">): Position | null {
  const { latitude, longitude, accuracy } = coords;
  if (![latitude, longitude, accuracy].every(Number.isFinite) || accuracy > ACCURACY_M_MAX) return null;
  return { lat_e7: Math.round(latitude * 1e7), lon_e7: Math.round(longitude * 1e7), accuracy_m: Math.max(1, Math.ceil(accuracy)) };
}

/**
 * A link that opens the phone's own map; both take WGS-84 and convert where their maps are drawn otherwise. By a scheme of its
 * own, not by an address on the web: without the app installed no browser carries the place to a server.
 */
export function navigationLink(place: { lat_e7: number; lon_e7: number }, label: string, agent: string): string {
  const latitude = (place.lat_e7 / 1e7).toFixed(6);
  const longitude = (place.lon_e7 / 1e7).toFixed(6);
  const name = encodeURIComponent(label);
  if (/iPhone|iPad|iPod|Macintosh/.test(agent)) return `maps://?daddr=${latitude},${longitude}`;
  return `geo:${latitude},${longitude}?q=${latitude},${longitude}(${name})`;
}

/** A position as text that any phone understands. */
export function positionText(position: Position): string {
  return `${(position.lat_e7 / 1e7).toFixed(6)},${(position.lon_e7 / 1e7).toFixed(6)}`;
}

/** An SMS to a number with a text; phones differ in the mark before `body`, `?&` works on both. */
export function smsLink(number: string, text: string): string {
  return `sms:${number}?&body=${encodeURIComponent(text)}`;
}

export function telLink(number: string): string {
  return `tel:${number.replace(/[^\d+*#]/g, "")}`;
}
