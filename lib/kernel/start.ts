/**
 * npm start: opens the course in JupyterLab. The first time it sets everything up in .venv, about a minute;
 * nothing outside this folder is touched.
 *
 * npm start -- --no-browser   prints the address instead of opening it
 * npm start -- --port 9000    asks for this port; the next free one is taken if it is in use
 */
import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as http from "node:http";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { onStop, runCommand } from "../command";
import { installKernel } from "./install";
import { setUpLab } from "./lab";
import { makeLink } from "./link.cjs";
import { claimVenv, dataDirOf, findPython, isComplete, jupyterEnv, makeVenv, packages, pythonOf } from "./venv";

const root = path.resolve(import.meta.dirname, "../..");
const venv = path.join(root, ".venv");
const otherWays =
  "two other ways in: VS Code with its Jupyter extension, after `npm run kernel`; or `npm run notebooks`, which executes all notebooks here in the terminal";
const startLimit = 60_000;
/** On Windows, how long JupyterLab may take to hear of Ctrl-C (up to 5 s) and to end its kernels (ms). */
const patience = 15_000;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { "no-browser": { type: "boolean", default: false }, port: { type: "string", default: "8888" } },
  });
  if (!/^\d+$/.test(values.port) || Number(values.port) > 65_535)
    throw new Error(`--port is ${JSON.stringify(values.port)}, expected a number from 0 to 65535, such as 8888`);

  makeLink();
  if (!isComplete(venv)) await setUp();
  fs.rmSync(path.join(dataDirOf(venv), "kernels"), { recursive: true, force: true });
  installKernel(dataDirOf(venv)); // each time: Node or this folder may have moved
  setUpLab(venv);

  const log = path.join(venv, "jupyter.log");
  const started = Date.now();
  const server = startServer(log, values.port, !values["no-browser"]);
  const ended = new Promise<number | null>((resolve) => server.once("exit", resolve));
  let asked = false;
  const stop = (signal?: NodeJS.Signals) => {
    // On Windows Ctrl-C has reached JupyterLab too, and kill() would end it at once, before it ends its kernels.
    const hasHeard = process.platform === "win32" && signal === "SIGINT" && !asked;
    asked = true;
    if (hasHeard) setTimeout(() => server.kill(), patience).unref();
    else server.kill("SIGTERM"); // JupyterLab ends its kernels, then itself
  };
  onStop(stop);
  process.once("exit", () => server.kill()); // as where what is printed finds no room on the disk

  try {
    const address = await Promise.race([findAddress(server, started), ended.then(() => undefined)]);
    if (address) console.log(`The course is open at\n\n    ${address}\n\nCtrl-C ends it.`);
  } catch (error) {
    stop();
    throw error;
  }
  const code = await ended;
  if (!asked && code !== 0)
    throw new Error(
      `JupyterLab ended by itself. The end of ${path.relative(root, log)}:\n${fs.readFileSync(log, "utf8").slice(-2000)}`,
    );
}

async function setUp(): Promise<void> {
  const { python, why } = findPython();
  if (!python) throw new Error(`JupyterLab needs Python 3.9 or later (${why}); without it there are ${otherWays}.`);
  const free = claimVenv(venv);
  if (isComplete(venv)) return free(); // another one has just made it
  console.log(`Setting up ${packages.join(" and ").replaceAll("==", " ")} in .venv, once. This takes about a minute.`);
  const stopped = new AbortController();
  onStop(() => stopped.abort());
  try {
    await makeVenv(venv, python, stopped.signal);
  } catch (error) {
    if (stopped.signal.aborted) throw new Error("Setting up was stopped in the middle. npm start begins it anew");
    throw new Error(
      `${error instanceof Error ? error.message : error}\n\nJupyterLab could not be installed. There are ${otherWays}.`,
    );
  } finally {
    free();
  }
}

function startServer(log: string, port: string, browser: boolean): ChildProcess {
  const options = [
    `--ServerApp.root_dir=${root}`,
    `--ServerApp.port=${port}`,
    `--ServerApp.open_browser=${browser ? "True" : "False"}`,
    "--ServerApp.use_redirect_file=False", // a browser in a sandbox cannot read the file in .venv
    "--ServerApp.answer_yes=True",
    `--LabApp.default_url=/${firstPage()}`,
    "--LabApp.extension_manager=readonly",
    "--LabApp.custom_css=True",
    "--MappingKernelManager.default_kernel_name=tslab",
    "--KernelSpecManager.ensure_native_kernel=False", // not Python: it would be offered first
    ...(process.getuid?.() === 0 ? ["--ServerApp.allow_root=True"] : []),
  ];
  const output = fs.openSync(log, "w");
  return spawn(pythonOf(venv), ["-m", "jupyterlab", ...options], {
    cwd: root,
    env: jupyterEnv(venv),
    stdio: ["ignore", output, output],
    detached: process.platform !== "win32", // Ctrl-C reaches us alone, and we end it in order
  });
}

/** What opens: the first notebook. */
function firstPage(): string {
  const first = fs.readdirSync(path.join(root, "notebooks")).filter((name) => name.endsWith(".ipynb")).sort()[0];
  return first ? `lab/tree/notebooks/${first}` : "lab/tree/notebooks";
}

/** Waits for the file in which the server says where it is, then until it answers. */
async function findAddress(server: ChildProcess, started: number): Promise<string> {
  const runtime = path.join(venv, "runtime");
  while (Date.now() < started + startLimit && server.exitCode === null && server.signalCode === null) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    for (const name of fs.existsSync(runtime) ? fs.readdirSync(runtime) : []) {
      const file = path.join(runtime, name);
      if (!/^jpserver-\d+\.json$/.test(name) || fs.statSync(file).mtimeMs < started) continue;
      try {
        const { url, token } = JSON.parse(fs.readFileSync(file, "utf8"));
        if (await answers(`${url}api/status?token=${token}`)) return `${url}${firstPage()}?token=${token}`;
      } catch {
        // half written, or not listening yet
      }
    }
  }
  throw new Error(`JupyterLab did not answer within ${startLimit / 1000} s, see .venv/jupyter.log`);
}

/** Asks without the proxy that fetch may be told to use: this machine's own addresses lie on this side of it. */
function answers(url: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const request = http.get(url, { agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once("error", reject);
  });
}

void runCommand(main);
