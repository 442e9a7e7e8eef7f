/** What an impression is made of. */
import { cells, type Figure } from "../parts";
import { faint, fieldColors, ink, strong } from "../pen";

const groups: readonly (readonly [group: string, feature: string, size: string, encoding: string, ids: string])[] = [
  ["user", "gender", "2", "one-hot", "1"],
  ["user", "occupation", "21", "one-hot", "1"],
  ["history", "films liked before", "1,682", "multi-hot, or a sequence", "0 to 10"],
  ["candidate", "film", "1,682", "one-hot", "1"],
  ["candidate", "genres", "19", "multi-hot", "1 to 6"],
  ["context", "weekday", "7", "one-hot", "1"],
];
const columns = [40, 150, 320, 410, 610];

export const featureGroups: Figure = {
  name: "feature-groups",
  title: "One impression, in groups of categorical features",
  description:
    "A table of features in four groups, as in MovieLens-100K. For each: how many ids there are, the encoding, and how many ids one impression has. User: gender, 2 ids, one-hot, 1; occupation, 21 ids, one-hot, 1. History: films liked before, 1,682 ids, multi-hot or a sequence, 0 to 10. Candidate: film, 1,682 ids, one-hot, 1; genres, 19 ids, multi-hot, 1 to 6. Context: weekday, 7 ids, one-hot, 1.",
  caption:
    "most features have one id per impression, but histories and genres have several. The history and the candidate are films of the same vocabulary, so they can share one table of embeddings.",
  height: 300,
  draw(pen) {
    ["group", "feature", "ids in all", "encoding", "ids in one"].forEach((heading, j) =>
      pen.text(columns[j], 62, heading, { anchor: "start", bold: true }),
    );
    pen.line([
      [30, 78],
      [690, 78],
    ]);
    groups.forEach((row, i) => {
      const y = 98 + i * 32;
      const color = fieldColors[["history", "candidate", "user", "context"].indexOf(row[0])];
      pen.box(30, y - 14, 100, 28, "", { paper: color, stroke: "none" });
      row.forEach((text, j) => pen.text(columns[j], y, text, { anchor: "start" }));
      pen.line(
        [
          [30, y + 16],
          [690, y + 16],
        ],
        { color: faint, width: 0.8 },
      );
    });
  },
};

const viewed = [11, 0, 0, 6, 0, 24, 33];
const ones = viewed.filter((id) => id !== 0);
const places = 34;
const size = 20;

export const multiHot: Figure = {
  name: "multi-hot",
  title: "A history as a multi-hot vector",
  description:
    "The week's list 11, 0, 0, 6, 0, 24, 33 becomes a vector of 34 places, 0 to 33, with ones at places 6, 11, 24 and 33.",
  caption:
    "0 means “nothing that day” and lights no place. The order of the list is gone, and a second visit to 11 would change nothing.",
  height: 255,
  draw(pen) {
    pen.text(360, 66, "items viewed, Monday to Sunday");
    const list = cells(pen, 360, 100, viewed.map(String), {
      size: 44,
      height: 28,
      color: fieldColors[0],
      marked: [0, 3, 5, 6],
      textSize: 13,
    });
    const left = (720 - places * size) / 2;
    const ids = Array.from({ length: places }, (_, i) => i);
    const vector = ids.map((id, i) =>
      pen.box(left + i * size, 176, size, 24, ones.includes(id) ? "1" : "0", {
        radius: 0,
        size: 11,
        bold: ones.includes(id),
        paper: ones.includes(id) ? fieldColors[0] : "#ffffff",
      }),
    );
    ids.forEach((id, i) =>
      pen.text(vector[i].c[0], 210, String(id), {
        size: 11,
        bold: ones.includes(id),
        fill: ones.includes(id) ? ink : "#666666",
      }),
    );
    viewed.forEach((id, i) => {
      if (id !== 0) pen.arrow(list[i].s, vector[id].n, { color: strong });
    });
    pen.text(360, 232, "multi-hot vector [34]");
  },
};
