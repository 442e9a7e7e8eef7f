import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "vitest";
import { part, rowRange, shuffledBlocks } from "../../lib/data/blocks";
import type { TextRow } from "../../lib/data/csv";
import { encode } from "../../lib/data/encode";
import { DataError } from "../../lib/data/faults";
import { type Feature, sequenceFeature, type SparseFeature, sparseFeature } from "../../lib/data/impressions";
import { PackedImpressions, PackedWriter } from "../../lib/data/packed";
import { dense, label, type Schema, sequence, sparse, time, user } from "../../lib/data/schema";
import { timeSplit, userSplit } from "../../lib/data/split";
import { packTable } from "../../lib/data/stream";
import { readTable } from "../../lib/data/table";
import { useEngine } from "../../lib/engine";
import { LR } from "../../lib/models/lr";
import { createRandom, type Random } from "../../lib/random";
import { fit } from "../../lib/train/fit";
import { sgd } from "../../lib/train/optimizers";
import { fc } from "../properties";
import { temporaryFile, temporaryFolder } from "../temporary";

const schema: Schema = {
  shop: sparse({ missing: "word" }),
  item: sparse({ minCount: 2 }),
  clicked: sequence({ maxLength: 3, vocabulary: "item" }),
  hashed: sparse({ from: "item", hashBuckets: 70_000 }),
  price: dense({ transform: Math.log1p }),
  click: label(),
  who: user(),
  when: time(),
};

/** A table with everything in it; many items, so that their ids take two bytes. */
function table(rows: number): string {
  const random = createRandom("table");
  const item = () => `item ${Math.floor(400 * random.uniform() ** 2)}`;
  const lines = Array.from({ length: rows }, (_, row) => {
    const clicked = Array.from({ length: random.integer(5) }, item).join("|");
    return [
      ["x", "y", ""][random.integer(3)],
      item(),
      clicked,
      random.integer(4) ? random.integer(100) : "",
      random.integer(2),
      `user ${random.integer(9)}`,
      1e9 + row,
    ].join(",");
  });
  return temporaryFile("table.csv", ["shop,item,clicked,price,click,who,when", ...lines].join("\n"));
}

const all = (size: number) => Int32Array.from({ length: size }, (_, row) => row);
/** Rows of these values, packed. */
function packedRows(features: readonly Feature[], rows: readonly (number | number[])[][]): PackedImpressions {
  const to = path.join(temporaryFolder(), "rows");
  const writer = new PackedWriter(to, {
    encoding: { features, vocabularies: {}, statistics: {}, roles: {} },
    hasUsers: true,
    hasTimes: false,
  });
  rows.forEach((values, user) => writer.add({ label: user % 2, user, time: 0, weight: 1, values }));
  writer.finish();
  writer.close();
  return new PackedImpressions(to);
}

