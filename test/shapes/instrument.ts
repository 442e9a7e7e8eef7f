/**
 * Makes the shapes in lib's comments assertions: whenever a test runs such a line, the value must have that shape.
 *
 *   const e = lookup(ids); // [batch, k]               becomes  const e = shapes$1.is(7, ["batch, k"], lookup(ids), {});
 *   readonly kernel: Variable; // [inputs, units]      is asked at the end of the constructor
 *   "e [batch, n, k] → [batch]" in a docstring         is asked of the parameter e, and of what is returned
 *
 * What a shape may say is in check.ts. Lines stay where they are.
 */
import * as path from "node:path";
import ts from "@tslab/typescript-for-tslab";

/** A function that is written with a block, whose names stand for sizes of their own. */
type FunctionWithBlock = ts.FunctionLikeDeclaration & { body: ts.Block };

export interface Instrumented {
  code: string;
  /** Lines whose comment has a shape that is never asked for. */
  unused: number[];
}

/** A program whose shape comments are assertions. file: as messages name it. */
export function instrument(code: string, file: string): Instrumented {
  const source = ts.createSourceFile(file, code, ts.ScriptTarget.ES2022, true);
  const edits: { at: number; order: number; text: string }[] = [];
  const scopes = new Set<ts.Block>();
  const comments = trailingComments(code);

  function insert(at: number, text: string, order = edits.length): void {
    edits.push({ at, order, text });
  }

  /** The name of the Shapes that hold at a node: one for each function or loop with a block, and one for the file. */
  function shapesAt(node: ts.Node): string {
    const around = scopesAround(node);
    for (const scope of around) scopes.add(scope);
    return `shapes$${around.length}`;
  }

  /** What to write before and after a value that is to have a shape of the text, where these Shapes hold. */
  function assertion(shapes: string, node: ts.Node, line: number, text: string): [before: string, after: string] {
    const names = new Set(text.match(/\p{L}+/gu));
    const seen = Array.from(variablesAround(node)).filter(([name]) => names.has(name));
    const variables = seen.map(([name, at]) => `${name}: () => ${at}`).join(", ");
    return [`${shapes}.is(${line}, ${JSON.stringify(shapesIn(text))}, `, `, { ${variables} })`];
  }

  function wrap(value: ts.Node, line: number, text: string): void {
    const isBody = ts.isArrowFunction(value.parent) && value.parent.body === value;
    const [before, after] = assertion(shapesAt(value) + (isBody ? ".inner()" : ""), value, line, text);
    insert(value.getStart(), before);
    insert(value.end, after, -edits.length);
  }

  function ask(at: number, name: string, around: ts.Node, line: number, text: string): void {
    const [before, after] = assertion(shapesAt(around), around, line, text);
    insert(at, ` ${before}${name}${after};`);
  }

  /** Whether the comment after this node is about it, and is an assertion now. */
  function useComment(node: ts.Node, line: number, text: string): boolean {
    if (ts.isPropertySignature(node)) return true; // of a type, which has no values
    if (ts.isPropertyDeclaration(node)) return useField(node, line, text);
    if (ts.isVariableStatement(node)) useVariable(node, line, text);
    else if (ts.isReturnStatement(node)) wrap(node.expression as ts.Expression, line, text);
    else if (ts.isExpressionStatement(node) && ts.isBinaryExpression(node.expression))
      wrap(node.expression.right, line, text);
    else if (ts.isCallExpression(node) && ts.isExpressionStatement(node.parent))
      wrap(node.arguments[node.arguments.length - 1], line, text);
    else if (ts.isArrowFunction(node.parent) && node.parent.body === node) wrap(node, line, text);
    else return false;
    return true;
  }

  function useField({ name, parent, initializer }: ts.PropertyDeclaration, line: number, text: string): boolean {
    const constructed = parent.members.find(ts.isConstructorDeclaration)?.body;
    if (initializer) wrap(initializer, line, text);
    else if (constructed) ask(constructed.end - 1, `this.${name.getText()}`, constructed, line, text);
    return initializer !== undefined || constructed !== undefined;
  }

  function useVariable(statement: ts.VariableStatement, line: number, text: string): void {
    const { name, initializer } = statement.declarationList.declarations[0];
    if (ts.isIdentifier(name)) return wrap(initializer as ts.Expression, line, text);
    const names = name.elements.map((element) => (element as ts.BindingElement).name.getText());
    const shapes = shapesIn(text);
    names.forEach((value, i) => ask(statement.end, value, statement, line, `[${shapes[i] ?? shapes[0]}]`));
  }

  function useDocstring(node: FunctionWithBlock): void {
    const docs = ts.getLeadingCommentRanges(code, node.pos)?.map(({ pos, end }) => code.slice(pos, end)) ?? [];
    const parts = (docs.at(-1) ?? "").replace(/\n\s*\*/g, "").split(/→ (?=\[)/);
    if (!parts[0].startsWith("/**") || parts.length !== 2) return;
    const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    for (const [, names, shape] of parts[0].matchAll(/(\p{L}+(?:(?:, | and )\p{L}+)*) (\[[^\]]+\])/gu))
      for (const name of node.parameters.map((parameter) => parameter.name.getText()))
        if (names.split(/, | and /).includes(name)) ask(node.body.getStart() + 1, name, node.body, line, shape);
    const result = parts[1].slice(0, parts[1].indexOf("]") + 1);
    (function visit(inner: ts.Node): void {
      if (ts.isReturnStatement(inner) && inner.expression) wrap(inner.expression, line, result);
      if (!ts.isFunctionLike(inner)) ts.forEachChild(inner, visit);
    })(node.body);
  }

  (function visit(node: ts.Node): void {
    if ((ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)) && node.body)
      useDocstring(node as FunctionWithBlock);
    const comment = comments.get(node.end) ?? comments.get(node.end + 1); // before a comma
    if (comment && useComment(node, comment.line, comment.text)) comment.isUsed = true;
    ts.forEachChild(node, visit);
  })(source);

  for (const scope of scopes) {
    const depth = scopesAround(scope).length;
    insert(scope.getStart() + 1, ` const shapes$${depth} = shapes$${depth - 1}.inner();`, -Infinity);
  }
  const check = path.join(import.meta.dirname, "check.ts");
  const ofFile = `const shapes$0 = new Shapes$(${JSON.stringify(file)});`;
  insert(0, `import { Shapes as Shapes$ } from ${JSON.stringify(check)}; ${ofFile} `, -Infinity);
  edits.sort((a, b) => a.at - b.at || a.order - b.order);
  let [result, done] = ["", 0];
  for (const { at, text } of edits) {
    result += code.slice(done, at) + text;
    done = at;
  }
  const unused = Array.from(comments.values()).filter(({ isUsed }) => !isUsed);
  return { code: result + code.slice(done), unused: unused.map(({ line }) => line) };
}

