/**
 * npm run kernel: registers the course's kernel with the user's Jupyter (VS Code, JupyterLab, nbconvert).
 *
 * It writes one small file, kernel.json, with absolute paths: a program started from a desktop often
 * does not see the Node of a terminal. Run it again after moving this folder or changing Node.
 */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { runCommand } from "../command";

/** The name notebooks ask for. A kernel made by `tslab install` has the same, so the notebooks run in either. */
const kernelName = "tslab";

/**
 * Jupyter's data folder for this user: JUPYTER_DATA_DIR if set, otherwise by the system's custom.
 *
 * @throws if it would lie in the user's home and there is none.
 */
export function jupyterDataDir(env = process.env, platform: string = process.platform, home?: string): string {
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  const inHome = (...names: string[]) => path.join(home ?? homeFolder(), ...names);
  if (platform === "darwin") return inHome("Library", "Jupyter");
  if (platform === "win32") return path.join(env.APPDATA || inHome("AppData", "Roaming"), "jupyter");
  return path.join(env.XDG_DATA_HOME || inHome(".local", "share"), "jupyter");
}

function homeFolder(): string {
  const home = os.homedir();
  if (!home) throw new Error("the environment variable HOME is empty, expected a folder");
  return home;
}

/** What kernel.json says: this Node starts our launcher. */
export function kernelSpec(platform: string = process.platform): object {
  return {
    argv: [process.execPath, path.join(import.meta.dirname, "launcher.cjs"), "{connection_file}"],
    display_name: "TypeScript",
    language: "typescript",
    // Windows has no signals: there the launcher listens for a message instead.
    ...(platform === "win32" ? { interrupt_mode: "message" } : {}),
  };
}

/** Writes kernel.json under the Jupyter data folder and returns its path. */
export function installKernel(dataDir: string): string {
  const file = path.join(dataDir, "kernels", kernelName, "kernel.json");
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, JSON.stringify(kernelSpec(), null, 2) + "\n");
  return file;
}

if (process.argv[1]?.endsWith("install.ts")) {
  void runCommand(() => {
    parseArgs({}); // refuses words that it does not know
    try {
      console.log(`The kernel "TypeScript" (${kernelName}) is registered: ${installKernel(jupyterDataDir())}`);
    } catch (error) {
      throw new Error(
        `Could not register the kernel: ${(error as Error).message}\nSet JUPYTER_DATA_DIR to a folder that can be written, and run npm run kernel again.`,
      );
    }
    console.log(
      "Open a notebook from notebooks/ in VS Code or Jupyter and choose this kernel. To remove it, delete its folder.",
    );
  });
}
