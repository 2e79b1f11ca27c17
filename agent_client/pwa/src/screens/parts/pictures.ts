/** Pictures made small before they are kept. Drawing on a canvas drops everything but the pixels: place, time, camera. */
import type { Picture } from "../../phone/contract";
import { fitWithin, PHOTO_ATTEMPTS, PICTURE_BYTES_MAX } from "./shrinking";

/** A photo from the camera or an album as a JPEG that fits a side record; rejects what is no picture. */
export async function shrinkPhoto(file: Blob): Promise<Picture> {
  const source = await createImageBitmap(file, { imageOrientation: "from-image" });
  try {
    for (const { side, quality } of PHOTO_ATTEMPTS) {
      const size = fitWithin(source.width, source.height, side);
      const canvas = document.createElement("canvas");
      canvas.width = size.width;
      canvas.height = size.height;
      const context = canvas.getContext("2d");
      if (context === null) break;
      context.drawImage(source, 0, 0, size.width, size.height);
      const bytes = await bytesOf(canvas, "image/jpeg", quality);
      if (bytes.length <= PICTURE_BYTES_MAX) return { bytes, mime: "image/jpeg" };
    }
  } finally {
    source.close();
  }
  throw new Error("the picture does not get small enough");
}

/** A canvas as the bytes of a file. */
export async function bytesOf(canvas: HTMLCanvasElement, mime: "image/jpeg" | "image/png", quality?: number): Promise<Uint8Array> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, mime, quality));
  if (blob === null) throw new Error("the browser gave no picture");
  return new Uint8Array(await blob.arrayBuffer());
}

/** An address under which a picture can be shown; the caller revokes it. */
export function pictureUrl(picture: Picture): string {
  return URL.createObjectURL(new Blob([picture.bytes as Uint8Array<ArrayBuffer>], { type: picture.mime }));
}
