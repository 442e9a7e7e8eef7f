// @ts-check
/**
 * Makes notebooks/lib lead to lib, so that a cell can write `import { FM } from "./lib/models/fm"`.
 *
 * tslab compiles only what lies under the notebook's folder, so "../lib" fails (yunabe/tslab#63). The link is not in
 * git: on Windows it is a junction, which git takes for a folder and empties, with lib behind it, as soon as it puts
 * its own link there (git restore, git stash). npm install makes it, and so does each kernel, which may be the first
 * after `npm install --ignore-scripts`, `git clean` or, on Windows, after the folder was moved.
 */
"use strict";
const fs = require("node:fs");
const path = require("node:path");

const root = path.resolve(__dirname, "..", "..");

/**
 * Makes or repairs `link`, so that it leads to the folder `target`. Leaves a link that works as it is.
 * @throws if something other than a link or git's text file is in the way, or if nothing can be written there
 */
function makeLink(link = path.join(root, "notebooks", "lib"), target = path.join(root, "lib")) {
  const found = fs.lstatSync(link, { throwIfNoEntry: false });
  if (found && leadsTo(link, target)) return;
  if (found?.isDirectory()) throw new Error(`${link} is a folder, expected a link to ${target}. Move it away and run npm install`);
  if (found?.isFile() && fs.readFileSync(link, "utf8").trim().length > 200) {
    throw new Error(`${link} is a file, expected a link to ${target}. Move it away and run npm install`);
  }
  try {
    if (found) fs.unlinkSync(link);
    fs.mkdirSync(path.dirname(link), { recursive: true });
    if (process.platform === "win32") fs.symlinkSync(target, link, "junction");
    else fs.symlinkSync(path.relative(path.dirname(link), target), link);
  } catch (error) {
    if (leadsTo(link, target)) return; // another process was faster
    if (process.platform !== "win32") throw error;
    const advice = "On Windows this folder must lie on a local drive with NTFS, such as C:. Move it there, run npm install";
    throw new Error(`${error instanceof Error ? error.message : error}\n${advice}`, { cause: error });
  }
}

/**
 * Compares real paths, by their names and then as the system has them: on Windows one folder has several spellings.
 * @param {string} link @param {string} target
 */
function leadsTo(link, target) {
  try {
    return [fs.realpathSync, fs.realpathSync.native].some((realpath) => realpath(link) === realpath(target));
  } catch {
    return false;
  }
}

/**
 * Whether this version of Node can run all of the course: the `engines` of package.json, which are those of jsdom.
 * @param {string} version such as "22.13.0"
 */
function isSupported(version) {
  const [major, minor] = version.split(".").map(Number);
  return (major === 20 && minor >= 19) || (major === 22 && minor >= 13) || major >= 24;
}

module.exports = { isSupported, makeLink };

if (require.main === module) {
  const { node } = process.versions;
  try {
    // npm only warns, in the middle of other warnings, and then npm start fails with words of Node's own.
    if (!isSupported(node)) throw new Error(`This is Node ${node}, expected 20.19, 22.13, or 24 or later: https://nodejs.org`);
    makeLink();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
