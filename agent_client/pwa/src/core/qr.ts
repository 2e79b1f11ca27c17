/**
 * QR codes of receipts and badges: the text's head in a byte segment, its digits in a numeric one, error correction M, the
 * smallest version that fits (8 for a receipt with a head of up to 29 characters).
 */
import qrcode from "qrcode-generator";

/** Rows of modules, true where dark; without the quiet zone of four modules that whoever draws it has to leave. */
export function qrModules(prefix: string, digits = ""): boolean[][] {
  const code = qrcode(0, "M");
  if (prefix !== "") code.addData(prefix, "Byte");
  if (digits !== "") code.addData(digits, "Numeric");
  code.make();
  const side = code.getModuleCount();
  return Array.from({ length: side }, (_, row) => Array.from({ length: side }, (_, column) => code.isDark(row, column)));
}
