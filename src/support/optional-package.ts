// Loads an optional package, or says how to install it.
import { codeOf, UserError } from "./errors.js";

/**
 * @param load imports the package, such as `() => import("pg")`
 * @param why what needs it, as the start of a sentence: `the store postgres`
 * @throws UserError with the command to install it
 */
export async function optionalPackage<T>(name: string, why: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (codeOf(error) !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new UserError(`${why} needs the package ${name}, which is not installed`, `npm install ${name}`);
  }
}
