/**
 * The loops over rows that take most of a training step's time, in AssemblyScript, a TypeScript that compiles to
 * WebAssembly: `npm run loops` writes ../loops.ts from this file. Four numbers move at once here, where JavaScript
 * moves one, and turns it into a double and back.
 *
 * Every result is that of the plain loop in JavaScript, digit for digit: what JavaScript computes in doubles is
 * computed in doubles here (test/rows/, test/train/optimizers.test.ts). The one exception is weightedSumGradient,
 * which adds up even and odd entries separately. A pointer is a place in the memory, in bytes.
 */

/** Copies row ids[i] of the table to place i; zeros for id 0, which means nothing. table [rows x dim], ids [count], to [count x dim]. */
export function gather(table: usize, dim: u32, ids: usize, count: u32, to: usize): void {
  const bytes = dim << 2;
  const end = ids + (count << 2);
  while (ids < end) {
    const groupEnd = min(ids + (rowsAhead << 2), end);
    if (bytes >= 32) touch(table, bytes, ids, groupEnd, to); // smaller rows are copied as fast without
    for (; ids < groupEnd; ids += 4, to += bytes) {
      const id = load<u32>(ids);
      if (id === 0) memory.fill(to, 0, bytes);
      else copyRow(to, table + id * bytes, bytes);
    }
  }
}

const rowsAhead: usize = 64;

/**
 * Reads a number from each cache line of the rows whose ids lie from `ids` to `end`. A row that is not in the cache takes
 * long to come from memory. Copying waits for one row, or a few; this loop is so short that the processor asks for ten
 * rows at a time. What it stores at `to` only keeps the compiler from leaving out the reading.
 */
// @ts-ignore: decorator
@inline
function touch(table: usize, bytes: u32, ids: usize, end: usize, to: usize): void {
  let seen: u32 = 0;
  for (; ids < end; ids += 4) {
    const row = table + load<u32>(ids) * bytes;
    for (let b: u32 = 0; b < bytes; b += 64) seen |= load<u32>(row + b);
  }
  store<u32>(to, seen);
}

/** Copies place i to row ids[i] of the table: the way back. */
export function scatter(table: usize, dim: u32, ids: usize, count: u32, from: usize): void {
  const bytes = dim << 2;
  for (let i: u32 = 0; i < count; i++, from += bytes) copyRow(table + load<u32>(ids + (i << 2)) * bytes, from, bytes);
}

/** Copies `count` pieces of `bytes` bytes, one every fromStep bytes to one every toStep bytes: columns out of rows, or into them. */
export function copyColumns(from: usize, fromStep: u32, to: usize, toStep: u32, bytes: u32, count: u32): void {
  for (let i: u32 = 0; i < count; i++, from += fromStep, to += toStep) copyRow(to, from, bytes);
}

// @ts-ignore: decorator
@inline
function copyRow(to: usize, from: usize, bytes: u32): void {
  let b: u32 = 0;
  for (; b + 16 <= bytes; b += 16) v128.store(to + b, v128.load(from + b));
  for (; b < bytes; b += 4) store<u32>(to + b, load<u32>(from + b));
}

/**
 * Adds row i of the gradient to row places[i] of the sums; a place of −1 is left out. Places first appear in the
 * order 0, 1, 2, ..., so the first row for each may overwrite what the sums held; `seen` places have appeared before.
 * Returns how many have appeared now.
 */
export function sum(gradient: usize, dim: u32, places: usize, count: u32, sums: usize, seen: i32): i32 {
  const bytes = dim << 2;
  for (let i: u32 = 0; i < count; i++, gradient += bytes) {
    const place = load<i32>(places + (i << 2));
    if (place < 0) continue;
    const to = sums + <usize>place * bytes;
    if (place === seen) {
      seen++;
      copyRow(to, gradient, bytes);
      continue;
    }
    let b: u32 = 0;
    for (; b + 16 <= bytes; b += 16) v128.store(to + b, f32x4.add(v128.load(to + b), v128.load(gradient + b)));
    for (; b < bytes; b += 4) store<f32>(to + b, load<f32>(to + b) + load<f32>(gradient + b));
  }
  return seen;
}

