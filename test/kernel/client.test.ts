import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { Dealer } from "zeromq";
import { type CellFailure, Kernel } from "../../lib/kernel/client";
import { address, type Connection, decode, encode, newConnection } from "../../lib/kernel/connection";
import { printed } from "../printed";
import { sharedFolder, temporaryFile, temporaryFolder } from "../temporary";

const folder = sharedFolder();
const own = path.join(folder, "own");
let kernel: Kernel;
beforeAll(async () => {
  fs.mkdirSync(own);
  kernel = await Kernel.start({ cwd: folder, folder: own });
});
afterAll(() => kernel.close());

async function failureOf(code: string): Promise<CellFailure> {
  return kernel.execute(code).then(
    () => Promise.reject(new Error("the cell did not fail")),
    (error) => error,
  );
}
const textOf = async (code: string) => printed(await kernel.execute(code));
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The channel for stopping and ending of the kernel whose connection is in that folder. Closed after the test. */
function controlOf(folder: string) {
  const connection: Connection = JSON.parse(fs.readFileSync(path.join(folder, "connection.json"), "utf8"));
  const control = new Dealer({ linger: 0 });
  onTestFinished(() => control.close());
  control.connect(address(connection, connection.control_port));
  const send = (msg_type: string, content: object = {}) => {
    const header = { msg_id: msg_type, session: "test", username: "", date: "", msg_type, version: "5.3" };
    return control.send(encode([header, {}, {}, content], connection.key));
  };
  return { send, receive: async () => decode(await control.receive()) };
}

test("3000 lines printed at once arrive, each once and in order", async () => {
  const expected = Array.from({ length: 3000 }, (_, i) => `${i}\n`).join("");
  expect(await textOf("for (let i = 0; i < 3000; i++) console.log(i)")).toBe(expected);
  expect(
    await textOf(
      "for (let i = 0; i < 3000; i++) { console.log(i); if (i % 50 === 0) await new Promise(setImmediate); }",
    ),
  ).toBe(expected);
});

test("what is printed as output and as error stays apart, in its order", async () => {
  const outputs = await kernel.execute("console.log('a'); console.log('b'); console.error('c'); console.log('d')");
  expect(outputs).toEqual(
    [
      ["stdout", "a\nb\n"],
      ["stderr", "c\n"],
      ["stdout", "d\n"],
    ].map(([name, text]) => ({ output_type: "stream", name, text })),
  );
});

test("what a cell prints is there while it goes on, in time and not with its end", async () => {
  const pause = "await new Promise((r) => setTimeout(r, 200));";
  const code = `for (const i of [1, 2]) { console.log(i); console.log("and", i); ${pause} }\nfor (let i = 0; i < 20; i++) ${pause}`;
  const failure: CellFailure = await kernel.execute(code, 2500).then(() => expect.unreachable(), (error) => error);
  expect([failure.kind, failure.outputs]).toEqual([
    "time limit",
    [{ output_type: "stream", name: "stdout", text: "1\nand 1\n2\nand 2\n" }],
  ]);
});

test("what a cell printed before it failed stands above its error", async () => {
  const { outputs } = await failureOf("console.log('first');\nconsole.log('second');\nthrow new Error('no');");
  expect(outputs).toMatchObject([{ output_type: "stream", text: "first\nsecond\n" }, { output_type: "error" }]);
});

test("1500 displays in one tick arrive", async () => {
  const outputs = await kernel.execute(
    "import { display } from 'tslab'; for (let i = 0; i < 1500; i++) display.text(String(i))",
  );
  expect(outputs.map((output) => output.output_type === "display_data" && output.data["text/plain"])).toEqual(
    Array.from({ length: 1500 }, (_, i) => String(i)),
  );
});

test("an error is an output of type error, with its cause and without the frames of machinery", async () => {
  const failure = await failureOf(
    "function f() {\n  throw new RangeError('outer', { cause: new TypeError('inner') });\n}\nawait Promise.resolve();\nf()",
  );
  const [output] = failure.outputs;
  expect(output).toMatchObject({ output_type: "error", ename: "RangeError", evalue: "outer" });
  const traceback = output.output_type === "error" ? output.traceback.join("\n") : "";
  expect(traceback).toContain("RangeError: outer");
  expect(traceback).toContain("TypeError: inner");
  expect(traceback).toMatch(/at f \(cell \d+, line 2\)\n/);
  expect(traceback).not.toMatch(/node:|tslab|launcher/);
});

test("an error whose message was changed after its stack was read keeps its frames", async () => {
  const failure = await failureOf(
    "function g() {\n  const error = new Error('late');\n  void error.stack;\n  error.message = `${'so long that it hid frames '.repeat(9)}`;\n  throw error;\n}\ng()",
  );
  const [output] = failure.outputs;
  expect(output.output_type === "error" && output.traceback.join("\n")).toMatch(/at g \(cell \d+, line 2\)/);
});

