/**
 * Operations that are slow in some engine when taken straight from tfjs, each with its own gradient.
 * Layers use these; the values and gradients are the same as those of the plain tfjs operations.
 *
 * Times: batch 1024, 26 fields of 16 numbers, 256 units, 2 cores.
 */
import * as tf from "@tensorflow/tfjs";

/**
 * Matrix product a b: [n, m] x [m, u] → [n, u], or one product per matrix: [p, n, m] x [p, m, u] → [p, n, u].
 *
 * For the gradient, da = dy bᵀ and db = aᵀ dy, tfjs lets matMul transpose a factor. On wasm that takes
 * 112 ms; transposing first, then multiplying, takes 11 ms. On node tfjs's way is the faster one.
 */
export const matMul = tf.customGrad((a, b, save) => {
  (save as tf.GradSaveFunc)([a as tf.Tensor, b as tf.Tensor]);
  return {
    value: product(a as tf.Tensor, b as tf.Tensor),
    gradFunc: (dy: tf.Tensor, [a, b]: tf.Tensor[]) => matMulGradient(dy, a, b),
  };
}) as <T extends tf.Tensor2D | tf.Tensor3D>(a: T, b: T) => T;

/** The gradients of a b, [da, db], from dy, that of the product. */
export function matMulGradient(dy: tf.Tensor, a: tf.Tensor, b: tf.Tensor): [tf.Tensor, tf.Tensor] {
  if (isNative()) return [product(dy, b, false, true), product(a, dy, true)];
  return [tf.matMul(dy, transposed(b)), tf.matMul(transposed(a), dy)];
}

/** Whether the engine is the native one, which is slow at other operations than wasm. */
export function isNative(): boolean {
  return tf.getBackend() === "tensorflow";
}

/**
 * a b, with a or b transposed first if asked. On node this calls TensorFlow's product of lists of matrices, past tfjs.
 *
 * Not its product of two matrices (MatMul): a signal in the middle of that, from the stop button, a profiler, or a
 * window that changes its size, corrupts the memory and ends the process, for a matrix of 128 columns as for one of 32.
 * MatMul's loops (oneDNN's, in TensorFlow 2.21) use heap memory as their stack, and a signal writes below a stack.
 */
function product(a: tf.Tensor, b: tf.Tensor, transposeA = false, transposeB = false): tf.Tensor {
  if (!isNative() || a.rank !== 2) return tf.matMul(a, b, transposeA, transposeB);
  return native("BatchMatMulV2", [a, b], { adj_x: transposeA, adj_y: transposeB });
}

function transposed(x: tf.Tensor): tf.Tensor {
  return x.transpose(x.rank === 2 ? [1, 0] : [0, 2, 1]);
}

/**
 * A tensor of these numbers. The array may be overwritten as soon as this returns.
 *
 * tf.tensor promises that on wasm only. cpu keeps the array itself. node reads the array when an operation first needs
 * it: TensorFlow then works in the array, without a copy, if it begins at a multiple of 64 bytes, and copies it if not.
 */
export function tensorOfCopy(values: Float32Array, shape: number[]): tf.Tensor {
  // An array's memory begins at a multiple of 16 bytes, so at any other offset its numbers are at no multiple of 64.
  const mayKeep = tf.getBackend() !== "wasm" && !(isNative() && values.byteOffset % 16 !== 0);
  const tensor = tf.tensor(mayKeep ? values.slice() : values, shape);
  if (isNative()) (tf.backend() as unknown as NodeBackend).getInputTensorIds([tensor]); // reads the array now
  return tensor;
}

/** The part of tfjs-node's backend that is used here. */
interface NodeBackend {
  readonly binding: Record<"TF_ATTR_TYPE" | "TF_ATTR_BOOL" | "TF_FLOAT", number>;
  /** TensorFlow's ids of the tensors. Tensors that it does not have yet are handed over to it. */
  getInputTensorIds(tensors: tf.Tensor[]): number[];
  executeSingleOutput(
    operation: string,
    attributes: { name: string; type: number; value: unknown }[],
    inputs: tf.Tensor[],
  ): tf.Tensor;
}

