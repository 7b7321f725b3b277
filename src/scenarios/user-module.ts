// Imports a module that a user wrote, and says what to do where that fails.
import { spawnSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import { codeOf, messageOf, UserError } from "../support/errors.js";

/** What it exports. Node 22.18 and later read TypeScript; an older one is told so. @param shown its path in messages */
export async function importUserModule(
  path: string,
  shown: string,
): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await import(pathToFileURL(path).href);
  } catch (error) {
    const code = codeOf(error);
    if (code === "ERR_UNKNOWN_FILE_EXTENSION")
      throw new UserError(
        `${shown}: Node ${process.versions.node} does not read TypeScript`,
        "use Node 22.18 or later, or name the file .mjs and write it in JavaScript",
      );
    const line = lineIn(error, path) ?? syntaxLine(error, path);
    const at = line === undefined ? shown : `${shown}:${line}`;
    throw new UserError(`cannot load ${at}: ${messageOf(error)}`, HINTS.get(code));
  }
}

const HINTS: ReadonlyMap<string | undefined, string> = new Map([
  ["ERR_MODULE_NOT_FOUND", "check its path, or install what it imports"],
  [
    "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX",
    "Node only removes types: write enums and namespaces as plain objects",
  ],
  ["ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING", "packages have to be JavaScript: build the package first"],
]);

/** Line of a mistake in the syntax of JavaScript: its error does not tell, Node's own check does. */
function syntaxLine(error: unknown, path: string): number | undefined {
  if (!(error instanceof SyntaxError)) return undefined;
  const { stderr } = spawnSync(process.execPath, ["--check", path], { encoding: "utf8", timeout: 5000 });
  return lineAfter(stderr, path);
}

/** Line of the file that an error comes from, by its stack; `undefined` where that names none. */
export function lineIn(error: unknown, path: string): number | undefined {
  if (!(error instanceof Error)) return undefined;
  return lineAfter(error.stack ?? "", path);
}

/** The first line number behind the file's name in a text. */
function lineAfter(text: string, path: string): number | undefined {
  for (const name of [pathToFileURL(path).href, path]) {
    const at = text.indexOf(`${name}:`);
    const line = at < 0 ? undefined : /^\d+/.exec(text.slice(at + name.length + 1))?.[0];
    if (line !== undefined) return Number(line);
  }
  return undefined;
}
