import { type Fault, kernel } from "../fault";

export const faults: readonly Fault[] = [
  {
    name: "an empty list is the same output as an empty object",
    file: "lib/kernel/differences.ts",
    find: "    Array.isArray(a) === Array.isArray(b) &&\n",
    replace: "",
    tests: [kernel("differences")],
  },
  {
    name: "a stopped cell goes on to show things",
    file: "lib/kernel/launcher.cjs",
    find: "if (isSilenced()) return;\n      printed.flush();",
    replace: "printed.flush();",
    tests: [kernel("client")],
  },
  {
    name: "a cell that fails empties the names it declares",
    file: "lib/kernel/launcher.cjs",
    find: "if (!succeeded) restore(made.locals, values);",
    replace: "",
    tests: [kernel("client")],
  },
  {
    name: "formulas that Markdown changes are not found",
    file: "lib/kernel/markdown.ts",
    find: "shown.split(formula).length < text.split(formula).length",
    replace: "false",
    tests: [kernel("markdown")],
  },
  {
    name: "a figure that somebody changed in the file keeps its old picture",
    file: "lib/kernel/pictures.ts",
    find: "if (before.metadata.drawnFrom === checksum(output.data[plotly])) with",
    replace: "if (checksum(before.data[plotly]) === checksum(output.data[plotly])) with",
    tests: [kernel("differences")],
  },
  {
    name: "each panel of a slider's picture shows all of its steps",
    file: "lib/kernel/render.ts",
    find: "data.filter((_, j) => step.args[1][j])",
    replace: "data.filter((_, j) => step.args[1].length > j)",
    tests: [kernel("render")],
  },
];
