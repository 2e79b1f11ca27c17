/** Handing a text or a file to another app; where the phone cannot, it is copied or saved instead. */

export type Shared = "shared" | "copied" | "saved" | "cancelled";

export async function shareText(text: string): Promise<Shared> {
  if (typeof navigator.share === "function") {
    try {
      await navigator.share({ text });
      return "shared";
    } catch (error) {
      if (isAbort(error)) return "cancelled";
    }
  }
  await navigator.clipboard.writeText(text);
  return "copied";
}

export async function copyText(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
}

export async function shareFile(bytes: Uint8Array, name: string, mime: string): Promise<Shared> {
  const file = new File([bytes as Uint8Array<ArrayBuffer>], name, { type: mime });
  if (typeof navigator.canShare === "function" && navigator.canShare({ files: [file] })) {
    try {
      await navigator.share({ files: [file] });
      return "shared";
    } catch (error) {
      if (isAbort(error)) return "cancelled";
    }
  }
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads the file after the click; a minute later it has.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  return "saved";
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}
