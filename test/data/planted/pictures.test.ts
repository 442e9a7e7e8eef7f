import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { svgOf } from "../../../material/figures/draw";
import { pictures } from "../../../material/worlds/pictures";

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
  const worlds = fs.readdirSync(path.resolve("lib/data/planted")).flatMap((file) => {
    const source = fs.readFileSync(path.join("lib/data/planted", file), "utf8");
    return Array.from(source.matchAll(/export function (\w+World)\(/g), ([, name]) => name);
  });
  expect(worlds.length).toBe(10);
  for (const world of worlds) expect(page).toContain(`\`${world}\``);
});
