/** Where one-hot fields become embeddings. */
import { cells, connect, type Figure, fields, layer } from "../parts";
import { faint, fieldColors, type Pen, strong } from "../pen";

export const fieldSubnetworks: Figure = {
  name: "field-subnetworks",
  title: "Each field has a small network of its own",
  description:
    "The same three one-hot fields of 4, 3 and 5 places twice. Left, each place is connected to all six units. Right, each field is connected to its own two units only. On both sides a dense layer above reads all six units.",
  caption:
    "on the right no line of the first layer leaves its field, which saves two thirds of its weights. That is the embedding layer. Crosses are made by the dense layer above it. Strong lines: the weights of the ones, all that this impression uses.",
  height: 320,
  draw(pen) {
    drawFirstLayer(pen, 180, false);
    drawFirstLayer(pen, 540, true);
    pen.line(
      [
        [360, 56],
        [360, 300],
      ],
      { color: faint },
    );
  },
};

/** One-hot fields around x, their units, and a dense layer above. */
function drawFirstLayer(pen: Pen, x: number, byField: boolean): void {
  pen.text(x, 58, byField ? "field by field" : "everything with everything", { bold: true });
  pen.text(x, 78, byField ? "4 · 2 + 3 · 2 + 5 · 2 = 24 weights" : "12 · 6 = 72 weights", { size: 12 });
  const centres = [x - 94, x - 8, x + 86];
  const layers = fields.map(({ color }, i) => layer(pen, centres[i], 192, 2, "", byField ? { paper: color } : {}));
  fields.forEach(({ short, length, one, color }, i) => {
    const zeros = Array.from({ length }, (_, j) => (j === one ? "1" : "0"));
    const ones = cells(pen, centres[i], 270, zeros, { size: 17, color, marked: [one], textSize: 11 });
    pen.text(centres[i], 292, short, { size: 12 });
    const units = (byField ? [layers[i]] : layers).flatMap((own) => own.units);
    ones.forEach((cell, j) => {
      for (const unit of units)
        pen.line([cell.n, unit.s], j === one ? { color: strong, width: 1.6 } : { color: faint, behind: true });
    });
  });
  const dense = layer(pen, x - 4, 122, 5, "dense layer");
  connect(pen, layers.flatMap((own) => own.units.map((unit) => unit.n)), dense);
}

const days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const table = [
  ["0.1", "0.9"],
  ["0.2", "0.8"],
  ["0.3", "0.3"],
  ["0.4", "0.1"],
  ["2.0", "−1.0"],
  ["1.5", "−2.0"],
  ["1.0", "−1.5"],
];

export const embedding: Figure = {
  name: "embedding",
  title: "An embedding is one row of a table",
  description:
    "The one-hot vector of Friday, with its 1 in the fifth of seven places, times a table of seven rows and two columns gives the fifth row of the table.",
  caption: "the 1 picks its row and the zeros do nothing. So a library does not multiply: it looks up row 5.",
  height: 280,
  draw(pen) {
    const friday = 4;
    const top = 76;
    cells(
      pen,
      130,
      150,
      days.map((_, i) => (i === friday ? "1" : "0")),
      { size: 28, color: fieldColors[0], marked: [friday] },
    );
    days.forEach((day, i) => pen.text(46 + i * 28, 124, day, { size: 11 }));
    pen.text(130, 186, "one-hot vector [1, 7]");
    pen.text(252, 150, "×", { size: 20 });
    table.forEach((row, i) => {
      const marked = i === friday ? [0, 1] : [];
      cells(pen, 400, top + i * 24, row, { size: 52, height: 24, color: fieldColors[0], marked });
      pen.text(338, top + i * 24, days[i], { anchor: "end", size: 11 });
    });
    pen.text(400, 256, "embedding table [7, 2]");
    pen.text(506, 150, "=", { size: 20 });
    cells(pen, 612, 150, table[friday], { size: 52, height: 24, color: fieldColors[0], marked: [0, 1] });
    pen.text(612, 186, "embedding of Friday [1, 2]");
  },
};
