import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test, vi } from "vitest";
import {
  claimVenv,
  type Command,
  dataDirOf,
  findPython,
  isComplete,
  jupyterEnv,
  makeVenv,
  packages,
} from "../../lib/kernel/venv";
import { sharedFolder } from "../temporary";

const folder = sharedFolder();

/** A command that answers like a Python of this version. */
function fakePython(version: string, failure = ""): Command {
  const file = path.join(folder, `${version}.cjs`);
  fs.writeFileSync(
    file,
    `console.log(${JSON.stringify(version)}); if (${JSON.stringify(failure)}) { console.error(${JSON.stringify(failure)}); process.exit(1); }`,
  );
  return [process.execPath, file];
}

test("the first Python of 3.9 or later is taken", () => {
  const right = fakePython("3.12");
  expect(findPython([["no-such-command"], fakePython("3.8"), right, fakePython("3.13")]).python).toEqual(right);
  const oldest = fakePython("3.9");
  expect(findPython([oldest]).python).toEqual(oldest);
});

test("a Python that is too old, or cannot make an environment, is refused and said why", () => {
  const { python, why } = findPython([
    fakePython("3.8"),
    fakePython("3.11", "ModuleNotFoundError: No module named 'ensurepip'"),
  ]);
  expect(python).toBeUndefined();
  expect(why).toContain("is 3.8");
  expect(why).toMatch(/3\.11\.cjs has no ensurepip \(on Debian and Ubuntu: apt install python3-venv\)/);
});

test("without any Python that is said", () => {
  expect(findPython([["no-such-command"], fakePython("2.7")])).toEqual({ why: "none was found" });
});

test("an environment that was not completed is not taken for one", () => {
  expect(isComplete(path.join(folder, "nowhere"))).toBe(false);
});

test("an environment is made by one process at a time; one that ended in the middle is in nobody's way", () => {
  const venv = path.join(folder, "made-once");
  const gone = spawnSync(process.execPath, ["-e", ""]).pid;
  fs.writeFileSync(`${venv}.making`, String(gone));
  const free = claimVenv(venv);
  expect(fs.readFileSync(`${venv}.making`, "utf8")).toBe(String(process.pid));
  free();
  expect(fs.existsSync(`${venv}.making`)).toBe(false);
  fs.writeFileSync(`${venv}.making`, String(process.ppid));
  expect(() => claimVenv(venv)).toThrow(`Another npm start (process ${process.ppid}) is setting up ${venv}. Wait`);
  expect(fs.existsSync(`${venv}.making`)).toBe(true);
  fs.writeFileSync(`${venv}.making`, ""); // by one that has not come to write its number
  expect(() => claimVenv(venv)).toThrow("Another npm start (process unknown) is setting up");
  expect(fs.readFileSync(`${venv}.making`, "utf8")).toBe("");
});

test("an environment that is stopped in the making ends with the process at work", async () => {
  const [script, mark] = ["slow.cjs", "slow.txt"].map((name) => path.join(folder, name));
  const code = `require("fs").writeFileSync(${JSON.stringify(mark)}, String(process.pid));`;
  fs.writeFileSync(script, `${code} process.on("SIGINT", () => {}); setTimeout(() => {}, 60_000);`);
  const stop = new AbortController();
  const made = expect(makeVenv(path.join(folder, "stopped"), [process.execPath, script], stop.signal)).rejects.toThrow("failed");
  await vi.waitFor(() => expect(fs.readFileSync(mark, "utf8")).not.toBe(""), 20_000);
  stop.abort();
  await made;
  expect(() => process.kill(Number(fs.readFileSync(mark, "utf8")), 0)).toThrow("ESRCH");
});

test("where nothing can be written nobody is in the way: Python says so itself", () => {
  expect(() => claimVenv(path.join(folder, "no such folder", "venv"))()).not.toThrow();
});

test.skipIf(process.platform === "win32")(
  "an environment is complete with these packages, in this place, with a Python that starts",
  () => {
    const venv = path.join(folder, "venv");
    const python = path.join(venv, "bin", "python");
    const write = (place: string, names: readonly string[], status: number) => {
      fs.mkdirSync(path.dirname(python), { recursive: true });
      fs.writeFileSync(path.join(venv, "complete.txt"), [place, ...names, ""].join("\n"));
      fs.writeFileSync(python, `#!/bin/sh\nexit ${status}\n`, { mode: 0o755 });
      return isComplete(venv);
    };
    expect(write(venv, packages, 0)).toBe(true);
    expect(write(venv, ["jupyterlab==1.0.0", packages[1]], 0)).toBe(false);
    expect(write(path.join(folder, "elsewhere"), packages, 0)).toBe(false);
    expect(write(venv, packages, 1)).toBe(false);
    fs.rmSync(python); // as where the system's Python was removed, to which it is a link
    expect(isComplete(venv)).toBe(false);
  },
);

test("Jupyter keeps everything in the environment, and kernels find data sets and progress from whatever folder", () => {
  vi.stubEnv("CTR_DATA", "data");
  vi.stubEnv("CTR_PROGRESS", "mine.json");
  const venv = path.join(folder, "venv");
  const env = jupyterEnv(venv);
  vi.unstubAllEnvs();
  for (const name of [
    "JUPYTER_DATA_DIR",
    "JUPYTER_CONFIG_DIR",
    "JUPYTER_RUNTIME_DIR",
    "JUPYTERLAB_SETTINGS_DIR",
    "JUPYTERLAB_WORKSPACES_DIR",
    "IPYTHONDIR",
  ]) {
    expect(env[name], name).toMatch(venv);
  }
  expect([env.JUPYTER_DATA_DIR, env.CTR_DATA]).toEqual([dataDirOf(venv), path.resolve("data")]);
  expect(env.CTR_PROGRESS).toBe(path.resolve("mine.json")); // as npm run progress finds it
  // Before what the user has, without the packages in the user's home, and with words that we can read.
  expect(env).toMatchObject({ JUPYTER_PREFER_ENV_PATH: "1", PYTHONNOUSERSITE: "1", PYTHONIOENCODING: "utf-8" });
  expect(env.PYTHONUTF8).toBe("1"); // a folder may be called 课程 where the locale is not UTF-8
});
