/** Which models are being trained now: without an await before fit, the next line would use a half-trained one. */
import { AsyncLocalStorage } from "node:async_hooks";
import type { Model } from "../models/model";

const busy = new WeakSet<Model>();
/** The models whose trainings the running code belongs to, such as a callback of fit: it may look at them. */
const own = new AsyncLocalStorage<readonly Model[]>();

/** Runs the training of the model. From the call on until it ends, others are kept from the model. */
export async function whileBusy<T>(model: Model, train: () => Promise<T>): Promise<T> {
  if (busy.has(model)) throw inTraining();
  busy.add(model);
  let hasBegun = false;
  setImmediate(() => hasBegun || busy.delete(model)); // a kernel's stop in train's first lines skips the finally below
  try {
    const training = own.run([...(own.getStore() ?? []), model], train);
    hasBegun = true;
    return await training;
  } finally {
    busy.delete(model);
  }
}

/** @throws if the model is being trained, by a training that this code is no part of. */
export function checkNotBusy(model: Model): void {
  if (busy.has(model) && !own.getStore()?.includes(model)) throw inTraining();
}

function inTraining(): Error {
  return new Error("the model is being trained, expected one whose training is over. Is an await missing before fit?");
}
