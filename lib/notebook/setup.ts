/**
 * The first thing every notebook does.
 */
import { collectLessOften, type Engine, useEngine } from "../engine";

/** Chooses what computes, and says in one line which engine that is, why, and what it means for the digits. */
export async function setup(): Promise<void> {
  collectLessOften();
  const { engine, why } = await useEngine();
  console.log(greeting(engine, why));
}

/**
 * The outputs in the repository were made on wasm, which gives the same digits on every machine. Other engines differ
 * in the last digits, and training may make the difference larger.
 */
export function greeting(engine: Engine, why: string): string {
  const digits =
    engine === "wasm"
      ? "Your numbers will be the ones you see here, digit for digit."
      : "Your numbers may differ from the ones you see here, made on wasm: most in the last digits, a few by more.";
  return `Engine: ${engine} (${withoutPaths(why)}). ${digits}`;
}

/** Node's message about a missing package names files of this machine, which tell the reader nothing. */
function withoutPaths(text: string): string {
  return text.replace(/ (imported from|at path:?|in) (?=\S*[\\/])[^;]*[\\/][^\s;]*/g, "").trim(); // folders may have spaces
}
