import { beforeAll, describe, expect, it } from "vitest";
import { rowRange } from "../../lib/data/blocks";
import { useEngine } from "../../lib/engine";
import { createRandom } from "../../lib/random";
import { adagrad, adam, adamCompiled, adamInJavaScript, ftrl, newState, sgd } from "../../lib/train/optimizers";
import { Training, trainStep } from "../../lib/train/step";
import { denseStep, rules } from "./dense";
import { numbers, toyImpressions, toyModel } from "./toy";

beforeAll(() => useEngine("wasm"));

describe("optimizers", () => {
  it.each(Object.entries(rules))("%s follows its formula", (_, { optimizer, rule }) => {
    const random = createRandom(1);
    const [weights, state] = [new Float32Array(4), newState(optimizer, 2, 2)];
    const expected = new Array<number>(4).fill(0);
    const apply = expected.map(() => rule());
    for (let step = 1; step <= 20; step++) {
      const gradient = Float32Array.from({ length: 4 }, () => random.normal());
      optimizer.update(weights, state, gradient, 2, 0.1, step);
      expected.forEach((value, i) => {
        expected[i] = apply[i](value, gradient[i], step);
        expect(weights[i]).toBeCloseTo(expected[i], 5);
      });
    }
  });

  it.each([1, 2, 3, 16, 17, 5000])(
    "adam in compiled code gives the digits of the loop in JavaScript, rows of %i",
    (dim) => {
      const random = createRandom(dim);
      const optimizer = adam();
      const rows = Math.ceil(600 / dim);
      const draw = () => Float32Array.from({ length: rows * dim }, () => random.normal());
      const start = draw();
      const [plain, compiled] = [adamInJavaScript, adamCompiled].map((update) => ({
        update,
        weights: start.slice(),
        state: newState(optimizer, rows, dim),
      }));
      for (let step = 1; step <= 5; step++) {
        const gradient = draw();
        gradient[0] = 0;
        for (const { update, weights, state } of [plain, compiled]) {
          update(
            weights,
            state,
            gradient,
            dim,
            0.001 / (1 - 0.9 ** step),
            1 / Math.sqrt(1 - 0.999 ** step),
            0.9,
            0.999,
            1e-8,
          );
        }
      }
      expect(compiled.weights).toEqual(plain.weights);
      expect(compiled.state).toEqual(plain.state);
      expect(compiled.weights).not.toEqual(start);
    },
  );

  it("begin with what each slot starts from, the slots of a row side by side", () => {
    const two = { ...sgd({ learningRate: 1 }), slots: { one: 1, two: 2 } };
    expect(Array.from(newState(two, 2, 3))).toEqual([1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2]);
  });

  it("adagrad's first step is worked by hand: G = 0.1 + 3², so 1 − 0.5 · 3/√9.1", () => {
    const { optimizer, weights } = { optimizer: adagrad({ learningRate: 0.5 }), weights: Float32Array.of(1) };
    optimizer.update(weights, newState(optimizer, 1, 1), Float32Array.of(3), 1, 0.5, 1);
    expect(weights[0]).toBeCloseTo(1 - 1.5 / Math.sqrt(9.1), 6);
  });

  it("ftrl does not move a weight, nor lose it, at the rate 0 of a cosine's last step", () => {
    const optimizer = ftrl({ learningRate: 0.1 });
    const weights = Float32Array.of(0);
    const state = newState(optimizer, 1, 1);
    optimizer.update(weights, state, Float32Array.of(1), 1, 0.1, 1);
    const before = weights[0];
    optimizer.update(weights, state, Float32Array.of(1), 1, 0, 2);
    expect(before).not.toBe(0);
    expect(weights[0]).toBe(before);
    optimizer.update(weights, state, Float32Array.of(1), 1, 0.1, 3);
    expect(weights[0]).toBeLessThan(before);
  });

  it("ftrl does not lose a weight where a schedule makes its rate tiny", () => {
    const optimizer = ftrl({ learningRate: 0.1 });
    const [weights, state] = [Float32Array.of(0), newState(optimizer, 1, 1)];
    optimizer.update(weights, state, Float32Array.of(1), 1, 0.1, 1);
    const before = weights[0];
    for (let n = 2; n < 330; n++) {
      optimizer.update(weights, state, Float32Array.of(1), 1, 10 ** -n, n); // 10⁻³²⁹ is 0
      expect(Math.abs(weights[0] - before)).toBeLessThan(0.02);
    }
  });

  it("ftrl under a schedule is where the sum of all its rounds has its smallest value", () => {
    const optimizer = ftrl({ learningRate: 1, beta: 0.7, l1: 0.2, l2: 0.3 });
    const [weights, state] = [Float32Array.of(0), newState(optimizer, 1, 1)];
    const random = createRandom(1);
    let [gradients, squares, last] = [0, 0, 0];
    let proximal = 0; // Σ σ w: how strongly each round pulls to where the weight was
    for (let step = 1; step <= 200; step++) {
      const rate = 0.1 / (1 + (step % 7));
      const g = 1 / (1 + Math.exp(-weights[0])) - 0.9 + 0.3 * random.normal();
      gradients += g;
      squares += g * g;
      const strength = (0.7 + Math.sqrt(squares)) / rate; // Σ σ
      proximal += (strength - (last || 0.7 / rate)) * weights[0];
      last = strength;
      optimizer.update(weights, state, Float32Array.of(g), 1, rate, step);
      const z = gradients - proximal; // the smallest value of z w + strength w² / 2 + λ₁ |w| + λ₂ w² / 2
      expect(weights[0]).toBeCloseTo(Math.abs(z) <= 0.2 ? 0 : -(z - Math.sign(z) * 0.2) / (strength + 0.3), 4);
    }
    expect(weights[0]).toBeGreaterThan(0.5);
  });

  it("adam moves a row about twice as far the second time, where it comes once per epoch", () => {
    const optimizer = adam({ learningRate: 1 });
    const [weights, state] = [Float32Array.of(0), newState(optimizer, 1, 1)];
    const moves = [21, 63].map((step) => { // the middle of two epochs of 42 steps, as in notebook 06
      const before = weights[0];
      optimizer.update(weights, state, Float32Array.of(0.3), 1, 1, step);
      return before - weights[0];
    });
    expect(moves[1] / moves[0]).toBeGreaterThan(1.9);
    expect(moves[1] / moves[0]).toBeLessThan(2.1);
  });

  it("ftrl does not move a weight without a gradient, whatever the schedule does", () => {
    const optimizer = ftrl({ learningRate: 0.1 });
    const [weights, state] = [Float32Array.of(0), newState(optimizer, 1, 1)];
    for (let step = 1; step <= 20; step++) optimizer.update(weights, state, Float32Array.of(-0.5), 1, 0.1, step);
    const trained = weights[0];
    expect(trained).toBeGreaterThan(0.1);
    for (const rate of [0.05, 0.01, 0.001, 0.1]) {
      optimizer.update(weights, state, Float32Array.of(0), 1, rate, 21);
      expect(weights[0]).toBeCloseTo(trained, 4);
    }
  });

  it("ftrl keeps of another start than 0 the share that its docstring says", () => {
    const [weights, optimizer] = [Float32Array.of(0.4), ftrl({ learningRate: 0.01, beta: 1 })];
    optimizer.update(weights, newState(optimizer, 1, 1), Float32Array.of(3), 1, 0.01, 1);
    expect(weights[0]).toBeCloseTo((0.4 * 3) / (1 + 3) - (0.01 * 3) / (1 + 3), 6);
  });

  it("ftrl keeps a weight at exactly 0 until its gradients exceed l1", () => {
    const optimizer = ftrl({ learningRate: 0.1, l1: 1 });
    const [weights, state] = [Float32Array.of(0), newState(optimizer, 1, 1)];
    optimizer.update(weights, state, Float32Array.of(0.6), 1, 0.1, 1);
    expect(weights[0]).toBe(0);
    optimizer.update(weights, state, Float32Array.of(0.6), 1, 0.1, 2);
    expect(weights[0]).toBeLessThan(0);
  });

  it("have the numbers of their papers where none are given", () => {
    expect(adam().settings).toEqual({ kind: "adam", learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 });
    expect(adagrad({ learningRate: 1 }).settings).toEqual({ kind: "adagrad", learningRate: 1, start: 0.1 });
    expect(ftrl({ learningRate: 1 }).settings).toEqual({ kind: "ftrl", learningRate: 1, beta: 1, l1: 0, l2: 0 });
  });

  it("refuse settings that make no sense", () => {
    const slip = { learningRate: 0.1, lr: 0.1 };
    for (const [name, make] of Object.entries({ sgd, adagrad, adam, ftrl }))
      expect(() => make(slip)).toThrow(`${name} has no option lr, expected some of learningRate`);
    expect(() => sgd({ learningRate: 0 })).toThrow("learningRate is 0, expected a number above 0");
    expect(() => adagrad({ learningRate: 1, start: -1 })).toThrow("start is -1");
    // 0 in 32 bits: a gradient of 0 would make the weight 0 / 0.
    expect(() => adagrad({ learningRate: 1, start: 1e-50 })).toThrow("start is 0, expected a number above 0");
    for (const beta of ["beta1", "beta2"])
      expect(() => adam({ [beta]: 1 })).toThrow(`${beta} is 1, expected a share from 0 to below 1`);
    expect(() => ftrl({ learningRate: 1, l1: -1 })).toThrow("l1 is -1");
  });
});

