// `--junit` and `--summary`: the same files as in the report folder, at the paths that a CI looks at.
import { readFile, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { writeWhole } from "../../report/write-whole.js";
import { codeOf, messageOf, UserError } from "../../support/errors.js";
import { makeFolder } from "../../support/folder.js";
import { type AppContext, type CommandInput, textOption } from "../context.js";

const FILES = { junit: "junit.xml", summary: "summary.md" } as const;

/** Absolute paths; absent where no copy was asked for. */
export type Copies = { readonly [Kind in keyof typeof FILES]?: string };

const KINDS = Object.keys(FILES) as readonly (keyof typeof FILES)[];

/**
 * What the options ask for. Folders are made now and files of an earlier run removed, so that no old result is taken
 * for this one's; throws a `UserError` where that cannot be done.
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
 * The absolute path of a file that an option names, where there is none yet, in a folder that there is. Throws a
 * `UserError` where it could not be written.
 */
export async function madeRoom(option: string, given: string, { cwd }: AppContext): Promise<string> {
  const path = resolve(cwd, given);
  await makeRoom(path).catch((error: unknown) => {
    throw new UserError(
      `--${option} ${given}: cannot be written: ${messageOf(error)}`,
      "choose another file",
    );
  });
  return path;
}

/** Leaves devices, pipes and folders alone: a file is put in the place of what is there. */
async function makeRoom(path: string): Promise<void> {
  makeFolder(dirname(path));
  const known = await stat(path).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  });
  if (known && !known.isFile()) throw new Error("it is not a regular file");
  // Tells now whether it can be written then.
  await writeWhole(path, "");
  await rm(path);
}

/** Copies what was just written to `folder`; what cannot be written is told, and no reason to lose a verdict. */
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
