import { execFileSync } from "node:child_process";
import * as path from "node:path";
import { expect, test } from "vitest";
import { temporaryFile } from "./data/temporary";

test("wasm and cpu start in a script with top-level await (.mts)", () => {
  const script = temporaryFile("script.mts", `
    import { useEngine } from ${JSON.stringify(path.resolve("lib/engine"))};
    console.log((await useEngine("wasm")).engine, (await useEngine("cpu")).engine);
  `);
  const output = execFileSync(process.execPath, [path.resolve("node_modules/tsx/dist/cli.mjs"), script], { encoding: "utf8" });
  expect(output).toBe("wasm cpu\n");
});
