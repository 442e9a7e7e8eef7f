/**
 * What Markdown must keep to, in notebooks and in files: headings in order, links that lead somewhere, pictures
 * that can be read without eyes, hints that unfold.
 */
import GithubSlugger from "github-slugger";
import * as fs from "node:fs";
import * as path from "node:path";

/** The problems of a Markdown file, each a line. Empty if there are none. */
export function lintMarkdown(file: string): string[] {
  const markdown = fs.readFileSync(file, "utf8");
  const titles = headings(markdown).filter(({ level }) => level === 1).length;
  return [
    ...(titles === 0 ? ["there is no title (# ...)"] : []),
    ...headingProblems([{ markdown }]),
    ...markdownProblems(markdown, file),
  ];
}

/**
 * One title, and no level left out on the way down, over pieces that follow each other. `where` begins a piece's lines.
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
  for (const [, exclamation, label, target] of text.matchAll(/(!?)\[([^\]]*)\]\(([^)\s]+)[^)]*\)/g)) {
    if (exclamation && label.trim() === "") problems.push(`the picture ${target} has no text alternative`);
    problems.push(...linkProblems(target, file));
  }
  for (const [image] of text.matchAll(/<img\s[^>]*>/g)) {
    if (!/\salt="[^"]+"/.test(image)) problems.push(`${image} has no text alternative`);
    problems.push(...linkProblems(/\ssrc="([^"]*)"/.exec(image)?.[1] ?? "", file));
  }
  for (const tag of ["details", "summary"]) {
    if (text.split(`<${tag}>`).length !== text.split(`</${tag}>`).length)
      problems.push(`<${tag}> and </${tag}> do not match`);
  }
  if (/<\/summary>[^\n]*\n[^\n]*\S/.test(text))
    problems.push("no empty line after </summary>: what follows would not be read as Markdown");
  return problems;
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

function linkProblems(target: string, file: string): string[] {
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
  if (anchor === undefined || !there.endsWith(".md")) return [];
  return anchorsOf(fs.readFileSync(there, "utf8")).includes(anchor)
    ? []
    : [`the link ${target} leads to a page without that heading`];
}

/** What GitHub makes of the headings. */
function anchorsOf(markdown: string): string[] {
  const slugger = new GithubSlugger();
  return headings(markdown).map(({ text }) => slugger.slug(text.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")));
}
