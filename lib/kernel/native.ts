/**
 * `npm run native`: makes the native engine work where @tensorflow/tfjs-node could not fetch its binary.
 *
 * 1. If it works already, says so and stops.
 * 2. Tries the package's own installer again. It takes TensorFlow and the addon (the small library
 *    between Node and TensorFlow) from mirrors, if these environment variables name them:
 *      TFJS_NODE_CDN_STORAGE                        holds tensorflow/libtensorflow/..., ends in "/"
 *      npm_config_tfjs_binding_binary_host_mirror   holds the addons
 * 3. Takes TensorFlow out of its Python wheel, which pip fetches (any Python 3; PIP_INDEX_URL names a
 *    mirror), and compiles the addon against it: two files, one call of a C++ compiler (CXX, else c++).
 *    Tried on Linux x64. The wheels for Linux arm64 and macOS arm64 were only inspected: they are laid out alike.
 *
 * Everything is built in node_modules/.native and has to train a step there. Only then is it moved into
 * place, so a failure, or Ctrl-C, leaves the install as it was. Takes 1 GB of disk (2 GB while it works).
 */
import { spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { Unzip, UnzipInflate } from "fflate";
import { endOf, onStop, runCommand } from "../command";
import { rename } from "../rename";

const tensorflow = "2.21.0";
/** By Ctrl-C: it ends the program at work, and what was built so far is removed. */
const stopped = new AbortController();
const addon = path.join("lib", "napi-v8", "tfjs_binding.node");

export interface Wheel {
  /** Name on PyPI. */
  readonly name: string;
  /** pip's names of the systems it runs on. */
  readonly platforms: readonly string[];
  /** TensorFlow's two libraries in it, without their folder. */
  readonly libraries: readonly string[];
  /** The name under which tfjs-node's installer looks for TensorFlow: it downloads nothing if it is there. */
  readonly alias: string;
}

/** Which wheel has TensorFlow's libraries for this system. @throws if there is none. */
export function wheelFor(platform: string, arch: string): Wheel {
  const linux = {
    libraries: ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"],
    alias: "libtensorflow.so.2.9.1",
  };
  const mac = {
    libraries: ["libtensorflow_cc.2.dylib", "libtensorflow_framework.2.dylib"],
    alias: "libtensorflow.dylib",
  };
  switch (`${platform}-${arch}`) {
    case "linux-x64":
      return { name: "tensorflow-cpu", platforms: ["manylinux_2_27_x86_64", "manylinux2014_x86_64"], ...linux };
    case "linux-arm64":
      return { name: "tensorflow", platforms: ["manylinux_2_27_aarch64", "manylinux2014_aarch64"], ...linux };
    case "darwin-arm64":
      return { name: "tensorflow", platforms: ["macosx_12_0_arm64"], ...mac };
    default:
      throw new Error(
        `no wheel for ${platform} ${arch}, expected Linux on x64 or arm64, or macOS on arm64. Set a mirror (see the head of lib/kernel/native.ts), or stay with wasm`,
      );
  }
}

/** Unpacks the wheel's TensorFlow libraries into folder/lib, and the headers of its C interface into folder/include. */
export async function unpackWheel(file: string, wheel: Wheel, folder: string): Promise<void> {
  const headers =
    /^tensorflow\/(include\/(?:tensorflow\/c|tensorflow\/core\/platform|tsl\/platform|xla\/tsl\/c)\/.*\.h)$/;
  const failures: Error[] = [];
  const unzip = new Unzip((entry) => {
    const library = wheel.libraries.find((name) => entry.name === `tensorflow/${name}`);
    const to = library ? path.join("lib", library) : headers.exec(entry.name)?.[1];
    if (!to) return;
    fs.mkdirSync(path.dirname(path.join(folder, to)), { recursive: true });
    const out = fs.openSync(path.join(folder, to), "w");
    entry.ondata = (error, chunk, final) => {
      if (error) failures.push(error);
      else fs.writeFileSync(out, chunk); // writes all of it, unlike writeSync
      if (error || final) fs.closeSync(out);
    };
    entry.start();
  });
  unzip.register(UnzipInflate);
  for await (const chunk of fs.createReadStream(file, { highWaterMark: 1 << 20 })) unzip.push(chunk);
  unzip.push(new Uint8Array(0), true);
  if (failures.length > 0) throw failures[0];
  for (const name of wheel.libraries) {
    if (!fs.existsSync(path.join(folder, "lib", name)))
      throw new Error(`${file} has no tensorflow/${name}, expected TensorFlow ${tensorflow}`);
  }
}

/** Arguments with which a C++ compiler makes the addon of the tfjs-node in `folder`. `headers`: Node's C headers. */
export function compilerArguments(folder: string, headers: string, wheel: Wheel, platform: string): string[] {
  const library = path.join(folder, "deps", "lib");
  const mac = platform === "darwin";
  return [
    "-std=c++17", "-O2", "-fPIC", ...(mac ? ["-bundle", "-undefined", "dynamic_lookup"] : ["-shared"]),
    "-DNAPI_VERSION=8", "-DNODE_GYP_MODULE_NAME=tfjs_binding",
    `-I${headers}`, `-I${path.join(folder, "deps", "include")}`,
    path.join(folder, "binding", "tfjs_backend.cc"), path.join(folder, "binding", "tfjs_binding.cc"),
    ...wheel.libraries.map((name) => path.join(library, name)),
    // Where the addon finds TensorFlow: beside itself, wherever the package lies.
    `-Wl,-rpath,${mac ? "@loader_path" : "$ORIGIN"}/../../deps/lib`,
    "-o", path.join(folder, addon),
  ];
}

/** Moves the built folders into the package. If `works` then says no, moves the old ones back. @throws then. */
export async function moveInPlace(
  built: string,
  packageFolder: string,
  works: () => Promise<string | undefined>,
): Promise<void> {
  const parts = ["deps", "lib"];
  const old = path.join(built, "replaced");
  const move = (from: string, to: string) => {
    for (const part of parts) {
      if (fs.existsSync(path.join(from, part))) rename(path.join(from, part), path.join(to, part));
    }
  };
  fs.mkdirSync(old);
  move(packageFolder, old);
  move(built, packageFolder);
  const problem = await works();
  if (problem === undefined) return;
  for (const part of parts) fs.rmSync(path.join(packageFolder, part), { recursive: true, force: true });
  move(old, packageFolder);
  throw new Error(problem);
}

/** The package's own installer, in a copy of the package. Stopped when nothing has arrived for a minute. */
async function ownInstaller(root: string, folder: string): Promise<void> {
  const bin = path.join(root, "node_modules", ".bin");
  const env = { ...process.env, PATH: bin + path.delimiter + process.env.PATH };
  await run(process.execPath, ["scripts/install.js"], { cwd: folder, env, stallSeconds: 60 });
}

async function fromWheel(root: string, folder: string): Promise<void> {
  const wheel = wheelFor(process.platform, process.arch);
  const python = ["python3", "python", "py"].find((name) => spawnSync(name, ["-m", "pip", "--version"]).status === 0);
  if (!python) throw new Error("no Python with pip found, expected python3 -m pip to work. Install Python 3");
  const compiler = process.env.CXX ?? "c++";
  if (spawnSync(compiler, ["--version"]).status !== 0) {
    throw new Error(
      `no C++ compiler: ${compiler} does not start. Install one (Debian: g++; macOS: xcode-select --install), or name it in CXX`,
    );
  }
  console.log(`   pip fetches ${wheel.name} ${tensorflow} (280 MB)`);
  const download = path.join(folder, "wheel");
  // For Python 3.11, whatever Python runs pip: only TensorFlow's libraries are wanted.
  const kind = [
    "--no-deps",
    "--only-binary=:all:",
    "--python-version=3.11",
    ...wheel.platforms.map((name) => `--platform=${name}`),
  ];
  await run(python, ["-m", "pip", "download", "--quiet", "--dest", download, ...kind, `${wheel.name}==${tensorflow}`]);
  console.log("   unpacking TensorFlow's libraries (850 MB)");
  const [file] = fs.readdirSync(download);
  await unpackWheel(path.join(download, file), wheel, path.join(folder, "deps"));
  fs.symlinkSync(wheel.libraries[0], path.join(folder, "deps", "lib", wheel.alias));
  console.log("   compiling the addon");
  const headers = path.join(root, "node_modules", "node-api-headers", "include");
  fs.mkdirSync(path.dirname(path.join(folder, addon)), { recursive: true });
  await run(compiler, compilerArguments(folder, headers, wheel, process.platform));
}

interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Stop the program when the size of cwd has not changed for so long. */
  stallSeconds?: number;
}

