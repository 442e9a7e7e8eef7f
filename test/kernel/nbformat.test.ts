import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { readNotebook, serialize } from "../../lib/kernel/nbformat";
import { sharedFolder } from "../temporary";

const folder = sharedFolder();

/** The notebook in a file of this text. */
function read(text: string) {
  const file = path.join(folder, "a.ipynb");
  fs.writeFileSync(file, text);
  return readNotebook(file);
}

// As Jupyter writes it: keys in order, texts in lines, JSON and pictures whole.
const file = `{
 "cells": [
  {
   "cell_type": "code",
   "execution_count": 1,
   "id": "a",
   "metadata": {},
   "outputs": [
    {
     "name": "stdout",
     "output_type": "stream",
     "text": [
      "one\\n",
      "\\n",
      "two"
     ]
    },
    {
     "data": {
      "application/javascript": [
       "let a;\\n",
       "a"
      ],
      "application/json": [
       "p",
       "q"
      ],
      "application/vnd.plotly.v1+json": {
       "data": [
        "x",
        "y"
       ]
      },
      "application/vnd.rows+json": [
       "r",
       "s"
      ],
      "image/png": "AAAA",
      "image/svg+xml": [
       "<svg>\\n",
       "</svg>"
      ],
      "text/plain": [
       "three\\n"
      ]
     },
     "metadata": {},
     "output_type": "display_data"
    },
    {
     "ename": "RangeError",
     "evalue": "k is 0",
     "output_type": "error",
     "traceback": [
      "RangeError: k is 0",
      "  at fm"
     ]
    }
   ],
   "source": [
    "const a = 1;\\n",
    "a"
   ]
  },
  {
   "cell_type": "markdown",
   "id": "b",
   "metadata": {},
   "source": []
  }
 ],
 "metadata": {},
 "nbformat": 4,
 "nbformat_minor": 5
}
`;

test("a notebook is read with its texts in one piece each, and JSON as it is", () => {
  const [code, markdown] = read(file).cells;
  expect(code.source).toBe("const a = 1;\na");
  expect(code.outputs).toEqual([
    { output_type: "stream", name: "stdout", text: "one\n\ntwo" },
    {
      output_type: "display_data",
      data: {
        "application/javascript": "let a;\na",
        "application/json": ["p", "q"],
        "application/vnd.plotly.v1+json": { data: ["x", "y"] },
        "application/vnd.rows+json": ["r", "s"],
        "image/png": "AAAA",
        "image/svg+xml": "<svg>\n</svg>",
        "text/plain": "three\n",
      },
      metadata: {},
    },
    { output_type: "error", ename: "RangeError", evalue: "k is 0", traceback: ["RangeError: k is 0", "  at fm"] },
  ]);
  expect([markdown.source, "outputs" in markdown]).toEqual(["", false]);
});

test("a notebook is written as Jupyter writes it, whatever the order of its keys", () => {
  expect(serialize(read(file))).toBe(file);
  const { cells, ...rest } = read(file);
  const [{ id, ...code }, markdown] = cells;
  expect(serialize({ ...rest, cells: [{ id, ...code }, markdown] })).toBe(file);
});

test("what is no notebook, or an older one, is refused with what to do; a newer one is read", () => {
  expect(() => read("{")).toThrow(/a\.ipynb is not a notebook: /);
  expect(() => read("[]")).toThrow(
    "a.ipynb has nbformat undefined.undefined, expected 4.5. Open it in JupyterLab and save it",
  );
  expect(() => read('{"nbformat": 4, "nbformat_minor": 4, "cells": []}')).toThrow("has nbformat 4.4, expected 4.5");
  expect(() => read('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}')).toThrow(
    "a.ipynb lacks its cells or its metadata, expected a list and an object. Open it in JupyterLab and save it",
  );
  expect(() => read('{"nbformat": 4, "nbformat_minor": 5, "cells": []}')).toThrow("lacks its cells or its metadata");
  expect(() => read('{"nbformat": 5, "nbformat_minor": 5, "cells": []}')).toThrow("has nbformat 5.5, expected 4.5");
  expect(read('{"nbformat": 4, "nbformat_minor": 6, "metadata": {}, "cells": []}').cells).toEqual([]);
});

test("a cell without what every cell has is named by its number", () => {
  const cell = { cell_type: "markdown", id: "a", metadata: {}, source: ["# A\n"] };
  const reading = (second: unknown) => () =>
    read(JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [cell, second] }));
  expect(reading({ ...cell, id: "b", source: "b" })().cells.map(({ source }) => source)).toEqual(["# A\n", "b"]);
  const wrong = [{ id: undefined }, { cell_type: "heading" }, { metadata: [] }, { source: 3 }];
  for (const second of [null, ...wrong.map((part) => ({ ...cell, ...part }))])
    expect(reading(second), JSON.stringify(second)).toThrow(
      /a\.ipynb: cell 2 of 2 lacks one of cell_type, id, metadata and source, or has a wrong one, expected all four\. Open/,
    );
});
