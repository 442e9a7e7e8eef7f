/** The film data of notebooks 02 and 07: MovieLens-100K if the reader has it, a planted stand-in if not. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { cacheFolder, inCache } from "../data/cache";
import { loadMovieLens, type MovieLens, type MovieLensOptions, readMovieLens } from "../data/movielens";
import { writePlantedFilms } from "../data/planted/films";

export interface Films {
  data: MovieLens;
  /** What to call it in titles and captions. */
  name: "MovieLens-100K" | "the planted stand-in";
}

/** Loads the film data and says which it is; where it is the stand-in, also how to get the real one. */
export async function loadFilms(options?: MovieLensOptions): Promise<Films> {
  const films = await readFilms(options);
  console.log(
    films.name === "MovieLens-100K"
      ? "MovieLens-100K, from the cache. Source: F. M. Harper and J. A. Konstan (2015), GroupLens, University of Minnesota."
      : `MovieLens-100K is not in ${cacheName()}, so a planted stand-in takes its place: same files, invented films.\n` +
          "To get the real one (5 MB), run in a terminal: npm run data -- ml-100k",
  );
  return films;
}

/**
 * A folder that somebody named is worth repeating: there may be a slip in it. The usual one differs from machine to
 * machine.
 */
function cacheName(): string {
  return process.env.CTR_DATA ? `CTR_DATA, ${cacheFolder()}` : "the cache folder of this machine";
}

/** Like loadFilms, without a word: for processes that have no cell to write below. */
export async function readFilms(options?: MovieLensOptions): Promise<Films> {
  if (inCache("ml-100k")) return { data: await loadMovieLens("ml-100k", options), name: "MovieLens-100K" };
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "planted-films-"));
  try {
    writePlantedFilms(folder, 1);
    return { data: await readMovieLens("ml-100k", folder, options), name: "the planted stand-in" };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
