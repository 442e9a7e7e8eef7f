/** Sums and copies in plain loops, for places where an engine takes longer to begin an operation than to do it. */

/** The sum of each row, in doubles: [rows x length] → [rows]. */
export function rowSums(values: Float32Array, length: number): Float32Array {
  const sums = new Float32Array(values.length / length);
  for (let row = 0, i = 0; row < sums.length; row++) {
    let sum = 0;
    for (const end = i + length; i < end; i++) sum += values[i];
    sums[row] = sum;
  }
  return sums;
}

/** Writes each value `times` times: the way back from rowSums. [rows] → to [rows x times], which it returns. */
export function repeatEach(
  values: ArrayLike<number>,
  times: number,
  to: Float32Array = new Float32Array(values.length * times),
): Float32Array {
  for (let row = 0, i = 0; row < values.length; row++) {
    const value = values[row];
    for (const end = i + times; i < end; i++) to[i] = value;
  }
  return to;
}
