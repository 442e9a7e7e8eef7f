/** How a weight for a pair of features comes about: stored (POLY2), computed (FM), computed per field (FFM). */
import { textWidth } from "../../../lib/kernel/svg";
import { type Figure, vector } from "../parts";
import { fieldColors, grey, plain, type Shape, strong, warm } from "../pen";

const names = ["Nike", "ESPN", "male", "Sunday"];
const buckets = 8;

/** The pairing function of POLY2, modulo the number of buckets: Juan et al. (2016), section 2. */
function bucketOf(i: number, j: number): number {
  return (((i + j) * (i + j + 1)) / 2 + j) % buckets;
}

export const poly2: Figure = {
  name: "poly2",
  title: "POLY2: one stored weight for every pair",
  description:
    "Left, the six pairs of the features Nike, ESPN, male and Sunday. Each has an arrow to one of 8 buckets of a list of weights, chosen by a hash. Two pairs share bucket 0, and some buckets stay empty.",
  caption:
    "each pair has one weight, learned from that pair alone. With a hash into B = 8 buckets two pairs meet in bucket 0: they are forced to have the same weight.",
  height: 380,
  draw(pen) {
    pen.text(130, 62, "pairs (j₁, j₂), j₁ < j₂", { bold: true });
    pen.text(560, 62, "weights w, B = 8", { bold: true });
    pen.text(350, 62, "h(j₁, j₂)", { italic: true });
    let row = 0;
    const list = Array.from({ length: buckets }, (_, bucket) => {
      pen.text(504, 100 + bucket * 33, String(bucket), { anchor: "end" });
      return pen.box(510, 86 + bucket * 33, 100, 28, `w[${bucket}]`, { italic: true });
    });
    const pairsOf = list.map((): string[] => []);
    for (let i = 1; i <= 4; i++) for (let j = i + 1; j <= 4; j++) pairsOf[bucketOf(i, j)].push(`(${i}, ${j})`);
    for (let i = 1; i <= names.length; i++) {
      for (let j = i + 1; j <= names.length; j++) {
        const pair = pen.box(40, 86 + row * 44, 180, 32, `(${i}, ${j})  ${names[i - 1]} × ${names[j - 1]}`, {
          paper: fieldColors[0],
        });
        const bucket = bucketOf(i, j);
        pen.arrow(pair.e, [478, list[bucket].w[1]], { color: pairsOf[bucket].length > 1 ? warm : strong });
        row++;
      }
    }
    // Most arrows cross in one point: the pairs once more, so that each is found also without colour.
    pairsOf.forEach((pairs, bucket) => {
      const look = pairs.length > 1 ? { fill: warm, bold: true } : {};
      const text = pairs.length > 1 ? `shared by\n${pairs.join(", ")}` : pairs.join("");
      pen.text(620, list[bucket].c[1], text, { anchor: "start", size: 12, ...look });
    });
  },
};

