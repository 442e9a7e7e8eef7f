import { describe, expect, test } from "vitest";
import { applyEncoding, fitEncoding } from "../../lib/data/encode";
import { earlierClicks } from "../../lib/data/histories";
import { Impressions, sequenceFeature, sparseFeature } from "../../lib/data/impressions";
import { checkLeaks, LeakError, type LeakOptions } from "../../lib/data/leaks";
import { type RawImpressions, textColumn } from "../../lib/data/raw";
import { popularity, sampleNegatives } from "../../lib/data/sampling";
import { dense, label, sparse } from "../../lib/data/schema";
import { leaveLastOut, randomSplit, timeSplit } from "../../lib/data/split";
import { createRandom } from "../../lib/random";

interface Row {
  user: number;
  time: number;
  item: number;
  label: number;
  history: number[];
}

const historyLength = 8;

function table(rows: Row[]): Impressions {
  const history = new Int32Array(rows.length * historyLength);
  rows.forEach((row, r) => history.set(row.history.slice(-historyLength), r * historyLength));
  return new Impressions({
    features: [sparseFeature("item", 50), sequenceFeature("history", 50, historyLength, "item")],
    columns: { item: Int32Array.from(rows, ({ item }) => item), history },
    labels: Float32Array.from(rows, (row) => row.label),
    users: Int32Array.from(rows, ({ user }) => user),
    times: Float64Array.from(rows, ({ time }) => time),
  });
}

/** 20 users who click 6 items each, with one sampled negative per click and histories of earlier clicks. */
function cleanRows(avoid: "all" | "past" = "all"): Row[] {
  const random = createRandom(4);
  const clicks: Row[] = [];
  for (let user = 1; user <= 20; user++) {
    const items = random.shuffle(Array.from({ length: 15 }, (_, i) => i + 1)).slice(0, 6);
    items.forEach((item, n) => clicks.push({ user, time: 100 * n + user, item, label: 1, history: items.slice(0, n) }));
  }
  const negatives = sampleNegatives(
    {
      users: Int32Array.from(clicks, ({ user }) => user),
      items: Int32Array.from(clicks, ({ item }) => item),
      times: Float64Array.from(clicks, ({ time }) => time),
    },
    {
      perClick: 1,
      weights: popularity(
        Int32Array.from(clicks, ({ item }) => item),
        50,
        0,
      ),
      avoid,
      seed: 1,
    },
  );
  return clicks.flatMap((click, i) => [click, { ...click, item: negatives[i], label: 0 }]);
}

function leaksOf(check: () => void): string[] {
  try {
    check();
  } catch (error) {
    if (!(error instanceof LeakError)) throw error;
    return error.leaks.map(({ kind }) => kind);
  }
  return [];
}

