import { type Fault, golden, model } from "../fault";

export const faults: readonly Fault[] = [
  {
    name: "AFM's softmax runs over an axis of length 1",
    file: "lib/models/afm.ts",
    find: "const scores = matMul(hidden, this.attentionOutput).reshape<tf.Tensor2D>([n, count]);",
    replace:
      "const scores = matMul(hidden, this.attentionOutput).softmax<tf.Tensor2D>().reshape<tf.Tensor2D>([n, count]);",
    tests: [model("afm"), golden],
  },
  {
    name: "two weights of AFM start from the same random numbers",
    file: "lib/models/afm.ts",
    find: 'random.child("attention output")',
    replace: 'random.child("attention")',
    tests: [model("contract")],
  },
  {
    name: "a model does not tell its MLP that it is training",
    file: "lib/models/dcn.ts",
    find: "this.mlp.apply(x0, pass)",
    replace: "this.mlp.apply(x0, inference)",
    tests: [model("contract")],
  },
  {
    name: "DeepFM's deep part has its own embeddings",
    file: "lib/models/deepfm.ts",
    find: "if (separateEmbeddings)\n",
    replace: "if (!separateEmbeddings)\n",
    tests: [model("deepfm")],
  },
  {
    name: "attention weights sum up v instead of e",
    file: "lib/models/din.ts",
    find: "weightedSum(this.attention[i].apply(candidate, steps, mask, pass), steps), // [batch, d]",
    replace: "candidate.mul<tf.Tensor2D>(this.attention[i].apply(candidate, steps, mask, pass).sum(1, true)),",
    tests: [model("din"), golden],
  },
  {
    name: "FM has no first-order weights",
    file: "lib/models/fm.ts",
    find: "return linear.add(pairs).add(this.bias);",
    replace: "return pairs.add(linear.mul(0)).add(this.bias);",
    tests: [model("fm"), golden],
  },
  {
    name: "a comment in FM says another shape than the line makes",
    file: "lib/models/fm.ts",
    find: "// [batch, slots, k] → [batch]",
    replace: "// [batch, slots, k] → [batch, k]",
    tests: [model("fm")],
  },
  {
    name: "FM's bias is left out of its weights",
    file: "lib/models/fm.ts",
    find: "return { bias: this.bias, linear: this.linear, factors: this.factors };",
    replace:
      "return { linear: this.linear, factors: this.factors } as unknown as { bias: typeof this.bias; linear: EmbeddingTable; factors: EmbeddingTable };",
    tests: [model("fm"), golden],
  },
  {
    name: "FM returns probabilities",
    file: "lib/models/fm.ts",
    find: "return linear.add(pairs).add(this.bias);",
    replace: "return linear.add(pairs).add(this.bias).sigmoid();",
    tests: [model("fm"), golden],
  },
  {
    name: "FNN throws away FM's first-order weights",
    file: "lib/models/fnn.ts",
    find: "model.factors.values[row * (1 + K)] = fm.linear.values[row];",
    replace: "model.factors.values[row * (1 + K)] = 0 * fm.linear.values[row];",
    tests: [model("fnn")],
  },
  {
    name: "NFM gives its MLP a number instead of a vector",
    file: "lib/models/nfm.ts",
    find: "const pairs = bilinearInteraction(this.index.lookup(this.factors, batch, ids));",
    replace:
      "const pairs = bilinearInteraction(this.index.lookup(this.factors, batch, ids)).mean(1, true).mul<tf.Tensor2D>(tf.ones([1, this.config.embeddingDim]));",
    tests: [model("nfm"), golden],
  },
];
