/** What the end-to-end scripts share: their arguments, and the course started as a reader does. */
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

export const root = path.resolve(import.meta.dirname, "../..");

/** `npm start -- --no-browser`, until it printed its address. */
export async function startCourse(limit = 300_000): Promise<{ address: URL; end(): Promise<void> }> {
  // In a process group of its own: the Ctrl-C of a terminal reaches the whole group, and so does end().
  const npm = spawn("npm", ["start", "--", "--no-browser"], {
    cwd: root,
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => npm.once("exit", () => resolve()));
  const end = async () => {
    if (npm.exitCode === null && npm.signalCode === null) process.kill(-npm.pid!, "SIGINT");
    await ended;
  };
  try {
    const address = await new Promise<URL>((resolve, reject) => {
      let printed = "";
      npm.stdout.on("data", (data) => {
        printed += data;
        const url = /http:\S+/.exec(printed)?.[0];
        if (url) resolve(new URL(url));
      });
      setTimeout(
        () => reject(new Error(`npm start printed no address in ${limit / 1000} s, but:\n${printed}`)),
        limit,
      ).unref();
      void ended.then(() => reject(new Error(`npm start ended with:\n${printed}`)));
    });
    return { address, end };
  } catch (error) {
    await end();
    throw error;
  }
}

/**
 * The names of the notebooks that begin as the script's arguments do, in order: all, if neither these nor `byDefault`
 * say which.
 */
export function askedNotebooks(...byDefault: string[]): string[] {
  const given = process.argv.slice(2);
  const beginnings = given.length > 0 ? given : byDefault;
  const names = fs.readdirSync(path.join(root, "notebooks")).filter((name) => name.endsWith(".ipynb")).sort();
  for (const beginning of beginnings) {
    if (!names.some((name) => name.startsWith(beginning)))
      throw new Error(`no notebook begins with ${beginning}, there are ${names.join(", ")}`);
  }
  return names.filter((name) => beginnings.length === 0 || beginnings.some((beginning) => name.startsWith(beginning)));
}

/** The one notebook that the script's argument names. */
export function askedNotebook(byDefault: string): string {
  const names = askedNotebooks(byDefault);
  if (names.length > 1) throw new Error(`expected one notebook, got ${names.join(" and ")}`);
  return names[0];
}

/** Does a script's work and ends its process, whatever that has left open. */
export function runScript(main: () => Promise<void>): void {
  main().then(
    () => process.exit(0),
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
}
