/** A PNG file (RGBA, eight bits) from pixels, as the PNG specification (W3C, third edition) lays it out. */
import { crc32, deflateSync } from "node:zlib";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** `pixels` holds `width * height` times red, green, blue, alpha. */
export function encodePng(width, height, pixels) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8; // bits a channel
  header[9] = 6; // red, green, blue, alpha
  const stride = width * 4;
  const rows = Buffer.alloc(height * (stride + 1)); // each row starts with its filter, 0: none
  for (let row = 0; row < height; row += 1) {
    Buffer.from(pixels.buffer, pixels.byteOffset + row * stride, stride).copy(rows, row * (stride + 1) + 1);
  }
  return Buffer.concat([SIGNATURE, chunk("IHDR", header), chunk("IDAT", deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0))]);
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
