import { expect, test } from "vitest";
import { checkOneOf, checkOptionNames } from "../lib/checks";

test("of values that are expected none is an error, of others each with the whole list", () => {
  for (const version of [1, 2, 3]) checkOneOf("version", version, [1, 2, 3]);
  expect(() => checkOneOf("version", 4, [1, 2, 3])).toThrow(new RangeError("version is 4, expected 1, 2 or 3"));
  expect(() => checkOneOf("pooling", "max", ["mean", "sum"])).toThrow('pooling is "max", expected "mean" or "sum"');
});

test("names are those of the known object itself, not what every object has", () => {
  checkOptionNames("it", { a: undefined }, { a: 1, b: 2 });
  expect(() => checkOptionNames("it", { toString: 1 }, { a: 1, b: 2 })).toThrow(
    new RangeError("it has no option toString, expected some of a, b"),
  );
});
