import { expect, test, vi } from "vitest";
import { collectLessOften } from "../../lib/engine";
import { greeting, setup } from "../../lib/notebook/setup";

vi.mock("../../lib/engine", () => ({
  collectLessOften: vi.fn(),
  useEngine: async () => ({ engine: "cpu", why: "as asked by CTR_BACKEND" }),
}));

test("a notebook's first cell says in one line what computes, and has the heap collected less often", async () => {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  await setup();
  expect(log.mock.calls).toEqual([[greeting("cpu", "as asked by CTR_BACKEND")]]);
  expect(collectLessOften).toHaveBeenCalledOnce();
  log.mockRestore();
});

test("the greeting names the engine and what it means for the digits, and no file of this machine", () => {
  expect(greeting("wasm", "as asked by CTR_BACKEND")).toBe(
    "Engine: wasm (as asked by CTR_BACKEND). Your numbers will be the ones you see here, digit for digit.",
  );
  expect(greeting("node", "the fastest for large models")).toContain("may differ from the ones you see here");
  const why = "no node: The addon (tfjs_binding.node) can not be found at path: /home/a/node_modules/x.node. ";
  expect(greeting("wasm", why)).toContain("(no node: The addon (tfjs_binding.node) can not be found).");
  expect(
    greeting("wasm", "no node: Cannot find package '@tensorflow/tfjs-node' imported from /home/a/lib/engine.ts"),
  ).toContain("(no node: Cannot find package '@tensorflow/tfjs-node').");
  const spaced = "no node: Cannot find package 'x' imported from /home/a/my course v1.2 x/lib/engine.ts; no wasm: out of memory";
  expect(greeting("cpu", spaced)).toContain("(no node: Cannot find package 'x'; no wasm: out of memory).");
  expect(greeting("wasm", "no node: no such symbol in /home/a/x.node")).toContain("(no node: no such symbol).");
});
