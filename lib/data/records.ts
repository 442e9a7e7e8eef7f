/** Rows that are in memory become raw impressions: the answer of a database, or candidates to score in a request. */
import type { RawImpressions } from "./raw";
import type { Role, Schema } from "./schema";
import { rolesToRead, TableBuilder, type TableOptions } from "./table";

/**
 * A value for one column. For a sequence the values themselves, newest last; null if it is missing, as "" in a file.
 */
export type RecordValue = string | number | null | readonly (string | number)[];

/** One row: a value for each column that the schema names. Other columns are not read. */
export type ImpressionRecord = Readonly<Record<string, RecordValue | undefined>>;

/**
 * The records as the schema says, as readTable has them from a file: numbers are read as they would be written, so 17
 * and "17" are one word.
 *
 * Example, candidates for one user: fromRecords(items.map((item) => ({ ...user, item })), schema, { unlabelled: true })
 *
 * @throws RangeError with record, from 0, and column at the first value that its role cannot read, or that is not
 * there.
 */
export function fromRecords(
  records: Iterable<ImpressionRecord>,
  schema: Schema,
  options: Pick<TableOptions, "unlabelled"> = {},
): RawImpressions {
  const builder = new TableBuilder(schema, options);
  const roles = rolesToRead(schema, options).map(([, role]) => role);
  let number = 0;
  for (const record of records) {
    builder.add(
      builder.readers.map(([column, read], i) => {
        try {
          return read(textOf(record[column], roles[i]));
        } catch (error) {
          if (error instanceof RangeError) throw new RangeError(`record ${number}: ${column} is ${error.message}`);
          throw error;
        }
      }),
    );
    number++;
  }
  return builder.finish();
}

/** The value as a file would have it. */
function textOf(value: RecordValue | undefined, role: Role): string {
  if (value === undefined) throw new RangeError("not there, expected a value, or null if it is missing");
  if (value === null) return "";
  if (typeof value !== "object") return String(value);
  if (role.kind !== "sequence") throw new RangeError(`an array, expected one value for the role ${role.kind}()`);
  const { separator = "|" } = role;
  const texts = value.map(String);
  const parted = texts.find((text) => text.includes(separator));
  if (parted !== undefined)
    throw new RangeError(
      `an array with ${JSON.stringify(parted)}, expected values without the separator ${JSON.stringify(separator)}: give the schema another`,
    );
  return texts.join(separator);
}
