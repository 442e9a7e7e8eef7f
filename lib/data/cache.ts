/**
 * Where real data sets are kept: the folder in the environment variable CTR_DATA, or click-models in the
 * system's folder for caches. Each data set has its own folder inside: ml-100k/u.data, adult/adult.data ...
 */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { hasContent } from "./staging";

/** The cache folder, which need not exist yet. */
export function cacheFolder(env = process.env, platform: string = process.platform, home?: string): string {
  if (env.CTR_DATA) return path.resolve(env.CTR_DATA);
  const inHome = (...names: string[]) => path.join(home ?? homeFolder(), ...names);
  if (platform === "darwin") return inHome("Library", "Caches", "click-models");
  if (platform === "win32") return path.join(env.LOCALAPPDATA || inHome("AppData", "Local"), "click-models");
  return path.join(env.XDG_CACHE_HOME || inHome(".cache"), "click-models");
}

function homeFolder(): string {
  try {
    const home = os.homedir();
    if (home === "") throw new Error("HOME is empty"); // the cache would lie in whatever folder a program is started in
    return home;
  } catch (error) {
    throw new Error("this user has no home folder to keep data in. Set the environment variable CTR_DATA to a folder", {
      cause: error,
    });
  }
}

/** Whether the cache has the data set. Example: inCache("ml-100k"). */
export function inCache(name: string, cache?: string): boolean {
  try {
    return hasContent(path.join(cache ?? cacheFolder(), name));
  } catch {
    return false; // somebody else's folder, or a user without a home
  }
}

/**
 * The path of a data set's file, packed with gzip (".gz" appended) or not.
 *
 * @throws if the cache has neither, with the command that fetches it.
 */
export function cachedFile(name: string, file: string, cache = cacheFolder()): string {
  const plain = path.join(cache, name, file);
  for (const candidate of [plain, `${plain}.gz`]) if (fs.existsSync(candidate)) return candidate;
  throw new Error(
    `${plain} is not there. ${inCache(name, cache) ? fetchAgain(name, cache) : `Fetch it once with: npm run data -- ${name}`}`,
  );
}

/** The advice for a data set that is not what it should be. */
export function fetchAgain(name: string, cache = cacheFolder()): string {
  return `Delete the folder ${path.join(cache, name)} and fetch it again: npm run data -- ${name}`;
}
