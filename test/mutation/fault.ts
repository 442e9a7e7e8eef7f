/** One fault, and the files of tests that are to notice it. */
import * as fs from "node:fs";
import * as path from "node:path";

export interface Fault {
  /** What is done wrong. */
  name: string;
  file: string;
  /** Text that is in the file exactly once, and what stands there instead. */
  find: string;
  replace: string;
  /** Files of tests, of which at least one must fail. */
  tests: readonly string[];
}

const inRoom = (room: string) => (name: string) => `test/${room}/${name}.test.ts`;
export const data = inRoom("data");
export const kernel = inRoom("kernel");
export const layer = inRoom("layers");
export const metric = inRoom("train/metrics");
export const model = inRoom("models");
export const notebook = inRoom("notebook");
export const rows = inRoom("rows");
export const train = inRoom("train");
export const golden = "test/golden/models.test.ts";

/** What is wrong with the fault itself, if anything: its text must be in the project's file exactly once. */
export function misfit({ name, file, find, replace, tests }: Fault, root: string): string | undefined {
  const missing = [file, ...tests].find((other) => !fs.existsSync(path.join(root, other)));
  if (missing) return `${name}: there is no ${missing}`;
  const times = fs.readFileSync(path.join(root, file), "utf8").split(find).length - 1;
  if (times !== 1) return `${name}: ${file} has ${JSON.stringify(find)} ${times} times, expected once`;
  return find === replace ? `${name}: changes nothing` : undefined;
}
