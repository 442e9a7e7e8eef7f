/** The notebook's stop button and Ctrl-C: both send SIGINT, and a training ends after its current batch. */
import { breathe } from "./predict";

export interface StopSignal {
  /** True once somebody asked to stop. */
  readonly asked: boolean;
  /** Stops listening. */
  end(): void;
}

/** Listens until end() is called. A second Ctrl-C in a terminal is not caught, and ends the program. */
export async function listenForStop(): Promise<StopSignal> {
  // Not before the cell has yielded: tslab removes listeners that a cell's synchronous part adds.
  await breathe();
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
