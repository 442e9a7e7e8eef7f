// @ts-check
/**
 * Remembers the last cell that was stopped. What it was to fill may be there and half empty, and then the errors of
 * other cells do not lead to it. So they name it in a line more, until the cell has run to its end.
 */
"use strict";
const { declaredNames } = require("./cells.cjs");

/** @type {{ number: number, code: string } | undefined} */
let stopped;

/** @param {number} number the one that stands beside the cell @param {string} code */
function rememberStopped(number, code) {
  stopped = { number, code };
}

/** Forgets the stopped cell if it is this one, which has now run to its end. @param {string} code */
function forgetStopped(code) {
  if (isStopped(code)) stopped = undefined;
}

/** What the error of another cell than the stopped one says besides, in lines. @param {string} code */
function aboutStopped(code) {
  if (!stopped || isStopped(code)) return [];
  return [`Cell ${stopped.number} was stopped before its end: what it makes may be incomplete until you run it again.`];
}

/** A cell may have been edited since. @param {string} code */
function isStopped(code) {
  const marks = stopped && marksOf(stopped.code);
  return marks !== undefined && marksOf(code).some((mark) => marks.includes(mark));
}

/** By what a cell is known: the names that it declares, as a notebook declares each once, or else its first line. @param {string} code */
function marksOf(code) {
  const names = declaredNames(code);
  return names.length > 0 ? names : [code.trim().split("\n")[0]];
}

module.exports = { aboutStopped, forgetStopped, rememberStopped };
