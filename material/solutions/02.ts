/** Solutions of notebook 02. test/solutions runs each through the same check as the notebook. */

/** 0.5 + (1 − 1 + 2) + (1 + 4 − 2): the bias, the weights, and the pairs. */
export const logitByHand = 5.5;

/** x_j stands in w_j x_j and in its pairs, each time to the first power: the slope is what it is multiplied by. */
export function featureSlope(x: number[], w: number[], V: number[][], j: number): number {
  let slope = w[j];
  for (let i = 0; i < x.length; i++) {
    if (i === j) continue;
    for (let f = 0; f < V[j].length; f++) slope += V[i][f] * V[j][f] * x[i];
  }
  return slope;
}

/** Only present features have a gradient; w needs no more, v_2 and v_5 have each other. */
export const rowsThatMove = { w: [2, 5], v: [2, 5] };

/** A user who was drawn twice brings their rows twice. */
export function rowsOfDraw(users: number[], drawn: number[]): number[] {
  return drawn.flatMap((user) => users.flatMap((one, r) => (one === user ? [r] : [])));
}

export const solutions = {
  "02.1 logit": logitByHand,
  "02.2 what a feature adds": featureSlope,
  "02.3 rows that move": rowsThatMove,
  "02.4 people drawn": rowsOfDraw,
};
