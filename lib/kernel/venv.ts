/**
 * The folder .venv: JupyterLab of a known version, what draws plotly in it, and all that Jupyter would
 * otherwise keep in the user's home. Deleting .venv undoes everything.
 */
import { spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { endOf } from "../command";
import { isAlive } from "../data/staging";

/** plotly brings the extension with which JupyterLab draws figures. JupyterLab 4.5 is the last for Python 3.9. */
export const packages = ["jupyterlab==4.5.11", "plotly==7.1.0"];

const oldestPython = [3, 9];
const isWindows = process.platform === "win32";

/** No packages from the user's home, and words that we can read: on Windows Python writes in the system's code page. */
const pythonEnv = { PYTHONNOUSERSITE: "1", PYTHONIOENCODING: "utf-8" };

/** A command that starts Python, such as ["py", "-3"]. */
export type Command = string[];

/**
 * The first Python of 3.9 or later that can make a virtual environment, or why there is none.
 * `candidates` are the commands to try.
 */
export function findPython(candidates: Command[] = [["python3"], ["python"], ["py", "-3"]]): {
  python?: Command;
  why: string;
} {
  const reasons: string[] = [];
  for (const python of candidates) {
    const probe = "import sys; print('.'.join(map(str, sys.version_info[:2]))); import venv, ensurepip";
    const { stdout, stderr, status } = spawnSync(python[0], [...python.slice(1), "-c", probe], {
      encoding: "utf8",
      timeout: 30_000,
    });
    const version = /^3\.\d+/.exec(stdout ?? "")?.[0];
    if (!version) continue; // not there, or not Python 3
    const minor = Number(version.split(".")[1]);
    if (minor < oldestPython[1]) reasons.push(`${python.join(" ")} is ${version}`);
    else if (status !== 0)
      reasons.push(
        `${python.join(" ")} has no ${/'(\w+)'/.exec(stderr)?.[1] ?? "venv"} (on Debian and Ubuntu: apt install python3-venv)`,
      );
    else return { python, why: "" };
  }
  return { why: reasons.join(", ") || "none was found" };
}

/** The environment's own Python. */
export function pythonOf(venv: string): string {
  return isWindows ? path.join(venv, "Scripts", "python.exe") : path.join(venv, "bin", "python");
}

/** Whether the environment was completed with just these packages, where it is now, and its Python still starts. */
export function isComplete(venv: string): boolean {
  const stamp = stampOf(venv);
  return (
    fs.existsSync(stamp) &&
    fs.readFileSync(stamp, "utf8") === stampText(venv) &&
    spawnSync(pythonOf(venv), ["-c", ""]).status === 0
  );
}

/**
 * Reserves the environment for this process, which is going to make it, and returns a function that releases it. It
 * cannot be made beside its place and then moved there, as a data set is: its files name the place.
 *
 * @throws if another process is making it.
 */
export function claimVenv(venv: string): () => void {
  const claim = `${venv}.making`; // holds the number of the process
  const taken = (maker: string) =>
    new Error(
      `Another npm start (process ${maker}) is setting up ${venv}. Wait until it is done; if there is none, delete ${claim}`,
    );
  const maker = makerOf(claim);
  if (maker !== undefined && isAlive(Number(maker))) throw taken(maker);
  if (maker !== undefined) fs.rmSync(claim, { force: true }); // it was ended in the middle
  try {
    fs.writeFileSync(claim, String(process.pid), { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") throw taken(makerOf(claim) ?? "unknown");
    return () => {}; // nothing can be written here, and Python will say so in its own words
  }
  return () => fs.rmSync(claim, { force: true });
}

/** The number of the process that has the claim, if there is one and it has already written its number. */
function makerOf(claim: string): string | undefined {
  try {
    return fs.readFileSync(claim, "utf8") || undefined;
  } catch {
    return undefined;
  }
}

/**
 * Makes the environment anew and installs the packages. `stop` ends it in the middle, with the process at work: pip
 * would go on for minutes, in the place of the next environment.
 *
 * @throws with the end of pip's words if one of the steps fails or is stopped.
 */
export async function makeVenv(venv: string, python: Command, stop: AbortSignal): Promise<void> {
  fs.rmSync(venv, { recursive: true, force: true });
  await run([...python, "-m", "venv", venv], stop);
  await run([pythonOf(venv), "-m", "pip", "install", "--disable-pip-version-check", ...packages], stop);
  fs.writeFileSync(stampOf(venv), stampText(venv));
}

/** The environment variables with which Jupyter keeps everything inside. */
export function jupyterEnv(venv: string): NodeJS.ProcessEnv {
  const data = dataDirOf(venv);
  return {
    ...process.env,
    ...resolved("CTR_DATA"),
    ...resolved("CTR_PROGRESS"),
    JUPYTER_PREFER_ENV_PATH: "1",
    JUPYTER_DATA_DIR: data,
    JUPYTER_CONFIG_DIR: configDirOf(venv),
    JUPYTER_RUNTIME_DIR: path.join(venv, "runtime"),
    JUPYTERLAB_SETTINGS_DIR: path.join(venv, "lab", "settings"),
    JUPYTERLAB_WORKSPACES_DIR: path.join(venv, "lab", "workspaces"),
    IPYTHONDIR: path.join(venv, "ipython"),
    ...pythonEnv,
    PYTHONUTF8: "1", // as for Node: else a locale such as zh_CN.GB18030 turns the launcher's path into another
  };
}

/** A variable that names a file or folder, if it is set: kernels start in another folder. */
function resolved(name: string): NodeJS.ProcessEnv {
  const value = process.env[name];
  return value ? { [name]: path.resolve(value) } : {};
}

/** Where this environment's Jupyter finds kernels and settings. */
export function dataDirOf(venv: string): string {
  return path.join(venv, "share", "jupyter");
}

/** Where this environment's Jupyter finds how it is set up, and the style that the course adds to pages. */
export function configDirOf(venv: string): string {
  return path.join(venv, "etc", "jupyter");
}

function stampOf(venv: string): string {
  return path.join(venv, "complete.txt");
}

/** The place is in it because an environment that was moved does not work. */
function stampText(venv: string): string {
  return [venv, ...packages, ""].join("\n");
}

async function run([command, ...args]: Command, stop: AbortSignal): Promise<void> {
  const { code, printed } = await endOf(
    spawn(command, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...pythonEnv },
      signal: stop,
      killSignal: "SIGKILL",
    }),
  );
  if (code !== 0) throw new Error(`${command} ${args.slice(0, 3).join(" ")} failed:\n${printed.slice(-2000).trim()}`);
}
