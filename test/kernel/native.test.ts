import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import { zipSync } from "fflate";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { compilerArguments, main, moveInPlace, unpackWheel, wheelFor } from "../../lib/kernel/native";
import { temporaryFolder } from "../temporary";

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

function write(name: string, text: string): void {
  fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  fs.writeFileSync(path.join(folder, name), text);
}

/** With "/" on every system. */
function filesUnder(name: string): string[] {
  return fs.readdirSync(path.join(folder, name), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(path.join(folder, name), path.join(entry.parentPath ?? entry.path, entry.name)))
    .map((file) => file.split(path.sep).join("/"))
    .sort();
}

describe("the wheel", () => {
  test("is the small one without GPU code on Linux x64", () => {
    expect(wheelFor("linux", "x64").name).toBe("tensorflow-cpu");
  });

  test("has libraries of the system that it is for", () => {
    const endings = (platform: string, arch: string) => {
      const { libraries, alias } = wheelFor(platform, arch);
      return [...libraries, alias].map((name) => /\.(so|dylib)/.exec(name)?.[1]);
    };
    expect(endings("linux", "arm64")).toEqual(["so", "so", "so"]);
    expect(endings("darwin", "arm64")).toEqual(["dylib", "dylib", "dylib"]);
  });

  test("does not exist for Windows, and the error names the ways out", () => {
    expect(() => wheelFor("win32", "x64")).toThrow(/win32 x64.*mirror.*wasm/);
  });

  test("gives its two libraries and the C headers, and nothing of Python", async () => {
    const text = (content: string) => new TextEncoder().encode(content);
    // More than one chunk of the file.
    const library = new Uint8Array(2_500_000).map((_, i) => Math.imul(i * i, 2654435761) >>> 24);
    const wheel = zipSync({
      "tensorflow/libtensorflow_cc.so.2": library,
      "tensorflow/libtensorflow_framework.so.2": [text("framework"), { level: 0 }],
      "tensorflow/include/tensorflow/c/eager/c_api.h": text("header"),
      "tensorflow/include/tensorflow/core/platform/ctstring.h": text("header"),
      "tensorflow/include/tsl/platform/ctstring.h": text("header"),
      "tensorflow/include/xla/tsl/c/tsl_status.h": text("header"),
      "tensorflow/include/tensorflow/compiler/huge.h": text("not needed"),
      "tensorflow/python/libtensorflow_cc.so.2": text("not this one"),
    });
    fs.writeFileSync(path.join(folder, "a.whl"), wheel);
    await unpackWheel(path.join(folder, "a.whl"), wheelFor("linux", "x64"), path.join(folder, "deps"));
    expect(filesUnder("deps")).toEqual([
      "include/tensorflow/c/eager/c_api.h",
      "include/tensorflow/core/platform/ctstring.h",
      "include/tsl/platform/ctstring.h",
      "include/xla/tsl/c/tsl_status.h",
      "lib/libtensorflow_cc.so.2",
      "lib/libtensorflow_framework.so.2",
    ]);
    expect(fs.readFileSync(path.join(folder, "deps/lib/libtensorflow_cc.so.2")).equals(library)).toBe(true);
    expect(fs.readFileSync(path.join(folder, "deps/lib/libtensorflow_framework.so.2"), "utf8")).toBe("framework");
  });

  test("that is damaged or cut off is refused", async () => {
    const noise = Uint8Array.from({ length: 100_000 }, (_, i) => (Math.imul(i * i, 2654435761) >>> 24) % 9);
    const whole = Buffer.from(
      zipSync({
        "tensorflow/libtensorflow_framework.so.2": new Uint8Array(3),
        "tensorflow/libtensorflow_cc.so.2": noise,
      }),
    );
    const cc = "tensorflow/libtensorflow_cc.so.2";
    const damaged = Buffer.from(whole);
    damaged[whole.indexOf(cc) + cc.length] = 0xff; // a kind of block that does not exist
    for (const [name, bytes] of Object.entries({ damaged, cut: whole.subarray(0, whole.length / 2) })) {
      fs.writeFileSync(path.join(folder, name), bytes);
      await expect(
        unpackWheel(path.join(folder, name), wheelFor("linux", "x64"), path.join(folder, `${name}-deps`)),
        name,
      ).rejects.toThrow();
    }
  });

  test("without a library is refused", async () => {
    fs.writeFileSync(path.join(folder, "a.whl"), zipSync({ "tensorflow/libtensorflow_cc.so.2": new Uint8Array(3) }));
    await expect(unpackWheel(path.join(folder, "a.whl"), wheelFor("linux", "x64"), folder)).rejects.toThrow(
      /no tensorflow\/libtensorflow_framework/,
    );
  });
});

test("the addon looks for TensorFlow beside itself, so the package can be moved", () => {
  expect(compilerArguments("/p", "/h", wheelFor("linux", "x64"), "linux")).toEqual(
    expect.arrayContaining([
      "-shared",
      "-I/h",
      `-I${path.join("/p", "deps", "include")}`,
      path.join("/p", "deps", "lib", "libtensorflow_cc.so.2"),
    ]),
  );
  expect(compilerArguments("/p", "/h", wheelFor("darwin", "arm64"), "darwin")).toContain("-bundle");
  expect(compilerArguments("/p", "/h", wheelFor("linux", "x64"), "linux")).toContain(
    "-Wl,-rpath,$ORIGIN/../../deps/lib",
  );
  expect(compilerArguments("/p", "/h", wheelFor("darwin", "arm64"), "darwin")).toContain(
    "-Wl,-rpath,@loader_path/../../deps/lib",
  );
});

