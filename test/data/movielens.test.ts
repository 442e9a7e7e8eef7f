import { describe, expect, onTestFinished, test, vi } from "vitest";
import { inCache } from "../../lib/data/cache";
import { encode } from "../../lib/data/encode";
import { loadMovieLens, readMovieLens } from "../../lib/data/movielens";
import type { MovieLensName } from "../../lib/data/movielensfiles";
import { type TextColumn, textsAt } from "../../lib/data/raw";
import { temporaryCache, temporaryFolder } from "../temporary";

const noGenres = "0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0";
const withGenres = (...places: number[]) => noGenres.split("|").map((_, i) => (places.includes(i) ? 1 : 0)).join("|");

/** Three users, three films and the same five ratings in each format. */
const files: Record<MovieLensName, Record<string, string | Buffer>> = {
  "ml-100k": {
    "u.item": Buffer.from(
      `10|Toy Story (1995)|01-Jan-1995||http://x|${withGenres(3, 4)}\n20|Mis\xe9rables, Les (1995)|01-Jan-1995||http://y|${withGenres(8)}\n30|unknown||||${withGenres(0)}\n`,
      "latin1",
    ),
    "u.user": "1|24|M|technician|85711\n2|53|F|other|94043\n3|7|M|student|55436\n",
    "u.data": "1\t10\t5\t100\n1\t20\t3\t200\n1\t30\t4\t300\n2\t10\t4\t150\n1\t20\t5\t300\n",
  },
  "ml-1m": {
    "movies.dat": Buffer.from(
      "10::Toy Story (1995)::Animation|Children's\n20::Mis\xe9rables, Les (1995)::Drama\n30::unknown::unknown\n",
      "latin1",
    ),
    "users.dat": "1::M::18::technician::48067\n2::F::50::other::70072\n3::M::1::student::55117\n",
    "ratings.dat": "1::10::5::100\n1::20::3::200\n1::30::4::300\n2::10::4::150\n1::20::5::300\n",
  },
  "ml-latest-small": {
    "movies.csv":
      'movieId,title,genres\n10,Toy Story (1995),Animation|Children\'s\n20,"Misérables, Les (1995)",Drama\n30,unknown,(no genres listed)\n',
    "ratings.csv":
      "userId,movieId,rating,timestamp\r\n1,10,5.0,100\r\n1,20,3.5,200\r\n1,30,4.0,300\r\n2,10,4.0,150\r\n1,20,5.0,300\r\n",
  },
};

function cacheWith(name: MovieLensName, changes: Record<string, string> = {}): string {
  return temporaryCache(name, { ...files[name], ...changes });
}

test("a film without a genre has the one called unknown, also where its field is empty", async () => {
  const movies = files["ml-latest-small"]["movies.csv"].toString().replace("(no genres listed)", "");
  const data = await readMovieLens("ml-latest-small", cacheWith("ml-latest-small", { "movies.csv": movies }));
  expect(textsAt(data.columns.genres as TextColumn, 2)).toEqual(["unknown"]);
});

test("a genre of MovieLens 100K is there or not, with 1 or 0", async () => {
  const films = String(files["ml-100k"]["u.item"]).replace("1|1|", "1|2|");
  await expect(readMovieLens("ml-100k", cacheWith("ml-100k", { "u.item": films }))).rejects.toThrow(
    'u.item, line 1, column 10: Children\'s is "2", expected 0 or 1',
  );
});

