// Pings spread over time: each user is visited once in its interval, never all at once.
import type { VirtualUser } from "../../session/user/virtual-user.js";

/** Pings a second that are plenty for `socket.rtt`; beyond them only channels are pinged that would fall silent. */
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
    // After a stall everybody once, and not once for each interval that was missed.
    due += Math.min(users.length, (users.length * (nowUs - (lastUs ?? nowUs))) / pingUs);
    lastUs = nowUs;
    const every = Math.max(1, Math.ceil((users.length * 1_000_000) / pingUs / SAMPLES_PER_SECOND));
    for (; visited < Math.floor(due); visited++) {
      // Another part of the users in each lap, so that each is sampled in its turn.
      const lap = Math.floor(visited / users.length);
      users[visited % users.length]?.channel.tick(nowUs, (visited + lap) % every === 0);
    }
  };
}