export const fm: Figure = {
  name: "fm",
  title: "FM: the weight of a pair is computed from two rows",
  description:
    "A table W of pair weights, with a question mark where the pair Gucci and ESPN was never seen, is approximated by V times its transpose; V has one row per feature. The missing weight is the inner product of row Gucci and row ESPN of V.",
  caption:
    "nobody ever saw Gucci on ESPN, so POLY2 has nothing to say (?). FM multiplies row Gucci, learned on Vogue, with row ESPN, learned with Nike. Cells without w or ? are never used: no feature meets itself, and no impression has two brands or two sites.",
  height: 320,
  draw(pen) {
    const features = ["Nike", "Gucci", "ESPN", "Vogue"];
    const seen: Record<string, string> = { "02": "w", "03": "w", "13": "w" };
    const [left, top, size] = [96, 96, 46];
    pen.text(left + 2 * size, 58, "W, one weight per pair", { bold: true });
    features.forEach((feature, i) => {
      pen.text(left - 8, top + (i + 0.5) * size, feature, { anchor: "end" });
      pen.text(left + (i + 0.5) * size, 82, feature, { size: 11 });
      features.forEach((_, j) => {
        const key = [i, j].sort().join("");
        const unseen = key === "12";
        const never = i !== j && !(key in seen) && !unseen; // two brands, or two sites, at once
        pen.box(left + j * size, top + i * size, size, size, i === j || never ? "" : unseen ? "?" : "w", {
          radius: 0,
          paper: i === j ? "#bbbbbb" : unseen ? fieldColors[1] : never ? plain : "#ffffff",
          bold: unseen,
          size: unseen ? 18 : 13,
          italic: !unseen,
        });
      });
    });
    pen.text(300, top + 2 * size - 8, "≈", { size: 22 });
    pen.text(300, top + 2 * size + 12, "V Vᵀ", { italic: true, size: 12 });
    const rows: Shape[] = [];
    pen.text(418, 58, "V, one row per feature", { bold: true });
    features.forEach((feature, i) => {
      pen.text(382, top + (i + 0.5) * size, `${feature}, v${"₁₂₃₄"[i]}`, { anchor: "end" });
      rows.push(vector(pen, 420, top + (i + 0.5) * size, 3, i === 1 || i === 2 ? fieldColors[1] : plain));
    });
    const dot = pen.circle(530, top + 2 * size, 16, "•", { size: 15 });
    pen.arrow(rows[1].e, [dot.c[0] - 13, dot.c[1] - 9], { color: strong });
    pen.arrow(rows[2].e, [dot.c[0] - 13, dot.c[1] + 9], { color: strong });
    pen.arrow(dot.e, [576, top + 2 * size], { color: strong });
    pen.text(640, top + 2 * size, "weight of\nGucci × ESPN", { bold: true });
    pen.text(640, top + 3.1 * size, "⟨v₂, v₃⟩", { italic: true });
  },
};

export const ffm: Figure = {
  name: "ffm",
  title: "FFM: a different vector for each field it meets",
  description:
    "Nike, ESPN and male each have one vector per other field. For the pair Nike and ESPN the inner product uses Nike's vector for sites and ESPN's vector for brands. For Nike and male it is Nike's vector for genders and male's vector for brands; for ESPN and male, ESPN's for genders and male's for sites.",
  caption:
    "Nike shows ESPN another vector than it shows male. FM has one vector per feature and must please both fields with it.",
  height: 330,
  draw(pen) {
    const fieldNames = ["brand", "site", "gender"];
    const features = ["Nike", "ESPN", "male"];
    const tops = [62, 152, 242];
    const drawn = features.map((feature, i) => {
      pen.box(30, tops[i] + 10, 90, 40, feature, { paper: fieldColors[i + 1], bold: true });
      pen.text(75, tops[i] + 62, `field: ${fieldNames[i]}`, { size: 11 });
      return fieldNames.map((other, j) => {
        if (j === i) return undefined;
        const at = j > i ? j - 1 : j;
        pen.text(236, tops[i] + 14 + at * 32, `for ${other}`, { anchor: "end", size: 12 });
        pen.line(
          [
            [120, tops[i] + 30],
            [231 - textWidth(`for ${other}`, 12), tops[i] + 14 + at * 32],
          ],
          { color: grey },
        );
        return vector(pen, 282, tops[i] + 14 + at * 32, 4, fieldColors[i + 1]);
      });
    });
    const pairs: [number, number, number][] = [
      [0, 1, 120],
      [0, 2, 200],
      [1, 2, 275],
    ];
    for (const [i, j, y] of pairs) {
      const dot = pen.circle(450, y, 14, "•", { size: 15 });
      const [a, b] = [drawn[i][j] as Shape, drawn[j][i] as Shape];
      pen.arrow(a.e, [dot.c[0] - 12, dot.c[1] - 7], { color: strong });
      pen.arrow(b.e, [dot.c[0] - 12, dot.c[1] + 7], { color: strong });
      pen.arrow(dot.e, [496, y], { color: strong });
      pen.text(504, y, `weight of ${features[i]} × ${features[j]}`, { anchor: "start" });
    }
  },
};
