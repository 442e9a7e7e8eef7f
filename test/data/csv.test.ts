import * as fs from "node:fs";
import * as path from "node:path";
import * as zlib from "node:zlib";
import { describe, expect, test } from "vitest";
import { readColumns, readRows, type TextFormat } from "../../lib/data/csv";
import { DataError } from "../../lib/data/faults";
import { readLines } from "../../lib/data/lines";
import { finiteNumber } from "../../lib/data/schema";
import { createRandom } from "../../lib/random";
import { fc } from "../properties";
import { temporaryFile, temporaryFolder } from "../temporary";

async function rowsOf(content: string | Uint8Array, format: TextFormat = {}, name = "table.csv") {
  const rows: string[][] = [];
  let header: readonly string[] = [];
  await readRows(temporaryFile(name, content), format, (names) => (header = names), (values) => rows.push(values));
  return { header, rows };
}

/** What is wrong with the file. */
async function fault(content: string | Uint8Array, format: TextFormat = {}, name?: string): Promise<DataError> {
  const error = await rowsOf(content, format, name).catch((error) => error);
  expect(error).toBeInstanceOf(DataError);
  return error as DataError;
}

const at = (error: DataError) => [error.line, error.column];

describe("a table as text", () => {
  test("has a header and rows", async () => {
    expect(await rowsOf("a,b\n1,2\n3,4\n")).toEqual({ header: ["a", "b"], rows: [["1", "2"], ["3", "4"]] });
  });

  test("may end its lines with CRLF, lack the last line end, have empty lines and begin with a byte order mark", async () => {
    const expected = {
      header: ["a", "b"],
      rows: [
        ["1", "2"],
        ["3", "4"],
      ],
    };
    expect(await rowsOf("\ufeffa,b\r\n1,2\r\n\r\n3,4")).toEqual(expected);
  });

  test("may have line ends, delimiters and quotes inside quotes", async () => {
    const { rows } = await rowsOf('a,b\n"x,\ny","say ""no"""\n1,2\n');
    expect(rows).toEqual([["x,\ny", 'say "no"'], ["1", "2"]]);
  });

  test("may have them also between other delimiters than a comma", async () => {
    for (const delimiter of [";", "\t", "::"]) {
      expect(
        (await rowsOf(["a", "b"].join(delimiter) + `\n"x,${delimiter}y"${delimiter}1\n`, { delimiter })).rows,
      ).toEqual([[`x,${delimiter}y`, "1"]]);
    }
  });

  test("is refused where the format names two columns alike, as where its first line does", async () => {
    const error = await fault("1,2,3\n", { header: ["x", "x", "click"] });
    expect([at(error), error.fault]).toEqual([[1, 2], 'a second column named "x", expected different names']);
  });

  test("is refused where the format has a setting that there is none of", async () => {
    await expect(rowsOf("a;b\n1;2\n", { delimeter: ";" } as object)).rejects.toThrow(
      "the format has no option delimeter, expected some of delimiter, header",
    );
  });

  test("keeps a CR within a value, also in a record with quotes", async () => {
    expect((await rowsOf('a,b\n"x",y\rz\nx,y\rz\n')).rows).toEqual([["x", "y\rz"], ["x", "y\rz"]]);
  });

  test("may have any number of records over several lines, each within the limit", async () => {
    expect((await rowsOf(`a,b\n${'"x\ny",1\n'.repeat(50)}`, { maxLine: 50 })).rows.length).toBe(50);
    expect((await rowsOf('a,b\n"x\ny",1\n', { maxLine: 6 })).rows).toEqual([["x\ny", "1"]]); // both lines have 6
  });

  test("has blanks cut off values and names when its format says so", async () => {
    expect(await rowsOf("a , b\n 1, 2 \n", { trim: true })).toEqual({ header: ["a", "b"], rows: [["1", "2"]] });
    expect((await rowsOf('a,b\n "x, y" , "z"\n', { trim: true })).rows).toEqual([["x, y", "z"]]);
  });

  test("may have lines that are no records by its format, but not within quotes", async () => {
    const { rows } = await rowsOf('a,b\n# no record\n1,"x\n# y"\n', { skip: (line) => line.startsWith("#") });
    expect(rows).toEqual([["1", "x\n# y"]]);
  });

  test("takes quotes as they are when it has none by its format", async () => {
    const { rows } = await rowsOf('1::"Toy::x\n2::y"::z\n', {
      delimiter: "::",
      quotes: false,
      header: ["id", "title", "genre"],
    });
    expect(rows).toEqual([["1", '"Toy', "x"], ["2", 'y"', "z"]]);
  });

  test("may be packed and in another encoding", async () => {
    const latin1 = zlib.gzipSync(Buffer.from("Misérables|1", "latin1"));
    expect(
      (await rowsOf(latin1, { delimiter: "|", encoding: "latin1", header: ["a", "b"] }, "u.item.gz")).rows,
    ).toEqual([["Misérables", "1"]]);
    const gbk = Buffer.from([0xc4, 0xcd, 0xbf, 0xcb, 0x2c, 0x31]); // as Excel writes "CSV" on a Chinese Windows
    expect((await rowsOf(gbk, { encoding: "gb18030", header: ["a", "b"] })).rows).toEqual([["耐克", "1"]]);
    const cut = Buffer.concat([gbk, Buffer.from([0x0a, 0x61, 0x2c, 0xff])]);
    await expect(rowsOf(cut, { encoding: "gb18030", header: ["a", "b"] })).rejects.toThrow(
      /line 2, column 2: bytes that are not gb18030. Is the file in another encoding, or cut off/,
    );
    const bars = Buffer.from([0x81, 0x7c, 0x7c, 0xff]); // the second byte of a character may be that of "|"
    await expect(rowsOf(bars, { delimiter: "|", encoding: "gb18030", header: ["a", "b"] })).rejects.toThrow(
      /line 1, column 2: bytes that are not gb18030/,
    );
  });

  test("keeps a byte order mark that is not at the beginning", async () => {
    const padding = `${"x".repeat(1023)}\n`.repeat(256); // as long as one piece of the file
    const { rows } = await rowsOf(`${padding}\ufeffy\n`, { header: ["a"] });
    expect(rows.at(-1)).toEqual(["\ufeffy"]);
  });

  test("may have a line over several pieces of the file", async () => {
    const long = Array.from({ length: 100_000 }, (_, i) => `${i}`.padStart(7)).join(""); // a piece is 256 KB
    const { rows } = await rowsOf(`a,b\n${long},1\nx,2\n`);
    expect([rows[0][0] === long, rows[0][1], rows[1]]).toEqual([true, "1", ["x", "2"]]);
  });

  test("survives being written and read, however values are quoted and lines end", async () => {
    // "\r" at the end of an unquoted value is part of the line end, so values with it are quoted, as writers do.
    const value = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom("", '"', ",", "\n", "\r\n", "é", "漢字", "😀", '","'),
    );
    const table = fc
      .integer({ min: 1, max: 5 })
      .chain((width) =>
        fc.array(fc.array(value, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }),
      );
    await fc.assert(
      fc.asyncProperty(table, fc.constantFrom("\n", "\r\n"), fc.boolean(), async (rows, lineEnd, quoteAll) => {
        const write = (text: string) =>
          quoteAll || /[",\r\n]/.test(text) || rows[0].length === 1 ? `"${text.replaceAll('"', '""')}"` : text;
        const content = rows.map((row) => row.map(write).join(",")).join(lineEnd);
        const header = rows[0].map((_, i) => `column ${i}`);
        // Inside quotes CRLF is read as LF: what changes a file's line ends changes those too.
        expect((await rowsOf(content, { header })).rows).toEqual(
          rows.map((row) => row.map((text) => text.replaceAll("\r\n", "\n"))),
        );
      }),
      { numRuns: 80 },
    );
  });
});

