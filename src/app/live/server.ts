// Serves the live page of a run, to this machine only, and updates every open tab each second.
import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { LiveMessage } from "../../model/report/live.js";
import { asUserError } from "../../support/errors.js";
import { listen } from "../../support/listen.js";

export interface LiveServerOptions {
  /** 0 for any free port. */
  readonly port: number;
  /** Part of every URL: without it there is no access. */
  readonly token: string;
  /** HTML. */
  readonly page: string;
  /** Everything so far, for a tab that is opened now. */
  readonly all: () => LiveMessage;
  /** For the page's Stop button; absent if nothing can be stopped. */
  readonly onStop?: () => void;
}

export interface LiveServer {
  readonly url: string;
  readonly port: number;
  readonly push: (message: LiveMessage) => void;
  /** Sends the last message and closes without waiting. */
  readonly end: (last: LiveMessage) => void;
}

const MAX_TABS = 20;
/** A tab that does not read is dropped; it reconnects and gets everything again. */
const MAX_UNSENT_BYTES = 32 * 1_048_576;

/** Does not keep the process alive. @throws UserError if the port is taken */
export async function openLiveServer(options: LiveServerOptions): Promise<LiveServer> {
  const tabs = new Set<ServerResponse>();
  const server = createServer((request, response) => answer(request, response, options, tabs));
  server.on("connection", (socket) => socket.unref());
  const what = `the live page cannot be served on port ${options.port}`;
  const failed = asUserError(what, "choose another port, or leave the port out");
  const port = await listen(server, options.port).catch(failed);
  server.on("error", () => undefined);
  server.unref();
  const tell = (message: LiveMessage): void => {
    if (tabs.size === 0) return;
    const text = eventText(message);
    for (const tab of tabs) {
      if (tab.writableLength > MAX_UNSENT_BYTES) tab.destroy();
      else tab.write(text);
    }
  };
  return {
    url: `http://127.0.0.1:${port}/${options.token}/`,
    port,
    push: tell,
    end(last) {
      tell(last);
      for (const tab of tabs) tab.end();
      tabs.clear();
      server.close();
      server.closeIdleConnections();
    },
  };
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { token, page, all, onStop }: LiveServerOptions,
  tabs: Set<ServerResponse>,
): void {
  const path = (request.url ?? "").split("?")[0] ?? "";
  const [, given = "", what = ""] = /^\/([^/]*)\/([a-z]*)$/.exec(path) ?? [];
  response.setHeader("x-content-type-options", "nosniff");
  response.setHeader("referrer-policy", "no-referrer");
  response.setHeader("cache-control", "no-store");
  response.setHeader("cross-origin-resource-policy", "same-origin");
  response.setHeader("x-frame-options", "DENY");
  request.resume();
  const refuse = (status: number): void => {
    response.writeHead(status, { connection: "close" }).end();
  };
  if (!isFromHere(request)) refuse(403);
  else if (!isSame(given, token)) refuse(404);
  else if (what === "" && request.method === "GET") {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? "";
    response.setHeader(
      "content-security-policy",
      `${policy.replaceAll("&#39;", "'")}; frame-ancestors 'none'`,
    );
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(page);
  } else if (what === "events" && request.method === "GET") {
    if (tabs.size >= MAX_TABS) refuse(503);
    else {
      response.writeHead(200, { "content-type": "text/event-stream" }).write(eventText(all()));
      tabs.add(response);
      response.once("close", () => tabs.delete(response));
      // A tab closed in the middle of a message must not harm the run.
      response.on("error", () => tabs.delete(response));
    }
  } else if (what === "stop" && request.method === "POST" && onStop) {
    // Browsers send an origin; a request without one is not from our page.
    if (request.headers.origin === undefined) refuse(403);
    else {
      onStop();
      response.writeHead(204).end();
    }
  } else refuse(404);
}

/** Refuses other sites open in the browser, and DNS names that point at this machine (DNS rebinding). */
function isFromHere({ headers, socket }: IncomingMessage): boolean {
  const { localPort } = socket;
  const hosts = [`127.0.0.1:${localPort}`, `localhost:${localPort}`];
  if (!hosts.includes(headers.host ?? "")) return false;
  return headers.origin === undefined || headers.origin === `http://${headers.host}`;
}

function isSame(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function eventText(message: LiveMessage): string {
  return `data: ${JSON.stringify(message)}\n\n`;
}
