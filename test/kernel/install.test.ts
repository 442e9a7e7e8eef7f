import { spawnSync } from "node:child_process";
import realFs from "node:fs";
import * as fs from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { installKernel, jupyterDataDir, kernelSpec } from "../../lib/kernel/install";
import { temporaryFolder } from "../temporary";

const { isSupported, makeLink } = createRequire(import.meta.url)(
  "../../lib/kernel/link.cjs",
) as typeof import("../../lib/kernel/link.cjs");
const root = path.resolve(import.meta.dirname, "../..");

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

test("Jupyter's data folder follows JUPYTER_DATA_DIR, then the system's custom", () => {
  expect(jupyterDataDir({ JUPYTER_DATA_DIR: "/data" }, "linux", "/me")).toBe("/data");
  expect(jupyterDataDir({}, "linux", "/me")).toBe(path.join("/me/.local/share/jupyter"));
  expect(jupyterDataDir({ XDG_DATA_HOME: "/share" }, "linux", "/me")).toBe(path.join("/share/jupyter"));
  expect(jupyterDataDir({ JUPYTER_DATA_DIR: "", XDG_DATA_HOME: "" }, "linux", "/me")).toBe(
    path.join("/me/.local/share/jupyter"),
  );
  expect(jupyterDataDir({}, "darwin", "/me")).toBe(path.join("/me/Library/Jupyter"));
  expect(jupyterDataDir({ APPDATA: "/roaming" }, "win32", "/me")).toBe(path.join("/roaming/jupyter"));
  expect(jupyterDataDir({}, "win32", "/me")).toBe(path.join("/me/AppData/Roaming/jupyter"));
});

test.skipIf(process.platform === "win32")("with an empty HOME the kernel is not registered in the current folder", () => {
  const install = (more: NodeJS.ProcessEnv) =>
    spawnSync(process.execPath, ["--import", createRequire(import.meta.url).resolve("tsx"), path.resolve("lib/kernel/install.ts")], {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: "", ...more },
      encoding: "utf8",
    });
  const { status, stderr } = install({});
  expect([status, stderr]).toEqual([
    1,
    "Could not register the kernel: the environment variable HOME is empty, expected a folder\n" +
      "Set JUPYTER_DATA_DIR to a folder that can be written, and run npm run kernel again.\n",
  ]);
  expect(fs.readdirSync(folder)).toEqual([]);
  const data = path.join(folder, "data");
  expect(install({ JUPYTER_DATA_DIR: data })).toMatchObject({ status: 0, stderr: "" });
  expect(fs.existsSync(path.join(data, "kernels", "tslab", "kernel.json"))).toBe(true);
});

test("kernel.json names this Node and an existing launcher by absolute paths", () => {
  const file = installKernel(folder);
  expect(file).toBe(path.join(folder, "kernels", "tslab", "kernel.json"));
  const { argv, display_name, language } = JSON.parse(fs.readFileSync(file, "utf8"));
  expect([argv[0], argv[2]]).toEqual([process.execPath, "{connection_file}"]);
  expect(fs.existsSync(argv[1]) && path.isAbsolute(argv[1])).toBe(true);
  expect([display_name, language]).toEqual(["TypeScript", "typescript"]);
});

test("the versions of Node are those of package.json, which are those of jsdom", () => {
  const [supported, refused] = [["20.19.0", "22.13.0", "24.0.0", "26.1.0"], ["18.20.0", "20.18.3", "21.7.3", "22.12.0", "23.11.0"]];
  for (const version of supported) expect(isSupported(version), version).toBe(true);
  for (const version of refused) expect(isSupported(version), version).toBe(false);
  const packageOf = (folder: string) => JSON.parse(fs.readFileSync(path.join(root, folder, "package.json"), "utf8"));
  expect(packageOf(".").engines.node).toBe("^20.19 || ^22.13 || >=24");
  expect(packageOf("node_modules/jsdom").engines.node).toBe("^20.19.0 || ^22.13.0 || >=24.0.0");
});