describe("what is no table is refused with file, line and column", () => {
  test.each<[string, string | Uint8Array, number, number, RegExp]>([
    ["an empty file", "", 1, 1, /empty file/],
    ["too few values", "a,b,c\n1,2,3\n1,2\n", 3, 3, /no value for c: 2 values, expected 3/],
    ["too many values", "a,b\n1,2,3\n", 2, 3, /without a name: 3 values, expected 2/],
    ["a duplicate header", "a,b,a\n", 1, 3, /second column named "a"/],
    ["a column without a name", "a,,b\n", 1, 2, /without a name. pandas leaves its row numbers out with index=False/],
    ["a NUL byte", "a,b\n1,2\n3,\0\n", 3, 2, /NUL byte/],
    ["bytes of another encoding", Buffer.from("a,b\n1,2\nx,caf\xe9\n", "latin1"), 3, 2, /not utf-8/],
    [
      "half a character at the end",
      Buffer.concat([Buffer.from("a,b\nx,"), Buffer.from("é").subarray(0, 1)]),
      2,
      2,
      /not utf-8/,
    ],
    ["UTF-16", Buffer.from("a,b\n1,2\n", "utf16le"), 1, 1, /NUL byte/],
    ["a quote that stays open", 'a,b\n1,2\n3,"4\n5,6\n', 3, 2, /never closed, up to line 4/],
    ["UTF-16 with its high byte first", Buffer.from("a,b\n1,2\n", "utf16le").swap16(), 1, 1, /NUL byte/],
    ["a quote that stays open after others", 'a,b,c\n"1","2","3\n', 2, 3, /never closed/],
    ["text after a closed quote", 'a,b\n1,"2"x\n', 2, 2, /a quote before or after other characters of a value/],
    ["text before a quote", 'a,b\n1,x"2"\n', 2, 2, /a quote before or after other characters of a value/],
  ])("%s", async (_, content, line, column, message) => {
    const error = await fault(content);
    expect([...at(error), error.message]).toEqual([line, column, expect.stringMatching(message)]);
    expect(error.message).toContain(`table.csv, line ${line}, column ${column}: `);
  });

  test("10 MB on one line, without reading on", async () => {
    const error = await fault(`a,b\n1,2\nx,${"y".repeat(10_000_000)}\n1,2\n`);
    expect([...at(error), error.fault]).toEqual([3, 2, expect.stringMatching(/more than 1048576 bytes/)]);
  });

  test.each([0, 1, 2, 3, 4, 5])("bytes of another encoding after %i values of more than one byte", async (count) => {
    const error = await fault(
      Buffer.concat([Buffer.from(`a,b\n${"漢,é\n".repeat(count)}ö,`), Buffer.of(0xff), Buffer.from(",é\n")]),
    );
    expect(at(error)).toEqual([count + 2, 2]);
  });

  test("a line of more than 1 MB also where no format says how long one may be", async () => {
    const file = temporaryFile("table.tsv", Buffer.alloc(2 ** 20 + 1, "y"));
    await expect(readLines(file, {}, () => {})).rejects.toThrow("a line of more than 1048576 bytes");
  });

  test("a packed line without end, before it is unpacked to its end", async () => {
    const line = zlib.gzipSync(Buffer.alloc(10_000_000, "y"));
    // Who reads on comes to the end, where the checksum is missing.
    expect((await fault(line.subarray(0, -8), {}, "table.csv.gz")).fault).toMatch(/more than 1048576 bytes/);
  });

  test("a line that is too long among others", async () => {
    const error = await fault(`a,b\n1,2\n1,${"y".repeat(50)}\n1,2\n`, { maxLine: 50 });
    expect([...at(error), error.fault]).toEqual([3, 2, expect.stringMatching(/more than 50 bytes/)]);
    expect((await rowsOf(`a,b\n1,${"y".repeat(48)}\n`, { maxLine: 50 })).rows.length).toBe(1);
  });

  test("a line that is too long and the last, without a line end", async () => {
    const error = await fault(`a,b\n1,2\n1,${"y".repeat(50)}`, { maxLine: 50 });
    expect([...at(error), error.fault]).toEqual([3, 2, expect.stringMatching(/more than 50 bytes/)]);
    expect((await rowsOf(`a,b\n1,${"y".repeat(48)}`, { maxLine: 50 })).rows.length).toBe(1);
  });

  test("10 MB of lines after an open quote, in time that grows with the file and not its square", async () => {
    const error = await fault(`a,b\n1,"2\n${"x\n".repeat(5_000_000)}`);
    expect([...at(error), error.fault]).toEqual([2, 1, expect.stringMatching(/closing quote missing/)]);
  });

  test("a record over several lines that is longer than the limit", async () => {
    // 24 characters without line ends.
    expect((await rowsOf(`a,b\n1,"${"x\n".repeat(20)}"\n`, { maxLine: 30 })).rows.length).toBe(1);
    expect((await fault(`a,b\n1,"${"x\n".repeat(30)}"\n`, { maxLine: 30 })).fault).toMatch(
      /a record of more than 30 characters/,
    );
  });

  test("a gzip file that is cut off, or is none", async () => {
    const whole = zlib.gzipSync(Buffer.from("a,b\n" + "1,2\n".repeat(1000)));
    expect((await fault(whole.subarray(0, whole.length - 9), {}, "table.csv.gz")).fault).toMatch(/damaged gzip/);
    expect((await fault("a,b\n1,2\n", {}, "table.csv.gz")).fault).toMatch(/damaged gzip/);
  });

  test("a file that is not there", async () => {
    for (const name of ["none.csv", "none.csv.gz"]) {
      const missing = path.join(temporaryFolder(), name);
      await expect(readRows(missing, {}, () => {}, () => {})).rejects.toThrow(`${missing} is not there`);
    }
  });

  test("a fault put anywhere into any table is found where it is", async () => {
    const faults = { nul: "\0", encoding: "\xff", extra: "1,1", open: '"1' };
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 300 }),
        fc.nat(),
        fc.nat(),
        fc.constantFrom(...(Object.keys(faults) as (keyof typeof faults)[])),
        fc.constantFrom("\n", "\r\n"),
        async (width, height, anyRow, anyColumn, kind, lineEnd) => {
          const [row, column] = [anyRow % height, anyColumn % width];
          const cells = Array.from({ length: height }, (_, r) => Array.from({ length: width }, (_, c) => `${r * c}`));
          cells[row][column] = faults[kind];
          const header = cells[0].map((_, i) => `c${i}`);
          const content = Buffer.from([header, ...cells].map((cells) => cells.join(",") + lineEnd).join(""), "latin1");
          const error = await fault(content);
          expect(at(error)).toEqual([row + 2, kind === "extra" ? width + 1 : column + 1]);
        },
      ),
      { numRuns: 80 },
    );
  });

  test("any bytes at all end in rows or in such an error", async () => {
    const folder = temporaryFolder();
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.boolean(), async (bytes, packed) => {
        const file = path.join(folder, packed ? "any.csv.gz" : "any.csv");
        fs.writeFileSync(file, packed ? zlib.gzipSync(bytes) : bytes);
        try {
          await readRows(file, {}, () => {}, () => {});
        } catch (error) {
          expect(error).toBeInstanceOf(DataError);
          refused++;
        }
      }),
      { numRuns: 200 },
    );
    expect(refused).toBeGreaterThan(0);
  });
});

