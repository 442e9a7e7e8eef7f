/** What the commands in package.json share. */
import * as fs from "node:fs";

/**
 * Runs a command. `--help` prints the comment at the head of its file instead, so that the help is written only once.
 * If `main` throws, the error's message is printed without a stack trace, and the command fails.
 *
 * @param main Gets the words after the command.
 */
export async function runCommand(main: (words: string[]) => void | Promise<void>): Promise<void> {
  const [, file, ...words] = process.argv;
  // The reader of the output may stop reading, as in `npm run data | head -1`.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(141); // what a shell reports for a program that ended for this reason
    throw error;
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

/** The comment at the head of a file, without its stars. */
export function headOf(file: string): string {
  const comment = /^\/\*\*([^]*?)\*\//.exec(fs.readFileSync(file, "utf8"))?.[1] ?? "";
  return comment.replace(/^ \* ?/gm, "").trim();
}