test("an error is led back to the lines of the reader's TypeScript, in this cell, an earlier one and a file", async () => {
  fs.mkdirSync(path.join(folder, "lib"), { recursive: true }); // there when the test is tried again
  fs.writeFileSync(
    path.join(folder, "lib", "half.ts"),
    "export interface Unused {\n  x: number;\n}\n\n/** Half. */\nexport function half(n: number): number {\n  if (n % 2) throw new Error('odd');\n  return n / 2;\n}\n",
  );
  await kernel.execute(
    'import { half } from "./lib/half";\ninterface Also {\n  y: number;\n}\nfunction g(also: Also) {\n  return half(also.y);\n}',
  );
  const { message } = await failureOf("// a comment\ng({\n  y: 3,\n});");
  expect(message.replaceAll(/cell \d+/g, "cell N").split("\n")).toEqual([
    "Error: odd",
    expect.stringMatching(/ {4}at half \(.*lib\/half\.ts:7\)/),
    "    at g (cell N, line 6)",
    "    at cell N, line 2",
  ]);
});

test("an error that a cell catches and prints has the same lines, also in a list, and keeps what it holds", async () => {
  const half = "function half(n: number) {\n  if (n % 2) throw new Error('odd');\n  return n / 2;\n}";
  await kernel.execute(`interface Unused {\n  x: number;\n}\n${half}`);
  const shown = async (code: string) =>
    (await textOf(`try {\n  half(3);\n} catch (error) {\n  ${code}\n}`)).replaceAll(/cell \d+/g, "cell N");
  const stack = "Error: odd\n    at half (cell N, line 5)\n    at cell N, line 2";
  expect(await shown("console.log(error);")).toBe(`${stack}\n`);
  expect(await shown("console.error(error.stack);")).toBe(`${stack}\n`);
  expect(await shown("console.log(error, 'behind');")).toBe(`${stack} behind\n`);
  expect(await shown("console.log(new Map([[error, 1]]));")).toBe(`Map(1) {\n  ${stack.replaceAll("\n", "\n  ")} => 1\n}\n`);
  const held = stack.replaceAll("\n", "\n  ");
  expect(await shown("console.log([error, 1]);")).toBe(`[\n  ${held},\n  1\n]\n`);
  expect(await shown("console.log(Object.assign(error, { code: 7 }));")).toBe(`${stack} {\n  code: 7\n}\n`);
  expect(await shown("console.log(new Error('outer', { cause: error }));")).toBe(
    `Error: outer\n    at cell N, line 4 {\n  [cause]: ${held}\n}\n`,
  );
  expect(await textOf("console.log('Meet\\n    at noon, at 12:30:00 sharp\\n    at the gate')")).toBe(
    "Meet\n    at noon, at 12:30:00 sharp\n    at the gate\n",
  );
});

test("of several errors in one each is shown", async () => {
  const { message } = await failureOf("await Promise.any(['first', 'second'].map(async (why) => {\n  throw new Error(why);\n}));");
  expect(message.replaceAll(/cell \d+/g, "cell N").split("\n").filter((line) => !line.includes("Array.map"))).toEqual([
    "AggregateError: All promises were rejected",
    "caused by",
    "Error: first",
    "    at cell N, line 2",
    "    at cell N, line 1",
    "caused by",
    "Error: second",
    "    at cell N, line 2",
    "    at cell N, line 1",
  ]);
});

test.each([
  ["an error that is its own cause", "const error = new Error('round');\nthrow Object.assign(error, { cause: error });"],
  ["an error that holds itself", "const error = new AggregateError([], 'round');\nerror.errors.push(error);\nthrow error;"],
])("%s is shown once", async (_, code) => {
  const { message } = await failureOf(code);
  expect(message.match(/Error: round/g)).toHaveLength(1);
});

test("a cell that comes to a changed file says which others still use what it was", async () => {
  const write = (name: string, code: string) => fs.writeFileSync(path.join(folder, "lib", `${name}.ts`), code);
  fs.mkdirSync(path.join(folder, "lib"), { recursive: true });
  write("inner", "export const inner = () => 1;\n");
  write("middle", 'import { inner } from "./inner";\nexport const middle = () => inner();\n');
  write("outer", 'import { middle } from "./middle";\nexport const outer = () => middle();\n');
  const code = `import { inner } from "./lib/inner";\nimport { outer } from "./lib/outer";\nconsole.log(inner(), outer());`;
  const above = `${path.relative(".", folder).split(path.sep).join("/")}/`; // may have a space in it
  const afterChange = async (before: string) => {
    for (;;) {
      const text = await textOf(code); // the compiler is told of a change, sooner or later
      if (text !== before) return text.replaceAll(above, "");
      await pause(50);
    }
  };
  expect(await textOf(code)).toBe("1 1\n");
  write("inner", "export const inner = () => 2;\n");
  const end = "Restart the kernel and run the cells again.\n2 1\n";
  expect(await afterChange("1 1\n")).toBe(`lib/inner.ts has changed, but lib/middle.ts and 1 more still use it as it was. ${end}`);
  write("inner", "export const inner = () => 2;\n"); // saved again, no other than it was
  await pause(500);
  expect(await textOf(code)).toBe("2 1\n");
  write("outer", 'import { middle } from "./middle";\nexport const outer = () => 10 * middle();\n');
  expect(await afterChange("2 1\n")).toBe("2 10\n");
  write("inner", "/** Two. */\nexport const inner = () => 2; // as it was\n"); // does what middle.ts has of it
  write("outer", 'import { middle } from "./middle";\nexport const outer = () => 20 * middle();\n');
  expect(await afterChange("2 10\n")).toBe("2 20\n");
});

