import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import * as tf from "@tensorflow/tfjs";
import { buildSync } from "esbuild";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { type Engine, useEngine } from "../lib/engine";
import { temporaryFile, temporaryFolder } from "./temporary";
import { engines } from "./engines";

describe("wasm and cpu start in a script with top-level await (.mts)", () => {
  const start = (folder: string, engine: string) => {
    fs.writeFileSync(path.join(folder, "script.mts"), `
      import { useEngine } from ${JSON.stringify(engine)};
      console.log((await useEngine("wasm")).engine, (await useEngine("cpu")).engine);
    `);
    const tsx = path.resolve("node_modules/tsx/dist/cli.mjs");
    return execFileSync(process.execPath, [tsx, path.join(folder, "script.mts")], { encoding: "utf8" });
  };

  test("with this lib", () => {
    expect(start(temporaryFolder(), path.resolve("lib/engine"))).toBe("wasm cpu\n");
  });

  test("with a copy of lib in a project of CommonJS, where tsx makes data: URLs of its files", () => {
    const folder = temporaryFolder();
    fs.symlinkSync(path.resolve("node_modules"), path.join(folder, "node_modules"), "junction");
    fs.writeFileSync(path.join(folder, "package.json"), "{}");
    for (const file of ["engine.ts", "checks.ts"]) fs.copyFileSync(`lib/${file}`, path.join(folder, file));
    expect(start(folder, "./engine")).toBe("wasm cpu\n");
  });
});

test("wasm and cpu start in a bundle of ES modules, where require only refuses", () => {
  const folder = temporaryFolder();
  const entry = path.join(folder, "server.ts");
  fs.symlinkSync(path.resolve("node_modules"), path.join(folder, "node_modules"), "junction");
  fs.writeFileSync(entry, `
    import { useEngine } from ${JSON.stringify(path.resolve("lib/engine"))};
    console.log((await useEngine("wasm")).engine, (await useEngine("cpu")).engine);
  `);
  const outfile = path.join(folder, "server.mjs");
  buildSync({ entryPoints: [entry], outfile, bundle: true, format: "esm", platform: "node", packages: "external" });
  expect(execFileSync(process.execPath, [outfile], { encoding: "utf8" })).toBe("wasm cpu\n");
});

test("wasm's listeners, which end the process, go, and the reader's stay, added while it started or before", () => {
  const script = temporaryFile("listeners.mts", `
    import { useEngine } from ${JSON.stringify(path.resolve("lib/engine"))};
    const events = ["uncaughtException", "unhandledRejection"];
    for (const event of events) process.on(event, () => {});
    const started = useEngine("wasm");
    for (const event of events) process.on(event, () => {});
    await started;
    console.log(events.map((event) => process.listenerCount(event)).join(" "));
  `);
  const tsx = path.resolve("node_modules/tsx/dist/cli.mjs");
  expect(execFileSync(process.execPath, [tsx, script], { encoding: "utf8" })).toBe("2 2\n");
});

test("the first engine that works is taken, node before wasm", async () => {
  vi.stubEnv("CTR_BACKEND", "");
  onTestFinished(() => void vi.unstubAllEnvs());
  const engine = engines.includes("node") ? "node" : "wasm";
  expect(await useEngine()).toEqual({ engine, why: engine === "node" ? "the fastest for large models" : expect.stringMatching(/^no node: /) });
});

test("what computes is what was asked for, and warnings are heard again once it has started, or has not", async () => {
  const { warn, info } = console;
  const { write } = process.stderr;
  const heard = () => [console.warn === warn, console.info === info, process.stderr.write === write];
  for (const engine of engines) {
    await useEngine(engine);
    expect(tf.getBackend(), engine).toBe(engine === "node" ? "tensorflow" : engine);
    expect(heard(), engine).toEqual([true, true, true]);
  }
  const refuses = vi.spyOn(tf.engine(), "setBackend").mockRejectedValueOnce(new Error("no memory\n  at start"));
  onTestFinished(() => refuses.mockRestore());
  await expect(useEngine("cpu")).rejects.toThrow("this engine does not work here (no cpu: no memory). Run npm install again");
  expect(heard()).toEqual([true, true, true]);
});

test("an engine that was asked for is said to be that, whoever asked", async () => {
  vi.stubEnv("CTR_BACKEND", "cpu");
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(await useEngine()).toEqual({ engine: "cpu", why: "as asked by CTR_BACKEND" });
  expect(await useEngine("wasm")).toEqual({ engine: "wasm", why: "as asked" });
  await expect(useEngine("gpu" as Engine)).rejects.toThrow('the wanted engine is "gpu", expected "node", "wasm" or "cpu"');
  vi.stubEnv("CTR_BACKEND", "gpu");
  await expect(useEngine()).rejects.toThrow('CTR_BACKEND is "gpu"');
});

describe("an engine that does not work", () => {
  const { setBackend } = tf.engine();
  const refuse = (...backends: string[]) => {
    vi.stubEnv("CTR_BACKEND", "");
    const spy = vi.spyOn(tf.engine(), "setBackend").mockImplementation((name) => {
      if (backends.includes(name)) return Promise.reject(new Error("no memory"));
      return setBackend.call(tf.engine(), name);
    });
    onTestFinished(() => {
      spy.mockRestore();
      vi.unstubAllEnvs();
    });
  };

  test("is passed over for the next one, which says why", async () => {
    refuse("tensorflow");
    expect(await useEngine()).toEqual({ engine: "wasm", why: expect.stringMatching(/^no node: [^;]+$/) });
    refuse("tensorflow", "wasm");
    expect(await useEngine()).toEqual({ engine: "cpu", why: expect.stringMatching(/^no node: .+; no wasm: no memory$/) });
  });

  test("is refused with what to do, by who asked for it, or by nobody", async () => {
    refuse("tensorflow", "wasm", "cpu");
    await expect(useEngine()).rejects.toThrow(
      /^no engine works here \(no node: .+; no wasm: no memory; no cpu: no memory\)\. Run npm install again, or set CTR_/,
    );
    await expect(useEngine("node")).rejects.toThrow(
      /^this engine does not work here \(no node: .+\)\. Try npm run native, or ask for none, to use wasm$/,
    );
    vi.stubEnv("CTR_BACKEND", "node");
    await expect(useEngine()).rejects.toThrow(/Try npm run native, or leave CTR_BACKEND unset, to use wasm$/);
  });
});
