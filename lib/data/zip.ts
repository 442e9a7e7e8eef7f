/**
 * Zip archives that nobody vouches for: their names and sizes are checked before anything is unpacked. The bytes are
 * not: where a changed byte matters, check the archive's checksum first, as catalogue.ts does.
 */
import { unzipSync } from "fflate";

const gigabyte = 2 ** 30;

/** What is wrong is in the archive's list of files, not in its bytes. */
class Refused extends RangeError {}

/**
 * The files of a zip archive by name, folders left out.
 *
 * @throws if the archive is cut off, its list of files or a size is wrong, it has a path that leads out of its folder,
 * or it unpacks to more than maxBytes.
 */
export function unzip(archive: Uint8Array, maxBytes = gigabyte): Map<string, Uint8Array> {
  let total = 0;
  const sizes = new Map<string, number>();
  const accept = ({ name, originalSize }: { name: string; originalSize: number }): boolean => {
    checkPath(name);
    if (sizes.has(name)) throw new Refused(`the zip archive has two files named ${JSON.stringify(name)}, expected one`);
    total += originalSize;
    if (total > maxBytes)
      throw new Refused(`the zip archive unpacks to more than ${maxBytes} bytes, expected less. Is it the right file?`);
    if (!name.endsWith("/")) sizes.set(name, originalSize);
    return !name.endsWith("/");
  };
  let unpacked: Record<string, Uint8Array>;
  try {
    unpacked = unzipSync(archive, { filter: accept });
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Error(`a damaged or cut off zip archive (${(error as Error).message})`);
  }
  const files = new Map(Object.entries(unpacked));
  for (const [name, size] of sizes) {
    const got = files.get(name)?.length;
    if (got !== size) throw new Error(`a damaged zip archive: ${name} has ${got} bytes, expected ${size}`);
  }
  return files;
}

/** Refuses what could be written outside of the folder it is unpacked to, on any system. */
function checkPath(name: string): void {
  const parts = name.split(/[/\\]/);
  if (name.includes("\\") || name.includes("\0") || /^([a-z]:|\/)/i.test(name) || parts.includes("..")) {
    throw new Refused(
      `the zip archive has the path ${JSON.stringify(name)}, which leads out of its folder. Do not trust this file`,
    );
  }
}
