import { defineConfig } from "vitest/config";

// Two workers: the course promises to work on two cores, and tfjs is memory-hungry.
export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
