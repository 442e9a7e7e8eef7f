import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import * as zlib from "node:zlib";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { download, hasChecksum, isWholeGzip } from "../../lib/data/download";
import { release } from "../../lib/data/staging";
import { createRandom } from "../../lib/random";
import { type Behaviour, serve } from "./server";
import { everythingIn, temporaryFolder } from "../temporary";

const random = createRandom("download");
const content = Buffer.from(Uint8Array.from({ length: 300_000 }, () => random.integer(256)));
const sha256 = (bytes: Uint8Array) => crypto.createHash("sha256").update(bytes).digest("hex");

/** A file to be downloaded into an empty folder from a server that behaves like this, request by request. */
async function attempt(...behaviours: Behaviour[]) {
  const server = await serve({ "file.bin": content });
  server.behave(...behaviours);
  const folder = temporaryFolder();
  const place = path.join(folder, "file.bin");
  /** Downloads, checks that all of it came and nothing else is there, and returns the path. */
  const run = async () => {
    const file = await download({ url: server.url("file.bin"), verify: hasChecksum(sha256(content)) }, place);
    release(file);
    expect(fs.readFileSync(file).equals(content)).toBe(true);
    expect(everythingIn(folder)).toEqual([path.basename(file)]);
    return file;
  };
  return { server, folder, place, run };
}