/** Runs a program to its end and returns what it printed. @throws with its complaint if it fails. */
async function run(program: string, args: string[], { cwd, env, stallSeconds }: RunOptions = {}): Promise<string> {
  const child = spawn(program, args, {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    shell: program.endsWith(".cmd"),
    signal: stopped.signal,
    killSignal: "SIGKILL",
  });
  let size = 0;
  let stalled = false;
  const watch = stallSeconds && setInterval(() => {
    const now = sizeOf(cwd!);
    stalled = now === size;
    size = now;
    if (stalled) child.kill();
  }, stallSeconds * 1000);
  const { code, printed } = await endOf(child).finally(() => clearInterval(watch));
  if (code === 0) return printed;
  if (stopped.signal.aborted) throw new Error("it was stopped");
  if (stalled) throw new Error(`nothing arrived for ${stallSeconds} seconds`);
  throw new Error(complaint(printed) ?? `${program} ended with code ${code}`);
}

/** The line that names the error, else the last lines. */
function complaint(printed: string): string | undefined {
  const lines = printed.trim().split("\n");
  return lines.find((line) => /error:/i.test(line)) ?? (lines.slice(-8).join("\n") || undefined);
}

function sizeOf(folder: string): number {
  let size = 0;
  for (const name of fs.readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    size += fs.statSync(path.join(folder, name), { throwIfNoEntry: false })?.size ?? 0;
  }
  return size;
}

