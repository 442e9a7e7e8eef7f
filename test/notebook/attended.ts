/** The mean of rows whose weights are the softmax of the scores: what attention gives in the museum, as a plain loop. */
export function attended(rows: number[][], scores: number[]): number[] {
  const powers = scores.map(Math.exp);
  const total = powers.reduce((a, b) => a + b);
  return rows[0].map((_, f) => rows.reduce((sum, row, i) => sum + (powers[i] / total) * row[f], 0));
}
