/** Rows that are in memory become raw impressions: the result of a query, or candidates to score in a request. */
import { checkOptionNames } from "../checks";
import type { RawImpressions } from "./raw";
import { type Role, type Schema, usualSeparator } from "./schema";
import { rolesToRead, TableBuilder, type TableOptions } from "./table";

/**
 * A value for one column; for a sequence it can be an array of its values, newest last. null means a missing value, as
 * "" does in a file; in such an array it is a step with nothing.
 */
export type RecordValue = string | number | bigint | null | readonly (string | number | bigint | null)[];

/** One row: a value for each column that the schema names. Other columns are not read. */
export type ImpressionRecord = Readonly<Record<string, RecordValue | undefined>>;

/**
 * Reads the records by the schema, as readTable reads a file: numbers are read as they would be written, so 17 and "17"
 * are one word. With unlabelled they need no user and no time either: a column for one of these that no record has is
 * left out.
 *
 * Example, candidates for one user: fromRecords(items.map((item) => ({ ...user, item })), schema, { unlabelled: true })
 *
 * @throws RangeError if there is no record, and at the first value that is not there or that its role cannot read, with
 * record (from 0) and column. A number from 2^53 up as an id is refused too, as it has been rounded: give it as text.
 */
export function fromRecords<R extends object>(
  records: Iterable<R & { readonly [K in keyof R]: RecordValue | undefined }>, // so typed that an interface fits too
  schema: Schema,
  options: Pick<TableOptions, "unlabelled"> = {},
): RawImpressions {
  checkOptionNames("fromRecords", options, { unlabelled: true });
  // If unlabelled, they are gone through twice, so they are copied: a generator may fill one object again and again.
  const copies = options.unlabelled && Array.from(records, (record) => ({ ...record }));
  const needed = copies ? withoutAbsent(schema, copies) : schema;
  const builder = new TableBuilder(needed, options);
  const roles = rolesToRead(needed, options).map(([, role]) => role);
  let number = 0;
  for (const record of copies || records) {
    builder.add(
      builder.readers.map(([column, read], i) => {
        try {
          return readValue((record as ImpressionRecord)[column], roles[i], read);
        } catch (error) {
          if (error instanceof RangeError) throw new RangeError(`record ${number}: ${column} is ${error.message}`);
          throw error;
        }
      }),
    );
    number++;
  }
  if (number === 0)
    throw new RangeError("0 records, expected at least 1. Answer a request without candidates before it comes here");
  return { ...builder.finish(), schema };
}

/** The schema less users and times that no record has: no model reads them. */
function withoutAbsent(schema: Schema, records: readonly ImpressionRecord[]): Schema {
  const isThere = (column: string) => records.some((record) => (record[column] ?? null) !== null);
  return Object.fromEntries(
    Object.entries(schema).filter(
      ([name, { kind, from = name }]) => !(kind === "user" || kind === "time") || isThere(from),
    ),
  );
}

function readValue(value: RecordValue | undefined, role: Role, read: (text: string) => unknown): unknown {
  if (!Array.isArray(value)) return read(textOf(value as string | number | bigint | null | undefined, role));
  if (role.kind !== "sequence") throw new RangeError(`an array, expected one value for the role ${role.kind}()`);
  const { separator = usualSeparator, maxLength } = role;
  const texts = value.map((one) => {
    if (one === undefined) throw new RangeError("an array with undefined, expected null for a step with nothing");
    return textOf(one, role);
  });
  const parted = role.read ? undefined : texts.find((text) => text.includes(separator));
  if (parted !== undefined)
    throw new RangeError(
      `an array with ${JSON.stringify(parted)}, expected values without the separator ${JSON.stringify(separator)}: give the schema another`,
    );
  return texts.slice(-maxLength);
}

/** One value as a file would have it. */
function textOf(value: string | number | bigint | null | undefined, role: Role): string {
  const { kind } = role;
  const isFeature = kind === "sparse" || kind === "sequence" || kind === "dense";
  // A record inherits functions: "constructor" and the like are no columns of it.
  if (value === undefined || typeof value === "function")
    throw new RangeError(`not there, expected a value${isFeature ? ", or null if it is missing" : ""}`);
  if (value === null) return "";
  if (typeof value === "object") // what a type from elsewhere cannot rule out
    throw new RangeError(`a ${(value as object).constructor?.name ?? "object"}, expected a text or a number`);
  const isId = kind === "user" || ((kind === "sparse" || kind === "sequence") && !role.read);
  if (isId && typeof value === "boolean") // pandas writes True, others true: taken as it is, it may be an unknown word
    throw new RangeError(`${value}, expected the word that the training data has for it, such as "True"`);
  if (isId && Number.isInteger(value) && !Number.isSafeInteger(value))
    throw new RangeError(`${value}, expected a number below 2^53, which is exact: give a larger id as text`);
  if (isId && typeof value === "number" && !Number.isFinite(value))
    throw new RangeError(`${value}, expected a text or a number${isFeature ? ", or null if it is missing" : ""}`);
  return String(value);
}
