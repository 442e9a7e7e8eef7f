/** What the commands in package.json share. */
import * as fs from "node:fs";

/**
 * Runs a command. `--help` prints the comment at the head of its file instead, so that there is one text about it.
 * What `main` throws is printed as one sentence, without a stack, and the command fails.
 *
 * @param main Gets the words after the command.
 */
export async function runCommand(main: (words: string[]) => void | Promise<void>): Promise<void> {
  const [, file, ...words] = process.argv;
  // Whoever reads may have enough, as in `npm run data | head -1`.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(141); // as a shell says of a program that ended for this reason
    throw error;
  });
  if (words.includes("--help")) return console.log(headOf(file));
  try {
    await main(words);
  } catch (error) {
    const { message, code = "" } = error as NodeJS.ErrnoException;
    const slip = code.startsWith("ERR_PARSE_ARGS"); // parseArgs says what is wrong, not what would be right
    console.error(slip ? `${message}. --help says what there is` : message);
    process.exitCode = 1;
  }
}

/** The comment at the head of a file, without its stars. */
export function headOf(file: string): string {
  const comment = /^\/\*\*([^]*?)\*\//.exec(fs.readFileSync(file, "utf8"))?.[1] ?? "";
  return comment.replace(/^ \* ?/gm, "").trim();
}
