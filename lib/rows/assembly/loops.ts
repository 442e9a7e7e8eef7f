/**
 * The loops over rows that take most of a training step's time, in AssemblyScript, a TypeScript that compiles to
 * WebAssembly: `npm run loops` writes ../loops.ts from this file. Four numbers move at once here, where JavaScript
 * moves one, and turns it into a double and back.
 *
 * Every result is that of the plain loop in JavaScript, digit for digit: what JavaScript computes in doubles is
 * computed in doubles here (test/rows/). A pointer is a place in the memory, in bytes.
 */

/** Copies row ids[i] of the table to place i; zeros for id 0, which means nothing. table [rows x dim], ids [count], to [count x dim]. */
export function gather(table: usize, dim: u32, ids: usize, count: u32, to: usize): void {
  const bytes = dim << 2;
  for (let i: u32 = 0; i < count; i++, to += bytes) {
    const id = load<u32>(ids + (i << 2));
    if (id === 0) memory.fill(to, 0, bytes);
    else copyRow(to, table + id * bytes, bytes);
  }
}

/** Copies place i to row ids[i] of the table: the way back. */
export function scatter(table: usize, dim: u32, ids: usize, count: u32, from: usize): void {
  const bytes = dim << 2;
  for (let i: u32 = 0; i < count; i++, from += bytes) copyRow(table + load<u32>(ids + (i << 2)) * bytes, from, bytes);
}

// @ts-ignore: decorator
@inline
function copyRow(to: usize, from: usize, bytes: u32): void {
  let b: u32 = 0;
  for (; b + 16 <= bytes; b += 16) v128.store(to + b, v128.load(from + b));
  for (; b < bytes; b += 4) store<u32>(to + b, load<u32>(from + b));
}

/**
 * Adds row i of the gradient to row places[i] of the sums; a place of −1 is left out. Places appear in the order
 * 0, 1, 2, ..., so the first of each may overwrite what the sums held; `seen` of them were there before.
 * Returns how many there are now.
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
 * Adam (lib/train/optimizers.ts) on so many rows: weights and gradient [rows x dim], state [rows x 2 x dim], the means of a
 * row and then its squares. scale = η / (1 − β₁ᵗ), root = 1 / √(1 − β₂ᵗ).
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
