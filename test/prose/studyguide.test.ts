/** The study guide names cells and exercises that exist, and says the same in both languages. */
import * as fs from "node:fs";
import { describe, expect, test } from "vitest";
import { readNotebook } from "../../lib/kernel/nbformat";
import { cellLink } from "./texts";

const english = fs.readFileSync("material/study-guide.md", "utf8");
const chinese = fs.readFileSync("material/study-guide.zh-CN.md", "utf8");
const notebooks = new Map(
  fs
    .readdirSync("notebooks")
    .filter((name) => /^\d\d-.*\.ipynb$/.test(name))
    .map((name) => [name.slice(0, 2), readNotebook(`notebooks/${name}`).cells]),
);

/** One session: what follows its heading, up to the next. */
function sessions(guide: string, heading: RegExp): string[] {
  return guide.split(/^## /m).filter((part) => heading.test(part));
}
const ofEnglish = sessions(english, /^Session \d/);
const ofChinese = sessions(chinese, /^第 \d 次/);

const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found]) => found);
const notebooksOf = (session: string) => all(session.split("\n")[0].replace(/^\S+ \d+/, ""), /(\d\d)/g);
const minutesOf = (text: string) => all(text, /(\d+)(?: minutes| 分钟)/g);

test("eight sessions cover all notebooks, in order", () => {
  expect(ofEnglish).toHaveLength(8);
  expect(ofEnglish.flatMap(notebooksOf)).toEqual([...notebooks.keys()].sort());
  expect(ofChinese.map(notebooksOf)).toEqual(ofEnglish.map(notebooksOf));
});

describe.each(ofEnglish.map((session, i) => [i + 1, session, ofChinese[i]] as const))(
  "session %i",
  (_, session, translation) => {
    const cells = notebooksOf(session).flatMap((name) => notebooks.get(name) ?? []);

    test("has cells and exercises that exist", () => {
      const names = all(session, cellLink);
      expect(names.filter((name) => !cells.some(({ id }) => id === name))).toEqual([]);
      const exercises = all(session.split("**Exercise together**")[1].split("\n\n")[0], /\b(\d\.\d)\b/g).filter(
        (number) => notebooksOf(session).includes(`0${number[0]}`),
      );
      expect(exercises.length).toBeGreaterThan(0);
      expect(exercises.filter((number) => !cells.some(({ source }) => source.startsWith(`### ${number} `)))).toEqual(
        [],
      );
    });

    test("is the same in Chinese: cells, solutions, questions, reading times", () => {
      expect(all(translation, cellLink)).toEqual(all(session, cellLink));
      for (const text of [session, translation]) expect(text).not.toMatch(/(cells?|单元格) `/);
      expect(all(translation, /solutions\/(\d\d\.ts)/g)).toEqual(all(session, /solutions\/(\d\d\.ts)/g));
      expect(all(translation, /^(\d)\. \*/gm)).toEqual(all(session, /^(\d)\. \*/gm));
      expect(all(translation, /^\*\*([^*]+)\*\*/gm)).toHaveLength(all(session, /^\*\*([^*]+)\*\*/gm).length);
      expect(minutesOf(translation)).toEqual(minutesOf(session));
    });

    test("tells the reading time that the notebooks tell", () => {
      const told = cells
        .filter(({ id }) => id === "title")
        .map(({ source }) => /(\d+) minutes to read/.exec(source)?.[1]);
      const here = minutesOf(session.split("**Show**")[0]);
      expect(told.slice(0, here.length)).toEqual(here);
    });
  },
);

test("the heads of the notebooks tell the time of the exercises that both guides tell", () => {
  expect(english).toContain("With these and some exercises it takes about twice its reading time");
  expect(chinese).toContain("总共大约要花阅读时间的两倍");
  const sections = chinese.split(/^### (?=\d\d )/m).slice(1);
  expect(sections).toHaveLength(notebooks.size);
  [...notebooks.values()].forEach(([{ source }], i) => {
    if (source.includes("5 to 10 for each test")) return; // the bug museum is made of exercises
    expect(source).toContain(" minutes to read, twice that with exercises, ");
    for (const text of [source, sections[i]]) expect(text).toContain(" 分钟，加上练习约为两倍，");
  });
});

test.for([...notebooks])("the reading time of notebook %s goes by its length", ([, cells]) => {
  const lines = (type: string) =>
    cells.flatMap((cell) => (cell.cell_type === type ? cell.source.split("\n").filter((line) => line.trim()) : []));
  const prose = lines("markdown").filter((line) => !line.startsWith("**中文**"));
  const words = prose.flatMap((line) => line.replace(/\$[^$]*\$|\]\([^)]*\)/g, " ").match(/[a-z0-9][\w'’.,-]*/gi) ?? []);
  const told = Number(/(\d+) minutes to read/.exec(cells[0].source)?.[1]);
  // 100 words or 40 lines of code a minute; told in steps of five
  expect(told % 5).toBe(0);
  expect(Math.abs(told - (words.length / 100 + lines("code").length / 40))).toBeLessThan(5);
});

test("the corrections that the Chinese guide lists are in cells that exist", () => {
  const rows = all(chinese.split(/^## /m).find((part) => part.startsWith("原文")) ?? "", /^\|.*\|(.*)\|$/gm).slice(2);
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) {
    const [number, ids] = [row.slice(1, 3), all(row, cellLink)];
    expect(notebooks.get(number)?.map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
    expect(ids).not.toEqual([]);
  }
});

test.for([...notebooks])(
  "notebook %s is described in Chinese, in its first cell and in the guide, as that cell does in English",
  ([number, [title]]) => {
    const [english, paragraph = ""] = title.source.split("**中文**：");
    const [, before, time, lib, paper] =
      /\*\*Before\*\*: (.*)\. \*\*Time\*\*: (.*)\. \*\*Lib\*\*: (.*)\. \*\*Paper\*\*: (.*)$/m.exec(english) ?? [];
    const section = chinese.split(/^### /m).find((part) => part.startsWith(`${number} `)) ?? "";
    for (const field of ["谜题", "你会做什么", "先读", "时间", "代码", "论文"])
      expect(section).toContain(`**${field}**：`);
    const inGuide = (name: string) =>
      new RegExp(`\\*\\*${name}\\*\\*：(.*?)(?:\\*\\*|$)`, "m").exec(section)?.[1] ?? "";
    const inCell = (start: string) => new RegExp(`${start}(.*?)[；。]`).exec(paragraph)?.[1] ?? "";
    for (const told of [inGuide("先读"), inCell("先读 ")]) expect(all(told, /(\d\d)/g)).toEqual(all(before, /(\d\d)/g));
    for (const told of [inGuide("时间"), inCell("阅读")]) expect(told.match(/\d+/g)).toEqual(time.match(/\d+/g));
    for (const told of [inGuide("代码"), paragraph]) expect(all(told, /`([^`]+)`/g)).toEqual(all(lib, /`([^`]+)`/g));
    for (const told of [inGuide("论文"), paragraph])
      expect(all(told, /\((\d{4})\)/g)).toEqual(all(paper, /\((\d{4})\)/g));
    expect(paragraph).toContain("？"); // the puzzle
  },
);
