/** How long something takes on this machine. */

/** The shortest of `times` runs, in ms, after one that does not count, because the first run also compiles. */
export function milliseconds(work: () => void, times = 9): number {
  let least = Infinity;
  for (let i = -1; i < times; i++) {
    const start = performance.now();
    work();
    const passed = performance.now() - start;
    if (i >= 0) least = Math.min(least, passed);
  }
  return least;
}
