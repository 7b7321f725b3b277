// A tiny HTTP proxy that only tunnels (CONNECT), and counts its tunnels.
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { onTestFinished } from "vitest";

export interface ConnectProxy {
  readonly url: string;
  /** `host:port` of each tunnel, in order. */
  readonly tunnels: readonly string[];
  /** Requests that asked to be forwarded instead of tunnelled. */
  readonly forwarded: readonly string[];
}

/** On a free port of loopback; gone at the end of the test. */
export async function connectProxy(): Promise<ConnectProxy> {
  const tunnels: string[] = [];
  const forwarded: string[] = [];
  const wires = new Set<Socket>();
  const server = createServer((request, response) => {
    forwarded.push(request.url ?? "");
    response.writeHead(501).end();
  });
  server.on("connection", (wire) => {
    wires.add(wire);
    wire.on("error", () => wire.destroy()).on("close", () => wires.delete(wire));
  });
  server.on("connect", (request, client, head) => {
    tunnels.push(request.url ?? "");
    const [host = "", port = ""] = (request.url ?? "").split(":");
    const upstream = connect(Number(port), host, () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    wires.add(upstream);
    upstream.on("error", () => client.destroy()).on("close", () => wires.delete(upstream));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    for (const wire of wires) wire.destroy();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, tunnels, forwarded };
}
