/**
 * material/library.md is a program: its blocks of code, one after the other, type-check, run and print what stands
 * under them. After a change that may alter what they print: npm run unit -- test/prose/library.test.ts --update
 */
import ts from "@tslab/typescript-for-tslab";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../temporary";
import { programBlock } from "./texts";

const root = path.resolve(import.meta.dirname, "../..");
const page = path.join(root, "material/library.md");
const text = fs.readFileSync(page, "utf8");
const codes = [...text.matchAll(programBlock)].map(([, code]) => code);
const mark = "--- end of a block ---\n";

/** The page's program in a folder where it can be run: beside lib, as in a reader's checkout. */
function program(): { folder: string; file: string } {
  const folder = temporaryFolder();
  for (const name of ["lib", "node_modules"])
    fs.symlinkSync(path.join(root, name), path.join(folder, name), "junction");
  const file = path.join(folder, "try.mts");
  fs.writeFileSync(file, codes.map((code) => `${code}process.stdout.write(${JSON.stringify(mark)});\n`).join(""));
  return { folder, file };
}

test("every block of code has its output under it", () => {
  expect(text.match(/^```/gm)?.length).toBe(4 * codes.length);
});

test("the program type-checks, also by the options of tsc --init", () => {
  const options: ts.CompilerOptions = {
    ...{ strict: true, exactOptionalPropertyTypes: true, noUnusedLocals: true, skipLibCheck: true, noEmit: true },
    ...{ noUncheckedIndexedAccess: true, isolatedModules: true, verbatimModuleSyntax: true }, // as tsc --init has them
    ...{
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
    },
    ...{ types: ["node"], typeRoots: [path.join(root, "node_modules/@types")] },
  };
  const { file } = program();
  const compiled = ts.createProgram([file], options);
  const found = ts.getPreEmitDiagnostics(compiled, compiled.getSourceFile(file)); // lib's own options are less strict
  expect(found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))).toEqual([]);
});

test("each block prints what the page says", async () => {
  const { folder, file } = program();
  const tsx = path.join(root, "node_modules/tsx/dist/cli.mjs");
  const printed = execFileSync(process.execPath, [tsx, file], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  }).split(mark);
  let n = 0;
  await expect(
    text.replace(programBlock, (_, code: string) => `\`\`\`ts\n${code}\`\`\`\n\n\`\`\`text\n${printed[n++]}\`\`\``),
  ).toMatchFileSnapshot(page);
}, 240_000);

test("the last part names the file that npm pack makes, and the packages that a copy of lib needs", () => {
  const { name, version, dependencies } = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8"));
  expect(text).toContain(`npm install ./${name}-${version}.tgz`);
  const files = fs
    .readdirSync(path.join(root, "lib"), { encoding: "utf8", recursive: true })
    .filter((name) => /\.ts$/.test(name) && !/^(kernel|notebook|rows.assembly)\b/.test(name))
    .map((name) => path.join(root, "lib", name));
  const imports = files.flatMap((file) =>
    ts.preProcessFile(fs.readFileSync(file, "utf8")).importedFiles.map(({ fileName }) => ({ file, fileName })),
  );
  const outside = imports
    .filter(({ fileName }) => fileName.startsWith("."))
    .filter(({ file, fileName }) => !files.includes(`${path.resolve(path.dirname(file), fileName)}.ts`));
  expect(outside).toEqual([]);
  const packages = imports
    .map(({ fileName }) => /^(?:@[^/]+\/)?[^/]+/.exec(fileName)![0])
    .filter((name) => !/^(\.|node:)/.test(name));
  const [, list] = /install what it imports: ([^]*?), and `tsx`/.exec(text)!;
  const plain = [...list.matchAll(/`(.+?)`/g)].map(([, name]) => name.replace(/(?<=.)@.*/, ""));
  // Engines are imported by a name in a variable (lib/engine.ts).
  expect([...plain].sort()).toEqual([...new Set([...packages, "@tensorflow/tfjs-backend-wasm"])].sort());
  for (const [, name, version] of list.matchAll(/`(.+?)@([\d.]+)`/g)) expect(version).toBe(dependencies[name]);
  // A project that installs the package gets these and no more: with tslab came its compiler, as the project's tsc.
  expect(Object.keys(dependencies).sort()).toEqual([...plain, "tsx"].sort());
});
