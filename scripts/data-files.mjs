// Copies what compiled code reads next to itself: data files, which the compiler leaves where they are.
import { cpSync, statSync } from "node:fs";

/** @param {string} from a folder of sources  @param {string} to the folder that they were compiled to */
export function copyDataFiles(from, to) {
  const filter = (path) => statSync(path).isDirectory() || /\.(yaml|sql)$/.test(path);
  cpSync(from, to, { recursive: true, filter });
}
