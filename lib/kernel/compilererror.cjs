// @ts-check
/**
 * What the TypeScript compiler says about a cell, in a form that a reader can use: each problem once, with what to do
 * and without advice that does not fit a notebook.
 */
"use strict";
const fs = require("node:fs");

/** @typedef {{ ename: string, evalue: string, traceback: string[] }} Failure */

const whatIsMissing = "Is it made in a cell above that has not run, or that failed? Then run the cells above (in JupyterLab: Run > Run All Above Selected Cell). A new name needs const or let, a word needs quotes.";

const whatIsNewer = "The notebooks' compiler knows the JavaScript of 2022 (ES2022) and no newer methods. Older ones do the same; call those that change their array on a copy: [...values].sort(...), [...values].reverse().find(...).";

const whereLibIs = "The folder of this notebook has no lib: the notebooks, and copies of them, run in the course's folder notebooks.";

/** Sentences of advice: each stands once, after all problems. */
const advice = [whatIsMissing, whatIsNewer];

/**
 * What is shown of a cell with one more message of the compiler.
 * @param {string} line @param {Failure | undefined} before what is shown so far @returns {Failure}
 */
function compilerError(line, before) {
  const lines = before?.traceback.filter((line) => !advice.includes(line)) ?? ["The TypeScript compiler does not accept this cell (line:column - why):"];
  // The compiler takes a name of ours, such as test, for one of a package, and says how to install that.
  const [found, why] = /^\d+:\d+ - (Cannot find name '.*?'\.|No value exists in scope for the shorthand property '.*?'\.)/.exec(line) ?? [];
  // If something is declared with a type that does not exist, the compiler calls it "exported" and the type "private".
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
