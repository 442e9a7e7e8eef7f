/**
 * End to end: cells run more than once, as readers do. In one kernel each cell runs twice in a row; then the
 * notebook runs once more from its top, and that run must give the committed outputs (not where real data are missing).
 *
 * tsx test/e2e/rerun.ts [00 08]   default: all, about two minutes each
 */
import * as assert from "node:assert/strict";
import { differences } from "../../lib/kernel/differences";
import { missingData } from "../../lib/kernel/realdata";
import { inKernel } from "./cells";
import { askedNotebooks, runScript } from "./course";

async function main(): Promise<void> {
  for (const name of askedNotebooks()) {
    await inKernel(name, "with each cell twice, and from the top again", async (cells, run) => {
      for (const cell of cells) {
        await run(cell);
        await run(cell);
      }
      for (const cell of cells) {
        const outputs = await run(cell);
        const found = missingData(cell).length > 0 ? [] : differences(cell.outputs ?? [], outputs);
        assert.deepEqual(
          found,
          [],
          `cell "${cell.id}" gave other outputs when the notebook ran once more from its top`,
        );
      }
    });
  }
}

runScript(main);