test("an error whose message has frames shows them once, as those of its own", async () => {
  const failing = "throw new Error('job 1: ' + error.stack, { cause: error });";
  const { message } = await failureOf(`const error = new TypeError('no such model');\n${failing}`);
  expect(message.replaceAll(/cell \d+/g, "cell N").split("\n")).toEqual([
    "Error: job 1: TypeError: no such model",
    "    at cell N, line 1",
    "    at cell N, line 2",
  ]);
});

test("something else than an error can be thrown", async () => {
  expect((await failureOf("throw 'just text'")).message).toContain("Thrown: 'just text'");
});

test("a module cell that does not compile says so, though it does not run", async () => {
  const [output] = await kernel.execute("/** @module wrong */\nexport const a: string = 1;");
  expect(output).toMatchObject({
    output_type: "stream",
    name: "stderr",
    text: expect.stringContaining("2:14 - Type 'number' is not assignable to type 'string'."),
  });
  expect(await textOf("console.log('no error is left')")).toBe("no error is left\n");
});

test("a cell with several errors of the compiler lists each", async () => {
  const { message } = await failureOf("const s: string = 1;\nconst n: number = '';");
  expect(message.split("\n").slice(1)).toEqual([
    "1:7 - Type 'number' is not assignable to type 'string'.",
    "2:7 - Type 'string' is not assignable to type 'number'.",
  ]);
});

test("a name that no cell has made yet leads to the cells above, and is told once", async () => {
  const { message } = await failureOf("console.log(test, features, { features });\nconsole.log(test);");
  expect(message.split("\n").slice(1)).toEqual([
    "1:13 - Cannot find name 'test'.",
    "1:19 - Cannot find name 'features'.",
    "1:31 - No value exists in scope for the shorthand property 'features'.",
    "Is it made in a cell above that has not run, or that failed? Then run the cells above (in JupyterLab: Run > Run All Above Selected Cell). A new name needs const or let, a word needs quotes.",
  ]);
});

test("a type that no cell has made yet is told once, not as a private name of what is exported", async () => {
  const { message } = await failureOf("const nowhere: Matrix = [];\nconst noRow = (of: Matrix) => of[0];");
  expect(message.split("\n").slice(1, -1)).toEqual(["1:16 - Cannot find name 'Matrix'."]);
});

test("methods newer than the compiler lead to older ones, and it is told once; what no array has does not", async () => {
  const { message } = await failureOf("const a = [2, 1];\na.findLast(Boolean);\na.toSorted();\na.tosort();");
  expect(message.split("\n").slice(1)).toEqual([
    "2:3 - Property 'findLast' does not exist on type 'number[]'.",
    "3:3 - Property 'toSorted' does not exist on type 'number[]'.",
    "4:3 - Property 'tosort' does not exist on type 'number[]'. Did you mean 'sort'?",
    "The notebooks' compiler knows the JavaScript of 2022 (ES2022) and no newer methods. Older ones do the same; call those that change their array on a copy: [...values].sort(...), [...values].reverse().find(...).",
  ]);
  const slip = await failureOf("Float32Array.of(2, 1).map2();");
  expect(slip.message.split("\n").slice(1)).toEqual([expect.stringContaining("Property 'map2' does not exist")]);
});

test("of a file that lib does not have nothing is said but that", async () => {
  fs.mkdirSync(path.join(folder, "lib"), { recursive: true });
  const { message } = await failureOf('import { fm } from "./lib/modls/fm";');
  expect(message.split("\n").slice(1)).toEqual([expect.stringMatching(/^1:20 - Cannot find module '.\/lib\/modls\/fm'/)]);
});

test.each([
  ["function sum(list: number[]) {\n  for (const i of list) {\n    i;\n}\nsum([1]);\n", "5:10 - '}' expected"],
  ["const sizes = {\n  items: 3,", "2:12 - '}' expected"],
  ["for (const i of [1]) {", "1:23 - '}' expected"],
  ["const word = `abc", "1:18 - Unterminated template literal"],
])("a cell that ends too early is told so at its end, and nothing of what tslab appends: %s", async (code, why) => {
  const { message } = await failureOf(code);
  expect(message.split("\n").slice(1)).toEqual([`${why} at the end of the cell.`]);
});

test("what is wrong before the end of a cell keeps its place beside it", async () => {
  const { message } = await failureOf("const s: string = 1;\nfunction half(n: number) {\n  return n / 2;");
  expect(message.split("\n").slice(1)).toEqual([
    "1:7 - Type 'number' is not assignable to type 'string'.",
    "3:16 - '}' expected at the end of the cell.",
  ]);
});

test("{ name } stands for the name of an earlier cell, in a value and in what is assigned", async () => {
  await kernel.execute("const shorthand = 1; let [given, left] = [2, 3]; class Short {} enum Kind { One }");
  expect(await textOf("console.log({ shorthand, given }, (() => ({ shorthand }))(), Object.keys({ Short, Kind }))")).toBe(
    "{ shorthand: 1, given: 2 } { shorthand: 1 } [ 'Short', 'Kind' ]\n",
  );
  expect(await textOf("({ given, left = shorthand } = { given: 5 } as any); console.log(given, left)")).toBe("5 1\n");
  expect(await textOf("const kept = [7].map((shorthand) => ({ shorthand })); console.log(kept)")).toBe(
    "[ { shorthand: 7 } ]\n",
  );
});

