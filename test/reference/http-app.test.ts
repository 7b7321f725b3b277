// The HTTP application of the reference backend: routes, parameters, bounds of a body, and what becomes of errors.
import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { HttpApp, type HttpRequest } from "../../src/reference/http/app.js";
import { HttpError } from "../../src/reference/http/errors.js";
import { Reply } from "../../src/reference/http/reply.js";

const BODY_BYTES = 1000;
const failures: (readonly [string, string | undefined])[] = [];
const seen: HttpRequest[] = [];

const app = new HttpApp({
  bodyBytes: BODY_BYTES,
  jsonDepth: 3,
  before: (_url, { "x-closed": closed }) => {
    if (closed) throw new HttpError(401, "closed");
  },
  failed(error, route) {
    failures.push([String(error), route]);
    return new Reply(error instanceof HttpError ? error.status : 500, { detail: String(error) });
  },
});
app.get("/items/:id/parts", (request) => {
  seen.push(request);
  return { id: request.params.id };
});
app.post("/items", ({ body }) => ({ body }));
app.delete("/items/:id", () => new Reply(202, "gone", "text/plain"));
app.get("/broken", () => Promise.reject(new Error("a secret of the house")));

let url: string;
let port: number;
beforeAll(async () => {
  await app.listen(0, "127.0.0.1");
  ({ port } = app.server.address() as { readonly port: number });
  url = `http://127.0.0.1:${port}`;
});
afterAll(() => app.close());
beforeEach(() => {
  failures.length = 0;
  seen.length = 0;
});

const post = (body: string | ReadableStream, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${url}/items`, { method: "POST", body, headers, duplex: "half" } as RequestInit);

describe("a route", () => {
  it("gets the decoded parts of its path, and every value of its query", async () => {
    const answer = await fetch(`${url}/items/a%2Fb%20c/parts?x=1&y=2&x=3&z`);
    expect([answer.status, await answer.json()]).toEqual([200, { id: "a/b c" }]);
    expect(answer.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(seen[0]?.query).toEqual({ x: ["1", "3"], y: "2", z: "" });
  });

  it.each([
    ["GET", "/items"],
    ["PUT", "/items"],
    ["GET", "/items//parts"],
    ["GET", "/items/a/parts/"],
    ["GET", "/"],
  ])("is not hit by %s %s", async (method, path) => {
    expect((await fetch(url + path, { method })).status).toBe(404);
    expect(failures[0]?.[1]).toBeUndefined();
  });

  it("answers HEAD as GET, without a body", async () => {
    const answer = await fetch(`${url}/items/a/parts`, { method: "HEAD" });
    expect([answer.status, await answer.text(), answer.headers.get("content-length")]).toEqual([
      200,
      "",
      "10",
    ]);
  });

  it("may answer with a status and a type of its own", async () => {
    const answer = await fetch(`${url}/items/a`, { method: "DELETE" });
    expect([answer.status, await answer.text(), answer.headers.get("content-type")]).toEqual([
      202,
      "gone",
      "text/plain",
    ]);
  });

  it("refuses a path that is not encoded as it has to be", async () => {
    expect((await fetch(`${url}/items/%E0%A4%A/parts`)).status).toBe(400);
  });
});

describe("a body", () => {
  it("is parsed, up to the largest one, and absent if there is none", async () => {
    const most = JSON.stringify("x".repeat(BODY_BYTES - 2));
    expect(await (await post(most)).json()).toEqual({ body: JSON.parse(most) });
    expect(await (await fetch(`${url}/items`, { method: "POST" })).json()).toEqual({});
  });

  it("is refused if it is larger, whether it says so or not", async () => {
    const large = JSON.stringify("x".repeat(BODY_BYTES - 1));
    expect((await post(large)).status).toBe(413);
    expect((await post(new Blob([large]).stream())).status).toBe(413);
  });

  it("is refused if it is no JSON, or nested too deep", async () => {
    expect((await post("{oops")).status).toBe(400);
    expect((await post("[[[1]]]")).status).toBe(200);
    expect((await post("[[[[1]]]]")).status).toBe(422);
  });

  it("that is never read whole spoils no request after it", async () => {
    const refused = await post(JSON.stringify("x".repeat(500)), { "x-closed": "1" });
    expect(refused.status).toBe(401);
    expect((await post("1")).status).toBe(200);
  });

  it("that breaks off is no failure of the service", async () => {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    socket.write("POST /items HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{");
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    await expect.poll(() => failures.map(([text]) => text)).toEqual(["HttpError: the body is incomplete"]);
  });
});

it("an error is answered by the one place for errors, which hears of the route and not of the path", async () => {
  const answer = await fetch(`${url}/broken?token=abc`);
  expect(answer.status).toBe(500);
  expect(failures).toEqual([["Error: a secret of the house", "/broken"]]);
});
