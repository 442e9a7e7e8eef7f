// @ts-check
/**
 * TypeScript as tslab gets it, with less to do for each cell.
 *
 * - For each cell tslab makes two programs, and TypeScript's builder then follows every reference in every file.
 *   tslab asks the builder for four things, which a program can answer without that work (createProgram).
 * - Each kernel would check and compile the files of lib that a notebook imports. They seldom change: what came out
 *   is kept in .cache/compiled as long as a file, all that it imports and the installed packages stay the same.
 * - Both compilations, TypeScript to modules and modules to `require`, also make source maps, for places.cjs.
 * - `{ name }` and `{ name: other }` find names of earlier cells (cells.cjs), and files of lib may come and go (watch.cjs).
 * - Shift+Tab explains what is called, too (help.cjs).
 * - An error of the compiler in a file of lib has that file's name.
 */
"use strict";
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const { withNamesOfEarlierCells } = require("./cells.cjs");
const { helpAt } = require("./help.cjs");
const { addMaps } = require("./places.cjs");
const { patientHost } = require("./watch.cjs");

const compiler = require.resolve("@tslab/typescript-for-tslab");
const ts = require(compiler);
const projectRoot = path.resolve(__dirname, "..", "..");
const lib = path.join(projectRoot, "notebooks", "lib"); // where tslab sees it
const keep = path.join(projectRoot, ".cache", "compiled");
const inlineMap = /\n\/\/# sourceMappingURL=data:application\/json;base64,(\S+)\s*$/;

/** What the compiler's answer depends on besides the files: itself, the packages' types, and this file. */
const ground = digest([__filename, path.join(projectRoot, "node_modules", ".package-lock.json")].map((file) => (fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "")));

/** Something kept: in which file, and the key that says whether it still holds. @typedef {{ place: string, key: string }} Entry */

/** Where the modules of lib are kept, by their text: the second compilation gets nothing else from tslab. @type {Map<string, string>} */
const modulePlaces = new Map();

/** @param {string[]} parts */
function digest(parts) {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest("hex");
}

/** What was kept, if it still holds. @param {Entry} entry */
function kept({ place, key }) {
  try {
    const found = JSON.parse(fs.readFileSync(place, "utf8"));
    return found.key === key ? found.value : undefined;
  } catch {
    return undefined; // nothing yet
  }
}

/** Keeps a value, in one step, because other kernels do the same. @param {Entry} entry @param {unknown} value */
function put({ place, key }, value) {
  const temporary = `${place}.${process.pid}`;
  try {
    fs.mkdirSync(path.dirname(place), { recursive: true });
    fs.writeFileSync(temporary, JSON.stringify({ key, value }));
    fs.renameSync(temporary, place);
  } catch {
    // Nothing can be written here, or another kernel reads it just now (on Windows): the next kernel compiles anew.
    try {
      fs.rmSync(temporary, { force: true });
    } catch {
      // nor removed
    }
  }
}

/** The file and all it imports, and what these import. @param {any} program @param {any} file @returns {any[]} */
function dependencies(program, file) {
  const found = new Set([file]);
  for (const each of found) {
    if (each.isDeclarationFile) continue; // declaration files import nothing but declaration files
    each.resolvedModules?.forEach((/** @type {any} */ { resolvedModule }) => {
      const imported = resolvedModule && program.getSourceFile(resolvedModule.resolvedFileName);
      if (imported) found.add(imported);
    });
  }
  return [...found];
}

/** Where the module made from a file of lib is kept; other files have no such place. @param {any} program @param {any} file @returns {Entry | undefined} */
function moduleEntry(program, file) {
  const inLib = path.relative(lib, file.fileName);
  if (file.isDeclarationFile || inLib.startsWith("..") || path.isAbsolute(inLib)) return undefined;
  const sources = dependencies(program, file).filter(({ fileName }) => !fileName.includes("/node_modules/"));
  const versions = sources.map(({ fileName, version }) => `${fileName} ${version}`).sort(); // a file's version is a hash of its text
  return { place: path.join(keep, `${inLib}.module.json`), key: digest([ground, JSON.stringify(program.getCompilerOptions()), ...versions]) };
}

