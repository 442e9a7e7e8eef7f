/** Programs that train the same or comparable things, in turns. */
import { Contestant } from "./contestant";
import type { Measured } from "./report";
import { matrixOperations, type Shape } from "./worlds";

export interface Options {
  engines: string[];
  peers: string[];
  python: string;
  threads: number;
  rounds: number;
  seconds: number;
}

/** What to train, and on what: an engine, or "PyTorch" and a way in which peer.py trains tables. */
export interface Entry {
  on: string;
  shape: Shape;
}

/** Trains all entries in turns. */
export async function compete(entries: readonly Entry[], options: Options): Promise<Measured[]> {
  const measured: Measured[] = [];
  const contestants: Contestant[] = [];
  try {
    for (const { on, shape } of entries) {
      const contestant = await start(on, options);
      contestants.push(contestant);
      await contestant.ask({ open: { ...shape, tables: on.split(" ")[1] } });
      const steps = await warmUp(contestant, shape, options.seconds);
      measured.push({ ...shape, name: on, steps, seconds: [] });
    }
    for (let round = 0; round < options.rounds; round++) {
      for (const [i, contestant] of contestants.entries()) {
        const { seconds } = await contestant.ask<{ seconds: number }>({ run: measured[i].steps });
        measured[i].seconds.push(seconds / measured[i].steps);
      }
    }
    for (const [i, contestant] of contestants.entries()) {
      Object.assign(measured[i], await contestant.ask({ memory: 0 }));
      if (isPeer(contestant.name) || measured[i].bySample) continue;
      measured[i].phases = await contestant.ask({ phases: Math.max(2, measured[i].steps) });
      const { gflops } = await contestant.ask<{ gflops: number }>({ ceiling: contestant.name === "cpu" ? 256 : 1024 });
      Object.assign(measured[i], { ceiling: gflops, operations: matrixOperations(measured[i]) });
    }
  } finally {
    for (const contestant of contestants) contestant.end();
  }
  return measured;
}

function start(on: string, { python, threads }: Options): Promise<Contestant> {
  return isPeer(on) ? Contestant.ofPeer(on, python, threads) : Contestant.ofEngine(on, threads);
}

function isPeer(on: string): boolean {
  return on.startsWith("PyTorch");
}

/**
 * Trains until the machine code is compiled, the speed known, and each impression was seen twice: the first visit to
 * a row of a large table waits for the operating system, which hands out memory page by page. Gives up on the
 * second visit after 30 times `seconds`. Returns the number of steps that take so many seconds.
 */
async function warmUp(contestant: Contestant, { impressions, batch }: Shape, seconds: number): Promise<number> {
  let perStep = Infinity;
  let spent = 0;
  for (
    let steps = 1, done = 0;
    spent < 2 * seconds || (done * batch < 2 * impressions && spent < 30 * seconds);
    steps *= 2
  ) {
    const { seconds: took } = await contestant.ask<{ seconds: number }>({ run: steps });
    spent += took;
    done += steps;
    perStep = took / steps;
  }
  return Math.max(1, Math.round(seconds / perStep));
}