test.each([
  ["const { fields: n, hidden: [first] } = sizes; console.log(n, first)", "20 64\n"],
  ["const twice = ({ fields: n = 0 } = sizes) => 2 * n; console.log(twice(), twice({ fields: 4, hidden: [] }))", "40 8\n"],
  ["for (const { fields: n, ...rest } of [sizes]) console.log(n, rest)", "20 { hidden: [ 64, 32 ] }\n"],
  ["let [n, m] = [0, 0]; ({ fields: n, hidden: { length: m } } = sizes); console.log(n, m)", "20 2\n"],
  ["const { inner: { fields: n = 1 } } = nested; console.log(n)", "3\n"],
  ["const fields = 7; console.log({ fields: fields, hidden: sizes.fields })", "{ fields: 7, hidden: 20 }\n"],
])("what an object of an earlier cell holds may have another name: %s", async (code, text) => {
  await kernel.execute("const sizes = { fields: 20, hidden: [64, 32] }; const nested = { inner: { fields: 3 } };");
  expect(await textOf(code)).toBe(text);
});

test.each([
  ["await (later(1));", "1\n"],
  ["const one = await (later(1)); console.log(one)", "1\n"],
  ["console.log(await (await later({ json: () => later(2) })).json())", "2\n"],
  ["await (async () => console.log(await later(3)))()", "3\n"],
  ["console.log(await [later(4)][0])", "4\n"],
  ["for await (const five of [later(5)]) console.log(five)", "5\n"],
  ["const inside = async () => { for await (const _ of [6]); return await (later(6)); }; console.log(typeof inside())", "object\n"],
])("a cell may await as a program may: %s", async (code, text) => {
  await kernel.execute("const later = async <T>(value: T) => value;");
  expect(await textOf(code)).toBe(text);
});

test("a promise that a cell shows is shown without what follows cells through their awaits", async () => {
  expect(await textOf("Promise.resolve(7)")).toBe("Promise { 7 }\n");
  expect(await textOf("[new Promise(() => {})]")).toBe("[ Promise { <pending> } ]\n");
  expect(await textOf("Promise.resolve({ p: Promise.resolve(1) })")).toBe("Promise { { p: Promise { 1 } } }\n");
  const own = "Object.assign(Promise.resolve(), { [require('util').inspect.custom]: () => 'a text of its own' })";
  expect(await textOf(own)).toBe("a text of its own\n");
});

test("a kernel that is told to end does so, whatever a cell has left running", async () => {
  const own = path.join(folder, "ends");
  fs.mkdirSync(own);
  const ending = await Kernel.start({ cwd: folder, folder: own });
  try {
    await ending.execute("setInterval(() => {}, 1000);");
    await controlOf(own).send("shutdown_request", { restart: true });
    await expect(ending.execute("await new Promise(() => {})", 5000)).rejects.toThrow("the kernel died with exit code 0");
  } finally {
    await ending.close();
  }
});

test("what was copied from a file of lib may keep its export", async () => {
  const code = `export class Half {\n  of = (n: number) => n / 2;\n}\nexport type N = number;\n/** Six. */ export const six: N = 6;`;
  await kernel.execute(code);
  await kernel.execute(`${code}\nconst text = \`\nexport const x\`;`);
  expect(await textOf("console.log(new Half().of(six), text)")).toBe("3 \nexport const x\n");
  await kernel.execute("export default function third() {}");
  await kernel.execute("export default class {}"); // without the words it would be no statement
});

test("a cell that fails gives back the names that it had not come to", async () => {
  await kernel.execute("const [kept, other] = [1, 2];");
  await failureOf("const other = 3;\nconst kept = [].reduce(() => 0);");
  expect(await textOf("console.log(kept, other)")).toBe("1 3\n");
});

test("what a cell has made before it fails has its name below, with its type, and what it has not come to has none", async () => {
  await kernel.execute("const again: number[] = [1];");
  await failureOf(
    "class Trained { epochs = 2 }\ntype Of = Trained;\nconst trained: Of = new Trained(), again = 'text';\nthrow new Error('stop');\nconst history = [trained];",
  );
  expect(await textOf("console.log(trained.epochs, new Trained(), again.toUpperCase())")).toBe("2 Trained { epochs: 2 } TEXT\n");
  expect((await failureOf("trained.epoch")).message).toContain("Property 'epoch' does not exist on type 'Trained'");
  expect((await failureOf("history")).message).toContain("Cannot find name 'history'");
  await failureOf("const one = 1; function make() { return new Later(); }\nthrow new Error('stop');\nclass Later {}");
  expect(await textOf("console.log(one)")).toBe("1\n");
  await failureOf("const mix = (of: any) => of; class Mixed extends mix(Object) {}\nthrow new Error('stop');");
  expect(await textOf("console.log(Mixed.name)")).toBe("Mixed\n");
  await kernel.execute("const size: number = 5;");
  expect((await failureOf('const size = "five"; const pattern = /(/;')).message).toContain("SyntaxError");
  expect(await textOf("console.log(size.toFixed(1))")).toBe("5.0\n");
  expect((await failureOf('import { gone } from "./gone";')).message).toContain("Cannot find module");
  expect((await failureOf("gone()")).message).toContain("Cannot find name 'gone'");
  await failureOf("const unreached: string = [].reduce(() => ''), trained = unreached.length;");
  expect((await failureOf("unreached")).message).toContain("Cannot find name 'unreached'");
  expect(await textOf("console.log(trained.epochs)")).toBe("2\n");
});

