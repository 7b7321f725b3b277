// Headers on their way through the recorder: each side is told the address that it knows.

export interface Addresses {
  /** Of the recorder, as the client's own request names it: `http://localhost:8099`. */
  readonly here: string;
  /** Origin of the backend. */
  readonly there: string;
}

type Pairs = (readonly [name: string, value: string])[];

/** Of one connection alone (RFC 9110, 7.6.1), and the length of a body whose transfer is the recorder's own. */
const HOP_BY_HOP = /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding)$/i;
const TELLS_ADDRESS = /^(origin|referer)$/i;

/** As node gives them: names and values in turn. */
export function headerPairs(raw: readonly string[]): Pairs {
  return Array.from({ length: Math.floor(raw.length / 2) }, (_, at) => [
    raw[at * 2] ?? "",
    raw[at * 2 + 1] ?? "",
  ]);
}

/** Later ones of a name win, but cookies are joined; names in small letters. */
export function headerMap(pairs: Pairs): Record<string, string> {
  const made: Record<string, string> = {};
  for (const [name, value] of pairs) {
    const key = name.toLowerCase();
    made[key] = key === "cookie" && made[key] !== undefined ? `${made[key]}; ${value}` : value;
  }
  return made;
}

/**
 * A request as the backend would have got it without the recorder. Compression and extensions are not offered, so that
 * what passes can be read.
 * @param upgrade it asks for a socket, and keeps what says so
 */
export function requestHeaders(pairs: Pairs, { here, there }: Addresses, upgrade: boolean): Pairs {
  const kept = pairs.flatMap(([name, value]): Pairs => {
    if (/^(host|accept-encoding|sec-websocket-extensions)$/i.test(name)) return [];
    if (HOP_BY_HOP.test(name) && !(upgrade && /^connection$/i.test(name))) return [];
    return [[name, TELLS_ADDRESS.test(name) ? moved(value, here, there) : value]];
  });
  return [["Host", new URL(there).host], ["Accept-Encoding", "identity"], ...kept];
}

/** An answer as the client understands it: redirects, cookies and permissions are for the recorder's address. */
export function answerHeaders(pairs: Pairs, { here, there }: Addresses, upgrade: boolean): Pairs {
  return pairs.flatMap(([name, value]): Pairs => {
    const key = name.toLowerCase();
    // It would bind this machine's own name to https, for every other service on it.
    if (key === "strict-transport-security") return [];
    if (HOP_BY_HOP.test(key) && !(upgrade && key === "connection")) return [];
    if (key === "set-cookie") return [[name, ownCookie(value)]];
    if (/^(location|content-location|access-control-allow-origin|content-security-policy)$/.test(key))
      return [[name, moved(value, there, here)]];
    return [[name, value]];
  });
}

/** Addresses of the one side as those of the other, for sockets too. */
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

/** Without its domain, and without what plain HTTP forbids it; a name with a prefix stays, since it demands that. */
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
