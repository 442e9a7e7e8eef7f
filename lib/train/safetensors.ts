/**
 * The safetensors format, as far as it holds float32: numbers with names and shapes, readable from Python, Rust and
 * browsers, and, unlike a pickle, without anything that could run.
 *
 *   8 bytes         length of the header, little-endian
 *   the header      JSON: { "name": { "dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24] }, ... }, then spaces
 *   the rest        the numbers, little-endian, row by row; offsets count from here
 *
 * Source: the format's description at github.com/huggingface/safetensors.
 */

/** shape: as a tensor has it; values: as many as the product of the shape. */
export interface NamedTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [start: number, end: number];
}

/** The file in pieces, so that large tables are not copied: written one after the other they are the file. */
export function encode(tensors: Readonly<Record<string, NamedTensor>>): Uint8Array[] {
  const header: Record<string, Entry> = {};
  const pieces: Uint8Array[] = [];
  let offset = 0;
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    header[name] = { dtype: "F32", shape, data_offsets: [offset, offset + values.byteLength] };
    pieces.push(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    offset += values.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const padded = Math.ceil(json.length / 8) * 8; // the numbers begin at a multiple of 8
  const start = new Uint8Array(8 + padded).fill(0x20);
  new DataView(start.buffer).setBigUint64(0, BigInt(padded), true);
  start.set(json, 8);
  return [start, ...pieces];
}

/**
 * The tensors of a file, by name. Where the file allows, values are views of its bytes, not copies.
 *
 * @throws if the bytes are not a whole safetensors file of float32.
 */
export function decode(bytes: Uint8Array): Record<string, NamedTensor> {
  const size = bytes.length < 8 ? 0 : Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (bytes.length < 8 || 8 + size > bytes.length)
    throw new RangeError(`${bytes.length} bytes are too few for a safetensors header: not such a file, or cut off`);
  const data = bytes.subarray(8 + size);
  const tensors: Record<string, NamedTensor> = {};
  for (const [name, entry] of Object.entries(parseHeader(bytes.subarray(8, 8 + size)))) {
    if (name === "__metadata__") continue;
    const { dtype, shape, data_offsets } = (entry ?? {}) as Partial<Entry>;
    if (dtype !== "F32") throw new RangeError(`tensor ${name} is of type ${dtype}, expected F32`);
    if (!areCounts(shape) || !areCounts(data_offsets) || data_offsets.length !== 2)
      throw new RangeError(
        `tensor ${name} has the shape ${JSON.stringify(shape)} and the offsets ${JSON.stringify(data_offsets)}, expected whole numbers from 0 up, two of them as offsets`,
      );
    const [start, end] = data_offsets;
    const length = shape.reduce((product, n) => product * n, 1);
    if (end - start !== 4 * length)
      throw new RangeError(
        `tensor ${name} of shape [${shape.join(", ")}] has ${end - start} bytes, expected ${4 * length}`,
      );
    if (end > data.length)
      throw new RangeError(`tensor ${name} ends at byte ${end} of ${data.length}: the file is cut off`);
    tensors[name] = { shape, values: floats(data.subarray(start, end)) };
  }
  return tensors;
}

function areCounts(values: unknown): values is readonly number[] {
  return Array.isArray(values) && values.every((value) => Number.isSafeInteger(value) && value >= 0);
}

function parseHeader(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new RangeError("the safetensors header is not JSON: not such a file, or damaged");
  }
  if (typeof header !== "object" || header === null || Array.isArray(header))
    throw new RangeError("the safetensors header is no JSON object: not such a file, or damaged");
  return header as Record<string, unknown>;
}

function floats(bytes: Uint8Array): Float32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes); // a copy; a Buffer's slice would be none
  return new Float32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
}
