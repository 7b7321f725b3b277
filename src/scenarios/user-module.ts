// Imports a user's module, and says what to do if that fails.
import { spawnSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import { codeOf, messageOf, UserError } from "../support/errors.js";

/** TypeScript needs Node 22.18 or later. @param shown its path in messages */
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

/** The line of a syntax error: the error itself does not say, `node --check` does. */
function syntaxLine(error: unknown, path: string): number | undefined {
  if (!(error instanceof SyntaxError)) return undefined;
  const { stderr } = spawnSync(process.execPath, ["--check", path], { encoding: "utf8", timeout: 5000 });
  return lineAfter(stderr, path);
}

/** Line of the file in an error's stack, if it is there. */
export function lineIn(error: unknown, path: string): number | undefined {
  if (!(error instanceof Error)) return undefined;
  return lineAfter(error.stack ?? "", path);
}

/** The first line number after the file's name in a text. */
function lineAfter(text: string, path: string): number | undefined {
  for (const name of [pathToFileURL(path).href, path]) {
    const at = text.indexOf(`${name}:`);
    const line = at < 0 ? undefined : /^\d+/.exec(text.slice(at + name.length + 1))?.[0];
    if (line !== undefined) return Number(line);
  }
  return undefined;
}
