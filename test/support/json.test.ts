// JSON of services: ids of 64 bits keep their digits, and everything else reads as JSON.parse reads it.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJson } from "../../src/support/json.js";

describe("JSON of services", () => {
  it("keeps every digit of whole numbers that a double cannot hold", () => {
    expect(parseJson('{"id":1791045823475712001,"next":[1791045823475712002,-9007199254740993]}')).toEqual({
      id: "1791045823475712001",
      next: ["1791045823475712002", "-9007199254740993"],
    });
    expect(parseJson("1791045823475712001")).toBe("1791045823475712001");
  });

  it("leaves numbers as numbers if a double holds them", () => {
    const text = '{"us":1791045823475712,"most":9007199254740991,"wide":12345678901234567.5,"huge":1e30}';
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  it("does not touch digits inside texts and keys, whatever is escaped before them", () => {
    const text =
      '{"a\\"1791045823475712001":"\\\\",":1791045823475712001":"id:1791045823475712001\\"","n":2}';
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  it("reads any other JSON as JSON.parse does, and refuses what that refuses", () => {
    const long = (value: unknown): boolean =>
      typeof value === "number" &&
      Number.isInteger(value) &&
      !Number.isSafeInteger(value) &&
      !/e/.test(`${value}`);
    fc.assert(
      fc.property(fc.json(), (text) => {
        const read: unknown = JSON.parse(text, (_key, value: unknown) =>
          long(value) ? String(value) : value,
        );
        expect(parseJson(text)).toEqual(read);
      }),
    );
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        const text = JSON.stringify([number]);
        expect(parseJson(text)).toEqual(long(number) ? [String(number)] : [JSON.parse(text)[0]]);
      }),
    );
    for (const text of ["", "{", '{"id":1791045823475712001', "[1791045823475712001,]"])
      expect(() => parseJson(text)).toThrow(SyntaxError);
  });

  it("distinguishes any two 64-bit ids", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n }), (id) => {
        expect(parseJson(`{"id": ${id}}`)).toEqual({ id: String(id) });
      }),
    );
  });

  it("takes time in proportion to the text, also of one made of backslashes and quotes", () => {
    const text = JSON.stringify({ id: 1, text: '\\"'.repeat(200_000) }).replace(
      '"id":1',
      '"id":1791045823475712001',
    );
    const begun = process.cpuUsage().user;
    expect(parseJson(text)).toMatchObject({ id: "1791045823475712001" });
    expect(process.cpuUsage().user - begun).toBeLessThan(2_000_000);
  });

  it("keeps the digits of long numbers wherever in the text they stand", () => {
    const digits = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 13, maxLength: 22 });
    fc.assert(
      fc.property(fc.nat(70), digits, fc.boolean(), (before, figures, negative) => {
        const number = `${negative ? "-" : ""}${figures.join("")}`;
        const text = `{"pad":"${"x".repeat(before)}","n":${number},"s":"${figures.join("")}"}`;
        const safe = Number.isSafeInteger(Number(number));
        const read = { pad: "x".repeat(before), n: safe ? Number(number) : number, s: figures.join("") };
        expect(parseJson(text)).toEqual(read);
      }),
      { numRuns: 1000 },
    );
  });
});
