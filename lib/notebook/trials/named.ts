/** Looking something up by a name that a reader may have typed. */

/**
 * The entry of that name.
 *
 * @throws RangeError that lists the known names, if `name` is none of them. Settings reach a trial as JSON, unchecked.
 */
export function named<T>(entries: Readonly<Record<string, T>>, name: string, what: string): T {
  if (!Object.hasOwn(entries, name)) {
    const known = Object.keys(entries).map((key) => JSON.stringify(key));
    throw new RangeError(`no ${what} is called ${JSON.stringify(name)} here, expected one of ${known.join(", ")}`);
  }
  return entries[name];
}
