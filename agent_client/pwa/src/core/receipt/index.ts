/** Receipts: the signed proof of one payment, checkable by anybody from its QR alone (PROTOCOL 6). */
export * from "./body";
export * from "./digits";
export * from "./short";
export * from "./signed";
