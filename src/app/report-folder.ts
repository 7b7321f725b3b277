// Where the reports of a command go: the folder of all runs, and a new one below it.
import { isAbsolute, join, relative } from "node:path";
import { messageOf, UserError } from "../support/errors.js";
import { makeFolder } from "../support/folder.js";
import type { AppContext } from "./context.js";

/** Absolute path of a new folder among those of all runs: `<reports>/<started>-<name>`. */
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
  return isAbsolute(reports) ? join(reports, folder) : join(cwd, reports, folder);
}

/**
 * Makes a folder and opens what is to be written there, before the load starts, so that no result is lost for want of
 * it. Throws UserError where that cannot be done.
 */
export function inReportFolder<Opened>(folder: string, open: () => Opened): Opened {
  try {
    makeFolder(folder);
    return open();
  } catch (error) {
    throw new UserError(
      `cannot write the report folder: ${messageOf(error)}`,
      "choose another with --reports",
    );
  }
}

/** A path as people are told of it. */
export function shownPath(path: string, { cwd }: Pick<AppContext, "cwd">): string {
  return relative(cwd, path) || path;
}
