// Spreads pings over time: each user is pinged once per interval, never all at once.
import type { VirtualUser } from "../../session/user/virtual-user.js";

/** Enough pings per second for `socket.rtt`; beyond that, only channels that would fall silent are pinged. */
const SAMPLES_PER_SECOND = 200;

/**
 * @returns a function to call often, which visits the users due since its last call: by the clock and not by the number of
 *   calls, because a busy process makes fewer of them
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
