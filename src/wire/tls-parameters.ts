// TLS in a connection URL: `?ca=…&cert=…&key=…&verify=false`, taken out of it and read from their files.
import { readFileSync } from "node:fs";

export interface UrlTls {
  /** The URL without these parameters. */
  readonly url: string;
  /** PEM texts; `undefined` where the URL names none. */
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  /** `verify=false`: take any certificate. */
  readonly verify: boolean;
}

/** Throws when a file cannot be read. PostgreSQL's own client knows `sslmode`, `sslrootcert` and so on by itself. */
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
