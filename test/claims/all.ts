/** The table of claims. */
import { readdirSync } from "node:fs";
import type { Claim, Measured } from "./claim";
import { promises } from "./promises";
import { learned } from "./worlds";

const folder = import.meta.dirname;

/** What the notebooks claim, from the files beside this one that are named like a notebook. */
export async function allClaims(): Promise<Claim[]> {
  const files = readdirSync(folder).filter((name) => /^\d\d-.*\.ts$/.test(name));
  const modules: { claims: Claim[] }[] = await Promise.all(files.sort().map((name) => import(`${folder}/${name}`)));
  return modules.flatMap(({ claims }) => claims);
}

/** All rows: these, and what the course promises besides. */
export async function allRows(): Promise<(Measured | Claim)[]> {
  return [...promises, ...learned, ...(await allClaims())];
}
