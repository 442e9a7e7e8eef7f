// @ts-check
/**
 * TypeScript that a reader writes in a cell and that tslab takes for something else: `export`, names in braces that
 * earlier cells declare, some ways to await, and a cell that ends too early; and what is left of a cell that failed.
 */
"use strict";
const ts = require("@tslab/typescript-for-tslab");

/**
 * The cell without the word "export" before what it declares. Code copied from a file of lib has it, but tslab exports
 * all that a cell declares. Blanks take its place, so that lines and columns stay.
 * @param {string} code
 */
function withoutExports(code) {
  for (const statement of ts.createSourceFile("cell.ts", code, ts.ScriptTarget.ES2022).statements) {
    const { name, declarationList, modifiers } = /** @type {any} */ (statement);
    if (!name && !declarationList) continue; // declares nothing, and would be no statement without the word
    for (const { kind, pos, end } of modifiers ?? []) {
      if (kind !== ts.SyntaxKind.ExportKeyword && kind !== ts.SyntaxKind.DefaultKeyword) continue;
      const word = code.slice(pos, end);
      code = code.slice(0, pos) + word.replace(/(export|default)$/, (found) => " ".repeat(found.length)) + code.slice(end);
    }
  }
  return code;
}

/**
 * tslab makes the names of earlier cells lead to their values, but gets two kinds of names wrong. It forgets the one in
 * `{ name }`, which here becomes `{ name: exports.name }`. And in `const { name: other } = object`, where an earlier
 * cell declares the object with its names, it takes the property's name for a value; here that name becomes a string.
 * @param {any} checker @returns {(context: any) => (file: any) => any}
 */
function withNamesOfEarlierCells(checker) {
  const { factory } = ts;
  const isOfEarlierCell = (/** @type {any} */ symbol) =>
    symbol?.declarations?.some((/** @type {any} */ one) => one.getSourceFile().fileName.endsWith("/__prev__.d.ts"));
  const isPropertyOfEarlierCell = (/** @type {any} */ name) =>
    name && ts.isIdentifier(name) && isOfEarlierCell(checker.getSymbolAtLocation(name));
  return (context) => {
    /** @param {any} node @returns {any} */
    const visit = (node) => {
      if (ts.isShorthandPropertyAssignment(node) && isOfEarlierCell(checker.getShorthandAssignmentValueSymbol(node))) {
        const { name, objectAssignmentInitializer: otherwise } = /** @type {any} */ (node);
        const value = factory.createPropertyAccessExpression(factory.createIdentifier("exports"), name.text);
        const assigned = otherwise ? factory.createAssignment(value, ts.visitNode(otherwise, visit)) : value; // ({ a = 1 } = b)
        return factory.createPropertyAssignment(name.text, assigned);
      }
      const visited = ts.visitEachChild(node, visit, context);
      if (ts.isBindingElement(node) && isPropertyOfEarlierCell(node.propertyName)) {
        const { dotDotDotToken, propertyName, name, initializer } = /** @type {any} */ (visited);
        return factory.updateBindingElement(visited, dotDotDotToken, factory.createStringLiteral(propertyName.text), name, initializer);
      }
      if (ts.isPropertyAssignment(node) && isPropertyOfEarlierCell(node.name)) {
        const { name, initializer } = /** @type {any} */ (visited);
        return factory.updatePropertyAssignment(visited, factory.createStringLiteral(name.text), initializer);
      }
      return visited;
    };
    return (file) => ts.visitNode(file, visit);
  };
}

/**
 * Whether a cell awaits outside of its functions. tslab learns this from an error of the compiler, which reports none
 * for `await (`, `await [` and `for await`.
 * @param {string} code
 */
function awaits(code) {
  /** @param {any} node @returns {boolean} */
  const found = (node) =>
    ts.isAwaitExpression(node) || node.awaitModifier !== undefined || (!ts.isFunctionLike(node) && ts.forEachChild(node, found) === true);
  return found(ts.createSourceFile("cell.ts", `export {};${code}`, ts.ScriptTarget.ES2022)); // in a module await is no name
}

