import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { afterEach, expect, test, vi } from "vitest";
import { headOf, runCommand } from "../lib/command";
import { temporaryFile } from "./temporary";

const words = process.argv;

afterEach(() => {
  process.argv = words;
  process.exitCode = undefined;
  vi.restoreAllMocks();
});

const { scripts } = JSON.parse(fs.readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };
const commands = Object.entries(scripts).flatMap(([name, line]) =>
  line.startsWith("tsx ") ? [[name, line.split(" ")[1]]] : [],
);

test.each(commands)("the head of what npm %s runs says how to call it", (name, file) => {
  expect(headOf(file)).toMatch(new RegExp(`\\bnpm (run )?${name}\\b`));
  expect(headOf(file)).not.toMatch(/^ ?\*/m);
});

test("a file without a comment at its head has none to print", () => {
  expect(headOf(temporaryFile("plain.ts", "export {};\n"))).toBe("");
});

test("--help prints the head of the file, and does nothing else", async () => {
  process.argv = ["node", "test/bench/bench.ts", "--models", "lr", "--help"];
  const printed = vi.spyOn(console, "log").mockReturnValue();
  const main = vi.fn();
  await runCommand(main);
  expect(printed.mock.calls).toEqual([[headOf("test/bench/bench.ts")]]);
  expect(main).not.toHaveBeenCalled();
});

test("an option that there is not leads to --help", async () => {
  process.argv = ["node", "draw.ts", "--frobnicate"];
  const complained = vi.spyOn(console, "error").mockReturnValue();
  await runCommand((args) => void parseArgs({ args }));
  expect(complained.mock.calls).toEqual([["Unknown option '--frobnicate'. --help lists what there is"]]);
});

test.skipIf(process.platform === "win32")("a reader who has enough of the output is no error", () => {
  const script = temporaryFile("lines.ts", `
    import { runCommand } from ${JSON.stringify(path.resolve("lib/command"))};
    void runCommand(async () => {
      for (let line = 1; line <= 20; line++) {
        console.log("line", line);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    });
  `);
  const command = `{ "${process.execPath}" --import tsx "${script}"; echo $? > "${script}.end"; } | head -1`;
  const { stdout, stderr } = spawnSync("sh", ["-c", command], { encoding: "utf8" });
  expect([stdout, stderr]).toEqual(["line 1\n", ""]);
  expect(fs.readFileSync(`${script}.end`, "utf8")).toBe("141\n"); // 128 and SIGPIPE
});

test.skipIf(!fs.existsSync("/dev/full"))("output that finds no room on the disk is no stack trace", () => {
  const script = temporaryFile("line.ts", `
    import { runCommand } from ${JSON.stringify(path.resolve("lib/command"))};
    void runCommand(() => console.log("line"));
  `);
  const full = fs.openSync("/dev/full", "w");
  const { status, stderr } = spawnSync(process.execPath, ["--import", "tsx", script], {
    encoding: "utf8",
    stdio: ["ignore", full, "pipe"],
  });
  fs.closeSync(full);
  expect([status, stderr]).toEqual([1, "The output cannot be written: ENOSPC: no space left on device, write\n"]);
});

test("what is thrown is printed without a stack, and the command fails", async () => {
  process.argv = ["node", "fetch.ts", "nope"];
  const complained = vi.spyOn(console, "error").mockReturnValue();
  await runCommand(([name]) => Promise.reject(new Error(`no data set is called ${name}`)));
  expect(complained.mock.calls).toEqual([["no data set is called nope"]]);
  expect(process.exitCode).toBe(1);
});
