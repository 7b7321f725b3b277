// Failed requests are counted by their cause, within bounds.
import { describe, expect, it } from "vitest";
import { FailureTally, mergeFailures, type RequestFailure } from "../../../src/model/log/failed-request.js";

const failure = (fields: Partial<RequestFailure> = {}): RequestFailure => ({
  step: "thread",
  request: "POST http://h/api/threads",
  status: 500,
  closeCode: 0,
  message: "HTTP 500",
  ...fields,
});

describe("failures of requests", () => {
  it("of one cause are counted together, with the users who met it and the first words", () => {
    const tally = new FailureTally();
    tally.add(failure({ message: "HTTP 500: user 1" }), 1, 20.4);
    tally.add(failure({ message: "HTTP 500: user 2" }), 2, 30);
    tally.add(failure({ message: "HTTP 500: user 1" }), 1, 40);
    expect(tally.list()).toEqual([
      {
        step: "thread",
        request: "POST http://h/api/threads",
        status: 500,
        closeCode: 0,
        message: "HTTP 500: user 1",
        count: 3,
        users: 2,
        firstMs: 20,
      },
    ]);
  });

  it("are distinguished by step, request, status, close code and system code, the first cause first", () => {
    const tally = new FailureTally();
    tally.add(failure(), 1, 90);
    tally.add(failure({ step: "login" }), 1, 80);
    tally.add(failure({ request: "GET http://h/x" }), 1, 70);
    tally.add(failure({ status: 503 }), 1, 60);
    tally.add(failure({ closeCode: 1011 }), 1, 50);
    tally.add(failure({ errorCode: "ECONNRESET" }), 1, -5);
    expect(tally.list().map(({ firstMs }) => firstMs)).toEqual([0, 50, 60, 70, 80, 90]);
  });

  it("of the same request for another user's thread are of one cause", () => {
    const tally = new FailureTally();
    for (const id of ["17", "2f1c6f9a-0d6b-4a4f-9a3c-3e2f0a9b1c2d"])
      tally.add(failure({ request: `GET http://h/v1/threads/${id}/messages` }), 1, 0);
    expect(tally.list()).toMatchObject([{ request: "GET http://h/v1/threads/{id}/messages", count: 2 }]);
  });

  it("of more causes than are kept do not fill the memory", () => {
    const tally = new FailureTally();
    for (let status = 0; status < 1000; status++)
      tally.add(failure({ status, message: "x".repeat(9999) }), 1, 0);
    expect(tally.list()).toHaveLength(50);
    expect(tally.list()[0]?.message).toHaveLength(200);
  });

  it("of turns are told apart by the words of their error, whose numbers and ids may differ, within a bound", () => {
    const words = (message: string) => failure({ step: "turn", request: undefined, status: 0, message });
    const tally = new FailureTally();
    tally.add(words("model overloaded (request req_8f3a of user 7)"), 7, 20);
    tally.add(words("model overloaded (request req_99b0 of user 8)"), 8, 10);
    tally.add(words("context window exceeded"), 7, 30);
    expect(tally.list()).toMatchObject([
      { step: "turn", message: "model overloaded (request req_8f3a of user 7)", count: 2, users: 2 },
      { step: "turn", message: "context window exceeded", count: 1, users: 1 },
    ]);
    for (let one = 0; one < 500; one++) tally.add(words(`words ${"ab".repeat(one)}`), 1, 40);
    tally.add(failure(), 1, 50);
    expect(tally.list()).toHaveLength(11);
    expect(tally.list().at(-1)).toMatchObject({ step: "thread", status: 500 });
  });

  it("of several workers add up, since their users are different ones", () => {
    const [one, other] = [new FailureTally(), new FailureTally()];
    one.add(failure(), 0, 500);
    other.add(failure(), 1, 100);
    other.add(failure({ status: 429 }), 1, 300);
    expect(mergeFailures([one.list(), other.list()])).toMatchObject([
      { status: 500, count: 2, users: 2, firstMs: 100 },
      { status: 429, count: 1, users: 1, firstMs: 300 },
    ]);
    expect(mergeFailures([])).toEqual([]);
  });
});
