// Where the compiled entry file of a child process is.
import { fileURLToPath } from "node:url";

/**
 * The absolute path of a compiled entry file, whether the caller runs compiled or from TypeScript sources.
 * @param entry path under the program's folder, without extension, such as `run/worker/main`
 */
export function entryPath(entry: string): string {
  const compiled = import.meta.url.endsWith(".js") ? `../${entry}.js` : `../../dist/${entry}.js`;
  return fileURLToPath(new URL(compiled, import.meta.url));
}
