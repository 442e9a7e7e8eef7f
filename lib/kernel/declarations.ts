/**
 * npm run prepack, which npm pack runs by itself: writes lib's declarations, from which the package's types are read,
 * into the folder types.
 *
 * Without them the compiler of the project that installs the package would go through lib's sources, and judge them by
 * that project's options, which may be stricter than ours.
 */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { runCommand } from "../command";

const root = path.resolve(import.meta.dirname, "../..");

function main(): void {
  const folder = path.join(root, "types"); // as tsconfig.types.json has it
  fs.rmSync(folder, { recursive: true, force: true });
  const compiler = [path.join(root, "node_modules/typescript/bin/tsc"), "-p", path.join(root, "tsconfig.types.json")];
  if (spawnSync(process.execPath, compiler, { stdio: "inherit" }).status !== 0)
    throw new Error("TypeScript could not write the declarations. npm run types may say more");
  // The files import each other without extensions: under Node's rules, a compiler resolves that only in CommonJS.
  fs.writeFileSync(path.join(folder, "package.json"), '{ "type": "commonjs" }\n');
}

if (process.argv[1]?.endsWith("declarations.ts")) void runCommand(main);
