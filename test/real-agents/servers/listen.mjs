// What the servers of this folder share: a free loopback port, how it is told to the test, and when they end.
import { createServer } from "node:http";

/**
 * @param {import("node:http").RequestListener} handler
 * @returns {Promise<number>} the port
 */
export async function listen(handler) {
  const server = createServer(handler);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server.address().port;
}

/** Tells the test which port to use. The fixture ends when the test closes its end of standard input. */
export function announce(port) {
  console.log(`port ${port}`);
  process.stdin.resume();
  process.stdin.on("close", () => process.exit(0));
  process.on("SIGTERM", () => process.exit(0));
}

/** The body of a request as text. */
export async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
