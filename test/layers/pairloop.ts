/** Vectors for the tests of pairs, and the double loop over them. */
import { normals } from "./numeric";

export const [batch, n, k] = [2, 4, 3];
export const values = normals(batch * n * k, "e");
export const at = (row: number, slot: number) => values.slice((row * n + slot) * k, (row * n + slot + 1) * k);
/** f of each pair i < j of each row, in order. */
export const pairs = <T>(f: (row: number, i: number, j: number) => T): T[][] =>
  [0, 1].map((row) => {
    const list: T[] = [];
    for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) list.push(f(row, i, j));
    return list;
  });
