import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lintMarkdown } from "../../lib/kernel/markdown";

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "markdown-test-"));
  fs.writeFileSync(path.join(folder, "other.md"), "# Other\n\n## Wide & Deep, `k` = 2\n\n## Again\n\n## Again\n\n```sh\n# no heading\n```\n");
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

function problemsOf(markdown: string): string[] {
  const file = path.join(folder, "page.md");
  fs.writeFileSync(file, markdown);
  return lintMarkdown(file);
}

test("a good page has no problems", () => {
  const links = ["other.md", "other.md#wide--deep-k--2", "other.md#again-1", "#two", "https://example.org/#x", "."].map((target) => `[x](${target})`);
  expect(problemsOf(`# One\n\n${links.join(" ")}\n\n## Two\n\n\`[x](nowhere.md)\`\n\n<img src="other.md" alt="a picture">\n`)).toEqual([]);
});

test.each<[string, string, string]>([
  ["a page without a title", "## One", "there is no title (# ...)"],
  ["a level left out", "# One\n\n### Two", '"Two" is a heading of level 3 below one of level 1'],
  ["a second title", "# One\n\n# Two", '"Two" is a second title'],
  ["a link that leads nowhere", "# One\n\n[x](nowhere.md)", "the link nowhere.md leads nowhere"],
  ["an anchor that is not on its own page", "# One\n\n[x](#two)", "the link #two leads to a page without that heading"],
  ["an anchor that is not on the other page", "# One\n\n[x](other.md#no-heading)", "the link other.md#no-heading leads to a page without that heading"],
  ["a picture without a text alternative", "# One\n\n![](other.md)", "the picture other.md has no text alternative"],
  ["an HTML picture without one", '# One\n\n<img src="other.md">', '<img src="other.md"> has no text alternative'],
])("finds %s", (_, markdown, problem) => {
  expect(problemsOf(markdown)).toContain(problem);
});
