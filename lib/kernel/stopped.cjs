// @ts-check
/**
 * Remembers the cells that were stopped. What such a cell was to fill may exist but be half empty, and the errors that
 * this causes in other cells do not lead back to it. So those errors name the last stopped cell in an extra line, until
 * it has run to its end.
 */
"use strict";
const { declaredNames } = require("./cells.cjs");

/** @type {{ number: number, marks: string[] }[]} */
let stopped = [];

/** @param {number} number the one that stands beside the cell @param {string} code */
function rememberStopped(number, code) {
  stopped = [...othersThan(code), { number, marks: marksOf(code) }];
}

/** A cell has run to its end. @param {string} code */
function forgetStopped(code) {
  stopped = othersThan(code);
}

/** What the error of a cell adds about the last stopped cell: one line or none. @param {string} code */
function aboutStopped(code) {
  const last = othersThan(code).slice(-1);
  return last.map(
    ({ number }) => `Cell ${number} was stopped before its end: what it makes may be incomplete until you run it again.`,
  );
}

/** The stopped cells but for this one, which may have been edited since. @param {string} code */
function othersThan(code) {
  if (stopped.length === 0) return stopped; // as after nearly every cell: nothing to parse
  const marks = marksOf(code);
  return stopped.filter((one) => !one.marks.some((mark) => marks.includes(mark)));
}

/** What identifies a cell: the names that it declares, since a notebook declares each once, or else its first line. @param {string} code */
function marksOf(code) {
  const names = declaredNames(code);
  return names.length > 0 ? names : [code.trim().split("\n")[0]];
}

module.exports = { aboutStopped, forgetStopped, rememberStopped };
