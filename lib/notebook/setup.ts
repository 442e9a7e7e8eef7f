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
 * The outputs in the repository were made on wasm, which gives the same digits on every machine. The others differ in
 * the last ones, and a training may carry that further.
 */
export function greeting(engine: Engine, why: string): string {
  const digits =
    engine === "wasm"
      ? "Your numbers will be the ones you see here, digit for digit."
      : "Your numbers may differ from the ones you see here, made on wasm: most in the last digits, a few by more.";
  return `Engine: ${engine} (${withoutPaths(why)}). ${digits}`;
}

/** Node's words for a missing package name the files of this machine, which say nothing to the reader. */
function withoutPaths(text: string): string {
  return text.replace(/ (imported from|at path:?|in) \S*[\\/]\S*/g, "").trim();
}
