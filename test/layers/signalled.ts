/**
 * For two seconds goes forward and back through the hidden layer of an MLP on the native engine, always the same one.
 * Usage: node --import tsx test/layers/signalled.ts BATCH INPUTS UNITS. Prints "ready", and at the end by how much a
 * gradient was another than the first one, and how many times it got SIGUSR2. Then ends with its standard input, as a
 * signal would end a process that ends.
 */
import * as tf from "@tensorflow/tfjs";
import { useEngine } from "../../lib/engine";
import { affine } from "../../lib/layers/ops";

async function main(batch: number, inputs: number, units: number): Promise<void> {
  await useEngine("node");
  let signals = 0;
  process.on("SIGUSR2", () => void signals++);
  const x = tf.randomNormal<tf.Rank.R2>([batch, inputs]);
  const W = tf.randomNormal<tf.Rank.R2>([inputs, units]);
  const b = tf.randomNormal<tf.Rank.R1>([units]);
  const gradients = tf.grads((x, W, b) => affine(x as tf.Tensor2D, W as tf.Tensor2D, b as tf.Tensor1D).square().sum());
  const once = () => tf.tidy(() => gradients([x, W, b]).map((gradient) => gradient.dataSync()));
  const first = once();
  console.log("ready");
  const start = Date.now();
  let largest = 0;
  while (Date.now() - start < 2000) {
    once().forEach((values, i) => values.forEach((value, at) => {
      const difference = Math.abs(value - first[i][at]);
      if (!(difference <= largest)) largest = difference; // NaN is a difference
    }));
    await new Promise(setImmediate); // where Node hands over signals
  }
  console.log(`${largest} ${signals}`);
  for await (const _ of process.stdin);
}

const [batch, inputs, units] = process.argv.slice(2).map(Number);
void main(batch, inputs, units);
