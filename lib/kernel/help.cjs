// @ts-check
/**
 * What Shift+Tab shows. The compiler explains a name; readers ask in the middle of a call, as in `fit(model, `.
 */
"use strict";
const ts = require("@tslab/typescript-for-tslab");

/**
 * What is known of the name at a position, or else of what is called around it; for `new FM` also the class's comment.
 * @param {any} file @param {any} checker @param {any} cancellation @param {number} position
 */
function helpAt(file, checker, cancellation, position) {
  const explain = (/** @type {number} */ at) => /** @type {any} */ (ts).getQuickInfoAtPosition(file, checker, cancellation, at);
  const call = callAround(file, position);
  const found = explain(position) ?? (call && explain(nameOf(call.expression).getStart(file)));
  if (!found) return undefined;
  const { parent } = /** @type {any} */ (ts).getTokenAtPosition(file, found.textSpan.start);
  const made = ts.isNewExpression(parent) && (found.documentation ?? []).length === 0 ? checker.getSymbolAtLocation(nameOf(parent.expression)) : undefined;
  const type = made && made.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(made) : made;
  const documentation = type?.getDocumentationComment(checker) ?? found.documentation ?? [];
  const said = [ts.displayPartsToString(documentation), ...(found.tags ?? []).map(ofTag)].filter((text) => text !== "");
  const text = said.map(inParagraphs).join("\n\n");
  return { ...found, documentation: text === "" ? [] : [{ kind: "text", text }], tags: [] };
}

/** tslab shows a tag without its name. @param {any} tag */
function ofTag({ name, text }) {
  return `@${name} ${ts.displayPartsToString(text)}`;
}

/** The innermost call in whose arguments the position is, even if they are not closed yet. @param {any} node @param {number} position @returns {any} */
function callAround(node, position) {
  if (position < node.pos || node.getSourceFile().text.slice(node.end, position).trim() !== "") return undefined;
  const inner = ts.forEachChild(node, (child) => callAround(child, position));
  if (inner) return inner;
  const isCall = (ts.isCallExpression(node) || ts.isNewExpression(node)) && node.arguments !== undefined;
  const isOpen = isCall && node.arguments.end === node.end; // without its ")"
  return isCall && position >= node.arguments.pos && (position < node.end || isOpen) ? node : undefined;
}

/** The last name of `a.b.c`. @param {any} called */
function nameOf(called) {
  return ts.isPropertyAccessExpression(called) ? called.name : called;
}

/** Without the line ends of a comment in a file; lists, formulas and code keep theirs. @param {string} text */
function inParagraphs(text) {
  const parts = text.split(/(^```[^]*?^```)/m); // every second one is code
  return parts.map((part, i) => (i % 2 === 1 ? part : part.replace(/(?<=\S)\n(?=[^\s|-])/g, " "))).join("");
}

module.exports = { helpAt };
