/** The page of all models on MovieLens-100K says what the recorded run has found. */
import * as fs from "node:fs";
import { expect, test } from "vitest";
import { files, movielensTables, type Recorded } from "../bench/movielenstables";
import { markdown } from "../bench/report";

const recorded: Recorded = JSON.parse(fs.readFileSync(files.numbers, "utf8"));

test("the page has the table of the recorded numbers", () => {
  const page = fs.readFileSync(files.page, "utf8");
  for (const [name, table] of Object.entries(movielensTables(recorded))) {
    expect(page).toContain(`<!-- ${name} -->\n${markdown(table)}\n<!-- end of ${name} -->`);
  }
});

test("a row has the mean over the seeds, and Student's interval of it", () => {
  const one = {
    name: "LR",
    learningRate: 0.01,
    parameters: 1234,
    epochs: [1, 2],
    auc: [0.6, 0.7],
    gauc: [0.5, 0.6],
    logLoss: [0.3, 0.4],
  };
  const { scores } = movielensTables({
    tried: 4,
    counting: { ...one, doubt: 5 },
    models: [one],
    verdicts: { pairs: 10, told: [] },
  });
  // One degree of freedom: t = tan(π / 2 (1 − p)), here with p = 0.05 / 10 and 0.05.
  expect(scores.caption).toContain("must be 127.3 times its standard error; alone, 12.7 times");
  // mean 0.65, standard error 0.05, t of one degree of freedom 12.7062
  expect(scores.rows).toEqual([
    ["counting", "0.6500", "0.0147 to 1.2853", "0.5500", "0.3500", null, null, null],
    ["LR", "0.6500", "0.0147 to 1.2853", "0.5500", "0.3500", "1,234", 0.01, "1 2"],
  ]);
});
