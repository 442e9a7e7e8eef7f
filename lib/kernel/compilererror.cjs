// @ts-check
/**
 * The words of the TypeScript compiler about a cell, as a reader can use them: each problem once, without advice that
 * does not fit a notebook, and with what to do.
 */
"use strict";
const fs = require("node:fs");

/** @typedef {{ ename: string, evalue: string, traceback: string[] }} Failure */

const whatIsMissing = "Is it made in a cell above that has not run, or that failed? Then run the cells above (in JupyterLab: Run > Run All Above Selected Cell). A new name needs const or let, a word needs quotes.";

const whatIsNewer = "The compiler of the notebooks knows the JavaScript of 2022 (ES2022), and no newer method. Older ones do the same, on a copy where they change their array: [...values].sort(...), [...values].reverse().find(...).";

const whereLibIs = "The folder of this notebook has no lib: the notebooks, and copies of them, run in the course's folder notebooks.";

/** What stands once, after all problems. */
const advice = [whatIsMissing, whatIsNewer];

/**
 * What is shown of a cell with one more message of the compiler.
 * @param {string} line @param {Failure | undefined} before what is shown so far @returns {Failure}
 */
function compilerError(line, before) {
  const lines = before?.traceback.filter((line) => !advice.includes(line)) ?? ["The TypeScript compiler does not accept this cell (line:column - why):"];
  // The compiler takes a name of ours, such as test, for one of a package, and says how to install that.
  const [found, why] = /^\d+:\d+ - (Cannot find name '.*?'\.|No value exists in scope for the shorthand property '.*?'\.)/.exec(line) ?? [];
  // What is declared with a type that there is not is "exported" with a "private" one, in the words of the compiler.
  const [, type] = / has or is using private name ('.*?')\./.exec(line) ?? [];
  const told = why ?? (type && `Cannot find name ${type}.`);
  const isKnown = told !== undefined && lines.some((line) => line.includes(told));
  // Node.js may have a method of arrays that this compiler does not know: toSorted, with, findLast.
  const [, method] = /^\d+:\d+ - Property '(\w+)' does not exist on type '(?:.*\[\]|\w+Array)'\./.exec(line) ?? [];
  const isNewer = method !== undefined && method in Array.prototype;
  if (!isKnown) lines.push(found || isNewer ? line.replace(/ (Do you need|Either declare) [^]*/, "") : line);
  const fitting = found ? whatIsMissing : isNewer ? whatIsNewer : undefined;
  lines.push(...advice.filter((each) => each === fitting || before?.traceback.includes(each)));
  const isElsewhere = line.includes("Cannot find module './lib/") && !fs.existsSync("lib");
  if (isElsewhere && !lines.includes(whereLibIs)) lines.splice(1, 0, whereLibIs);
  return { ename: "TypeScriptError", evalue: before?.evalue ?? lines[1], traceback: lines };
}

module.exports = { compilerError };