/**
 * Adam (lib/train/optimizers.ts) on `rows` rows: weights and gradient [rows x dim], state [rows x 2 x dim], first the means
 * of a row, then its squares. scale = η / (1 − β₁ᵗ), root = 1 / √(1 − β₂ᵗ).
 */
export function adam(
  weights: usize, state: usize, gradient: usize, rows: u32, dim: u32,
  scale: f64, root: f64, beta1: f64, beta2: f64, epsilon: f64,
): void {
  const bytes = dim << 2;
  for (let i: u32 = 0; i < rows; i++, weights += bytes, gradient += bytes, state += 2 * bytes) {
    const squares = state + bytes;
    let b: u32 = 0;
    for (; b + 8 <= bytes; b += 8) {
      const g = f64x2.promote_low_f32x4(v128.load64_zero(gradient + b));
      const m = f64x2.add(
        f64x2.mul(f64x2.splat(beta1), f64x2.promote_low_f32x4(v128.load64_zero(state + b))),
        f64x2.mul(f64x2.splat(1 - beta1), g),
      );
      const v = f64x2.add(
        f64x2.mul(f64x2.splat(beta2), f64x2.promote_low_f32x4(v128.load64_zero(squares + b))),
        f64x2.mul(f64x2.mul(f64x2.splat(1 - beta2), g), g),
      );
      const change = f64x2.div(
        f64x2.mul(f64x2.splat(scale), m),
        f64x2.add(f64x2.mul(f64x2.splat(root), f64x2.sqrt(v)), f64x2.splat(epsilon)),
      );
      const w = f64x2.sub(f64x2.promote_low_f32x4(v128.load64_zero(weights + b)), change);
      v128.store64_lane(state + b, f32x4.demote_f64x2_zero(m), 0);
      v128.store64_lane(squares + b, f32x4.demote_f64x2_zero(v), 0);
      v128.store64_lane(weights + b, f32x4.demote_f64x2_zero(w), 0);
    }
    if (b < bytes) {
      const g = <f64>load<f32>(gradient + b);
      const m = beta1 * <f64>load<f32>(state + b) + (1 - beta1) * g;
      const v = beta2 * <f64>load<f32>(squares + b) + (1 - beta2) * g * g;
      store<f32>(state + b, <f32>m);
      store<f32>(squares + b, <f32>v);
      store<f32>(weights + b, <f32>(<f64>load<f32>(weights + b) - (scale * m) / (root * sqrt(v) + epsilon)));
    }
  }
}

/**
 * f_BI = ½ [ (Σᵢ eᵢ)² − Σᵢ eᵢ² ] of each impression (lib/layers/pairs.ts): values [batch x n x k] of floats, sums [batch x k]
 * of doubles, which become the Σᵢ eᵢ, to [batch x k].
 */
export function pairs(values: usize, batch: u32, n: u32, k: u32, sums: usize, to: usize): void {
  const row = k << 2;
  for (let impression: u32 = 0; impression < batch; impression++, values += n * row, sums += 2 * row, to += row) {
    let b: u32 = 0;
    for (; b + 8 <= row; b += 8) {
      let sum = f64x2.splat(0);
      let squares = f64x2.splat(0);
      for (let i: u32 = 0; i < n; i++) {
        const x = f64x2.promote_low_f32x4(v128.load64_zero(values + i * row + b));
        sum = f64x2.add(sum, x);
        squares = f64x2.add(squares, f64x2.mul(x, x));
      }
      v128.store(sums + 2 * b, sum);
      const pairs = f64x2.div(f64x2.sub(f64x2.mul(sum, sum), squares), f64x2.splat(2));
      v128.store64_lane(to + b, f32x4.demote_f64x2_zero(pairs), 0);
    }
    if (b < row) {
      let sum: f64 = 0;
      let squares: f64 = 0;
      for (let i: u32 = 0; i < n; i++) {
        const x = <f64>load<f32>(values + i * row + b);
        sum += x;
        squares += x * x;
      }
      store<f64>(sums + 2 * b, sum);
      store<f32>(to + b, <f32>((sum * sum - squares) / 2));
    }
  }
}