test("a display that a later cell updates is the new one, and stands where it was", async () => {
  const first = await kernel.execute(
    "import { newDisplay } from 'tslab';\nconst bar = newDisplay();\nconsole.log('before');\nbar.text('old');\nconsole.log('after');",
  );
  expect(await kernel.execute("bar.text('new');")).toEqual([]);
  expect(first).toMatchObject([{ text: "before\n" }, { data: { "text/plain": "new" } }, { text: "after\n" }]);
});

test("a display that is shown twice is updated in both places, with what is said about it", async () => {
  const tslab = JSON.stringify(path.resolve("node_modules/tslab/dist/jupyter.js"));
  const outputs = await kernel.execute(
    `const show = (word: string, update: boolean) => require(${tslab}).lastWriteDisplayData(
      { data: { "text/plain": word }, metadata: { word }, transient: { display_id: "twice" } }, update);
    show("old", false);\nshow("old", false);\nshow("new", true);`,
  );
  const shown = { output_type: "display_data", data: { "text/plain": "new" }, metadata: { word: "new" } };
  expect(outputs).toEqual([shown, shown]);
});

test("what is shown after its cell has ended counts as late, new displays and old ones", async () => {
  const before = kernel.lateOutputs;
  const mark = path.join(folder, "late");
  await kernel.execute(
    `import { display, newDisplay } from 'tslab';\nconst bar = newDisplay();\nbar.text('in time');
    void setTimeout(() => {
      bar.text('late');\n      display.text('late');
      require("node:fs").writeFileSync(${JSON.stringify(mark)}, "");
    }, 100);`,
  );
  while (!fs.existsSync(mark)) await pause(20);
  await kernel.execute("void 0;"); // what this cell says comes after what was late
  expect(kernel.lateOutputs - before).toBe(2);
});

test("a cell leaves no listener behind", async () => {
  // Before it awaits a cell sees no listener: Node puts them aside while code runs that the stop button may end.
  const count = "await new Promise(setImmediate);\nconsole.log(process.listenerCount('SIGINT'));";
  expect(await textOf(count)).toBe(await textOf(count));
});

test.skipIf(process.platform === "win32")("the key of a kernel is for its user alone", () => {
  expect(fs.statSync(path.join(own, "connection.json")).mode & 0o077).toBe(0);
});

test("the cell after a failing one runs", async () => {
  await failureOf("throw new Error('no')");
  expect(await textOf("console.log('yes')")).toBe("yes\n");
});

test("an error that nobody awaited does not end the kernel, with wasm either", { timeout: 180_000 }, async () => {
  const notebooks = path.resolve("notebooks");
  const other = await Kernel.start({ cwd: notebooks, env: { ...process.env, CTR_BACKEND: "wasm" } });
  try {
    await other.execute('import { setup } from "./lib/notebook/setup";\nawait setup();');
    await other.execute("void setTimeout(() => {\n  throw new Error('late');\n}, 200);");
    const outputs = await other.execute(
      "void Promise.reject(new Error('lost'));\nawait new Promise((r) => setTimeout(r, 500)); console.log('alive');",
    );
    const text = printed(outputs);
    const told = "Nobody caught this error. Is an await missing?\nError: ";
    expect(text).toContain(`${told}lost\n    at cell 3, line 1\n`);
    expect(text).toMatch(/Error: late\n {4}at (Timeout\._onTimeout \()?cell 2, line 2\)?\n/);
    expect(text.endsWith("alive\n")).toBe(true);
  } finally {
    await other.close();
  }
});

test("a folder with a path too long for a socket's gets ports", async () => {
  expect(await newConnection("/tmp/kernel")).toMatchObject({ ip: path.join("/tmp/kernel", "socket") });
  const connection = await newConnection(`/tmp/${"x".repeat(90)}`);
  expect(connection).toMatchObject({ transport: "tcp", ip: "127.0.0.1" });
  const { shell_port, iopub_port, stdin_port, control_port, hb_port } = connection;
  const ports = [shell_port, iopub_port, stdin_port, control_port, hb_port];
  expect([new Set(ports).size, ports.every((port) => port > 1023)]).toEqual([5, true]);
  expect(await newConnection(`/tmp/${"é".repeat(50)}`)).toMatchObject({ transport: "tcp" }); // 105 bytes
});

const byPorts = "a kernel works by ports too, with a folder of any letters, and where there is no lib it says where there is";
test.skipIf(process.platform === "win32")(byPorts, async () => {
  const long = path.join(folder, "é".repeat(50));
  fs.mkdirSync(long);
  const other = await Kernel.start({ cwd: long, folder: long });
  try {
    expect(await other.execute("console.log('by ports')")).toMatchObject([{ text: "by ports\n" }]);
    const importing = other.execute('import { setup } from "./lib/setup";\nimport { fm } from "./lib/fm";');
    const failure: CellFailure = await importing.then(() => expect.unreachable(), (error) => error);
    expect(failure.message.split("\n").slice(1)).toEqual([
      "The folder of this notebook has no lib: the notebooks, and copies of them, run in the course's folder notebooks.",
      expect.stringContaining("1:23 - Cannot find module './lib/setup'"),
      expect.stringContaining("2:20 - Cannot find module './lib/fm'"),
    ]);
  } finally {
    await other.close();
  }
  expect(fs.existsSync(long)).toBe(false);
});

