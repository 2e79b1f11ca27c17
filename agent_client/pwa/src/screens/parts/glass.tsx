/** Signing on the glass: finger or pen, kept as a small picture of the ink alone on white. */
import type { Ref } from "preact";
import { useEffect, useId, useImperativeHandle, useRef, useState } from "preact/hooks";
import type { Picture } from "../../phone/contract";
import { useWords } from "../state";
import { bytesOf } from "./pictures";
import { Button } from "./press";
import { fitWithin, inkBounds, SIGNATURE_WIDTH_MAX } from "./shrinking";

export interface GlassHandle {
  /** The signature, or null while nothing is signed. */
  picture(): Promise<Picture | null>;
}

const INK = "#0d151d";
const LINE_WIDTH = 2.5;
const AIR = 12;

export function Glass({ label, handle }: { label: string; handle: Ref<GlassHandle> }) {
  const words = useWords();
  const id = useId();
  const canvas = useRef<HTMLCanvasElement>(null);
  const strokes = useRef<{ x: number; y: number }[][]>([]);
  const [signed, setSigned] = useState(false);

  const redraw = (): void => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (element === null || context === null || context === undefined) return;
    const ratio = window.devicePixelRatio;
    element.width = Math.round(element.clientWidth * ratio);
    element.height = Math.round(element.clientHeight * ratio);
    context.scale(ratio, ratio);
    draw(context, strokes.current);
  };
  useEffect(() => {
    redraw();
    window.addEventListener("resize", redraw);
    return () => window.removeEventListener("resize", redraw);
  }, []);

  const pointOf = (event: PointerEvent): { x: number; y: number } => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const begin = (event: PointerEvent): void => {
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    strokes.current.push([pointOf(event)]);
  };
  const move = (event: PointerEvent): void => {
    const stroke = strokes.current.at(-1);
    if (stroke === undefined || !(event.currentTarget as HTMLElement).hasPointerCapture(event.pointerId)) return;
    stroke.push(pointOf(event));
    const context = canvas.current?.getContext("2d");
    if (context !== null && context !== undefined) draw(context, [stroke.slice(-2)]);
    if (!signed) setSigned(true);
  };

  useImperativeHandle(handle, () => ({
    async picture() {
      const bounds = inkBounds(strokes.current.flat(), AIR);
      if (bounds === null) return null;
      const size = fitWithin(bounds.width, bounds.height, SIGNATURE_WIDTH_MAX);
      const small = document.createElement("canvas");
      small.width = size.width;
      small.height = size.height;
      const context = small.getContext("2d");
      if (context === null) return null;
      context.fillStyle = "#fff";
      context.fillRect(0, 0, size.width, size.height);
      const factor = size.width / bounds.width;
      context.scale(factor, factor);
      context.translate(-bounds.left, -bounds.top);
      draw(context, strokes.current);
      return { bytes: await bytesOf(small, "image/png"), mime: "image/png" };
    },
  }), []);

  return (
    <div class="field">
      <span class="label" id={id}>{label}</span>
      <div class="glass">
        <canvas ref={canvas} role="img" aria-labelledby={id} onPointerDown={begin} onPointerMove={move} />
        <div class="guide" aria-hidden="true" />
        {!signed && <p class="word" aria-hidden="true">{words.identity.signHere}</p>}
      </div>
      {signed && (
        <Button
          icon="erase"
          onPress={() => {
            strokes.current = [];
            setSigned(false);
            redraw();
          }}
        >
          {words.identity.clear}
        </Button>
      )}
    </div>
  );
}

function draw(context: CanvasRenderingContext2D, strokes: readonly (readonly { x: number; y: number }[])[]): void {
  context.strokeStyle = INK;
  context.lineWidth = LINE_WIDTH;
  context.lineCap = "round";
  context.lineJoin = "round";
  for (const stroke of strokes) {
    context.beginPath();
    for (const [place, point] of stroke.entries()) {
      if (place === 0) context.moveTo(point.x, point.y);
      else context.lineTo(point.x, point.y);
    }
    const only = stroke.length === 1 ? stroke[0] : undefined;
    if (only !== undefined) context.lineTo(only.x + 0.1, only.y);
    context.stroke();
  }
}
