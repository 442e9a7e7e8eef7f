/** Your own table: a CSV file and a schema become raw impressions. */
import { checkOptionNames } from "../checks";
import { readColumns, type Reader, type TextFormat, type TextRow } from "./csv";
import { type NumberColumn, type RawImpressions, type TextColumn, Words } from "./raw";
import { finiteNumber, type Role, type Schema, usualSeparator } from "./schema";
import { hashText } from "./vocabulary";

export interface TableOptions {
  /**
   * The file has no labels, like all impressions that are still to be scored: the columns of label and weight are not
   * read, and labels are 0.
   */
  unlabelled?: boolean | undefined;
  /**
   * Whether to keep a row, judged by its values as written, before any is read: rows that no role could read can be
   * dropped here. Dropped rows are treated as not in the file. Example: (row) => row.click !== "".
   */
  keep?: ((row: TextRow) => boolean) | undefined;
}

export const tableOptionNames: Record<keyof TableOptions, true> = { unlabelled: true, keep: true };

/**
 * The file's rows as the schema says. The whole table is held in memory: for a larger file see lib/data/stream.ts.
 *
 * Example: readTable("clicks.csv", {}, { shop: sparse(), price: dense(), click: label() })
 *
 * @throws DataError with file, line and column at the first value that its role cannot read; RangeError if the schema
 * does not have one label column.
 */
export async function readTable(
  file: string,
  format: TextFormat,
  schema: Schema,
  options: TableOptions = {},
): Promise<RawImpressions> {
  checkOptionNames("readTable", options, tableOptionNames);
  const builder = new TableBuilder(schema, options);
  await readColumns<unknown[]>(file, format, builder.readers, (values) => builder.add(values), options.keep);
  return builder.finish();
}

/** Collects rows by a schema. */
export class TableBuilder {
  /** One per role that is read, in the order of the schema. */
  readonly readers: Reader<unknown>[];
  private readonly roles: readonly (readonly [name: string, role: Role])[];
  private readonly collectors: Collector[];
  private size = 0;

  constructor(
    readonly schema: Schema,
    options: Pick<TableOptions, "unlabelled"> = {},
  ) {
    this.roles = rolesToRead(schema, options);
    this.collectors = this.roles.map(([, role]) => collector(role));
    this.readers = this.roles.map(([name, role]) => [role.from ?? name, reader(role)]);
  }

  /** One row: a value per reader. */
  add(values: readonly unknown[]): void {
    for (let i = 0; i < values.length; i++) this.collectors[i].add(values[i]);
    this.size++;
  }

  finish(): RawImpressions {
    const columns: Record<string, TextColumn | NumberColumn> = {};
    const events: { -readonly [K in "labels" | "users" | "times" | "weights"]?: RawImpressions[K] } = {};
    this.roles.forEach(([name, role], i) => {
      const column = this.collectors[i].finish();
      if (role.kind === "label") events.labels = Float32Array.from(column as NumberColumn);
      else if (role.kind === "time") events.times = column as NumberColumn;
      else if (role.kind === "user") events.users = Int32Array.from(column as NumberColumn);
      else if (role.kind === "weight") events.weights = Float32Array.from(column as NumberColumn);
      else columns[name] = column;
    });
    return { size: this.size, schema: this.schema, columns, labels: new Float32Array(this.size), ...events };
  }
}

/**
 * The schema's roles by name, without label and weight if the file has none. @throws RangeError unless the schema has
 * one label column, and at most one each for user, time and weight.
 */
export function rolesToRead(
  schema: Schema,
  { unlabelled = false }: Pick<TableOptions, "unlabelled">,
): [name: string, role: Role][] {
  const roles = Object.entries(schema);
  for (const kind of ["label", "user", "time", "weight"] as const) {
    const columns = roles.filter(([, role]) => role.kind === kind).length;
    if (columns > 1 || (columns === 0 && kind === "label"))
      throw new RangeError(`the schema has ${columns} ${kind} columns, expected ${kind === "label" ? "" : "at most "}1`);
  }
  return roles.filter(([, { kind }]) => !(unlabelled && (kind === "label" || kind === "weight")));
}