test("a kernel that never answers is not waited for longer than a minute", async () => {
  vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const starting = Kernel.start({ cwd: folder, argv: [process.execPath, "-e", "setInterval(() => {}, 1000)"] });
  const outcome = starting.then(() => "started", (error: Error) => error.message);
  await vi.advanceTimersByTimeAsync(61_000);
  expect(await outcome).toBe("the kernel did not answer within 60 s of its start");
});

test("a kernel answers, and has no complaint, if its first message comes while its sockets are opened", async () => {
  const slow = path.join(import.meta.dirname, "slowbind.cjs");
  const launcher = path.join(import.meta.dirname, "../../lib/kernel/launcher.cjs");
  const other = await Kernel.start({
    cwd: folder,
    env: { ...process.env, UV_THREADPOOL_SIZE: "1" },
    argv: [process.execPath, "--require", slow, launcher, "{connection_file}"],
  });
  onTestFinished(() => other.close());
  expect(await other.execute("console.log(1 + 1)")).toMatchObject([{ text: "2\n" }]);
  expect((other as unknown as { lastWords: string }).lastWords).toBe("");
});

test("a kernel that does not start says its last words, and leaves no file behind", async () => {
  const temporary = fs.mkdtempSync(path.join(folder, "temporary-"));
  const listeners = process.listenerCount("exit");
  vi.stubEnv("TMPDIR", temporary);
  onTestFinished(() => void vi.unstubAllEnvs());
  const starting = Kernel.start({
    cwd: folder,
    argv: [process.execPath, "-e", "console.error('no such kernel'); process.exitCode = 4"],
  });
  await expect(starting).rejects.toThrow("the kernel died with exit code 4, its last words:\nno such kernel");
  expect(fs.readdirSync(temporary)).toEqual([]);
  expect(process.listenerCount("exit")).toBe(listeners);
});

test.each([
  ["console.log('x'.repeat(5000) + 'the end')", /with exit code 0, its last words:\nx+the end$/],
  ["console.error('x'.repeat(5000) + 'the end')", /with exit code 0, its last words:\nx+the end$/],
  ["process.kill(process.pid, 'SIGKILL')", process.platform === "win32" ? /with exit code 1$/ : /by SIGKILL$/],
])("a kernel of %j dies with its end told", async (code, message) => {
  await expect(Kernel.start({ cwd: folder, argv: [process.execPath, "-e", code] })).rejects.toThrow(message);
});

test("a command that there is not is a dead kernel", async () => {
  const starting = Kernel.start({ cwd: folder, argv: ["no-such-command"] });
  await expect(starting).rejects.toThrow(/^the kernel died spawn no-such-command ENOENT$/);
});

test("a kernel that has died is not asked any more", async () => {
  const other = await Kernel.start({ cwd: folder });
  onTestFinished(() => other.close());
  for (const code of ["process.exit(3)", "1"])
    await expect(other.execute(code, 10_000)).rejects.toThrow("the kernel died with exit code 3");
});

/** A script of its own that starts a kernel. */
const script = (code: string) =>
  temporaryFile(
    "script.mts",
    `import { Kernel } from ${JSON.stringify(path.resolve("lib/kernel/client"))};
    const kernel = await Kernel.start({ cwd: ${JSON.stringify(folder)} });\n${code}`,
  );

test("after a cell and its kernel nothing waits for the cell's time limit, so a command ends when it is done", () => {
  const left = 'process.getActiveResourcesInfo().filter((name) => name === "Timeout")';
  const file = script(`await kernel.execute("1;");\nawait kernel.close();\nconsole.log(${left});\nprocess.exit();`);
  expect(execFileSync(process.execPath, ["--import", "tsx", file], { encoding: "utf8" })).toBe("[]\n");
});

test.skipIf(process.platform === "win32")("a kernel ends when whoever started it was killed", async () => {
  const mark = path.join(folder, "ended");
  const cell = `process.once("exit", () => require("node:fs").writeFileSync(${JSON.stringify(mark)}, ""));`;
  const file = script(`await kernel.execute(${JSON.stringify(cell)});\nprocess.kill(process.pid, "SIGKILL");`);
  expect(spawnSync(process.execPath, ["--import", "tsx", file]).signal).toBe("SIGKILL");
  while (!fs.existsSync(mark)) await pause(50);
});

test.skipIf(process.platform === "win32")("a kernel ends when whoever started it was killed while it loaded", async () => {
  const gone = String(spawnSync(process.execPath, ["-e", ""]).pid);
  const connection = temporaryFile("connection.json", JSON.stringify(await newConnection(temporaryFolder())));
  const options = { env: { ...process.env, JPY_PARENT_PID: gone }, timeout: 20_000 };
  expect(spawnSync(process.execPath, [path.resolve("lib/kernel/launcher.cjs"), connection], options).status).toBe(0);
});