describe.each(Object.keys(files) as MovieLensName[])("%s", (name) => {
  test("becomes impressions with labels, histories, genres and titles", async () => {
    const data = await readMovieLens(name, cacheWith(name), { historyLength: 2 });
    const column = (name: string) =>
      Array.from({ length: 5 }, (_, row) => textsAt(data.columns[name] as TextColumn, row));
    expect(Array.from(data.labels)).toEqual([1, 0, 1, 1, 1]);
    expect(Array.from(data.users!)).toEqual([1, 1, 1, 2, 1]);
    expect(Array.from(data.times!)).toEqual([100, 200, 300, 150, 300]);
    expect(column("item")).toEqual([["10"], ["20"], ["30"], ["10"], ["20"]]);
    expect(column("genres")).toEqual([
      ["Animation", "Children's"],
      ["Drama"],
      ["unknown"],
      ["Animation", "Children's"],
      ["Drama"],
    ]);
    // The film of row 1 got too few stars for a click, and the two ratings at 300 do not see each other.
    expect(column("history")).toEqual([[], ["10"], ["10"], [], ["10"]]);
    expect(column("historyGenre")).toEqual([[], ["Animation"], ["Animation"], [], ["Animation"]]);
    expect(data.titles.get("20")).toBe("Misérables, Les (1995)");
    if (name !== "ml-latest-small") expect(column("age")[3]).toEqual(["50..56"]);
    if (name !== "ml-latest-small") expect(column("age")[0]).toEqual(["18..25"]);
    expect(encode(data, Int32Array.of(0, 1)).impressions.features.map((feature) => feature.name)).toEqual(
      Object.keys(data.columns),
    );
  });

  test("refuses options that make no sense before it looks for files", async () => {
    await expect(readMovieLens(name, "nowhere", { historyLength: 0 })).rejects.toThrow("historyLength is 0");
    await expect(readMovieLens(name, "nowhere", { threshold: NaN })).rejects.toThrow("threshold is NaN");
    await expect(readMovieLens(name, "nowhere", { treshold: 3 } as object)).rejects.toThrow("has no option treshold");
  });

  test("takes another threshold", async () => {
    const data = await readMovieLens(name, cacheWith(name), { threshold: 5 });
    expect(Array.from(data.labels)).toEqual([1, 0, 0, 0, 1]);
    expect(data.columns.history.width).toBe(50); // clicks that a history keeps, if nothing else is said
  });

  test("refuses ratings of films or by users that are not there, and stars beyond 5", async () => {
    const file = Object.keys(files[name]).find((file) => /data$|ratings/.test(file)) as string;
    const good = String(files[name][file]);
    for (const [from, to, message] of [
      ["20", "99", 'movieId is "99", expected a film'],
      ["5.0,100", "6,100", "rating is 6"],
      ["5\t100", "6\t100", "rating is 6"],
      ["5::100", "6::100", "rating is 6"],
      ["1,10", "3000000000,10", "userId is 3000000000, expected a number from 0 to 2^31 - 1"],
      ["1\t10", "4\t10", "userId is 4, expected a user of the users' file"],
      ["1::10", "4::10", "userId is 4, expected a user of the users' file"],
    ]) {
      if (!good.includes(from)) continue;
      await expect(readMovieLens(name, cacheWith(name, { [file]: good.replace(from, to) }))).rejects.toThrow(message);
    }
  });

  test("refuses a film or a user that is there twice", async () => {
    for (const [file, id, message] of [
      ["u.item", "20|", 'movieId is "10"'],
      ["movies.dat", "20::", 'movieId is "10"'],
      ["movies.csv", "20,", 'movieId is "10"'],
      ["u.user", "2|", "userId is 1"],
      ["users.dat", "2::", "userId is 1"],
    ]) {
      if (!(file in files[name])) continue;
      const broken = String(files[name][file]).replace(`\n${id}`, `\n${id.replace("2", "1")}`);
      await expect(readMovieLens(name, cacheWith(name, { [file]: broken }))).rejects.toThrow(
        `${message}, which was there before. Expected every id once`,
      );
    }
  });

  test("is not mistaken for the published set when ratings are missing", async () => {
    onTestFinished(() => void vi.unstubAllEnvs());
    vi.stubEnv("CTR_DATA", cacheWith(name));
    await expect(loadMovieLens(name)).rejects.toThrow(
      /has 5 ratings, expected the published \d+\. Delete the folder .* and fetch it again: npm run data -- /,
    );
    vi.stubEnv("CTR_DATA", temporaryFolder());
    await expect(loadMovieLens(name)).rejects.toThrow(`Fetch it once with: npm run data -- ${name}`);
  });
});

describe.skipIf(!inCache("ml-100k"))("the real MovieLens 100K in the cache", () => {
  test("has the published counts, and no history sees the present or the future", async () => {
    const data = await loadMovieLens("ml-100k", { historyLength: 10 });
    expect(data.size).toBe(100_000);
    expect(data.labels.reduce((sum, label) => sum + label, 0)).toBe(55_375);
    expect(data.titles.get("1")).toBe("Toy Story (1995)");
    expect(Array.from(data.titles.values()).some((title) => title.includes("é"))).toBe(true);
    const { words, codes } = data.columns.item as TextColumn;
    const history = data.columns.history as TextColumn;
    const clicked = new Map<string, number>(); // user and film → when
    for (let row = 0; row < data.size; row++)
      if (data.labels[row] === 1) clicked.set(`${data.users![row]} ${words[codes[row]]}`, data.times![row]);
    let longest = 0;
    for (let row = 0; row < data.size; row += 7) {
      const films = textsAt(history, row);
      longest = Math.max(longest, films.length);
      const times = films.map((film) => clicked.get(`${data.users![row]} ${film}`) as number);
      for (const [i, time] of times.entries())
        if (!(time < data.times![row] && (i === 0 || times[i - 1] <= time)))
          throw new Error(`row ${row} saw ${films[i]} at ${time}`);
    }
    expect(longest).toBe(10);
  });
});