describe("a packed table", () => {
  test("holds the same impressions as the table in memory, and the same encoding", async () => {
    const file = table(3000);
    const raw = await readTable(file, {}, schema);
    const { impressions, encoding } = encode(raw, all(2000));
    const packed = await packTable(file, {}, schema, {
      to: path.join(temporaryFolder(), "rows"),
      isTrainingRow: (row) => row < 2000,
    });
    expect(packed.size).toBe(3000);
    expect(packed.encoding).toEqual(encoding);
    const read = packed.read(all(3000));
    expect(read).toEqual(impressions);
    expect(new Set(read.users).size).toBe(9);
    packed.close();
  });

  test("keeps parallel histories in step where a value is empty, as the table in memory does", async () => {
    const file = temporaryFile("table.csv", "items,kinds,click\na|b,|x,1\na|b|c,x||y,0\n");
    const packed = await packTable(
      file,
      {},
      { items: sequence({ maxLength: 3 }), kinds: sequence({ maxLength: 3 }), click: label() },
      { to: path.join(temporaryFolder(), "rows"), isTrainingRow: () => true },
    );
    // "" is no word.
    expect(packed.encoding.vocabularies).toEqual({ items: { words: ["a", "b", "c"] }, kinds: { words: ["x", "y"] } });
    const { columns } = packed.read(all(2));
    expect([columns.items, columns.kinds]).toEqual([Int32Array.of(2, 3, 0, 2, 3, 4), Int32Array.of(0, 2, 0, 2, 0, 3)]);
    packed.close();
  });

  const goods: Schema = { item: sparse(), price: dense(), click: label() };
  // A is 2, b is 3; mean 2, deviation 1.
  const firstFile = () => temporaryFile("first.csv", "item,price,click\na,1,1\na,3,0\nb,,0\n");

  test("of a second file takes the first one's encoding, and need not have labels", async () => {
    const to = path.join(temporaryFolder(), "rows");
    const { encoding } = encode(await readTable(firstFile(), {}, goods), all(3));
    const second = temporaryFile("second.csv", "price,item,seen\n2,b,5\n4,z,6\n,,7\n");
    const passes = new Set<string>();
    const more = temporaryFile("more.csv", `price,item\n${"2,b\n".repeat(1000)}`);
    (
      await packTable(more, {}, goods, { to, encoding, unlabelled: true, onProgress: (pass) => passes.add(pass) })
    ).close();
    expect([...passes]).toEqual(["packing"]);
    const packed = await packTable(
      second,
      {},
      { ...goods, seen: sparse() },
      { to, encoding: JSON.parse(JSON.stringify(encoding)), unlabelled: true },
    );
    const { columns, labels } = packed.read(all(3));
    expect(columns).toEqual({ item: Int32Array.of(3, 1, 0), price: Float32Array.of(0, 2, 0) });
    expect(labels).toEqual(Float32Array.of(0, 0, 0));
    expect(packed.encoding).toEqual(encoding);
    packed.close();
    await expect(packTable(second, {}, goods, { to, encoding })).rejects.toThrow('no column named "click"');
    await expect(
      packTable(second, {}, goods, { to, encoding, unlabelled: true, isTrainingRow: () => true }),
    ).rejects.toThrow("encoding and isTrainingRow are given, expected one of them");
    const lost = packTable(
      second,
      {},
      { ...goods, price: dense({ transform: Math.log1p }) },
      { to, encoding, unlabelled: true },
    );
    await expect(lost).rejects.toThrow('price: transform is "a function" in the schema, expected "none"');
  });

  test("is not made with an option that there is none of", async () => {
    const file = temporaryFile("table.csv", "item,price,click\na,1,1\n");
    const options = { to: `${file}.rows`, isTrainingRow: () => true, keeps: () => false };
    await expect(packTable(file, {}, goods, options)).rejects.toThrow("packTable has no option keeps, expected some of");
    expect(fs.existsSync(options.to)).toBe(false);
  });

  test("leaves out the rows that are not kept, and numbers the others, as a table in memory does", async () => {
    const file = temporaryFile("table.csv", "item,price,click\nx,9,\na,1,1\na,3,0\nx,?,0\nb,,0\nc,,1\n");
    const keep = (row: TextRow) => row.click !== "" && row.price !== "?";
    const raw = await readTable(file, {}, goods, { keep });
    expect([raw.size, raw.labels]).toEqual([4, Float32Array.of(1, 0, 0, 1)]);
    const packed = await packTable(file, {}, goods, { to: `${file}.rows`, keep, isTrainingRow: (row) => row < 3 });
    const { columns } = packed.read(all(4));
    expect(columns).toEqual({ item: Int32Array.of(2, 2, 3, 1), price: Float32Array.of(-1, 1, 0, 0) });
    expect(packed.encoding).toEqual(encode(raw, all(3)).encoding);
    packed.close();
    await expect(readTable(file, {}, goods)).rejects.toThrow('line 2, column 3: click is ""');
    await expect(
      packTable(file, {}, goods, { to: `${file}.rows`, keep: () => false, isTrainingRow: () => true }),
    ).rejects.toThrow("0 training rows");
    const { encoding } = packed;
    await expect(packTable(file, {}, goods, { to: `${file}.rows`, keep: () => false, encoding })).rejects.toThrow(
      "has no rows that are kept, expected at least 1",
    );
  });

  test("refuses a number that is too large once it is standardised, with its line", async () => {
    const file = temporaryFile("table.csv", "item,price,click\na,1,1\na,3,0\nb,1e39,0\n");
    const packing = packTable(file, {}, goods, { to: `${file}.rows`, isTrainingRow: (row) => row < 2 });
    await expect(packing).rejects.toThrow(
      "table.csv, line 4, column 2: price is 1e+39, which is Infinity when standardised, expected a number that 32 bits can hold. Correct it, or leave the row out (of a file, with keep)",
    );
    await expect(packing).rejects.toThrow(DataError);
    expect(fs.existsSync(`${file}.rows`)).toBe(false);
  });

  test("gives any rows in any order, as often as asked", async () => {
    const packed = await packTable(table(300), {}, schema, {
      to: path.join(temporaryFolder(), "rows"),
      isTrainingRow: () => true,
    });
    const whole = packed.read(all(300));
    fc.assert(
      fc.property(fc.array(fc.nat(299), { maxLength: 20, minLength: 1 }), (rows) => {
        expect(packed.read(Int32Array.from(rows))).toEqual(whole.read(Int32Array.from(rows)));
      }),
      { numRuns: 100 },
    );
    expect(part(packed, Int32Array.of(7, 5, 9)).read(Int32Array.of(2, 0)).labels).toEqual(
      whole.read(Int32Array.of(9, 7)).labels,
    );
    for (const row of [-1, 300])
      expect(() => packed.read(Int32Array.of(299, row))).toThrow(`row ${row}, expected 0..299`);
    for (const row of [-1, 3])
      expect(() => part(packed, Int32Array.of(7, 5, 9)).read(Int32Array.of(2, row))).toThrow(
        `row ${row}, expected 0..2`,
      );
    packed.close();
  });

  test.each([256, 257, 65_536, 65_537, 70_000])(
    "keeps the largest id of a vocabulary of %i, alone and in a history",
    (vocabSize) => {
      const table = packedRows(
        [sparseFeature("id", vocabSize), sequenceFeature("clicked", vocabSize, 2)],
        [[vocabSize - 1, [1, vocabSize - 1]]],
      );
      const { columns } = table.read(all(1));
      expect([columns.id, columns.clicked]).toEqual([Int32Array.of(vocabSize - 1), Int32Array.of(1, vocabSize - 1)]);
      table.close();
    },
  );

  test("takes 1, 2 or 4 bytes for an id, the fewest that hold its vocabulary: existing files are read by that", () => {
    const bytes = [256, 257, 65_536, 65_537].map((vocabSize) => {
      const [one, two] = [1, 2].map((rows) => {
        const table = packedRows([sparseFeature("id", vocabSize)], Array.from({ length: rows }, () => [0]));
        table.close();
        return fs.statSync(table.path).size;
      });
      return two - one - 5; // without label and user
    });
    expect(bytes).toEqual([1, 2, 2, 4]);
  });

  test("holds rows of more than one buffer, 1 MB, all in their order", () => {
    const first = (row: number) => [1 + row, 60_000 + row, 0];
    const table = packedRows(
      [sequenceFeature("clicked", 70_000, 100)],
      Array.from({ length: 6000 }, (_, row) => [first(row).slice(0, 2)]),
    ); // 405 bytes each
    const { users, columns } = table.read(all(6000));
    expect(users).toEqual(all(6000));
    for (const row of [0, 2588, 2589, 2590, 5999])
      expect(Array.from(columns.clicked.subarray(100 * row, 100 * row + 3))).toEqual(first(row));
    table.close();
  });

  test("holds rows that are longer than its buffer", () => {
    const size = 300_000; // 4 bytes each
    const row = (first: number) => [Array.from({ length: size }, (_, j) => first + j)];
    const table = packedRows([sequenceFeature("clicked", 500_000, size)], [row(1), row(100_000)]);
    const { clicked } = table.read(all(2)).columns;
    expect([0, size - 1, size, 2 * size - 1].map((at) => clicked[at])).toEqual([1, size, 100_000, 99_999 + size]);
    table.close();
  });

  test("may have names in any script", () => {
    const table = packedRows([sparseFeature("商品", 9), sparseFeature("Größe", 9)], [[1, 2]]);
    expect(table.read(all(1)).columns).toEqual({ 商品: Int32Array.of(1), Größe: Int32Array.of(2) });
    table.close();
  });

  test("has an order of its own for training: every row once, another one for another seed", () => {
    const table = packedRows(
      [sparseFeature("id", 9)],
      Array.from({ length: 100 }, (_, row) => [row % 9]),
    );
    const [one, other] = [1, 2].map((seed) => table.shuffled(createRandom(seed)));
    expect(one.slice().sort()).toEqual(all(100));
    expect(one).not.toEqual(all(100));
    expect(one).not.toEqual(other);
    table.close();
  });

  test("has parts with an order of their own, where data in memory leaves it to the training", () => {
    const table = packedRows(
      [sparseFeature("id", 9)],
      Array.from({ length: 100 }, (_, row) => [row % 9]),
    );
    const order = part(table, all(40)).shuffled?.(createRandom(1));
    expect(order?.slice().sort()).toEqual(all(40));
    expect(order).not.toEqual(all(40));
    expect(part(table.read(all(100)), all(40)).shuffled).toBeUndefined();
    table.close();
  });

  test("needs one pass when ids are hashed, and a choice of training rows otherwise", async () => {
    const file = table(1001);
    const to = path.join(temporaryFolder(), "rows");
    const hashed: Schema = { item: sparse({ hashBuckets: 100 }), click: label() };
    const told: [pass: string, rows: number][] = [];
    const onProgress = (pass: string, rows: number) => void told.push([pass, rows]);
    (await packTable(file, {}, hashed, { to, onProgress })).close();
    expect(told).toEqual([["packing", 1000]]);
    (await packTable(file, {}, schema, { to, onProgress, isTrainingRow: () => true })).close();
    expect(told.slice(1)).toEqual([
      ["counting", 1000],
      ["packing", 1000],
    ]);
    const frequent: Schema = { item: sparse({ minCount: 2 }), click: label() };
    for (const some of [schema, frequent])
      await expect(packTable(file, {}, some, { to })).rejects.toThrow("isTrainingRow is missing");
    await expect(packTable(file, {}, { item: sparse({ hashBuckets: 100 }) }, { to })).rejects.toThrow(
      "the schema has 0 label columns, expected 1",
    );
  });

  test("is not made, and nothing is left, when a row is bad or words are too many; the old one stays", async () => {
    const folder = temporaryFolder();
    const to = path.join(folder, "rows");
    const good = table(100);
    (await packTable(good, {}, schema, { to, isTrainingRow: () => true })).close();
    const before = fs.readFileSync(to);
    const bad = temporaryFile("table.csv", `${fs.readFileSync(good, "utf8")}\nx,a,b,1,2,ann,5\n`);
    const hashed: Schema = { item: sparse({ hashBuckets: 100 }), click: label() };
    await expect(packTable(bad, {}, hashed, { to })).rejects.toThrow(DataError); // found while packing
    await expect(packTable(bad, {}, schema, { to, isTrainingRow: () => true })).rejects.toThrow(
      'line 102, column 5: click is "2"',
    ); // while counting
    await expect(packTable(good, {}, schema, { to, isTrainingRow: () => true, maxWords: 20 })).rejects.toThrow(
      /more than 20 different words in its first \d+ rows\. Hash/,
    );
    await expect(packTable(temporaryFile("empty.csv", "item,click\n"), {}, hashed, { to })).rejects.toThrow(
      "has no rows",
    );
    expect(fs.readdirSync(folder)).toEqual(["rows"]);
    expect(fs.readFileSync(to).equals(before)).toBe(true);
  });

  test("may hold as many different words in memory as maxWords says, and not one more", async () => {
    const file = temporaryFile("table.csv", "item,click\na,1\nb,0\na,1\nc,0\nd,1\n");
    const options = { to: `${file}.rows`, isTrainingRow: (row: number) => row < 4 }; // d is not counted
    const few: Schema = { item: sparse(), click: label() };
    (await packTable(file, {}, few, { ...options, maxWords: 3 })).close();
    const tooMany = packTable(file, {}, few, { ...options, maxWords: 2 });
    await expect(tooMany).rejects.toThrow("more than 2 different words in its first 4 rows");
    await expect(tooMany).rejects.toThrow(RangeError);
  });

  test("that was closed says so, and can be closed twice", () => {
    const table = packedRows([sparseFeature("id", 9)], [[1], [2]]);
    table.close();
    table.close();
    expect(() => table.read(all(2))).toThrow(
      `${table.path} is closed, expected to be open while it is read. Close it after its last use, or open it again`,
    );
  });

  test("says how it can be split by time or user, as what is read can", async () => {
    const packed = await packTable(table(10), {}, schema, {
      to: path.join(temporaryFolder(), "rows"),
      isTrainingRow: () => true,
    });
    const advice = ". If its file has them, split what is read: data.read(rowRange(0, data.size))";
    for (const source of [packed, part(packed, all(9))]) {
      expect(() => timeSplit(source, { validation: 0.2, test: 0.2 })).toThrow(
        `the data has no times, expected one per row for timeSplit${advice}`,
      );
      expect(() => userSplit(source, { validation: 0.2, test: 0.2, seed: 1 })).toThrow(
        `the data has no users, expected one per row for userSplit${advice}`,
      );
    }
    const { train, validation, test } = timeSplit(packed.read(all(packed.size)), { validation: 0.2, test: 0.2 });
    expect([train, validation, test]).toEqual([all(6), Int32Array.of(6, 7), Int32Array.of(8, 9)]);
    packed.close();
  });

  test("that is cut off, or is another file, is refused", async () => {
    const to = path.join(temporaryFolder(), "rows");
    (await packTable(table(100), {}, schema, { to, isTrainingRow: () => true })).close();
    const whole = fs.readFileSync(to);
    for (const length of [0, 5, 100, whole.length - 500, whole.length - 1]) {
      fs.writeFileSync(to, whole.subarray(0, length));
      expect(() => new PackedImpressions(to), `${length} bytes`).toThrow(
        /ends too early|Make it again|not a packed file|JSON/,
      );
    }
    fs.writeFileSync(to, "item,click\n1,2\n");
    expect(() => new PackedImpressions(to)).toThrow("is not a packed file");
  });

  test("with a damaged description is refused by its name", async () => {
    const to = path.join(temporaryFolder(), "rows");
    (await packTable(table(100), {}, schema, { to, isTrainingRow: () => true })).close();
    const whole = fs.readFileSync(to);
    for (const [from, by] of [["},", "};"], ['"features"', '"reatures"']]) {
      const damaged = Buffer.from(whole);
      damaged.write(by, damaged.indexOf(from));
      fs.writeFileSync(to, damaged);
      expect(() => new PackedImpressions(to)).toThrow(/rows is damaged in its description \(.+\)\. Make it again$/);
    }
  });

  test("does not take the place of the text that it is made from, under no name of it", async () => {
    const file = temporaryFile("table.csv", "item,click\na,1\n");
    const link = path.join(temporaryFolder(), "link");
    fs.symlinkSync(path.dirname(file), link, "junction");
    const hashed: Schema = { item: sparse({ hashBuckets: 9 }), click: label() };
    for (const to of [file, path.join(link, "table.csv")])
      await expect(packTable(file, {}, hashed, { to })).rejects.toThrow(
        `to is ${to}, the file that is read, which would be lost: expected another one`,
      );
    expect(fs.readFileSync(file, "utf8")).toBe("item,click\na,1\n");
  });

  const open = () => fs.readdirSync("/proc/self/fd").length;

  test.runIf(process.platform === "linux")("is not kept open by what made it, or failed to", async () => {
    const hashed: Schema = { item: sparse({ hashBuckets: 100 }), click: label() };
    const [good, bad] = ["a,1", "a,2"].map((row) => temporaryFile("table.csv", `item,click\n${row}\n`));
    const before = open();
    for (let i = 0; i < 5; i++) {
      (await packTable(good, {}, hashed, { to: `${good}.rows` })).close();
      await expect(packTable(bad, {}, hashed, { to: `${bad}.rows` })).rejects.toThrow(DataError);
    }
    expect(open()).toBeLessThan(before + 5);
  });

  test.runIf(process.platform === "linux")("is not kept open when it is refused", () => {
    const file = temporaryFile("rows", "item,click\n1,2\n");
    const before = open();
    for (let i = 0; i < 20; i++) expect(() => new PackedImpressions(file)).toThrow();
    expect(open()).toBeLessThan(before + 20);
  });
});

