// @ts-check
/**
 * How a cell runs.
 *
 * - Between compiling a cell and running it, a stop button is heard that was pressed meanwhile: Node forgets the signal
 *   when the cell's code begins. tslab does both in one go, so it is left at its first call of the converter, and given
 *   at the second what came out.
 * - What a cell has made before it failed or was stopped, such as a model in training, has its name in the cells below:
 *   tslab keeps the declarations of cells that succeed. So those of the names that were made are run as a cell of their own.
 */
"use strict";
const vm = require("node:vm");
const { awaits, onlyNames, withinCell, withoutExports, withoutStatements } = require("./cells.cjs");

/**
 * The executor that tslab has made, with cells that can be stopped before they run and that leave what they have made.
 * @param {any} converters @param {any} made
 * @param {() => boolean} isStopped whether the cell's stop button was pressed
 * @param {() => void} onStopped told when a cell does not run because of that
 */
function patientExecutor(converters, made, isStopped, onStopped) {
  const compiled = new Error("compiled");
  /** What came out of compiling, for the next call. @type {any} */
  let output;
  /** Files compiled for cells that were stopped before they ran: the converter gives each once. @type {unknown[]} */
  let left = [];
  let isDeclaring = false;
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
   * Adds declarations to those there are; not those that speak of a name that is not made.
   * @param {string} declared @param {string} declarations @returns {{ declOutput: string, sideOutputs?: unknown[] }}
   */
  function declare(declared, declarations) {
    const { diagnostics, declOutput, sideOutputs } = convert(declared, declarations);
    if (declOutput !== undefined) return { declOutput, sideOutputs }; // with files of lib that have changed while the cell ran
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
      const { declOutput, output: runs } = output;
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

/** Whether Node takes the code of a cell at all: else nothing of it ran, and its names hold what they held before. @param {string} code */
function isScript(code) {
  try {
    return new vm.Script(`(async function() {${code}\n})`) !== undefined;
  } catch {
    return false;
  }
}

/**
 * Gives back what a failed cell has emptied: it begins with `undefined` for each name that it declares, and where it
 * failed before it came to a name, the cells below would find that.
 * @param {Record<string, unknown>} names @param {Record<string, unknown>} before
 */
function restore(names, before) {
  for (const [name, value] of Object.entries(before)) if (names[name] === undefined) names[name] = value;
}

module.exports = { patientExecutor };
