/**
 * End to end: a notebook with its solutions pasted in. In the real kernel every check must say "solved", and the
 * file that `npm run progress` reads must list every exercise.
 *
 * A solution goes in as a reader would paste it: the declaration of the same name, without its `export`.
 *
 * tsx test/e2e/solutions.ts [00 08]   default: all
 */
import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { printed } from "../printed";
import { inKernel } from "./cells";
import { askedNotebooks, root, runScript } from "./course";

async function main(): Promise<void> {
  for (const name of askedNotebooks()) await solve(name);
}

async function solve(name: string): Promise<void> {
  const number = name.slice(0, 2);
  const answers = fs.readFileSync(path.join(root, "material/solutions", `${number}.ts`), "utf8");
  const { exercises } = await import(path.join(root, "lib/notebook/exercises", `${number}.ts`));
  const ids = Object.keys(exercises).sort();
  await inKernel(name, `with ${ids.length} solutions pasted in`, async (cells, run, progress) => {
    for (const cell of cells) {
      if (!cell.metadata.tags?.includes("exercise")) {
        await run(cell);
        continue;
      }
      const text = printed(await run({ ...cell, source: pasted(cell.source, answers) }));
      assert.match(text, /^✓ [^\n]*: solved\n$/, `cell "${cell.id}" printed ${JSON.stringify(text)}`);
    }
    assert.deepEqual(
      JSON.parse(fs.readFileSync(progress, "utf8")).solved,
      ids,
      "not every exercise is in the file of solved ones",
    );
  });
}

/** The cell with the declaration that its check is about taken from the solutions. */
function pasted(source: string, answers: string): string {
  const name = /^await check\("[^"]+", (\w+)\);$/m.exec(source)?.[1];
  assert.ok(name, `expected a check in ${JSON.stringify(source)}`);
  const declaration = new RegExp(
    String.raw`^(export )?(?:(?:async )?function ${name}\b[\s\S]*?^\}$|const ${name}\b(?:.*\{$[\s\S]*?^\};$|.*$(?:\n .*$)*))`,
    "m",
  );
  const answer = declaration.exec(answers)?.[0].replace(/^export /, "");
  assert.ok(answer, `the solutions declare no ${name}`);
  assert.match(source, declaration, `the cell declares no ${name}`);
  return source.replace(declaration, () => answer);
}

runScript(main);