describe("checkLeaks", () => {
  const rows = cleanRows();
  const data = table(rows);

  test.each([
    ["leaveLastOut", leaveLastOut(data)],
    ["timeSplit", timeSplit(data, { validation: 0.1, test: 0.2 })],
    ["randomSplit", randomSplit(data, { validation: 0.1, test: 0.2, seed: 1 })],
  ])("finds nothing in the parts that %s makes", (_name, split) => {
    const parts = {
      train: data.read(split.train),
      validation: data.read(split.validation),
      test: data.read(split.test),
    };
    expect(() => checkLeaks(parts, { item: "item" })).not.toThrow();
  });

  test("catches the published splitter in which every test row is a training row too", () => {
    // Minimised from torch-rechub's create_seq_features (utils/data.py): the second `if` should be an `else if`,
    // so the last event of a user, which is not the one before last, goes to the else branch as well.
    const parts: Record<"train" | "validation" | "test", Row[]> = { train: [], validation: [], test: [] };
    for (let user = 1; user <= 20; user++) {
      const events = rows.filter((row) => row.user === user);
      const last = events.length / 2 - 1; // an event is a click and its negative
      for (let i = 0; i <= last; i++) {
        const event = events.slice(2 * i, 2 * i + 2);
        if (i === last) parts.test.push(...event);
        if (i === last - 1) parts.validation.push(...event);
        else parts.train.push(...event);
      }
    }
    const leaky = { train: table(parts.train), validation: table(parts.validation), test: table(parts.test) };
    const check = () => checkLeaks(leaky, { item: "item" });
    expect(leaksOf(check)).toEqual(["test rows in training"]);
    expect(check).toThrow(`40 found, expected none`); // all test rows: 20 clicks and 20 negatives
    expect(check).toThrow(/test row 0 \(user 1, time 501, item \d+\) is also train row 8/);
    expect(check).toThrow("Split so that every row is in one part");
  });

  test("catches validation rows that are training rows too", () => {
    const parts = {
      train: table(rows.slice(0, 100)),
      validation: table(rows.slice(99, 110)),
      test: table(rows.slice(110)),
    };
    const check = () => checkLeaks(parts, { item: "item" });
    expect(leaksOf(check)).toEqual(["test rows in training"]);
    expect(check).toThrow(/validation row 0 \(.*\) is also train row 99/);
  });

  test("catches test rows that are validation rows too", () => {
    const [train, validation, test] = [rows.slice(0, 100), rows.slice(100, 110), rows.slice(109)].map(table);
    const parts = { train, validation, test };
    expect(() => checkLeaks(parts, { item: "item" })).toThrow(/test row 0 \(.*\) is also validation row 9/);
  });

  test("looks at the parts that are there", () => {
    const [train, test] = [table(rows.slice(0, 100)), table(rows.slice(99))];
    expect(leaksOf(() => checkLeaks({ train, validation: undefined, test }, { item: "item" }))).toEqual([
      "test rows in training",
    ]);
  });

  test("catches a history that has what is clicked later, or now", () => {
    for (const ahead of [0, 1, 3]) {
      const leaky = rows.map((row) => ({ ...row, history: row.history.slice() }));
      const click = 2 * 6 * 2 + 2; // the third user's second click
      leaky[click].history.push(rows[click + 2 * ahead].item);
      expect(
        leaksOf(() =>
          checkLeaks({ train: table(leaky.slice(0, 100)), test: table(leaky.slice(100)) }, { item: "item" }),
        ),
      ).toEqual(["future in a history"]);
    }
  });

  test("names the first of the later clicks, in whatever order the rows are", () => {
    const train = [9, 5, 7].map((time) => ({ user: 1, time, item: 40, label: 1, history: [] }));
    const test = [{ user: 1, time: 1, item: 40, label: 0, history: [40] }];
    const check = () => checkLeaks({ train: table(train), test: table(test) }, { item: "item" });
    expect(check).toThrow("the history of test row 0 (user 1, time 1, item 40) has item 40, clicked at 5");
    expect(check).toThrow("test row 0 (user 1, time 1, item 40) is clicked at 5");
  });

  test("looks at every step of a history, the last one too", () => {
    const train = [{ user: 1, time: 2, item: 40, label: 1, history: [] }];
    for (let step = 0; step < historyLength; step++) {
      const history = Array.from({ length: historyLength }, (_, j) => (j === step ? 40 : j + 1));
      const test = [{ user: 1, time: 1, item: 41, label: 0, history }];
      expect(leaksOf(() => checkLeaks({ train: table(train), test: table(test) }, { item: "item" }))).toEqual([
        "future in a history",
      ]);
    }
  });

  test("catches it when the history is sorted by time but cut after the impression", () => {
    const all = (user: number) => rows.filter((row) => row.user === user && row.label === 1).map(({ item }) => item);
    const leaky = rows.map((row) => ({ ...row, history: all(row.user) }));
    expect(
      leaksOf(() =>
        checkLeaks(
          { train: table(leaky), test: table(leaky.slice(0, 2).map((row) => ({ ...row, user: 99 }))) },
          { item: "item" },
        ),
      ),
    ).toEqual(["future in a history"]);
  });

  test("catches it in a row whose own item is one that stands for several, too", () => {
    const train = [
      { user: 1, time: 1, item: 1, label: 0, history: [5] },
      { user: 1, time: 2, item: 5, label: 1, history: [] },
    ];
    const test = [{ user: 2, time: 3, item: 6, label: 1, history: [] }];
    for (const item of [0, 1]) {
      const check = () =>
        checkLeaks(
          { train: table([{ ...train[0], item }, train[1]]), test: table(test) },
          { item: "item", sharedIds: [1] },
        );
      expect(leaksOf(check)).toEqual(["future in a history"]);
      expect(check).toThrow(`train row 0 (user 1, time 1, item ${item}) has item 5, clicked at 2`);
    }
  });

  test("reads only histories of the item's vocabulary: other ids are not items", () => {
    const columns = { item: Int32Array.of(3, 5), categories: Int32Array.of(5, 0, 0, 0) };
    const features = [sparseFeature("item", 50), sequenceFeature("categories", 50, 2, "category")];
    const data = new Impressions({
      features,
      columns,
      labels: Float32Array.of(1, 1),
      users: Int32Array.of(1, 1),
      times: Float64Array.of(1, 2),
    });
    expect(
      leaksOf(() =>
        checkLeaks({ train: data.read(Int32Array.of(0)), test: data.read(Int32Array.of(1)) }, { item: "item" }),
      ),
    ).toEqual([]);
  });

  test("does not call the same second later", () => {
    const train = [1, 0].map((label) => ({ user: 1, time: 1, item: 3, label, history: [] }));
    const test = [{ user: 1, time: 2, item: 4, label: 1, history: [] }];
    expect(leaksOf(() => checkLeaks({ train: table(train), test: table(test) }, { item: "item" }))).toEqual([]);
  });

  test("accepts histories that begin before the data, and repeated clicks of the same item", () => {
    const past = [
      { user: 1, time: 1, item: 3, label: 1, history: [40, 41] },
      { user: 1, time: 2, item: 3, label: 1, history: [40, 41, 3] },
      { user: 1, time: 3, item: 5, label: 1, history: [41, 3, 3] },
    ];
    past.push(past[1]); // clicked twice in the same second
    const test = [{ user: 1, time: 4, item: 3, label: 1, history: [3, 3, 3, 5] }];
    expect(leaksOf(() => checkLeaks({ train: table(past), test: table(test) }, { item: "item" }))).toEqual([]);
  });

  test("takes a click again of what was clicked before the data began, or in a dropped row, for the future, unless told so", () => {
    // Clicked 3 and 4 before the data, and 5 at time 2, in a row that was dropped; then 3 and 5 again.
    const train = [
      { user: 1, time: 1, item: 7, label: 0, history: [3, 4] },
      { user: 1, time: 3, item: 3, label: 1, history: [3, 4, 5] },
    ];
    const test = [
      { user: 1, time: 4, item: 5, label: 1, history: [3, 4, 5, 3] },
      { user: 1, time: 4, item: 7, label: 0, history: [3, 4, 5, 3] },
    ];
    const check = (options: Partial<LeakOptions>) => () =>
      checkLeaks({ train: table(train), test: table(test) }, { item: "item", ...options });
    expect(leaksOf(check({}))).toEqual(["future in a history"]);
    expect(check({ historiesBeginEarlier: true })).not.toThrow();
    test.push({ ...train[0] });
    expect(leaksOf(check({ historiesBeginEarlier: true }))).toEqual(["test rows in training"]); // the rest is looked at
  });

  test("accepts the same user, time and item twice in one part: two rows for one click are no leak", () => {
    expect(
      leaksOf(() =>
        checkLeaks({ train: table([...rows, ...rows]), test: table([{ ...rows[0], user: 99 }]) }, { item: "item" }),
      ),
    ).toEqual([]);
  });

  test("finds nothing in the histories that earlierClicks builds", () => {
    const { labels, users, times, columns } = data;
    const history = earlierClicks({ labels, users, times }, historyLength).map((row) =>
      row === 0 ? 0 : columns.item[row - 1],
    );
    const rebuilt = new Impressions({
      features: data.features,
      columns: { item: columns.item, history },
      labels,
      users,
      times,
    });
    const split = leaveLastOut(rebuilt);
    expect(
      leaksOf(() => checkLeaks({ train: rebuilt.read(split.train), test: rebuilt.read(split.test) }, { item: "item" })),
    ).toEqual([]);
  });

  test("catches negatives that are clicked later, unless told to allow them", () => {
    const drawn = table(cleanRows("past"));
    const { train, test } = leaveLastOut(drawn);
    const parts = { train: drawn.read(train), test: drawn.read(test) };
    const check = () => checkLeaks(parts, { item: "item" });
    expect(leaksOf(check)).toEqual(["negative clicked later"]);
    expect(check).toThrow(
      'Draw negatives with avoid: "all", or, if this is what was shown, allow it with laterPositives: true',
    );
    expect(leaksOf(() => checkLeaks(parts, { item: "item", laterPositives: true }))).toEqual([]);
  });

  test("reports all kinds at once, each with up to three examples", () => {
    const leaky = cleanRows("past").map((row) => ({ ...row, history: [row.item] }));
    try {
      checkLeaks({ train: table(leaky), test: table(leaky) }, { item: "item" });
      expect.unreachable();
    } catch (error) {
      const { leaks } = error as LeakError;
      expect(leaks.map(({ kind }) => kind)).toEqual([
        "test rows in training",
        "future in a history",
        "negative clicked later",
      ]);
      expect(leaks[0].count).toBe(240);
      expect(leaks.every(({ examples }) => examples.length === 3)).toBe(true);
    }
  });

  test("concludes nothing from ids that stand for several items", () => {
    const unknown = [{ user: 1, time: 1, item: 1, label: 1, history: [1, 1] }];
    expect(
      leaksOf(() => checkLeaks({ train: table(unknown), test: table(unknown) }, { item: "item", sharedIds: [1] })),
    ).toEqual([]);
    expect(leaksOf(() => checkLeaks({ train: table(unknown), test: table(unknown) }, { item: "item" }))).not.toEqual(
      [],
    );
  });

  test("concludes nothing from impressions without an item, nor from the padding of a history", () => {
    const none = [
      { user: 1, time: 1, item: 0, label: 0, history: [] },
      { user: 1, time: 2, item: 0, label: 1, history: [] },
    ];
    expect(leaksOf(() => checkLeaks({ train: table(none), test: table(none) }, { item: "item" }))).toEqual([]);
  });

  test("needs users, times and the item", () => {
    const { features, columns, labels, users, times } = data;
    const without = new Impressions({ features, columns, labels, users });
    expect(() => checkLeaks({ train: data, test: without }, { item: "item" })).toThrow(
      "test has no times, expected users and times",
    );
    const anonymous = new Impressions({ features, columns, labels, times });
    expect(() => checkLeaks({ train: anonymous, test: data }, { item: "item" })).toThrow("train has no users");
    const slip = { item: "item", laterPositive: true };
    expect(() => checkLeaks({ train: data, test: data }, slip)).toThrow("checkLeaks has no option laterPositive");
    expect(() => checkLeaks({ train: data, test: data }, { item: "goods" })).toThrow(
      "train has no sparse feature goods",
    );
    expect(() => checkLeaks({ train: data, test: data }, { item: "history" })).toThrow(
      "train has no sparse feature history",
    );
  });
});

