/**
 * Impressions in a file, for data larger than memory: one row after the other, each with the same number of bytes, so
 * that any row can be read by its number. An id takes 1, 2 or 4 bytes, as its vocabulary needs.
 *
 * The file: 8 bytes with name and version, 4 bytes with the length of the description, the description as JSON, the
 * rows, 8 bytes with the number of rows. All numbers have their low byte first.
 */
import * as fs from "node:fs";
import type { Random } from "../random";
import { shuffledBlocks } from "./blocks";
import type { Encoding } from "./fitter";
import { checkRows, type Column, type Feature, Impressions, type ImpressionSource, width } from "./impressions";

const magic = "CTRROWS1";

/** What stands before the rows. */
export interface Description {
  readonly encoding: Encoding;
  readonly hasUsers: boolean;
  readonly hasTimes: boolean;
  /** Older files lack this, and have no weights. */
  readonly hasWeights?: boolean;
}

/** Where the parts of a row are, in bytes from its beginning. */
interface Layout {
  readonly places: readonly { feature: Feature; offset: number; bytes: 1 | 2 | 4; values: number }[];
  /** -1 if the rows have none. */
  readonly user: number;
  readonly time: number;
  readonly weight: number;
  readonly rowBytes: number;
}

function layOut({ encoding, hasUsers, hasTimes, hasWeights = false }: Description): Layout {
  let end = 1; // the label has byte 0
  const place = (bytes: number): number => {
    const start = end;
    end += bytes;
    return start;
  };
  const user = hasUsers ? place(4) : -1;
  const time = hasTimes ? place(8) : -1;
  const weight = hasWeights ? place(4) : -1;
  const places = encoding.features.map((feature) => {
    const bytes = feature.kind === "dense" || feature.vocabSize > 2 ** 16 ? 4 : feature.vocabSize > 2 ** 8 ? 2 : 1;
    const values = width(feature);
    return { feature, bytes, values, offset: place(bytes * values) } as const;
  });
  return { places, user, time, weight, rowBytes: end };
}

/** One impression on its way into the file: a number per sparse and dense feature, an array per sequence. */
export interface PackedRow {
  label: number;
  user: number;
  time: number;
  weight: number;
  /** In the order of the features. */
  values: (number | ArrayLike<number>)[];
}

/** Writes rows one after the other, with a buffer of 1 MB. */
export class PackedWriter {
  private readonly layout: Layout;
  private readonly file: number;
  private readonly buffer: Buffer;
  private readonly view: DataView;
  private used = 0;
  private rows = 0;

  constructor(path: string, description: Description) {
    this.layout = layOut(description);
    this.buffer = Buffer.alloc(Math.max(1, Math.floor(2 ** 20 / this.layout.rowBytes)) * this.layout.rowBytes);
    this.view = new DataView(this.buffer.buffer, this.buffer.byteOffset, this.buffer.length);
    const json = Buffer.from(JSON.stringify(description));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(json.length);
    this.file = fs.openSync(path, "w");
    fs.writeFileSync(this.file, Buffer.concat([Buffer.from(magic, "latin1"), length, json]));
  }

  add({ label, user, time, weight, values }: PackedRow): void {
    const { layout, view } = this;
    if (this.used === this.buffer.length) this.flush();
    const start = this.used;
    this.used += layout.rowBytes;
    this.rows++;
    view.setUint8(start, label);
    if (layout.user >= 0) view.setInt32(start + layout.user, user, true);
    if (layout.time >= 0) view.setFloat64(start + layout.time, time, true);
    if (layout.weight >= 0) view.setFloat32(start + layout.weight, weight, true);
    for (let f = 0; f < layout.places.length; f++) {
      const { feature, offset, bytes, values: count } = layout.places[f];
      const value = values[f];
      if (feature.kind === "dense") view.setFloat32(start + offset, value as number, true);
      else if (feature.kind === "sparse") put(view, start + offset, bytes, value as number);
      else
        for (let j = 0; j < count; j++)
          put(view, start + offset + j * bytes, bytes, (value as ArrayLike<number>)[j] ?? 0);
    }
  }

  /** Writes what is left and the number of rows. */
  finish(): void {
    this.flush();
    const rows = Buffer.alloc(8);
    rows.writeDoubleLE(this.rows);
    fs.writeFileSync(this.file, rows);
  }

  close(): void {
    fs.closeSync(this.file);
  }

  private flush(): void {
    fs.writeFileSync(this.file, this.buffer.subarray(0, this.used)); // writes all of it, unlike writeSync
    this.used = 0;
  }
}

function put(view: DataView, offset: number, bytes: 1 | 2 | 4, id: number): void {
  if (bytes === 1) view.setUint8(offset, id);
  else if (bytes === 2) view.setUint16(offset, id, true);
  else view.setInt32(offset, id, true);
}

