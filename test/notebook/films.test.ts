import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { inCache } from "../../lib/data/cache";
import { writePlantedFilms } from "../../lib/data/planted/films";
import { readFilms, loadFilms } from "../../lib/notebook/films";
import { temporaryFolder } from "../temporary";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

test("without the data set in the cache, planted films take its place and leave no files", async () => {
  vi.stubEnv("CTR_DATA", path.join(os.tmpdir(), "no-such-cache"));
  const temporary = temporaryFolder();
  vi.stubEnv("TMPDIR", temporary);
  const { data, name } = await readFilms();
  expect(name).toBe("the planted stand-in");
  expect(new Set(data.users).size).toBe(600);
  expect(data.titles.get("1")).toBe("Film 1 (1990)");
  expect(fs.readdirSync(temporary)).toEqual([]);
});

test("the reader is told which films these are and how to get the real ones", async () => {
  vi.stubEnv("CTR_DATA", path.join(os.tmpdir(), "no-such-cache"));
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  await loadFilms();
  expect(log.mock.calls.join("\n")).toMatch(/stand-in[\s\S]*npm run data -- ml-100k/);
});

test("a folder that the reader named is repeated, as there may be a slip in it, the usual one is not", async () => {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  const home = temporaryFolder();
  const named = path.join(home, "slip");
  vi.stubEnv("CTR_DATA", named);
  await loadFilms();
  vi.stubEnv("CTR_DATA", "");
  for (const name of ["HOME", "XDG_CACHE_HOME", "LOCALAPPDATA"]) vi.stubEnv(name, home);
  await loadFilms();
  const [first, second] = log.mock.calls.map(([line]) => String(line));
  expect(first).toMatch(`MovieLens-100K is not in CTR_DATA, ${named}, so a planted`);
  expect(second).toMatch("MovieLens-100K is not in the cache folder of this machine, so a planted");
});

test("the planted films are read as the caller asks", async () => {
  vi.stubEnv("CTR_DATA", path.join(os.tmpdir(), "no-such-cache"));
  vi.spyOn(console, "log").mockImplementation(() => {});
  const { columns } = (await loadFilms({ historyLength: 3 })).data;
  expect(columns.historyGenre).toMatchObject({ width: 3 });
});

test.skipIf(!inCache("ml-100k"))("the real films are read as the caller asks, too", async () => {
  const { data, name } = await readFilms({ historyLength: 3 });
  expect([name, data.columns.historyGenre]).toMatchObject(["MovieLens-100K", { width: 3 }]);
});

test("planted people click films of the genres they like more often", async () => {
  vi.stubEnv("CTR_DATA", path.join(os.tmpdir(), "no-such-cache"));
  const { data } = await readFilms();
  // A film of the genre of the user's newest clicked film is liked more often than another one.
  const { genre, historyGenre } = data.columns as Record<
    string,
    { codes: Int32Array; words: readonly string[]; width: number }
  >;
  const shown = { same: [0, 0], other: [0, 0] };
  for (let row = 0; row < data.size; row++) {
    const past = historyGenre.codes
      .subarray(row * historyGenre.width, (row + 1) * historyGenre.width)
      .filter((code) => code !== 0);
    if (past.length === 0) continue;
    const group = past[past.length - 1] === genre.codes[row] ? shown.same : shown.other;
    group[0] += data.labels[row];
    group[1] += 1;
  }
  expect(shown.same[0] / shown.same[1]).toBeGreaterThan(shown.other[0] / shown.other[1] + 0.05);
});

test("planted ratings are 1 to 5 stars, in no order of time, and films differ in how much they are liked", () => {
  const folder = temporaryFolder();
  writePlantedFilms(folder, 1);
  const lines = fs.readFileSync(path.join(folder, "ml-100k", "u.data"), "utf8").trimEnd().split("\n");
  const ratings = lines.map((line) => line.split("\t").map(Number));
  expect([...new Set(ratings.map(([, , stars]) => stars))].sort()).toEqual([1, 2, 3, 4, 5]);
  const users = ratings.map(([user]) => user);
  expect(users).not.toEqual([...users].sort((a, b) => a - b));
  for (const user of [1, 300, 600]) {
    const times = ratings.filter((rating) => rating[0] === user).map(([, , , time]) => time);
    expect(new Set(times).size).toBe(times.length);
  }
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  // Each film has some 50 ratings: by luck alone the means of odd and of even users have nothing in common.
  const means = Array.from({ length: 300 }, (_, film) =>
    [0, 1].map((odd) => mean(ratings.filter(([user, of]) => of === film + 1 && user % 2 === odd).map(([, , s]) => s))),
  );
  const [even, odd] = [0, 1].map((half) => mean(means.map((both) => both[half])));
  expect(mean(means.map(([a, b]) => (a - even) * (b - odd)))).toBeGreaterThan(0.08); // quality, rounded, has 0.25 less
});

test("each of 600 planted users rates 10 to 40 films, none of them twice", () => {
  const folder = temporaryFolder();
  writePlantedFilms(folder, 1);
  const lines = fs.readFileSync(path.join(folder, "ml-100k", "u.data"), "utf8").trimEnd().split("\n");
  const pairs = new Set(lines.map((line) => line.split("\t").slice(0, 2).join()));
  expect(pairs.size).toBe(lines.length);
  const counts = Array.from({ length: 600 }, (_, i) => lines.filter((line) => line.startsWith(`${i + 1}\t`)).length);
  expect([lines.length, Math.min(...counts), Math.max(...counts)]).toEqual([
    counts.reduce((sum, count) => sum + count, 0),
    10,
    40,
  ]);
});

test("planted films of two genres are liked more than those of one, as one that the user likes is enough", () => {
  const folder = temporaryFolder();
  writePlantedFilms(folder, 1);
  const [films, ratings] = ["u.item", "u.data"].map((name) =>
    fs.readFileSync(path.join(folder, "ml-100k", name), "utf8").trimEnd().split("\n"),
  );
  const genres = films.map((line) => line.split("|").slice(5).filter((flag) => flag === "1").length);
  const [one, two] = [1, 2].map((count) => {
    const stars = ratings.map((line) => line.split("\t").map(Number)).filter(([, film]) => genres[film - 1] === count);
    return stars.reduce((sum, [, , rating]) => sum + rating, 0) / stars.length;
  });
  expect(two).toBeGreaterThan(one + 0.1);
});

test("the same seed writes the same files, another seed others", () => {
  const folder = temporaryFolder();
  const ratings = (seed: number) => {
    writePlantedFilms(folder, seed);
    return fs.readFileSync(path.join(folder, "ml-100k", "u.data"), "utf8");
  };
  const [first, again, other] = [ratings(1), ratings(1), ratings(2)];
  expect(again).toBe(first);
  expect(other).not.toBe(first);
});
