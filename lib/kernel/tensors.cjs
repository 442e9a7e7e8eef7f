// @ts-check
/**
 * Brings tfjs to rest after a stopped cell. A stop ends the cell's code on the spot and skips every `finally`, where
 * tfjs counts that it has left an operation, a gradient or a tidy. tfjs would take all that follows for a part of
 * these: no gradient would be found any more, and no tensor freed.
 */
"use strict";

/** The one engine of all copies of tfjs in a process. @typedef {{ state: any, endScope(): void }} Engine */

/** Ends what is open and frees its tensors, with those kept for a gradient. Not to be called while tfjs works. */
function endOpenTensorWork() {
  const engine = /** @type {{ _tfengine?: Engine }} */ (globalThis)._tfengine;
  if (!engine) return;
  const { state } = engine;
  for (const { saved } of state.activeTape ?? []) for (const tensor of saved) tensor.dispose();
  while (state.scopeStack.length > 0) engine.endScope();
  Object.assign(state, { kernelDepth: 0, gradientDepth: 0, activeTape: null, activeScope: null });
}

module.exports = { endOpenTensorWork };
