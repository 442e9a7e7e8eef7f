/**
 * Files and folders that are there completely or not at all, whenever the process dies: they are made under a hidden
 * name beside their place and renamed at the end, which the system does in one step. The hidden name has the process id
 * in it, so no locks are needed: two processes never share one, and what a dead process left is recognised.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { rename } from "../rename";

/** The hidden paths in use in this process. */
const active = new Set<string>();

/**
 * Calls make with a path beside `final`, and moves what was made there to `final`: a file replaces the file before it;
 * a folder gives way to one that another process put there first. If make fails, nothing is left.
 */
export async function makeInPlace(final: string, make: (staging: string) => Promise<void>): Promise<void> {
  const folder = path.dirname(final);
  makeFolder(folder);
  sweep(final);
  const staging = reserve(final);
  try {
    await make(staging);
    flush(staging);
    move(staging, final);
  } catch (error) {
    throw explained(error, folder);
  } finally {
    fs.rmSync(staging, { recursive: true, force: true });
    release(staging);
  }
}

/**
 * Makes the folder and those above it, unless they exist. (Node's recursive mkdir does not return under /proc.)
 */
export function makeFolder(folder: string): void {
  try {
    try {
      fs.mkdirSync(folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT" || path.dirname(folder) === folder) throw error;
      makeFolder(path.dirname(folder));
      fs.mkdirSync(folder);
    }
  } catch (error) {
    if (isFolder(folder)) return;
    const { code } = error as NodeJS.ErrnoException;
    throw code === "ENOENT"
      ? new DiskError(`${folder} cannot be made (${code}). Set the environment variable CTR_DATA to another folder`)
      : explained(error, folder);
  }
}

/** A hidden path beside `final` that nobody else uses until it is released. */
export function reserve(final: string): string {
  let n = 0;
  let staging = "";
  do staging = path.join(path.dirname(final), `.${path.basename(final)}.${process.pid}.${n++}`);
  while (active.has(staging));
  active.add(staging);
  return staging;
}

/** Gives up a path that was reserved: what is still there is from now on one of the leftovers. */
export function release(staging: string): void {
  active.delete(staging);
}

/** The hidden paths beside `final` that dead processes left, or that this one has released. */
export function leftovers(final: string): string[] {
  const folder = path.dirname(final);
  const start = `.${path.basename(final)}.`;
  const names = isFolder(folder) ? fs.readdirSync(folder).filter((name) => name.startsWith(start)) : [];
  return names.filter((name) => {
    const match = /^(\d+)\.\d+$/.exec(name.slice(start.length));
    return match !== null && !active.has(path.join(folder, name)) && !isAlive(Number(match[1]));
  }).map((name) => path.join(folder, name));
}

function sweep(final: string): void {
  for (const leftover of leftovers(final)) fs.rmSync(leftover, { recursive: true, force: true });
}

/** Whether another process has that number. */
export function isAlive(pid: number): boolean {
  if (pid === process.pid) return false; // an earlier process with our number: what is ours is in active
  try {
    process.kill(pid, 0); // signal 0 only asks
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Waits until everything under the path is on the disk, so that a power failure cannot empty it after the rename. */
function flush(target: string): void {
  if (fs.statSync(target).isDirectory()) {
    for (const name of fs.readdirSync(target)) flush(path.join(target, name));
    return;
  }
  const file = fs.openSync(target, "r+");
  try {
    fs.fsyncSync(file);
  } finally {
    fs.closeSync(file);
  }
}

function move(staging: string, final: string): void {
  try {
    if (isFolder(staging) && isFolder(final) && !hasContent(final)) {
      // Not all at once: another process may put its own there at this very moment.
      for (const name of fs.readdirSync(final)) if (ofTheSystem.test(name)) fs.rmSync(path.join(final, name));
      fs.rmdirSync(final); // an empty folder is in the way of a rename on Windows
    }
    rename(staging, final);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const another = hasContent(final) && ["ENOTEMPTY", "ENOTDIR", "EEXIST", "EPERM"].includes(code ?? "");
    if (!another) throw code === "ENOTDIR" ? explained(error, final) : error;
  }
}

/** What Finder and Explorer put into every folder they show. */
const ofTheSystem = /^(\.DS_Store|\._.*|desktop\.ini|thumbs\.db)$/i;

/** Whether it is a folder with something in it besides what the system puts there. */
export function hasContent(folder: string): boolean {
  return isFolder(folder) && fs.readdirSync(folder).some((name) => !ofTheSystem.test(name));
}

function isFolder(target: string): boolean {
  try {
    return fs.statSync(target).isDirectory();
  } catch {
    return false;
  }
}

/** Nothing can be written where data sets are kept. */
export class DiskError extends Error {
  override readonly name = "DiskError";
}

/** The error, in words if it is about the disk. */
export function explained(error: unknown, folder: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  const advice = "set the environment variable CTR_DATA to another folder";
  if (code === "ENOSPC" || code === "EDQUOT")
    return new DiskError(`the disk of ${folder} is full (${code}). Make room, or ${advice}`, { cause: error });
  if (code === "EACCES" || code === "EROFS" || code === "EPERM")
    return new DiskError(`${folder} cannot be written (${code}). Make it writable, or ${advice}`, { cause: error });
  if (code === "ENOTDIR" || code === "EEXIST")
    return new DiskError(
      `${folder} cannot be a folder, because a file is in its place (${code}). Move it away, or ${advice}`,
      { cause: error },
    );
  return error;
}