/** One operation of TensorFlow on floats, for what tfjs puts together from several. On the native engine only. */
function native(operation: string, inputs: tf.Tensor[], switches: Readonly<Record<string, boolean>> = {}): tf.Tensor {
  const backend = tf.backend() as unknown as NodeBackend;
  const { TF_ATTR_TYPE, TF_ATTR_BOOL, TF_FLOAT } = backend.binding;
  const attributes = Object.entries(switches).map(([name, value]) => ({
    name,
    type: TF_ATTR_BOOL,
    value: value as unknown,
  }));
  return backend.executeSingleOutput(
    operation,
    [{ name: "T", type: TF_ATTR_TYPE, value: TF_FLOAT }, ...attributes],
    inputs,
  );
}

/** A linear layer as one operation, x W + b: x [n, m], W [m, u], b [u] → [n, u]. */
export const affine = tf.customGrad((x, W, b, save) => {
  (save as tf.GradSaveFunc)([x as tf.Tensor, W as tf.Tensor]);
  return {
    value: product(x as tf.Tensor, W as tf.Tensor).add(b as tf.Tensor1D),
    gradFunc: (dy: tf.Tensor, [x, W]: tf.Tensor[]) => [...matMulGradient(dy, x, W), columnSums(dy)],
  };
}) as (x: tf.Tensor2D, W: tf.Tensor2D, b: tf.Tensor1D) => tf.Tensor2D;

/** Adds the row b to each row of x: [n, u] + [u] → [n, u]. */
export const addRow = tf.customGrad((x, b) => ({
  value: (x as tf.Tensor2D).add(b as tf.Tensor1D),
  gradFunc: (dy: tf.Tensor) => [dy, columnSums(dy)],
})) as (x: tf.Tensor2D, b: tf.Tensor1D) => tf.Tensor2D;

/** Multiplies each row of x by the row b, entry by entry: [n, u] ⊙ [u] → [n, u]. */
export const mulRow = tf.customGrad((x, b, save) => {
  (save as tf.GradSaveFunc)([x as tf.Tensor, b as tf.Tensor]);
  return {
    value: (x as tf.Tensor).mul(b as tf.Tensor),
    gradFunc: (dy: tf.Tensor, [x, b]: tf.Tensor[]) => [dy.mul(b), columnSums(dy.mul(x))],
  };
}) as (x: tf.Tensor2D, b: tf.Tensor1D) => tf.Tensor2D;

/** The sum of each column, its rows weighted, Σᵢ wᵢ xᵢ: x [n, u], w [n] → [u]. w gets no gradient. */
export function weightedColumnSums(x: tf.Tensor2D, w: tf.Tensor1D): tf.Tensor1D {
  const op = tf.customGrad((x, save) => {
    (save as tf.GradSaveFunc)([w]);
    return {
      value: columnSumsAsProduct(x as tf.Tensor, w),
      gradFunc: (dy: tf.Tensor, [w]: tf.Tensor[]) => w.expandDims(1).mul(dy), // [n, 1] ⊙ [u] → [n, u]
    };
  });
  return op(x) as tf.Tensor1D;
}

/** The sum of each column, Σᵢ xᵢ: [n, u] → [u]. Without a gradient. */
export function columnSums(x: tf.Tensor): tf.Tensor {
  return isNative() ? native("BiasAddGrad", [x]) : columnSumsAsProduct(x, tf.ones([x.shape[0]]));
}

/**
 * As the product xᵀ w: for [1024, 256] that takes 0.4 ms on wasm. A sum over axis 0 takes 1.5 ms there, and so does
 * a row of ones times x, since matMul first rearranges its right factor. For [51200, 80] the times are
 * 6, 26 and 40 ms.
 */
function columnSumsAsProduct(x: tf.Tensor, w: tf.Tensor): tf.Tensor1D {
  return product(x, w.expandDims(1), true).reshape([-1]);
}

/**
 * max(x, 0), entry by entry. The gradient is 0 at x = 0.
 *
 * tfjs's gradient asks for "1 where x > 0", which is a JavaScript loop on node (4.5 ms for [1024, 256]);
 * TensorFlow's own gradient takes 0.1 ms.
 */
export const relu = tf.customGrad((x, save) => {
  const y = (x as tf.Tensor).relu();
  (save as tf.GradSaveFunc)([y]);
  return {
    value: y,
    gradFunc: (dy: tf.Tensor, [y]: tf.Tensor[]) => (isNative() ? native("ReluGrad", [dy, y]) : dy.mul(y.step())),
  };
}) as <T extends tf.Tensor>(x: T) => T;
