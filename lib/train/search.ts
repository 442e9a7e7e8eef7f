/** Small searches for good settings, with the same number of trials for every model. */
import { checkWhole } from "../checks";
import { createRandom } from "../random";

/** What a trial is told, by the name of the setting. */
export type Settings = Readonly<Record<string, unknown>>;

/** Values to try, by the name of the setting. */
export type Space<S extends object = Settings> = { readonly [K in keyof S]?: readonly S[K][] };

export interface Search<S extends object = Settings> {
  /** For each model, or the same for all. */
  readonly space: Space<S> | Readonly<Record<string, Space<S>>>;
  /**
   * How many settings each model may try, drawn at random from its grid, without repetition. If left out, each tries
   * its whole grid, and all grids must be of the same size.
   */
  readonly trials?: number | undefined;
  /** Decides which settings are drawn. */
  readonly seed?: number | string | undefined;
}

/**
 * The settings that each model tries, by its name: as many for one as for the other, because more trials alone
 * find better settings.
 *
 * @throws if a model's grid is smaller than `trials`, the grids differ in size and `trials` is left out, or a setting
 * has no value to try or one twice.
 */
export function candidates(
  models: Readonly<Record<string, Settings>>,
  { space, trials, seed = 0 }: Search,
): Record<string, Settings[]> {
  const grids = Object.fromEntries(
    Object.entries(models).map(([name, settings]) => [
      name,
      gridOf(spaceOf(name, space)).map((point) => ({ ...settings, ...point })),
    ]),
  );
  const sizes = Object.entries(grids).map(([name, grid]) => `${name} ${grid.length}`);
  const wanted = trials ?? Object.values(grids)[0].length;
  if (trials === undefined && Object.values(grids).some(({ length }) => length !== wanted)) {
    throw new RangeError(`the grids have different sizes (${sizes.join(", ")}): say how many trials each model gets`);
  }
  checkWhole("trials", wanted);
  if (Object.values(grids).some(({ length }) => length < wanted)) {
    throw new RangeError(
      `${wanted} trials for each model, but the grids have only ${sizes.join(", ")} settings. Add values, or take fewer trials`,
    );
  }
  for (const [name, grid] of Object.entries(grids)) {
    if (grid.length > wanted) createRandom(seed).child(`search ${name}`).shuffle(grid).splice(wanted);
  }
  return grids;
}

function spaceOf(model: string, space: Search["space"]): Readonly<Record<string, readonly unknown[]>> {
  const shared = Object.values(space).every((values) => Array.isArray(values));
  const own = shared ? space : space[model];
  if (!own) throw new RangeError(`no search space for ${model}, expected one per model or one for all`);
  return own as Readonly<Record<string, readonly unknown[]>>;
}

/** All combinations of the values. */
function gridOf(space: Readonly<Record<string, readonly unknown[]>>): Settings[] {
  let grid: Settings[] = [{}];
  for (const [key, values] of Object.entries(space)) {
    if (values.length === 0) throw new RangeError(`the search space of ${key} is empty, expected at least one value`);
    const twice = values.find((value, i) => values.indexOf(value) !== i);
    if (twice !== undefined)
      throw new RangeError(`the search space of ${key} has ${JSON.stringify(twice)} twice, expected different values`);
    grid = grid.flatMap((point) => values.map((value) => ({ ...point, [key]: value })));
  }
  return grid;
}
