// Upgrades through an HTTP proxy: CONNECT, for both plain and secure sockets.
import type { Agent } from "node:http";
import { HttpsProxyAgent } from "https-proxy-agent";

const agents = new Map<string, Agent>();

/** One agent per proxy and process. `proxy` is a URL, possibly with user and password. */
export function proxyAgent(proxy: string): Agent {
  let agent = agents.get(proxy);
  if (!agent) {
    agent = new HttpsProxyAgent(proxy) as unknown as Agent;
    agents.set(proxy, agent);
  }
  return agent;
}