describe("moving into place", () => {
  beforeEach(() => {
    write("built/deps/lib/tensorflow", "new");
    write("built/lib/addon", "new");
    write("package/lib/addon", "old");
    write("package/package.json", "{}");
  });

  test("replaces the binaries when they work there", async () => {
    let seen = "";
    await moveInPlace(path.join(folder, "built"), path.join(folder, "package"), async () => {
      seen = fs.readFileSync(path.join(folder, "package/lib/addon"), "utf8");
      return undefined;
    });
    expect(seen).toBe("new");
    expect(filesUnder("package")).toEqual(["deps/lib/tensorflow", "lib/addon", "package.json"]);
  });

  test("leaves the install as it was when they do not", async () => {
    const moved = moveInPlace(path.join(folder, "built"), path.join(folder, "package"), async () => "no such symbol");
    await expect(moved).rejects.toThrow("no such symbol");
    expect(filesUnder("package")).toEqual(["lib/addon", "package.json"]);
    expect(fs.readFileSync(path.join(folder, "package/lib/addon"), "utf8")).toBe("old");
  });
});

describe("npm run native", () => {
  const tfjs = "node_modules/@tensorflow/tfjs-node";
  /** Runs it where the package's installer does this, and training works if there is lib/addon. No Python is found. */
  async function run(installer?: string): Promise<void> {
    if (installer !== undefined) {
      write(`${tfjs}/package.json`, "{}");
      write(`${tfjs}/scripts/install.js`, installer);
    }
    write("lib/kernel/native-step.ts", 'require("node:fs").readFileSync(`${process.argv[2]}/lib/addon`);');
    fs.symlinkSync(path.resolve("node_modules/tsx"), path.join(folder, "node_modules/tsx"), "junction");
    vi.stubEnv("PATH", folder);
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    onTestFinished(() => (log.mockRestore(), void vi.unstubAllEnvs()));
    await main(folder);
  }

  test("puts what the package's own installer builds into the package", async () => {
    await run('require("node:fs").mkdirSync("lib"); require("node:fs").writeFileSync("lib/addon", "new");');
    expect(filesUnder(tfjs)).toEqual(["lib/addon", "package.json", "scripts/install.js"]);
    expect(fs.existsSync(path.join(folder, "node_modules/.native"))).toBe(false);
  });

  test.skipIf(process.platform === "win32")("leaves nothing behind when it is stopped in the middle", async () => {
    write(`${tfjs}/package.json`, "{}");
    write(`${tfjs}/scripts/install.js`, 'require("node:fs").writeFileSync("begun", ""); setTimeout(() => {}, 60_000);');
    fs.symlinkSync(path.resolve("node_modules/tsx"), path.join(folder, "node_modules/tsx"));
    const child = spawn(process.execPath, ["--import", "tsx", path.resolve("lib/kernel/native.ts")], { cwd: folder });
    let printed = "";
    child.stderr.on("data", (data) => (printed += data));
    const end = once(child, "close");
    await vi.waitFor(() => fs.statSync(path.join(folder, "node_modules/.native/tfjs-node/begun")), 20_000);
    child.kill("SIGINT");
    expect(await end).toEqual([1, null]);
    expect(printed).toContain("was not built, because it was stopped; the install is as it was");
    expect(fs.existsSync(path.join(folder, "node_modules/.native"))).toBe(false);
    expect(filesUnder(tfjs)).toEqual(["package.json", "scripts/install.js"]);
  });

  test.skipIf(process.platform === "win32")("fetches a package that npm left out, and removes it if that was in vain", async () => {
    write("node_modules/other/package.json", "{}");
    const files = [["package.json", "{}"], ["scripts/install.js", "process.exit(1);"]];
    const writes = files.map(([name, text]) => `fs.writeFileSync("${tfjs}/${name}", "${text}");`).join(" ");
    write("npm", `#!${process.execPath}\nconst fs = require("fs"); fs.mkdirSync("${tfjs}/scripts", { recursive: true }); ${writes}`);
    fs.chmodSync(path.join(folder, "npm"), 0o755);
    await expect(run()).rejects.toThrow("could not be built; the install is as it was");
    expect(vi.mocked(console.log).mock.calls.flat().join("\n")).toMatch(/npm left .* out, [^]*\n2\. [^]*failed:[^]*\n3\. /);
    expect(fs.existsSync(path.join(folder, tfjs))).toBe(false);
    expect(filesUnder("node_modules/other")).toEqual(["package.json"]);
  });

  test("leaves the package as it was where nothing can be built", async () => {
    const installer = 'for (const line of ["gyp info ok", "fatal error: a.h", "gyp not ok"]) console.log(line); process.exit(1);';
    await expect(run(installer)).rejects.toThrow("the install is as it was");
    expect(vi.mocked(console.log).mock.calls.flat()).toContain("   That failed:\n     fatal error: a.h"); // nothing else
    expect(filesUnder(tfjs)).toEqual(["package.json", "scripts/install.js"]);
    expect(fs.existsSync(path.join(folder, "node_modules/.native"))).toBe(false);
  });
});
