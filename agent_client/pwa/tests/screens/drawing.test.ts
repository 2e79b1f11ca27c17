/** The route's picture, the receipt's code, and how small pictures are made. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatMeters, project, scaleBar } from "../../src/screens/parts/projection";
import { qrMatrix, qrPath, QUIET_ZONE } from "../../src/screens/parts/qr_matrix";
import { fitWithin, inkBounds, PHOTO_ATTEMPTS, PICTURE_BYTES_MAX } from "../../src/screens/parts/shrinking";
import { fakeDigits } from "./fake_data";

const FRAME = { width: 340, heightMin: 170, heightMax: 280, margin: 26, apart: 27 };
const at = (latitude: number, longitude: number) => ({ lat_e7: Math.round(latitude * 1e7), lon_e7: Math.round(longitude * 1e7) });

describe("the route's picture", () => {
  it("puts north above and east to the right", () => {
    const { points } = project([at(33.4, 120.1), at(33.3, 120.2)], FRAME);
    expect(points[0]?.y).toBeLessThan(points[1]?.y ?? 0);
    expect(points[0]?.x).toBeLessThan(points[1]?.x ?? 0);
  });

  it("is true to scale: a kilometre north is as long as one east", () => {
    const north = 1000 / 111_320;
    const east = north / Math.cos((33.35 * Math.PI) / 180);
    const { points, metersPerUnit } = project([at(33.35, 120), at(33.35 + 5 * north, 120), at(33.35, 120 + 5 * east)], FRAME);
    const [origin, up, right] = points;
    const long = Math.abs((up?.y ?? 0) - (origin?.y ?? 0));
    const wide = Math.abs((right?.x ?? 0) - (origin?.x ?? 0));
    expect(long * metersPerUnit).toBeCloseTo(5000, -2);
    expect(wide * metersPerUnit).toBeCloseTo(5000, -2);
  });

  it("shows every stop whole and apart, wherever they are", () => {
    const place = fc.record({ latitude: fc.double({ min: 33.2, max: 33.5, noNaN: true }), longitude: fc.double({ min: 120, max: 120.3, noNaN: true }) });
    fc.assert(
      fc.property(fc.array(place, { minLength: 1, maxLength: 8 }), (places) => {
        const { points, width, height } = project(places.map((one) => at(one.latitude, one.longitude)), FRAME);
        expect(points).toHaveLength(places.length);
        for (const point of points) {
          expect(point.x).toBeGreaterThanOrEqual(0);
          expect(point.x).toBeLessThanOrEqual(width);
          expect(point.y).toBeGreaterThanOrEqual(0);
          expect(point.y).toBeLessThanOrEqual(height);
        }
      }),
    );
  });

  it("moves two stops at one address apart", () => {
    const { points } = project([at(33.35, 120.1), at(33.35, 120.1), at(33.4, 120.2)], FRAME);
    const [one, other] = points;
    expect(Math.hypot((one?.x ?? 0) - (other?.x ?? 0), (one?.y ?? 0) - (other?.y ?? 0))).toBeGreaterThan(20);
  });

  it("has a scale of a round length that fits", () => {
    const bar = scaleBar(30, 90);
    expect(bar).toEqual({ units: 2000 / 30, meters: 2000 });
    expect(formatMeters(2000)).toBe("2 km");
    expect(formatMeters(500)).toBe("500 m");
  });
});

describe("the receipt's code", () => {
  it("is version 8 with a prefix of 29 characters and 292 digits", () => {
    const prefix = "https://doorstep.example.c/r#";
    expect(prefix).toHaveLength(29);
    expect(qrMatrix(prefix, fakeDigits(1))?.version).toBe(8);
    expect(qrMatrix(`${prefix.slice(0, -1)}x#`, fakeDigits(1))?.version).toBe(9);
  });

  it("is drawn inside of its quiet zone, module for module", () => {
    const matrix = qrMatrix("https://doorstep.example/r#", fakeDigits(2));
    if (matrix === null) throw new Error("no code");
    const bars = [...qrPath(matrix).matchAll(/M(\d+) (\d+)h(\d+)v1/g)];
    const drawn = bars.reduce((sum, bar) => sum + Number(bar[3]), 0);
    let dark = 0;
    for (let row = 0; row < matrix.size; row += 1) for (let column = 0; column < matrix.size; column += 1) dark += matrix.dark(row, column) ? 1 : 0;
    expect(drawn).toBe(dark);
    for (const bar of bars) {
      expect(Number(bar[1])).toBeGreaterThanOrEqual(QUIET_ZONE);
      expect(Number(bar[1]) + Number(bar[3])).toBeLessThanOrEqual(matrix.size + QUIET_ZONE);
    }
  });

  it("is refused, not cut, when the text is too long for any code", () => {
    expect(qrMatrix("x".repeat(4000), "")).toBeNull();
  });
});

describe("shrinking", () => {
  it("keeps the shape and never enlarges", () => {
    expect(fitWithin(4000, 3000, 1600)).toEqual({ width: 1600, height: 1200 });
    expect(fitWithin(300, 200, 1600)).toEqual({ width: 300, height: 200 });
    expect(fitWithin(10_000, 1, 480)).toEqual({ width: 480, height: 1 });
  });

  it("tries smaller and smaller, within a side record", () => {
    const sizes = PHOTO_ATTEMPTS.map((attempt) => attempt.side * attempt.quality);
    expect([...sizes].sort((left, right) => right - left)).toEqual(sizes);
    expect(PICTURE_BYTES_MAX).toBeLessThan(2 * 1024 * 1024);
  });

  it("cuts a signature to its ink; a single dot is none", () => {
    expect(inkBounds([{ x: 5, y: 5 }], 12)).toBeNull();
    expect(inkBounds([{ x: 20, y: 30 }, { x: 120, y: 60 }], 12)).toEqual({ left: 8, top: 18, width: 124, height: 54 });
  });
});
