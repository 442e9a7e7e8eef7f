/**
 * The English texts that a reader sees, as blocks: what notebooks say and print, README.md and the pages of material/.
 */
import { Marked, type Token, type Tokens } from "marked";
import * as fs from "node:fs";
import * as path from "node:path";
import { type Cell, type Output, readNotebook } from "../../lib/kernel/nbformat";

export interface Block {
  /** The file, and for notebooks the cell. */
  where: string;
  /**
   * Prose comes in sentences. A cell is one of a table. The rest is headings, text alternatives, comments, and what was
   * printed.
   */
  kind: "prose" | "cell" | "rest";
  /** Without marks. Code and formulas are one word: X. */
  text: string;
}

/** Every Markdown page of the course. */
export const pages = [
  "README.md",
  "README.zh-CN.md",
  "material/figures/README.md",
  ...fs
    .readdirSync("material")
    .filter((name) => name.endsWith(".md"))
    .map((name) => `material/${name}`),
];

/** A cell's id as the study guides and errata.md write it: a link. Finds the id, and the number of its notebook. */
export const cellLink = /\[`([^`]+)`\]\(\.\.\/notebooks\/(\d\d)-[^)#]+#cell-id=\1\)/g;

/** A block of code in material/library.md, and of what it prints. Finds the code. */
export const programBlock = /^```ts\n([^]*?)^```\n\n```text\n[^]*?^```$/gm;

/** The blocks of each English text, by file. */
export function englishTexts(): Map<string, Block[]> {
  const texts = new Map<string, Block[]>();
  for (const page of pages.filter((name) => !name.includes(".zh-CN.")))
    texts.set(page, markdownBlocks(written(page), page));
  for (const name of fs.readdirSync("notebooks").filter((name) => /^\d\d-.*\.ipynb$/.test(name))) {
    const cells = readNotebook(path.join("notebooks", name)).cells;
    texts.set(name, cells.flatMap((cell) => cellBlocks(cell, `${name}, cell "${cell.id}"`)));
  }
  return texts;
}

/** A page without the tables that `npm run bench` writes: they name the machine, whatever it is called. */
function written(page: string): string {
  return fs.readFileSync(page, "utf8").replace(/<!-- (\w+) -->[^]*?<!-- end of \1 -->/g, "");
}

function cellBlocks({ cell_type, source, outputs = [] }: Cell, where: string): Block[] {
  if (cell_type === "markdown") return markdownBlocks(source, where);
  const comments = [...source.matchAll(/(?:^|\s)\/\/ (.*)/g)].map(([, comment]) => comment);
  return [...comments, ...outputs.flatMap(printed)].map((text) => ({ where, kind: "rest", text }));
}

/** What a cell printed, without listings of code: those are displayed as Markdown. */
function printed(output: Output): string[] {
  if (output.output_type === "stream") return [output.text];
  if (output.output_type !== "display_data" || "text/markdown" in output.data) return [];
  return [String(output.data["text/plain"])];
}

const formula = {
  name: "formula",
  level: "inline" as const,
  start: (text: string) => text.indexOf("$"),
  tokenizer(text: string) {
    const raw = /^\$\$[\s\S]+?\$\$|^\$[^$\n]+\$/.exec(text)?.[0];
    return raw === undefined ? undefined : { type: "formula", raw };
  },
};
const parser = new Marked({ extensions: [formula] });

function markdownBlocks(markdown: string, where: string): Block[] {
  const blocks = blocksOf(parser.lexer(markdown), where).filter(({ text }) => text.trim() !== "" && !isChinese(text));
  return blocks.map((block) => ({ ...block, text: block.text.replace(/[（(]?\p{Script=Han}+[）)]?/gu, "") }));
}

/** English has a Chinese term here and there. */
function isChinese(text: string): boolean {
  return (text.match(/\p{Script=Han}/gu) ?? []).length > text.length / 4;
}

function blocksOf(tokens: readonly Token[], where: string): Block[] {
  return tokens.flatMap((token): Block[] => {
    if (token.type === "code" || token.type === "html") return [];
    if (token.type === "table") {
      const { header, rows } = token as Tokens.Table;
      return [header, ...rows].flat().map((cell) => ({ where, kind: "cell", text: textOf(cell.tokens) }));
    }
    if (token.type === "list") return (token as Tokens.List).items.flatMap((item) => blocksOf(item.tokens, where));
    if (token.type === "blockquote") return blocksOf(inside(token), where);
    const alternatives = picturesIn(inside(token)).map((text): Block => ({ where, kind: "rest", text }));
    return [{ where, kind: token.type === "heading" ? "rest" : "prose", text: textOf(inside(token)) }, ...alternatives];
  });
}

function textOf(tokens: readonly Token[]): string {
  return tokens.map((token) => {
    if (token.type === "codespan" || token.type === "formula") return "X";
    if (token.type === "image" || token.type === "html") return "";
    if (token.type === "br") return "\n";
    return inside(token).length > 0 ? textOf(inside(token)) : (token as Tokens.Text).text;
  }).join("");
}

function picturesIn(tokens: readonly Token[]): string[] {
  return tokens.flatMap((token) =>
    token.type === "image" ? [(token as Tokens.Image).text] : picturesIn(inside(token)),
  );
}

function inside(token: Token): Token[] {
  return (token as Tokens.Generic).tokens ?? [];
}
