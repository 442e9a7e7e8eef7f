/** Functions for the tests of jobs: good ones and bad ones. */
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";

export async function afterWait(milliseconds: number, i: number): Promise<{ i: number; pid: number }> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  return { i, pid: process.pid };
}

export function engineInUse(): string {
  return tf.getBackend();
}

export function halves(n: number): Float32Array {
  return Float32Array.from({ length: n }, (_, i) => i / 2);
}

export function times(a: number, b: number): number {
  return a * b;
}

export function fails(_: unknown): void {
  throw new Error("on purpose");
}

/** Leaves a file with its process's id as name, and stays. */
export async function stays(folder: string): Promise<void> {
  writeFileSync(join(folder, `${process.pid}`), "");
  await afterWait(60_000, 0);
}

/** Fails when a file is there. */
export async function failsBeside(folder: string): Promise<void> {
  while (readdirSync(folder).length === 0) await afterWait(10, 0);
  throw new Error("on purpose");
}

export function givesFunction(): object {
  return { half: (n: number) => n / 2 };
}

export function isKilled(): Promise<never> {
  process.kill(process.pid, "SIGKILL");
  return new Promise(() => {});
}

export function throwsText(): void {
  throw "a text";
}

export function setting(name: string): string | undefined {
  return process.env[name];
}

export function dies(): void {
  process.exit(3);
}
