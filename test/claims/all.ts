/** All rows of the table of claims, from the files beside this one that are named like a notebook. */
import { readdirSync } from "node:fs";
import type { Claim } from "./claim";

const folder = import.meta.dirname;

export async function allClaims(): Promise<Claim[]> {
  const files = readdirSync(folder).filter((name) => /^\d\d-.*\.ts$/.test(name));
  const modules: { claims: Claim[] }[] = await Promise.all(files.sort().map((name) => import(`${folder}/${name}`)));
  return modules.flatMap(({ claims }) => claims);
}
