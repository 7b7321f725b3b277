// Names requests and redirects in messages: by their URL, without parts that may contain a secret.

import type { SocketTransport } from "../../model/transport.js";

/** Such as `POST https://api.example.com/auth/login`: no query, no user info, no fragment. */
export function requestName(method: string, url: string): string {
  try {
    const { protocol, host, pathname } = new URL(url);
    return `${method} ${protocol}//${host}${pathname}`;
  } catch {
    return method;
  }
}

/** What opens a channel: the upgrade request; for Socket.IO, whose server has its own path, with the namespace. */
export function channelName({
  transport,
  url,
  path = "",
}: {
  readonly transport?: SocketTransport;
  readonly url: string;
  readonly path?: string;
}): string {
  if (transport !== "socket.io" || !URL.canParse(url)) return requestName("GET", url);
  const { origin, pathname } = new URL(url);
  const namespace = pathname === "/" ? "" : `, namespace ${pathname}`;
  return `${requestName("GET", origin + path)} (Socket.IO${namespace})`;
}

export function isRedirect(status: number): boolean {
  return status >= 300 && status < 400 && status !== 304;
}

/** Where a 3xx answer leads, as `a redirect to /v2/in`; with the host if it is a different one. */
export function redirectName(location: string | undefined, from: string): string {
  try {
    const [to, at] = [new URL(location ?? "", from), new URL(from)];
    return `a redirect to ${to.origin === at.origin ? "" : to.origin}${to.pathname}`;
  } catch {
    return "a redirect";
  }
}