/** The rooms of lib in which comments say shapes. */
export const rooms = ["models", "layers", "rows", "train"];

/** For vitest: what tests import from these rooms has its assertions. */
export function shapeAssertions(lib: string) {
  return {
    name: "shape-assertions",
    enforce: "pre" as const,
    transform(code: string, id: string): string | undefined {
      const file = path.relative(lib, id).replaceAll(path.sep, "/");
      const isMeant = rooms.some((room) => file.startsWith(`${room}/`)) && file.endsWith(".ts");
      return isMeant ? instrument(code, `lib/${file}`).code : undefined;
    },
  };
}

interface Comment {
  line: number;
  text: string;
  isUsed: boolean;
}

/** Comments with a shape behind code on their line, by the place where that code ends. */
function trailingComments(code: string): Map<number, Comment> {
  const found = new Map<number, Comment>();
  let start = 0;
  code.split("\n").forEach((text, i) => {
    const [, before, comment] = /^(\s*[^\s*/].*?)\s*\/\/ (.*\[[^\]]+\].*)$/.exec(text) ?? [];
    if (comment) found.set(start + before.length, { line: i + 1, text: comment, isUsed: false });
    start += text.length + 1;
  });
  return found;
}

/** The shapes which a text gives as the result: those behind its last arrow, if it has one. */
function shapesIn(text: string): string[] {
  return Array.from((text.split("→").at(-1) as string).matchAll(/\[([^\]]+)\]/g), ([, shape]) => shape);
}

/** The blocks of functions and loops around a node, from the inside out. */
function scopesAround(node: ts.Node): ts.Block[] {
  const found: ts.Block[] = [];
  for (let at = node; at.parent; at = at.parent)
    if (ts.isBlock(at) && (ts.isFunctionLike(at.parent) || ts.isIterationStatement(at.parent, false))) found.push(at);
  return found;
}

/** How to read what has a name at a node: variables and parameters of the functions around it, members of its class. */
function variablesAround(node: ts.Node): Map<string, string> {
  const found = new Map<string, string>();
  const see = (name: string, how: string) => void (found.has(name) || found.set(name, how));
  const add = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) see(name.text, name.text);
    else for (const element of name.elements) if (ts.isBindingElement(element)) add(element.name);
  };
  for (let at = node; at.parent; at = at.parent) {
    if (ts.isFunctionLike(at)) for (const { name } of at.parameters) add(name);
    if (ts.isBlock(at))
      for (const statement of at.statements)
        if (ts.isVariableStatement(statement)) for (const { name } of statement.declarationList.declarations) add(name);
    if (ts.isClassLike(at))
      for (const { name } of at.members) if (name) see(name.getText(), `this.${name.getText()}`);
  }
  return found;
}