test("texts and checks name the oldest versions of Node, and README those that .ci/run tries", () => {
  const read = (file: string) => fs.readFileSync(path.join(root, file), "utf8");
  const minors = (text: string | undefined) => text?.match(/\d+\.\d+/g)?.sort();
  const oldest = minors(JSON.parse(read("package.json")).engines.node);
  const [loop, kernelLoop] = [...read(".ci/run").matchAll(/for version in (.*);/g)].map(([, versions]) => versions);
  for (const [file, place] of [
    ["README.md", /You need Node .*/],
    ["README.zh-CN.md", /需要 Node .*/],
    ["lib/kernel/link.cjs", /This is Node .*/],
  ] as const)
    expect(minors(place.exec(read(file))?.[0]), file).toEqual(oldest);
  expect(minors(loop), ".ci/run").toEqual(oldest);
  expect(minors(kernelLoop), ".ci/run, the kernel").toEqual(oldest!.slice(0, 1));
  const majors = loop.split(" ").map((version) => version.split(".")[0]);
  expect(read("README.md")).toContain(`with Node ${majors.slice(0, -1).join(", ")} and ${majors.at(-1)}.`);
  expect(read("README.zh-CN.md")).toContain(`用 Node ${majors.join("、")} 测试过`);
});

test("on Windows the stop button is a message", () => {
  expect(kernelSpec("win32")).toHaveProperty("interrupt_mode", "message");
  expect(kernelSpec("linux")).not.toHaveProperty("interrupt_mode");
});

describe("notebooks/lib", () => {
  let link: string;
  let target: string;
  beforeEach(() => {
    target = path.join(folder, "lib");
    link = path.join(folder, "notebooks", "lib");
    fs.mkdirSync(target);
    fs.mkdirSync(path.dirname(link));
    fs.writeFileSync(path.join(target, "here"), "");
  });
  const works = () => fs.existsSync(path.join(link, "here"));

  test("is made, and left alone when it works", () => {
    makeLink(link, target);
    expect(works()).toBe(true);
    const before = fs.lstatSync(link).ino;
    makeLink(link, target);
    expect(fs.lstatSync(link).ino).toBe(before);
  });

  test("is made with its folder, and works where the project was moved to", () => {
    link = path.join(folder, "more", "notebooks", "lib");
    makeLink(link, target);
    expect(works()).toBe(true);
    const moved = `${folder}-moved`;
    fs.renameSync(folder, moved);
    try {
      expect(process.platform === "win32" || fs.existsSync(path.join(moved, "more", "notebooks", "lib", "here"))).toBe(
        true,
      ); // a junction is absolute
    } finally {
      fs.renameSync(moved, folder);
    }
  });

  test("is repaired where git made a text file of it", () => {
    fs.writeFileSync(link, "../lib");
    makeLink(link, target);
    expect(works()).toBe(true);
  });

  test("is repaired where it leads elsewhere", () => {
    fs.symlinkSync(path.join(folder, "nowhere"), link, "junction");
    makeLink(link, target);
    expect(works()).toBe(true);
  });

  test("may be made by another kernel at the same moment", () => {
    const symlink = fs.symlinkSync;
    const faster = vi.spyOn(realFs, "symlinkSync").mockImplementation((...given) => {
      symlink(...given);
      throw Object.assign(new Error("another was faster"), { code: "EEXIST" });
    });
    onTestFinished(() => faster.mockRestore());
    makeLink(link, target);
    expect(works()).toBe(true);
  });

  test("that cannot be made is an error", () => {
    fs.rmdirSync(path.dirname(link));
    fs.writeFileSync(path.dirname(link), "in the way of its folder");
    expect(() => makeLink(link, target)).toThrow(/ENOTDIR|EEXIST/);
  });

  test("needs a drive of Windows that can have it, and says so", () => {
    vi.spyOn(realFs, "symlinkSync").mockImplementation(() => {
      throw new Error("ENOTSUP: symlink");
    });
    const platform = Object.getOwnPropertyDescriptor(process, "platform")!;
    Object.defineProperty(process, "platform", { ...platform, value: "win32" });
    onTestFinished(() => (vi.restoreAllMocks(), void Object.defineProperty(process, "platform", platform)));
    expect(() => makeLink(link, target)).toThrow(/^ENOTSUP: symlink\n.* a local drive with NTFS/);
  });

  test("is not in git, which on Windows would take it for a folder and empty it", () => {
    const git = (...words: string[]) => spawnSync("git", words, { cwd: root, encoding: "utf8" });
    if (git("rev-parse", "--show-toplevel").status !== 0) return; // an unpacked archive
    expect(git("ls-files", "notebooks/lib").stdout).toBe("");
    expect(git("check-ignore", "notebooks/lib").stdout).toBe("notebooks/lib\n");
  });

  test("does not remove a folder or a file of the reader's", () => {
    fs.mkdirSync(link);
    expect(() => makeLink(link, target)).toThrow(/is a folder, expected a link/);
    fs.rmdirSync(link);
    fs.writeFileSync(link, "my notes ".repeat(50));
    expect(() => makeLink(link, target)).toThrow(/is a file, expected a link/);
  });
});
