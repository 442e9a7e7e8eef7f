import * as path from "node:path";
import { defineConfig } from "vitest/config";

// One claim after the other: each uses all cores by itself.
export default defineConfig({
  test: {
    root: path.resolve(import.meta.dirname, "../.."),
    include: ["test/claims/claims.run.ts"],
    testTimeout: 600_000,
    maxConcurrency: 1,
    silent: false,
  },
});
