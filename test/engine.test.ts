import { execFileSync } from "node:child_process";
import * as path from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { useEngine } from "../lib/engine";
import { temporaryFile } from "./data/temporary";

test("wasm and cpu start in a script with top-level await (.mts)", () => {
  const script = temporaryFile("script.mts", `
    import { useEngine } from ${JSON.stringify(path.resolve("lib/engine"))};
    console.log((await useEngine("wasm")).engine, (await useEngine("cpu")).engine);
  `);
  const output = execFileSync(process.execPath, [path.resolve("node_modules/tsx/dist/cli.mjs"), script], {
    encoding: "utf8",
  });
  expect(output).toBe("wasm cpu\n");
});

test("an engine that was asked for is said to be that, whoever asked", async () => {
  vi.stubEnv("CTR_BACKEND", "cpu");
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(await useEngine()).toEqual({ engine: "cpu", why: "as asked by CTR_BACKEND" });
  expect(await useEngine("wasm")).toEqual({ engine: "wasm", why: "as asked" });
  await expect(useEngine("gpu")).rejects.toThrow('the wanted engine is "gpu", expected "node", "wasm" or "cpu"');
  vi.stubEnv("CTR_BACKEND", "gpu");
  await expect(useEngine()).rejects.toThrow('CTR_BACKEND is "gpu"');
});
