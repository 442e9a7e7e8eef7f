// @ts-check
/**
 * npm run unit and npm run claims begin here: Vite takes what follows a # or a ? for a query, so below a folder with
 * such a name (C#) vitest finds no test, and does not say why. All the rest of the course works there.
 */
"use strict";
const path = require("node:path");

const folder = path.resolve(__dirname, "..", "..");
const name = folder.split(path.sep).find((name) => /[#?\\]/.test(name));
if (name) {
  console.error(`The tests cannot run below the folder ${name}: vitest needs a path without # ? and \\, and this one is
${folder}. Move or clone the course elsewhere, run npm install there, and then the tests.`);
  process.exitCode = 1;
}
