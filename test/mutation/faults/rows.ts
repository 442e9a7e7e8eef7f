import { type Fault, golden, layer, model, rows, train } from "../fault";

/** A fault in the compiled loops is compiled with them (run.ts). */
export const faults: readonly Fault[] = [
  {
    name: "the gradient of a step of a history forgets its weight",
    file: "lib/rows/assembly/loops.ts",
    find: "f32x4.mul(w, v128.load(given + b))",
    replace: "v128.load(given + b)",
    tests: [layer("pooling")],
  },
  {
    name: "compiled pairs lose the 1/2 of what does not fill a vector",
    file: "lib/rows/assembly/loops.ts",
    find: "(sum * sum - squares) / 2",
    replace: "(sum * sum - squares)",
    tests: [rows("loops")],
  },
  {
    name: "compiled pairs count each feature with itself",
    file: "lib/rows/assembly/loops.ts",
    find: "f64x2.sub(f64x2.mul(sum, sum), squares)",
    replace: "f64x2.mul(sum, sum)",
    tests: [rows("loops"), layer("pairs")],
  },
  {
    name: "the compiled gradient of pairs forgets that a feature does not meet itself",
    file: "lib/rows/assembly/loops.ts",
    find: "f64x2.mul(g, f64x2.sub(v128.load(sums + 2 * b), x))",
    replace: "f64x2.mul(g, v128.load(sums + 2 * b))",
    tests: [rows("loops"), layer("pairs")],
  },
  {
    name: "compiled sums keep what the last batch left",
    file: "lib/rows/assembly/loops.ts",
    find: "      copyRow(to, gradient, bytes);\n      continue;",
    replace: "",
    tests: [train("rowsums")],
  },
  {
    name: "compiled rows lose what does not fill a vector",
    file: "lib/rows/assembly/loops.ts",
    find: "  for (; b < bytes; b += 4) store<u32>(to + b, load<u32>(from + b));",
    replace: "",
    tests: [rows("store")],
  },
  {
    name: "ids pass through float32",
    file: "lib/rows/store.ts",
    find: "this.ids.set(ids);",
    replace: "this.ids.set(ids.map((id) => Math.fround(Math.fround(id + 2 ** 25) - 2 ** 25)));",
    tests: [model("fm"), golden],
  },
];
