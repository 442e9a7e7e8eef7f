/**
 * A process that is killed at a random moment leaves the old complete file or none, and the next one is not hindered.
 */
import { spawn } from "node:child_process";
import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import * as readline from "node:readline";
import { zipSync } from "fflate";
import { expect, onTestFinished, test, vi } from "vitest";
import { install } from "../../lib/data/install";
import { PackedImpressions } from "../../lib/data/packed";
import { createRandom } from "../../lib/random";
import { pack, toySet } from "./killed";
import { serve } from "./server";
import { temporaryFolder } from "../temporary";

vi.setConfig({ testTimeout: 180_000 }); // each starts several processes, one after the other

const script = path.resolve("test/data/killed.ts");

interface Work {
  kill: () => void;
  /** Called with each line that the process prints. */
  onLine: (line: string) => void;
  end: Promise<"killed" | "done" | "failed">;
}

function start(...words: string[]): Work {
  const child = spawn(process.execPath, ["--import", "tsx", script, ...words], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const work: Work = {
    kill: () => child.kill("SIGKILL"),
    onLine: () => {},
    end: new Promise((resolve) =>
      child.on("close", (code, signal) => resolve(signal === "SIGKILL" ? "killed" : code === 0 ? "done" : "failed")),
    ),
  };
  readline.createInterface(child.stdout).on("line", (line) => work.onLine(line));
  return work;
}

const hidden = (folder: string) => fs.readdirSync(folder).filter((name) => name.startsWith("."));

test("a fetch that is killed leaves the whole data set or none, and goes on from there", async () => {
  const random = createRandom("kill a fetch"); // here, so that a second try has the same moments
  const bytes = (length: number) => Uint8Array.from({ length }, () => random.integer(256));
  const files = { "a.bin": bytes(200_000), "b.bin": bytes(300_000) };
  const archive = Buffer.from(zipSync({ "toy/a.bin": files["a.bin"], "toy/b.bin": files["b.bin"] }, { level: 0 }));
  const sha256 = crypto.createHash("sha256").update(archive).digest("hex");
  const server = await serve({ "toy.zip": archive });
  const cache = path.join(temporaryFolder(), "cache");
  const isWhole = () =>
    Object.entries(files).every(([name, content]) => fs.readFileSync(path.join(cache, "toy", name)).equals(content));
  const ends: string[] = [];
  for (const moment of [0.4, random.uniform(), "unpacking", "unpacking", "the end"]) {
    const work = start("install", server.url("toy.zip"), sha256, cache);
    let killed = false;
    const killSoon = (within: number) => {
      if (!killed) setTimeout(work.kill, random.integer(within));
      killed = true;
    };
    const onSent = (sent: number) => {
      if (typeof moment === "number" && sent >= moment * archive.length) killSoon(10);
      if (moment === "the end" && sent >= archive.length) killSoon(200);
    };
    work.onLine = (line) => {
      if (moment === "unpacking" && line === "one file of two is unpacked") killSoon(100);
    };
    server.behave({ slowly: 10_000, onSent });
    const end = await work.end;
    ends.push(end);
    if (fs.existsSync(path.join(cache, "toy"))) {
      expect(isWhole()).toBe(true);
      fs.rmSync(path.join(cache, "toy"), { recursive: true });
    } else expect(end).toBe("killed");
  }
  expect(ends).not.toContain("failed");
  expect(ends).toContain("killed");
  expect(server.requests.some(({ from }) => from !== undefined && from > 0)).toBe(true);
  server.behave({});
  await install(toySet(server.url("toy.zip"), sha256), { cache });
  expect(isWhole()).toBe(true);
  expect(hidden(cache)).toEqual([]);
});

test("a packing that is killed leaves the old file or the new one, whole", async () => {
  const random = createRandom("kill a packing");
  const folder = temporaryFolder();
  const packed = path.join(folder, "train.rows");
  const text = (rows: number) => {
    const file = path.join(folder, `${rows}.tsv`);
    fs.writeFileSync(
      file,
      Array.from({ length: rows }, (_, row) =>
        [row % 2, ...new Array(13).fill(row % 90), ...new Array(26).fill(`w${row % 500}`)].join("\t"),
      ).join("\n"),
    );
    return file;
  };
  const rowsIn = () => {
    const impressions = new PackedImpressions(packed);
    impressions.read(Int32Array.of(0, impressions.size - 1));
    impressions.close();
    return impressions.size;
  };
  const [old, next] = [text(100), text(12_000)];
  /** Kills it after so many lines: one comes every thousand rows, 12 for each of the two passes. */
  const killAfter = (lines: number): Promise<string> => {
    const work = start("pack", next, packed);
    let left = lines;
    work.onLine = () => {
      if (left-- === 0) setTimeout(work.kill, random.integer(10));
    };
    return work.end;
  };
  expect(await killAfter(3)).toBe("killed");
  expect(fs.existsSync(packed)).toBe(false);
  await pack(old, packed);
  const ends: string[] = [];
  for (const lines of [random.integer(12), 12 + random.integer(11), 23]) {
    ends.push(await killAfter(lines));
    expect([100, 12_000]).toContain(rowsIn());
  }
  expect(ends).not.toContain("failed");
  expect(ends).toContain("killed");
  await pack(next, packed);
  expect(rowsIn()).toBe(12_000);
  expect(hidden(folder)).toEqual([]);
});
