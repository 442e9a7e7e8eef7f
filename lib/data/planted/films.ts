/**
 * Planted films: a small film data set in the file format of MovieLens-100K, for readers who have not fetched the
 * real one. Everything after the files (reading, histories, splits) is then the real code.
 *
 *   rating = 3.4 + quality[film] + 0.9 · (film in one of the user's liked genres ? 1 : −1) + N(0, 1)
 *
 * It is rounded, and cut at 1 and 5. quality ~ N(0, 0.5²). Each film has one or two of six genres, and each user
 * likes one or two. Every user rates 10 to 40 films, each as likely as any other, one after the other within a few
 * days.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { createRandom } from "../../random";

/** Action, Comedy, Drama, Horror, Romance and Thriller, as positions among the 19 columns of u.item. */
const genres = [1, 5, 8, 11, 14, 16];
const users = 600;
const films = 300;

/** Writes the files u.data, u.item and u.user below `folder`/ml-100k. The same seed gives the same files. */
export function writePlantedFilms(folder: string, seed: number | string): void {
  const random = createRandom(seed);
  const quality = Array.from({ length: films }, () => 0.5 * random.normal());
  const genresOf = Array.from(
    { length: films },
    () => new Set([random.integer(genres.length), random.integer(genres.length)]),
  );
  const ratings: string[] = [];
  for (let user = 1; user <= users; user++) {
    const liked = [random.integer(genres.length), random.integer(genres.length)];
    const order = random.shuffle(Array.from({ length: films }, (_, film) => film));
    let time = 880_000_000 + random.integer(10_000_000);
    for (const film of order.slice(0, 10 + random.integer(31))) {
      const match = liked.some((genre) => genresOf[film].has(genre)) ? 1 : -1;
      const rating = Math.round(3.4 + quality[film] + 0.9 * match + random.normal());
      ratings.push([user, film + 1, Math.min(5, Math.max(1, rating)), time].join("\t"));
      time += 60 + random.integer(20_000);
    }
  }
  const flags = (film: number) =>
    Array.from({ length: 19 }, (_, at) => (genresOf[film].has(genres.indexOf(at)) ? "1" : "0")).join("|");
  const occupations = ["artist", "engineer", "student", "writer"];
  const files = {
    "u.data": random.shuffle(ratings),
    "u.item": genresOf.map((_, film) => `${film + 1}|Film ${film + 1} (1990)|01-Jan-1990|||${flags(film)}`),
    "u.user": Array.from({ length: users }, (_, i) => {
      return [
        i + 1,
        18 + random.integer(50),
        random.integer(2) ? "F" : "M",
        occupations[random.integer(4)],
        "00000",
      ].join("|");
    }),
  };
  fs.mkdirSync(path.join(folder, "ml-100k"), { recursive: true });
  for (const [name, lines] of Object.entries(files)) {
    fs.writeFileSync(path.join(folder, "ml-100k", name), lines.join("\n") + "\n");
  }
}
