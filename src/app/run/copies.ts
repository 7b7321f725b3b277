// `--junit` and `--summary`: copies of files in the report folder, where CI looks for them.
import { readFile, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { writeWhole } from "../../report/write-whole.js";
import { asUserError, codeOf, messageOf } from "../../support/errors.js";
import { makeFolder } from "../../support/folder.js";
import { type AppContext, type CommandInput, textOption } from "../context.js";

const FILES = { junit: "junit.xml", summary: "summary.md" } as const;

/** Absolute paths, of the copies asked for. */
export type Copies = { readonly [Kind in keyof typeof FILES]?: string };

const KINDS = Object.keys(FILES) as readonly (keyof typeof FILES)[];

/**
 * Makes the folders now and removes old files, so that no old result passes for this run's. Throws a `UserError` if
 * that fails.
 */
export async function preparedCopies(input: CommandInput, context: AppContext): Promise<Copies> {
  const copies: { -readonly [Kind in keyof Copies]: string } = {};
  for (const kind of KINDS) {
    const given = textOption(input, kind);
    if (given === undefined) continue;
    copies[kind] = await madeRoom(kind, given, context);
  }
  return copies;
}

/**
 * The absolute path of an option's file: its folder exists, the file does not. Throws a `UserError` if it could not be
 * written.
 */
export async function madeRoom(option: string, given: string, { cwd }: AppContext): Promise<string> {
  const path = resolve(cwd, given);
  await makeRoom(path).catch(asUserError(`--${option} ${given}: cannot be written`, "choose another file"));
  return path;
}

/** Refuses devices, pipes and folders: the file will replace whatever is there. */
async function makeRoom(path: string): Promise<void> {
  makeFolder(dirname(path));
  const known = await stat(path).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  });
  if (known && !known.isFile()) throw new Error("it is not a regular file");
  // Finds out now whether it can be written later.
  await writeWhole(path, "");
  await rm(path);
}

/** Copies the files just written to `folder`. A failure is only a warning: the verdict stands. */
export async function writeCopies(copies: Copies, folder: string, { stderr }: AppContext): Promise<void> {
  for (const kind of KINDS) {
    const path = copies[kind];
    if (path === undefined) continue;
    try {
      await writeWhole(path, await readFile(join(folder, FILES[kind]), "utf8"));
    } catch (error) {
      stderr(`warning: --${kind} was not written: ${messageOf(error)}\n`);
    }
  }
}
