/** A receipt's words in one language: the same on the screen, on the picture to send, and as on the printed strip. */
import type { Language, ShownReceipt } from "../../phone/contract";
import { wordsOf } from "../words/index";
import { formatMoney } from "./money";

export interface ReceiptText {
  creditor: string;
  title: string;
  amountLabel: string;
  amount: string;
  inWords: string;
  rows: { label: string; value: string }[];
  note: string;
  /** Something is not confirmed yet. */
  open: boolean;
  scan: string;
  void: boolean;
  voided: boolean;
}

export function receiptText(receipt: ShownReceipt, language: Language): ReceiptText {
  const words = wordsOf(language);
  const said = words.receipt;
  const isVoid = receipt.kind === "void";
  const rows = [
    { label: said.number, value: receipt.short },
    ...(isVoid && receipt.voids !== "" ? [{ label: said.voids, value: receipt.voids }] : []),
    ...(/^\d{4}$/.test(receipt.lastFour) && receipt.lastFour !== "0000" ? [{ label: said.account, value: receipt.lastFour }] : []),
    { label: said.method, value: words.methods[receipt.method] ?? receipt.method },
    { label: said.time, value: wallOf(receipt) },
    { label: said.agent, value: `${receipt.agentName} ${receipt.agentNumber}` },
    ...(receipt.clockTrusted ? [] : [{ label: said.clock, value: said.clockOwn }]),
    ...(isVoid ? [] : [{ label: said.identity, value: receipt.identified ? said.answered : said.notAnswered }]),
    { label: said.site, value: receipt.officialAddress },
    { label: said.phone, value: receipt.officePhone },
  ];
  return {
    creditor: receipt.creditorName,
    title: isVoid ? said.voidTitle : said.title,
    amountLabel: isVoid ? said.takenBack : said.received,
    amount: formatMoney(receipt.amountMinor, receipt.currency, "en"),
    inWords: receipt.amountInWords[language],
    rows: rows.filter((row) => row.value.trim() !== ""),
    note: noteOf(receipt, language),
    open: isVoid || !receipt.confirmed,
    scan: said.scan,
    void: isVoid,
    voided: receipt.voidedBy !== "",
  };
}

function noteOf(receipt: ShownReceipt, language: Language): string {
  const said = wordsOf(language).receipt;
  if (receipt.kind === "void") return said.voidNote;
  if (receipt.voidedBy !== "") return said.voidedNote;
  if (receipt.confirmed) return said.confirmed;
  if (receipt.method === "cash") return said.atDoor;
  return receipt.method === "cheque" ? said.cheque : said.shown;
}

/** `2026-03-02T09:05:00.000+08:00` → `2026-03-02 09:05 +08:00`. */
function wallOf(receipt: ShownReceipt): string {
  const found = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}).*?([+-]\d{2}:\d{2}|Z)$/.exec(receipt.at);
  return found === null ? receipt.at : `${found[1]} ${found[2]} ${found[3] === "Z" ? "+00:00" : found[3]}`;
}
