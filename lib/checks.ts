/** The checks that most options need, so that each error is worded in one place. */

/** @throws RangeError unless the value is a whole number of at least `from`. */
export function checkWhole(name: string, value: number, from = 1): void {
  if (!(Number.isInteger(value) && value >= from))
    throw new RangeError(`${name} is ${value}, expected a whole number from ${from} up`);
}

/** @throws RangeError unless the value is a finite number above 0. */
export function checkPositive(name: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value))) throw new RangeError(`${name} is ${value}, expected a number above 0`);
}

/** @throws RangeError unless the value is a finite number from 0 up. */
export function checkNotNegative(name: string, value: number): void {
  if (!(value >= 0 && Number.isFinite(value))) throw new RangeError(`${name} is ${value}, expected a number from 0 up`);
}

/** @throws RangeError unless the value is a number from 0 up to but not including 1. */
export function checkShare(name: string, value: number): void {
  if (!(Number.isFinite(value) && value >= 0 && value < 1))
    throw new RangeError(`${name} is ${value}, expected a share from 0 to below 1`);
}

/** @throws RangeError if one of the numbers, such as scores, is NaN. */
export function checkNoNaN(name: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++)
    if (Number.isNaN(values[i]))
      throw new RangeError(`${name}[${i}] is NaN, expected a number. Did training diverge, or was 0 divided by 0?`);
}

/**
 * Example: checkOneOf("pooling", pooling, ["mean", "sum"]).
 *
 * @throws RangeError unless the value is one of `expected`, which must hold at least two.
 */
export function checkOneOf<T extends string | number>(name: string, value: T, expected: readonly T[]): void {
  if (expected.includes(value)) return;
  const words = expected.map((one) => JSON.stringify(one));
  const last = words.pop();
  const came = typeof value === "number" ? value : JSON.stringify(value); // JSON.stringify(NaN) is null
  throw new RangeError(`${name} is ${came}, expected ${words.join(", ")} or ${last}`);
}

/**
 * Checks that an object has no options but the known ones: the compiler does not see a misspelt name in an object that
 * is spread or comes from JavaScript, and the default would then apply.
 *
 * Example: checkOptionNames("adam", options, { learningRate: true, beta1: true }). If `known` is declared as
 * Record<keyof Options, true>, the compiler notices an option that it lacks. Only its keys are read, so an object of
 * defaults will do.
 *
 * @throws RangeError if there is an unknown option; TypeError if `given` is not an object.
 */
export function checkOptionNames(what: string, given: object, known: object): void {
  if (given === null || typeof given !== "object")
    throw new TypeError(`${what} is ${String(given)}, expected an object with some of ${Object.keys(known).join(", ")}`);
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(known, name));
  if (unknown !== undefined)
    throw new RangeError(`${what} has no option ${unknown}, expected some of ${Object.keys(known).join(", ")}`);
}
