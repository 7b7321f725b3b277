// The fault proxy: forwards TCP connections to one address, under conditions that can change at any time.
import { createServer, Socket } from "node:net";
import { listen } from "../../support/listen.js";
import { type Random, randomFrom } from "../../support/random.js";
import { CLEAR, conditionsAfter, type NetworkConditions, type NetworkOrder } from "./conditions.js";
import { Pipe } from "./pipe.js";

export interface Upstream {
  readonly host: string;
  readonly port: number;
}

export interface FaultProxy {
  readonly port: number;
  /** Obeys at once. @returns number of connections affected */
  obey(order: NetworkOrder): number;
  close(): Promise<void>;
}

interface Link {
  readonly near: Socket;
  readonly far: Socket;
  readonly pipes: readonly Pipe[];
  /** Connects it; still pending if it was opened during a black hole. */
  connect: (() => void) | undefined;
}

/** Listens on a free port of the loopback interface. Rejects if it cannot. */
export async function startFaultProxy(upstream: Upstream, seed: number): Promise<FaultProxy> {
  const links = new Set<Link>();
  const random = randomFrom(seed, "proxy");
  let conditions: NetworkConditions = CLEAR;
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const link = openLink(
      near,
      upstream,
      () => conditions,
      random,
      () => links.delete(link),
    );
    links.add(link);
  });
  const port = await listen(server);
  return {
    port,
    obey(order) {
      if (order.kind === "reset") return resetSome(links, order.share, random);
      conditions = conditionsAfter(conditions, order);
      for (const link of links) {
        if (!conditions.blackhole) link.connect?.();
        for (const pipe of link.pipes) pipe.drain();
      }
      return links.size;
    },
    close() {
      for (const { near, far } of links) {
        near.destroy();
        far.destroy();
      }
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function openLink(
  near: Socket,
  upstream: Upstream,
  conditions: () => NetworkConditions,
  random: Random,
  onGone: () => void,
): Link {
  const far = new Socket({ allowHalfOpen: true });
  near.pause();
  for (const socket of [near, far]) socket.setNoDelay(true);
  const pipes = [new Pipe(near, far, conditions, random), new Pipe(far, near, conditions, random)];
  const end = (): void => {
    for (const pipe of pipes) pipe.stop();
    near.destroy();
    far.destroy();
    onGone();
  };
  // A reset on one side resets the other too: a clean close would be something different.
  const broken = (other: Socket) => (): void => {
    if (!other.destroyed) other.resetAndDestroy();
  };
  near.on("error", broken(far));
  far.on("error", broken(near));
  near.on("close", end);
  far.on("close", end);
  const link: Link = {
    near,
    far,
    pipes,
    connect() {
      link.connect = undefined;
      far.connect(upstream.port, upstream.host, () => {
        for (const pipe of pipes) pipe.drain();
      });
    },
  };
  // A connection into a black hole hangs: it is neither accepted nor refused.
  if (!conditions().blackhole) link.connect?.();
  return link;
}

/** Resets an exact share of the links, rounded, chosen at random. */
function resetSome(links: ReadonlySet<Link>, share: number, random: Random): number {
  const open = [...links];
  const count = Math.round(open.length * share);
  for (let left = count; left > 0; left--) {
    const [link] = open.splice(random.below(open.length), 1);
    link?.near.resetAndDestroy();
    link?.far.resetAndDestroy();
  }
  return count;
}
