/**
 * Looks for what test rows must not have told a model in training. A leak can make a model look better than it
 * will be, and the score does not say why it is high, so look before training.
 */
import { checkOptionNames } from "../checks";
import { fitEncoding } from "./encode";
import type { Encoding } from "./fitter";
import type { Impressions } from "./impressions";
import type { RawImpressions } from "./raw";

/** The parts as tables, however they were made: by lib/data/split.ts, or read from two files. */
export interface Parts {
  readonly train: Impressions;
  readonly validation?: Impressions | undefined;
  readonly test: Impressions;
}

export interface LeakOptions {
  /** The sparse feature that says which item was shown. Histories are the sequence features of its vocabulary. */
  item: string;
  /** Ids of the item that stand for several items, such as 1 for out-of-vocabulary: nothing is concluded from them. */
  sharedIds?: readonly number[] | undefined;
  /** Allows impressions without a click whose item the same user clicks later, in whatever part. */
  laterPositives?: boolean | undefined;
  /**
   * Histories have clicks that the parts lack: from before the data began, or of rows that were dropped. An item
   * clicked again later then looks like the future, so histories are not looked at.
   */
  historiesBeginEarlier?: boolean | undefined;
  /** What the ids and numbers were made with, to see whether training rows alone lead to it. */
  fitted?: { readonly encoding: Encoding; readonly raw: RawImpressions; readonly trainRows: Int32Array } | undefined;
}

const optionNames: Record<keyof LeakOptions, true> = {
  item: true, sharedIds: true, laterPositives: true, historiesBeginEarlier: true, fitted: true,
};

const advice = {
  "test rows in training": "Split so that every row is in one part, as lib/data/split.ts does",
  "future in a history":
    "Build histories from clicks strictly before the impression, or, if they have clicks that the parts lack, allow it " +
    "with historiesBeginEarlier: true",
  "negative clicked later":
    'Draw negatives with avoid: "all", or, if this is what was shown, allow it with laterPositives: true',
  "fitted on other rows": "Fit the encoding on the training rows alone",
};

/** One kind of leak, with what shows it. */
export interface Leak {
  readonly kind: keyof typeof advice;
  readonly count: number;
  /** The first three. */
  readonly examples: readonly string[];
}

/** What checkLeaks throws: all leaks that it found, and what to do about them. */
export class LeakError extends Error {
  override name = "LeakError";

  constructor(readonly leaks: readonly Leak[]) {
    super(
      leaks
        .map(
          ({ kind, count, examples }) =>
            `${kind}: ${count} found, expected none. ${advice[kind]}. Found: ${examples.join("; ")}`,
        )
        .join("\n"),
    );
  }
}

/**
 * Throws if one of these leaks is found:
 *
 * - test rows in training: the same user, time and item in two parts.
 * - future in a history: a history has an item more often than the user had clicked it before, and the user
 *   clicks it at this very time or later. (Histories can begin before the data, so the count alone proves nothing.) An
 *   honest history does that too if it has clicks that are not in the parts and the user clicks one of their items
 *   again: because it begins before the data, because rows were dropped, such as those without a label, or because the
 *   validation part is not given. Allowed by historiesBeginEarlier.
 * - negative clicked later: an impression without a click, of an item that the same user clicks later. Sampled
 *   negatives do that when only past clicks are avoided (lib/data/sampling.ts): allowed by laterPositives.
 * - fitted on other rows: the encoding is not the one that the training rows lead to.
 *
 * @throws LeakError; RangeError if users, times or the item are missing, as no leak could be seen without them.
 */
export function checkLeaks(parts: Parts, options: LeakOptions): void {
  checkOptionNames("checkLeaks", options, optionNames);
  const given = Object.entries(parts).filter(([, data]) => data) as [string, Impressions][];
  const tables = given.map(([name, data]) => rowsOf(name, data, options));
  const ofOneItem = tables.map((rows) => rows.filter(({ shared }) => !shared));
  const rows = ofOneItem.flat();
  const clicks = timesOfClicks(rows);
  const found = [
    leak("test rows in training", sharedRows(ofOneItem)),
    leak("future in a history", options.historiesBeginEarlier ? [] : futureSteps(tables.flat(), clicks)),
    leak("negative clicked later", options.laterPositives ? [] : laterClicks(rows, clicks)),
    leak("fitted on other rows", options.fitted ? otherFit(options.fitted) : []),
  ].filter(({ count }) => count > 0);
  if (found.length > 0) throw new LeakError(found);
}

function leak(kind: Leak["kind"], findings: string[]): Leak {
  return { kind, count: findings.length, examples: findings.slice(0, 3) };
}

interface Row {
  readonly part: string;
  readonly row: number;
  readonly user: number;
  readonly time: number;
  readonly item: number;
  /** Whether the item's id stands for several items, or for none. */
  readonly shared: boolean;
  readonly label: number;
  /** Items of all histories, without padding. */
  readonly history: readonly number[];
}

