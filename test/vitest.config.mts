import * as path from "node:path";
import { defineConfig } from "vitest/config";
import { shapeAssertions } from "./shapes/instrument.ts";

// Two workers: the course promises to work on two cores, and tfjs is memory-hungry.
export default defineConfig({
  plugins: [shapeAssertions(path.resolve(import.meta.dirname, "../lib"))],
  test: {
    root: path.resolve(import.meta.dirname, ".."),
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // tfjs takes a second to load: once for a worker, not once for each file. So a file leaves what it found.
    isolate: false,
    // Kernels and servers are processes of their own, and a busy machine can starve one. What is wrong fails twice.
    retry: 1,
  },
});
