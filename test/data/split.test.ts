import { describe, expect, test } from "vitest";
import { leaveLastOut, randomSplit, type Shares, type Split, type Splittable, timeSplit, userSplit } from "../../lib/data/split";
import { fc, percents } from "../properties";

/** Data of up to 40 rows, with few users and few different times, so that both repeat. */
const someData: fc.Arbitrary<Splittable> = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 9 })), { minLength: 1, maxLength: 40 })
  .map((rows) => ({
    size: rows.length,
    users: Int32Array.from(rows, ([user]) => user),
    times: Float64Array.from(rows, ([, time]) => time),
  }));

const someShares = fc.record({ validation: percents(0, 45), test: percents(0, 45) });

function expectEveryRowOnce({ train, validation, test }: Split, size: number): void {
  const rows = [...train, ...validation, ...test].sort((a, b) => a - b);
  expect(rows).toEqual(Array.from({ length: size }, (_, row) => row));
  for (const part of [train, validation, test])
    expect(Array.from(part)).toEqual(Array.from(part).sort((a, b) => a - b));
}

/** Checks each split that there is. Of some data there is none; of most there has to be, or nothing would be checked. */
function forSplits(
  split: (data: Splittable, options: Shares & { seed: number }) => Split,
  check: (parts: Split, data: Splittable) => void,
): void {
  let splits = 0;
  fc.assert(
    fc.property(someData, someShares, fc.integer(), (data, shares, seed) => {
      let parts: Split;
      try {
        parts = split(data, { ...shares, seed });
      } catch (error) {
        expect((error as Error).message).toMatch(/none is left for/);
        return;
      }
      splits++;
      check(parts, data);
    }),
  );
  expect(splits).toBeGreaterThan(25);
}

function partOf(split: Split, row: number): string {
  return Object.entries(split).find(([, rows]) => rows.includes(row))![0];
}

describe("no row is lost or doubled", () => {
  test.each([randomSplit, userSplit, timeSplit])("by $name", (split) => {
    forSplits(split, (parts, { size }) => expectEveryRowOnce(parts, size));
  });

  test("by leaveLastOut", () => {
    fc.assert(fc.property(someData, (data) => expectEveryRowOnce(leaveLastOut(data), data.size)));
  });
});

describe("randomSplit", () => {
  const data = { size: 1_000 };

  test("gives each part its share", () => {
    const split = randomSplit(data, { validation: 0.1, test: 0.25, seed: 1 });
    expect([split.train.length, split.validation.length, split.test.length]).toEqual([650, 100, 250]);
  });

  test("depends on the seed alone, and takes rows from everywhere", () => {
    const shares = { validation: 0.1, test: 0.5 };
    const split = randomSplit(data, { ...shares, seed: 1 });
    expect(randomSplit(data, { ...shares, seed: 1 })).toEqual(split);
    expect(randomSplit(data, { ...shares, seed: 2 }).test).not.toEqual(split.test);
    const mean = split.test.reduce((sum, row) => sum + row, 0) / 500;
    expect(Math.abs(mean - 499.5)).toBeLessThan(4 * Math.sqrt((1000 ** 2 / 12 / 500) * 0.5));
  });
});

describe("timeSplit", () => {
  test("never trains on what is as late as a test row", () => {
    forSplits(timeSplit, ({ train, validation, test }, { times }) => {
      const at = (rows: Int32Array) => Array.from(rows, (row) => times![row]);
      const latest = Math.max(...at(train));
      const latestValidation = Math.max(latest, ...at(validation));
      for (const time of at(validation)) expect(time).toBeGreaterThan(latest);
      for (const time of at(test)) expect(time).toBeGreaterThan(latestValidation);
    });
  });

  test("gives each part its share when all times differ, whatever the order of the rows, and leaves the data as it is", () => {
    const timeOf = (row: number) => (row * 37) % 100; // asked below, as times that the split had sorted would fit it
    const times = Float64Array.from({ length: 100 }, (_, row) => timeOf(row));
    const split = timeSplit({ size: 100, times }, { validation: 0.1, test: 0.2 });
    expect(Array.from(split.test, timeOf).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, i) => 80 + i),
    );
    expect(Array.from(split.validation, timeOf).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 10 }, (_, i) => 70 + i),
    );
  });

  test("says so when the times leave no test", () => {
    const times = Float64Array.of(1, 2, 3, 3, 3);
    expect(() => timeSplit({ size: 5, times }, { validation: 0, test: 0.4 })).toThrow(
      "of 5 rows none is left for test: too few, or too many of one time",
    );
  });

  test("says so when there are too few rows, or none", () => {
    const few = { size: 5, times: Float64Array.of(1, 2, 3, 4, 5), users: new Int32Array(5) };
    expect(() => timeSplit(few, { validation: 0.1, test: 0.1 })).toThrow("of 5 rows none is left for validation: too few");
    const one = { size: 1, times: Float64Array.of(5) };
    expect(() => timeSplit(one, { validation: 0, test: 0.6 })).toThrow("of 1 rows none is left for test");
    const none = { size: 0, times: new Float64Array(0), users: new Int32Array(0) };
    expect(() => timeSplit(none, { validation: 0.1, test: 0.1 })).toThrow("of 0 rows none is left for validation");
    expect(() => leaveLastOut(none)).toThrow("0 rows to split, expected at least 1");
  });
});

