/**
 * npm run types: type-checks the project twice.
 *
 * First with its own TypeScript. Then the library with the TypeScript inside tslab, 5.0.4 with ES2022, which compiles
 * notebooks: newer syntax, newer types and a few habits that are fine elsewhere fail there, in a reader's cell.
 *
 * npm run types -- try.mts: type-checks scripts of your own instead, and what they import; tsx checks no types.
 */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import ts from "@tslab/typescript-for-tslab";
import { runCommand } from "../command";

const root = path.resolve(import.meta.dirname, "../..");

/** The options tslab itself sets (tslab/dist/converter.js). */
const options: ts.CompilerOptions = {
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Node10,
  esModuleInterop: true,
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2022.d.ts"],
  declaration: true,
  experimentalDecorators: true,
  resolveJsonModule: true,
  skipLibCheck: true,
  noEmit: true,
};

/**
 * The library files that cells can import: all but lib/kernel, which runs outside of notebooks, and what is not
 * TypeScript but AssemblyScript.
 */
function libraryFiles(folder = path.join(root, "lib")): string[] {
  return (fs.readdirSync(folder, { recursive: true }) as string[])
    .filter(
      (name) =>
        name.endsWith(".ts") &&
        !["kernel", path.join("rows", "assembly")].some((folder) => name.startsWith(folder + path.sep)),
    )
    .map((name) => path.join(folder, name))
    .sort();
}

/** What the notebooks' compiler, or tslab around it, would stumble over. Each line begins with file:line. */
export function findProblems(files: string[]): string[] {
  const program = ts.createProgram(files, options);
  const problems = ts.getPreEmitDiagnostics(program).map((found) => {
    const text = ts.flattenDiagnosticMessageText(found.messageText, "\n");
    return found.file ? `${place(found.file, found.start ?? 0)}: ${text}` : text;
  });
  for (const file of files) problems.push(...habits(program.getSourceFile(file)!));
  return problems;
}

/** Valid TypeScript that does not survive tslab. */
function habits(file: ts.SourceFile): string[] {
  const problems: string[] = [];
  const report = (node: ts.Node, text: string) => problems.push(`${place(file, node.getStart(file))}: ${text}`);
  const last = file.statements.at(-1);
  if (last && ts.isExpressionStatement(last))
    report(last, "the file ends with an expression: tslab takes it for a cell's result. End with a declaration");
  if (path.basename(file.fileName) === "index.ts")
    report(file, "tslab does not find index.ts by its folder. Name the file after what it holds");

  function visit(node: ts.Node, topLevel: boolean): void {
    if (ts.isAwaitExpression(node) && topLevel) report(node, "await at top level: cells import this file with require");
    if (ts.isMetaProperty(node)) report(node, "import.meta: cells run as CommonJS");
    const from = ts.isImportDeclaration(node) || ts.isExportDeclaration(node) ? node.moduleSpecifier : undefined;
    if (from && ts.isStringLiteral(from) && /^\..*\.[cm]?[tj]s$/.test(from.text))
      report(from, `import ${from.text} without its extension: tslab does not accept one`);
    ts.forEachChild(node, (child) => visit(child, topLevel && !ts.isFunctionLike(node)));
  }
  visit(file, true);
  return problems;
}

function place(file: ts.SourceFile, position: number): string {
  return `${path.relative(root, file.fileName)}:${file.getLineAndCharacterOfPosition(position).line + 1}`;
}

/** Runs the project's own TypeScript. What npx calls tsc may be tslab's. @throws if it finds problems. */
function compile(project: string): void {
  const compiler = [path.join(root, "node_modules/typescript/bin/tsc"), "-p", project];
  if (spawnSync(process.execPath, compiler, { stdio: "inherit" }).status !== 0)
    throw new Error("the project's own TypeScript found problems");
}

/** Type-checks these files by the project's options, but for what a script may well leave unused. */
function checkScripts(names: readonly string[]): void {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "types-"));
  try {
    const config = {
      extends: path.join(root, "tsconfig.json"),
      compilerOptions: {
        typeRoots: [path.join(root, "node_modules/@types")],
        noUnusedLocals: false,
        noUnusedParameters: false,
      },
      files: names.map((name) => path.resolve(name)),
      include: [],
    };
    fs.writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify(config));
    compile(folder);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
  console.log(`${names.join(", ")}: no problems`);
}

function main(words: string[]): void {
  const option = words.find((word) => word.startsWith("-"));
  if (option) throw new Error(`no option ${option}. --help says what it does`);
  if (words.length > 0) return checkScripts(words);
  compile(root);
  const files = libraryFiles();
  const problems = findProblems(files);
  for (const problem of problems) console.error(problem);
  console.log(`TypeScript ${ts.version} as in the notebooks: ${files.length} files, ${problems.length} problems`);
  if (problems.length > 0) process.exitCode = 1;
}

if (process.argv[1]?.endsWith("types.ts")) void runCommand(main);
