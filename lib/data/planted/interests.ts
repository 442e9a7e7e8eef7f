/**
 * World of interests: a user buys in several categories, and in each has a favourite brand. A click
 * depends on whether the candidate is of the brand that this user bought in the candidate's category.
 *
 *   s = intercept + scale · match,  match = 1 if brand = favourite(user, category), else 0
 *
 * A user has 2..interests categories, each bought 1..clicks times (as often in each), in random order.
 * The candidate's category and its brand are those of two interests of the user, drawn independently.
 *
 * Learns it: DIN, which looks at the behaviours of the candidate's category. The base model sees Σⱼ eⱼ, and as
 * eⱼ is the category's embedding beside the brand's, that is how many behaviours there were of each category
 * and how many of each brand, but not which brand in which category, whatever the size of embeddings and MLP.
 * An id for each pair would tell, but there is none. As favourites are drawn alike, all that remains to be known
 * is P(match) = share of the history with the candidate's brand. So the best any such model can do for new users is
 * known: ceilingLogits. For a user in training, whom the counts also identify, other clicks may have given the
 * favourites away.
 */
import { checkWhole } from "../../checks";
import { createRandom, type Random } from "../../random";
import { sigmoid } from "../../sigmoid";
import { Impressions, sequenceFeature, sparseFeature } from "../impressions";
import { weightedSampler } from "../sampling";
import { zipf } from "./fields";
import { drawClicks, logit, withDefaults, withNoise, type Filled, type PlantedWorld, type WorldOptions } from "./world";

export interface InterestsOptions extends WorldOptions {
  categories?: number | undefined;
  brands?: number | undefined;
  /** Most interests of a user. */
  interests?: number | undefined;
  /** Most behaviours per interest. */
  clicks?: number | undefined;
  /** Consecutive rows of one user, whose history stays as it is. With many, split by user: see ceilingLogits. */
  impressionsPerUser?: number | undefined;
  /** Shops, from a long tail, of candidates and behaviours. They mean nothing, but can be learned by heart. 0: none. */
  shops?: number | undefined;
}

export interface InterestsWorld extends PlantedWorld {
  readonly scale: number;
  /** match of each impression: [rows]. */
  readonly matches: Float64Array;
  /** Logit of the best prediction from the pooled history of a user whom training has not seen: [rows]. */
  readonly ceilingLogits: Float32Array;
}

/** A world in which a click depends on the brand that the user bought in the candidate's category: DIN learns it. */
export function interestsWorld(options: InterestsOptions = {}): InterestsWorld {
  const own = { categories: 8, brands: 4, interests: 4, clicks: 3, impressionsPerUser: 5, shops: 0 };
  const all = withDefaults("interestsWorld", options, own);
  checkWhole("categories", all.categories, 2);
  checkWhole("brands", all.brands, 2);
  checkWhole("interests", all.interests, 2);
  checkWhole("clicks", all.clicks);
  checkWhole("impressionsPerUser", all.impressionsPerUser);
  checkWhole("shops", all.shops, 0);
  if (all.interests > all.categories)
    throw new RangeError(`interests is ${all.interests}, expected at most as many as categories (${all.categories})`);
  const random = createRandom(all.seed);
  const { columns, users, matches, shares } = drawHistories(all, random.child("users"));
  const { labels, bayesLogits, scale, intercept } = drawClicks(matches, all, random.child("clicks"));
  const ceilingLogits = Float32Array.from(shares, (share) => {
    const p = share * sigmoid(intercept + scale) + (1 - share) * sigmoid(intercept);
    return withNoise(logit(p), all.noise, all.baseRate);
  });
  const length = all.interests * all.clicks;
  const features = [
    sparseFeature("category", all.categories + 1),
    sparseFeature("brand", all.brands + 1),
    sequenceFeature("clickedCategories", all.categories + 1, length, "category"),
    sequenceFeature("clickedBrands", all.brands + 1, length, "brand"),
  ];
  if (all.shops > 0) {
    const draw = weightedSampler(zipf(all.shops, 1), random.child("shops"));
    columns.shop = Int32Array.from(columns.category, () => draw() + 1);
    const clicked = columns.clickedBrands.map((brand) => (brand === 0 ? 0 : draw() + 1));
    for (let row = 1; row < all.rows; row++) {
      if (users[row] === users[row - 1]) clicked.copyWithin(row * length, (row - 1) * length, row * length);
    }
    columns.clickedShops = clicked;
    features.push(sparseFeature("shop", all.shops + 1), sequenceFeature("clickedShops", all.shops + 1, length, "shop"));
  }
  const impressions = new Impressions({ features, columns, labels, users });
  return { impressions, bayesLogits, intercept, scale, matches, ceilingLogits };
}

function drawHistories(options: Filled<InterestsOptions>, random: Random) {
  const { rows, categories, brands, interests, clicks, impressionsPerUser } = options;
  const length = interests * clicks;
  const columns: Record<string, Int32Array> = {
    category: new Int32Array(rows),
    brand: new Int32Array(rows),
    clickedCategories: new Int32Array(rows * length),
    clickedBrands: new Int32Array(rows * length),
  };
  const users = new Int32Array(rows);
  const matches = new Float64Array(rows);
  const shares = new Float64Array(rows); // of the history with the candidate's brand
  const order = Int32Array.from({ length: categories }, (_, i) => i + 1);
  for (let row = 0; row < rows; ) {
    const count = 2 + random.integer(interests - 1);
    const favourites = Array.from(random.shuffle(order).subarray(0, count), (category) => ({
      category,
      brand: 1 + random.integer(brands),
    }));
    const repeats = 1 + random.integer(clicks);
    const history = random.shuffle(favourites.flatMap((favourite) => Array<typeof favourite>(repeats).fill(favourite)));
    const user = 1 + Math.floor(row / impressionsPerUser);
    const from = row * length;
    columns.clickedCategories.set(history.map((step) => step.category), from);
    columns.clickedBrands.set(history.map((step) => step.brand), from);
    for (const end = Math.min(rows, row + impressionsPerUser); row < end; row++) {
      const { category, brand: favourite } = favourites[random.integer(count)];
      const { brand } = favourites[random.integer(count)];
      users[row] = user;
      columns.category[row] = category;
      columns.brand[row] = brand;
      for (const name of ["clickedCategories", "clickedBrands"])
        columns[name].copyWithin(row * length, from, from + length);
      matches[row] = brand === favourite ? 1 : 0;
      shares[row] = favourites.filter((other) => other.brand === brand).length / count;
    }
  }
  return { columns, users, matches, shares };
}