describe("cells sent together", () => {
  test("run in order", async () => {
    const texts = await Promise.all(
      ["await new Promise((r) => setTimeout(r, 50)); console.log(1)", "console.log(2)"].map(textOf),
    );
    expect(texts).toEqual(["1\n", "2\n"]);
  });

  test("are aborted when one before them fails", async () => {
    const all = await Promise.allSettled(
      ["throw new Error('first')", "console.log('second')", "console.log('third')"].map((code) => kernel.execute(code)),
    );
    expect(all.map((one) => (one.status === "rejected" ? one.reason.message.split("\n")[0] : "ran"))).toEqual([
      "Error: first",
      'the kernel answered "aborted"',
      'the kernel answered "aborted"',
    ]);
  });
});

/** What a client that is not ours may send. */
interface Requests {
  request(...asked: unknown[]): Promise<{ reply: { status: string; data?: Record<string, string> } }>;
}
const request = (type: string, content: object) =>
  (kernel as unknown as Requests).request(type, content, 5000, 100);

test("cells after one that fails run where the client says so, as nbconvert --allow-errors does", async () => {
  const send = (code: string) => request("execute_request", { code, stop_on_error: false });
  const replies = await Promise.all(["throw new Error('first')", "console.log('second')"].map(send));
  expect(replies.map(({ reply }) => reply.status)).toEqual(["error", "ok"]);
});

test("a request that the kernel cannot handle does not keep it from the next one", async () => {
  const unanswered = request("complete_request", {}).then(() => expect.unreachable(), () => {});
  expect(await textOf("console.log('yes')")).toBe("yes\n");
  await unanswered;
});

describe("Shift+Tab", () => {
  beforeAll(() =>
    kernel.execute(
      "/** Halves a number\n * of any size.\n * @throws if it\n * must */\nfunction half(n: number, digits = 2) { return n / digits; }\n/** A pair.\n *\n * - of two */\nclass Pair { constructor(readonly a = 1) {} }\nconst own = { half };",
    ),
  );

  /** Where | stands. */
  async function helpOn(typed: string): Promise<Record<string, string> | undefined> {
    const asked = { code: typed.replace("|", ""), cursor_pos: typed.indexOf("|"), detail_level: 0 };
    return (await request("inspect_request", asked)).reply.data;
  }

  test.each([
    ["half|", "function half(n: number, digits?: number): number\n\nHalves a number of any size.\n\n@throws if it must"],
    ["half(|", "function half(n: number, digits?: number): number\n\nHalves a number of any size.\n\n@throws if it must"],
    ["const q = 1 + half(3, |", "function half(n: number, digits?: number): number\n\nHalves a number of any size.\n\n@throws if it must"],
    ["half(|)", "function half(n: number, digits?: number): number\n\nHalves a number of any size.\n\n@throws if it must"],
    ["own.half( | );", "(property) half: (n: number, digits?: number) => number\n\nHalves a number of any size.\n\n@throws if it must"],
    ["new Pair(|", "constructor Pair(a?: number): Pair\n\nA pair.\n\n- of two"],
    ["own.half(2, 3) |", ""],
    ["new Pair(half(2)|", "constructor Pair(a?: number): Pair\n\nA pair.\n\n- of two"],
    ["half(new Pair(3).a, |", "function half(n: number, digits?: number): number\n\nHalves a number of any size.\n\n@throws if it must"],
    ["const p = new Pair|", "constructor Pair(a?: number): Pair\n\nA pair.\n\n- of two"],
  ])("explains in %s what is named or called there", async (typed, help) => {
    expect((await helpOn(typed))?.["text/plain"] ?? "").toBe(help);
  });

  test("has the comments of earlier cells after one that failed, and no lines for a comment that there is not", async () => {
    await failureOf("const bare = 1; throw new Error('stop')");
    expect((await helpOn("half|"))?.["text/plain"]).toContain("Halves a number");
    expect((await helpOn("bare|"))?.["text/plain"]).toBe("const bare: 1");
  });

  test("says nothing where nothing is named", async () => {
    expect(await helpOn("1 + |")).toEqual({});
  });
});