test("training reads a packed table in blocks, every row once an epoch", async () => {
  const packed = await packTable(
    table(100),
    {},
    { item: sparse({ hashBuckets: 50 }), click: label() },
    { to: path.join(temporaryFolder(), "rows") },
  );
  const read: number[] = [];
  const some = part(packed, all(90));
  const watched = {
    ...some,
    read: (rows: Int32Array) => (read.push(...rows), some.read(rows)),
    shuffled: (random: Random) => shuffledBlocks(90, random, { blockRows: 10, mixed: 3 }),
  };
  await useEngine("cpu");
  await fit(new LR({ features: packed.features as SparseFeature[] }, createRandom(1)), watched, {
    epochs: 2,
    batchSize: 16,
    optimizer: sgd({ learningRate: 0.1 }),
    seed: 1,
  });
  for (const epoch of [read.slice(-180, -90), read.slice(-90)]) { // before them, fit looks for both classes
    expect([...epoch].sort((a, b) => a - b)).toEqual(Array.from(all(90)));
    expect(new Set(epoch.slice(0, 30).map((row) => Math.floor(row / 10))).size).toBe(3);
  }
  expect(some.shuffled).toBeDefined();
  packed.close();
});

test("a range of rows begins and ends where it is asked to", () => {
  expect([rowRange(3, 6), rowRange(2, 2)]).toEqual([Int32Array.of(3, 4, 5), new Int32Array(0)]);
});

