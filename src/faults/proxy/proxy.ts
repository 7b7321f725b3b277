// The fault proxy: carries TCP connections to one address, under conditions that can be changed while it does.
import { createServer, Socket } from "node:net";
import { listen } from "../../support/listen.js";
import { type Random, randomFrom } from "../../support/random.js";
import { CLEAR_WAY, conditionsAfter, type WayConditions, type WayOrder } from "./conditions.js";
import { Pipe } from "./pipe.js";

export interface Upstream {
  readonly host: string;
  readonly port: number;
}

export interface FaultProxy {
  readonly port: number;
  /** Obeys at once. @returns connections that it concerned */
  obey(order: WayOrder): number;
  close(): Promise<void>;
}

interface Link {
  readonly near: Socket;
  readonly far: Socket;
  readonly pipes: readonly Pipe[];
  /** Asked for while nothing passed: to be connected when something does again. */
  connect: (() => void) | undefined;
}

/** Listens on a free port of this machine only. Rejects when it cannot. */
export async function startFaultProxy(upstream: Upstream, seed: number): Promise<FaultProxy> {
  const links = new Set<Link>();
  const random = randomFrom(seed, "proxy");
  let conditions: WayConditions = CLEAR_WAY;
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
  conditions: () => WayConditions,
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
  // A reset of one end is a reset of the other: a close in good order would be another story.
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
  // A connection through a black hole hangs: it is neither answered nor refused.
  if (!conditions().blackhole) link.connect?.();
  return link;
}

/** The share of the links that is reset is exact, rounded; which of them is drawn. */
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
