// Starts a server listening, and returns its port.
import type { AddressInfo, Server } from "node:net";

/** @param port 0 for any free one. Rejects if the address cannot be used. */
export function listen(server: Server, port = 0, host = "127.0.0.1"): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
