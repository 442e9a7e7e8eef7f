// @ts-check
/**
 * What the compiler of a kernel sees of files that change, as far as tslab and TypeScript get that wrong.
 */
"use strict";
const fs = require("node:fs");
const path = require("node:path");

/**
 * The compiler's host, which survives files that come and go, such as an editor's copies, and finds new ones.
 *
 * - The compiler sets one timer for a new program, which tslab calls itself before each cell, and one when a file
 *   appears where it has looked for one. tslab has room for only one timer, and no cell would run after the second.
 * - Behind a link the compiler is told of nothing that happens in the folders below. So the folder that the link leads
 *   to is watched itself.
 * @param {any} host @param {string} link the link through which cells import
 */
function patientHost(host, link) {
  const { setTimeout: setUpdate, clearTimeout: clearUpdate, watchDirectory } = host;
  /** @type {Set<NodeJS.Timeout>} */
  const own = new Set();
  return Object.assign(host, {
    /** @param {() => void} callback @param {number} ms */
    setTimeout(callback, ms) {
      if (callback.name === "updateProgramWithWatchStatus") return setUpdate(callback, ms);
      const timer = setTimeout(() => {
        own.delete(timer);
        callback();
      }, ms).unref();
      own.add(timer);
      return timer;
    },
    /** @param {any} timer */
    clearTimeout(timer) {
      if (!own.delete(timer)) return clearUpdate(timer);
      clearTimeout(timer);
    },
    /** @param {string} folder @param {(name: string) => void} callback @param {unknown[]} rest */
    watchDirectory(folder, callback, ...rest) {
      const below = path.relative(link, folder);
      if (below.startsWith("..") || path.isAbsolute(below) || !fs.existsSync(link)) return watchDirectory(folder, callback, ...rest);
      const behind = path.join(fs.realpathSync(link), below);
      const tell = (/** @type {string} */ name) => callback(path.join(folder, path.relative(behind, name)));
      return watchDirectory(behind, tell, ...rest);
    },
  });
}

module.exports = { patientHost };
