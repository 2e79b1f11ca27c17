/** Every file of golden vectors is run here; a file that nobody knows is a failure, and none can be skipped. */
import { describe, expect, test } from "vitest";
import { CHECKS } from "./vectors/all";
import { vectorFiles } from "./vectors/files";

describe("golden vectors", () => {
  test("every file has its check, and every check its file", () => {
    expect(vectorFiles()).toEqual(Object.keys(CHECKS).sort());
  });

  test.each(Object.entries(CHECKS))("%s", async (_name, check) => {
    await check();
  });
});
