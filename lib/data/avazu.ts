/**
 * Avazu: ten days of mobile ads, as CSV with a header. All columns are categories; hour (YYMMDDHH, UTC) gives the time
 * of the impression and two features. The file (Kaggle 2014, 40,428,967 rows, click rate 0.1698) needs a Kaggle
 * account, and more memory than a laptop has, so it is packed (lib/data/stream.ts):
 *
 *   const schema = avazuSchema({ hashBuckets: 1_000_000 });
 *   packTable(cachedFile("avazu", "train.csv"), avazuFormat, schema, { to: "avazu.rows" })
 */
import type { TextFormat } from "./csv";
import { label, type Schema, sparse, time } from "./schema";

const categories = [
  ...["C1", "banner_pos", "site_id", "site_domain", "site_category", "app_id", "app_domain", "app_category"],
  ...["device_id", "device_ip", "device_model", "device_type", "device_conn_type"],
  ...["C14", "C15", "C16", "C17", "C18", "C19", "C20", "C21"],
];

export const avazuFormat: TextFormat = {};

/** Every column except the impression's own id, plus the hour of the day and the day of the week (0 is Sunday). */
export function avazuSchema(options: { minCount?: number | undefined; hashBuckets?: number | undefined } = {}): Schema {
  return {
    click: label(),
    when: time({ from: "hour", read: hourToSeconds }),
    hourOfDay: sparse({ ...options, from: "hour", read: (text) => String(dateOf(text).getUTCHours()) }),
    weekday: sparse({ ...options, from: "hour", read: (text) => String(dateOf(text).getUTCDay()) }),
    ...Object.fromEntries(categories.map((name) => [name, sparse(options)])),
  };
}

/** Seconds since 1970 of an hour written YYMMDDHH. */
export function hourToSeconds(text: string): number {
  return dateOf(text).getTime() / 1000;
}

function dateOf(text: string): Date {
  const [, year, month, day, hour] = /^(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text)?.map(Number) ?? [];
  const date = new Date(Date.UTC(2000 + year, month - 1, day, hour));
  // Date takes the 31st of April for the 1st of May, and hour 24 for the next day: has the day or the month changed?
  if (date.getUTCDate() !== day || date.getUTCMonth() !== month - 1) {
    throw new RangeError(`${JSON.stringify(text.slice(0, 40))}, expected YYMMDDHH such as 14102100`);
  }
  return date;
}
