/** Where one-hot fields become embeddings. */
import { cells, type Figure, fields, layer, oneHot } from "../parts";
import { faint, fieldColors, strong } from "../pen";

export const fieldSubnetworks: Figure = {
  name: "field-subnetworks",
  title: "Each field has a small network of its own",
  description: "Three one-hot fields of 4, 3 and 5 places. Each is connected to its own two units only, not to the units of the other fields.",
  caption: "no line crosses from one field to another, which saves two thirds of the weights here. Only the weights of the 1 (strong lines) matter for this impression.",
  height: 330,
  draw(pen) {
    const xs = [130, 350, 580];
    fields.forEach(({ name, length, one, color }, i) => {
      const ones = oneHot(pen, xs[i], 260, name, length, [one], color);
      const units = layer(pen, xs[i], 140, 2, "", { paper: color, gap: 44 });
      ones.forEach((cell, j) => {
        for (const unit of units.units) pen.line([cell.n, unit.s], j === one ? { color: strong, width: 2.2 } : { color: faint, behind: true });
      });
      pen.text(xs[i], 112, `${2 * length} weights`);
    });
    pen.text(360, 66, "Together: 2 · 4 + 2 · 3 + 2 · 5 = 24 weights");
    pen.text(360, 86, "All 12 inputs to all 6 units: 6 · 12 = 72 weights", { fill: "#555555" });
  },
};

const days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const table = [
  ["0.3", "−1.2", "0.7"],
  ["0.4", "−1.0", "0.5"],
  ["0.2", "−0.9", "0.6"],
  ["0.1", "−0.8", "0.2"],
  ["−0.6", "0.4", "1.1"],
  ["−1.3", "1.5", "0.3"],
  ["−1.1", "1.2", "0.1"],
];

export const embedding: Figure = {
  name: "embedding",
  title: "An embedding is one row of a table",
  description: "The one-hot vector of Friday, with its 1 in the fifth of seven places, times a table of seven rows and three columns gives the fifth row of the table.",
  caption: "the 1 picks its row and the zeros do nothing. So a library does not multiply: it looks up row 5.",
  height: 280,
  draw(pen) {
    const friday = 4;
    const top = 76;
    cells(pen, 130, 150, days.map((_, i) => (i === friday ? "1" : "0")), { size: 28, color: fieldColors[0], marked: [friday] });
    days.forEach((day, i) => pen.text(46 + i * 28, 124, day, { size: 10 }));
    pen.text(130, 186, "one-hot vector [1, 7]");
    pen.text(252, 150, "×", { size: 20 });
    table.forEach((row, i) => {
      const marked = i === friday ? [0, 1, 2] : [];
      cells(pen, 400, top + i * 24, row, { size: 52, height: 24, color: fieldColors[0], marked });
      pen.text(312, top + i * 24, days[i], { anchor: "end", size: 11 });
    });
    pen.text(400, 256, "embedding table [7, 3]");
    pen.text(506, 150, "=", { size: 20 });
    cells(pen, 612, 150, table[friday], { size: 52, height: 24, color: fieldColors[0], marked: [0, 1, 2] });
    pen.text(612, 186, "embedding of Friday [1, 3]");
  },
};
