// A trace of requests, in its forms.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pacerOf } from "../../../src/load/pacer.js";
import { MAX_ROWS, readTrace, type TraceSpan } from "../../../src/scenarios/replay/trace.js";
import type { ArrivalsLoad } from "../../../src/scenarios/scenario.js";
import { fileWith, loadOne, problemsOf } from "../load.fixture.js";

const SECOND = 1_000_000;
const WHOLE: TraceSpan = { speed: 1, holdUs: 1000 * SECOND };
const read = (content: string, span: TraceSpan = WHOLE) => readTrace(content, "trace", span);
const problems = (content: string) =>
  read(content).problems.map(({ place, message }) => `${"line" in place ? place.line : "?"}: ${message}`);

const MOONCAKE = `{"timestamp": 27482, "input_length": 6955, "output_length": 52, "hash_ids": [46, 47]}
{"timestamp": 27482, "input_length": 30, "output_length": 800, "hash_ids": [0]}
{"timestamp": 30535.5, "input_length": 6472, "output_length": 26, "hash_ids": [46, 2353]}
`;
const BURST = `Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type
5,ChatGPT,472,18,490,Conversation log
45.5,ChatGPT,1087,230,1317,Conversation log
118,GPT-4,417,0,417,API log
`;

describe("a trace", () => {
  it("of Mooncake has milliseconds, from its first row on", () => {
    expect(read(MOONCAKE)).toEqual({
      atUs: [0, 0, 3_053_500],
      inputTokens: [6955, 30, 6472],
      outputTokens: [52, 800, 26],
      problems: [],
    });
    const csv = "timestamp,input_length,output_length\n1000,20,3\n1500,40,9\n";
    expect(read(csv)).toEqual({
      ...{ atUs: [0, 500_000], inputTokens: [20, 40], outputTokens: [3, 9] },
      problems: [],
    });
    const without = "timestamp,input_length\n1000,20\n1500,40\n";
    expect(read(without).outputTokens).toEqual([null, null]);
  });

  it("of BurstGPT has seconds, in columns of any order", () => {
    const wanted = {
      atUs: [0, 40.5 * SECOND, 113 * SECOND],
      inputTokens: [472, 1087, 417],
      outputTokens: [18, 230, null],
      problems: [],
    };
    expect(read(BURST)).toEqual(wanted);
    const turned = BURST.split("\n")
      .filter((line) => line !== "")
      .map((line) => line.split(",").reverse().join(","))
      .join("\r\n");
    expect(read(`\uFEFF${turned}`)).toEqual(wanted);
  });

  it("is replayed at its speed, up to the end of the hold", () => {
    expect(read(BURST, { speed: 2, holdUs: 1000 * SECOND }).atUs).toEqual([0, 20_250_000, 56_500_000]);
    expect(read(BURST, { speed: 0.5, holdUs: 1000 * SECOND }).atUs).toEqual([0, 81_000_000, 226_000_000]);
    expect(read(BURST, { speed: 1, holdUs: 113 * SECOND }).atUs).toHaveLength(2);
    expect(read(BURST, { speed: 1, holdUs: 113 * SECOND + 1 }).atUs).toHaveLength(3);
  });

  it("may not go back in time, and tells each row that does", () => {
    expect(problems("timestamp,input_length\n10,1\n9,1\n10,1\n3,1\n")).toEqual([
      "3: goes back in time: 9 comes after 10",
      "5: goes back in time: 3 comes after 10",
    ]);
    expect(problems('{"timestamp": 5, "input_length": 1}\n{"timestamp": 4, "input_length": 1}')).toEqual([
      "2: goes back in time: 4 comes after 5",
    ]);
  });

  it("is told with its rows if it is wrong", () => {
    expect(problems("when,size\n1,2\n")[0]).toMatch(/^1: the first line must name the columns `timestamp`/);
    expect(problems("timestamp,input_length\nsoon,1\n1,\n2,1.5\n-1,1\n3,99999999999\n4\n")).toEqual([
      "2: the timestamp is no number, expected a number, 0 or more",
      "3: the input length is missing, expected whole tokens, 0 or more",
      "4: the input length is 1.5, expected whole tokens, 0 or more",
      "5: the timestamp is -1, expected a number, 0 or more",
      "6: the input length is 99999999999, expected whole tokens, 0 or more",
      "7: the input length is missing, expected whole tokens, 0 or more",
    ]);
    expect(problems('{"timestamp": "5", "input_length": 1}\nnull\n{')).toEqual([
      "1: the timestamp is `5`, expected a number, 0 or more",
      "2: the timestamp is missing, expected a number, 0 or more",
      "3: is not valid JSON",
    ]);
    expect(problems('timestamp,input_length\n1,"2\n')[0]).toMatch(/a quote is not closed/);
    expect(problems("timestamp,input_length\n")).toEqual(["1: holds no request"]);
    expect(problems("")).toEqual(["1: holds no request"]);
  });

  it("is bounded, and what comes behind the hold does not count", () => {
    const rows = "5,1\n".repeat(MAX_ROWS + 1);
    const { atUs, problems: many } = read(`timestamp,input_length\n${rows}`);
    expect(atUs).toHaveLength(MAX_ROWS);
    expect(many).toMatchObject([{ message: "has more than 500,000 requests within the hold" }]);
    expect(read(`timestamp,input_length\n1,1\n9000000,1\nnonsense\n`).problems).toEqual([]);
  });

  it("starts every row once and in order, for any number of workers", () => {
    const gaps = fc.array(fc.nat(5000), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(
        gaps,
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom(0.5, 1, 2, 7),
        (drawn, workers, speed) => {
          let now = 0;
          const times = drawn.map((gap) => {
            now += gap;
            return now;
          });
          const content = times.map((timestamp) => JSON.stringify({ timestamp, input_length: 1 })).join("\n");
          const { atUs, inputTokens, outputTokens } = read(content, { speed, holdUs: 1e12 });
          const load: ArrivalsLoad = {
            kind: "arrivals",
            sessions: 1,
            joinUs: 0,
            stages: [{ rate: 1, rampUs: 0, holdUs: 1e12 }],
            trace: { file: "t", speed, atUs, inputTokens, outputTokens },
          };
          const starts = Array.from({ length: workers }, (_, worker) => {
            const pacer = pacerOf(load, 1, worker, workers);
            const own = [];
            for (let start = pacer.next(); start; start = pacer.next()) own.push(start);
            return own;
          }).flat();
          starts.sort((a, b) => a.number - b.number);
          const wanted = times.map((ms) => Math.floor(((ms - (times[0] ?? 0)) * 1000) / speed));
          expect(starts).toEqual(wanted.map((us, number) => ({ atUs: us, number })));
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("the load of a trace", () => {
  const JOURNEY = "[connect, loop: [send: { prompt: mix }]]";
  const files = { "trace.csv": BURST };
  const text = (load: string) => fileWith(`load: ${load}`, { journey: JOURNEY });

  it("has its starts, at the speed of the file or of the command line, and their mean rate", () => {
    const written = text("{ trace: trace.csv, sessions: 30, hold: 100s, speed: 2x }");
    expect(loadOne(written, { files }).load).toEqual({
      kind: "arrivals",
      sessions: 30,
      joinUs: 1_000_000,
      stages: [{ rate: 108_000, rampUs: 0, holdUs: 100 * SECOND }],
      trace: {
        file: "trace.csv",
        speed: 2,
        atUs: [0, 20_250_000, 56_500_000],
        inputTokens: [472, 1087, 417],
        outputTokens: [18, 230, null],
      },
    });
    const overrides = { speed: "4x" };
    expect(loadOne(written, { files, overrides }).load).toMatchObject({ trace: { speed: 4 } });
    expect(loadOne(text("{ trace: trace.csv, sessions: 30, hold: 9s }"), { files }).load).toMatchObject({
      trace: { speed: 1, atUs: [0] },
    });
  });

  it("is told of what is wrong with it, and with the file, each with its place", () => {
    const wrong = (load: string, own: Record<string, string> = files) =>
      problemsOf(text(load), { files: own });
    expect(wrong("{ trace: trace.csv, sessions: 30, hold: 9s, speed: fast }")).toEqual([
      expect.stringMatching(/load\.speed: expected how many times as fast, such as 2x, got `fast`/),
    ]);
    expect(wrong("{ trace: trace.csv, sessions: 30, hold: 9s, speed: 0 }")[0]).toMatch(
      /from 0\.001x to 1000x/,
    );
    expect(wrong("{ trace: none.csv, sessions: 30, hold: 9s }")[0]).toMatch(
      /load\.trace: cannot read none\.csv: ENOENT: no such file/,
    );
    const back = { "trace.csv": "timestamp,input_length\n10,1\n9,1\n" };
    expect(wrong("{ trace: trace.csv, sessions: 30, hold: 9s }", back)).toEqual([
      "trace.csv:3:1: goes back in time: 9 comes after 10 | sort the rows by time",
    ]);
    const overrides = { speed: "2x" };
    expect(problemsOf(text("{ users: 3, hold: 9s }"), { overrides })[0]).toMatch(/--speed/);
  });

  it("replaces the load of the scenario that it extends", () => {
    const parent = text("{ arrivals: 5/s, sessions: 30, hold: 9s, burstiness: 1 }");
    const child = `${parent}  o: { extends: s, load: { trace: trace.csv, sessions: 3, hold: 9s } }\n`;
    expect(loadOne(child, { files, selection: { names: ["o"] } }).load).toMatchObject({
      sessions: 3,
      trace: { file: "trace.csv" },
    });
  });
});
