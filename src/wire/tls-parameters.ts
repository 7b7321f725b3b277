// TLS parameters in a connection URL, `?ca=…&cert=…&key=…&verify=false`: removes them, and reads their files.
import { readFileSync } from "node:fs";

export interface UrlTls {
  /** The URL without these parameters. */
  readonly url: string;
  /** PEM texts; `undefined` if the URL names none. */
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  /** `verify=false` accepts any certificate. */
  readonly verify: boolean;
}

/** Throws if a file cannot be read. PostgreSQL's client handles `sslmode`, `sslrootcert` and so on itself. */
export function tlsOf(text: string): UrlTls {
  const url = new URL(text);
  const taken = (name: string): string | undefined => {
    const value = url.searchParams.get(name) ?? undefined;
    url.searchParams.delete(name);
    return value;
  };
  const pem = (name: string): string | undefined => {
    const path = taken(name);
    return path === undefined ? undefined : readFileSync(path, "utf8");
  };
  const [ca, cert, key] = [pem("ca"), pem("cert"), pem("key")];
  const verify = taken("verify") !== "false";
  return { url: url.href, ca, cert, key, verify };
}
