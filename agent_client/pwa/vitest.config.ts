/** Tests run in node; a test of screens asks for a document by `// @vitest-environment happy-dom` in its first line. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts", "tests/**/*.test.tsx"],
    environment: "node",
    testTimeout: 30_000,
    maxWorkers: 2,
  },
});
