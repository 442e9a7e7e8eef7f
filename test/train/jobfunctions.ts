/** Functions for the tests of jobs: good ones and bad ones. */
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

export function fails(_: unknown): void {
  throw new Error("on purpose");
}

export function dies(): void {
  process.exit(3);
}
