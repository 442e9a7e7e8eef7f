import { expect, test } from "vitest";
import { tableBundle } from "../../lib/notebook/table";

test("a table says which of its cells are headings, and hides no character of HTML", () => {
  const html = tableBundle({
    caption: "a < b",
    columns: ["model", "clicks", "best", "note"],
    rows: [
      ["Wide&Deep", 12345, true, "x"],
      ["FM", null, false, undefined],
    ],
  })["text/html"];
  expect(html).toContain("<caption>a &lt; b</caption>");
  expect(html).toContain('<th scope="col" style="text-align: right">clicks</th>');
  expect(html).toContain(
    '<tr><th scope="row" style="text-align: left">Wide&amp;Deep</th><td style="text-align: right">12,345</td><td style="text-align: right">yes</td>',
  );
  expect(html).toContain(
    '<td style="text-align: right"></td><td style="text-align: right">no</td><td style="text-align: left"></td>',
  );
});

test("a table has nothing between its cells", () => {
  const { "text/html": html } = tableBundle({ caption: "c", columns: ["k", "n"], rows: [["a", 1], ["b", 2]] });
  const cell = (tag: string, side: string, words: string) => `<${tag} style="text-align: ${side}">${words}</${tag.slice(0, 2)}>`;
  const row = (name: string, n: number) => `<tr>${cell('th scope="row"', "left", name)}${cell("td", "right", `${n}`)}</tr>\n`;
  const head = cell('th scope="col"', "left", "k") + cell('th scope="col"', "right", "n");
  expect(html).toBe(
    `<table>\n<caption>c</caption>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${row("a", 1)}${row("b", 2)}</tbody>\n</table>`,
  );
});

test("a column of words that end with numbers is read from the left", () => {
  const { "text/html": html } = tableBundle({ caption: "c", columns: ["k", "model"], rows: [["a", "FM 8"], ["b", "DCN-2"]] });
  expect(html).toMatch(/<td style="text-align: left">FM 8<.*<td style="text-align: left">DCN-2</s);
});

test("a table's numbers have as many digits as asked for, and its headings and cells hide no character of HTML", () => {
  const bundle = tableBundle({ caption: "c", columns: ["k", "a<b", "x"], rows: [["i", 0.12345, "<i>"]], digits: 2 });
  expect(bundle["text/html"]).toContain('a&lt;b</th>');
  expect(bundle["text/html"]).toMatch(/0\.12<\/td>.*&lt;i&gt;<\/td>/);
  expect(bundle["text/plain"]).toMatch(/0\.12 {2}<i>$/);
});

test("a table's first column, which names the rows, is read from the left also when it is numbers", () => {
  const html = tableBundle({ caption: "c", columns: ["k", "AUC"], rows: [[1, 0.5], [16, 0.6]] })["text/html"];
  expect(html).toContain('<th scope="row" style="text-align: left">1</th>');
});

test("a column of numbers is read from the right, also if they come as text, and their points stand below each other", () => {
  const rows = [
    ["a", 12, "−0.5", "2.5 %", "1"],
    ["b", -0.031, "12", null, "x"],
    ["c", 1234.5, "", "10 %", "2"],
  ];
  const bundle = tableBundle({ caption: "c", columns: ["k", "n", "text", "share", "words"], rows });
  const cells = Array.from(
    (bundle["text/html"] as string).matchAll(/<td style="text-align: (\w+)">([^<]*)</g),
    ([, side, text]) => `${side} ${text.replace(/\u2007/g, "_").replace(/\u2008/g, ",")}`,
  );
  expect(cells).toEqual(
    [
      ["right 12,_____", "right −0.5", "right 2.5 %", "left 1"],
      ["right −0.03100", "right 12,_", "right ", "left x"],
      ["right 1,235,_____", "right ", "right 10 %", "left 2"],
    ].flat(),
  );
  expect(bundle["text/plain"].split("\n").slice(4)).toEqual([
    "a     12        −0.5  2.5 %  1",
    "b     −0.03100  12           x",
    "c  1,235               10 %  2",
  ]);
});

test("a table's numbers of fewer places get the room of the others, those with an exponent too", () => {
  const rows = [["a", "0.25"], ["b", "0.5"], ["c", "2e-5"]];
  const { "text/html": html } = tableBundle({ caption: "c", columns: ["k", "n"], rows });
  expect(html).toMatch(/>0\.25<.*>0\.5\u2007<.*>2e−5\u2008\u2007\u2007</s);
});

test("a table has one minus sign, whether its numbers come as numbers or as text", () => {
  const rows = [["mini-batch", -0.5, "-0.6 to 2e-5"]];
  const { "text/html": html, "text/plain": lines } = tableBundle({ caption: "c", columns: ["k", "n", "95 %"], rows });
  expect(html).toMatch(/>mini-batch<.*>−0\.5000<.*>−0\.6 to 2e−5</);
  expect(lines).toMatch(/mini-batch {2}−0\.5000 {2}−0\.6 to 2e−5$/);
});

test("a table's row with a cell too many, or too few, is refused", () => {
  expect(() => tableBundle({ caption: "c", columns: ["a", "b"], rows: [["x"]] })).toThrow("has 1 cells, expected 2");
  expect(() => tableBundle({ caption: "c", columns: ["a"], rows: [["x"], ["y", 1]] })).toThrow(
    'row 1 of the table "c" has 2 cells, expected 1',
  );
});
