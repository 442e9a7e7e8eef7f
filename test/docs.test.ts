/**
 * What an editor shows beside a name is the comment right above it: the one at the head of a file belongs to no name.
 * A default that such a comment gives is the one that the code takes.
 */
import ts from "@tslab/typescript-for-tslab";
import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";

const files = ["layers", "models", "data", "train", "rows"].flatMap((folder) =>
  (fs.readdirSync(path.join("lib", folder), { recursive: true }) as string[])
    .filter((name) => name.endsWith(".ts") && !name.startsWith("assembly"))
    .map((name) => path.join("lib", folder, name)),
);

/** Names of the classes and functions that the file exports without a comment; of overloads one is enough. */
function undocumented(source: string): string[] {
  const names: string[] = [];
  const told: string[] = [];
  for (const statement of ts.createSourceFile("it.ts", source, ts.ScriptTarget.Latest, true).statements) {
    const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
    if (!modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) continue;
    const comments = ts.getLeadingCommentRanges(source, statement.pos) ?? [];
    const list = comments.some(({ pos }) => source.startsWith("/**", pos)) ? told : names;
    if (ts.isClassDeclaration(statement) || ts.isFunctionDeclaration(statement)) list.push(statement.name!.text);
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations)
      if (initializer && ts.isArrowFunction(initializer)) list.push(name.getText());
  }
  return names.filter((name) => !told.includes(name));
}

test("a comment at the head of the file is that of no class", () => {
  const head = "/** About the file. */\nimport * as fs from 'node:fs';\n\n";
  const rest = "export const b = () => 1;\nexport function c() {}\nfunction d() {}\n/** E. */\nexport class E {}\n";
  const overloads = "/** F. */\nexport function f(x: 1): 1;\nexport function f(x: number) { return x; }\n";
  expect(undocumented(`${head}export class A {}\n${rest}${overloads}`)).toEqual(["A", "b", "c"]);
});

test.each(files)("%s says above each class and function that it exports what it is", (file) => {
  expect(undocumented(fs.readFileSync(file, "utf8"))).toEqual([]);
});

/** Options whose comment gives another default than the code, where both are written out: "Default 0.1", x = 0.1. */
function falseDefaults(source: string): string[] {
  const told: [name: string, value: string][] = [];
  const taken = new Map<string, Set<string>>();
  const visit = (node: ts.Node) => {
    if (ts.isPropertySignature(node)) {
      const comment = source.slice(node.pos, node.getStart());
      const value = /Default (-?[\d.]*\d|"[^"]*"|true|false|\[[^\]]*\])(?=[.,;]|\s*\*)/.exec(comment)?.[1];
      if (value !== undefined) told.push([node.name.getText(), value]);
    }
    if (ts.isBindingElement(node) && node.initializer) {
      const name = (node.propertyName ?? node.name).getText();
      taken.set(name, (taken.get(name) ?? new Set()).add(node.initializer.getText()));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("it.ts", source, ts.ScriptTarget.Latest, true));
  return told.flatMap(([name, value]) => {
    const values = taken.get(name);
    if (!values || values.has(value)) return [];
    return [`${name}: the comment says Default ${value}, the code has ${name} = ${[...values].join(" or ")}`];
  });
}

test("a default that differs from its comment is found, one that the code does not write out is not", () => {
  const options = (value: string) => 
    `interface O {\n/** K. Default ${value}, as in A. */\nk?: number;\n/** Default 1. */\nm?: 1 }\n`;
  const code = "const { k = 0.1 } = options;\n";
  expect(falseDefaults(options("0.1") + code)).toEqual([]);
  expect(falseDefaults(options("0.5") + code)).toEqual(["k: the comment says Default 0.5, the code has k = 0.1"]);
});

test.each(files)("%s gives in its comments the defaults of its code", (file) => {
  expect(falseDefaults(fs.readFileSync(file, "utf8"))).toEqual([]);
});
