// What a scenario's target speaks, opened to be asked what it can do and to decode: it reaches nobody.

import { profileNamed } from "../profiles/index.js";
import type { Protocol } from "../profiles/profile.js";
import type { Scenario } from "../scenarios/scenario.js";
import { UserError } from "../support/errors.js";
import { createHttpClient } from "../wire/http.js";

/** Its HTTP client is closed. Throws a UserError for a profile that there is not. */
export function offlineProtocol({ target }: Scenario): Protocol {
  const profile = profileNamed(target.profile);
  if (!profile) throw new UserError(`no profile named ${target.profile}`);
  const { tls, proxy } = target;
  const http = createHttpClient({
    tls,
    proxy,
    headers: {},
    timeoutUs: 1_000_000,
    connections: 1,
    bodyBytes: 1,
  });
  const protocol = profile.open(target, target.options, http);
  void http.close();
  return protocol;
}
