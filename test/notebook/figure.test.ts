import { expect, test } from "vitest";
import { commonRange, wrapped } from "../../lib/notebook/figure";
import { linesFigure } from "../../lib/notebook/plot";
import { text } from "./figuretext";

test("long titles break between words", () => {
  expect(wrapped("one two three four", 9)).toEqual(["one two", "three", "four"]);
  expect(
    linesFigure({ ...text, title: "word ".repeat(20).trim(), series: [{ name: "FM", x: [1], y: [1] }] }).layout.title,
  ).toMatchObject({ text: expect.stringContaining("<br>") });
});

test("a common range holds every value, also a single one and on a logarithmic axis", () => {
  expect(commonRange([1, 3])).toEqual([0.88, 3.12]);
  expect(commonRange([2])).toEqual([1.94, 2.06]);
  const [low, high] = commonRange([1, 1000], true);
  expect(low).toBeCloseTo(10 ** -0.18, 4);
  expect(high).toBeCloseTo(10 ** 3.18, 0);
});
