/** Test keys as they come from Python: private scalar and coordinates in base64url. */
import { unb64 } from "../../src/core/encoding";
import { importPublic } from "../../src/core/signing";

export interface Key {
  d: string;
  x: string;
  y: string;
  public_key: string;
}

export function signing({ d, x, y }: Key): Promise<CryptoKey> {
  const jwk = { kty: "EC", crv: "P-256", d, x, y };
  return crypto.subtle.importKey("jwk", jwk, { name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
}

export function opening({ d, x, y }: Key): Promise<CryptoKey> {
  const jwk = { kty: "EC", crv: "P-256", d, x, y };
  return crypto.subtle.importKey("jwk", jwk, { name: "ECDH", namedCurve: "P-256" }, false, ["deriveBits"]);
}

export function verifying(key: Key): Promise<CryptoKey> {
  return importPublic(unb64(key.public_key, 65));
}
