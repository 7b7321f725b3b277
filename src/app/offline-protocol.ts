// The protocol of a target without sending anything to it.
import { profileNamed } from "../profiles/index.js";
import type { Capabilities, Protocol } from "../profiles/profile.js";
import type { Scenario, Target } from "../scenarios/scenario.js";
import { UserError } from "../support/errors.js";
import { createHttpClient } from "../wire/http/http.js";

/**
 * The protocol of a target, to ask for capabilities and to decode: nothing can be sent, its HTTP client is closed.
 * Throws a `UserError` for an unknown profile.
 */
export function offlineProtocol(target: Target): Protocol {
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

/** Of the profile with this target's options; nothing is sent. */
export function capabilitiesOf({ target }: Pick<Scenario, "target">): Capabilities {
  const protocol = offlineProtocol(target);
  protocol.preflight?.();
  return protocol.capabilities;
}
