import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { compiled } from "../../lib/rows/loops";
import { temporaryFolder } from "../temporary";

/** npm run loops in a folder of its own, where the compiler is a script that makes what the committed loops are. */
function project() {
  const folder = temporaryFolder();
  const file = path.join(folder, "lib/rows/loops.ts");
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.mkdirSync(path.join(folder, "bin"));
  fs.writeFileSync(path.join(folder, "loops.wasm"), Buffer.from(compiled, "base64"));
  const script = `#!/bin/sh\nfor last; do :; done\ncp ${path.join(folder, "loops.wasm")} "$last"\n`; // the last is --outFile's
  fs.writeFileSync(path.join(folder, "bin/npx"), script, { mode: 0o755 });
  const run = (...words: string[]) =>
    spawnSync(process.execPath, ["--import", import.meta.resolve("tsx"), path.resolve("lib/rows/compile.ts"), ...words], {
      cwd: folder,
      env: { ...process.env, PATH: `${path.join(folder, "bin")}${path.delimiter}${process.env.PATH}` },
      encoding: "utf8",
    });
  return { file, run };
}

test.skipIf(process.platform === "win32")("npm run loops writes what the compiler makes; --check only compares", () => {
  const { file, run } = project();
  fs.writeFileSync(file, "another");
  const refused = run("--check");
  expect(refused.stderr).toBe("lib/rows/loops.ts is not what assembly/loops.ts compiles to: npm run loops\n");
  expect([refused.status, refused.stdout, fs.readFileSync(file, "utf8")]).toEqual([1, "", "another"]);
  expect(run()).toMatchObject({ status: 0, stdout: "lib/rows/loops.ts written\n" });
  expect(fs.readFileSync(file, "utf8")).toBe(fs.readFileSync("lib/rows/loops.ts", "utf8"));
  expect(run("--check")).toMatchObject({ status: 0, stdout: "lib/rows/loops.ts is up to date\n" });
});
