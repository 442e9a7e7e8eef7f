/**
 * Downloads one file, and resumes where an earlier attempt broke off, even one that was killed: what came so far stays
 * under a hidden name with the process id (lib/data/staging.ts).
 */
import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import * as zlib from "node:zlib";
import { explained, leftovers, makeFolder, release, reserve } from "./staging";

export interface Download {
  url: string;
  /** Throws if the file is not the right one. */
  verify: (file: string) => Promise<void>;
  onProgress?: ((received: number, total: number | undefined) => void) | undefined;
}

/**
 * Downloads a file to a hidden path beside `place`, verifies it, and returns the path. The path is reserved for this
 * process until it is released. A file that is still there then, complete or not, is taken up by the next attempt.
 *
 * @throws if the server cannot be reached, does not have the file, breaks off (what came is kept for the next attempt),
 * or sends a wrong file (which is thrown away).
 */
export async function download({ url, verify, onProgress }: Download, place: string): Promise<string> {
  makeFolder(path.dirname(place));
  const part = claimPart(place);
  try {
    const resumed = sizeOf(part) > 0;
    if (resumed && (await isRight(part, verify))) return part;
    await receive(url, part, onProgress);
    if (resumed && !(await isRight(part, verify))) {
      fs.rmSync(part); // perhaps the beginning was of an older file: once more from the start
      await receive(url, part, onProgress);
    }
    await verify(part);
    return part;
  } catch (error) {
    const keep = error instanceof BrokenOff && sizeOf(part) > 0; // only then is there something to go on from
    if (!keep) fs.rmSync(part, { force: true });
    release(part);
    throw explained(error, path.dirname(place));
  }
}

function isRight(file: string, verify: Download["verify"]): Promise<boolean> {
  return verify(file).then(
    () => true,
    () => false,
  );
}

/** Makes a check for the file's SHA-256. */
export function hasChecksum(sha256: string): Download["verify"] {
  return async (file) => {
    const got = await checksum(file);
    if (got !== sha256)
      throw new Error(
        `the file was altered or cut off: its SHA-256 is ${got}, expected ${sha256}. Try again, or take it from another place`,
      );
  };
}

/** A check for files without a published checksum: unpacks a gzip file, which carries its own length and checksum. */
export async function isWholeGzip(file: string): Promise<void> {
  try {
    await pipeline(
      fs.createReadStream(file),
      zlib.createGunzip(),
      new Writable({ write: (_chunk, _encoding, done) => done() }),
    );
  } catch (error) {
    throw new Error(
      `the file is not a complete gzip file (${(error as Error).message}). Try again, or take it from another place`,
    );
  }
}

async function checksum(file: string): Promise<string> {
  const hash = crypto.createHash("sha256");
  for await (const chunk of fs.createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

/**
 * A part file of our own, begun with what an earlier attempt left, if it left any. Of several processes that rename a
 * leftover only one succeeds, so no two resume the same one.
 */
function claimPart(place: string): string {
  const part = reserve(place);
  for (const leftover of leftovers(place)) {
    try {
      fs.renameSync(leftover, part);
      break;
    } catch {
      // another process was faster
    }
  }
  return part;
}

function sizeOf(file: string): number {
  return fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

class BrokenOff extends Error {}

/** Appends what is missing to the part file. */
async function receive(url: string, part: string, onProgress?: Download["onProgress"]): Promise<void> {
  const offset = sizeOf(part);
  const response = await request(url, offset);
  const [, from, whole] = /^bytes (?:(\d+)-\d+|\*)\/(\d+)$/.exec(response.headers.get("content-range") ?? "") ?? [];
  if (offset > 0 && response.status === 416 && Number(whole) === offset) return; // nothing is missing
  const resumes = response.status === 206;
  const isOther = response.status === 416 || (resumes && Number(from) !== offset);
  if (offset > 0 && isOther) {
    await response.body?.cancel();
    fs.rmSync(part); // longer than the file, or another range than asked for: from the start
    return receive(url, part, onProgress);
  }
  if (isOther || !response.ok || !response.body) {
    await response.body?.cancel();
    throw new Error(`${url} answered ${response.status} ${response.statusText}`.trim());
  }
  const length = response.headers.get("content-encoding") ? null : response.headers.get("content-length");
  const total = resumes ? Number(whole) : length === null ? undefined : Number(length);
  let received = resumes ? offset : 0;
  const file = fs.openSync(part, resumes ? "a" : "w");
  try {
    for await (const chunk of chunksOf(response.body, url)) {
      fs.writeFileSync(file, chunk); // writes all of it, unlike writeSync
      received += chunk.length;
      onProgress?.(received, total);
    }
  } finally {
    fs.closeSync(file);
  }
  if (total !== undefined && received !== total)
    throw new BrokenOff(
      `${url} broke off after ${received} of ${total} bytes. Run the command again to go on from there`,
    );
}

async function request(url: string, offset: number): Promise<Response> {
  try {
    return await fetch(url, {
      headers: { "accept-encoding": "identity", ...(offset > 0 ? { range: `bytes=${offset}-` } : {}) },
    });
  } catch (error) {
    throw new Error(`${new URL(url).host} cannot be reached (${reason(error)})${aboutProxy()}`, { cause: error });
  }
}

/** npm uses a proxy that the environment names; fetch does so only when told, and only in newer versions of Node. */
function aboutProxy(env = process.env): string {
  const named = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"].find((name) => env[name]);
  if (!named || env.NODE_USE_ENV_PROXY) return "";
  return `. Your proxy (${named}) was not used: set NODE_USE_ENV_PROXY=1 too, with Node 22.21 or 24 and later`;
}

async function* chunksOf(body: ReadableStream<Uint8Array>, url: string): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw new BrokenOff(`${url} broke off (${reason(error)}). Run the command again to go on from there`, {
      cause: error,
    });
  }
}

/** What is behind fetch's "fetch failed". */
function reason(error: unknown): string {
  const { cause, message } = error as { cause?: { code?: string; message?: string }; message: string };
  return cause?.code ?? cause?.message ?? message;
}
