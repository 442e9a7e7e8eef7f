/**
 * End to end: lib in a project of one's own, as material/library.md says. Packs it, installs the package without the
 * network, type-checks the page's program and one of its own with the options that today's `tsc --init` writes, and
 * with a bundler's, runs its own with tsx, and bundled with plain node.
 */
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { programBlock } from "../prose/texts";
import { root, runScript } from "./course";

const program = `
import { encode } from "click-models/lib/data/encode";
import { hasIds } from "click-models/lib/layers/fields";
import { fromRecords } from "click-models/lib/data/records";
import { label, sparse } from "click-models/lib/data/schema";
import { useEngine } from "click-models/lib/engine";
import { FM } from "click-models/lib/models/fm";
import { createRandom } from "click-models/lib/random";
import { fit } from "click-models/lib/train/fit";
import { adam } from "click-models/lib/train/optimizers";
import { predict } from "click-models/lib/train/predict";

await useEngine("wasm");
const records = Array.from({ length: 80 }, (_, i) => ({ item: \`i\${i % 4}\`, click: i % 4 === 0 ? 1 : 0 }));
const raw = fromRecords(records, { item: sparse(), click: label() });
const { impressions } = encode(raw, Int32Array.from(records.keys()));
const model = new FM({ features: impressions.features.filter(hasIds), embeddingDim: 2 }, createRandom(1));
const options = { epochs: 20, batchSize: 20, seed: 1, optimizer: adam({ learningRate: 0.05 }) };
const { epochs } = await fit(model, impressions, options);
const [clicked, other]: Float32Array | number[] = await predict(model, impressions);
console.log(epochs.length, clicked! > 0.5, other! < 0.5);
try {
  adam({ learningRate: -1 });
} catch (error) {
  console.log(String((error as Error).stack).includes("data:") ? "a stack of data: URLs" : "a stack to read");
}
// @ts-expect-error What one file of lib declares is no any in another.
export const wrong: ConstructorParameters<typeof FM>[0] = { features: ["item"], embeddingDim: 2 };
`;

const jobs = `
import { useEngine } from "click-models/lib/engine";
import { sigmoid } from "click-models/lib/sigmoid";
import { runJobs } from "click-models/lib/train/jobs";

export const half = () => sigmoid(0);
if (process.argv[1]?.endsWith("jobs.ts")) {
  await useEngine("wasm");
  console.log(await runJobs([{ call: "jobs#half", args: [] }]));
}
`;

/** The blocks of code of material/library.md, as its last part has them in a project of one's own. */
function pageProgram(): string {
  const text = fs.readFileSync(path.join(root, "material/library.md"), "utf8");
  const blocks = [...text.matchAll(programBlock)].map(([, code]) => code);
  return blocks.join("").replaceAll('"./lib/', '"click-models/lib/');
}

async function main(): Promise<void> {
  const temporary = fs.mkdtempSync(path.join(os.tmpdir(), "package-"));
  try {
    check(temporary);
  } finally {
    fs.rmSync(temporary, { recursive: true });
  }
}

function check(temporary: string): void {
  const folder = path.join(temporary, "project");
  const installed = path.join(folder, "node_modules", "click-models");
  fs.mkdirSync(installed, { recursive: true });
  execFileSync("npm", ["pack", "--silent", "--pack-destination", temporary], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [file] = fs.readdirSync(temporary).filter((name) => name.endsWith(".tgz"));
  execFileSync("tar", ["-xzf", path.join(temporary, file), "--strip-components=1", "-C", installed]);
  // Below TypeScript 5.7 such an array is no type, which in declarations passes as any.
  const types = fs.readdirSync(path.join(installed, "types"), { recursive: true, encoding: "utf8" });
  const files = types.filter((name) => name.endsWith(".d.ts")).map((name) => path.join(installed, "types", name));
  const generic = files.filter((file) => /Array<ArrayBuffer/.test(fs.readFileSync(file, "utf8")));
  if (generic.length > 0) throw new Error(`an array type that TypeScript inferred is in ${generic.join(", ")}`);
  fs.symlinkSync(path.join(root, "node_modules"), path.join(temporary, "node_modules"), "junction"); // what it imports

  fs.writeFileSync(path.join(folder, "package.json"), '{ "type": "module" }\n');
  fs.writeFileSync(path.join(folder, "try.ts"), program);
  fs.writeFileSync(path.join(folder, "page.ts"), pageProgram());
  fs.writeFileSync(path.join(folder, "jobs.ts"), jobs);
  const node = (...args: string[]) =>
    execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  const ours = (name: string) => path.join(root, "node_modules", name);

  const tsc = (...args: string[]) => {
    try {
      return node(ours("typescript/bin/tsc"), ...args);
    } catch (error) {
      throw new Error(`tsc ${args.join(" ")}:\n${(error as { stdout: string }).stdout}`);
    }
  };
  tsc("--init");
  tsc("--noEmit", "--types", "node");
  tsc("--noEmit", "--types", "node", "--module", "esnext", "--moduleResolution", "bundler");

  expect("tsx try.ts", node(ours("tsx/dist/cli.mjs"), "try.ts"), "20 true true\na stack to read\n");
  expect("tsx jobs.ts", node(ours("tsx/dist/cli.mjs"), "jobs.ts"), "[ 0.5 ]\n");
  const bundle = ["--bundle", "--platform=node", "--format=esm", "--external:@tensorflow/*", "--outfile=try.mjs"];
  execFileSync(ours(".bin/esbuild"), ["try.ts", "--log-level=warning", ...bundle], { cwd: folder, stdio: "inherit" });
  expect("the bundle", node("try.mjs"), "20 true true\na stack to read\n");
}

function expect(what: string, printed: string, expected: string): void {
  if (printed !== expected) throw new Error(`${what} printed\n${printed}expected\n${expected}`);
  console.log(`${what} prints what it should`);
}

runScript(main);
