/** What a cell printed, as one text. */
import type { Output } from "../lib/kernel/nbformat";

export function printed(outputs: readonly Output[]): string {
  return outputs.map((output) => (output.output_type === "stream" ? output.text : "")).join("");
}
