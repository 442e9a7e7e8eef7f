/**
 * MovieLens as clicks: every rating is an impression, and a rating of 4 or more counts as a click.
 *
 * Features: user, item, genres (all of the film's) and genre (the first one listed); the user's age, gender and
 * occupation where the set has them; history and historyGenre, the films that the user clicked before, oldest first,
 * and the first genre of each.
 *
 * Source: F. M. Harper and J. A. Konstan, "The MovieLens Datasets", TiiS 2015.
 * https://grouplens.org/datasets/movielens/
 */
import { checkOptionNames, checkPositive, checkWhole } from "../checks";
import { cacheFolder, fetchAgain } from "./cache";
import { earlierClicks } from "./histories";
import { type MovieLensName, type Person, readFilms, readPeople, readRatings } from "./movielensfiles";
import { type RawImpressions, sequenceColumn, textColumn, type TextColumn } from "./raw";
import { label, type Schema, sequence, sparse, time, user } from "./schema";

export interface MovieLensOptions {
  /** The lowest rating that counts as a click. Default 4. */
  threshold?: number | undefined;
  /** How many of the newest clicks a history keeps. Default 50. */
  historyLength?: number | undefined;
}

export interface MovieLens extends RawImpressions {
  readonly columns: Readonly<Record<string, TextColumn>>;
  readonly users: Int32Array;
  readonly times: Float64Array;
  /** Stars, 0.5 to 5: [size]. */
  readonly ratings: Float32Array;
  /** Titles, with the year where the file has one, by item. */
  readonly titles: ReadonlyMap<string, string>;
}

/** What GroupLens publishes, and the clicks that ratings of 4 and more make. */
const published: Record<MovieLensName, Record<"ratings" | "users" | "items" | "clicks", number>> = {
  "ml-100k": { ratings: 100_000, users: 943, items: 1_682, clicks: 55_375 },
  "ml-1m": { ratings: 1_000_209, users: 6_040, items: 3_706, clicks: 575_281 },
  "ml-latest-small": { ratings: 100_836, users: 610, items: 9_724, clicks: 48_580 },
};

/**
 * The data set from the cache.
 *
 * @throws if it is not in the cache, or if its counts are not the published ones.
 */
export async function loadMovieLens(name: MovieLensName, options: MovieLensOptions = {}): Promise<MovieLens> {
  const data = await readMovieLens(name, cacheFolder(), options);
  const got = {
    ratings: data.size,
    users: new Set(data.users).size,
    items: new Set((data.columns.item as TextColumn).codes).size,
    clicks: data.ratings.filter((rating) => rating >= 4).length,
  };
  for (const key of ["ratings", "users", "items", "clicks"] as const) {
    if (got[key] !== published[name][key]) {
      throw new Error(
        `${name} has ${got[key]} ${key}, expected the published ${published[name][key]}. ${fetchAgain(name)}`,
      );
    }
  }
  return data;
}

/** Like loadMovieLens, but reads from any folder laid out like the cache, and accepts any number of ratings. */
export async function readMovieLens(
  name: MovieLensName,
  cache: string,
  options: MovieLensOptions = {},
): Promise<MovieLens> {
  checkOptionNames("MovieLens", options, { threshold: true, historyLength: true });
  const { threshold = 4, historyLength = 50 } = options;
  checkPositive("threshold", threshold);
  checkWhole("historyLength", historyLength);
  const films = await readFilms(name, cache);
  const people = await readPeople(name, cache);
  const users: number[] = [];
  const items: string[] = [];
  const stars: number[] = [];
  const seconds: number[] = [];
  await readRatings(name, cache, films, people, (rating) => {
    users.push(rating.user);
    items.push(rating.item);
    stars.push(rating.rating);
    seconds.push(rating.time);
  });

  const labels = Float32Array.from(stars, (rating) => (rating >= threshold ? 1 : 0));
  const events = { labels, users: Int32Array.from(users), times: Float64Array.from(seconds) };
  const earlier = earlierClicks(events, historyLength);
  const genresOf = (item: string) => films.get(item)!.genres;
  const item = textColumn(items);
  const genre = textColumn(items.map((item) => genresOf(item)[0]));
  const aboutUser: Record<string, TextColumn> = {};
  if (people.size > 0) {
    for (const key of ["age", "gender", "occupation"] as const) {
      aboutUser[key] = textColumn(users.map((user) => (people.get(user) as Person)[key]));
    }
  }
  const mostGenres = Math.max(...Array.from(films.values(), (film) => film.genres.length));
  return {
    size: labels.length,
    schema: schema(Object.keys(aboutUser), mostGenres, historyLength),
    columns: {
      user: textColumn(users.map(String)),
      ...aboutUser,
      item,
      genre,
      genres: sequenceColumn(items.map(genresOf), mostGenres),
      history: at(item, earlier, historyLength),
      historyGenre: at(genre, earlier, historyLength),
    },
    ...events,
    ratings: Float32Array.from(stars),
    titles: new Map(Array.from(films, ([item, film]) => [item, film.title])),
  };
}

function schema(aboutUser: string[], mostGenres: number, historyLength: number): Schema {
  return {
    user: sparse(),
    ...Object.fromEntries(aboutUser.map((name) => [name, sparse()])),
    item: sparse(),
    genre: sparse(),
    genres: sequence({ maxLength: mostGenres, vocabulary: "genre" }),
    history: sequence({ maxLength: historyLength, vocabulary: "item" }),
    historyGenre: sequence({ maxLength: historyLength, vocabulary: "genre" }),
    label: label(),
    who: user(),
    when: time(),
  };
}

/** The column's texts in other rows, given as row + 1, with 0 for nothing: [size x width]. */
function at({ words, codes }: TextColumn, rows: Int32Array, width: number): TextColumn {
  return { words, codes: rows.map((row) => (row === 0 ? 0 : codes[row - 1])), width };
}
