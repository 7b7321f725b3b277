// Writes a file completely or not at all, and appends what may be lost.
import { randomUUID } from "node:crypto";
import { appendFile, rename, rm, writeFile } from "node:fs/promises";

/** Writes a temporary file next to it and renames that, so that nobody ever sees half a file, even after a crash. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const partial = `${path}.${randomUUID()}.partial`;
  try {
    await writeFile(partial, text);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** Appends to a summary such as the file that `$GITHUB_STEP_SUMMARY` names; one that cannot be written is no loss. */
export async function appendSummary(path: string | undefined, markdown: string): Promise<void> {
  if (path) await appendFile(path, `${markdown}\n`).catch(() => undefined);
}
