// Makes folders one by one: Node's own `recursive` never returns if a file system refuses a folder.
import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/** Makes the folder and its missing parents. Throws system errors. */
export function makeFolder(path: string): void {
  if (isFolder(path)) return;
  const above = dirname(path);
  if (above !== path) makeFolder(above);
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!isFolder(path)) throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
