// One of the servers of this folder as a process of its own, on a port that it chooses; it ends with the test.
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const SERVERS = fileURLToPath(new URL("../servers", import.meta.url));

export interface AgentServer {
  readonly url: string;
  readonly port: string;
  stop(): void;
}

/** @param args the server's file without `.mjs`, and its own arguments */
export function startAgent(
  [file = "", ...args]: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<AgentServer> {
  const child: ChildProcess = spawn(process.execPath, [`${SERVERS}/${file}.mjs`, ...args], {
    env: { ...process.env, ...env },
    // Its standard input ends with the test, and so does the server.
    stdio: ["pipe", "pipe", "ignore"],
  });
  return new Promise((resolve, reject) => {
    let told = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      told += text;
      const port = /^port (\d+)$/m.exec(told)?.[1];
      if (port !== undefined) resolve({ port, url: `http://127.0.0.1:${port}`, stop: () => child.kill() });
    });
    child.once("exit", (code) => reject(new Error(`${file} ended with ${code} before it had a port`)));
  });
}
