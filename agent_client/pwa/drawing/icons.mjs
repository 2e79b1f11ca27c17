/**
 * The mark as PNG icons: an open door on blue, the same as the office's icon (a 32 × 32 drawing).
 *
 * Each pixel's colour follows from its distance to the strokes, so edges are smooth at every size. A maskable icon fills
 * the square to its edges and keeps the mark within the safe circle of 80 % (W3C, Web Application Manifest).
 */
import { encodePng } from "./png.mjs";

const BLUE = [0x12, 0x35, 0x5b];
const WHITE = [0xff, 0xff, 0xff];
const SIDE = 32;
const CORNER_RADIUS = 8;
const STROKE_RADIUS = 1;
/** Strokes as (x1, y1, x2, y2): the frame's left post, lintel, right post, the threshold, the knob. */
const STROKES = [[10, 25, 10, 7], [10, 7, 22, 7], [22, 7, 22, 25], [7, 25, 25, 25], [18, 16, 18, 17.4]];
const MASKABLE_SCALE = 0.8;

/** Name → bytes of every icon that the manifest names. */
export function icons() {
  return new Map([
    ["icons/icon-192.png", drawIcon(192, false)],
    ["icons/icon-512.png", drawIcon(512, false)],
    ["icons/maskable-512.png", drawIcon(512, true)],
    ["icons/apple-touch-180.png", drawIcon(180, true)],
  ]);
}

function drawIcon(size, maskable) {
  const pixels = new Uint8Array(size * size * 4);
  const unit = SIDE / size;
  const scale = maskable ? MASKABLE_SCALE : 1;
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const x = (column + 0.5) * unit;
      const y = (row + 0.5) * unit;
      const markX = (x - SIDE / 2) / scale + SIDE / 2;
      const markY = (y - SIDE / 2) / scale + SIDE / 2;
      const ink = covered(Math.min(...STROKES.map((stroke) => distance(markX, markY, stroke))) - STROKE_RADIUS, unit / scale);
      const ground = maskable ? 1 : covered(outsideSquare(x, y), unit);
      const place = (row * size + column) * 4;
      for (let channel = 0; channel < 3; channel += 1) {
        pixels[place + channel] = Math.round(BLUE[channel] * (1 - ink) + WHITE[channel] * ink);
      }
      pixels[place + 3] = Math.round(255 * ground);
    }
  }
  return encodePng(size, size, pixels);
}

/** How much of a pixel lies inside an edge that is `signedDistance` away (negative: inside). */
function covered(signedDistance, pixel) {
  return Math.min(1, Math.max(0, 0.5 - signedDistance / pixel));
}

function distance(x, y, [x1, y1, x2, y2]) {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const along = Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(x - x1 - along * dx, y - y1 - along * dy);
}

function outsideSquare(x, y) {
  const reach = SIDE / 2 - CORNER_RADIUS;
  const dx = Math.abs(x - SIDE / 2) - reach;
  const dy = Math.abs(y - SIDE / 2) - reach;
  return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - CORNER_RADIUS;
}
