/**
 * Relative improvement of an AUC over that of a base model, in percent, counted from 0.5, where a model
 * orders nothing:
 *
 *   RelaImpr = ( (AUC − 0.5) / (AUC_base − 0.5) − 1 ) × 100 %               Zhou et al. (2018), eq. 11
 *
 * The closer the base is to 0.5, the larger it gets: 0.51 against 0.505 is 100 %. Report both AUCs with it.
 *
 * @throws if an AUC is not from 0 to 1, or the base is not above 0.5.
 */
export function relaImpr(auc: number, baseAuc: number): number {
  for (const [name, value] of Object.entries({ auc, baseAuc })) {
    if (!(value >= 0 && value <= 1)) throw new RangeError(`${name} is ${value}, expected a number from 0 to 1`);
  }
  if (baseAuc <= 0.5)
    throw new RangeError(
      `baseAuc is ${baseAuc}, expected above 0.5: there is nothing to measure an improvement against`,
    );
  return ((auc - 0.5) / (baseAuc - 0.5) - 1) * 100;
}
