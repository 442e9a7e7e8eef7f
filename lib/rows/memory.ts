/**
 * A piece of memory with the compiled loops over rows (assembly/loops.ts) at work in it.
 *
 * Compiled code sees one memory and nothing else, so what it works on is copied in, or lives there. Copying in
 * bulk is quick: taking a row through the processor costs far more.
 */
import { compiled } from "./loops";

/** The functions of assembly/loops.ts. Whole numbers are places in the memory, in bytes, or counts. */
export interface Loops {
  gather(table: number, dim: number, ids: number, count: number, to: number): void;
  scatter(table: number, dim: number, ids: number, count: number, from: number): void;
  copyColumns(from: number, fromStep: number, to: number, toStep: number, bytes: number, count: number): void;
  sum(gradient: number, dim: number, places: number, count: number, sums: number, seen: number): number;
  adam(
    weights: number, state: number, gradient: number, rows: number, dim: number,
    scale: number, root: number, beta1: number, beta2: number, epsilon: number,
  ): void;
  pairs(values: number, batch: number, n: number, k: number, sums: number, to: number): void;
  pairsGradient(values: number, batch: number, n: number, k: number, sums: number, given: number): void;
  weightedSum(weights: number, steps: number, batch: number, length: number, k: number, to: number): void;
  weightedSumGradient(weights: number, steps: number, batch: number, length: number, k: number, given: number): void;
}

/** The part of WebAssembly that is used here; Node's types do not have it. */
declare const WebAssembly: {
  Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer; grow(pages: number): number };
  Module: new (code: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

const page = 65_536; // bytes
/** What one memory can hold, in bytes. */
export const largestMemory = 65_536 * page;

/** Bytes as errors show them, to two decimals: 2 ** 26 rows of 16 numbers need 4.30 GB, and the most is 4.29. */
export function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(2)} GB`;
}

// Compiled once for all memories. Not "module": that name is taken where tslab runs this file.
let program: object | undefined;

/** Memory that grows on request, access to its numbers by place, and the compiled loops that work in it. */
export class RowMemory {
  readonly loops: Loops;
  private readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };

  /** @throws RangeError if there is no room for so many bytes. */
  constructor(bytes: number) {
    program ??= new WebAssembly.Module(Buffer.from(compiled, "base64"));
    this.memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / page) });
    this.loops = new WebAssembly.Instance(program, { env: { memory: this.memory } }).exports as Loops;
  }

  /**
   * Makes the memory at least `bytes` large. Arrays that floats, doubles and ints returned before may then be detached:
   * ask for new ones.
   *
   * @throws RangeError if there is no room for so many bytes.
   */
  reserve(bytes: number): void {
    const missing = Math.ceil((bytes - this.memory.buffer.byteLength) / page);
    try {
      if (missing > 0) this.memory.grow(missing);
    } catch {
      throw new RangeError(
        `no memory for a batch's rows: they need ${gigabytes(bytes)}, of at most ${gigabytes(largestMemory)}. Take smaller batches`,
      );
    }
  }

  /** `length` numbers from place `at` on, which must be a multiple of their size. */
  floats(at: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, at, length);
  }

  doubles(at: number, length: number): Float64Array {
    return new Float64Array(this.memory.buffer, at, length);
  }

  ints(at: number, length: number): Int32Array {
    return new Int32Array(this.memory.buffer, at, length);
  }
}

let shared: RowMemory | undefined;

/**
 * A memory of at least so many bytes for work that leaves nothing in it: the next call may be given the same one.
 *
 * @throws RangeError if there is no room for so many bytes.
 */
export function scratch(bytes: number): RowMemory {
  shared ??= new RowMemory(0);
  shared.reserve(bytes);
  return shared;
}

/** The next place where a line of the processor's cache begins: each row of 16 numbers then lies in a single line. */
export function aligned(place: number): number {
  return Math.ceil(place / 64) * 64;
}

/**
 * The next place for numbers that a tensor is to copy. It is not where a cache line begins, for the reason given at
 * tensorOfCopy (lib/layers/ops.ts).
 */
export function unaligned(place: number): number {
  return aligned(place) + 4;
}
