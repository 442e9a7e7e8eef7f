/**
 * npm run loops: compiles assembly/loops.ts and writes the result into loops.ts, so that only those who change the
 * loops need the compiler. npx downloads it when needed (100 MB); it is not installed with the project.
 *
 * npm run loops -- --check   only says whether loops.ts is what would be written
 */
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { runCommand } from "../command";

const compiler = "assemblyscript@0.28.20";
const folder = path.resolve("lib/rows");

if (process.argv[1]?.endsWith("compile.ts")) void runCommand(main);

function compile(): string {
  const temporary = fs.mkdtempSync(path.join(os.tmpdir(), "loops-"));
  try {
    const file = path.join(temporary, "loops.wasm");
    const flags = ["--enable", "simd", "--importMemory", "--runtime", "stub", "--noAssert", "-O3", "--outFile", file];
    const words = ["--yes", "--package", compiler, "--", "asc", "assembly/loops.ts", ...flags];
    execFileSync("npx", words, { cwd: folder, stdio: "inherit", shell: process.platform === "win32" });
    return fs.readFileSync(file).toString("base64");
  } finally {
    fs.rmSync(temporary, { recursive: true, force: true });
  }
}

function main(): void {
  const { check } = parseArgs({ options: { check: { type: "boolean", default: false } } }).values;
  const lines = compile().match(/.{1,120}/g)!.map((line) => `  "${line}",`);
  const text = `/** assembly/loops.ts, compiled by \`npm run loops\`. */\nexport const compiled = [\n${lines.join("\n")}\n].join("");\n`;
  const file = path.join(folder, "loops.ts");
  if (!check) fs.writeFileSync(file, text);
  else if (fs.readFileSync(file, "utf8") !== text)
    throw new Error("lib/rows/loops.ts is not what assembly/loops.ts compiles to: npm run loops");
  console.log(`lib/rows/loops.ts ${check ? "is up to date" : "written"}`);
}