describe("an order in blocks", () => {
  test("has every row once, in another order for another seed", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 5 }),
        (size, blockRows, mixed) => {
          const order = shuffledBlocks(size, createRandom(1), { blockRows, mixed });
          expect(Array.from(order).sort((a, b) => a - b)).toEqual(Array.from(all(size)));
        },
      ),
      { numRuns: 100 },
    );
    expect(shuffledBlocks(100, createRandom(1))).not.toEqual(shuffledBlocks(100, createRandom(2)));
  });

  test("needs blocks, and some that are mixed, or it would never end", () => {
    const options = [{ blockRows: 0 }, { blockRows: 2.5 }, { mixed: 0 }, { mixed: NaN }];
    for (const one of options) {
      const [[name, value]] = Object.entries(one);
      expect(() => shuffledBlocks(100, createRandom(1), one)).toThrow(`${name} is ${value}, expected a whole number`);
    }
  });

  test("stays within the blocks that are mixed", () => {
    const order = shuffledBlocks(1000, createRandom(1), { blockRows: 10, mixed: 4 });
    for (let start = 0; start < 1000; start += 40) {
      const blocks = new Set(Array.from(order.subarray(start, start + 40), (row) => Math.floor(row / 10)));
      expect(blocks.size).toBe(4);
    }
  });

  test("has blocks of 4096 rows and mixes 32 of them, if nothing else is said", () => {
    const order = shuffledBlocks(40 * 4096, createRandom(1));
    const blocksIn = (rows: Int32Array) => new Set(Array.from(rows, (row) => Math.floor(row / 4096))).size;
    expect([order.subarray(0, 32 * 4096), order.subarray(0, 4096)].map(blocksIn)).toEqual([32, 32]);
  });

  test("mixes blocks from everywhere, not neighbours", () => {
    const order = shuffledBlocks(1000, createRandom(1), { blockRows: 10, mixed: 4 });
    const blocks = Array.from(order.subarray(0, 40), (row) => Math.floor(row / 10));
    expect(Math.max(...blocks) - Math.min(...blocks)).toBeGreaterThan(10);
  });
});
