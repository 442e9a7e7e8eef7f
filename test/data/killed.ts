/**
 * A process to be killed: puts a data set into a cache, or packs a table and prints a line every thousand rows.
 *
 *   node --import tsx test/data/killed.ts install URL SHA256 CACHE
 *   node --import tsx test/data/killed.ts pack TEXT PACKED
 */
import { setTimeout } from "node:timers/promises";
import { type DataSet, unzipped } from "../../lib/data/catalogue";
import { criteoFormat, criteoSchema } from "../../lib/data/criteo";
import { hasChecksum } from "../../lib/data/download";
import { install } from "../../lib/data/install";
import { type PackOptions, packTable } from "../../lib/data/stream";

/** A data set of one archive, toy.zip, with the files a.bin and b.bin. Between them it takes its time. */
export function toySet(url: string, sha256: string, pause = 0): DataSet {
  const install = async (file: string, folder: string) => {
    await unzipped("toy", ["a.bin"])(file, folder);
    if (pause > 0) console.log("one file of two is unpacked");
    await setTimeout(pause);
    await unzipped("toy", ["b.bin"])(file, folder);
  };
  return {
    name: "toy",
    about: "A toy",
    licence: "Free",
    homepage: url,
    sources: [{ file: "toy.zip", url, verify: hasChecksum(sha256), install }],
  };
}

export async function pack(text: string, packed: string, onProgress?: PackOptions["onProgress"]): Promise<void> {
  (
    await packTable(text, criteoFormat, criteoSchema({ minCount: 2 }), {
      to: packed,
      isTrainingRow: (row) => row % 2 === 0,
      onProgress,
    })
  ).close();
}

async function main([work, ...words]: string[]): Promise<void> {
  if (work === "install") await install(toySet(words[0], words[1], 100), { cache: words[2] });
  else await pack(words[0], words[1], (pass, rows) => console.log(pass, rows));
}

if (process.argv[1]?.endsWith("killed.ts")) {
  main(process.argv.slice(2)).catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
}