describe("rows", () => {
  it.each(["sgd", "adagrad"])("%s on rows equals the dense rule to 1e-6, with repeated ids", (name) => {
    const { optimizer, rule } = rules[name];
    const [sparse, dense] = [toyModel(1, 1), toyModel(1, 1)];
    const training = new Training(sparse, { optimizer });
    const data = toyImpressions(60);
    const state = {};
    for (let step = 1; step <= 6; step++) {
      const batch = data.read(rowRange(10 * step - 10, 10 * step));
      trainStep(training, batch);
      denseStep(dense, batch, state, step, rule);
    }
    const [a, b] = [numbers(sparse), numbers(dense)];
    for (const weight of Object.keys(a))
      a[weight].forEach((value, i) =>
        expect(Math.abs(value - b[weight][i])).toBeLessThan(1e-6 * Math.max(1, Math.abs(b[weight][i]))),
      );
  });

  it.each(Object.entries(rules))(
    "%s does not move a row that is not in the batch, nor row 0",
    (name, { optimizer }) => {
      const model = toyModel(1, 1);
      const training = new Training(model, { optimizer });
      const data = toyImpressions(40);
      trainStep(training, data);
      for (let step = 0; step < 10; step++) {
        const batch = data.read(Int32Array.of(step, step + 1));
        const touched = new Set(model.index.ids(batch));
        const before = model.factors.values.slice();
        trainStep(training, batch);
        for (let row = 0; row < model.factors.rows; row++) {
          const moved = [0, 1, 2].some((d) => model.factors.values[row * 3 + d] !== before[row * 3 + d]);
          if (row === 0 || !touched.has(row)) expect(moved).toBe(false);
          else if (name !== "ftrl") expect(moved).toBe(true); // FTRL may hold a row at 0
        }
      }
    },
  );
});