/** Trains a step with the tfjs-node in that folder, in a process of its own. Returns what is wrong, or nothing. */
async function trainsAStep(root: string, folder: string): Promise<string | undefined> {
  try {
    console.log(
      `   ${(await run(process.execPath, ["--import", "tsx", path.join(root, "lib", "kernel", "native-step.ts"), folder], { cwd: root })).trim()}`,
    );
  } catch (error) {
    return (error as Error).message;
  }
}

export async function main(root: string): Promise<void> {
  const packageFolder = path.join(root, "node_modules", "@tensorflow", "tfjs-node");
  const work = path.join(root, "node_modules", ".native");
  const present = fs.existsSync(packageFolder);
  console.log("1. Does the native engine work already?");
  if (present && (await trainsAStep(root, packageFolder)) === undefined) return console.log("   Yes. Nothing to do.");
  console.log(
    `   No: ${present ? "its binary is missing, or not for this machine" : "npm left @tensorflow/tfjs-node out, because its download failed"}.`,
  );
  if (!present)
    await run(process.platform === "win32" ? "npm.cmd" : "npm", ["install", "--ignore-scripts", "--no-save"], {
      cwd: root,
    });

  for (const [number, what, build] of [
    [2, "The package's own installer, with its mirrors", ownInstaller],
    [3, "TensorFlow from its Python wheel, and the addon from source", fromWheel],
  ] as const) {
    console.log(`${number}. ${what}`);
    const copy = path.join(work, "tfjs-node");
    try {
      fs.rmSync(work, { recursive: true, force: true });
      const omit = ["deps", "lib"].map((part) => path.join(packageFolder, part));
      fs.cpSync(packageFolder, copy, { recursive: true, filter: (from) => !omit.includes(from) });
      await build(root, copy);
      const problem = await trainsAStep(root, copy);
      if (problem !== undefined) throw new Error(problem);
      await moveInPlace(copy, packageFolder, () => trainsAStep(root, packageFolder));
      fs.rmSync(work, { recursive: true, force: true });
      return console.log("   Done: setup() now chooses the native engine. Back to wasm: CTR_BACKEND=wasm");
    } catch (error) {
      if (stopped.signal.aborted) break;
      console.log(`   That failed:\n${(error as Error).message.replace(/^/gm, "     ")}`);
    }
  }
  fs.rmSync(work, { recursive: true, force: true });
  if (!present) fs.rmSync(packageFolder, { recursive: true, force: true });
  throw new Error(
    `The native engine ${stopped.signal.aborted ? "was not built, because it was stopped" : "could not be built"}; ` +
      "the install is as it was. Everything runs on wasm, only slower",
  );
}

if (process.argv[1]?.endsWith("native.ts")) {
  void runCommand(() => {
    parseArgs({}); // refuses words that it does not know, before anything is built
    onStop(() => stopped.abort());
    return main(process.cwd());
  });
}
