import * as fs from "node:fs";
import type { Engine } from "../lib/engine";

/** Every engine that is installed here: an engine that is installed but does not work makes tests fail. */
export const engines: Engine[] = ["wasm", "cpu"];
if (fs.existsSync("node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node")) engines.push("node");
