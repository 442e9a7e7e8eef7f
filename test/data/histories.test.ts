import { expect, test } from "vitest";
import { earlierClicks } from "../../lib/data/histories";
import { fc } from "../properties";

const events = (rows: { user: number; time: number; label: number }[]) => ({
  labels: Float32Array.from(rows, ({ label }) => label),
  users: Int32Array.from(rows, ({ user }) => user),
  times: Float64Array.from(rows, ({ time }) => time),
});

test("a history holds the user's clicks before the impression, oldest first", () => {
  const data = events([
    { user: 1, time: 30, label: 1 }, // row 0
    { user: 1, time: 10, label: 1 },
    { user: 2, time: 15, label: 1 },
    { user: 1, time: 20, label: 0 },
    { user: 1, time: 40, label: 0 },
  ]);
  // As row + 1; row 4 saw the clicks of rows 1 and 0 in this order.
  expect(Array.from(earlierClicks(data, 3))).toEqual([2, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 2, 1, 0]);
});

test("the newest clicks are kept when there are too many", () => {
  const data = events([1, 2, 3, 4].map((time) => ({ user: 1, time, label: 1 })));
  expect(Array.from(earlierClicks(data, 2)).slice(6)).toEqual([2, 3]);
});

test("for any events, a history is what a plain search finds, and nothing from the same second", () => {
  const event = fc.record({ user: fc.nat(3), time: fc.nat(6), label: fc.nat(1) });
  fc.assert(
    fc.property(fc.array(event, { minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 5 }), (rows, maxLength) => {
      const history = earlierClicks(events(rows), maxLength);
      rows.forEach(({ user, time }, row) => {
        const before = rows
          .map((event, i) => ({ ...event, i }))
          .filter((event) => event.user === user && event.time < time && event.label === 1)
          .sort((a, b) => a.time - b.time || a.i - b.i)
          .slice(-maxLength)
          .map(({ i }) => i + 1);
        const expected = [...before, ...new Array(maxLength - before.length).fill(0)];
        expect(Array.from(history.subarray(row * maxLength, (row + 1) * maxLength))).toEqual(expected);
      });
    }),
    { numRuns: 200 },
  );
});

test("without users or times there is no history, and that is said", () => {
  const all = { labels: new Float32Array(2), users: new Int32Array(2), times: new Float64Array(2) };
  for (const lost of [{ users: undefined }, { times: undefined }])
    expect(() => earlierClicks({ ...all, ...lost }, 5)).toThrow("histories need users and times");
});

test("users or times that some labels lack are refused: their clicks would be nobody's", () => {
  const all = { labels: new Float32Array(3), users: new Int32Array(3), times: new Float64Array(3) };
  expect(() => earlierClicks({ ...all, users: new Int32Array(2) }, 5)).toThrow("3 labels, 2 users and 3 times");
  expect(() => earlierClicks({ ...all, times: new Float64Array(4) }, 5)).toThrow("3 labels, 3 users and 4 times");
});

test.each([0, -1, 2.5, undefined])("histories of length %s are refused", (maxLength) => {
  expect(() => earlierClicks(events([{ user: 1, time: 1, label: 1 }]), maxLength as number)).toThrow(
    `maxLength is ${maxLength}, expected a whole number from 1 up`,
  );
});
