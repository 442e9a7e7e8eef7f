/**
 * npm run data               lists the real data sets, their licences, and which of them are in the cache
 * npm run data -- NAME       fetches one
 * npm run data -- NAME PATH  takes one from files downloaded by hand
 */
import { cacheFolder, inCache } from "./cache";
import { dataSets } from "./catalogue";
import { runCommand } from "../command";
import { dataSet, install } from "./install";

if (process.argv[1]?.endsWith("fetch.ts")) void runCommand(main);

async function main([name, from, ...rest]: string[]): Promise<void> {
  const cache = cacheFolder();
  if (rest.length > 0) throw new Error(`expected a name and a path, got more: ${rest.join(" ")}`);
  if (name === undefined) {
    console.log(`The cache is ${cache}`);
    for (const set of dataSets)
      console.log(
        `${inCache(set.name, cache) ? "here" : "    "}  ${set.name.padEnd(20)}${set.about}\n${" ".repeat(26)}${set.licence}`,
      );
    console.log("To fetch one: npm run data -- NAME. Downloaded by hand: npm run data -- NAME PATH");
    return;
  }
  await install(dataSet(name), { cache, from, log: (line) => console.log(line), onProgress: progressPrinter() });
}

/** On a terminal, one line that is overwritten again and again; elsewhere, a line for each tenth of the file. */
export function progressPrinter(): (file: string, received: number, total: number | undefined) => void {
  let shown = "";
  return (file, received, total) => {
    const step = process.stderr.isTTY ? 100 : 10;
    const share = total ? `${(Math.floor((received / total) * step) * 100) / step}%` : "";
    const megabytes = `${Math.floor(received / 1e6)} MB`;
    if (shown === file + (share || megabytes)) return;
    shown = file + (share || megabytes);
    const isOver = received === total || !process.stderr.isTTY;
    process.stderr.write(`${file}: ${megabytes} ${share}${isOver ? "\n" : "\r"}`); // the next words may be an error's
  };
}