describe("a part that was asked for", () => {
  const users = Int32Array.from({ length: 100 }, (_, row) => row % 3);

  test("is never left empty in silence", () => {
    expect(() => randomSplit({ size: 4 }, { validation: 0.1, test: 0.1, seed: 1 })).toThrow(
      "of 4 rows none is left for test, with 0.1 for validation and 0.1 for test. Take other shares or more data",
    );
    expect(() => randomSplit({ size: 4 }, { validation: 0.1, test: 0.3, seed: 1 })).not.toThrow();
    expect(() => randomSplit({ size: 5 }, { validation: 0.05, test: 0.2, seed: 1 })).toThrow(
      "of 5 rows none is left for validation",
    );
    expect(() => randomSplit({ size: 2 }, { validation: 0.4, test: 0.4, seed: 1 })).toThrow(
      "of 2 rows none is left for train",
    );
    expect(() => userSplit({ size: 100, users }, { validation: 0.1, test: 0.1, seed: 1 })).toThrow(
      "of 3 users none is left for test",
    );
  });

  test("may be asked to be empty", () => {
    expect(randomSplit({ size: 4 }, { validation: 0, test: 0, seed: 1 })).toEqual({
      train: Int32Array.of(0, 1, 2, 3),
      validation: new Int32Array(0),
      test: new Int32Array(0),
    });
    expect(userSplit({ size: 100, users }, { validation: 0, test: 0.4, seed: 1 }).validation).toHaveLength(0);
  });
});

describe("userSplit", () => {
  test("keeps a user's rows together", () => {
    forSplits(userSplit, (split, { size, users }) => {
      const parts = new Map<number, string>();
      for (let row = 0; row < size; row++) {
        const part = partOf(split, row);
        expect(parts.get(users![row]) ?? part).toBe(part);
        parts.set(users![row], part);
      }
    });
  });

  test("gives each part its share of the users, the same whatever the order of the rows", () => {
    const users = Int32Array.from({ length: 300 }, (_, row) => row % 100);
    const split = userSplit({ size: 300, users }, { validation: 0.2, test: 0.3, seed: 1 });
    const of = (rows: Int32Array, of: Int32Array) =>
      Array.from(new Set(Array.from(rows, (row) => of[row]))).sort((a, b) => a - b);
    expect([of(split.validation, users).length, of(split.test, users).length]).toEqual([20, 30]);
    const reversed = users.slice().reverse();
    expect(
      of(userSplit({ size: 300, users: reversed }, { validation: 0.2, test: 0.3, seed: 1 }).test, reversed),
    ).toEqual(of(split.test, users));
  });

  test("draws other users for another seed", () => {
    const data = { size: 300, users: Int32Array.from({ length: 300 }, (_, row) => row % 100) };
    const split = (seed: number) => userSplit(data, { validation: 0.2, test: 0.3, seed });
    expect(split(1)).toEqual(split(1));
    expect(split(2).test).not.toEqual(split(1).test);
  });
});

describe("leaveLastOut", () => {
  test("tests on each user's last event and validates on the one before", () => {
    //                         0  1  2  3  4  5  6  7
    const users = Int32Array.of(1, 1, 1, 2, 2, 3, 1, 1);
    const times = Float64Array.of(5, 9, 7, 1, 2, 4, 9, 6);
    const split = leaveLastOut({ size: 8, users, times });
    expect(Array.from(split.test)).toEqual([1, 4, 6]); // rows 1 and 6 are one event: the same user at the same time
    expect(Array.from(split.validation)).toEqual([2]); // user 2 has only two events, user 3 only one
    expect(Array.from(split.train)).toEqual([0, 3, 5, 7]);
  });

  test("trains on no user's future", () => {
    fc.assert(
      fc.property(someData, (data) => {
        const split = leaveLastOut(data);
        const rank = { train: 0, validation: 1, test: 2 } as Record<string, number>;
        for (let a = 0; a < data.size; a++) {
          for (let b = 0; b < data.size; b++) {
            if (data.users![a] !== data.users![b] || data.times![a] > data.times![b]) continue;
            expect(rank[partOf(split, a)]).toBeLessThanOrEqual(rank[partOf(split, b)]);
          }
        }
      }),
      { numRuns: 30 },
    );
  });
});

test.each([
  [
    () => randomSplit({ size: 3 }, { validation: -0.1, test: 0, seed: 1 }),
    "validation is -0.1, expected a share from 0 to below 1",
  ],
  [
    () => randomSplit({ size: 3 }, { validation: 0.5, test: 0.5, seed: 1 }),
    "validation and test are 1 of the data, expected to leave some for training",
  ],
  [
    () => timeSplit({ size: 3 }, { validation: 0.1, test: 0.1 }),
    "the data has no times, expected one per row for timeSplit. If its file has them, give the schema a column time()",
  ],
  [
    () => userSplit({ size: 3 }, { validation: 0.1, test: 0.1, seed: 1 }),
    "the data has no users, expected one per row for userSplit. If its file has them, give the schema a column user()",
  ],
  [
    () => leaveLastOut({ size: 3, users: new Int32Array(3) }),
    "the data has no times, expected one per row for leaveLastOut",
  ],
  [
    () => timeSplit({ size: 4, times: Float64Array.of(1, 2) }, { validation: 0, test: 0.25 }),
    "2 times, expected 4: one per row",
  ],
  [() => leaveLastOut({ size: 2, users: new Int32Array(3) }), "3 users, expected 2: one per row"],
])("what a split needs is checked: %s", (make, message) => {
  expect(make).toThrow(message);
});

test("a slip in an option of a split, and a lot without its seed, are refused", () => {
  const data = { size: 100, times: Float64Array.from({ length: 100 }, (_, i) => i), users: new Int32Array(100) };
  const shares = { validation: 0.1, test: 0.1 };
  const slip = { ...shares, sed: 1 } as never;
  for (const [name, split] of Object.entries({ randomSplit, timeSplit, userSplit }))
    expect(() => split(data, slip)).toThrow(`${name} has no option sed, expected some of validation, test`);
  for (const split of [randomSplit, userSplit]) expect(() => split(data, shares as never)).toThrow("seed is undefined");
});
