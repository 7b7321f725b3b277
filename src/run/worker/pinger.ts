// Spreads pings over time: each user is pinged once per interval, never all at once.
import type { VirtualUser } from "../../session/user/virtual-user.js";

/** Pings per second that are plenty for `socket.rtt`; beyond that, only channels that would fall silent are pinged. */
const SAMPLES_PER_SECOND = 200;

/**
 * @returns a function to be called often, which visits the users whose time has come since it was last called: by the
 *   clock and not by its calls, because a busy process makes fewer of them
 */
export function createPinger(
  users: readonly { readonly channel: Pick<VirtualUser["channel"], "tick"> }[],
  pingUs: number,
): (nowUs: number) => void {
  let due = 0;
  let visited = 0;
  let lastUs: number | undefined;
  return (nowUs) => {
    // After a stall, ping each user once, not once for every interval missed.
    due += Math.min(users.length, (users.length * (nowUs - (lastUs ?? nowUs))) / pingUs);
    lastUs = nowUs;
    const every = Math.max(1, Math.ceil((users.length * 1_000_000) / pingUs / SAMPLES_PER_SECOND));
    for (; visited < Math.floor(due); visited++) {
      // A different part of the users in each round, so that all are sampled eventually.
      const lap = Math.floor(visited / users.length);
      users[visited % users.length]?.channel.tick(nowUs, (visited + lap) % every === 0);
    }
  };
}
