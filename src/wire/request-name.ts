// How a request is named in messages: its method and URL, without what may hold a secret.

/** Such as `POST https://api.example.com/auth/login`: no query, no user info, no fragment. */
export function requestName(method: string, url: string): string {
  try {
    const { protocol, host, pathname } = new URL(url);
    return `${method} ${protocol}//${host}${pathname}`;
  } catch {
    return method;
  }
}
