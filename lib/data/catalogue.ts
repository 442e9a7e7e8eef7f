/**
 * The real data sets that `npm run data` knows: where they are, how they are verified, and what becomes of the files.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { hasChecksum, isWholeGzip } from "./download";
import { readLines } from "./lines";
import { unzip } from "./zip";

export interface Source {
  /** Name under which the file is downloaded, and looked for in a folder that the reader gives. */
  readonly file: string;
  /** Where it can be fetched from; none if that needs an account or an agreement. */
  readonly url?: string;
  /** Throws if the file is not the right one. */
  readonly verify: (file: string) => Promise<void>;
  /** Puts what is needed of it into the data set's folder. */
  readonly install: (file: string, folder: string) => Promise<void>;
}

export interface DataSet {
  readonly name: string;
  readonly about: string;
  readonly licence: string;
  readonly homepage: string;
  readonly sources: readonly Source[];
}

const movieLensTerms = (passingOn: string): string =>
  `GroupLens allows use for research and teaching, but not for profit without permission; ${passingOn}. ` +
  "Cite: Harper and Konstan, The MovieLens Datasets, ACM TiiS 5(4), 2015.";
const snap = "http://snap.stanford.edu/data/amazon/productGraph/categoryFiles";
const uci = "https://archive.ics.uci.edu/ml/machine-learning-databases/adult";

// The checksums of MovieLens and Adult are those of many independent copies; GroupLens publishes the MD5 of the same
// zips.
export const dataSets: readonly DataSet[] = [
  {
    name: "ml-100k",
    about: "MovieLens 100K: 100,000 ratings of 1997 and 1998, 5 MB",
    licence: movieLensTerms("do not pass the data on"),
    homepage: "https://grouplens.org/datasets/movielens/100k/",
    sources: [
      movieLens("ml-100k", "50d2a982c66986937beb9ffb3aa76efe955bf3d5c6b761f4e3a7cd717c6a3229", [
        "README",
        "u.data",
        "u.genre",
        "u.info",
        "u.item",
        "u.occupation",
        "u.user",
      ]),
    ],
  },
  {
    name: "ml-1m",
    about: "MovieLens 1M: 1,000,209 ratings by people who joined in 2000, 6 MB",
    licence: movieLensTerms("do not pass the data on"),
    homepage: "https://grouplens.org/datasets/movielens/1m/",
    sources: [
      movieLens("ml-1m", "a6898adb50b9ca05aa231689da44c217cb524e7ebd39d264c56e2832f2c54e20", [
        "README",
        "movies.dat",
        "ratings.dat",
        "users.dat",
      ]),
    ],
  },
  {
    name: "ml-latest-small",
    about: "MovieLens Latest Small: 100,836 ratings up to 2018, 1 MB",
    licence: movieLensTerms("pass the data on under these terms only"),
    homepage: "https://grouplens.org/datasets/movielens/latest/",
    sources: [
      movieLens("ml-latest-small", "696d65a3dfceac7c45750ad32df2c259311949efec81f0f144fdfb91ebc9e436", [
        "README.txt",
        "movies.csv",
        "ratings.csv",
      ]),
    ],
  },
  {
    name: "adult",
    about: "Adult census income: 48,842 people of 1994, 6 MB",
    licence: "Creative Commons Attribution 4.0. Cite: Becker and Kohavi, Adult, UCI Machine Learning Repository, 1996.",
    homepage: "https://archive.ics.uci.edu/dataset/2/adult",
    sources: [
      {
        file: "adult.data",
        url: `${uci}/adult.data`,
        verify: hasChecksum("5b00264637dbfec36bdeaab5676b0b309ff9eb788d63554ca0a249491c86603d"),
        install: copyAs("adult.data"),
      },
      {
        file: "adult.test",
        url: `${uci}/adult.test`,
        verify: hasChecksum("a2a9044bc167a35b2361efbabec64e89d69ce82d9790d2980119aac5fd7e9c05"),
        install: copyAs("adult.test"),
      },
    ],
  },
  {
    name: "amazon-electronics",
    about: "Amazon Electronics: 1,689,188 reviews up to 2014, 680 MB",
    licence:
      "For research. Cite: He and McAuley, Ups and Downs, WWW 2016; McAuley et al., Image-based Recommendations, SIGIR 2015.",
    homepage: "https://jmcauley.ucsd.edu/data/amazon/",
    // No checksum is published: the gzip files are unpacked to the end, and loadAmazon compares counts with the DIN
    // paper's.
    sources: ["reviews_Electronics_5.json.gz", "meta_Electronics.json.gz"].map((file) => ({
      file,
      url: `${snap}/${file}`,
      verify: isWholeGzip,
      install: copyAs(file),
    })),
  },
  {
    name: "criteo-10k",
    about: "Criteo: the first 10,000 rows of the Kaggle display advertising challenge",
    licence: "Criteo's terms, which you accept when you download the set: not for profit, cite Criteo.",
    homepage: "https://www.kaggle.com/c/criteo-display-ad-challenge",
    sources: [
      {
        file: "train.txt",
        verify: async () => {},
        install: firstLines(10_000, "train.tsv", "f665bb8823fd742ea1b8602d70918f235ccc08eba3224f1621c11022721c21a3"),
      },
    ],
  },
  {
    name: "avazu",
    about: "Avazu: 40,428,967 mobile ads of 2014, 1 GB (train.gz)",
    licence: "The rules of the Kaggle competition, which you accept with your account.",
    homepage: "https://www.kaggle.com/c/avazu-ctr-prediction/data",
    sources: [{ file: "train.gz", verify: isWholeGzip, install: copyAs("train.csv.gz") }],
  },
];

function movieLens(name: string, sha256: string, files: readonly string[]): Source {
  const file = `${name}.zip`;
  return {
    file,
    url: `https://files.grouplens.org/datasets/movielens/${file}`,
    verify: hasChecksum(sha256),
    install: unzipped(name, files),
  };
}

/** Takes the named files out of the zip archive's folder `inside`. */
export function unzipped(inside: string, files: readonly string[]): Source["install"] {
  return async (archive, folder) => {
    const unpacked = unzip(fs.readFileSync(archive));
    for (const file of files) {
      const bytes = unpacked.get(`${inside}/${file}`);
      if (!bytes) throw new Error(`${archive} does not contain ${inside}/${file}, expected ${files.join(", ")}`);
      fs.writeFileSync(path.join(folder, file), bytes);
    }
  };
}

function copyAs(name: string): Source["install"] {
  return async (file, folder) => {
    const copy = path.join(folder, name);
    fs.copyFileSync(file, copy, fs.constants.COPYFILE_FICLONE);
    fs.chmodSync(copy, 0o644); // a copy of a read-only file is read-only
  };
}

/** Takes the first lines, and checks that they are the right ones. */
function firstLines(count: number, name: string, sha256: string): Source["install"] {
  return async (file, folder) => {
    const lines: string[] = [];
    const enough = new Error("enough lines");
    await readLines(file, { delimiter: "\t" }, (line) => {
      if (lines.push(line) === count) throw enough;
    }).catch((error) => {
      if (error !== enough) throw error;
    });
    const target = path.join(folder, name);
    fs.writeFileSync(target, lines.map((line) => `${line}\n`).join(""));
    await hasChecksum(sha256)(target);
  };
}
