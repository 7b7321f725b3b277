// The fault proxy over real sockets: what passes, when, in which pieces, and what both ends are told.
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { CLEAR, conditionsAfter, undoOf } from "../../src/faults/proxy/conditions.js";
import { type FaultProxy, startFaultProxy } from "../../src/faults/proxy/proxy.js";
import { nowUs } from "../../src/support/clock.js";

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

interface Echo {
  readonly proxy: FaultProxy;
  readonly arrivals: Socket[];
  readonly server: Server;
}

/** An echo behind the proxy. */
async function echo(): Promise<Echo> {
  const arrivals: Socket[] = [];
  const server = createServer((socket) => {
    arrivals.push(socket);
    socket.on("error", () => {});
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const proxy = await startFaultProxy({ host: "127.0.0.1", port: (server.address() as AddressInfo).port }, 1);
  open.push(
    () => new Promise((resolve) => server.close(resolve)),
    () => {
      for (const socket of arrivals) socket.destroy();
    },
    () => proxy.close(),
  );
  return { proxy, arrivals, server };
}

interface Client {
  readonly socket: Socket;
  readonly chunks: Buffer[];
  readonly errors: string[];
  text(): string;
}

function client({ proxy }: Echo): Client {
  const socket = connect({ port: proxy.port, host: "127.0.0.1", noDelay: true });
  const chunks: Buffer[] = [];
  const errors: string[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  socket.on("error", (error: NodeJS.ErrnoException) => errors.push(error.code ?? ""));
  open.push(() => socket.destroy());
  return { socket, chunks, errors, text: () => Buffer.concat(chunks).toString() };
}

async function until(holds: () => boolean, ms = 5000): Promise<void> {
  const endUs = nowUs() + ms * 1000;
  while (!holds()) {
    if (nowUs() > endUs) throw new Error("it did not come about");
    await pause(5);
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe("a clear way", () => {
  it("carries every byte in order, and an end as an end", async () => {
    const at = await echo();
    const one = client(at);
    const sent = Array.from({ length: 60_000 }, (_, n) => `${n},`).join("");
    one.socket.end(sent);
    let ended = false;
    one.socket.on("end", () => {
      ended = true;
    });
    await until(() => ended);
    expect(one.text()).toBe(sent);
    expect(one.errors).toEqual([]);
  });

  it("passes on that the target cannot be reached", async () => {
    const at = await echo();
    await new Promise((resolve) => at.server.close(resolve));
    const one = client(at);
    await until(() => one.socket.destroyed);
    expect(one.text()).toBe("");
  });
});

describe("latency", () => {
  it("holds back what is sent, each way, and keeps the order under jitter", async () => {
    const at = await echo();
    const one = client(at);
    one.socket.write("a");
    await until(() => one.text() === "a");
    at.proxy.obey({ kind: "set", conditions: { latencyMs: 150, jitterMs: 60 } });
    const fromUs = nowUs();
    for (const piece of ["1", "2", "3", "4"]) {
      one.socket.write(piece);
      await pause(3);
    }
    await until(() => one.text().length === 5);
    expect(one.text()).toBe("a1234");
    expect(nowUs() - fromUs).toBeGreaterThanOrEqual(300_000);
  });
});

describe("bandwidth", () => {
  it("lets no more bytes pass in a time than it allows", async () => {
    const at = await echo();
    const one = client(at);
    one.socket.write("a");
    await until(() => one.text() === "a");
    at.proxy.obey({ kind: "set", conditions: { bytesPerSecond: 2000 } });
    const fromUs = nowUs();
    one.socket.write("x".repeat(1000));
    await until(() => one.text().length === 1001);
    expect(nowUs() - fromUs).toBeGreaterThanOrEqual(450_000);
  });
});

describe("a black hole", () => {
  it("lets nothing pass, hangs newcomers, tells nobody, and gives back all that it held", async () => {
    const at = await echo();
    const one = client(at);
    one.socket.write("a");
    await until(() => one.text() === "a");
    const order = { kind: "set", conditions: { blackhole: true } } as const;
    at.proxy.obey(order);
    one.socket.write("lost?");
    const late = client(at);
    late.socket.write("hello");
    const gone = client(at);
    await until(() => !gone.socket.connecting);
    gone.socket.destroy();
    await pause(150);
    expect([one.text(), late.text(), at.arrivals.length]).toEqual(["a", "", 1]);
    expect([one.errors, late.errors]).toEqual([[], []]);
    const undo = undoOf(order);
    if (undo) at.proxy.obey(undo);
    await until(() => one.text() === "alost?" && late.text() === "hello");
  });
});

describe("a way that is clear again", () => {
  it.each([
    { latencyMs: 400, jitterMs: 50 },
    { bytesPerSecond: 100 },
    { pieceBytes: 1 },
    { blackhole: true },
  ])("is as it was, although orders travel as JSON, which knows no infinity: %o", (conditions) => {
    const travelled = <T>(order: T): T => JSON.parse(JSON.stringify(order)) as T;
    const order = { kind: "set", conditions } as const;
    const broken = conditionsAfter(CLEAR, travelled(order));
    expect(broken).toEqual({ ...CLEAR, ...conditions });
    const undo = undoOf(order);
    expect(undo && undo.kind !== "reset" && conditionsAfter(broken, travelled(undo))).toEqual(CLEAR);
  });
});

describe("reset", () => {
  it("cuts exactly its share of the connections, at both ends, and nothing else", async () => {
    const at = await echo();
    const all = [client(at), client(at), client(at), client(at)];
    for (const one of all) one.socket.write("a");
    await until(() => all.every((one) => one.text() === "a"));
    const ended: number[] = [];
    for (const [n, socket] of at.arrivals.entries()) socket.on("close", () => ended.push(n));
    expect(at.proxy.obey({ kind: "reset", share: 0.5 })).toBe(2);
    await until(() => all.filter(({ errors }) => errors.includes("ECONNRESET")).length === 2);
    await until(() => ended.length === 2);
    const left = all.filter(({ errors }) => errors.length === 0);
    for (const one of left) one.socket.write("b");
    await until(() => left.every((one) => one.text() === "ab"));
    expect(left).toHaveLength(2);
    expect(undoOf({ kind: "reset", share: 1 })).toBeUndefined();
  });
});

describe("split", () => {
  it("writes in pieces no longer than it says, and loses none", async () => {
    const at = await echo();
    at.proxy.obey({ kind: "set", conditions: { pieceBytes: 3, latencyMs: 0 } });
    const one = client(at);
    const pieces: number[] = [];
    await until(() => at.arrivals.length === 1);
    at.arrivals[0]?.on("data", (chunk: Buffer) => pieces.push(chunk.length));
    one.socket.write("abcdefghij");
    await until(() => one.text() === "abcdefghij");
    expect(pieces.length).toBeGreaterThanOrEqual(3);
    expect(one.text()).toBe("abcdefghij");
  });
});