describe("a download", () => {
  test("arrives whole, with its progress", async () => {
    const { server, place } = await attempt({});
    const progress: number[] = [];
    const file = await download(
      {
        url: server.url("file.bin"),
        verify: async () => {},
        onProgress: (received, total) => progress.push(received, total as number),
      },
      place,
    );
    expect(fs.readFileSync(file).equals(content)).toBe(true);
    expect(progress.slice(-2)).toEqual([300_000, 300_000]);
  });

  test.each<[string, Behaviour]>([
    ["a redirect", { redirect: true }],
    ["no length", { noLength: true }],
    ["a server that packs what was to come as it is", { packed: true }],
  ])("copes with %s", async (_, behaviour) => {
    const { run } = await attempt(behaviour);
    await run();
  });

  test("that breaks off says so, leaves nothing under its name, and goes on from there", async () => {
    const { server, place, run } = await attempt({ dieAfter: 100_000 }, {});
    await expect(run()).rejects.toThrow(/file\.bin broke off.*Run the command again to go on/s);
    expect(fs.existsSync(place)).toBe(false);
    await run();
    expect(server.requests[1].from).toBeGreaterThan(0);
  });

  test("is asked for as it is, not packed", async () => {
    const { server, run } = await attempt({});
    await run();
    expect(server.requests).toEqual([{ path: "file.bin", packed: "identity" }]);
  });

  test.runIf(process.platform === "linux")("is not kept open, whether it arrives or breaks off", async () => {
    const open = () => fs.readdirSync("/proc/self/fd").filter((fd) => {
      try {
        return fs.readlinkSync(`/proc/self/fd/${fd}`).includes("file.bin");
      } catch {
        return false; // the one that reads the folder
      }
    });
    const { run } = await attempt({ dieAfter: 100_000 }, {});
    await expect(run()).rejects.toThrow("broke off");
    expect(open()).toEqual([]);
    await run();
    expect(open()).toEqual([]);
  });

  test("lets go of the server when it cannot go on here, or the command would not end", async () => {
    const { server, place } = await attempt({});
    let sent = 0;
    server.behave({ slowly: 1000, onSent: (bytes) => void (sent = bytes) });
    const onProgress = () => {
      throw new Error("enough");
    };
    await expect(download({ url: server.url("file.bin"), verify: async () => {}, onProgress }, place)).rejects.toThrow("enough");
    await new Promise((resolve) => setTimeout(resolve, 200)); // what is on its way
    const before = sent;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(sent).toBe(before);
  });

  test("goes on from the beginning where the server knows no ranges", async () => {
    const { server, run } = await attempt({ dieAfter: 100_000 }, { noRanges: true });
    await expect(run()).rejects.toThrow("broke off");
    await run();
    expect(server.requests.length).toBe(2);
  });

  test("starts again where the server answers with another range than asked for", async () => {
    const { server, run } = await attempt({ dieAfter: 100_000 }, { wrongRange: true }, {});
    await expect(run()).rejects.toThrow("broke off");
    await run();
    expect(server.requests.map(({ from }) => from !== undefined)).toEqual([false, true, false]);
  });

  test("that ends in good order but too early goes on too", async () => {
    const { server, run } = await attempt({ dieAfter: 100_000 }, { endAfter: 50_000, noLength: true }, {});
    await expect(run()).rejects.toThrow("broke off");
    await expect(run()).rejects.toThrow(/broke off after \d+ of 300000 bytes/);
    await run();
    expect(server.requests[2].from).toBe((server.requests[1].from as number) + 50_000);
  });

  test("whose file was changed on the server meanwhile is made from the new file alone", async () => {
    const { server, run } = await attempt({ dieAfter: 100_000, body: Buffer.alloc(200_000) }, {});
    await expect(run()).rejects.toThrow("broke off");
    await run();
    expect(server.requests.map(({ from }) => from !== undefined)).toEqual([false, true, false]);
  });

  test("whose file became shorter than what is there starts again", async () => {
    const { run } = await attempt({ dieAfter: 320_000, body: Buffer.alloc(400_000) }, {});
    await expect(run()).rejects.toThrow("broke off");
    await run();
  });

  test("that was complete when its process ended needs no network", async () => {
    const { server, run } = await attempt({});
    await run();
    await run();
    expect(server.requests.length).toBe(1);
  });

  test.each<[string, Behaviour, RegExp]>([
    [
      "with altered bytes",
      { body: Buffer.concat([content.subarray(0, -1), Buffer.of(content[299_999] ^ 1)]) },
      /altered or cut off: its SHA-256 is [0-9a-f]{64}, expected [0-9a-f]{64}/,
    ],
    [
      "that is cut off where no length was given",
      { body: content.subarray(0, 1000), noLength: true },
      /altered or cut off/,
    ],
    ["that is empty", { body: Buffer.alloc(0) }, /altered or cut off/],
    ["of which the server has no such range, though none was asked for", { status: 416 }, /answered 416/],
    ["of which another part came than asked for", { unaskedRange: true }, /answered 206/],
    ["that is not there", { status: 404 }, /file\.bin answered 404 Not Found/],
    ["from a server in trouble", { status: 503 }, /answered 503/],
    ["that breaks off before its first byte", { dieAfter: 0 }, /broke off/],
  ])("%s is refused, asked for once, and nothing is left", async (_, behaviour, message) => {
    const { folder, run, server } = await attempt(behaviour);
    await expect(run()).rejects.toThrow(message);
    expect(everythingIn(folder)).toEqual([]);
    expect(server.requests.length).toBe(1);
  });

  test("from nowhere says which host cannot be reached", async () => {
    const folder = temporaryFolder();
    await expect(
      download({ url: "http://127.0.0.1:1/file.bin", verify: async () => {} }, path.join(folder, "file.bin")),
    ).rejects.toThrow(/127\.0\.0\.1:1 cannot be reached \((ECONNREFUSED|bad port)\)/);
    expect(everythingIn(folder)).toEqual([]);
  });

  test("from nowhere, with a proxy in the environment, says that it was not used", async () => {
    onTestFinished(() => void vi.unstubAllEnvs());
    vi.stubEnv("NODE_USE_ENV_PROXY", "");
    vi.stubEnv("https_proxy", "http://127.0.0.1:2");
    const place = path.join(temporaryFolder(), "file.bin");
    const outcome = () => download({ url: "http://127.0.0.1:1/file.bin", verify: async () => {} }, place);
    await expect(outcome()).rejects.toThrow(/\)\. Your proxy \(https_proxy\) was not used: set NODE_USE_ENV_PROXY=1 too/);
    vi.stubEnv("NODE_USE_ENV_PROXY", "1");
    await expect(outcome()).rejects.toThrow(/cannot be reached \([^)]*\)$/);
  });

  test("of a gzip file without a checksum is unpacked to its end", async () => {
    const file = path.join(temporaryFolder(), "a.gz");
    const whole = zlib.gzipSync(content);
    fs.writeFileSync(file, whole);
    await isWholeGzip(file);
    for (const wrong of [
      whole.subarray(0, -1),
      content,
      Buffer.concat([whole.subarray(0, 5000), Buffer.alloc(10), whole.subarray(5010)]),
    ]) {
      fs.writeFileSync(file, wrong);
      await expect(isWholeGzip(file)).rejects.toThrow("not a complete gzip file");
    }
  });
});

/** A data set of one zip archive, from the server. */
