// A server that speaks the golden-path contract, in plain node and ws, and knows nothing of gp-load.
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { NeutralAccount } from "./neutral-account.js";
import { type Behaviour, behaviourOf, type Wishes } from "./neutral-behaviour.js";
import { NeutralConversation } from "./neutral-conversation.js";
import { NeutralHistory } from "./neutral-history.js";

export interface NeutralServer {
  /** `http://127.0.0.1:port`, or https. */
  readonly url: string;
  readonly account: NeutralAccount;
  /** Stops listening and cuts every connection, as a killed process does. */
  die(): void;
}

interface User {
  readonly id: string;
  readonly email: string;
  readonly password: string;
}

export interface NeutralOptions extends Wishes {
  /** PEM texts: serve over TLS. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

/** Listens on a free port of loopback; `die` ends it. */
export async function startNeutralServer({ tls, ...wishes }: NeutralOptions = {}): Promise<NeutralServer> {
  const behaviour = behaviourOf(wishes);
  const account = new NeutralAccount();
  const server = tls ? createSecureServer(tls) : createServer();
  const service = new NeutralService(behaviour, account, server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `${tls ? "https" : "http"}://127.0.0.1:${port}`, account, die: () => service.die() };
}

class NeutralService {
  readonly #behaviour: Behaviour;
  readonly #account: NeutralAccount;
  readonly #server: Server;
  readonly #wires = new Set<Socket>();
  readonly #byEmail = new Map<string, User>();
  readonly #byToken = new Map<string, User>();
  readonly #history: NeutralHistory;
  readonly #conversation: NeutralConversation;
  readonly #sockets: WebSocketServer;

  constructor(behaviour: Behaviour, account: NeutralAccount, server: Server) {
    this.#behaviour = behaviour;
    this.#account = account;
    this.#server = server;
    this.#history = new NeutralHistory(behaviour, account);
    this.#conversation = new NeutralConversation(behaviour, account, this.#history);
    this.#sockets = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      handleProtocols: (offered) => (offered.has("jwt-auth") ? "jwt-auth" : false),
    });
    const remember = (wire: Socket): void => {
      this.#wires.add(wire);
      wire.on("close", () => this.#wires.delete(wire)).on("error", () => wire.destroy());
    };
    server.on("connection", remember).on("secureConnection", remember);
    server.on("request", (request, response) => void this.#answer(request, response));
    server.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
  }

  die(): void {
    this.#conversation.stop();
    this.#server.close();
    for (const wire of this.#wires) wire.destroy();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#account.requests.push(arrivalOf(request));
    const body = await jsonOf(request);
    const { status, json } = this.#route(request, body);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(json));
  }

  #route(request: IncomingMessage, body: Readonly<Record<string, unknown>>): Reply {
    const url = new URL(request.url ?? "/", "http://localhost");
    if (url.pathname === "/auth/register" || url.pathname === "/auth/login")
      return this.#logIn(url.pathname === "/auth/register", String(body.email), String(body.password));
    const user = this.#userOf(bearerOf(request));
    if (!user) return no(401, "not authenticated");
    if (url.pathname === "/api/threads" && request.method === "POST")
      return ok({ id: this.#history.createThread(user.id), title: body.title ?? null });
    const thread = /^\/api\/threads\/([^/]+)\/messages$/.exec(url.pathname)?.[1];
    if (thread === undefined) return no(404, "no such path");
    const page = this.#history.page(decodeURIComponent(thread), user.id, url.searchParams);
    return page ? ok(page) : no(404, "no such thread");
  }

  #logIn(register: boolean, email: string, password: string): Reply {
    if (this.#behaviour.logins === "refused") return no(401, "wrong e-mail address or password");
    const known = this.#byEmail.get(email);
    if (register && known) return no(409, "exists already");
    if (!register && known?.password !== password) return no(401, "wrong e-mail address or password");
    const user = known ?? { id: randomUUID(), email, password };
    const token = `token-${randomUUID()}`;
    this.#byEmail.set(email, user);
    this.#byToken.set(token, user);
    return ok({
      access_token: token,
      refresh_token: randomUUID(),
      token_type: "Bearer",
      expires_in: 3600,
      user: { id: user.id, email },
    });
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#account.upgrades.push(arrivalOf(request));
    socket.on("error", () => socket.destroy());
    const { upgrades, upgradeStatus } = this.#behaviour;
    if (upgrades === "never") return;
    const user = this.#userOf(carriedToken(request));
    if (upgrades === "refused" || !user) {
      refuse(socket, upgrades === "refused" ? upgradeStatus : 401);
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (connection) => {
      if (upgrades === "closes-at-once") connection.close(1011, "the agent is not available");
      else this.#conversation.join(user.id, connection);
    });
  }

  #userOf(token: string | undefined): User | undefined {
    return token === undefined ? undefined : this.#byToken.get(token);
  }
}

interface Reply {
  readonly status: number;
  readonly json: unknown;
}

const ok = (json: unknown): Reply => ({ status: 200, json });
const no = (status: number, detail: string): Reply => ({ status, json: { detail } });

function refuse(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function arrivalOf({ url, headers }: IncomingMessage) {
  return { at: performance.now(), path: url ?? "", headers };
}

function bearerOf({ headers }: IncomingMessage): string | undefined {
  return /^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1];
}

/** By header, by subprotocol `jwt.<base64url>`, or by query. */
function carriedToken(request: IncomingMessage): string | undefined {
  const offered = (request.headers["sec-websocket-protocol"] ?? "").split(/,\s*/);
  const jwt = offered.find((protocol) => protocol.startsWith("jwt."));
  if (jwt) return Buffer.from(jwt.slice("jwt.".length), "base64url").toString("utf8");
  const query = new URL(request.url ?? "/", "http://localhost").searchParams.get("token");
  return bearerOf(request) ?? query ?? undefined;
}

async function jsonOf(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
}
