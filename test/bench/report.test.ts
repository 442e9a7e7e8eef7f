import * as fs from "node:fs";
import { describe, expect, it, test } from "vitest";
import { filled, type Goal, pageTables, type Results, withNew } from "./report";

const fast = { what: "scoring", unit: "ms", atMost: 30 };
const many = { what: "FM", unit: "samples/s", atLeast: 300_000 };

function resultsOf(machine: string, goals: Goal[] = [], measured: Results["measured"] = []): Results {
  return { machine, code: { ...(goals.length > 0 && { goals: `code of ${machine}` }) }, measured, goals };
}

test("material/speed.md is what material/speed.json says", () => {
  const all: Results[] = JSON.parse(fs.readFileSync("material/speed.json", "utf8"));
  expect(filled("material/speed.md", pageTables(all))).toBe(fs.readFileSync("material/speed.md", "utf8"));
});

describe("the promises", () => {
  it("stand beside each other for all machines, with a word where one is not kept", () => {
    const { goals } = pageTables([
      resultsOf("old", [{ ...fast, measured: 30.4 }]),
      resultsOf("new", [{ ...many, measured: 300_000 }, { ...fast, measured: 29 }]),
    ]);
    expect(goals.caption).toBe("Promises about speed (1: old; code of old. 2: new; code of new)");
    expect(goals.columns).toEqual(["what", "promised", "measured on 1", "measured on 2"]);
    expect(goals.rows).toEqual([
      ["scoring", "at most 30", "30 ms: not kept", "29 ms"],
      ["FM", "at least 300,000", "", "300,000 samples/s"],
    ]);
  });

  it("leave out a machine where they were not measured", () => {
    const { goals } = pageTables([resultsOf("a"), resultsOf("b", [{ ...fast, measured: 3 }])]);
    expect(goals.caption).toBe("Promises about speed (1: b; code of b)");
  });
});

describe("new results", () => {
  const goals = [{ ...fast, measured: 1 }];
  const [a, b] = [resultsOf("a", goals, [{ name: "node" } as never]), resultsOf("b")];

  it("come last if the machine is new", () => {
    expect(withNew([a], b)).toEqual([a, b]);
  });

  it("take the place of the same machine's, but for a part that was not measured", () => {
    const again = resultsOf("a", [{ ...fast, measured: 2 }]);
    expect(withNew([a, b], again)).toEqual([{ ...a, goals: again.goals }, b]);
    expect(withNew([a, b], resultsOf("a"))).toEqual([a, b]);
  });
});
