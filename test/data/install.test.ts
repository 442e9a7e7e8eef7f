import * as crypto from "node:crypto";
import realFs from "node:fs";
import * as fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import * as path from "node:path";
import * as zlib from "node:zlib";
import { zipSync } from "fflate";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { type DataSet, dataSets, unzipped } from "../../lib/data/catalogue";
import { hasChecksum } from "../../lib/data/download";
import { dataSet, install } from "../../lib/data/install";
import { createRandom } from "../../lib/random";
import { serve } from "./server";
import { everythingIn, temporaryFolder } from "../temporary";

const random = createRandom("download");
const content = Buffer.from(Uint8Array.from({ length: 300_000 }, () => random.integer(256)));
const sha256 = (bytes: Uint8Array) => crypto.createHash("sha256").update(bytes).digest("hex");

async function zipSet(): Promise<{
  set: DataSet;
  cache: string;
  archive: Buffer;
  server: Awaited<ReturnType<typeof serve>>;
}> {
  const archive = Buffer.from(
    zipSync({ "toy/a.txt": Buffer.from("a"), "toy/b.bin": content, "toy/not-needed": Buffer.from("c") }),
  );
  const server = await serve({ "toy.zip": archive });
  const source = {
    file: "toy.zip",
    url: server.url("toy.zip"),
    verify: hasChecksum(sha256(archive)),
    install: unzipped("toy", ["a.txt", "b.bin"]),
  };
  return {
    set: { name: "toy", about: "A toy", licence: "Free", homepage: "http://toy", sources: [source] },
    cache: path.join(temporaryFolder(), "cache"),
    archive,
    server,
  };
}

