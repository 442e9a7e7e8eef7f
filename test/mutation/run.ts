/**
 * npm run mutation [-- words]: do the tests notice?
 *
 * Puts one fault after another (faults/) into a copy of the project, runs the tests that should notice, and says
 * which did. A fault that no test notices is a test that is missing: the command fails, as it does for a fault whose
 * tests do not run. With words, only faults whose name or file contains them all.
 */
import { execFile, execSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { runCommand } from "../../lib/command";
import { faults } from "./all";
import { type Fault, misfit } from "./fault";

interface Outcome {
  fault: Fault;
  /** Names of the tests that failed. */
  killers: string[];
  /** Why the outcome says nothing, if so. */
  problem?: string;
}

const root = process.cwd();
const lanes = 2;

async function run(words: string[]): Promise<void> {
  const wanted = faults.filter(({ name, file }) => words.every((word) => `${name} ${file}`.includes(word)));
  if (wanted.length === 0)
    throw new Error(
      `no name or file of a fault has all of: ${words.join(" ")}. Names and files are in test/mutation/faults`,
    );
  const wrong = wanted.map((fault) => misfit(fault, root)).filter((problem) => problem !== undefined);
  if (wrong.length > 0) throw new Error(`test/mutation/faults is out of date:\n${wrong.join("\n")}`);
  const folders = Array.from({ length: Math.min(lanes, wanted.length) }, copyProject);
  try {
    await checkBaseline(folders[0], wanted);
    const outcomes: Outcome[] = [];
    const queue = [...wanted];
    await Promise.all(folders.map(async (folder) => {
      for (let fault = queue.shift(); fault; fault = queue.shift()) {
        const outcome = await tryFault(folder, fault);
        outcomes.push(outcome);
        console.log(describe(outcome));
      }
    }));
    const untried = outcomes.filter(({ problem }) => problem);
    const survived = outcomes.filter(({ killers, problem }) => killers.length === 0 && !problem);
    const noticed = outcomes.length - survived.length - untried.length;
    console.log(`\n${noticed} faults noticed, ${survived.length} not, ${untried.length} not tried`);
    for (const { fault } of survived) console.log(`  not noticed: ${fault.name} (${fault.file})`);
    for (const { fault } of untried) console.log(`  not tried: ${fault.name} (${fault.file})`);
    process.exitCode = noticed < outcomes.length ? 1 : 0;
  } finally {
    for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
  }
}

function copyProject(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mutation-"));
  for (const name of ["lib", "test", "material", "notebooks", "package.json", "tsconfig.json"]) {
    if (fs.existsSync(path.join(root, name)))
      fs.cpSync(path.join(root, name), path.join(folder, name), { recursive: true, verbatimSymlinks: true });
  }
  fs.symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"), "junction");
  return folder;
}

/** All tests must pass before the first fault, or their failing would prove nothing. */
async function checkBaseline(folder: string, wanted: Fault[]): Promise<void> {
  const { killers, problem } = await runTests(folder, Array.from(new Set(wanted.flatMap(({ tests }) => tests))));
  if (problem) throw new Error(`the tests do not run without a fault: ${problem}`);
  if (killers.length > 0) throw new Error(`without any fault ${killers.length} tests fail:\n${killers.join("\n")}`);
}

async function tryFault(folder: string, fault: Fault): Promise<Outcome> {
  const file = path.join(folder, fault.file);
  const whole = fs.readFileSync(file, "utf8");
  fs.writeFileSync(file, whole.replace(fault.find, () => fault.replace));
  const compiled = path.join(folder, "lib/rows/loops.ts");
  const before = fs.readFileSync(compiled, "utf8");
  try {
    if (fault.file.startsWith("lib/rows/assembly/")) execSync("npm run loops", { cwd: folder, stdio: "pipe" });
    return { fault, ...(await runTests(folder, fault.tests)) };
  } finally {
    fs.writeFileSync(file, whole);
    fs.writeFileSync(compiled, before);
  }
}

async function runTests(folder: string, tests: readonly string[]): Promise<Omit<Outcome, "fault">> {
  const report = path.join(folder, "report.json");
  fs.rmSync(report, { force: true });
  const vitest = path.join(folder, "node_modules/vitest/vitest.mjs");
  const options = [
    "run",
    "--config",
    "test/vitest.config.mts",
    "--reporter=json",
    `--outputFile=${report}`,
    "--maxWorkers=1",
    "--retry=0",
  ];
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, [vitest, ...options, ...tests], { cwd: folder, timeout: 300_000 }, (_, stdout, stderr) =>
      resolve(stdout + stderr),
    );
  });
  if (!fs.existsSync(report)) return { killers: [], problem: `no report. ${output.slice(-500)}` };
  interface Suite {
    name: string;
    status: string;
    message?: string;
    assertionResults: { fullName: string; status: string }[];
  }
  const { testResults } = JSON.parse(fs.readFileSync(report, "utf8")) as { testResults: Suite[] };
  const empty = testResults.find(({ assertionResults }) => assertionResults.length === 0);
  const failed = testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === "failed"),
  );
  if (empty && failed.length === 0)
    return { killers: [], problem: `${path.relative(folder, empty.name)} did not run: ${empty.message}` };
  // Its tests are then skipped: such as when no kernel starts any more.
  const inHooks = testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.every(({ status }) => status !== "failed"),
  );
  return {
    killers: [
      ...failed.map(({ fullName }) => fullName),
      ...inHooks.map(({ name, message }) => `a hook of ${path.relative(folder, name)}: ${message?.split("\n")[0]}`),
    ],
  };
}

function describe({ fault, killers, problem }: Outcome): string {
  if (problem) return `??  ${fault.name}: ${problem}`;
  if (killers.length === 0) return `--  ${fault.name}: NOT NOTICED by ${fault.tests.join(", ")}`;
  const more = killers.length > 2 ? `, and ${killers.length - 2} more` : "";
  return `ok  ${fault.name}: ${killers.slice(0, 2).join("; ")}${more}`;
}

void runCommand(run);
