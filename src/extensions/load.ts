// Loads the modules listed under `extensions` in a scenario file, and checks what they define.
import { existsSync } from "node:fs";
import { importUserModule } from "../scenarios/user-module.js";
import { UserError } from "../support/errors.js";
import { EXTENSION, type Extension } from "./define.js";

/** A module of extensions. */
export interface ExtensionModule {
  /** Absolute. */
  readonly path: string;
  /** As written in the scenario file. */
  readonly shown: string;
}

export interface LoadedExtension {
  readonly extension: Extension;
  readonly module: ExtensionModule;
  /** Where it is defined: `my-steps.ts:12`. */
  readonly place: string;
}

const NAME = /^[a-z0-9][a-z0-9-]{0,39}\/[a-z0-9][a-z0-9-]{0,39}$/;
const VARIABLE = /^[A-Za-z_]\w*$/;
const FILE = /^[A-Za-z0-9][\w.-]{0,99}$/;
const EXAMPLE = 'write for example `export const pay = defineStep({ name: "acme/pay", … })`';

/** Functions of which each kind must have at least one. */
const CODE: Readonly<Record<Extension["kind"], readonly string[]>> = {
  step: ["run"],
  login: ["login"],
  codec: ["encode", "decode"],
  check: ["turn", "answer"],
  reporter: ["render"],
};

/** All definitions that a module exports, singly or in lists. Rejects with a `UserError` for unusable ones. */
export async function loadExtensions(module: ExtensionModule): Promise<readonly LoadedExtension[]> {
  const { path, shown } = module;
  if (!existsSync(path))
    throw new UserError(
      `cannot load ${shown}: there is no such file`,
      "paths start at the scenario file's folder",
    );
  const exported = await importUserModule(path, shown);
  // A default export that also has a named export is one definition.
  const found = [...new Set(Object.values(exported).flat())].filter(isExtension);
  if (found.length === 0) throw new UserError(`${shown} exports no extension`, EXAMPLE);
  return found.map((extension) => {
    const place = extension.line === undefined ? shown : `${shown}:${extension.line}`;
    const wrong = wrongWith(extension);
    if (wrong !== undefined) throw new UserError(`${place}: ${wrong}`, EXAMPLE);
    return { extension, module, place };
  });
}

function isExtension(value: unknown): value is Extension {
  return typeof value === "object" && value !== null && EXTENSION in value;
}

/** Checks what the definition's types require, for authors of plain JavaScript. */
function wrongWith({ kind, definition }: Extension): string | undefined {
  const { name, secrets = [] } = definition;
  if (typeof name !== "string" || !NAME.test(name))
    return `the ${kind}'s name is \`${String(name)}\`: expected owner/name in lower-case letters, digits and dashes`;
  const code = CODE[kind];
  const written = code.filter(
    (key) => typeof (definition as unknown as Record<string, unknown>)[key] === "function",
  );
  if (written.length === 0) return `the ${kind} ${name} has no function \`${code.join("` or `")}\``;
  if (!Array.isArray(secrets) || !secrets.every((one) => typeof one === "string" && VARIABLE.test(one)))
    return `\`secrets\` of the ${kind} ${name} is not a list of names of environment variables`;
  if ("file" in definition && !FILE.test(String(definition.file)))
    return `\`file\` of the reporter ${name} is not a plain file name`;
  return undefined;
}
