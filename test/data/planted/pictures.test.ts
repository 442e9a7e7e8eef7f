import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { svgOf } from "../../../material/figures/draw";
import { files, type Measured, worldSentences, worldTables } from "../../../material/worlds/measured";
import { pictures } from "../../../material/worlds/pictures";
import { markdown } from "../../bench/report";
import { worldNames } from "./names";

const folder = path.resolve(import.meta.dirname, "../../../material");
const page = fs.readFileSync(path.join(folder, "worlds.md"), "utf8");

test.each(pictures.map((picture) => [picture.name, picture] as const))(
  "the committed picture of the world %s is what the script draws",
  (name, picture) => {
    const committed = fs.readFileSync(path.join(folder, "worlds", `${name}.svg`), "utf8");
    expect(committed === svgOf(picture), "npx tsx material/worlds/pictures.ts brings it up to date").toBe(true);
  },
);

test.each(pictures.map(({ name, description }) => [name, description]))(
  "worlds.md says what the picture of the world %s shows",
  (name, description) => {
    expect(page).toContain(`![${description}](worlds/${name}.svg)`);
  },
);

test("worlds.md shows every picture and names every world", () => {
  expect(page.match(/worlds\/[a-z-]+\.svg/g)).toEqual(pictures.map(({ name }) => `worlds/${name}.svg`));
  const measure = fs.readFileSync(path.join(folder, "worlds", "measure.ts"), "utf8");
  for (const world of worldNames()) {
    expect(page, "material/worlds.md, which has a section on every world").toContain(`\`${world}\``);
    expect(measure, "the table of material/worlds/measure.ts, which trains models in every world").toContain(
      `make: ${world},`,
    );
  }
});

test("worlds.md says what measure.ts has found", () => {
  const measured: Measured = JSON.parse(fs.readFileSync(path.resolve(files.numbers), "utf8"));
  for (const [name, table] of Object.entries(worldTables(measured))) {
    const written = `<!-- ${name} -->\n${markdown(table)}\n<!-- end of ${name} -->`;
    expect(page.includes(written), `npx tsx material/worlds/measure.ts writes the table ${name}`).toBe(true);
  }
  for (const sentence of worldSentences(measured)) expect(page, files.page).toContain(sentence);
});
