// The cookies of one session (RFC 6265): kept from answers, sent if host, path and scheme match, dropped when they expire.

/** The minimum that browsers must support: more cookies, or longer ones, are not kept. */
const MAX_COOKIES = 50;
const MAX_LENGTH = 4096;

interface Cookie {
  readonly name: string;
  readonly value: string;
  /** Host that set it, or the domain it named. */
  readonly domain: string;
  readonly hostOnly: boolean;
  readonly path: string;
  readonly secure: boolean;
  /** Milliseconds since the epoch; infinite for a session cookie. */
  readonly endsMs: number;
}

export class CookieJar {
  /** By name, domain and path; oldest first. */
  readonly #cookies = new Map<string, Cookie>();
  readonly #nowMs: () => number;
  /** Called with each value that is kept. */
  onValue: ((value: string) => void) | undefined;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /**
   * Keeps what one answer sets: of several lines with one name the last wins, and an expired cookie is removed.
   * @param lines the values of its `Set-Cookie` lines
   */
  keep(url: string, lines: readonly string[]): void {
    for (const line of lines) {
      const cookie = this.#read(new URL(url), line);
      if (!cookie) continue;
      const key = `${cookie.name}\n${cookie.domain}\n${cookie.path}`;
      this.#cookies.delete(key);
      if (cookie.endsMs <= this.#nowMs()) continue;
      this.#cookies.set(key, cookie);
      this.onValue?.(cookie.value);
      const [oldest] = this.#cookies.keys();
      if (this.#cookies.size > MAX_COOKIES && oldest !== undefined) this.#cookies.delete(oldest);
    }
  }

  /** The value of a cookie, for any domain and path; `undefined` if there is none or it is empty. */
  value(name: string): string | undefined {
    const found = [...this.#cookies.values()].findLast(
      (cookie) => cookie.name === name && this.#lives(cookie),
    );
    return found?.value === "" ? undefined : found?.value;
  }

  /** All values kept. */
  values(): readonly string[] {
    return [...this.#cookies.values()].map(({ value }) => value);
  }

  /** The `Cookie` header of a request; `undefined` if none match. Longer paths first. */
  header(url: string): string | undefined {
    const to = new URL(url);
    const found = [...this.#cookies.values()].filter((cookie) => this.#lives(cookie) && goesTo(cookie, to));
    found.sort((a, b) => b.path.length - a.path.length);
    return found.length === 0 ? undefined : found.map(({ name, value }) => `${name}=${value}`).join("; ");
  }

  #lives({ endsMs }: Cookie): boolean {
    return endsMs > this.#nowMs();
  }

  #read(from: URL, line: string): Cookie | undefined {
    const [pair = "", ...attributes] = line.split(";");
    const equals = pair.indexOf("=");
    const name = pair.slice(0, equals).trim();
    const value = pair.slice(equals + 1).trim();
    if (equals < 1 || name === "" || pair.length > MAX_LENGTH) return undefined;
    const given = attributesOf(attributes);
    const domain = (given.get("domain") ?? "").replace(/^\./, "").toLowerCase();
    // A host cannot set cookies for others.
    if (domain !== "" && !isWithin(from.hostname, domain)) return undefined;
    const path = given.get("path") ?? "";
    return {
      name,
      value,
      domain: domain || from.hostname,
      hostOnly: domain === "",
      path: path.startsWith("/") ? path : defaultPath(from.pathname),
      secure: given.has("secure"),
      endsMs: this.#endOf(given),
    };
  }

  /** `Max-Age` takes precedence over `Expires`; unreadable values are ignored. */
  #endOf(given: ReadonlyMap<string, string>): number {
    const age = given.get("max-age") ?? "";
    if (/^-?\d+$/.test(age)) return Number(age) <= 0 ? 0 : this.#nowMs() + Number(age) * 1000;
    const expires = Date.parse(given.get("expires") ?? "");
    return Number.isNaN(expires) ? Number.POSITIVE_INFINITY : expires;
  }
}

function attributesOf(parts: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    parts.map((part) => {
      const [name = "", ...value] = part.split("=");
      return [name.trim().toLowerCase(), value.join("=").trim()] as const;
    }),
  );
}

function goesTo({ domain, hostOnly, path, secure }: Cookie, to: URL): boolean {
  const isSecure = to.protocol === "https:" || to.protocol === "wss:" || isLoopback(to.hostname);
  if (secure && !isSecure) return false;
  if (hostOnly ? to.hostname !== domain : !isWithin(to.hostname, domain)) return false;
  if (to.pathname === path) return true;
  return to.pathname.startsWith(path.endsWith("/") ? path : `${path}/`);
}

/** Browsers consider this machine secure. */
function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || host.startsWith("127.");
}

function isWithin(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}

function defaultPath(path: string): string {
  const end = path.lastIndexOf("/");
  return end <= 0 ? "/" : path.slice(0, end);
}
