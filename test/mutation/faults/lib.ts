import { type Fault, train } from "../fault";

/** Of the files that stand in lib itself. */
export const faults: readonly Fault[] = [
  {
    name: "wasm is taken before the native engine",
    file: "lib/engine.ts",
    find: '["node", "wasm", "cpu"]',
    replace: '["wasm", "node", "cpu"]',
    tests: ["test/engine.test.ts"],
  },
  {
    name: "two seeds give the same numbers",
    file: "lib/random.ts",
    find: "child: (name) => createRandom(`${seed}/${name}`),",
    replace: "child: (name) => createRandom(`${name}`),",
    tests: ["test/random.test.ts"],
  },
  {
    name: "a rename on Windows is tried once",
    file: "lib/rename.ts",
    find: "!held || attempt === attempts",
    replace: "!held || attempt === 1",
    tests: ["test/rename.test.ts"],
  },
  {
    name: "the loss overflows for large logits",
    file: "lib/sigmoid.ts",
    find: "Math.max(s, 0) - s * y + Math.log1p(Math.exp(-Math.abs(s)))",
    replace: "Math.log1p(Math.exp(s)) - s * y",
    tests: [train("loss")],
  },
];
