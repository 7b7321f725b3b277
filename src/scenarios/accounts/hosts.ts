// Which hosts are this machine, and which others a run may load.

/** Whether the URL's host can only be this machine. A name that resolves to it does not count. */
export function isLoopback(url: string): boolean {
  const host = hostOf(url);
  if (host === undefined) return false;
  return (
    host === "localhost" ||
    host.endsWith(".localhost") ||
    /^127\.\d+\.\d+\.\d+$/.test(host) ||
    host === "[::1]" ||
    host.startsWith("[::ffff:7f")
  );
}

/** The same for an address to listen on, such as `::1`. */
export function isLoopbackAddress(address: string): boolean {
  return isLoopback(`http://${address.includes(":") ? `[${address}]` : address}`);
}

/** Host name without the port, in lower case; `undefined` if the text is not a URL. */
export function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname.toLowerCase() : undefined;
}

export function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