describe("a data set", () => {
  test("is fetched, unpacked and moved into place; its licence is told once", async () => {
    const { set, cache, server } = await zipSet();
    const lines: string[] = [];
    server.behave({ dieAfter: 1000 }, {});
    const log = (line: string) => lines.push(line);
    await expect(install(set, { cache, log })).rejects.toThrow(
      /broke off.*By hand: download http:\/\/127.*toy\.zip, then run: npm run data -- toy path\/to\/toy\.zip/s,
    );
    await install(set, { cache, log });
    await install(set, { cache, log });
    expect(lines).toEqual([
      "A toy. Free",
      `toy is in ${path.join(cache, "toy")}`,
      `toy is in ${path.join(cache, "toy")}`,
    ]);
    expect(everythingIn(cache)).toEqual(["toy", path.join("toy", "a.txt"), path.join("toy", "b.bin")]);
    expect(server.requests.length).toBe(2);
  });

  test("can come from a file or a folder by hand, verified all the same", async () => {
    const { set, cache, archive, server } = await zipSet();
    const folder = temporaryFolder();
    fs.writeFileSync(path.join(folder, "toy.zip"), archive.subarray(1));
    await expect(install(set, { cache, from: folder })).rejects.toThrow(/toy\.zip: the file was altered or cut off/);
    await expect(install(set, { cache, from: path.join(folder, "other.zip") })).rejects.toThrow(
      "other.zip is not there",
    );
    expect(fs.existsSync(path.join(cache, "toy"))).toBe(false);
    fs.writeFileSync(path.join(folder, "toy.zip"), archive);
    for (const from of [folder, path.join(folder, "toy.zip")]) {
      fs.rmSync(path.join(cache, "toy"), { recursive: true, force: true });
      await install(set, { cache, from });
      expect(fs.readFileSync(path.join(cache, "toy", "b.bin")).equals(content)).toBe(true);
      expect(everythingIn(folder)).toEqual(["toy.zip"]); // the reader's own file stays
    }
    expect(server.requests).toEqual([]);
  });

  test("of two files is made of both, each in its turn", async () => {
    const { set, cache, server } = await zipSet();
    const [source] = set.sources;
    const copied = (file: string) => ({
      ...source,
      file,
      url: server.url(file),
      verify: async (path: string) => expect(fs.statSync(path).size).toBe(5),
      install: async (from: string, to: string) => fs.copyFileSync(from, path.join(to, file)),
    });
    const folder = temporaryFolder();
    for (const file of ["a.txt", "b.txt"]) fs.writeFileSync(path.join(folder, file), file);
    const two = { ...set, sources: [copied("a.txt"), copied("b.txt")] };
    await install(two, { cache, from: folder });
    for (const file of ["a.txt", "b.txt"]) expect(fs.readFileSync(path.join(cache, "toy", file), "utf8")).toBe(file);
    fs.rmSync(path.join(cache, "toy"), { recursive: true });
    const lines: string[] = [];
    const told: unknown[] = [];
    const options = {
      cache,
      log: (line: string) => lines.push(line),
      onProgress: (...progress: unknown[]) => told.push(progress),
    };
    const [a, b] = ["a.txt", "b.txt"].map((text) => ({ body: Buffer.from(text) }));
    server.behave(a, { ...b, dieAfter: 0 }, { ...b, dieAfter: 1 }, b);
    await expect(install(two, options)).rejects.toThrow("b.txt broke off"); // of which nothing came
    await expect(install(two, options)).rejects.toThrow(
      /By hand: download .*a\.txt and .*b\.txt, then run: .* toy path\/to\/folder \(the folder they are in\)$/,
    );
    await install(two, options);
    expect(lines).toEqual(["A toy. Free", `toy is in ${path.join(cache, "toy")}`]);
    expect(told).toEqual([["a.txt", 5, 5], ["b.txt", 1, 5], ["b.txt", 5, 5]]);
  });

  test("whose archive lacks a file leaves nothing in the cache but the archive, which is not fetched again", async () => {
    const { set, cache, server } = await zipSet();
    const source = { ...set.sources[0], install: unzipped("toy", ["a.txt", "missing"]) };
    await expect(install({ ...set, sources: [source] }, { cache })).rejects.toThrow("does not contain toy/missing");
    expect(everythingIn(cache)).toEqual([expect.stringMatching(/^\.toy\.zip\.\d+\.\d+$/)]);
    await install(set, { cache });
    expect(server.requests.length).toBe(1);
  });

  test("from a read-only file can be written, as all files in the cache", async () => {
    const cache = temporaryFolder();
    const from = path.join(temporaryFolder(), "train.gz");
    fs.writeFileSync(from, zlib.gzipSync("id,click\n"), { mode: 0o444 });
    await install(dataSet("avazu"), { cache, from });
    expect(fs.statSync(path.join(cache, "avazu", "train.csv.gz")).mode & 0o200).toBe(0o200);
  });

  test.each(["avazu", "amazon-electronics"])("without a checksum is refused where it is cut off: %s", async (name) => {
    const [cache, from] = [temporaryFolder(), temporaryFolder()];
    const packed = zlib.gzipSync("id,click\n");
    for (const { file } of dataSet(name).sources) fs.writeFileSync(path.join(from, file), packed.subarray(0, -1));
    await expect(install(dataSet(name), { cache, from })).rejects.toThrow("the file is not a complete gzip file");
    expect(everythingIn(cache)).toEqual([]);
  });

  test("takes the place of a folder in which nothing is but what the system put there", async () => {
    const { set, cache } = await zipSet();
    fs.mkdirSync(path.join(cache, "toy"), { recursive: true });
    fs.writeFileSync(path.join(cache, "toy", ".DS_Store"), "");
    await install(set, { cache });
    expect(everythingIn(path.join(cache, "toy"))).toEqual(["a.txt", "b.bin"]);
  });

  test("fetched twice at the same time is there once and whole", async () => {
    const { set, cache, server } = await zipSet();
    server.behave({ slowly: 30_000 });
    await Promise.all([install(set, { cache }), install(set, { cache })]);
    expect(everythingIn(cache)).toEqual(["toy", path.join("toy", "a.txt"), path.join("toy", "b.bin")]);
    expect(fs.readFileSync(path.join(cache, "toy", "b.bin")).equals(content)).toBe(true);
  });

  test("that needs an account says what to download, and where to give it", async () => {
    const error = await install(dataSet("avazu"), { cache: temporaryFolder() }).catch((error) => error);
    expect(error.message).toBe(
      "avazu cannot be fetched without an account or an agreement. By hand: download train.gz from https://www.kaggle.com/c/avazu-ctr-prediction/data, then run: npm run data -- avazu path/to/train.gz",
    );
    await expect(
      install(dataSet("amazon-electronics"), { cache: temporaryFolder(), from: __filename }),
    ).rejects.toThrow(
      /is one file, expected the folder with reviews_Electronics_5\.json\.gz and meta_Electronics\.json\.gz/,
    );
  });

  test("that nobody knows is answered with those there are", () => {
    expect(() => dataSet("ml-100K")).toThrow(
      `no data set is called "ml-100K", expected one of: ${dataSets.map(({ name }) => name).join(", ")}`,
    );
  });
});

