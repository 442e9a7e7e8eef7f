/**
 * World of intensity: how often the user came back to the candidate's category counts, not only whether.
 *
 *   s = intercept + scale · n,  n = behaviours of the candidate's category in the history
 *
 * A user has two categories and bought 1..clicks times in each (as often in both), in random order. The
 * candidate is of one of the two, or, half as often as of either of them, of another category.
 *
 * Learns it: attention whose weights are free, and sum pooling. Softmax attention and mean pooling give the same
 * vector for a history and for the same history twice: they keep the share of the candidate's category and lose
 * the total. As the share is always 0 or one half here, they can see whether n is 0 but not how large it is. The
 * best any such model can do is known: ceilingLogits. This is why the DIN paper leaves softmax out (Zhou et al.
 * (2018), section 4.3).
 */
import { checkWhole } from "../../checks";
import { createRandom } from "../../random";
import { sigmoid } from "../../sigmoid";
import { Impressions, sequenceFeature, sparseFeature } from "../impressions";
import { drawClicks, logit, withDefaults, withNoise, type PlantedWorld, type WorldOptions } from "./world";

export interface IntensityOptions extends WorldOptions {
  categories?: number | undefined;
  /** Most behaviours per category of a user. */
  clicks?: number | undefined;
}

export interface IntensityWorld extends PlantedWorld {
  readonly scale: number;
  /** n of each impression: [rows]. */
  readonly counts: Float64Array;
  /** Logit of the best prediction from a history whose length cannot be seen: [rows]. */
  readonly ceilingLogits: Float32Array;
}

/** A world in which what counts is how often the user came back to the candidate's category, not only whether. */
export function intensityWorld(options: IntensityOptions = {}): IntensityWorld {
  const all = withDefaults("intensityWorld", options, { categories: 8, clicks: 6 });
  const { rows, categories, clicks } = all;
  checkWhole("categories", categories, 3);
  checkWhole("clicks", clicks, 2);
  const random = createRandom(all.seed);
  const draw = random.child("users");
  const length = 2 * clicks;
  const category = new Int32Array(rows);
  const clicked = new Int32Array(rows * length);
  const counts = new Float64Array(rows);
  const order = Int32Array.from({ length: categories }, (_, i) => i + 1);
  for (let row = 0; row < rows; row++) {
    const [first, second, other] = draw.shuffle(order);
    const repeats = 1 + draw.integer(clicks);
    const history = clicked.subarray(row * length, row * length + 2 * repeats);
    draw.shuffle(history.fill(first).fill(second, repeats));
    category[row] = [first, first, second, second, other][draw.integer(5)];
    counts[row] = category[row] === other ? 0 : repeats;
  }
  const { labels, bayesLogits, scale, intercept } = drawClicks(counts, all, random.child("clicks"));
  let known = 0; // P(click | n above 0), as n is 1..clicks with equal chance
  for (let n = 1; n <= clicks; n++) known += sigmoid(intercept + scale * n) / clicks;
  const ceilingLogits = Float32Array.from(counts, (n) =>
    withNoise(n === 0 ? intercept : logit(known), all.noise, all.baseRate),
  );
  const features = [
    sparseFeature("category", categories + 1),
    sequenceFeature("clickedCategories", categories + 1, length, "category"),
  ];
  const impressions = new Impressions({ features, columns: { category, clickedCategories: clicked }, labels });
  return { impressions, bayesLogits, intercept, scale, counts, ceilingLogits };
}
