import { describe, expect, test } from "vitest";
import { createRandom } from "../lib/random";

/** sfc32 as its author describes it, in whole numbers of any size. */
function* sfc32(a: bigint, b: bigint, c: bigint, counter: bigint): Generator<number> {
  const mask = 0xffffffffn;
  for (;;) {
    const sum = (a + b + counter) & mask;
    counter = (counter + 1n) & mask;
    a = b ^ (b >> 9n);
    b = (c + (c << 3n)) & mask;
    c = ((((c << 21n) | (c >> 11n)) & mask) + sum) & mask;
    yield Number(sum) / 2 ** 32;
  }
}

/** The four first numbers of the state: FNV-1a of the text with four offsets. */
function state(text: string): [bigint, bigint, bigint, bigint] {
  const offsets = [0x811c9dc5n, 0x050c5d1fn, 0x9e3779b9n, 0x85ebca6bn];
  return offsets.map((offset, k) => {
    let hash = offset;
    for (const character of text) hash = ((hash ^ BigInt(character.charCodeAt(0) + k)) * 0x01000193n) & 0xffffffffn;
    return hash;
  }) as [bigint, bigint, bigint, bigint];
}

test("uniform numbers are those of sfc32, after 12 that are thrown away", () => {
  const expected = sfc32(...state("seed 7"));
  for (let i = 0; i < 12; i++) expected.next();
  const random = createRandom("seed 7");
  for (let i = 0; i < 1000; i++) expect(random.uniform()).toBe(expected.next().value);
});

test("the same seed gives the same numbers, another seed others; 1 and \"1\" are the same seed", () => {
  const first = (seed: number | string) => Array.from({ length: 5 }, createRandom(seed).uniform);
  expect(first(1)).toEqual(first("1"));
  expect(first(1)).not.toEqual(first(2));
});

test("uniform numbers have the moments of the uniform distribution and no correlation", () => {
  const random = createRandom(1);
  const n = 100_000;
  const x = Array.from({ length: n }, () => random.uniform());
  const mean = (f: (i: number) => number) => x.reduce((sum, _, i) => sum + f(i), 0) / n;
  expect(mean((i) => x[i])).toBeCloseTo(1 / 2, 2);
  expect(mean((i) => x[i] ** 2)).toBeCloseTo(1 / 3, 2);
  expect(mean((i) => (x[i] - 0.5) * (x[(i + 1) % n] - 0.5))).toBeCloseTo(0, 2);
  expect(x.every((value) => value >= 0 && value < 1)).toBe(true);
});

test("normal numbers have mean 0, variance 1, no skew and the tails of the normal distribution", () => {
  const random = createRandom(2);
  const n = 100_000;
  const x = Array.from({ length: n }, () => random.normal());
  const moment = (k: number) => x.reduce((sum, value) => sum + value ** k / n, 0);
  expect(moment(1)).toBeCloseTo(0, 1);
  expect(moment(2)).toBeCloseTo(1, 1);
  expect(moment(3)).toBeCloseTo(0, 1);
  expect(Math.abs(moment(4) - 3)).toBeLessThan(0.1);
  expect(Math.abs(x.filter((value) => Math.abs(value) > 1.96).length / n - 0.05)).toBeLessThan(0.005);
});

test("normal numbers, integers and shuffles are made of the uniform numbers in one way: a seed keeps its digits", () => {
  const seed = "digits";
  const { uniform } = createRandom(seed);
  const expected: number[] = [];
  while (expected.length < 1000) {
    const [x, y] = [2 * uniform() - 1, 2 * uniform() - 1];
    const square = x ** 2 + y ** 2;
    if (square < 1) expected.push(...[x, y].map((part) => part * Math.sqrt((-2 * Math.log(square)) / square)));
  }
  const random = createRandom(seed);
  for (const value of expected) expect(random.normal()).toBeCloseTo(value, 12);
  expect(random.uniform()).toBe(uniform());
  const places = [4, 3, 2].map((n) => Math.floor(uniform() * n));
  const order = [0, 1, 2, 3];
  places.forEach((j, i) => ([order[3 - i], order[j]] = [order[j], order[3 - i]]));
  expect(random.shuffle([0, 1, 2, 3])).toEqual(order);
  expect(random.integer(1000)).toBe(Math.floor(uniform() * 1000));
});

test("integers are equally likely, from 0 to n - 1", () => {
  const random = createRandom(3);
  const counts = new Array<number>(7).fill(0);
  for (let i = 0; i < 70_000; i++) counts[random.integer(7)]++;
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400); // 4 deviations
  expect(new Set(Array.from({ length: 100 }, () => random.integer(1)))).toEqual(new Set([0]));
});

test("shuffle gives each order equally often and works in place, on typed arrays too", () => {
  const random = createRandom(4);
  const counts = new Map<string, number>();
  for (let i = 0; i < 24_000; i++) {
    const order = random.shuffle([1, 2, 3, 4]).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(24);
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(130); // 4 deviations
  const array = Int32Array.of(5, 6, 7);
  expect(random.shuffle(array)).toBe(array);
  expect(Array.from(array).sort()).toEqual([5, 6, 7]);
});

describe("a child", () => {
  test("does not depend on what its parent has drawn, and not on its siblings", () => {
    const [fresh, used] = [createRandom(5), createRandom(5)];
    for (let i = 0; i < 10; i++) used.normal();
    used.child("a").uniform();
    expect(used.child("b").uniform()).toBe(fresh.child("b").uniform());
  });

  test("differs by its name, its parent's seed and its place", () => {
    const first = [
      createRandom(5).uniform(),
      createRandom(5).child("a").uniform(),
      createRandom(5).child("b").uniform(),
      createRandom(6).child("a").uniform(),
      createRandom(5).child("a").child("a").uniform(),
    ];
    expect(new Set(first).size).toBe(first.length);
  });

  test("with a slash in its name is a child's child", () => {
    expect(createRandom(5).child("a/b").uniform()).toBe(createRandom(5).child("a").child("b").uniform());
  });
});

test.each([0.5, NaN, 2 ** 53, undefined, null])("the seed %s is refused", (seed) => {
  expect(() => createRandom(seed as number)).toThrow(`seed is ${seed}, expected a whole number or a text`);
});