function rowsOf(part: string, data: Impressions, { item, sharedIds = [] }: LeakOptions): Row[] {
  const { users, times, features, columns } = data;
  if (!users || !times)
    throw new RangeError(
      `${part} has no ${users ? "times" : "users"}, expected users and times: without them no leak can be seen`,
    );
  const shown = features.find(({ name }) => name === item);
  if (shown?.kind !== "sparse")
    throw new RangeError(
      `${part} has no sparse feature ${item}, expected the name of the feature that says which item was shown`,
    );
  const ignored = new Set([0, ...sharedIds]);
  const histories = features.filter(
    (feature) => feature.kind === "sequence" && feature.vocabulary === shown.vocabulary,
  );
  const rows: Row[] = [];
  for (let row = 0; row < data.size; row++) {
    const history: number[] = [];
    for (const feature of histories) {
      const length = columns[feature.name].length / data.size;
      for (let j = row * length; j < (row + 1) * length; j++) {
        if (!ignored.has(columns[feature.name][j])) history.push(columns[feature.name][j]);
      }
    }
    const id = columns[item][row];
    rows.push({
      part,
      row,
      user: users[row],
      time: times[row],
      item: id,
      shared: ignored.has(id),
      label: data.labels[row],
      history,
    });
  }
  return rows;
}

function describe({ part, row, user, time, item }: Row): string {
  return `${part} row ${row} (user ${user}, time ${time}, item ${item})`;
}

function sharedRows(tables: Row[][]): string[] {
  const seen = new Map<string, Row>();
  const findings: string[] = [];
  for (const rows of tables) {
    for (const row of rows) {
      const key = `${row.user} ${row.time} ${row.item}`;
      const same = seen.get(key);
      if (same === undefined) seen.set(key, row);
      else if (same.part !== row.part) findings.push(`${describe(row)} is also ${same.part} row ${same.row}`);
    }
  }
  return findings;
}

/** When each user clicked each item: user → item → times. */
type ClickTimes = Map<number, Map<number, number[]>>;

function timesOfClicks(rows: readonly Row[]): ClickTimes {
  const clicks: ClickTimes = new Map();
  for (const { user, item, time, label } of rows) {
    if (label === 0) continue;
    const ofUser = clicks.get(user) ?? new Map<number, number[]>();
    const times = ofUser.get(item) ?? [];
    times.push(time);
    ofUser.set(item, times);
    clicks.set(user, ofUser);
  }
  return clicks;
}

function futureSteps(rows: readonly Row[], clicks: ClickTimes): string[] {
  const findings: string[] = [];
  for (const row of rows) {
    const steps = new Map<number, number>(); // how often the history has each item
    for (const item of row.history) steps.set(item, (steps.get(item) ?? 0) + 1);
    for (const [item, count] of steps) {
      const times = clicks.get(row.user)?.get(item) ?? [];
      const later = times.filter((time) => time >= row.time);
      if (later.length > 0 && count > times.length - later.length) {
        findings.push(`the history of ${describe(row)} has item ${item}, clicked at ${Math.min(...later)}`);
      }
    }
  }
  return findings;
}

function laterClicks(rows: readonly Row[], clicks: ClickTimes): string[] {
  const findings: string[] = [];
  for (const row of rows) {
    if (row.label === 1) continue;
    const later = (clicks.get(row.user)?.get(row.item) ?? []).filter((time) => time > row.time);
    if (later.length > 0) findings.push(`${describe(row)} is clicked at ${Math.min(...later)}`);
  }
  return findings;
}

/** Fits again on the training rows and compares. */
function otherFit({ encoding, raw, trainRows }: NonNullable<LeakOptions["fitted"]>): string[] {
  const honest = fitEncoding(raw, trainRows);
  const findings: string[] = [];
  for (const [name, vocabulary] of Object.entries(encoding.vocabularies)) {
    const expected = honest.vocabularies[name];
    if (JSON.stringify(vocabulary) === JSON.stringify(expected)) continue;
    const known = new Set(expected && "words" in expected ? expected.words : []);
    const words = "words" in vocabulary ? vocabulary.words.filter((word) => !known.has(word)) : [];
    const what =
      words.length > 0
        ? `knows ${JSON.stringify(words[0])}, which training rows do not have often enough`
        : "is not the one that training rows lead to";
    findings.push(`vocabulary ${name} ${what}`);
  }
  for (const [name, { mean, deviation }] of Object.entries(encoding.statistics)) {
    const expected = honest.statistics[name];
    if (mean !== expected?.mean || deviation !== expected.deviation) {
      findings.push(
        `${name} has mean ${mean} and deviation ${deviation}, in the training rows they are ${expected?.mean} and ${expected?.deviation}`,
      );
    }
  }
  return findings;
}
