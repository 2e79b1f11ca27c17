/** The office's telephone number, kept outside of the encrypted store: it must be at hand when that is locked or lost. */
import type { Memory } from "../state";

export const OFFICE_PHONE = "doorstep-office-phone";

export function rememberOfficePhone(memory: Memory, number: string): void {
  if (number !== "" && memory.get(OFFICE_PHONE) !== number) memory.set(OFFICE_PHONE, number);
}