/**
 * What the compiler found, at places that exist in the cell. Where a brace is missing, the cell runs on into the line
 * that tslab appends: of all that is found there, only the last syntax error says what the cell lacks.
 * @param {any[]} diagnostics @param {string} code
 */
function withinCell(diagnostics, code) {
  const text = code.trimEnd();
  const isBeyond = (/** @type {any} */ { fileName, start }) => !fileName && start.offset >= text.length;
  const last = diagnostics.filter((found) => isBeyond(found) && found.code < 2000).at(-1); // from 2000 on: semantic
  if (!last) return diagnostics;
  const lines = text.split("\n");
  const start = { offset: text.length, line: lines.length - 1, character: lines[lines.length - 1].length };
  const messageText = last.messageText.replace(/\.$/, " at the end of the cell.");
  return [...diagnostics.filter((found) => !isBeyond(found)), { ...last, start, messageText }];
}

/** @param {any} statement @returns {string[]} */
function importedNames({ importClause }) {
  const { name, namedBindings } = importClause ?? {};
  return [{ name }, ...(namedBindings?.elements ?? [namedBindings])].flatMap((one) => one?.name?.text ?? []);
}

/**
 * Of declarations, as in a .d.ts file, those of names that pass, and all types. tslab, too, replaces a type that is
 * declared again: a value of an earlier cell then has the new one.
 * @param {string} declarations @param {(name: string) => boolean} passes
 */
function onlyNames(declarations, passes) {
  const file = ts.createSourceFile("declared.d.ts", declarations, ts.ScriptTarget.ES2022);
  return file.statements.map((statement) => {
    const { name, declarationList } = /** @type {any} */ (statement);
    const begin = /** @type {any} */ (ts).getTokenPosOfNode(statement, file, true); // with its comment
    const text = file.text.slice(begin, statement.end);
    if (ts.isImportDeclaration(statement)) return importedNames(statement).every(passes) ? text : "";
    if (declarationList) {
      const all = declarationList.declarations;
      const kept = all.filter((/** @type {any} */ one) => passes(one.name.text)).map((/** @type {any} */ one) => one.getText(file));
      return kept.length === 0 ? "" : text.slice(0, all[0].getStart(file) - begin) + kept.join(", ") + ";";
    }
    return !ts.isTypeAliasDeclaration(statement) && !ts.isInterfaceDeclaration(statement) && name && !passes(name.text) ? "" : text;
  }).join("\n");
}

/** What a cell's code declares at its top level, for the cells after it. @param {string} code @returns {string[]} */
function declaredNames(code) {
  return topLevel(code).flatMap(namesOf);
}

/** What a cell's code declares or imports. @param {string} code @returns {string[]} */
function namesForLaterCells(code) {
  return topLevel(code).flatMap((statement) => (ts.isImportDeclaration(statement) ? importedNames(statement) : namesOf(statement)));
}

/** @param {string} code */
function topLevel(code) {
  return ts.createSourceFile("cell.ts", code, ts.ScriptTarget.ES2022).statements;
}

/** What a statement declares. @param {any} statement @returns {string[]} */
function namesOf({ name, declarationList }) {
  /** @param {any} node of a name, or of a pattern of names @returns {string[]} */
  const namesIn = (node) => node?.elements?.flatMap((/** @type {any} */ one) => namesIn(one.name)) ?? node?.text ?? [];
  const all = declarationList?.declarations ?? [{ name }];
  return all.flatMap((/** @type {any} */ one) => namesIn(one.name));
}

/** Declarations without the statements at some places. @param {string} declarations @param {number[]} places */
function withoutStatements(declarations, places) {
  const { statements } = ts.createSourceFile("declared.d.ts", declarations, ts.ScriptTarget.ES2022);
  const kept = statements.filter(({ pos, end }) => !places.some((place) => pos <= place && place < end));
  return kept.map(({ pos, end }) => declarations.slice(pos, end)).join("");
}

module.exports = { awaits, declaredNames, importedNames, namesForLaterCells, onlyNames, withinCell, withNamesOfEarlierCells, withoutExports, withoutStatements };
