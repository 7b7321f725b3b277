// Where the reports of a command go: the folder of all runs, and a new one below it.
import { relative, resolve } from "node:path";
import { orUserError } from "../support/errors.js";
import { makeFolder } from "../support/folder.js";
import type { AppContext } from "./context.js";

/** Absolute path of a new folder: `<reports>/<started>-<name>`. */
export function newReportFolder(
  { reports }: { readonly reports: string },
  { cwd }: Pick<AppContext, "cwd">,
  name: string,
  startedAt: Date,
): string {
  const stamp = startedAt
    .toISOString()
    .replace(/[-:]/g, "")
    .replace(/\.(\d{3})Z$/, "$1Z");
  const folder = `${stamp}-${name.replace(/[^\w.-]/g, "_")}`;
  return resolve(cwd, reports, folder);
}

/**
 * Makes a folder and opens its files before the load starts, so that no result is lost for lack of them. Throws a
 * `UserError` if that fails.
 */
export function inReportFolder<Opened>(folder: string, open: () => Opened): Opened {
  const made = (): Opened => {
    makeFolder(folder);
    return open();
  };
  return orUserError(made, "cannot write the report folder", "choose another with --reports");
}

/** A path as shown to people. */
export function shownPath(path: string, { cwd }: Pick<AppContext, "cwd">): string {
  return relative(cwd, path) || path;
}
