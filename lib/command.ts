/** What the commands in package.json share. */
import type { ChildProcess } from "node:child_process";
import * as fs from "node:fs";

/**
 * Runs a command. `--help` prints the comment at the head of its file instead, so that the help is written only once.
 * If `main` throws, the error's message is printed without a stack trace, and the command fails.
 *
 * @param main Gets the words after the command.
 */
export async function runCommand(main: (words: string[]) => void | Promise<void>): Promise<void> {
  const [, file, ...words] = process.argv;
  // The reader of the output may stop reading, as in `npm run data | head -1`, and the disk of its file may be full.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(141); // what a shell reports for a program that ended for this reason
    console.error(`The output cannot be written: ${error.message}`);
    process.exit(1);
  });
  if (words.includes("--help")) return console.log(headOf(file));
  try {
    await main(words);
  } catch (error) {
    const { message, code = "" } = error as NodeJS.ErrnoException;
    const slip = code.startsWith("ERR_PARSE_ARGS"); // parseArgs says what is wrong, not what would be right
    console.error(slip ? `${message}. --help lists what there is` : message);
    process.exitCode = 1;
  }
}

/** Calls `then` for every signal that asks a command to end. Of one Ctrl-C npm makes several. */
export function onStop(then: (signal: NodeJS.Signals) => void): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, then);
}

/**
 * Waits until a program has ended, also one that an AbortSignal ends: its exit code and all that it printed.
 *
 * @throws if it does not start.
 */
export function endOf(child: ChildProcess): Promise<{ code: number | null; printed: string }> {
  return new Promise((resolve, reject) => {
    let printed = "";
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (data) => (printed += data));
    child.on("error", (error) => error.name === "AbortError" || reject(error)); // a stopped one has yet to end
    child.once("close", (code) => resolve({ code, printed }));
  });
}

/** The comment at the head of a file, without its stars. */
export function headOf(file: string): string {
  const comment = /^\/\*\*([^]*?)\*\//.exec(fs.readFileSync(file, "utf8"))?.[1] ?? "";
  return comment.replace(/^ \* ?/gm, "").trim();
}
