/** Writing files so that a crash in the middle leaves the old file, never half of the new one. */
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from "node:fs";
import { rename } from "./rename";

/** Writes the chunks as one file: first under another name beside it, then renamed into its place. */
export function replaceFile(file: string, chunks: readonly Uint8Array[]): void {
  const beside = `${file}.${process.pid}.part`;
  try {
    const descriptor = openSync(beside, "w");
    try {
      for (const chunk of chunks) {
        for (let at = 0; at < chunk.length; ) at += writeSync(descriptor, chunk, at);
      }
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    rename(beside, file);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}
