/**
 * The one source of randomness: everything random in the course comes from a seed through here.
 *
 * Source: sfc32 ("small fast counter", C. Doty-Humphrey, PractRand), normals by Marsaglia's polar method.
 * Uses only arithmetic, bits, Math.sqrt and Math.log, so a seed gives the same numbers on every machine. On ARM the
 * last of the 16 digits of a normal() may differ: Node's Math.log is compiled with fused multiply-adds
 * (nodejs/node#59095).
 */

export interface Random {
  /** A number in [0, 1), one of 2^32 values. */
  uniform(): number;
  /** A number from the normal distribution with mean 0 and standard deviation 1. */
  normal(): number;
  /** A whole number from 0 to n - 1, all equally likely to within 2^-32 (n up to 2^32). */
  integer(n: number): number;
  /** Puts the array in random order, in place, and returns it (Fisher-Yates). */
  shuffle<T extends { length: number; [index: number]: unknown }>(array: T): T;
  /**
   * A new generator whose numbers depend on this one's seed and on the name alone, not on how many
   * numbers were drawn before. Example: random.child("epoch 3").shuffle(rows). A slash in a name means a child's child:
   * child("a/b") has the numbers of child("a").child("b").
   */
  child(name: string): Random;
}

/** A generator whose numbers are decided by the seed: a whole number or any text. */
export function createRandom(seed: number | string): Random {
  if (typeof seed !== "string" && !Number.isSafeInteger(seed))
    throw new RangeError(`seed is ${seed}, expected a whole number or a text: the same seed gives the same digits`);
  let [a, b, c, counter] = hash(String(seed));
  let spare: number | undefined;

  /** The next 32 bits, as an unsigned whole number. */
  function next(): number {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  }
  for (let i = 0; i < 12; i++) next(); // mixes the seed into all of the state

  const random: Random = {
    uniform: () => next() / 2 ** 32,
    normal() {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return value;
      }
      for (;;) {
        const x = 2 * random.uniform() - 1;
        const y = 2 * random.uniform() - 1;
        const square = x * x + y * y;
        if (square === 0 || square >= 1) continue;
        const scale = Math.sqrt((-2 * Math.log(square)) / square);
        spare = y * scale;
        return x * scale;
      }
    },
    integer: (n) => Math.floor(random.uniform() * n),
    shuffle(array) {
      for (let i = array.length - 1; i > 0; i--) {
        const j = random.integer(i + 1);
        [array[i], array[j]] = [array[j], array[i]];
      }
      return array;
    },
    child: (name) => createRandom(`${seed}/${name}`),
  };
  return random;
}

/** Four 32-bit numbers from a text (FNV-1a with four offsets). */
function hash(text: string): [number, number, number, number] {
  const state: [number, number, number, number] = [0x811c9dc5, 0x050c5d1f, 0x9e3779b9, 0x85ebca6b];
  for (let i = 0; i < text.length; i++) {
    for (let k = 0; k < 4; k++) state[k] = Math.imul(state[k] ^ (text.charCodeAt(i) + k), 0x01000193);
  }
  return state;
}
