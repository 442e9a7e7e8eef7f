/** Loads saved models on an engine of its own process and prints their logits: tsx score.ts engine folder... */
import { type Engine, useEngine } from "../../lib/engine";
import { load } from "../../lib/train/save";
import { data } from "../models/registry";

async function score([engine, ...folders]: string[]): Promise<void> {
  await useEngine(engine as Engine);
  console.log(JSON.stringify(folders.map((folder) => Array.from(load(folder).model.logits(data).dataSync()))));
}

void score(process.argv.slice(2));
