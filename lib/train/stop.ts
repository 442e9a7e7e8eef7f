/** The notebook's stop button and Ctrl-C: both send SIGINT, and a training ends after its current batch. */
import type { AsyncLocalStorage } from "node:async_hooks";
import { breathe } from "./batches";

export interface StopSignal {
  /** True once somebody asked to stop. */
  readonly asked: boolean;
  /** Stops listening. */
  end(): void;
}

/**
 * Listens until end() is called. A second Ctrl-C in a terminal is not caught, and ends the program.
 *
 * @throws if the notebook cell that calls was stopped already, so that a loop over trainings does not begin the next.
 */
export async function listenForStop(): Promise<StopSignal> {
  // Not before the cell has yielded: tslab removes listeners that a cell's synchronous part adds.
  await breathe();
  if (cellWasStopped()) throw new Error("the cell was stopped, so this training does not begin");
  let asked = false;
  const listener = () => {
    asked = true;
  };
  process.once("SIGINT", listener);
  return {
    get asked() {
      return asked;
    },
    end: () => void process.off("SIGINT", listener),
  };
}

/** Only the course's own kernel can tell (lib/kernel/launcher.cjs). */
function cellWasStopped(): boolean {
  const cells = (globalThis as Record<symbol, unknown>)[Symbol.for("click-models.cells")] as
    AsyncLocalStorage<{ stopped: boolean }> | undefined;
  return cells?.getStore()?.stopped === true;
}
