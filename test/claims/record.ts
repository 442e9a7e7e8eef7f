/**
 * What has been measured for the claims, and by which code: material/claims.json. A result depends on its arguments and
 * on the code alone, so it need not be measured again while the code is the same.
 */
import ts from "@tslab/typescript-for-tslab";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { round } from "../../lib/notebook/format";
import { replaceFile } from "../../lib/replacefile";
import type { Job } from "../../lib/train/jobs";

const project = join(import.meta.dirname, "../..");

interface Recorded {
  /** The code that made the results, by the file that they come from: see codeOf. */
  code: Record<string, string>;
  /** What was returned: by function and arguments before the seed, by seed. */
  results: Record<string, Record<string, unknown>>;
}

export class Measurements {
  private recorded: Recorded;
  private readonly used = new Set<string>();
  private readonly codes = new Map<string, string>();

  /** fingerprint: of the code that computes what a file's functions return. */
  constructor(
    private readonly file = join(project, "material/claims.json"),
    private readonly fingerprint: (file: string) => string = codeOf,
  ) {
    this.recorded = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { code: {}, results: {} };
  }

  private presentCode(file: string): string {
    if (!this.codes.has(file)) this.codes.set(file, this.fingerprint(file));
    return this.codes.get(file)!;
  }

  /** The job's result, whichever code made it; undefined if there is none. */
  find(job: Job): unknown {
    const { call, seed } = partsOf(job);
    this.used.add(`${call} ${seed}`);
    return this.recorded.results[call]?.[seed];
  }

  /** Whether the present code made the results of the job's file. */
  isCurrent({ call }: Job): boolean {
    return this.recorded.code[fileOf(call)] === this.presentCode(fileOf(call));
  }

  /**
   * Whether the job belongs to the quarter that is measured in any case, to see that what is recorded is right. Which
   * quarter depends on the code, so that in time all have their turn.
   */
  isRepeated(job: Job): boolean {
    return parseInt(hash(this.presentCode(fileOf(job.call)) + JSON.stringify(job)).slice(0, 8), 16) % 4 === 0;
  }

  /** Records a result of the present code. What other code made of the same file goes. */
  keep(job: Job, result: unknown): void {
    const { code, results } = this.recorded;
    if (!this.isCurrent(job)) {
      for (const call of Object.keys(results)) if (fileOf(call) === fileOf(job.call)) delete results[call];
      code[fileOf(job.call)] = this.presentCode(fileOf(job.call));
    }
    const { call, seed } = partsOf(job);
    this.used.add(`${call} ${seed}`);
    (results[call] ??= {})[seed] = result;
  }

  /** Forgets what nobody has looked for. */
  forgetUnused(): void {
    for (const [call, bySeed] of Object.entries(this.recorded.results)) {
      for (const seed of Object.keys(bySeed)) if (!this.used.has(`${call} ${seed}`)) delete bySeed[seed];
      if (Object.keys(bySeed).length === 0) delete this.recorded.results[call];
    }
    const files = new Set(Object.keys(this.recorded.results).map(fileOf));
    for (const file of Object.keys(this.recorded.code)) if (!files.has(file)) delete this.recorded.code[file];
  }

  /** A line for each file and for each function with its arguments, in their order. */
  write(): void {
    const lines = (of: Record<string, unknown>) =>
      `{\n${Object.keys(of).sort().map((key) => `${JSON.stringify(key)}: ${JSON.stringify(of[key])}`).join(",\n")}\n}`;
    const text = `{"code": ${lines(this.recorded.code)},\n"results": ${lines(this.recorded.results)}}\n`;
    replaceFile(this.file, [Buffer.from(text)]);
  }
}

/**
 * The result as it is recorded: six digits of each number.
 *
 * @throws for what is no plain JSON, such as NaN or a typed array.
 */
export function rounded(result: unknown): unknown {
  const text = JSON.stringify(result, (_, value: unknown) => {
    if (ArrayBuffer.isView(value) || value === undefined || (typeof value === "number" && !Number.isFinite(value)))
      throw new Error(`a claim's function returned ${value}, expected plain JSON: finite numbers, texts, arrays, objects`);
    return typeof value === "number" ? round(value, 6) : value;
  });
  return JSON.parse(text);
}

/**
 * A fingerprint of the code that computes what a file's functions return: the file, the worker that runs it, all that
 * they import, and the version of TensorFlow.js. Comments, types and tables of claims are not part of it, nor is
 * ./measure, which asks for results but makes none.
 */
export function codeOf(file: string, root = project): string {
  const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const engines = Object.entries<string>(dependencies).filter(([name]) => name.startsWith("@tensorflow/"));
  const codes = new Map(engines);
  const visit = (path: string) => {
    const name = relative(root, path);
    if (codes.has(name)) return;
    const text = readFileSync(path, "utf8").split(/^export const (?:claims|promises|learned)\b/m)[0];
    const code = path.endsWith(".ts") ? withoutTypes(text) : text;
    codes.set(name, code);
    for (const { fileName } of ts.preProcessFile(code).importedFiles) {
      const imported = join(dirname(path), fileName);
      if (!fileName.startsWith(".") || imported === join(root, "test/claims/measure")) continue;
      visit(existsSync(imported) ? imported : `${imported}.ts`);
    }
  };
  for (const first of [file, "lib/train/worker"]) visit(join(root, `${first}.ts`));
  return hash(JSON.stringify([...codes].sort()));
}

const bare = new Map<string, string>();

function withoutTypes(text: string): string {
  if (!bare.has(text)) {
    const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, removeComments: true };
    bare.set(text, ts.transpileModule(text, { compilerOptions }).outputText);
  }
  return bare.get(text)!;
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

function fileOf(call: string): string {
  return call.split("#")[0];
}

function partsOf({ call, args }: Job): { call: string; seed: string } {
  return { call: `${call} ${JSON.stringify(args.slice(0, -1))}`, seed: String(args[args.length - 1]) };
}
