// Pings spread over time: each user once in its interval, never all at once.
import type { VirtualUser } from "../session/virtual-user.js";

/** @returns a function to be called every `tickUs`, which pings the share of users whose turn it is */
export function createPinger(
  users: readonly VirtualUser[],
  pingUs: number,
  tickUs: number,
): (nowUs: number) => void {
  let cursor = 0;
  return (nowUs) => {
    const from = Math.floor(cursor);
    cursor += (users.length * tickUs) / pingUs;
    for (let i = from; i < Math.floor(cursor); i++) users[i % users.length]?.channel.tick(nowUs);
    if (cursor > users.length && users.length > 0) cursor %= users.length;
  };
}