/**
 * The rows of a packed file, read when they are asked for: memory is needed for one batch only. Neighbouring rows
 * that are asked for one after the other are read together. Close the file when it is no longer needed.
 */
export class PackedImpressions implements ImpressionSource {
  readonly encoding: Encoding;
  readonly features: readonly Feature[];
  readonly size: number;
  private readonly description: Description;
  private readonly layout: Layout;
  private readonly start: number;
  private file: number | undefined; // none once it is closed

  /** @throws if the file is not a complete packed file. */
  constructor(readonly path: string) {
    const file = fs.openSync(path, "r");
    this.file = file;
    try {
      const head = this.bytes(0, 12);
      if (head.toString("latin1", 0, 8) !== magic)
        throw new Error(`${path} is not a packed file, expected one made by packTable`);
      const length = head.readUInt32LE(8);
      const json = this.bytes(12, length).toString();
      try {
        this.description = JSON.parse(json) as Description;
        this.layout = layOut(this.description);
      } catch (error) {
        throw new Error(`${path} is damaged in its description (${(error as Error).message}). Make it again`);
      }
      this.start = 12 + length;
      const end = fs.fstatSync(file).size - 8;
      this.size = this.bytes(end, 8).readDoubleLE();
      if (end - this.start !== this.size * this.layout.rowBytes)
        throw new Error(
          `${path} has ${end - this.start} bytes of rows, expected ${this.size * this.layout.rowBytes}. Make it again`,
        );
    } catch (error) {
      this.close();
      throw error;
    }
    this.encoding = this.description.encoding;
    this.features = this.encoding.features;
  }

  read(rows: Int32Array): Impressions {
    checkRows(rows, this.size);
    const { layout, start } = this;
    const all = Buffer.alloc(rows.length * layout.rowBytes);
    for (let i = 0, next = 0; i < rows.length; i = next) {
      for (next = i + 1; next < rows.length && rows[next] === rows[next - 1] + 1; next++);
      this.bytes(
        start + rows[i] * layout.rowBytes,
        (next - i) * layout.rowBytes,
        all.subarray(i * layout.rowBytes, next * layout.rowBytes),
      );
    }
    return this.decode(new DataView(all.buffer, all.byteOffset, all.length), rows.length);
  }

  /** See shuffledBlocks. */
  shuffled(random: Random): Int32Array {
    return shuffledBlocks(this.size, random);
  }

  close(): void {
    if (this.file !== undefined) fs.closeSync(this.file);
    this.file = undefined;
  }

  private decode(view: DataView, count: number): Impressions {
    const { places, user, time, weight, rowBytes } = this.layout;
    const fill = <T extends Float32Array | Int32Array | Float64Array>(to: T, get: (place: number) => number): T => {
      for (let i = 0, place = 0; i < count; i++, place += rowBytes) to[i] = get(place);
      return to;
    };
    const labels = fill(new Float32Array(count), (place) => view.getUint8(place));
    const users = user < 0 ? undefined : fill(new Int32Array(count), (place) => view.getInt32(place + user, true));
    const times = time < 0 ? undefined : fill(new Float64Array(count), (place) => view.getFloat64(place + time, true));
    const weights =
      weight < 0 ? undefined : fill(new Float32Array(count), (place) => view.getFloat32(place + weight, true));
    const columns: Record<string, Column> = {};
    for (const { feature, offset, bytes, values } of places) {
      const column = feature.kind === "dense" ? new Float32Array(count) : new Int32Array(count * values);
      for (let i = 0, at = 0; i < count; i++) {
        for (let j = 0; j < values; j++)
          column[at++] = get(view, i * rowBytes + offset + j * bytes, feature.kind === "dense" ? "float" : bytes);
      }
      columns[feature.name] = column;
    }
    return new Impressions({ features: this.features, columns, labels, users, times, weights });
  }

  private bytes(position: number, length: number, into = Buffer.alloc(length)): Buffer {
    if (this.file === undefined)
      throw new Error(
        `${this.path} is closed, expected to be open while it is read. Close it after its last use, or open it again: new PackedImpressions(path)`,
      );
    for (let done = 0; done < length; ) {
      const n = fs.readSync(this.file, into, done, length - done, position + done);
      if (n === 0) throw new Error(`${this.path} ends too early. Make it again`);
      done += n;
    }
    return into;
  }
}

function get(view: DataView, offset: number, type: 1 | 2 | 4 | "float"): number {
  if (type === 1) return view.getUint8(offset);
  if (type === 2) return view.getUint16(offset, true);
  if (type === 4) return view.getInt32(offset, true);
  return view.getFloat32(offset, true);
}
