/** fast-check as all tests take it: the same draws in every run, so that what fails once fails again. */
import fc from "fast-check";

fc.configureGlobal({ seed: 1 });

/** A share in whole percents. fc.double draws evenly over bit patterns, so nearly always numbers such as 1e-200. */
export const percents = (min: number, max: number): fc.Arbitrary<number> =>
  fc.integer({ min, max }).map((percent) => percent / 100);

export { fc };
