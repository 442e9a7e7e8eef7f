/** Faults that people make, or made, in models like these: each must be noticed by a test. One file per room of lib. */
import type { Fault } from "./fault";
import { faults as data } from "./faults/data";
import { faults as kernel } from "./faults/kernel";
import { faults as layers } from "./faults/layers";
import { faults as lib } from "./faults/lib";
import { faults as models } from "./faults/models";
import { faults as notebook } from "./faults/notebook";
import { faults as rows } from "./faults/rows";
import { faults as train } from "./faults/train";

export const rooms: Record<string, readonly Fault[]> = { lib, rows, layers, models, data, train, notebook, kernel };
export const faults = Object.values(rooms).flat();
