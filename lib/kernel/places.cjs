// @ts-check
/**
 * Line numbers as the reader sees them. tslab runs compiled code, so the places in an error's stack are those of
 * text nobody ever saw. compiler.cjs brings the source maps of its two compilations, TypeScript to modules and
 * modules to `require`, and a frame is led back through both: `at f (cell 3, line 2)`, `at FM.logits (lib/models/fm.ts:41)`.
 */
"use strict";
const { SourceMap, ...Module } = require("node:module");
const path = require("node:path");
const vm = require("node:vm");

const projectRoot = path.resolve(__dirname, "..", "..");
/** What tslab puts before a cell or file, and before a cell's compiled code on its first line. */
const prefixLines = 1;
const wrapper = /^\((async )?function\(exports, require\) \{ /;

/** The source maps of one compiled text, as JSON: from what runs to a module, from the module to TypeScript. @typedef {[string, string]} Maps */
/** @type {Maps[]} */
const made = [];
/** By the file name that a stack shows; for a cell, also tslab's own row, which calls the cell. @type {Map<string, { maps: Maps, tslabsRow?: number }>} */
const places = new Map();
let cellNumber = 0;

/** Cells that run from now on are called by this number. @param {number} number */
function nameCell(number) {
  cellNumber = number;
}

/** Keeps the source maps of a text, and returns the number that the text's last line must name. @param {Maps} maps */
function addMaps(maps) {
  return made.push(maps) - 1;
}

/** @param {string} code @returns {Maps | undefined} */
function mapsOf(code) {
  const number = /\n\/\/# places=(\d+)\n/.exec(code)?.[1];
  return number === undefined ? undefined : made[Number(number)];
}

const runInThisContext = vm.runInThisContext;
vm.runInThisContext = (code, options) => {
  const maps = mapsOf(code);
  if (!maps) return runInThisContext(code, options);
  const filename = `cell ${cellNumber}`;
  places.set(filename, { maps, tslabsRow: code.split("\n").length });
  const columnOffset = -(wrapper.exec(code)?.[0].length ?? 0);
  return runInThisContext(code, { .../** @type {object} */ (options), filename, columnOffset });
};

const modulePrototype = /** @type {any} */ (Module.Module.prototype);
const compile = modulePrototype._compile;
modulePrototype._compile = function (/** @type {string} */ code, /** @type {string} */ filename, /** @type {unknown[]} */ ...rest) {
  const maps = mapsOf(code);
  if (maps) places.set(filename, { maps });
  return compile.call(this, code, filename, ...rest);
};

/** A frame of a stack with its place in the source; nothing if it is tslab's call of the cell. @param {string} frame */
function translate(frame) {
  const [, name, row, column] = /(cell \d+|(?:[A-Za-z]:)?[\\/].*?):(\d+):(\d+)\)?$/.exec(frame) ?? [];
  const place = places.get(name);
  if (!place) return frame.split(projectRoot + path.sep).join("");
  if (place.tslabsRow === Number(row)) return undefined;
  let [line, at] = [Number(row) - 1, Number(column) - 1];
  for (const map of place.maps) {
    const entry = /** @type {{ originalLine?: number, originalColumn?: number }} */ (new SourceMap(JSON.parse(map)).findEntry(line, at));
    if (entry.originalLine === undefined || entry.originalColumn === undefined) return frame;
    [line, at] = [entry.originalLine, entry.originalColumn];
  }
  const shown = place.tslabsRow ? `${name}, line ${line + 1 - prefixLines}` : `${sourceOf(name)}:${line + 1}`;
  return frame.replace(`${name}:${row}:${column}`, shown).replace(" at Proxy.", " at "); // cells keep their names in a proxy
}

/** @param {string} compiled A file as tslab calls it, below the notebooks' link. */
function sourceOf(compiled) {
  return path.relative(projectRoot, compiled).replace(/^notebooks[\\/]lib[\\/]/, "lib/").replace(/\.js$/, ".ts").split(path.sep).join("/");
}

module.exports = { addMaps, nameCell, sourceOf, translate };
