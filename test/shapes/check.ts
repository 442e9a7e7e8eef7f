/**
 * Whether a value has the shape that a comment says, such as [batch · T, units] or [rows, 1 + K].
 *
 * A name stands for one number within a function: for that of the variable with this name, if there is one, else for
 * what it was where it came first. "x" and "·" multiply, as does nothing at all (4d); "or" leaves a choice;
 * "..." stands for any numbers.
 */
type Sizes = ReadonlyMap<string, number>;
type Size = (sizes: Sizes) => number;

/** Of one call of a function: the sizes that the names in its comments stand for. */
export class Shapes {
  private readonly sizes: Map<string, number>;

  constructor(private readonly file: string, outer: Sizes = new Map()) {
    this.sizes = new Map(outer);
  }

  /** For a function within the function. What a name stands for there does not bind the outer one. */
  inner(): Shapes {
    return new Shapes(this.file, this.sizes);
  }

  /**
   * The value, which is a tensor, a table of embeddings, an array of numbers, or an array of any of these, in which
   * names may stand for another size each time; anything else is not looked at. choices: what the comment allows.
   * variables: what the variables hold whose names the comment has.
   *
   * @throws Error if the value has none of the shapes.
   */
  is<T>(line: number, choices: readonly string[], value: T, variables: Record<string, () => unknown> = {}): T {
    const shape = shapeOf(value);
    if (!shape && Array.isArray(value)) for (const one of value) this.inner().is(line, choices, one, variables);
    if (!shape) return value;
    for (const [name, read] of Object.entries(variables)) {
      const size = sizeIn(name, read);
      if (size !== undefined) this.sizes.set(name, size);
    }
    const isFlat = ArrayBuffer.isView(value) || Array.isArray(value);
    for (const choice of choices) {
      const sizes = isFlat ? flatMatch(choice, shape[0], this.sizes) : match(dimensions(choice), shape, this.sizes);
      if (!sizes) continue;
      for (const [name, size] of sizes) this.sizes.set(name, size);
      return value;
    }
    const known = Array.from(this.sizes, ([name, size]) => `${name} = ${size}`).join(", ");
    const said = choices.map((choice) => `[${choice}]`).join(" or ");
    throw new Error(`${this.file}:${line} says ${said}, where ${known || "no size is known"}, but it is [${shape}]`);
  }
}

/** The number that a variable holds; of a batch, the number of its impressions. */
function sizeIn(name: string, read: () => unknown): number | undefined {
  let value: unknown;
  try {
    value = read();
  } catch {
    return undefined; // declared further down
  }
  if (name === "batch" && typeof value === "object") value = (value as { size: unknown }).size;
  return typeof value === "number" ? value : undefined;
}

function shapeOf(value: unknown): readonly number[] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (ArrayBuffer.isView(value)) return [(value as Float32Array).length];
  if (Array.isArray(value)) return value.every((x) => typeof x === "number") ? [value.length] : undefined;
  if ("rows" in value && "dim" in value) return [value.rows as number, value.dim as number];
  return "shape" in value ? (value.shape as number[]) : undefined;
}

/** The names' sizes with those that the shape adds, or nothing if it is another shape. */
function match(texts: readonly string[], shape: readonly number[], known: Sizes): Map<string, number> | undefined {
  const rest = texts.findIndex((text) => text.startsWith("..."));
  if (rest < 0 ? texts.length !== shape.length : texts.length - 1 > shape.length) return undefined;
  const sizes = new Map(known);
  const fitsAt = (text: string, at: number) => fits(text, shape[at], sizes);
  if (rest < 0) return texts.every(fitsAt) ? sizes : undefined;
  const [first, last] = [texts.slice(0, rest), texts.slice(rest + 1)];
  const end = shape.length - last.length;
  return first.every(fitsAt) && last.every((text, i) => fitsAt(text, end + i)) ? sizes : undefined;
}

/** An array has one length, the product of what the comment names. */
function flatMatch(choice: string, length: number, known: Sizes): Map<string, number> | undefined {
  const sizes = new Map(known);
  const product = dimensions(choice).map((text) => `(${text})`).join(" x ");
  return fits(product, length, sizes) ? sizes : undefined;
}

function fits(text: string, size: number, sizes: Map<string, number>): boolean {
  return text.split(" or ").some((choice) => {
    const { value, names } = parsed(choice);
    const unknown = [...names].filter((name) => !sizes.has(name));
    if (unknown.length === 0) return value(sizes) === size;
    const [name] = unknown;
    const [at0, at1, at2] = [0, 1, 2].map((x) => value(new Map([...sizes, [name, x]])));
    if (unknown.length > 1 || at2 - at1 !== at1 - at0 || at1 === at0) return fitsWhole(choice, size, sizes);
    const solution = (size - at0) / (at1 - at0);
    if (!Number.isInteger(solution) || solution < 0) return false;
    sizes.set(name, solution);
    return true;
  });
}

/** A term of which more than one part is unknown is a name itself. */
function fitsWhole(text: string, size: number, sizes: Map<string, number>): boolean {
  if (!sizes.has(text)) sizes.set(text, size);
  return sizes.get(text) === size;
}

function dimensions(shape: string): string[] {
  return shape.split(",").map((text) => text.trim());
}

interface Term {
  value: Size;
  names: ReadonlySet<string>;
}

const terms = new Map<string, Term>();

/** What `parse` gives, once for each text: tests come to the same lines again and again. */
function parsed(text: string): Term {
  const term = terms.get(text) ?? parse(text);
  terms.set(text, term);
  return term;
}

/** A term of whole numbers, names of one word or more, + − · x / and brackets. */
function parse(text: string): Term {
  const tokens = text.match(/\d+|[+−·/()]|x(?![\p{L}\p{N}])|\p{L}[\p{L}\p{N}']*/gu) ?? [];
  const names = new Set<string>();
  let at = 0;

  function sum(): Size {
    let left = product();
    while (tokens[at] === "+" || tokens[at] === "−") {
      const [sign, a] = [tokens[at++] === "+" ? 1 : -1, left];
      const b = product();
      left = (sizes) => a(sizes) + sign * b(sizes);
    }
    return left;
  }

  function product(): Size {
    let left = factor();
    while (at < tokens.length && !/^[+−)]$/.test(tokens[at])) {
      const isDivision = tokens[at] === "/";
      if (/^[·x/]$/.test(tokens[at])) at++;
      const [a, b] = [left, factor()];
      left = isDivision ? (sizes) => a(sizes) / b(sizes) : (sizes) => a(sizes) * b(sizes);
    }
    return left;
  }

  function factor(): Size {
    const token = tokens[at++];
    if (token === "(") {
      const inside = sum();
      at++; // the closing bracket
      return inside;
    }
    if (/^\d+$/.test(token)) return () => Number(token);
    const words = [token];
    while (at < tokens.length && /^(?!x$)\p{L}/u.test(tokens[at])) words.push(tokens[at++]);
    const name = words.join(" ");
    names.add(name);
    return (sizes) => sizes.get(name) ?? Number.NaN;
  }

  return { value: sum(), names };
}
