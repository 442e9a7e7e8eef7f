/**
 * How each model looks: the same colour, marker, dash and pattern in every plot of the course, so that a
 * curve is recognised before its name is read, even by a reader who does not see colours.
 *
 * The colours stand out from white (contrast 3:1 or more) and stay apart from those they are shown with for
 * readers who see no red or no green; the test measures both.
 */

export interface Style {
  color: string;
  /** A plotly marker symbol. */
  symbol: string;
  /** A plotly line dash. */
  dash: string;
  /** A plotly bar pattern; "" is plain. */
  pattern: string;
}

function style(color: string, symbol: string, dash: string, pattern: string): Style {
  return { color, symbol, dash, pattern };
}

export const modelStyles = {
  LR: style("#666666", "circle-open", "dot", ""),
  POLY2: style("#cc7711", "square", "dash", "/"),
  FM: style("#0072b2", "diamond", "solid", ""),
  FFM: style("#887755", "triangle-up", "dashdot", "\\"),
  FNN: style("#225511", "triangle-down", "dash", "x"),
  IPNN: style("#7777ee", "cross", "solid", "-"),
  OPNN: style("#113322", "x", "dot", "|"),
  "Wide & Deep": style("#003355", "star", "longdash", "+"),
  DCN: style("#228899", "hexagon", "dashdot", "."),
  "DCN-v2": style("#112277", "pentagon", "solid", "/"),
  NFM: style("#004444", "triangle-left", "longdash", "\\"),
  AFM: style("#33aa33", "triangle-right", "dot", "x"),
  DeepFM: style("#bb4411", "circle", "solid", ""),
  DNN: style("#552200", "hourglass", "dash", "-"),
  base: style("#009e73", "square-open", "dash", "/"),
  DIN: style("#992277", "bowtie", "solid", ""),
  Bayes: style("#000000", "line-ew-open", "longdashdot", "."),
} satisfies Record<string, Style>;

export type ModelName = keyof typeof modelStyles;

/** The styles of series that belong to no model, in the order in which those series come. */
const otherStyles: readonly Style[] = [
  style("#0072b2", "circle", "solid", ""),
  style("#d55e00", "square", "dash", "/"),
  style("#009e73", "diamond", "dot", "x"),
  style("#992277", "triangle-up", "dashdot", "-"),
  style("#666666", "cross", "longdash", "."),
  style("#113322", "x", "longdashdot", "\\"),
];

/** The look of a model's second curve (say, its validation): the same colour, open marker, another dash. */
function secondOf({ color, symbol, dash, pattern }: Style): Style {
  const open = symbol.endsWith("-open") ? symbol.replace("-open", "") : `${symbol}-open`;
  return style(color, open, dash === "dot" ? "solid" : "dot", pattern === "." ? "" : ".");
}

/** The model that a name belongs to, even with more words after it: "DeepFM 2V" belongs to DeepFM. */
export function modelOf(name: string): ModelName | undefined {
  return (Object.keys(modelStyles) as ModelName[]).find((model) => name === model || name.startsWith(`${model} `));
}

export function isModel(name: string): name is ModelName {
  return Object.hasOwn(modelStyles, name);
}

/** One style per series. A series is a model's if it says so or has its name. */
export function stylesFor(series: readonly { name: string; model?: ModelName | undefined }[]): Style[] {
  const seen = new Map<string, number>();
  let others = 0;
  return series.map(({ name, model }) => {
    const owner = model ?? (isModel(name) ? name : undefined);
    if (owner === undefined) return otherStyles[others++ % otherStyles.length];
    const before = seen.get(owner) ?? 0;
    seen.set(owner, before + 1);
    return before % 2 === 0 ? modelStyles[owner] : secondOf(modelStyles[owner]);
  });
}
