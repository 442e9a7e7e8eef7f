/** FNN as its paper trains it: an FM first. */
import type { MLPConfig } from "../../layers/mlp";
import type { FM } from "../../models/fm";
import { FNN } from "../../models/fnn";
import { dispose } from "../../models/model";
import type { Random } from "../../random";
import { fit } from "../../train/fit";
import type { FitOptions } from "../../train/options";
import type { TrialData } from "../../train/trial";

/** Trains the FM and returns an FNN that starts from it, itself not yet trained. Frees the FM. */
export async function pretrainedFNN(
  fm: FM,
  { train, validation }: Pick<TrialData, "train" | "validation">,
  options: FitOptions,
  mlp: MLPConfig,
  random: Random,
): Promise<FNN> {
  await fit(fm, train, { ...options, validation });
  const fnn = FNN.fromFM(fm, mlp, random);
  dispose(fm);
  return fnn;
}
