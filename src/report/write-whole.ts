// Writes a file whole or not at all.
import { rename, rm, writeFile } from "node:fs/promises";

/** Two writers of one process must not share what is not whole yet. */
let written = 0;

/** Writes beside the file and renames, so that a reader or a crash never sees half of it. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const partial = `${path}.${process.pid}.${++written}.partial`;
  try {
    await writeFile(partial, text);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
