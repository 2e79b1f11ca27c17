/** The modules of a QR code with a byte segment and a numeric segment: level M, the smallest version that fits. */
import qrcode from "qrcode-generator";

/** ISO/IEC 18004: four modules of white on every side, without which some phones do not find the code. */
export const QUIET_ZONE = 4;

export interface QrMatrix {
  size: number;
  version: number;
  dark(row: number, column: number): boolean;
}

/** Null when the text is longer than any code holds. */
export function qrMatrix(prefix: string, digits: string): QrMatrix | null {
  try {
    const code = qrcode(0, "M");
    code.addData(prefix, "Byte");
    if (digits !== "") code.addData(digits, "Numeric");
    code.make();
    const size = code.getModuleCount();
    return { size, version: (size - 17) / 4, dark: (row, column) => code.isDark(row, column) };
  } catch {
    return null;
  }
}

/** The dark modules as one path of an SVG, rows joined into bars, with the quiet zone around. */
export function qrPath(matrix: QrMatrix): string {
  const bars: string[] = [];
  for (let row = 0; row < matrix.size; row += 1) {
    let start = -1;
    for (let column = 0; column <= matrix.size; column += 1) {
      const dark = column < matrix.size && matrix.dark(row, column);
      if (dark && start < 0) start = column;
      if (!dark && start >= 0) {
        bars.push(`M${start + QUIET_ZONE} ${row + QUIET_ZONE}h${column - start}v1h-${column - start}z`);
        start = -1;
      }
    }
  }
  return bars.join("");
}