/** From the text in the file to what is collected or packed: a text, several, or a number. */
export function reader(role: Role): (text: string) => unknown {
  switch (role.kind) {
    case "sparse":
      return role.read
        ? checked("read", role.read, (value) => typeof value === "string", 'a text, "" for a missing value')
        : (text) => text;
    case "sequence": {
      const { separator = usualSeparator, maxLength } = role;
      // An empty word keeps its place, see sequence().
      const words = role.read
        ? checked("read", role.read, areTexts, "a list of texts, [] for a missing value")
        : (text: string) => (text === "" ? [] : text.split(separator));
      return (text) => (words(text) as string[]).slice(-maxLength);
    }
    case "dense": {
      const { transform } = role;
      const number = role.read
        ? checked("read", role.read, isNumberOrNaN, "a finite number, NaN for a missing value")
        : (text: string) => (text === "" ? NaN : finiteNumber(text, denseAdvice));
      if (!transform) return number;
      return (text) => {
        const value = number(text) as number;
        if (Number.isNaN(value)) return NaN;
        return checkMade("the transform", text, () => transform(value), Number.isFinite, "a finite number");
      };
    }
    case "label":
      return role.read
        ? checked("read", role.read, (value) => value === 0 || value === 1, "1 (click) or 0 (none)")
        : zeroOrOne;
    case "user":
      return userNumber;
    case "time":
      return role.read
        ? checked("read", role.read, Number.isFinite, "a finite number of seconds")
        : (text) => finiteNumber(text, timeAdvice);
    case "weight":
      return role.read ? checked("read", role.read, isWeight, aWeight) : plainWeight;
  }
}

const denseAdvice =
  ". If it stands for a missing value, name it in the file's format, { missing: [...] }, and in a record give null. " +
  "For all else give dense({ read })";
const timeAdvice = " of seconds. For dates give time({ read: (text) => Date.parse(text) / 1000 })";

/**
 * A hash of 31 bits, so that a user has the same number in all files, packed or not. By chance two users can share one:
 * among 10,000 users hardly ever (one time in 40), among a million about 230 pairs do.
 */
function userNumber(text: string): number {
  if (text === "") throw new RangeError('"", expected a user in every row');
  return hashText(text) >>> 1;
}

/**
 * The function that the schema's author wrote, with a check of what it returns: a column of numbers or a packed file
 * would take anything.
 */
function checked(
  name: string,
  make: (text: string) => unknown,
  isGood: (value: unknown) => boolean,
  expected: string,
): (text: string) => unknown {
  return (text) => checkMade(name, text, () => make(text), isGood, expected);
}

/** @throws RangeError whatever the function throws, so that the reader of the file or records can say where it was. */
function checkMade(
  name: string,
  text: string,
  make: () => unknown,
  isGood: (value: unknown) => boolean,
  expected: string,
): unknown {
  let value: unknown;
  try {
    value = make();
  } catch (error) {
    if (error instanceof RangeError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new RangeError(`${JSON.stringify(text.slice(0, 40))}, at which ${name} fails: ${why}`);
  }
  if (isGood(value)) return value;
  const made = typeof value === "string" ? JSON.stringify(value) : String(value);
  throw new RangeError(`${JSON.stringify(text.slice(0, 40))}, which ${name} makes ${made}, expected ${expected}`);
}

const aWeight = "a number from 0 up that 32 bits can hold";

function isWeight(value: unknown): boolean {
  return (value as number) >= 0 && Number.isFinite(Math.fround(value as number));
}

function plainWeight(text: string): number {
  const value = finiteNumber(text);
  if (!isWeight(value)) throw new RangeError(`${JSON.stringify(text.slice(0, 40))}, expected ${aWeight}`);
  return value;
}

function isNumberOrNaN(value: unknown): boolean {
  return Number.isFinite(value) || Number.isNaN(value);
}

function areTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

function zeroOrOne(text: string): 0 | 1 {
  if (text === "1") return 1;
  if (text === "0") return 0;
  throw new RangeError(
    `${JSON.stringify(text.slice(0, 40))}, expected 1 (click) or 0 (none). For other words give label({ read })`,
  );
}

interface Collector {
  add(value: unknown): void;
  finish(): TextColumn | NumberColumn;
}

function collector(role: Role): Collector {
  if (role.kind !== "sparse" && role.kind !== "sequence") {
    const numbers = new Growing(new Float64Array(16));
    return { add: (value) => numbers.push(value as number), finish: () => numbers.finish() };
  }
  const numbers = new Growing(new Int32Array(16));
  const words = new Words();
  if (role.kind === "sequence") {
    const { maxLength } = role;
    return {
      add(value) {
        const texts = value as string[];
        for (let j = 0; j < maxLength; j++) numbers.push(j < texts.length ? words.code(texts[j]) : 0);
      },
      finish: () => ({ words: words.words, codes: numbers.finish(), width: maxLength }),
    };
  }
  return {
    add: (value) => numbers.push(words.code(value as string)),
    finish: () => ({ words: words.words, codes: numbers.finish(), width: 1 }),
  };
}

/** Numbers in an array that doubles when full: a plain array lies on the heap and ends at 112 million. */
class Growing<T extends Int32Array | Float64Array> {
  private size = 0;

  constructor(private numbers: T) {}

  push(value: number): void {
    if (this.size === this.numbers.length) {
      const larger = new (this.numbers.constructor as new (length: number) => T)(2 * this.size);
      larger.set(this.numbers);
      this.numbers = larger;
    }
    this.numbers[this.size++] = value;
  }

  finish(): T {
    return this.numbers.slice(0, this.size) as T;
  }
}
