// A network of a test's own on this machine, as a container has one: only one port of its loopback leads out.
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** Runs inside: from the port to the Unix socket, which all networks see, until the test lets go of that. */
const RELAY = `
const { connect, createServer } = require("node:net");
const { writeFileSync } = require("node:fs");
const [port, path] = process.argv.slice(1);
const end = () => process.exit();
connect(path).on("error", end).on("close", end);
createServer((near) => {
  const far = connect(path);
  for (const [one, other] of [[near, far], [far, near]])
    one.on("error", () => {}).on("close", () => other.destroy()).pipe(other);
}).listen(Number(port), "127.0.0.1", () => writeFileSync(path + ".ready", ""));
`;
const ENTER = `
ip link set lo up
"$1" -e "$2" "$3" "$4" >/dev/null 2>&1 &
until [ -e "$4.ready" ]; do sleep 0.05; done
shift 4
exec "$@"
`;

/** Command that starts another in a new network namespace, whose 127.0.0.1:port is this one's. For one use. */
export async function throughOwnNetwork(port: number): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), "gp-load-network-"));
  const path = join(folder, "way-out");
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on("error", () => {}).on("close", () => other.destroy());
      one.pipe(other);
    }
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return ["unshare", "--net", "sh", "-c", ENTER, "sh", process.execPath, RELAY, String(port), path];
}
