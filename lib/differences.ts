/** Where two values differ, so that an error need not show both whole. */
import { isDeepStrictEqual } from "node:util";

/** A place such as `data[0].y[3]`, "" for the values themselves, and what is there: undefined for nothing. */
export interface Difference {
  readonly place: string;
  readonly a: unknown;
  readonly b: unknown;
}

/** The places where two values of plain JSON differ, in their order. The order of an object's keys makes no difference. */
export function differencesOf(a: unknown, b: unknown, place = ""): Difference[] {
  if (isDeepStrictEqual(a, b)) return [];
  if (!isTree(a) || !isTree(b) || Array.isArray(a) !== Array.isArray(b)) return [{ place, a, b }];
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].flatMap((key) => {
    const inside = Array.isArray(a) ? `${place}[${key}]` : place === "" ? key : `${place}.${key}`;
    return differencesOf(a[key], b[key], inside);
  });
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
