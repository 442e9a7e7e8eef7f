import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { Impressions } from "../../lib/data/impressions";
import { useEngine } from "../../lib/engine";
import { checkJudgeable } from "../../lib/train/checkdata";
import { answers, evaluate, judge } from "../../lib/train/evaluate";
import { predict } from "../../lib/train/predict";
import { features, toyImpressions, toyModel } from "./toy";

beforeAll(() => useEngine("wasm"));

describe("evaluate", () => {
  const large = toyImpressions(9000, 3); // three batches

  it("judges logits, labels and users of all batches in their order", async () => {
    const model = toyModel(1, 1);
    const { labels, users } = large;
    const logits = await predict(model, large, large.size);
    const found = await answers(model, large);
    expect([found.labels, found.users]).toEqual([labels, users]);
    const reads = vi.spyOn(large, "read");
    onTestFinished(() => reads.mockRestore());
    expect((await evaluate(model, large, 3000)).gauc).toBeCloseTo(judge(found).gauc as number, 6);
    expect(reads.mock.calls.map(([rows]) => rows.length)).toEqual([3000, 3000, 3000]);
    found.logits.forEach((logit, i) => expect(logit).toBeCloseTo(logits[i], 5));
    expect((await evaluate(model, large)).gauc).toBeCloseTo(judge({ logits, labels, users }).gauc as number, 6);
  });

  it("counts pairs of all impressions, not batch by batch", () => {
    // Each half has its click above; of all four pairs of a click and none three are in order.
    const { auc, logLoss, gauc } = judge({ logits: Float32Array.of(2, 3, 0, 1), labels: Float32Array.of(0, 1, 0, 1) });
    expect(auc).toBe(0.75);
    expect(logLoss).toBeCloseTo((2.126928 + 0.048587 + 0.693147 + 0.313262) / 4, 6); // ln(1 + e²), ln(1 + e⁻³), ln 2, ln(1 + e⁻¹)
    expect(gauc).toBeUndefined();
  });

  it("has no GAUC where every user has one class alone, and one where a single user has both", () => {
    const [logits, labels] = [Float32Array.of(0, 1, 2), Float32Array.of(0, 1, 0)];
    expect(judge({ logits, labels, users: Int32Array.of(1, 2, 3) }).gauc).toBeUndefined();
    expect(judge({ logits, labels, users: Int32Array.of(4, 4, 4) }).gauc).toBe(0.5);
  });

  it("counts 1 for impressions of batches without weights, if other batches have some", async () => {
    const toy = toyImpressions(4, 3);
    const weighted = new Impressions({ ...toy, weights: Float32Array.of(5, 6, 7, 8) });
    const source = { features, size: 4, read: (rows: Int32Array) => (rows[0] === 0 ? toy : weighted).read(rows) };
    expect((await answers(toyModel(1, 1), source, 2)).weights).toEqual(Float32Array.of(1, 1, 7, 8));
  });

  it("takes GAUC where a user's click and their other impressions are batches apart", async () => {
    const labels = large.labels.map((_, i) => (i < 4096 ? 1 : 0)); // as long as a batch
    const apart = new Impressions({ ...large, labels, users: large.users?.map(() => 1) });
    await expect(checkJudgeable(apart, "gauc")).resolves.toBeUndefined();
  });

  it("looks at validation data until it can be judged, most often one batch", async () => {
    const reads = vi.spyOn(large, "read");
    onTestFinished(() => reads.mockRestore());
    for (const metric of ["auc", "gauc"] as const) await checkJudgeable(large, metric);
    expect(reads).toHaveBeenCalledTimes(2);
  });
});
