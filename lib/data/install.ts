/** Puts a real data set into the cache: from the network, or from files that the reader downloaded by hand. */
import * as fs from "node:fs";
import * as path from "node:path";
import { inCache } from "./cache";
import { type DataSet, dataSets, type Source } from "./catalogue";
import { download } from "./download";
import { DiskError, leftovers, makeInPlace, release } from "./staging";

export interface InstallOptions {
  cache: string;
  /** The downloaded file, or the folder with all of the set's files. Without it they are fetched. */
  from?: string | undefined;
  /** Takes one line of text. */
  log?: ((line: string) => void) | undefined;
  onProgress?: ((file: string, received: number, total: number | undefined) => void) | undefined;
}

/** The data set of that name. @throws RangeError that lists the names there are. */
export function dataSet(name: string): DataSet {
  const found = dataSets.find((set) => set.name === name);
  if (!found)
    throw new RangeError(
      `no data set is called ${JSON.stringify(name)}, expected one of: ${dataSets.map((set) => set.name).join(", ")}`,
    );
  return found;
}

/**
 * Fetches, verifies and unpacks the data set into its folder in the cache. The folder is there completely or not at
 * all, whenever the process dies; a download that broke off goes on from there the next time. Does nothing if the set
 * is there.
 *
 * @throws an error that says how to do it by hand.
 */
export async function install(set: DataSet, options: InstallOptions): Promise<void> {
  const { cache, from, log = () => {} } = options;
  const folder = path.join(cache, set.name);
  if (inCache(set.name, cache)) return log(`${set.name} is in ${folder}`);
  if (from === undefined && !set.sources.every(({ url }) => url)) {
    throw new Error(`${set.name} cannot be fetched without an account or an agreement. ${byHand(set)}`);
  }
  if (set.sources.every(({ file }) => leftovers(path.join(cache, file)).length === 0))
    log(`${set.about}. ${set.licence}`); // once, not again when a download resumes
  const files: string[] = [];
  try {
    for (const source of set.sources) files.push(await obtain(set, source, options));
    await makeInPlace(folder, async (staging) => {
      fs.mkdirSync(staging);
      for (const [i, source] of set.sources.entries()) await source.install(files[i], staging);
    });
    if (from === undefined) for (const file of files) fs.rmSync(file);
  } finally {
    files.forEach(release);
  }
  log(`${set.name} is in ${folder}`);
}

/** The path of the source's verified file. */
async function obtain(set: DataSet, source: Source, { cache, from, onProgress }: InstallOptions): Promise<string> {
  if (from !== undefined) {
    const file = fs.statSync(from, { throwIfNoEntry: false })?.isDirectory() ? path.join(from, source.file) : from;
    if (!fs.existsSync(file)) throw new Error(`${file} is not there. ${byHand(set)}`);
    if (set.sources.length > 1 && file === from)
      throw new Error(`${from} is one file, expected the folder with ${names(set)}`);
    try {
      await source.verify(file);
    } catch (error) {
      throw new Error(`${file}: ${(error as Error).message}`);
    }
    return file;
  }
  const report = (received: number, total: number | undefined) => onProgress?.(source.file, received, total);
  try {
    return await download(
      { url: source.url!, verify: source.verify, onProgress: report },
      path.join(cache, source.file),
    );
  } catch (error) {
    if (error instanceof DiskError) throw error;
    throw new Error(`${(error as Error).message}. ${byHand(set)}`.replace(/\.\. /, ". "), { cause: error });
  }
}

/** What a reader can do instead. */
function byHand(set: DataSet): string {
  const where = set.sources.every(({ url }) => url)
    ? set.sources.map(({ url }) => url).join(" and ")
    : `${names(set)} from ${set.homepage}`;
  const what = set.sources.length > 1 ? "the folder they are in" : `path/to/${set.sources[0].file}`;
  return `By hand: download ${where}, then run: npm run data -- ${set.name} ${set.sources.length > 1 ? `path/to/folder (${what})` : what}`;
}

function names(set: DataSet): string {
  return set.sources.map(({ file }) => file).join(" and ");
}
