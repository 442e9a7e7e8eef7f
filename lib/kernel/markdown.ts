/**
 * What Markdown must keep to, in notebooks and in files: headings in order, links that lead somewhere, pictures
 * that can be read without eyes, hints that unfold; in files formulas that GitHub draws.
 */
import GithubSlugger from "github-slugger";
import { marked } from "marked";
import * as fs from "node:fs";
import * as path from "node:path";
import { readNotebook } from "./nbformat";

/** The problems of a Markdown file, each a line. Empty if there are none. */
export function lintMarkdown(file: string): string[] {
  const markdown = fs.readFileSync(file, "utf8");
  const titles = headings(markdown).filter(({ level }) => level === 1).length;
  return [
    ...(titles === 0 ? ["there is no title (# ...)"] : []),
    ...headingProblems([{ markdown }]),
    ...markdownProblems(markdown, file),
    ...formulaProblems(markdown),
  ];
}

/**
 * What is wrong with the headings of consecutive pieces: a second title, or a level left out on the way down. `where`
 * begins a piece's lines.
 */
export function headingProblems(pieces: readonly { where?: string; markdown: string }[]): string[] {
  const problems: string[] = [];
  let above = 0;
  for (const { where = "", markdown } of pieces) {
    for (const { level, text } of headings(markdown)) {
      if (level > above + 1)
        problems.push(`${where}"${text}" is a heading of level ${level} below one of level ${above}`);
      if (level === 1 && above > 0) problems.push(`${where}"${text}" is a second title`);
      above = level;
    }
  }
  return problems;
}

/** Wrong links, pictures and hints of Markdown that stands in that file. */
export function markdownProblems(markdown: string, file: string): string[] {
  const problems: string[] = [];
  const text = withoutCode(markdown);
  const cells: CellIds = new Map();
  for (const [, exclamation, label, target] of text.matchAll(/(!?)\[([^\]]*)\]\(([^)\s]+)[^)]*\)/g)) {
    if (exclamation && label.trim() === "") problems.push(`the picture ${target} has no text alternative`);
    problems.push(...linkProblems(target, file, cells));
  }
  for (const [image] of text.matchAll(/<img\s[^>]*>/g)) {
    if (!/\salt="[^"]+"/.test(image)) problems.push(`${image} has no text alternative`);
    problems.push(...linkProblems(/\ssrc="([^"]*)"/.exec(image)?.[1] ?? "", file, cells));
  }
  for (const tag of ["details", "summary"]) {
    if (text.split(`<${tag}>`).length !== text.split(`</${tag}>`).length)
      problems.push(`<${tag}> and </${tag}> do not match`);
  }
  if (/<\/summary>[^\n]*\n[^\n]*\S/.test(text))
    problems.push("no empty line after </summary>: what follows would not be read as Markdown");
  return problems;
}

/** Formulas in a text from which code has been taken out. */
export const formulas = /\$\$[^]+?\$\$|\$[^$\n]+\$/g;

/**
 * Formulas of a file that GitHub does not draw as they are meant. It reads Markdown first and mathematics second; in
 * notebooks, as in JupyterLab, mathematics comes first.
 */
function formulaProblems(markdown: string): string[] {
  const text = withoutCode(markdown);
  const shown = unescaped(marked.parse(text, { async: false }));
  const problems: string[] = [];
  for (const { 0: formula, index } of text.matchAll(formulas)) {
    if (shown.split(formula).length < text.split(formula).length)
      problems.push(
        `Markdown changes the formula ${formula}: it takes the backslash of "\\," away, and ")_{a} b_{c}" becomes emphasis; ` +
          `write " " and ")_ {a}"`,
      );
    if (formula.includes("\\operatorname")) problems.push(`GitHub refuses \\operatorname in ${formula}; write \\mathrm`);
    if (!/[\s(|]/.test(text[index - 1] ?? " "))
      problems.push(`GitHub does not see the formula ${formula} after "${text[index - 1]}": put a space before it`);
  }
  return problems;
}

/** The HTML with its entities for < > " ' & replaced by the characters. */
function unescaped(html: string): string {
  const signs: Record<string, string> = { lt: "<", gt: ">", quot: '"', "#39": "'", amp: "&" };
  return html.replace(/&(lt|gt|quot|#39|amp);/g, (_, name: string) => signs[name]);
}

/** The text with code fences and code spans blanked, so that nothing in them counts as Markdown. */
export function withoutCode(markdown: string): string {
  return withoutFences(markdown).replace(/`[^`\n]*`/g, "x");
}

function withoutFences(markdown: string): string {
  return markdown.replace(/^(```+|~~~+)[\s\S]*?^\1/gm, "");
}

function headings(markdown: string): { level: number; text: string }[] {
  return [...withoutFences(markdown).matchAll(/^(#+) +(.*)$/gm)].map(([, marks, text]) => ({
    level: marks.length,
    text,
  }));
}

/** By notebook: many links of a page lead to the same one, which is large. */
type CellIds = Map<string, ReadonlySet<string>>;

function linkProblems(target: string, file: string, cells: CellIds): string[] {
  if (/^(https?:|mailto:|attachment:)/.test(target)) return [];
  let decoded: string;
  try {
    decoded = decodeURIComponent(target);
  } catch {
    return [`the link ${target} is no address, expected a "%" to be written as %25`];
  }
  const [place, anchor] = decoded.split("#");
  const there = place === "" ? file : path.resolve(path.dirname(file), place);
  if (!fs.existsSync(there)) return [`the link ${target} leads nowhere`];
  if (anchor === undefined) return [];
  if (there.endsWith(".ipynb")) {
    if (!cells.has(there)) cells.set(there, new Set(readNotebook(there).cells.map(({ id }) => `cell-id=${id}`)));
    return cells.get(there)!.has(anchor)
      ? []
      : [`the link ${target} leads to a notebook without that cell; JupyterLab goes to one by #cell-id=...`];
  }
  return !there.endsWith(".md") || anchorsOf(fs.readFileSync(there, "utf8")).includes(anchor)
    ? []
    : [`the link ${target} leads to a page without that heading`];
}

/** What GitHub makes of the headings. */
function anchorsOf(markdown: string): string[] {
  const slugger = new GithubSlugger();
  return headings(markdown).map(({ text }) => slugger.slug(text.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")));
}
