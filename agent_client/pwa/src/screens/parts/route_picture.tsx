/** The day's route drawn from coordinates alone: north up, a scale, the stops by their numbers. Needs no map and no network. */
import type { Route, RouteStop } from "../../phone/contract";
import { useWords } from "../state";
import { formatMeters, type Place, project, scaleBar } from "./projection";
import { isDone } from "./stops";

const FRAME = { width: 340, heightMin: 170, heightMax: 280, margin: 26, apart: 27 };
/** Ground below the drawing for the scale, so that it never lies on a stop. */
const FOOT = 26;
const SCALE_UNITS_MAX = 90;

export function RoutePicture({ route, next }: { route: Route; next: RouteStop | null }) {
  const words = useWords();
  const { pack } = route;
  const placed = route.stops.filter((stop) => stop.document.lat_e7 !== 0 || stop.document.lon_e7 !== 0);
  const home: Place[] = pack.home_lat_e7 !== 0 || pack.home_lon_e7 !== 0 ? [{ lat_e7: pack.home_lat_e7, lon_e7: pack.home_lon_e7 }] : [];
  if (placed.length === 0) return null;
  const { points, width, height, metersPerUnit } = project([...home, ...placed.map((stop) => stop.document)], FRAME);
  const homePoint = home.length > 0 ? points[0] : undefined;
  const stopPoints = points.slice(home.length);
  const bar = scaleBar(metersPerUnit, SCALE_UNITS_MAX);
  const legs = points.slice(1).map((point, place) => ({ from: points[place], to: point, stop: placed[place + 1 - home.length] }));
  return (
    <svg class="map" viewBox={`0 0 ${width} ${Math.round(height) + FOOT}`} role="img" aria-label={words.route.pictureLabel(placed.length)}>
      {legs.map(({ from, to, stop }, place) =>
        from === undefined ? null : (
          <path key={place} class={`leg${stop !== undefined && isDone(stop) ? " gone" : ""}`} d={`M${from.x} ${from.y}L${to.x} ${to.y}`} />
        ),
      )}
      {homePoint !== undefined && (
        <path class="home" d={`M${homePoint.x} ${homePoint.y - 9}l10 8h-3v9h-14v-9h-3z`}>
          <title>{words.route.home}</title>
        </path>
      )}
      {placed.map((stop, place) => {
        const point = stopPoints[place];
        if (point === undefined) return null;
        const isNext = next !== null && stop.document.visit === next.document.visit;
        const look = isNext ? " next" : isDone(stop) ? " done" : stop.document.forbidden.includes("visit") ? " stopped" : "";
        return (
          <g key={stop.document.visit}>
            <circle class={`dot${look}`} cx={point.x} cy={point.y} r={isNext ? 14 : 11.5} />
            <text class={isNext ? "on-next" : undefined} x={point.x} y={point.y + 0.5}>{stop.document.position}</text>
          </g>
        );
      })}
      <path class="aid-line" d={`M${width - 18} 30V12m-4.5 5l4.5-6 4.5 6`} />
      <text class="aid" x={width - 18} y={40}>{words.route.north}</text>
      <path class="aid-line" d={`M14 ${height + FOOT - 16}v5h${bar.units}v-5`} />
      <text class="aid start" x={22 + bar.units} y={height + FOOT - 14}>{formatMeters(bar.meters)}</text>
    </svg>
  );
}
