/**
 * Shows something below the running cell, in every form it has, so that each viewer takes the one it
 * can draw: JupyterLab and VS Code the interactive figure, GitHub its picture, a terminal its text.
 */
import * as tslab from "tslab/dist/jupyter";

/** One thing by MIME type: text as a string, JSON as plain objects. */
export interface Bundle {
  "text/plain": string;
  [mime: string]: unknown;
}

export interface DisplayOptions {
  /** By MIME type, such as { "image/png": { alt: "..." } }. */
  metadata?: Record<string, unknown>;
  /** Names the display, so that a later call can replace what it shows. */
  id?: string;
  /** Replaces what the display with this id shows. */
  update?: boolean;
}

/** Whether a notebook is there to show anything. */
export function inNotebook(): boolean {
  return writer() !== null;
}

/** Shows the bundle below the running cell. Outside a notebook it prints the text. */
export function display(bundle: Bundle, { metadata = {}, id, update = false }: DisplayOptions = {}): void {
  const write = writer();
  if (write === null) console.log(bundle["text/plain"]);
  else write({ data: bundle, metadata, transient: id === undefined ? {} : { display_id: id } }, update);
}

type Writer = (content: { data: Bundle; metadata: object; transient: object }, update: boolean) => void;

/** tslab has a new writer for every cell, so it is looked up at every call. Null outside a kernel. */
function writer(): Writer | null {
  return tslab.lastWriteDisplayData as Writer | null;
}
