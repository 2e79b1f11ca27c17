/** The number of a cash transfer: read aloud from one phone to the other, so without letters that sound or look alike. */
const LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";

/** Eight random bytes → `7K4M-2PQX`. */
export function newTransferId(random: Uint8Array): string {
  const letters = [...random.slice(0, 8)].map((byte) => LETTERS.charAt(byte % LETTERS.length));
  return `${letters.slice(0, 4).join("")}-${letters.slice(4).join("")}`;
}
