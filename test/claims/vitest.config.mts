import * as path from "node:path";
import { defineConfig } from "vitest/config";

// The next claim begins before the last seeds of one are done, so that no core waits for them.
export default defineConfig({
  test: {
    root: path.resolve(import.meta.dirname, "../.."),
    include: ["test/claims/claims.run.ts"],
    testTimeout: 600_000,
    maxConcurrency: 2,
    silent: false,
  },
});
