// The WebSocket upgrade: finds the token in any of its three places, and refuses before the handshake.
import { randomUUID } from "node:crypto";
import type { IncomingMessage, Server } from "node:http";
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { bearerOf } from "../http/authenticate.js";
import { anybodyAt } from "../http/unchecked.js";
import type { Service } from "../service.js";
import type { Hub } from "../socket/hub.js";
import type { Identity } from "../tokens.js";
import { openSession, type SessionDeps } from "./session.js";

const PATH = "/ws";
const JWT_PROTOCOL = "jwt.";

/** Serves WebSockets on the HTTP server's `upgrade` event. */
export function serveUpgrades(server: Server, service: Service, hub: Hub, deps: SessionDeps): void {
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: service.settings.limits.frameBytes,
    handleProtocols: (offered) =>
      offered.has("jwt-auth") ? "jwt-auth" : (offered.values().next().value ?? false),
  });
  server.on("upgrade", (request, socket, head) => {
    socket.on("error", () => socket.destroy());
    service.traces.header("upgrade", request.url ?? "", request.headers);
    void admit(service, hub, request).then((verdict) => {
      if (socket.destroyed) return;
      if ("status" in verdict) {
        refuse(socket, verdict.status, verdict.detail);
        return;
      }
      sockets.handleUpgrade(request, socket, head, (open) =>
        openSession(deps, randomUUID(), verdict.identity, open),
      );
    });
  });
}

type Verdict = { readonly identity: Identity } | { readonly status: number; readonly detail: string };

async function admit(service: Service, hub: Hub, request: IncomingMessage): Promise<Verdict> {
  const url = new URL(request.url ?? "/", "http://localhost");
  if (url.pathname !== PATH) return { status: 404, detail: "not found" };
  const token = tokenOf(request, url);
  const identity =
    token === undefined ? await anybodyAt("socket", service) : await service.tokens.verify(token);
  if (!identity) return { status: 401, detail: "a valid access token is required" };
  if (hub.of(identity.userId).length >= service.settings.limits.socketsPerUser) {
    return { status: 429, detail: "too many open sockets" };
  }
  if (service.defects.claim("refuse-upgrade", { userId: identity.userId })) {
    return { status: 503, detail: "no socket can be opened right now" };
  }
  return { identity };
}

/** By header, by subprotocol `jwt.<base64url of the token>`, or by query, in this order. */
function tokenOf(request: IncomingMessage, url: URL): string | undefined {
  const bearer = bearerOf(request.headers);
  if (bearer !== undefined) return bearer;
  const offered = (request.headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
  const carrier = offered.find((name) => name.startsWith(JWT_PROTOCOL));
  if (carrier) return Buffer.from(carrier.slice(JWT_PROTOCOL.length), "base64url").toString("utf8");
  return url.searchParams.get("token") ?? undefined;
}

function refuse(socket: Duplex, status: number, detail: string): void {
  const body = JSON.stringify({ detail });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
