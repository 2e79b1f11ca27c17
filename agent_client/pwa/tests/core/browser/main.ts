/** The golden vectors inside a real browser: its own WebCrypto, its own time zones; `tests/browser/test_core_vectors.py` asks. */
import { CHECKS } from "../vectors/all";

declare global {
  /** File of vectors → what is wrong, empty when all is as it should be. */
  var checkVectors: () => Promise<Record<string, string>>;
}

globalThis.checkVectors = async () => {
  const found: Record<string, string> = {};
  for (const [name, check] of Object.entries(CHECKS)) {
    try {
      await check();
      found[name] = "";
    } catch (error) {
      found[name] = error instanceof Error ? `${error.message}\n${error.stack ?? ""}` : String(error);
    }
  }
  return found;
};
