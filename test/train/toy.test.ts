/** What other tests compare models by must see each of their numbers. */
import { expect, test } from "vitest";
import { isTable } from "../../lib/layers/layer";
import type { Model } from "../../lib/models/model";
import { distance, numbers, toyModel } from "./toy";

test.each(Object.keys(toyModel().weights))("the distance of two models is that of their farthest number: %s", (name) => {
  const model = toyModel();
  const weight = (model as Model).weights[name];
  expect(distance(model, toyModel())).toBe(0);
  if (isTable(weight)) weight.values[weight.values.length - 1] += 0.5;
  else weight.assign(weight.add(0.5));
  expect(distance(model, toyModel())).toBeCloseTo(0.5, 6);
  expect(numbers(model)[name]).not.toEqual(numbers(toyModel())[name]);
});
