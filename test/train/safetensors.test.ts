import { expect, test } from "vitest";
import { decode, encode, type NamedTensor } from "../../lib/train/safetensors";

/** A file made by hand: header length, header, padding, numbers. */
function handMade(header: string, numbers: number[], cut = 0): Uint8Array {
  const json = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeUInt32LE(json.length); // the upper 4 bytes stay 0
  const data = Buffer.alloc(4 * numbers.length);
  numbers.forEach((x, i) => data.writeFloatLE(x, 4 * i));
  const file = Buffer.concat([length, json, data]);
  return file.subarray(0, file.length - cut);
}

const header =
  '{"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[],"data_offsets":[8,12]}}';
const tensors: Record<string, NamedTensor> = {
  a: { shape: [2, 1], values: Float32Array.of(1.5, -2) },
  b: { shape: [], values: Float32Array.of(3) },
};

test("encode writes the bytes of the format, the header padded with spaces to a multiple of 8", () => {
  const padding = " ".repeat((8 - (header.length % 8)) % 8);
  expect(padding).not.toBe("");
  expect(Buffer.concat(encode(tensors))).toEqual(handMade(header + padding, [1.5, -2, 3]));
});

test("encode writes of a view what it shows, not the numbers around it", () => {
  const views = { a: { shape: [2], values: Float32Array.of(9, 1.5, -2, 9).subarray(1, 3) } };
  expect(decode(Buffer.concat(encode(views)))).toEqual({ a: { shape: [2], values: Float32Array.of(1.5, -2) } });
});

test("decode reads a file made by hand, aligned or not, and skips the metadata", () => {
  expect(decode(handMade(header, [1.5, -2, 3]))).toEqual(tensors);
  expect(decode(handMade(`{"__metadata__":{"made by":"hand"},${header.slice(1)}`, [1.5, -2, 3]))).toEqual(tensors);
});

test("names in any script, empty tensors and negative zero survive", () => {
  const odd = {
    "权重/0": { shape: [1], values: Float32Array.of(-0) },
    none: { shape: [0, 4], values: new Float32Array(0) },
  };
  const decoded = decode(Buffer.concat(encode(odd)));
  expect(decoded).toEqual(odd);
  expect(Object.is(decoded["权重/0"].values[0], -0)).toBe(true);
});

test.each<[string, Uint8Array, string]>([
  ["an empty file", new Uint8Array(0), "0 bytes are too few"],
  ["a header cut off", handMade(header, [], 1), `${8 + header.length - 1} bytes are too few`],
  ["numbers cut off", handMade(header, [1.5, -2, 3], 1), "tensor b ends at byte 12 of 11: the file is cut off"],
  ["a header that is no JSON", handMade("{a:1}", []), "the safetensors header is not JSON"],
  [
    "another type of number",
    handMade(header.replace("F32", "F16"), [1.5, -2, 3]),
    "tensor a is of type F16, expected F32",
  ],
  [
    "a shape that does not fit",
    handMade(header.replace("[2,1]", "[3,1]"), [1.5, -2, 3]),
    "tensor a of shape [3, 1] has 8 bytes, expected 12",
  ],
  [
    "a shape that leaves numbers over",
    handMade(header.replace("[2,1]", "[1,1]"), [1.5, -2, 3]),
    "tensor a of shape [1, 1] has 8 bytes, expected 4",
  ],
  ["a header that is null", handMade("null", []), "the safetensors header is no JSON object"],
  ["a header that is a list", handMade("[1]", []), "the safetensors header is no JSON object"],
  ["a tensor that is null", handMade('{"a":null}', []), "tensor a is of type undefined, expected F32"],
  ...["[-4, 0]", "[0.5, 4.5]", "[0]", "null", "[0, 4, 4]"].map((offsets): [string, Uint8Array, string] => [
    `a tensor with the offsets ${offsets}`,
    handMade(`{"a":{"dtype":"F32","shape":[1],"data_offsets":${offsets}}}`, [1, 2]),
    `tensor a has the shape [1] and the offsets ${offsets.replaceAll(" ", "")}, expected whole numbers from 0 up`,
  ]),
  ...["[0.5]", "[-1,-1]", "null", '"1"'].map((shape): [string, Uint8Array, string] => [
    `a tensor of shape ${shape}`,
    handMade(`{"a":{"dtype":"F32","shape":${shape},"data_offsets":[0,4]}}`, [1]),
    `tensor a has the shape ${shape} and the offsets [0,4], expected whole numbers from 0 up`,
  ]),
])("%s is refused", (_, bytes, message) => expect(() => decode(bytes)).toThrow(message));
