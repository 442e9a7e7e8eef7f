import { expect, test } from "vitest";
import { logLossOf, sigmoid } from "../lib/sigmoid";

test("the log loss by hand, p = sigmoid(ln 3) = 3/4: −y ln p − (1 − y) ln(1 − p), for a click, none, and y between", () => {
  const s = Math.log(3);
  expect(sigmoid(s)).toBeCloseTo(3 / 4, 15);
  for (const y of [1, 0, 1 / 4]) {
    expect(logLossOf(s, y)).toBeCloseTo(-y * Math.log(3 / 4) - (1 - y) * Math.log(1 / 4), 14);
    expect(logLossOf(-s, 1 - y)).toBeCloseTo(logLossOf(s, y), 14);
  }
});

test("the log loss overflows for no finite logit, and does not vanish where 1 − p is too small for a double", () => {
  for (const s of [1e3, Number.MAX_VALUE]) {
    expect([logLossOf(s, 1), logLossOf(s, 0), logLossOf(-s, 1), logLossOf(-s, 0)]).toEqual([0, s, s, 0]);
    expect([sigmoid(s), sigmoid(-s)]).toEqual([1, 0]);
  }
  expect(logLossOf(40, 1) / Math.exp(-40)).toBeCloseTo(1, 14); // 1 + e⁻⁴⁰ is 1
});
