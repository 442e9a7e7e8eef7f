import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { temporaryFolder } from "../temporary";
import { codeOf, Measurements, rounded } from "./record";

let file: string;
beforeEach(() => {
  file = join(temporaryFolder(), "claims.json");
});
const job = (call: string, ...args: unknown[]) => ({ call, args });

test("a result is found by call and arguments, also by who reads the file", () => {
  const written = new Measurements(file, () => "code");
  written.keep(job("a#f", { l2: 0.1 }, 6), [1, 2]);
  written.keep(job("a#f", { l2: 0.1 }, 7), null);
  written.keep(job("a#g", 6), 3);
  written.write();
  const read = new Measurements(file, () => "code");
  for (const record of [written, read]) {
    expect(record.find(job("a#f", { l2: 0.1 }, 6))).toEqual([1, 2]);
    expect(record.find(job("a#f", { l2: 0.1 }, 7))).toBe(null);
    expect(record.find(job("a#g", 6))).toBe(3);
    for (const other of [job("a#f", { l2: 0.2 }, 6), job("a#f", 6), job("b#g", 6), job("a#g", 7)])
      expect(record.find(other)).toBe(undefined);
  }
  expect(readFileSync(file, "utf8")).toBe(
    '{"code": {\n"a": "code"\n},\n"results": {\n"a#f [{\\"l2\\":0.1}]": {"6":[1,2],"7":null},\n"a#g []": {"6":3}\n}}\n',
  );
});

test("once the code of a file is other, none of its results is current, and the first that is kept replaces all", () => {
  let code = "old";
  const start = () => new Measurements(file, (of) => (of === "a" ? code : "same"));
  const before = start();
  before.keep(job("a#f", 6), 1);
  before.keep(job("a#g", 6), 2);
  before.keep(job("b#f", 6), 3);
  expect(before.isCurrent(job("a#g", 6))).toBe(true);
  before.write();

  code = "new";
  const after = start();
  expect([after.isCurrent(job("a#f", 6)), after.isCurrent(job("b#f", 6))]).toEqual([false, true]);
  expect(after.find(job("a#f", 6))).toBe(1);
  after.keep(job("a#f", 6), 10);
  expect([job("a#f", 6), job("a#g", 6), job("b#f", 6)].map((of) => after.find(of))).toEqual([10, undefined, 3]);
  expect(after.isCurrent(job("a#g", 6))).toBe(true);
});

test("what nobody has looked for or kept can be forgotten, with the code of a file that has nothing left", () => {
  const before = new Measurements(file, () => "code");
  for (const call of ["a#f", "a#g", "b#f"]) before.keep(job(call, 6), 1);
  before.keep(job("a#f", 7), 2);
  before.write();
  const after = new Measurements(file, () => "code");
  after.find(job("a#f", 6));
  after.keep(job("c#f", 6), 3);
  after.forgetUnused();
  after.write();
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({
    code: { a: "code", c: "code" },
    results: { "a#f []": { 6: 1 }, "c#f []": { 6: 3 } },
  });
});

test("about a quarter is measured again, another one by other code", () => {
  const jobs = Array.from({ length: 600 }, (_, seed) => job("a#f", seed));
  const quarters = ["one", "other"].map((code) => {
    const record = new Measurements(file, () => code);
    return jobs.filter((of) => record.isRepeated(of));
  });
  const [one, other] = quarters;
  for (const quarter of quarters) expect(Math.abs(quarter.length - 150)).toBeLessThan(43); // 4 standard deviations
  const both = one.filter((of) => other.includes(of)).length;
  expect(Math.abs(both - 600 / 16)).toBeLessThan(24);
});

test("a result keeps six digits of each number, and must be plain JSON", () => {
  expect(rounded({ auc: 0.123456789, all: [1e-9 / 3, 1234567.8, null, "as it is"] })).toEqual({
    auc: 0.123457,
    all: [3.33333e-10, 1234570, null, "as it is"],
  });
  for (const wrong of [NaN, [Infinity], { a: undefined }, { a: new Float32Array(1) }])
    expect(() => rounded(wrong)).toThrow("expected plain JSON");
});

test("the fingerprint changes with the code of an import, not with comments, types or the table of claims", () => {
  const root = join(temporaryFolder(), "project");
  const write = (name: string, text: string) => writeFileSync(join(root, name), text);
  for (const folder of ["test/claims", "lib/train"]) mkdirSync(join(root, folder), { recursive: true });
  write("package.json", '{ "dependencies": { "@tensorflow/tfjs": "4.22.0", "tslab": "1" } }');
  write("lib/train/worker.ts", "export {};");
  write("lib/number.ts", "export const number = 2;");
  write("lib/types.ts", "export interface Effect { auc: number }");
  write("test/claims/measure.ts", "export const bySeed = 1;");
  const claims = [
    'import { bySeed } from "./measure";',
    'import { number } from "../../lib/number";',
    'import type { Effect } from "../../lib/types";',
    "export const f = (seed: number): Effect => ({ auc: number * seed });",
    "export const claims = [bySeed];",
  ];
  write("test/claims/09-new.ts", claims.join("\n"));
  const now = () => codeOf("test/claims/09-new", root);
  const first = now();
  const isSame = (name: string, text: string) => {
    const before = readFileSync(join(root, name), "utf8");
    write(name, text);
    const same = now() === first;
    write(name, before);
    expect(now()).toBe(first);
    return same;
  };
  expect(isSame("test/claims/09-new.ts", claims.join("\n// New.\n"))).toBe(true);
  expect(isSame("test/claims/09-new.ts", claims.join("\n").replace("[bySeed]", "[]"))).toBe(true);
  expect(isSame("lib/types.ts", "export interface Effect { auc: number; gauc?: number }")).toBe(true);
  expect(isSame("test/claims/measure.ts", "export const bySeed = 2;")).toBe(true);
  expect(isSame("package.json", '{ "dependencies": { "@tensorflow/tfjs": "4.22.0", "tslab": "2" } }')).toBe(true);

  expect(isSame("test/claims/09-new.ts", claims.join("\n").replace("* seed", "+ seed"))).toBe(false);
  expect(isSame("lib/number.ts", "export const number = 3;")).toBe(false);
  expect(isSame("lib/train/worker.ts", "console.log();")).toBe(false);
  expect(isSame("package.json", '{ "dependencies": { "@tensorflow/tfjs": "4.23.0", "tslab": "1" } }')).toBe(false);
});