/** In place of TypeScript's builder: a program that answers what tslab asks. @param {any[]} args */
function createProgram(...args) {
  const builder = ts.createAbstractBuilder(...args);
  const program = builder.getProgram();
  return Object.assign(builder, {
    /** With its names bound: tslab reads them before it asks for a check. @param {string} name */
    getSourceFile(name) {
      const file = program.getSourceFile(name);
      if (file) ts.bindSourceFile(file, program.getCompilerOptions());
      return file;
    },
    /** @param {any} file */
    getAllDependencies: (file) => dependencies(program, file).map(({ fileName }) => fileName),
    /** @param {any} file @param {(name: string, text: string) => void} write @param {any[]} rest */
    emit(file, write, ...rest) {
      const entry = moduleEntry(program, file);
      if (!entry) {
        const [cancellation, declarationsAlone, transformers] = rest;
        const before = [withNamesOfEarlierCells(program.getTypeChecker())];
        return program.emit(file, write, cancellation, declarationsAlone, { ...transformers, before });
      }
      const pass = (/** @type {{ name: string, text: string }} */ made) => {
        modulePlaces.set(made.text, entry.place);
        write(made.name, made.text);
      };
      const before = kept(entry);
      if (before) return pass(before);
      return program.emit(file, (/** @type {string} */ name, /** @type {string} */ text) => {
        if (!name.endsWith(".js")) return; // tslab takes no declarations of files
        put(entry, { name, text });
        pass({ name, text });
      }, ...rest);
    },
  });
}

/** What tslab calls in place of the compiler's own. */
const replaced = {
  /** @param {unknown} files @param {object} options @param {unknown} system @param {unknown} _createProgram @param {unknown[]} rest */
  createWatchCompilerHost: (files, options, system, _createProgram, ...rest) =>
    patientHost(ts.createWatchCompilerHost(files, { ...options, inlineSourceMap: true }, system, createProgram, ...rest), lib),
  getQuickInfoAtPosition: helpAt,
  /** What is kept was without fault and is not checked again. @param {any} program @param {any[]} files */
  getPreEmitDiagnosticsOfFiles(program, files) {
    const unknown = files.filter((file) => {
      const entry = moduleEntry(program, file);
      return !entry || !kept(entry);
    });
    // tslab drops the file name of a message in parts: one about lib would seem to be about the cell, the first file.
    return ts.getPreEmitDiagnosticsOfFiles(program, unknown).map((/** @type {any} */ found) =>
      found.file === files[0] ? found : { ...found, messageText: ts.flattenDiagnosticMessageText(found.messageText, "\n") });
  },
  /** The first compilation's map is the last line of what the second one gets. @param {string} code @param {any} options */
  transpileModule(code, options) {
    const inline = inlineMap.exec(code);
    if (!inline) return ts.transpileModule(code, options);
    const place = modulePlaces.get(code)?.replace(/module\.json$/, "runs.json");
    const entry = place && { place, key: digest([ground, JSON.stringify(options), code]) };
    let made = entry && kept(entry);
    if (!made) {
      const { outputText, sourceMapText } = ts.transpileModule(code.slice(0, inline.index), { ...options, compilerOptions: { ...options.compilerOptions, sourceMap: true } });
      made = { outputText, sourceMapText };
      if (entry) put(entry, made);
    }
    const number = addMaps([made.sourceMapText, Buffer.from(inline[1], "base64").toString()]);
    return { ...made, outputText: made.outputText.replace(/\n\/\/# sourceMappingURL=\S+\s*$/, `\n//# places=${number}\n`) };
  },
};
// The compiler's functions cannot be replaced, but tslab can be given a copy of the module.
const copy = Object.defineProperties({}, { ...Object.getOwnPropertyDescriptors(ts), ...Object.getOwnPropertyDescriptors(replaced) });
/** @type {any} */ (require.cache[compiler]).exports = copy;