describe("checkLeaks on what was fitted", () => {
  const raw: RawImpressions = {
    size: 4,
    schema: { item: sparse(), shop: sparse({ minCount: 2 }), price: dense(), click: label() },
    columns: {
      item: textColumn(["pen", "ink", "pen", "cap"]),
      shop: textColumn(["A", "B", "A", "B"]),
      price: Float64Array.of(1, 2, 3, 10),
    },
    labels: Float32Array.of(1, 0, 1, 1),
    users: Int32Array.of(1, 2, 1, 2),
    times: Float64Array.of(1, 2, 3, 4),
  };
  const trainRows = Int32Array.of(0, 1, 2);
  const check = (fittedOn: Int32Array, statistics = fitEncoding(raw, fittedOn).statistics) => {
    const encoding = { ...fitEncoding(raw, fittedOn), statistics };
    const data = applyEncoding(raw, encoding);
    checkLeaks(
      { train: data.read(trainRows), test: data.read(Int32Array.of(3)) },
      { item: "item", fitted: { encoding, raw, trainRows } },
    );
  };

  test("finds nothing when it was fitted on the training rows, in whatever order", () => {
    expect(() => check(trainRows)).not.toThrow();
    expect(() => check(Int32Array.of(2, 0, 1))).not.toThrow();
  });

  test("catches vocabularies and statistics of all rows", () => {
    const all = () => check(Int32Array.of(0, 1, 2, 3));
    expect(leaksOf(all)).toEqual(["fitted on other rows"]);
    expect(all).toThrow('vocabulary item knows "cap", which training rows do not have often enough');
    expect(all).toThrow('vocabulary shop knows "B"');
    expect(all).toThrow(/price has mean 4 and deviation .*, in the training rows they are 2 and 0\.8164/);
  });

  test("catches a mean or a deviation alone", () => {
    const { price } = fitEncoding(raw, trainRows).statistics;
    for (const other of [{ mean: 9 }, { deviation: 9 }])
      expect(() => check(trainRows, { price: { ...price, ...other } })).toThrow("price has mean");
  });

  test("catches what training rows do not lead to at all, or only to hashes", () => {
    const encoding = fitEncoding(raw, trainRows);
    const data = applyEncoding(raw, encoding);
    const parts = { train: data.read(trainRows), test: data.read(Int32Array.of(3)) };
    const check = (other: Partial<typeof encoding>) => () =>
      checkLeaks(parts, { item: "item", fitted: { encoding: { ...encoding, ...other }, raw, trainRows } });
    expect(check({ vocabularies: { brand: { words: ["A"] } } })).toThrow('vocabulary brand knows "A"');
    const { item } = encoding.vocabularies; // an honest one, which must not hide the next
    expect(check({ vocabularies: { item, brand: { words: ["A"] } } })).toThrow('vocabulary brand knows "A"');
    expect(check({ vocabularies: { item: { hashBuckets: 9 } } as never })).toThrow(
      "vocabulary item is not the one that training rows lead to",
    );
    expect(check({ statistics: { weight: { mean: 1, deviation: 2 } } })).toThrow(
      "weight has mean 1 and deviation 2, in the training rows they are undefined and undefined",
    );
  });

  test("catches a vocabulary of too few rows as well", () => {
    expect(() => check(Int32Array.of(1, 2))).toThrow("fitted on other rows");
  });
});
