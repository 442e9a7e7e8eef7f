import * as fs from "node:fs";

/** Names of the functions that make planted worlds, as their files export them. */
export function worldNames(): string[] {
  const names = fs.readdirSync("lib/data/planted").flatMap((file) => {
    const source = fs.readFileSync(`lib/data/planted/${file}`, "utf8");
    return Array.from(source.matchAll(/export function (\w+World)\(/g), ([, name]) => name);
  });
  if (names.length < 10) throw new Error(`only ${names.length} planted worlds found: ${names.join(", ")}`);
  return names;
}
