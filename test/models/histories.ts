/** For the tests of the base model and DIN: features, batches, and the models' sums written as loops. */
import { denseFeature, Impressions, sequenceFeature, sparseFeature, type Feature } from "../../lib/data/impressions";
import { createRandom } from "../../lib/random";
import type { Values } from "./loops";

export const k = 2;
export const features: Feature[] = [
  sparseFeature("user", 5),
  sparseFeature("item", 9),
  sparseFeature("category", 4),
  denseFeature("price"),
  sequenceFeature("tags", 6, 3),
  sequenceFeature("clicked items", 9, 4, "item"),
  sequenceFeature("clicked categories", 4, 4, "category"),
  sequenceFeature("bought items", 9, 2, "item"),
];
export const behaviours = [
  { candidate: ["item", "category"], history: ["clicked items", "clicked categories"] },
  { candidate: ["item"], history: ["bought items"] },
];

/** Three impressions: with both histories, with a gap and an item of unknown category, and with no history at all. */
export function batchOf(columns: Record<string, number[]> = {}, described = features): Impressions {
  const all: Record<string, number[]> = {
    user: [1, 4, 2],
    item: [3, 8, 1],
    category: [1, 3, 2],
    price: [0.5, -1.25, 2],
    tags: [1, 5, 0, 2, 0, 0, 0, 0, 0],
    "clicked items": [2, 3, 7, 0, 8, 0, 8, 1, 0, 0, 0, 0],
    "clicked categories": [1, 1, 3, 0, 0, 0, 3, 2, 0, 0, 0, 0],
    "bought items": [3, 0, 5, 6, 0, 0],
    ...columns,
  };
  return new Impressions({
    features: described,
    columns: Object.fromEntries(
      described.map(({ name, kind }) => [name, (kind === "dense" ? Float32Array : Int32Array).from(all[name])]),
    ),
    labels: Float32Array.from([1, 0, 1]),
  });
}

/** Embedding of an id: row `id` of the vocabulary's table; zeros for id 0. */
export function row(values: Values, vocabulary: string, id: number): number[] {
  return id === 0 ? new Array<number>(k).fill(0) : values[`embeddings/${vocabulary}`].slice(id * k, (id + 1) * k);
}

/** One impression's behaviours of a group: the candidate's vector, and that of each real step. */
export function behavioursOf(values: Values, batch: Impressions, impression: number, group: number) {
  const vocabularies = behaviours[group].candidate;
  const candidate = vocabularies.flatMap((name) => row(values, name, batch.columns[name][impression]));
  const T = batch.columns[behaviours[group].history[0]].length / batch.size;
  const steps: { t: number; e: number[] }[] = [];
  for (let t = 0; t < T; t++) {
    const ids = behaviours[group].history.map((name) => batch.columns[name][impression * T + t]);
    if (ids.some((id) => id !== 0)) steps.push({ t, e: ids.flatMap((id, i) => row(values, vocabularies[i], id)) });
  }
  return { candidate, steps, T };
}

/** The other fields of one impression, in the order of the features. */
export function fieldsOf(values: Values, batch: Impressions, impression: number): number[] {
  const set = Array.from(batch.columns["tags"].slice(impression * 3, impression * 3 + 3)).filter((id) => id !== 0);
  const tags = mean(set.map((id) => row(values, "tags", id)), k);
  const sparse = (name: string) => row(values, name, batch.columns[name][impression]);
  return [...sparse("user"), ...sparse("item"), ...sparse("category"), batch.columns["price"][impression], ...tags];
}

export function mean(vectors: readonly number[][], length: number): number[] {
  return sum(vectors, length).map((x) => (vectors.length === 0 ? 0 : x / vectors.length));
}

export function sum(vectors: readonly number[][], length: number): number[] {
  return Array.from({ length }, (_, d) => vectors.reduce((total, v) => total + v[d], 0));
}

export const random = () => createRandom("weights");
