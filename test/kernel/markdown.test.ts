import * as fs from "node:fs";
import * as path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { lintMarkdown } from "../../lib/kernel/markdown";
import { sharedFolder } from "../temporary";

const folder = sharedFolder();
const cells = [{ cell_type: "markdown", id: "start", metadata: {}, source: "Start" }];
const notebook = JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 });
beforeAll(() => {
  fs.writeFileSync(
    path.join(folder, "other.md"),
    "# Other\n\n## Wide & Deep, `k` = 2\n\n## Again\n\n## Again\n\n## See [FM](fm.md)\n\n```sh\n# no heading\n```\n",
  );
  fs.writeFileSync(path.join(folder, "a page.md"), "# A page\n");
  fs.writeFileSync(path.join(folder, "program.ts"), "const a = 1;\n");
  fs.writeFileSync(path.join(folder, "00.ipynb"), notebook);
});

function problemsOf(markdown: string): string[] {
  const file = path.join(folder, "page.md");
  fs.writeFileSync(file, markdown);
  return lintMarkdown(file);
}

test("a good page has no problems", () => {
  const links = [
    "other.md",
    "other.md#wide--deep-k--2",
    "other.md#again-1",
    "other.md#see-fm",
    "a%20page.md",
    "mailto:a@example.org",
    "attachment:a.png",
    "#two",
    "https://example.org/#x",
    "http://example.org",
    "program.ts#L3",
    "00.ipynb",
    "00.ipynb#cell-id=start",
    ".",
  ].map((target) => `[x](${target})`);
  expect(
    problemsOf(
      `# One\n\n${links.join(" ")}\n\n## Two\n\n\`[x](nowhere.md)\`\n\n<img src="other.md" alt="a picture">\n`,
    ),
  ).toEqual([]);
});

test("formulas may have what Markdown leaves alone, and code what it likes", () => {
  const formulas = [
    "x_i < y_{ij}",
    "\\sum_{i} (W^n)_ {ij} p_{ij}, \\quad [a, \\mathrm{MLP}(b)]",
    "a && b * c",
    "w' > \\text{\"a\"}",
  ];
  const page = `# One\n\n$$${formulas[0]}$$\n\n| $a$ | ($b$) |\n| --- | --- |\n| $${formulas[1]}$ | $${formulas[2]}$ |\n`;
  expect(problemsOf(`${page}\n$${formulas[3]}$ \`$a\\, b$\`\n`)).toEqual([]);
});

test.each<[string, string, RegExp]>([
  ["loses a backslash", "$p(s)\\, s$", /Markdown changes the formula \$p\(s\)\\, s\$/],
  ["loses a backslash where the same one is whole in code", "`$a\\; b$` $a\\; b$", /changes the formula \$a\\; b\$/],
  ["has emphasis in it", "$$(W^n)_{ij} p_{ij}$$", /changes the formula \$\$\(W\^n\)_\{ij\} p_\{ij\}\$\$/],
  ["has emphasis in it, over lines", "$$\n(W^n)_{ij} p_{ij}\n$$", /changes the formula/],
  ["shares emphasis with the next", "$(W)_{ij}$ and $p_{ij}$", /changes the formula \$\(W\)_\{ij\}\$/],
  ["has a command that GitHub refuses", "$\\operatorname{relu}(x)$", /GitHub refuses \\operatorname in \$/],
  ["follows Chinese punctuation", "桶，$h$ 决定", /GitHub does not see the formula \$h\$ after "，"/],
  ["follows a quotation mark", 'not "$h$ decides"', /GitHub does not see the formula \$h\$ after """/],
])("finds a formula that %s", (_, markdown, problem) => {
  expect(problemsOf(`# One\n\n${markdown}`).join("\n")).toMatch(problem);
});

test("what stands in code is no Markdown, whatever the fence", () => {
  expect(problemsOf("# One\n\n~~~\n# two\n~~~\n\n````md\n```\n# three\n```\n\n[x](nowhere.md)\n````\n")).toEqual([]);
});

test.each<[string, string, string]>([
  ["a page without a title", "## One", "there is no title (# ...)"],
  ["a level left out", "# One\n\n### Two", '"Two" is a heading of level 3 below one of level 1'],
  ["a second title", "# One\n\n# Two", '"Two" is a second title'],
  ["a link that leads nowhere", "# One\n\n[x](nowhere.md)", "the link nowhere.md leads nowhere"],
  [
    "a link between backticks of two paragraphs",
    "# One\n\n` a\n\n[x](nowhere.md)\n\nb `",
    "the link nowhere.md leads nowhere",
  ],
  ["an anchor that is not on its own page", "# One\n\n[x](#two)", "the link #two leads to a page without that heading"],
  [
    "an anchor that is not on the other page",
    "# One\n\n[x](other.md#no-heading)",
    "the link other.md#no-heading leads to a page without that heading",
  ],
  [
    "a cell that the notebook has not",
    "# One\n\n[x](00.ipynb#cell-id=end)",
    "the link 00.ipynb#cell-id=end leads to a notebook without that cell; JupyterLab goes to one by #cell-id=...",
  ],
  ["a picture without a text alternative", "# One\n\n![](other.md)", "the picture other.md has no text alternative"],
  [
    "a level left out after one that was deeper",
    "# One\n\n## A\n\n### B\n\n## C\n\n#### D",
    '"D" is a heading of level 4 below one of level 2',
  ],
  [
    "a link that is no address",
    "# One\n\n[x](50%.md)",
    'the link 50%.md is no address, expected a "%" to be written as %25',
  ],
  ["a blank text alternative", "# One\n\n![ ](other.md)", "the picture other.md has no text alternative"],
  [
    "an HTML picture with an empty one",
    '# One\n\n<img src="other.md" alt="">',
    '<img src="other.md" alt=""> has no text alternative',
  ],
  [
    "an HTML picture that does not exist",
    '# One\n\n<img src="nowhere.png" alt="x">',
    "the link nowhere.png leads nowhere",
  ],
  [
    "a hint whose name does not end",
    "# One\n\n<details><summary>Hint\n\nx\n\n</details>",
    "<summary> and </summary> do not match",
  ],
  ["an HTML picture without one", '# One\n\n<img src="other.md">', '<img src="other.md"> has no text alternative'],
])("finds %s", (_, markdown, problem) => {
  expect(problemsOf(markdown)).toContain(problem);
});
