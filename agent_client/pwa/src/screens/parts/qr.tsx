/** A QR code as crisp squares at any size. */
import { useMemo } from "preact/hooks";
import { useWords } from "../state";
import { Banner } from "./banner";
import { qrMatrix, qrPath, QUIET_ZONE } from "./qr_matrix";

export function Qr({ prefix, digits, label }: { prefix: string; digits: string; label: string }) {
  const words = useWords();
  const drawn = useMemo(() => {
    const matrix = qrMatrix(prefix, digits);
    return matrix === null ? null : { path: qrPath(matrix), side: matrix.size + 2 * QUIET_ZONE };
  }, [prefix, digits]);
  if (drawn === null) return <Banner tone="danger"><p>{words.receipt.tooLong}</p></Banner>;
  return (
    <svg class="qr" viewBox={`0 0 ${drawn.side} ${drawn.side}`} role="img" aria-label={label}>
      <rect width={drawn.side} height={drawn.side} fill="#fff" />
      <path d={drawn.path} fill="#000" />
    </svg>
  );
}
