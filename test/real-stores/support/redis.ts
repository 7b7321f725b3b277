// A Redis of a test's own, from the system's package redis-server.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Certificate } from "../../e2e/support/certificate.js";
import { pathOf } from "../../support/services.js";
import { freePort, openDen, type ServerProcess, startServer } from "./server-process.js";

export interface TestServer {
  readonly url: string;
  close(): Promise<void>;
}

/** One that can be stopped, and started again on the same port. */
export interface TestRedis extends TestServer {
  readonly port: number;
  stop(signal?: NodeJS.Signals): Promise<void>;
  start(): Promise<void>;
}

/** A user beside the default one, who is then switched off; `rules` as of `ACL SETUSER`. */
export interface RedisUser {
  readonly name: string;
  readonly password: string;
  readonly rules: string;
}

export interface RedisOptions {
  /** What it holds outlives a stop. */
  readonly keeps?: boolean;
  /** TLS only, without client certificates. */
  readonly tls?: Certificate;
  readonly user?: RedisUser;
}

export async function startRedis({ keeps = false, tls, user }: RedisOptions = {}): Promise<TestRedis> {
  const den = openDen("redis");
  const port = await freePort();
  const args = [
    ...["--bind", "127.0.0.1", "--save", "", "--dir", den.folder],
    ...["--appendonly", keeps ? "yes" : "no"],
    ...(tls ? tlsArgs(den.folder, port, tls) : ["--port", String(port)]),
    ...(user ? ["--aclfile", aclFile(den.folder, user)] : []),
  ];
  let server: ServerProcess | undefined;
  const start = async (): Promise<void> => {
    server = await startServer(den, pathOf("redis"), args, port);
  };
  const stop = async (signal?: NodeJS.Signals): Promise<void> => {
    await server?.stop(signal);
    server = undefined;
  };
  await start();
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    start,
    stop,
    async close() {
      await stop();
      await den.close();
    },
  };
}

function aclFile(folder: string, { name, password, rules }: RedisUser): string {
  const path = join(folder, "users.acl");
  writeFileSync(path, `user default off\nuser ${name} on >${password} ${rules}\n`, { mode: 0o644 });
  return path;
}

function tlsArgs(folder: string, port: number, { key, cert }: Certificate): readonly string[] {
  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o644 });
    return path;
  };
  const [keyFile, certFile] = [file("key.pem", key), file("cert.pem", cert)];
  return [
    ...["--port", "0", "--tls-port", String(port), "--tls-auth-clients", "no"],
    ...["--tls-cert-file", certFile, "--tls-key-file", keyFile, "--tls-ca-cert-file", certFile],
  ];
}
