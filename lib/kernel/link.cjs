// @ts-check
/**
 * Makes notebooks/lib lead to lib, so that a cell can write `import { FM } from "./lib/models/fm"`.
 *
 * tslab compiles only what lies under the notebook's folder, so "../lib" fails (yunabe/tslab#63). The link is in
 * git, but a checkout on Windows turns it into a small text file: npm install runs this and makes it a junction.
 */
"use strict";
const fs = require("node:fs");
const path = require("node:path");

/**
 * Makes or repairs `link`, so that it leads to the folder `target`. Leaves a link that works as it is.
 * @param {string} link @param {string} target
 * @throws if something else than a link or git's text file is in the way
 */
function makeLink(link, target) {
  const found = fs.lstatSync(link, { throwIfNoEntry: false });
  if (found && leadsTo(link, target)) return;
  if (found?.isDirectory()) throw new Error(`${link} is a folder, expected a link to ${target}. Move it away and run npm install`);
  if (found?.isFile() && fs.readFileSync(link, "utf8").trim().length > 200) {
    throw new Error(`${link} is a file, expected a link to ${target}. Move it away and run npm install`);
  }
  if (found) fs.unlinkSync(link);
  fs.mkdirSync(path.dirname(link), { recursive: true });
  if (process.platform === "win32") fs.symlinkSync(target, link, "junction");
  else fs.symlinkSync(path.relative(path.dirname(link), target), link);
}

/** @param {string} link @param {string} target */
function leadsTo(link, target) {
  try {
    return fs.realpathSync(link) === fs.realpathSync(target);
  } catch {
    return false;
  }
}

module.exports = { makeLink };

if (require.main === module) {
  const root = path.resolve(__dirname, "..", "..");
  const [major, minor] = process.versions.node.split(".").map(Number);
  try {
    // npm only warns, in the middle of other warnings, and then npm start fails with words of Node's own.
    if (major < 20 || (major === 20 && minor < 19)) throw new Error(`This is Node ${process.versions.node}, expected 20.19 or later: https://nodejs.org`);
    makeLink(path.join(root, "notebooks", "lib"), path.join(root, "lib"));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
