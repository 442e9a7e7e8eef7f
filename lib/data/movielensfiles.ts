/** The files of three MovieLens sets, each in its own format, read into the same shape. */
import { cachedFile } from "./cache";
import { readColumns, type Reader, type TextFormat } from "./csv";
import { boundaries, finiteNumber, wholeNumber } from "./schema";

export type MovieLensName = "ml-100k" | "ml-1m" | "ml-latest-small";

export interface Film {
  /** With the year, where the file has one. */
  title: string;
  /** At least one, in the order of the file. */
  genres: string[];
}

export interface Person {
  /** One of seven: "..18", "18..25" to "56..". */
  age: string;
  gender: string;
  occupation: string;
}

export interface Rating {
  user: number;
  item: string;
  rating: number;
  time: number;
}

type Table = readonly [file: string, format: TextFormat];

const bars = { delimiter: "|", quotes: false, encoding: "latin1" } as const;
const colons = { delimiter: "::", quotes: false, encoding: "latin1" } as const;

/** The genres of MovieLens-100K, in the order of its 19 columns. */
const genres100k =
  "unknown Action Adventure Animation Children's Comedy Crime Documentary Drama Fantasy Film-Noir Horror Musical Mystery Romance Sci-Fi Thriller War Western".split(
    " ",
  );

const filmTables: Record<MovieLensName, Table> = {
  "ml-100k": ["u.item", { ...bars, header: ["movieId", "title", "released", "video", "url", ...genres100k] }],
  "ml-1m": ["movies.dat", { ...colons, header: ["movieId", "title", "genres"] }],
  "ml-latest-small": ["movies.csv", {}],
};

const ratingTables: Record<MovieLensName, Table> = {
  "ml-100k": ["u.data", { delimiter: "\t", quotes: false, header: ["userId", "movieId", "rating", "timestamp"] }],
  "ml-1m": ["ratings.dat", { ...colons, header: ["userId", "movieId", "rating", "timestamp"] }],
  "ml-latest-small": ["ratings.csv", {}],
};

const peopleTables: Partial<Record<MovieLensName, Table>> = {
  "ml-100k": ["u.user", { ...bars, header: ["userId", "age", "gender", "occupation", "zip"] }],
  "ml-1m": ["users.dat", { ...colons, header: ["userId", "gender", "age", "occupation", "zip"] }],
};

const text = (value: string) => value;
// The seven groups of MovieLens-1M, which gives the lower end instead of the age.
const ageGroup = boundaries(18, 25, 35, 45, 50, 56);

/** The films of a MovieLens in the cache, by their id there. */
export async function readFilms(name: MovieLensName, cache: string): Promise<Map<string, Film>> {
  const [file, format] = filmTables[name];
  const films = new Map<string, Film>();
  const add = (id: string, title: string, genres: string[]) =>
    films.set(id, { title, genres: genres.length > 0 ? genres : ["unknown"] });
  const id: Reader<string> = ["movieId", newKey(films)];
  if (name === "ml-100k") {
    const flags = genres100k.map((genre): Reader<string> => [genre, flag]);
    await readColumns<string[]>(
      cachedFile(name, file, cache),
      format,
      [id, ["title", text], ...flags],
      ([id, title, ...has]) => {
        add(
          id,
          title,
          genres100k.filter((_, i) => has[i] === "1"),
        );
      },
    );
  } else {
    await readColumns<[string, string, string]>(
      cachedFile(name, file, cache),
      format,
      [id, ["title", text], ["genres", text]],
      ([id, title, genres]) => {
        add(id, title, genres === "" || genres === "(no genres listed)" ? [] : genres.split("|"));
      },
    );
  }
  return films;
}

/** Empty for a set that says nothing about its users. */
export async function readPeople(name: MovieLensName, cache: string): Promise<Map<number, Person>> {
  const people = new Map<number, Person>();
  const table = peopleTables[name];
  if (!table) return people;
  const [file, format] = table;
  await readColumns<[number, string, string, string]>(
    cachedFile(name, file, cache),
    format,
    [
      ["userId", (value) => newKey(people)(wholeNumber(value))],
      ["age", ageGroup],
      ["gender", text],
      ["occupation", text],
    ],
    ([user, age, gender, occupation]) => people.set(user, { age, gender, occupation }),
  );
  return people;
}

/** Calls onRating for every rating, in the order of the file. */
export async function readRatings(
  name: MovieLensName,
  cache: string,
  films: ReadonlyMap<string, Film>,
  people: ReadonlyMap<number, Person>,
  onRating: (rating: Rating) => void,
): Promise<void> {
  const [file, format] = ratingTables[name];
  const user = (value: string) => {
    const id = wholeNumber(value);
    if (id < 0 || id >= 2 ** 31) throw new RangeError(`${value}, expected a number from 0 to 2^31 - 1`);
    if (people.size > 0 && !people.has(id)) throw new RangeError(`${value}, expected a user of the users' file`);
    return id;
  };
  const film = (value: string) => {
    if (!films.has(value))
      throw new RangeError(`${JSON.stringify(value.slice(0, 40))}, expected a film of the films' file`);
    return value;
  };
  const stars = (value: string) => {
    const rating = finiteNumber(value);
    if (rating < 0.5 || rating > 5) throw new RangeError(`${value}, expected 0.5 to 5 stars`);
    return rating;
  };
  await readColumns<[number, string, number, number]>(
    cachedFile(name, file, cache),
    format,
    [["userId", user], ["movieId", film], ["rating", stars], ["timestamp", wholeNumber]],
    ([user, item, rating, time]) => onRating({ user, item, rating, time }),
  );
}

function newKey<K>(map: ReadonlyMap<K, unknown>): (key: K) => K {
  return (key) => {
    if (map.has(key)) throw new RangeError(`${JSON.stringify(key)}, which was there before. Expected every id once`);
    return key;
  };
}

function flag(value: string): string {
  if (value !== "0" && value !== "1") throw new RangeError(`${JSON.stringify(value.slice(0, 40))}, expected 0 or 1`);
  return value;
}