/** The gradient of the values: given ⊙ (Σⱼ eⱼ − eᵢ), with given [batch x k] the gradient of f_BI. It overwrites the values. */
export function pairsGradient(values: usize, batch: u32, n: u32, k: u32, sums: usize, given: usize): void {
  const row = k << 2;
  for (let impression: u32 = 0; impression < batch; impression++, sums += 2 * row, given += row) {
    for (let i: u32 = 0; i < n; i++, values += row) {
      let b: u32 = 0;
      for (; b + 8 <= row; b += 8) {
        const x = f64x2.promote_low_f32x4(v128.load64_zero(values + b));
        const g = f64x2.promote_low_f32x4(v128.load64_zero(given + b));
        v128.store64_lane(values + b, f32x4.demote_f64x2_zero(f64x2.mul(g, f64x2.sub(v128.load(sums + 2 * b), x))), 0);
      }
      if (b < row) store<f32>(values + b, <f32>(<f64>load<f32>(given + b) * (load<f64>(sums + 2 * b) - <f64>load<f32>(values + b))));
    }
  }
}

/** Σⱼ wⱼ eⱼ of each impression (lib/layers/pooling.ts): weights [batch x length], steps [batch x length x k], to [batch x k]. */
export function weightedSum(weights: usize, steps: usize, batch: u32, length: u32, k: u32, to: usize): void {
  const row = k << 2;
  for (let impression: u32 = 0; impression < batch; impression++, weights += length << 2, steps += length * row, to += row) {
    let b: u32 = 0;
    for (; b + 8 <= row; b += 8) {
      let sum = f64x2.splat(0);
      for (let j: u32 = 0; j < length; j++) {
        const w = f64x2.splat(<f64>load<f32>(weights + (j << 2)));
        sum = f64x2.add(sum, f64x2.mul(w, f64x2.promote_low_f32x4(v128.load64_zero(steps + j * row + b))));
      }
      v128.store64_lane(to + b, f32x4.demote_f64x2_zero(sum), 0);
    }
    if (b < row) {
      let sum: f64 = 0;
      for (let j: u32 = 0; j < length; j++) sum += <f64>load<f32>(weights + (j << 2)) * <f64>load<f32>(steps + j * row + b);
      store<f32>(to + b, <f32>sum);
    }
  }
}

/**
 * The gradients, from `given` [batch x k], the gradient of the sums: ⟨given, eⱼ⟩ overwrites the weight wⱼ, and wⱼ given
 * overwrites the step eⱼ. In two loops, not one: V8 (Node 20) may move a load of two numbers that become doubles behind
 * a store to the same place, if only the order of the lines keeps the load before the store.
 */
export function weightedSumGradient(weights: usize, steps: usize, batch: u32, length: u32, k: u32, given: usize): void {
  const row = k << 2;
  for (let impression: u32 = 0; impression < batch; impression++, given += row) {
    for (let j: u32 = 0; j < length; j++, weights += 4, steps += row) {
      let two = f64x2.splat(0);
      let b: u32 = 0;
      for (; b + 8 <= row; b += 8) {
        const g = f64x2.promote_low_f32x4(v128.load64_zero(given + b));
        two = f64x2.add(two, f64x2.mul(g, f64x2.promote_low_f32x4(v128.load64_zero(steps + b))));
      }
      let sum = f64x2.extract_lane(two, 0) + f64x2.extract_lane(two, 1);
      if (b < row) sum += <f64>load<f32>(given + b) * <f64>load<f32>(steps + b);
      const w = f32x4.splat(load<f32>(weights));
      for (b = 0; b + 16 <= row; b += 16) v128.store(steps + b, f32x4.mul(w, v128.load(given + b)));
      for (; b < row; b += 4) store<f32>(steps + b, load<f32>(weights) * load<f32>(given + b));
      store<f32>(weights, <f32>sum);
    }
  }
}