describe("a cache that cannot be written", () => {
  /** Makes a function of node:fs fail. */
  function failing(name: "mkdirSync" | "writeFileSync" | "openSync", code: string): void {
    vi.spyOn(realFs, name).mockImplementation((() => {
      throw Object.assign(new Error(`${code}: simulated`), { code });
    }) as never);
    syncBuiltinESMExports();
    onTestFinished(() => {
      vi.restoreAllMocks();
      syncBuiltinESMExports();
    });
  }

  test("because the disk is full: says so, and leaves nothing half-written", async () => {
    const { set, cache } = await zipSet();
    failing("writeFileSync", "ENOSPC");
    await expect(install(set, { cache })).rejects.toThrow(
      /the disk of .*cache is full \(ENOSPC\)\. Make room, or set the environment variable CTR_DATA/,
    );
    expect(everythingIn(cache)).toEqual([]);
  });

  test("because the reader's share of the disk is used up, or the folder is somebody else's: says so", async () => {
    const { set, cache } = await zipSet();
    failing("writeFileSync", "EDQUOT");
    await expect(install(set, { cache })).rejects.toThrow(/the disk of .*cache is full \(EDQUOT\)/);
    failing("writeFileSync", "EACCES");
    await expect(install(set, { cache })).rejects.toThrow(
      /cannot be written \(EACCES\)\. Make it writable, or set the environment variable CTR_DATA/,
    );
    failing("writeFileSync", "EPERM");
    await expect(install(set, { cache })).rejects.toThrow(/cannot be written \(EPERM\)/);
  });

  test("because it is read-only: says so, without asking to fetch by hand", async () => {
    const { set, cache } = await zipSet();
    failing("mkdirSync", "EROFS");
    const error = await install(set, { cache }).catch((error) => error);
    expect(error.message).toMatch(
      /cannot be written \(EROFS\)\. Make it writable, or set the environment variable CTR_DATA to another folder$/,
    );
  });

  test("because its drive does not exist: says so", async () => {
    const { set, cache } = await zipSet();
    failing("mkdirSync", "ENOENT");
    await expect(install(set, { cache })).rejects.toThrow(
      /cannot be made \(ENOENT\)\. Set the environment variable CTR_DATA to another folder$/,
    );
  });

  test("because a file is in its place: says so", async () => {
    const { set } = await zipSet();
    const file = path.join(temporaryFolder(), "cache");
    fs.writeFileSync(file, "");
    await expect(install(set, { cache: file })).rejects.toThrow(/cannot be a folder, because a file is in its place/);
    const cache = temporaryFolder();
    fs.writeFileSync(path.join(cache, "toy"), "");
    await expect(install(set, { cache })).rejects.toThrow(
      `${path.join(cache, "toy")} cannot be a folder, because a file is in its place (ENOTDIR). Move it away, or set`,
    );
  });
});