test.runIf(process.platform === "linux")("a packed file that is refused is not kept open", async () => {
  const random = createRandom("packed");
  const noise = Buffer.from(Uint8Array.from({ length: 600_000 }, () => random.integer(256)))
    .toString("base64")
    .replace(/.{60}/g, "$&\n");
  const file = temporaryFile("table.csv.gz", zlib.gzipSync(`a,b\n${noise}`));
  const open = () => fs.readdirSync("/proc/self/fd").length;
  const before = open();
  for (let i = 0; i < 20; i++) await expect(readRows(file, {}, () => {}, () => {})).rejects.toThrow(/no value for b/);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(open()).toBeLessThan(before + 20);
});

describe("columns", () => {
  const read = async (content: string, columns: [string, (text: string) => unknown][], delimiter = ",") => {
    const rows: unknown[][] = [];
    const file = temporaryFile("table.csv", content);
    await readColumns<unknown[]>(file, { delimiter }, columns, (values) => rows.push(values));
    return rows;
  };

  test("are read by name, each in its own way, in the order asked for", async () => {
    expect(await read("a,b,c\n1,x,2\n", [["c", finiteNumber], ["b", (text) => text]])).toEqual([[2, "x"]]);
  });

  test("that are missing are named, with those that are there", async () => {
    await expect(read("a,b\n1,2\n", [["price", finiteNumber]])).rejects.toThrow(
      /table.csv, line 1, column 3: no column named "price", the columns are: a, b$/,
    );
  });

  test.each([
    [";", '";"', ","],
    ["\t", '"\\t"', ","],
    ["|", '"|"', ","],
    [",", '","', ";"],
  ])("cut at another delimiter, %j, say so", async (delimiter, named, told) => {
    await expect(read(`a${delimiter}b\n`, [["a", finiteNumber]], told)).rejects.toThrow(
      `columns are: a${delimiter}b. Is the delimiter another one? Give { delimiter: ${named} }`,
    );
  });

  test("with a bad value say which, where and what was expected", async () => {
    await expect(read("a,b\n1,2\n1,two\n", [["b", finiteNumber]])).rejects.toThrow(
      'table.csv, line 3, column 2: b is "two", expected a number',
    );
    await expect(read("a,b\n1,1e999\n", [["b", finiteNumber]])).rejects.toThrow('b is "1e999", expected a number');
  });

  test("keep errors that are not about the value as they are", async () => {
    const bug = () => {
      throw new TypeError("a bug in the reader");
    };
    await expect(read("a\n1\n", [["a", bug]])).rejects.toThrow(new TypeError("a bug in the reader"));
  });
});
