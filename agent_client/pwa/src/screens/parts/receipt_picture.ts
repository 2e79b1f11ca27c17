/** A receipt as a picture for the customer's own phone: the same words as on the screen, drawn on a canvas. */
import type { Language, ShownReceipt } from "../../phone/contract";
import { bytesOf } from "./pictures";
import { qrMatrix, QUIET_ZONE } from "./qr_matrix";
import { receiptText } from "./receipt_text";

const WIDTH = 1080;
const MARGIN = 72;
const INNER = WIDTH - 2 * MARGIN;
const FONT = '"PingFang SC", "Noto Sans CJK SC", "Noto Sans SC", system-ui, sans-serif';
const INK = "#0d151d";
const MUTED = "#424e5a";
const LINE = "#cdd5dd";
const PAYMENT = "#12355b";
const VOID = "#95211a";

export async function receiptPicture(receipt: ShownReceipt, language: Language): Promise<Uint8Array> {
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH;
  // Drawn twice: once to learn the height, once onto a canvas of that height (setting it clears the canvas).
  canvas.height = 10;
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("no canvas");
  canvas.height = Math.ceil(paint(context, receipt, language));
  paint(context, receipt, language);
  return bytesOf(canvas, "image/png");
}

/** Paints the whole receipt and returns its height in pixels. */
function paint(context: CanvasRenderingContext2D, receipt: ShownReceipt, language: Language): number {
  const text = receiptText(receipt, language);
  const colour = text.void ? VOID : PAYMENT;
  context.fillStyle = "#fff";
  context.fillRect(0, 0, WIDTH, context.canvas.height);
  context.fillStyle = colour;
  context.fillRect(0, 0, WIDTH, 196);
  let y = 84;
  write(context, text.creditor, 44, MARGIN, y, { bold: true, colour: "#fff", width: INNER });
  y += 68;
  write(context, text.title, 40, MARGIN, y, { colour: "#fff", width: INNER });
  y = 280;
  write(context, text.amountLabel, 36, WIDTH / 2, y, { colour: MUTED, centre: true });
  y += 116;
  write(context, text.amount, 112, WIDTH / 2, y, { bold: true, colour, centre: true, width: INNER });
  if (text.void || text.voided) {
    context.fillRect(WIDTH / 2 - INNER / 3, y - 42, (INNER * 2) / 3, 7);
  }
  y += 24;
  y = paragraph(context, text.inWords, 34, y, { colour: MUTED, centre: true });
  y += 40;
  rule(context, y);
  y += 24;
  for (const row of text.rows) {
    y += 58;
    write(context, row.label, 36, MARGIN, y, { colour: MUTED });
    write(context, row.value, 36, WIDTH - MARGIN, y, { bold: true, right: true, width: INNER - 260 });
  }
  y += 40;
  rule(context, y);
  y += 12;
  y = paragraph(context, text.note, 34, y, { colour: INK });
  y += 24;
  y = code(context, receipt, y);
  y = paragraph(context, text.scan, 36, y, { colour: INK, centre: true, bold: true });
  return y + 72;
}

function code(context: CanvasRenderingContext2D, receipt: ShownReceipt, top: number): number {
  const matrix = qrMatrix(receipt.prefix, receipt.digits);
  if (matrix === null) return top;
  const module = Math.floor(INNER / (matrix.size + 2 * QUIET_ZONE));
  const side = module * (matrix.size + 2 * QUIET_ZONE);
  const left = Math.round((WIDTH - side) / 2) + module * QUIET_ZONE;
  const up = Math.round(top) + module * QUIET_ZONE;
  context.fillStyle = "#000";
  for (let row = 0; row < matrix.size; row += 1) {
    for (let column = 0; column < matrix.size; column += 1) {
      if (matrix.dark(row, column)) context.fillRect(left + column * module, up + row * module, module, module);
    }
  }
  return top + side;
}

interface Style {
  bold?: boolean;
  colour?: string;
  centre?: boolean;
  right?: boolean;
  width?: number;
}

function write(context: CanvasRenderingContext2D, text: string, size: number, x: number, y: number, style: Style): void {
  context.fillStyle = style.colour ?? INK;
  context.textAlign = style.centre === true ? "center" : style.right === true ? "right" : "left";
  context.font = `${style.bold === true ? 700 : 400} ${size}px ${FONT}`;
  const width = style.width ?? INNER;
  if (context.measureText(text).width > width) {
    const fitting = Math.max(20, Math.floor((size * width) / context.measureText(text).width));
    context.font = `${style.bold === true ? 700 : 400} ${fitting}px ${FONT}`;
  }
  context.fillText(text, x, y);
}

/** Wrapped lines below `y`; returns the last line's foot. Chinese breaks anywhere, English between words. */
function paragraph(context: CanvasRenderingContext2D, text: string, size: number, y: number, style: Style): number {
  context.font = `${style.bold === true ? 700 : 400} ${size}px ${FONT}`;
  const pieces = text.match(/[!-~À-ɏ]+\s*|\s+|./gu) ?? [];
  let line = "";
  let foot = y;
  const flush = (): void => {
    foot += size * 1.45;
    write(context, line.trim(), size, style.centre === true ? WIDTH / 2 : MARGIN, foot, style);
    line = "";
  };
  for (const piece of pieces) {
    // Chinese typesetting lets no closing mark begin a line.
    if (line !== "" && context.measureText(line + piece.trimEnd()).width > INNER && !/^[，。；：！？、）》」]/.test(piece)) flush();
    line += piece;
  }
  if (line.trim() !== "") flush();
  return foot;
}

function rule(context: CanvasRenderingContext2D, y: number): void {
  context.fillStyle = LINE;
  for (let x = MARGIN; x < WIDTH - MARGIN; x += 24) context.fillRect(x, y, 12, 3);
}
