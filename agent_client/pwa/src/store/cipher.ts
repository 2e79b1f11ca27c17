/** Values under the data key: AES-256-GCM, a fresh nonce each, bound to the store and key where they lie. */
import { concat, utf8 } from "../core/encoding";
import { DoorstepError } from "../core/errors";
import type { Environment } from "./environment";
import { NONCE_BYTES } from "./limits";

export class Cipher {
  constructor(
    private readonly environment: Environment,
    private readonly key: CryptoKey,
  ) {}

  /** nonce ‖ ciphertext ‖ tag. */
  async seal(store: string, key: string | number, plain: Uint8Array): Promise<Uint8Array> {
    const iv = this.environment.random(NONCE_BYTES);
    const additionalData = bound(store, key);
    const sealed = await this.environment.subtle.encrypt(
      { name: "AES-GCM", iv: iv as BufferSource, additionalData },
      this.key,
      plain as BufferSource,
    );
    return concat(iv, new Uint8Array(sealed));
  }

  /** What was sealed here; STORE-CORRUPT when it is damaged, of another place or of another key. */
  async open(store: string, key: string | number, sealed: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    const iv = sealed.slice(0, NONCE_BYTES);
    try {
      const plain = await this.environment.subtle.decrypt(
        { name: "AES-GCM", iv, additionalData: bound(store, key) },
        this.key,
        sealed.slice(NONCE_BYTES),
      );
      return new Uint8Array(plain);
    } catch {
      throw new DoorstepError("STORE-CORRUPT", `${store}/${key} does not open with this phone's key`);
    }
  }
}

function bound(store: string, key: string | number): BufferSource {
  return utf8(`doorstep/phone/1\0${store}\0${key}`) as BufferSource;
}