describe("the stop button", () => {
  const mark = 'require("node:fs").writeFileSync("runs", "");';
  /** For cells that await: a signal within a millisecond of the end of their first stretch of code is lost in Node. */
  const markAfterIt = `await new Promise((r) => setTimeout(r));\n${mark}`;
  /** Presses it once the cell has made its mark: on a busy machine a pause would be too short. */
  async function stopped(code: string, press: () => void = () => kernel.interrupt()): Promise<CellFailure> {
    const runs = path.join(folder, "runs");
    fs.rmSync(runs, { force: true });
    const running = failureOf(code);
    while (!fs.existsSync(runs)) await pause(20);
    press();
    return running;
  }

  // On Windows it is a message, which such a cell cannot hear.
  test.skipIf(process.platform === "win32")("stops a cell that never yields, which the next errors name", async () => {
    expect((await stopped(`${mark} for (;;) {}`)).message).toBe("Interrupted: the cell was stopped");
    expect((await failureOf("throw new Error('no')")).message).toMatch(/\nCell \d+ was stopped before its end/);
  });

  test.skipIf(process.platform === "win32")("in the middle of a gradient leaves tfjs as it was", async () => {
    await kernel.execute(
      `const tf = require(${JSON.stringify(path.resolve("node_modules/@tensorflow/tfjs"))});
const slope = () => tf.tidy(() => tf.grad((x: any) => x.square())(tf.scalar(3)).dataSync()[0]);
const told = () => console.log(slope(), tf.memory().numTensors - tensors);
slope();
const tensors = tf.memory().numTensors;`,
    );
    await stopped(`tf.tidy(() => tf.grad((x: any) => { x.square(); ${mark} for (;;); })(tf.scalar(1)));`);
    expect(await textOf("told()")).toBe("6 0\n");
    const operation = `tf.customGrad((x: any) => { x.square(); ${mark} for (;;); })`;
    await stopped(`tf.tidy(() => tf.grad((x: any) => ${operation}(x))(tf.scalar(1)));`);
    expect(await textOf("told()")).toBe("6 0\n");
  });

  test("is heard as a message too, as on Windows; one that the kernel does not know is not shown", async () => {
    const control = controlOf(own);
    const { message, outputs } = await stopped(`${mark} await new Promise(() => {});`, () => {
      void control.send("no_such_request");
      void control.send("interrupt_request");
    });
    expect(message).toBe("Interrupted: the cell was stopped");
    expect(outputs.map(({ output_type }) => output_type)).toEqual(["error"]);
    const { header, content } = await control.receive();
    expect([header.msg_type, content]).toEqual(["interrupt_reply", { status: "ok" }]);
  });

  // On Windows the signal would end the kernel.
  test.skipIf(process.platform === "win32")("stops a cell that is still compiled, before it runs", async () => {
    fs.mkdirSync(path.join(folder, "lib"), { recursive: true });
    fs.writeFileSync(path.join(folder, "lib", "slow.ts"), "export const slow = 1;\n");
    // The signal comes when the compiler reads the file.
    await kernel.execute(
      'const fs = require("node:fs"); const read = fs.readFileSync;\nfs.readFileSync = (...args: any[]) => { if (String(args[0]).endsWith("slow.ts")) { fs.readFileSync = read; process.kill(process.pid, "SIGINT"); } return read(...args); };',
    );
    const failure = await failureOf(
      'import { slow } from "./lib/slow";\nconsole.log(slow);\nawait new Promise(() => {});',
    );
    expect([failure.message, failure.outputs.map(({ output_type }) => output_type)]).toEqual([
      "Interrupted: the cell was stopped",
      ["error"],
    ]);
    expect(await textOf('import { slow } from "./lib/slow";\nconsole.log(slow);')).toBe("1\n");
  });

  test("leaves what the stopped cell has made, such as a model in training", async () => {
    const training = `const model = { steps: 0 };\n${markAfterIt}\nwhile (++model.steps < 20_000) await new Promise((r) => setTimeout(r, 5));`;
    await stopped(training);
    expect(await textOf("console.log(model.steps > 0)")).toBe("true\n");
  });

  test("is named by the errors of other cells, until the stopped cell has run to its end, edited or not", async () => {
    const begin = Number(/cell (\d+)/.exec((await failureOf("throw new Error('no')")).message)?.[1]);
    /** How long ago, in cells, the cell of this test ran of which the error says that it was stopped. */
    const told = async (code: string) => {
      const { message } = await failureOf(`${code}\nthrow new Error("no");`);
      const [, own, line = ""] = /^Error: no\n {4}at cell (\d+), line \d+(?:\n(.+))?$/.exec(message) ?? [];
      const [, number] = /^Cell (\d+) was stopped before its end: what it makes may be incomplete until you run/.exec(line) ?? [];
      return Number(number) > begin ? Number(own) - Number(number) : undefined;
    };
    const waits = `${markAfterIt}\nawait new Promise(() => {});`;
    await stopped(`const filled = [0], { rows: [row] } = { rows: [1] };\n${waits}`);
    expect([await told(""), await told("const another = 1;"), await told("const row = 2;")]).toEqual([1, 2, undefined]);
    expect((await failureOf("nothingMade")).message).toMatch(/quotes\.\nCell \d+ was stopped before its end/);
    await kernel.execute("const another = 2;");
    expect(await told("")).toBe(6);
    await kernel.execute("function row() {}");
    expect(await told("")).toBe(undefined);
    const imports = 'import * as os from "node:os";\n';
    await stopped(`${imports}const first = [];\n${waits}`);
    await stopped(`const second = [];\n${waits}`);
    await kernel.execute(`${imports}const second = 1;`);
    expect(await told("")).toBe(3); // the first of the two, though an import of its cell has run elsewhere
    await kernel.execute("let first: number;");
    expect(await told("")).toBe(undefined);
    await stopped(`// declares nothing\n${waits}`);
    await kernel.execute("// declares nothing else");
    expect(await told("")).toBe(2);
    await kernel.execute("// declares nothing\n2;");
    expect(await told("")).toBe(undefined);
  });

  test("stops a cell that awaits, and what still runs of it stays silent", async () => {
    const failure = await stopped(
      `import { display } from 'tslab';\nfor (let i = 0; ; i++) { await new Promise((r) => setTimeout(r, 20)); console.log('old cell', i); display.text('old'); ${mark} }`,
    );
    expect(failure.message).toBe("Interrupted: the cell was stopped");
    const outputs = await kernel.execute("await new Promise((r) => setTimeout(r, 200)); console.log('new cell')");
    // Where the old one's would be shown.
    expect(outputs).toEqual([{ output_type: "stream", name: "stdout", text: "new cell\n" }]);
  });
});
