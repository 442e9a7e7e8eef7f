import { expect, test } from "vitest";
import { checkNotNegative, checkOneOf, checkOptionNames, checkPositive, checkShare } from "../lib/checks";

test("of values that are expected none is an error, of others each with the whole list", () => {
  for (const version of [1, 2, 3]) checkOneOf("version", version, [1, 2, 3]);
  expect(() => checkOneOf("version", 4, [1, 2, 3])).toThrow(new RangeError("version is 4, expected 1, 2 or 3"));
  expect(() => checkOneOf("pooling", "max", ["mean", "sum"])).toThrow('pooling is "max", expected "mean" or "sum"');
  for (const version of [NaN, Infinity, undefined])
    expect(() => checkOneOf("version", version as number, [1, 2])).toThrow(`version is ${version}, expected 1 or 2`);
});

test("what is not finite is neither above 0 nor from 0 up", () => {
  for (const rate of [Infinity, NaN]) {
    expect(() => checkPositive("rate", rate)).toThrow(new RangeError(`rate is ${rate}, expected a number above 0`));
    expect(() => checkNotNegative("rate", rate)).toThrow(
      new RangeError(`rate is ${rate}, expected a number from 0 up`),
    );
  }
});

test("a share is a number from 0 up to but not including 1", () => {
  for (const share of [0, 0.5, 1 - 2 ** -53]) checkShare("share", share);
  for (const share of [-(2 ** -53), 1, NaN, Infinity, null, "0.5"])
    expect(() => checkShare("share", share as number)).toThrow(
      new RangeError(`share is ${share}, expected a share from 0 to below 1`),
    );
});

test("options that are not there at all are an error that says what it is about", () => {
  expect(() => checkOptionNames("mlp", undefined as never, { units: true, dropout: true })).toThrow(
    new TypeError("mlp is undefined, expected an object with some of units, dropout"),
  );
});

test("names are those of the known object itself, not what every object has", () => {
  checkOptionNames("it", { a: undefined }, { a: 1, b: 2 });
  expect(() => checkOptionNames("it", { toString: 1 }, { a: 1, b: 2 })).toThrow(
    new RangeError("it has no option toString, expected some of a, b"),
  );
});
