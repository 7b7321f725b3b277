// Rewrites headers in the recorder, so that each side sees the address it knows.

export interface Addresses {
  /** Origin of the recorder as the client sees it: `http://localhost:8099`. */
  readonly here: string;
  /** Origin of the backend. */
  readonly there: string;
}

type Pairs = (readonly [name: string, value: string])[];

/** Hop-by-hop headers (RFC 9110, 7.6.1), and the length, since the recorder re-frames bodies. */
const HOP_BY_HOP = /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding)$/i;
const TELLS_ADDRESS = /^(origin|referer)$/i;

/** As in Node: names and values alternate. */
export function headerPairs(raw: readonly string[]): Pairs {
  return Array.from({ length: Math.floor(raw.length / 2) }, (_, at) => [
    raw[at * 2] ?? "",
    raw[at * 2 + 1] ?? "",
  ]);
}

/** The last value of a name wins, cookies are joined; names are lowercase. */
export function headerMap(pairs: Pairs): Record<string, string> {
  const made: Record<string, string> = {};
  for (const [name, value] of pairs) {
    const key = name.toLowerCase();
    made[key] = key === "cookie" && made[key] !== undefined ? `${made[key]}; ${value}` : value;
  }
  return made;
}

/**
 * The request as the backend would get it without the recorder, but without offering compression or extensions, so that
 * the traffic can be read.
 * @param upgrade keeps the headers of a WebSocket upgrade
 */
export function requestHeaders(pairs: Pairs, { here, there }: Addresses, upgrade: boolean): Pairs {
  const kept = pairs.flatMap(([name, value]): Pairs => {
    if (/^(host|accept-encoding|sec-websocket-extensions)$/i.test(name)) return [];
    if (HOP_BY_HOP.test(name) && !(upgrade && /^connection$/i.test(name))) return [];
    return [[name, TELLS_ADDRESS.test(name) ? moved(value, here, there) : value]];
  });
  return [["Host", new URL(there).host], ["Accept-Encoding", "identity"], ...kept];
}

/** The response for the client: redirects, cookies and permissions refer to the recorder's address. */
export function answerHeaders(pairs: Pairs, { here, there }: Addresses, upgrade: boolean): Pairs {
  return pairs.flatMap(([name, value]): Pairs => {
    const key = name.toLowerCase();
    // HSTS would force https on every other service of this machine.
    if (key === "strict-transport-security") return [];
    if (HOP_BY_HOP.test(key) && !(upgrade && key === "connection")) return [];
    if (key === "set-cookie") return [[name, ownCookie(value)]];
    if (/^(location|content-location|access-control-allow-origin|content-security-policy)$/.test(key))
      return [[name, moved(value, there, here)]];
    return [[name, value]];
  });
}

/** Replaces one side's addresses with the other's, WebSocket URLs included. */
function moved(value: string, from: string, to: string): string {
  const sockets = (origin: string): string => origin.replace(/^http/, "ws");
  return value
    .split(/(\s+)/)
    .map((word) => {
      if (isAt(word, from)) return to + word.slice(from.length);
      return isAt(word, sockets(from)) ? sockets(to) + word.slice(sockets(from).length) : word;
    })
    .join("");
}

function isAt(url: string, origin: string): boolean {
  return url === origin || url.startsWith(`${origin}/`) || url.startsWith(`${origin};`);
}

/** Removes the cookie's domain and attributes that do not work over plain HTTP; names such as `__Host-` stay, as they require them. */
function ownCookie(line: string): string {
  const bound = /^__(host|secure)-/i.test(line);
  return line
    .split(";")
    .filter(
      (part, at) => at === 0 || !(/^\s*domain\s*=/i.test(part) || (!bound && /^\s*secure\s*$/i.test(part))),
    )
    .map((part) => (bound ? part : part.replace(/^(\s*samesite\s*=\s*)none\s*$/i, "$1Lax")))
    .join(";");
}
