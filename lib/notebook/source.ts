/** Shows a piece of the library in a notebook, as it is on disk now, so that a notebook never shows an old copy. */
import { existsSync, readFileSync } from "node:fs";
import { display } from "./display";

/**
 * Shows the top-level function, class, constant or interface of that name with the comment above it.
 * Example: showSource("lib/layers/pairs.ts", "sumOfPairs").
 *
 * @throws if there is no such file, or it has no such declaration.
 */
export function showSource(file: string, name: string): void {
  const place = [file, `../${file}`].find((path) => existsSync(path)); // from notebooks/ the library is also one level up
  if (!place) throw new Error(`there is no file ${file} here or one level up, expected one such as lib/layers/pairs.ts`);
  const code = declaration(readFileSync(place, "utf8"), name);
  if (!code)
    throw new Error(
      `${file} declares no ${name}, expected an exported function, class, constant or interface of that name`,
    );
  display({ "text/markdown": `\`${file}\`\n\`\`\`typescript\n${code}\n\`\`\``, "text/plain": `${file}\n\n${code}` });
}

/** The declaration's lines: from its comment to the line that closes it at the margin. */
export function declaration(source: string, name: string): string | undefined {
  const lines = source.split("\n");
  const opens = new RegExp(`^export (async )?(class|function|const|interface)\\*? ${name}\\b`);
  const at = lines.findIndex((line) => opens.test(line));
  if (at < 0) return undefined;
  let start = at;
  if (/\*\/$/.test(lines[at - 1] ?? "")) while (start > 0 && !/^\/\*\*/.test(lines[start])) start--;
  let end = at;
  if (!/[;}]$/.test(lines[at])) while (end < lines.length - 1 && !closes(lines[end])) end++;
  return lines.slice(start, end + 1).join("\n");
}

/** Whether the line ends what began at the margin. The end of a wrapped signature, such as `): void {`, does not. */
function closes(line: string): boolean {
  return /^[})\]]/.test(line) && !/[{([]$/.test(line);
}
