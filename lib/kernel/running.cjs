// @ts-check
/**
 * How a cell runs.
 *
 * - If the stop button was pressed while a cell compiled, this is heard before the cell runs: Node forgets the signal
 *   when the cell's code begins. tslab compiles and runs in one go, so we break off at its first call of the converter,
 *   and give it at the second call what came out of the first.
 * - tslab reloads a file of lib that has changed, but not what imports it. A cell that meets such a file says so.
 * - What a cell has made before it failed or was stopped, such as a model in training, has its name in the cells below.
 *   tslab keeps only the declarations of cells that succeed, so those of the names made are run as a cell of their own.
 */
"use strict";
const path = require("node:path");
const vm = require("node:vm");
const ts = require("@tslab/typescript-for-tslab");
const { awaits, onlyNames, withinCell, withoutExports, withoutStatements } = require("./cells.cjs");
const { sourceOf } = require("./places.cjs");

/** A file of lib, or another that cells import, as tslab compiled it. @typedef {{ path: string, data: string }} Compiled */

/**
 * The executor that tslab has made, with cells that can be stopped before they run and that leave what they have made.
 * @param {any} converters @param {any} made
 * @param {() => boolean} isStopped whether the cell's stop button was pressed
 * @param {() => void} onStopped called when a cell does not run because of that
 */
function patientExecutor(converters, made, isStopped, onStopped) {
  const compiled = new Error("compiled");
  /** What came out of compiling, for the next call. @type {any} */
  let output;
  /** Files compiled for cells that were stopped before they ran: the converter gives each once. @type {Compiled[]} */
  let left = [];
  let isDeclaring = false;
  /** What runs of each file, by its path. @type {Map<string, string>} */
  const loaded = new Map();
  const { convert } = converters.node;
  converters.node.convert = (/** @type {string} */ declared, /** @type {string} */ code) => {
    if (isDeclaring) return { diagnostics: [], output: "", ...declare(declared, code) };
    if (output) {
      const given = output;
      output = undefined;
      return given;
    }
    output = convert(declared, withoutExports(code));
    output.diagnostics = withinCell(output.diagnostics, code);
    output.hasToplevelAwait ||= awaits(code);
    output.sideOutputs = [...left, ...(output.sideOutputs ?? [])];
    left = [];
    throw compiled;
  };
  /**
   * Adds declarations to the earlier ones, except those that mention a name that was not made.
   * @param {string} declared @param {string} declarations @returns {{ declOutput: string, sideOutputs?: Compiled[] }}
   */
  function declare(declared, declarations) {
    const { diagnostics, declOutput, sideOutputs } = convert(declared, declarations);
    if (declOutput !== undefined) {
      load(loaded, sideOutputs ?? []); // files of lib that have changed while the cell ran
      return { declOutput, sideOutputs };
    }
    const places = diagnostics.flatMap((/** @type {any} */ found) => (found.fileName ? [] : found.start.offset));
    const rest = withoutStatements(declarations, places);
    return rest === declarations ? { declOutput: declared } : declare(declared, rest);
  }
  return {
    ...made,
    async execute(/** @type {string} */ code) {
      try {
        return await made.execute(code); // a module cell: only compiled
      } catch (error) {
        if (error !== compiled) throw error;
      }
      for (let turn = 0; turn < 2; turn++) await new Promise(setImmediate); // between the two, signals are heard
      if (isStopped()) {
        left = output.sideOutputs;
        output = undefined;
        onStopped();
        return false;
      }
      const { declOutput, output: runs, sideOutputs } = output;
      load(loaded, sideOutputs);
      const values = { ...made.locals };
      const succeeded = await made.execute(code);
      if (succeeded) return true;
      const isMade = (/** @type {string} */ name) => !(name in made.locals) || made.locals[name] !== undefined;
      const declarations = declOutput && isScript(runs) && onlyNames(declOutput, isMade);
      restore(made.locals, values);
      if (!declarations) return false;
      isDeclaring = true;
      try {
        await made.execute(`;${declarations}`); // or a comment at the beginning would be one of the cell, such as @module
      } finally {
        isDeclaring = false;
      }
      return false;
    },
  };
}

/**
 * Adds files to those that are loaded. If one of these has changed, and not in its comments alone, says which others
 * still use it as it was.
 * @param {Map<string, string>} loaded by path @param {Compiled[]} files
 */
function load(loaded, files) {
  const runs = files.map(({ path, data }) => ({ path, data: data.replace(/\n\/\/# places=\d+\n/, "\n") })); // see places.cjs
  const changed = runs.flatMap(({ path, data }) => (isSameCode(loaded.get(path) ?? data, data) ? [] : path));
  for (const { path, data } of runs) loaded.set(path, data);
  const fresh = new Set(files.map(({ path }) => path));
  for (const one of changed) {
    const users = new Set([one]);
    for (const used of users)
      for (const [user, data] of loaded) if (!fresh.has(user) && imports(user, data).includes(used)) users.add(user);
    const [name, first, ...more] = [...users].map(sourceOf);
    if (first === undefined) continue;
    const others = more.length === 0 ? "still uses" : `and ${more.length} more still use`;
    console.error(`${name} has changed, but ${first} ${others} it as it was. Restart the kernel and run the cells again.`);
  }
}

/** @param {string} one @param {string} other */
function isSameCode(one, other) {
  const compilerOptions = { removeComments: true, target: ts.ScriptTarget.ESNext };
  const code = (/** @type {string} */ text) => ts.transpileModule(text, { compilerOptions }).outputText;
  return one === other || code(one) === code(other);
}

/** The files that one imports. @param {string} file @param {string} data what runs of it */
function imports(file, data) {
  return [...data.matchAll(/\brequire\("(\.[^"]*)"\)/g)].map(([, name]) => `${path.posix.join(path.posix.dirname(file), name)}.js`);
}

/** Whether Node takes the code of a cell at all: else nothing of it ran, and its names hold what they held before. @param {string} code */
function isScript(code) {
  try {
    return new vm.Script(`(async function() {${code}\n})`) !== undefined;
  } catch {
    return false;
  }
}

/**
 * Restores what a failed cell has emptied. A cell first sets each name that it declares to `undefined`, and the cells
 * below would find that in the names that it failed to reach.
 * @param {Record<string, unknown>} names @param {Record<string, unknown>} before
 */
function restore(names, before) {
  for (const [name, value] of Object.entries(before)) if (names[name] === undefined) names[name] = value;
}

module.exports = { patientExecutor };
