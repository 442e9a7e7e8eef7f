/**
 * Says in readable lines where a cell's fresh outputs differ from the committed ones.
 * Pictures are left out: they are drawn from the figure's JSON, and that is compared (pictures.ts).
 */
import { isDeepStrictEqual } from "node:util";
import { differencesOf } from "../differences";
import type { Json, Output } from "./nbformat";
import { withoutPicture } from "./pictures";

/** Lines of a long difference that are shown. */
const shownLines = 20;

/** Empty if nothing differs. Lines begin with "- " (expected), "+ " (got) or name the place. */
export function differences(expected: Output[], got: Output[]): string[] {
  const lines: string[] = [];
  for (let i = 0; i < Math.max(expected.length, got.length); i++) {
    if (i >= got.length) lines.push(`output ${i + 1} is missing:`, ...marked("- ", describe(expected[i])));
    else if (i >= expected.length) lines.push(`output ${i + 1} is new:`, ...marked("+ ", describe(got[i])));
    else lines.push(...between(withoutPicture(expected[i]), withoutPicture(got[i])));
  }
  const more = lines.length - shownLines;
  return more > 0 ? [...lines.slice(0, shownLines), `... and ${more} more lines`] : lines;
}

function between(expected: Output, got: Output): string[] {
  if (expected.output_type === "stream" && got.output_type === "stream" && expected.name === got.name) {
    return linesBetween(expected.text, got.text);
  }
  if (expected.output_type !== "display_data" || got.output_type !== "display_data") {
    if (isDeepStrictEqual(expected, got)) return [];
    return [...marked("- ", describe(expected)), ...marked("+ ", describe(got))];
  }
  const lines: string[] = [];
  for (const type of new Set([...Object.keys(expected.data), ...Object.keys(got.data)])) {
    const [before, after] = [expected.data[type], got.data[type]];
    const text = typeof before === "string" && typeof after === "string";
    const found = text ? linesBetween(before, after) : valuesBetween(before, after, "");
    if (found.length > 0) lines.push(`${type}:`, ...found);
  }
  if (!isDeepStrictEqual(expected.metadata, got.metadata))
    lines.push("metadata:", ...valuesBetween(expected.metadata, got.metadata, ""));
  return lines;
}

/** Both texts without the lines they begin and end with in common. */
function linesBetween(expected: string, got: string): string[] {
  if (expected === got) return [];
  const [before, after] = [expected.split("\n"), got.split("\n")];
  let start = 0;
  while (start < Math.min(before.length, after.length) && before[start] === after[start]) start++;
  let end = 0;
  while (end < Math.min(before.length, after.length) - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  return [
    ...marked("- ", before.slice(start, before.length - end)),
    ...marked("+ ", after.slice(start, after.length - end)),
  ];
}

/** Each place that differs, such as `data[0].y[3]`. */
function valuesBetween(expected: Json | undefined, got: Json | undefined, at: string): string[] {
  return differencesOf(expected, got, at).flatMap(({ place, a, b }) => [
    place === "" ? "the value" : place,
    `- ${brief(a)}`,
    `+ ${brief(b)}`,
  ]);
}

function describe(output: Output): string[] {
  if (output.output_type === "stream") return `(${output.name}) ${output.text}`.trimEnd().split("\n");
  if (output.output_type === "error") return output.traceback;
  return [`(display) ${Object.keys(output.data).join(", ")}`, ...String(output.data["text/plain"] ?? "").split("\n")];
}

function marked(mark: string, lines: string[]): string[] {
  return lines.map((line) => mark + line);
}

function brief(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 100)}...` : text;
}
