import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";

const files = ["lib/rows", "lib/layers", "lib/models"].flatMap((folder) =>
  fs
    .readdirSync(folder)
    .filter((name) => name.endsWith(".ts"))
    .map((name) => path.join(folder, name)),
);

/** What a file imports of ours, types too: a reader follows these as well. */
const importsOf = new Map(
  files.map((file) => {
    const text = fs.readFileSync(file, "utf8");
    const imports = Array.from(text.matchAll(/^(?:import|export|\}) [^;]*?from "(\.[^"]+)";$/gm), ([, name]) =>
      path.join(path.dirname(file), `${name}.ts`),
    );
    return [file, imports.filter((name) => files.includes(name))];
  }),
);

/** The way from the file back to itself, if there is one. */
function cycle(file: string, way: readonly string[] = [file], seen = new Set<string>()): readonly string[] | undefined {
  for (const next of importsOf.get(way[way.length - 1])!) {
    if (next === file) return [...way, next];
    if (seen.has(next)) continue;
    seen.add(next);
    const found = cycle(file, [...way, next], seen);
    if (found) return found;
  }
  return undefined;
}

test("the files' imports are seen", () => expect([...importsOf.values()].flat().length).toBeGreaterThan(files.length));

test.each(files)("%s does not import itself by way of others", (file) => expect(cycle(file)).toBeUndefined());
