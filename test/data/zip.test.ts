import { strToU8, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { unzip } from "../../lib/data/zip";
import { fc } from "../properties";

const archive = zipSync({
  "set/a.txt": strToU8("hello ".repeat(1000)),
  "set/b/": new Uint8Array(),
  "set/b/c.txt": strToU8("there"),
});

/** An archive with this path in it: zipSync refuses none, but takes names as keys, so a stand-in is replaced. */
function archiveWith(path: string): Uint8Array {
  const standIn = "x".repeat(path.length);
  const bytes = Buffer.from(zipSync({ [standIn]: strToU8("harm") }));
  for (let at = bytes.indexOf(standIn); at >= 0; at = bytes.indexOf(standIn, at + 1)) bytes.write(path, at, "latin1");
  return bytes;
}

/** The archive, but its list of files says that the first has this size. */
function archiveOf(size: number): Uint8Array {
  const bytes = Buffer.from(archive);
  bytes.writeUInt32LE(size, bytes.indexOf("PK\x01\x02", 0, "latin1") + 24);
  return bytes;
}

describe("a zip archive", () => {
  test("gives its files by name, without folders", () => {
    const files = unzip(archive);
    expect(Array.from(files.keys()).sort()).toEqual(["set/a.txt", "set/b/c.txt"]);
    expect(Buffer.from(files.get("set/b/c.txt")!).toString()).toBe("there");
  });

  test.each([
    "../up.txt",
    "a/../../up.txt",
    "/etc/passwd",
    "C:/windows.txt",
    "c:up.txt",
    "a\\..\\up.txt",
    "..\\up.txt",
    "\\\\server\\share",
    "a\0b",
  ])("with the path %j is refused", (path) =>
    expect(() => unzip(archiveWith(path))).toThrow(/^the zip archive has the path .* which leads out of its folder/),
  );

  test("may have dots in a name", () => {
    expect(Array.from(unzip(archiveWith("a..b/...c.txt")).keys())).toEqual(["a..b/...c.txt"]);
  });

  test("that says it unpacks to too much is refused before it does", () => {
    expect(() => unzip(archive, 6004)).toThrow(/^the zip archive unpacks to more than 6004 bytes/);
    expect(unzip(archive, 6005).size).toBe(2);
    expect(() => unzip(archiveOf(2 ** 30 + 1))).toThrow("unpacks to more than 1073741824 bytes");
  });

  test("that has a file of another size than it says is refused", () => {
    expect(() => unzip(archiveOf(6001))).toThrow("a damaged zip archive: set/a.txt has 6000 bytes, expected 6001");
  });

  test("with one name twice is refused", () => {
    const bytes = Buffer.from(zipSync({ aa: strToU8("1"), ab: strToU8("2") }));
    for (let at = bytes.indexOf("ab"); at >= 0; at = bytes.indexOf("ab", at + 1)) bytes.write("aa", at);
    expect(() => unzip(bytes)).toThrow('two files named "aa"');
  });

  test("cut off anywhere is refused", () => {
    fc.assert(
      fc.property(fc.nat(archive.length - 1), (length) => {
        expect(() => unzip(archive.subarray(0, length))).toThrow(/damaged|cut off/);
      }),
      { numRuns: 200 },
    );
  });

  test("with any bytes changed gives files inside its folder, or an error", () => {
    fc.assert(
      fc.property(fc.nat(archive.length - 1), fc.uint8Array({ minLength: 1, maxLength: 8 }), (at, bytes) => {
        const changed = archive.slice();
        changed.set(bytes.subarray(0, archive.length - at), at);
        let files = new Map<string, Uint8Array>();
        try {
          files = unzip(changed, 1e6);
        } catch (error) {
          expect((error as Error).message).toMatch(/zip archive/);
        }
        for (const name of files.keys()) expect(name.split("/")).not.toContain("..");
      }),
      { numRuns: 300 },
    );
  });

  test("that is something else is refused", () => {
    for (const bytes of [new Uint8Array(), strToU8("<html>not found</html>"), new Uint8Array(100)])
      expect(() => unzip(bytes)).toThrow("a damaged or cut off zip archive");
  });
});
