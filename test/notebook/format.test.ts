import { expect, test } from "vitest";
import { format, formatAlike, lowToHigh, round, withMinus } from "../../lib/notebook/format";

test.each<[number, number | undefined, string]>([
  [0.73118, undefined, "0.7312"],
  [0.69, undefined, "0.6900"],
  [0.99996, undefined, "1.000"],
  [9.9999, 3, "10.0"],
  [1234567.8, undefined, "1,234,568"],
  [12.345, 3, "12.3"],
  [1000000, undefined, "1,000,000"],
  [999, undefined, "999"],
  [0, undefined, "0"],
  [-0.5, 2, "-0.50"],
  [-1234.5, 6, "-1,234.50"],
  [0.00012344, undefined, "0.0001234"],
  [0.0001, undefined, "0.0001000"],
  [0.00001234, undefined, "1.234e-5"],
  [123456789.25, undefined, "123,456,789"],
  [2345678901.5, undefined, "2.346e+9"],
  [1.5e12, 3, "1,500,000,000,000"],
  [1.23456e20, 3, "1.23e+20"],
  [NaN, undefined, "NaN"],
  [Infinity, undefined, "Infinity"],
])("format(%d, %j) is %s", (value, digits, expected) => {
  expect(format(value, digits)).toBe(expected);
});

test.each<[number[], string[]]>([
  [[0.05, 0.3, 0.208, 0], ["0.050", "0.300", "0.208", "0"]],
  [[0.05, -12.34], ["0.1", "-12.3"]],
  [[0.5, 0.9996], ["0.50", "1.00"]],
  [[0.5, -0.0004, 0.00002], ["0.500", "0.000", "0.000"]],
  [[1234.5, 20, 0.4], ["1,235", "20", "0"]],
  [[0.00002, 0.0000123], ["2.00e-5", "1.23e-5"]],
  [[0.5, 2.5e9], ["0.500", "2,500,000,000"]],
  [[0, 0], ["0", "0"]],
])("side by side, %j are written %j", (values, expected) => {
  expect(values.map(formatAlike(values, 3))).toEqual(expected);
});

test("round keeps five significant digits, whatever the size", () => {
  expect([123456.7, 0.000123456789, -1.000004, 0].map((value) => round(value))).toEqual([123460, 0.00012346, -1, 0]);
});

test.each([
  ["-0.032 to -0.018", "−0.032 to −0.018"],
  ["(2, -2), 9.3e-5", "(2, −2), 9.3e−5"],
  ["-Infinity", "−Infinity"],
  ["mini-batch, MovieLens-100K, DCN-2, λ-2, 1998-04-22", "mini-batch, MovieLens-100K, DCN-2, λ-2, 1998-04-22"],
])("withMinus(%j) is %j", (text, expected) => {
  expect(withMinus(text)).toBe(expected);
});

test("an interval is written from its low to its high end, with two significant digits if not told otherwise", () => {
  expect(lowToHigh({ low: -0.0123, high: 0.304 })).toBe("-0.012 to 0.30");
  expect(lowToHigh({ low: 0.5, high: 1.2346 }, 4)).toBe("0.5000 to 1.235");
});
